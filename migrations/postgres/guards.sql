-- For PostgreSQL: what the triggers of ../0004_safety.sql and ../0006_guards.sql guarantee, under their names. Part of its first migration
-- once there is a second arm in src/platform/db; until then nothing reads this file but a test that compares the names.

-- Exactly one owner: an account names its owner's contact.
CREATE FUNCTION accounts_begin_with_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account has an owner';
END $$;
CREATE TRIGGER accounts_begin_with_an_owner BEFORE INSERT ON accounts
    FOR EACH ROW WHEN (NEW.owner_id IS NULL) EXECUTE FUNCTION accounts_begin_with_an_owner();
CREATE TRIGGER accounts_keep_an_owner BEFORE UPDATE OF owner_id ON accounts
    FOR EACH ROW WHEN (NEW.owner_id IS NULL) EXECUTE FUNCTION accounts_begin_with_an_owner();

CREATE FUNCTION accounts_are_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contacts SET is_owner = FALSE WHERE id = OLD.owner_id;
    UPDATE contacts SET is_owner = TRUE WHERE id = NEW.owner_id AND account_id = NEW.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the new owner is no contact of the account';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_are_handed_over AFTER UPDATE OF owner_id ON accounts
    FOR EACH ROW WHEN (NEW.owner_id <> OLD.owner_id) EXECUTE FUNCTION accounts_are_handed_over();

CREATE FUNCTION contacts_own_as_the_account_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_owner <> (NEW.id = (SELECT owner_id FROM accounts WHERE id = NEW.account_id)) THEN
        RAISE EXCEPTION 'the account names its owner';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contacts_begin_as_the_account_says BEFORE INSERT ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_own_as_the_account_says();
CREATE TRIGGER contacts_own_as_the_account_says BEFORE UPDATE OF is_owner, account_id ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_own_as_the_account_says();

CREATE FUNCTION owners_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the owner stays until the account is handed over';
END $$;
CREATE TRIGGER owners_stay BEFORE DELETE ON contacts
    FOR EACH ROW WHEN (OLD.is_owner) EXECUTE FUNCTION owners_stay();

-- The audit trail only grows.
CREATE FUNCTION activity_is_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is not changed';
END $$;
CREATE TRIGGER activity_is_not_changed BEFORE UPDATE ON activity
    FOR EACH ROW EXECUTE FUNCTION activity_is_not_changed();
CREATE TRIGGER activity_is_not_removed BEFORE DELETE ON activity
    FOR EACH ROW EXECUTE FUNCTION activity_is_not_changed();

-- The words that a contact is found by.
CREATE VIEW words_of_contacts AS
    SELECT c.id AS contact_id, c.account_id, w.word
    FROM contacts c, regexp_split_to_table(c.search_text, '[ @._+/,()-]') AS w (word)
    WHERE w.word <> '';
CREATE FUNCTION contacts_are_found_by_their_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM contact_words WHERE contact_id = NEW.id;
    INSERT INTO contact_words (contact_id, word, account_id)
        SELECT contact_id, word, account_id FROM words_of_contacts WHERE contact_id = NEW.id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_are_found_by_their_words AFTER INSERT ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_are_found_by_their_words();
CREATE TRIGGER contacts_are_found_by_their_new_words AFTER UPDATE OF search_text ON contacts
    FOR EACH ROW WHEN (NEW.search_text <> OLD.search_text) EXECUTE FUNCTION contacts_are_found_by_their_words();
