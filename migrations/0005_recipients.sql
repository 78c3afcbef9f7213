-- Who gets which mail: the main address has categories of its own, invoices have a billing contact, and messages know why they were sent.

-- What the main address gets.
ALTER TABLE accounts ADD COLUMN mail TEXT NOT NULL DEFAULT 'general,service,domain';
-- Whom invoices are addressed to; nobody is the main address.
ALTER TABLE accounts ADD COLUMN billing_contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL;
-- Invoice mail goes to the billing contact and nobody else.
ALTER TABLE accounts ADD COLUMN billing_only BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX accounts_of_billing_contact ON accounts (billing_contact_id) WHERE billing_contact_id IS NOT NULL;

-- The category it was sent in, what it belongs to, and whose choice its links lead to: the contact's or the account's id behind a letter.
-- The links themselves are made when it is sent.
ALTER TABLE outbox ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN thread TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN holder TEXT NOT NULL DEFAULT '';
-- What stands for a secret in a body holds a control character from now on: nobody can type it.
UPDATE outbox SET body_html = replace(body_html, '[[the-secret-of-this-link]]', char(1) || 'secret' || char(1)),
    body_text = replace(body_text, '[[the-secret-of-this-link]]', char(1) || 'secret' || char(1));
-- Until when the process that took a message in hand has it. "claimed" stays false from this version on.
ALTER TABLE outbox ADD COLUMN leased_until BIGINT;
-- Subject and recipient in small letters, for the search: SQLite knows only those of English.
ALTER TABLE outbox ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE outbox SET search_text = lower(subject || ' ' || to_name || ' ' || to_email);
-- When it was given up.
ALTER TABLE outbox ADD COLUMN failed_at BIGINT;
CREATE INDEX outbox_leased ON outbox (id) WHERE leased_until IS NOT NULL;
-- Announcements wait until nothing else does.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox ((kind = 'announcement'), due_at, id) WHERE state = 'queued';

-- What was announced: the same key is announced once.
CREATE TABLE announcements (
    name TEXT PRIMARY KEY,
    category TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- SHA-256 of the text.
    text_hash TEXT NOT NULL,
    messages BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE announced (
    name TEXT NOT NULL REFERENCES announcements (name),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (name, account_id)
);
CREATE INDEX announced_of_account ON announced (account_id);
