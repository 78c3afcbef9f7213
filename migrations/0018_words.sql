-- The words that contacts are found by, in one tree instead of three: bringing many contacts in wrote more of them than of everything
-- else. Who changes or goes is found by their old words no more before it, while the view still has them.
DROP TRIGGER contacts_are_found_by_their_words;
DROP TRIGGER contacts_are_found_by_their_new_words;
DROP TABLE contact_words;
CREATE TABLE contact_words (
    account_id TEXT NOT NULL,
    word TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (account_id, word, contact_id)
) WITHOUT ROWID;
INSERT OR IGNORE INTO contact_words (account_id, word, contact_id) SELECT account_id, word, contact_id FROM words_of_contacts;
CREATE TRIGGER contacts_are_found_by_their_words AFTER INSERT ON contacts
BEGIN
    INSERT OR IGNORE INTO contact_words (account_id, word, contact_id)
        SELECT account_id, word, contact_id FROM words_of_contacts WHERE contact_id = NEW.id;
END;
CREATE TRIGGER contacts_are_found_by_old_words_no_more BEFORE UPDATE OF search_text, account_id ON contacts
WHEN NEW.search_text <> OLD.search_text OR NEW.account_id <> OLD.account_id
BEGIN
    DELETE FROM contact_words WHERE account_id = OLD.account_id AND contact_id = OLD.id
        AND word IN (SELECT word FROM words_of_contacts WHERE contact_id = OLD.id);
END;
CREATE TRIGGER contacts_are_found_by_their_new_words AFTER UPDATE OF search_text, account_id ON contacts
WHEN NEW.search_text <> OLD.search_text OR NEW.account_id <> OLD.account_id
BEGIN
    INSERT OR IGNORE INTO contact_words (account_id, word, contact_id)
        SELECT account_id, word, contact_id FROM words_of_contacts WHERE contact_id = NEW.id;
END;
CREATE TRIGGER contacts_are_found_by_words_no_more BEFORE DELETE ON contacts
BEGIN
    DELETE FROM contact_words WHERE account_id = OLD.account_id AND contact_id = OLD.id
        AND word IN (SELECT word FROM words_of_contacts WHERE contact_id = OLD.id);
END;
