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
    INSERT INTO contact_words (account_id, word, contact_id)
        SELECT account_id, word, contact_id FROM words_of_contacts WHERE contact_id = NEW.id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION contacts_are_found_by_words_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM contact_words WHERE account_id = OLD.account_id AND contact_id = OLD.id
        AND word IN (SELECT word FROM words_of_contacts WHERE contact_id = OLD.id);
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER contacts_are_found_by_their_words AFTER INSERT ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_are_found_by_their_words();
CREATE TRIGGER contacts_are_found_by_old_words_no_more BEFORE UPDATE OF search_text, account_id ON contacts
    FOR EACH ROW WHEN (NEW.search_text <> OLD.search_text OR NEW.account_id <> OLD.account_id)
    EXECUTE FUNCTION contacts_are_found_by_words_no_more();
CREATE TRIGGER contacts_are_found_by_their_new_words AFTER UPDATE OF search_text, account_id ON contacts
    FOR EACH ROW WHEN (NEW.search_text <> OLD.search_text OR NEW.account_id <> OLD.account_id)
    EXECUTE FUNCTION contacts_are_found_by_their_words();
CREATE TRIGGER contacts_are_found_by_words_no_more BEFORE DELETE ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_are_found_by_words_no_more();

-- The search for customers: in place of an FTS5 table, a row of words with an index on it.
CREATE TABLE search_index (id BIGINT PRIMARY KEY REFERENCES search_rows (id) ON DELETE CASCADE, account TSVECTOR, person TSVECTOR, asset TSVECTOR);
CREATE INDEX search_index_by_words ON search_index USING gin ((account || person || asset));
CREATE FUNCTION is_found(of_what TEXT, of_account TEXT, account TEXT, person TEXT, asset TEXT) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_rows (of_id, account_id) VALUES (of_what, of_account)
        ON CONFLICT (of_id) DO UPDATE SET account_id = excluded.account_id;
    INSERT INTO search_index SELECT id, to_tsvector('simple', account), to_tsvector('simple', person), to_tsvector('simple', asset)
        FROM search_rows WHERE of_id = of_what
        ON CONFLICT (id) DO UPDATE SET account = excluded.account, person = excluded.person, asset = excluded.asset;
$$;
CREATE FUNCTION accounts_are_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM is_found(NEW.id, NEW.id, NEW.number || ' ' || NEW.name || ' ' || NEW.email, '', '');
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_are_found AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_are_found();
CREATE TRIGGER accounts_are_found_as_they_are AFTER UPDATE OF name, email ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_are_found();
CREATE FUNCTION contacts_are_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM is_found(NEW.id, NEW.account_id, '', concat_ws(' ', NEW.first_name, NEW.last_name, NEW.company, NEW.email), '');
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_are_found AFTER INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION contacts_are_found();
CREATE TRIGGER contacts_are_found_as_they_are AFTER UPDATE OF first_name, last_name, company, email, account_id ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_are_found();
CREATE FUNCTION contacts_are_found_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_rows WHERE of_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_are_found_no_more AFTER DELETE ON contacts FOR EACH ROW EXECUTE FUNCTION contacts_are_found_no_more();
CREATE TRIGGER domains_are_found_no_more AFTER DELETE ON domains FOR EACH ROW EXECUTE FUNCTION contacts_are_found_no_more();
CREATE FUNCTION services_are_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM is_found(NEW.id, NEW.account_id, '', '', concat_ws(' ', NEW.label, NEW.domain, NEW.login_name));
    RETURN NULL;
END $$;
CREATE TRIGGER services_are_found AFTER INSERT ON services FOR EACH ROW EXECUTE FUNCTION services_are_found();
CREATE TRIGGER services_are_found_as_they_are AFTER UPDATE OF label, domain, login_name, account_id ON services
    FOR EACH ROW EXECUTE FUNCTION services_are_found();
CREATE FUNCTION domains_are_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM is_found(NEW.id, NEW.account_id, '', '', NEW.name);
    RETURN NULL;
END $$;
CREATE TRIGGER domains_are_found AFTER INSERT ON domains FOR EACH ROW EXECUTE FUNCTION domains_are_found();
CREATE TRIGGER domains_are_found_as_they_are AFTER UPDATE OF name, account_id ON domains FOR EACH ROW EXECUTE FUNCTION domains_are_found();

-- How many tickets there are, for the desk.
CREATE FUNCTION tickets_are_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE ticket_counts SET count = count - 1
            WHERE department_id = OLD.department_id AND status = OLD.status AND assigned_id = coalesce(OLD.assigned_id, '');
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO ticket_counts (department_id, status, assigned_id, count)
            VALUES (NEW.department_id, NEW.status, coalesce(NEW.assigned_id, ''), 1)
            ON CONFLICT (department_id, status, assigned_id) DO UPDATE SET count = ticket_counts.count + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_are_counted AFTER INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_are_counted();
CREATE TRIGGER tickets_are_counted_as_they_are AFTER UPDATE OF department_id, status, assigned_id ON tickets
    FOR EACH ROW EXECUTE FUNCTION tickets_are_counted();
CREATE TRIGGER tickets_are_counted_no_more AFTER DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_are_counted();

-- The search in tickets: in place of an FTS5 table, a row of words with an index on it.
CREATE TABLE ticket_index (id BIGINT PRIMARY KEY REFERENCES ticket_rows (id) ON DELETE CASCADE, account TEXT, shown TSVECTOR, staff TSVECTOR);
CREATE INDEX ticket_index_by_words ON ticket_index USING gin ((shown || staff));
CREATE FUNCTION is_found_in_tickets(of_what TEXT, of_ticket TEXT, account TEXT, shown TEXT, staff TEXT) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ticket_rows (of_id, ticket_id) VALUES (of_what, of_ticket)
        ON CONFLICT (of_id) DO UPDATE SET ticket_id = excluded.ticket_id;
    INSERT INTO ticket_index SELECT id, account, to_tsvector('simple', shown), to_tsvector('simple', staff)
        FROM ticket_rows WHERE of_id = of_what
        ON CONFLICT (id) DO UPDATE SET account = excluded.account, shown = excluded.shown, staff = excluded.staff;
$$;
CREATE FUNCTION messages_are_found() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    open BOOLEAN := NEW.kind = 'message' AND NEW.state = 'shown';
    words TEXT := left(NEW.text, 20000);
BEGIN
    PERFORM is_found_in_tickets(NEW.id, NEW.ticket_id, (SELECT account_id FROM tickets WHERE id = NEW.ticket_id),
        CASE WHEN open THEN words ELSE '' END, CASE WHEN open THEN '' ELSE words END);
    RETURN NULL;
END $$;
CREATE TRIGGER messages_are_found AFTER INSERT ON ticket_messages FOR EACH ROW EXECUTE FUNCTION messages_are_found();
CREATE TRIGGER messages_are_found_as_they_are AFTER UPDATE OF text, state, ticket_id ON ticket_messages
    FOR EACH ROW EXECUTE FUNCTION messages_are_found();
CREATE FUNCTION tickets_are_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM is_found_in_tickets(NEW.id, NEW.id, NEW.account_id, NEW.number || ' ' || NEW.subject, '');
    UPDATE ticket_index SET account = NEW.account_id WHERE id IN (SELECT id FROM ticket_rows WHERE ticket_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_are_found AFTER INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_are_found();
CREATE TRIGGER tickets_are_found_on_their_account AFTER UPDATE OF account_id ON tickets
    FOR EACH ROW WHEN (NEW.account_id <> OLD.account_id) EXECUTE FUNCTION tickets_are_found();
CREATE FUNCTION tickets_are_found_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ticket_rows WHERE of_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_are_found_no_more AFTER DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_are_found_no_more();
CREATE TRIGGER messages_are_found_no_more AFTER DELETE ON ticket_messages FOR EACH ROW EXECUTE FUNCTION tickets_are_found_no_more();

-- Invoices (../0015_invoices.sql): what was issued stays, and the ledger is only added to.
CREATE FUNCTION invoices_stay_as_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued invoice stays as it is';
END $$;
CREATE TRIGGER invoices_stay_as_issued BEFORE UPDATE OF kind, serial, number, currency, inclusive, net, tax, rounding, total, payer, seller,
    taxes, note, corrects_id, reason, document, document_size, issued_at, due_at ON invoices
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION invoices_stay_as_issued();
CREATE TRIGGER invoices_keep_their_e_invoice BEFORE UPDATE OF xml ON invoices
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION invoices_stay_as_issued();
CREATE TRIGGER invoices_are_not_undone BEFORE UPDATE OF status ON invoices
    FOR EACH ROW WHEN (OLD.status <> 'draft' AND NEW.status = 'draft') EXECUTE FUNCTION invoices_stay_as_issued();
CREATE TRIGGER invoices_are_kept BEFORE DELETE ON invoices
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION invoices_stay_as_issued();

CREATE FUNCTION invoice_lines_stay_as_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT status FROM invoices WHERE id = COALESCE(OLD.invoice_id, NEW.invoice_id)) <> 'draft' THEN
        RAISE EXCEPTION 'an issued invoice stays as it is';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER invoice_lines_are_added_to_drafts BEFORE INSERT ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION invoice_lines_stay_as_issued();
CREATE TRIGGER invoice_lines_stay_as_issued BEFORE UPDATE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION invoice_lines_stay_as_issued();
CREATE TRIGGER invoice_lines_are_kept BEFORE DELETE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION invoice_lines_stay_as_issued();

CREATE FUNCTION ledger_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to';
END $$;
CREATE TRIGGER ledger_is_only_added_to BEFORE UPDATE OF entry_id, book, amount, currency, invoice_id, payment_id ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_is_only_added_to();
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_is_only_added_to();

-- Revenue by month (../0017_refunds.sql): it adds up what is issued.
CREATE FUNCTION revenue_counts_what_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO revenue (month, currency, net)
    VALUES (EXTRACT(EPOCH FROM date_trunc('month', to_timestamp(NEW.issued_at / 1000) AT TIME ZONE 'UTC'))::BIGINT * 1000, NEW.currency,
        CASE NEW.kind WHEN 'invoice' THEN NEW.net ELSE -NEW.net END)
    ON CONFLICT (month, currency) DO UPDATE SET net = revenue.net + excluded.net;
    RETURN NULL;
END $$;
CREATE TRIGGER revenue_counts_what_is_issued AFTER UPDATE OF issued_at ON invoices
    FOR EACH ROW WHEN (OLD.issued_at IS NULL AND NEW.issued_at IS NOT NULL) EXECUTE FUNCTION revenue_counts_what_is_issued();
