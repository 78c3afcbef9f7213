-- Guards: what strangers can fill up is bounded, what is edited as a form has a version, and accounts with very many contacts are quick.

-- What somebody had typed when their session ended. It is theirs alone: nobody else's browser is shown it. Its size is known, so that all
-- of them together have a limit. Those without a user can be read by nobody.
DROP TABLE drafts;
CREATE TABLE drafts (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    path TEXT NOT NULL,
    fields TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX drafts_by_age ON drafts (expires_at, bytes);
CREATE INDEX drafts_of_user ON drafts (user_id, expires_at);

-- Forms that were done, each written in the transaction of what it changed, so that it is done once. The answer comes after it, sealed
-- with what only the browser knows that sent the form.
CREATE TABLE idempotency_keys (
    key_hash TEXT PRIMARY KEY,
    answer TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- Counts the changes of what its forms edit: a form made from an older one is refused.
ALTER TABLE accounts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- A new main address of an account, until the mail to it was confirmed: at most one.
CREATE TABLE main_address_changes (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    token_hash TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    -- Who asked for it.
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX main_address_changes_by_expiry ON main_address_changes (expires_at);
CREATE INDEX main_address_changes_of_user ON main_address_changes (user_id);

-- An invitation whose time has passed is expired, and no longer pending for anybody.
CREATE TABLE invitations_now (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
    inviter_id TEXT NOT NULL REFERENCES users (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'withdrawn', 'expired')),
    serial BIGINT NOT NULL DEFAULT 1,
    token_hash TEXT NOT NULL UNIQUE,
    copy_hash TEXT NOT NULL UNIQUE,
    days BIGINT NOT NULL,
    resends BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT
);
INSERT INTO invitations_now SELECT id, account_id, contact_id, inviter_id, email, email_key, state, serial, token_hash, copy_hash, days, resends,
    created_at, expires_at, decided_at FROM invitations;
DROP TABLE invitations;
ALTER TABLE invitations_now RENAME TO invitations;
CREATE UNIQUE INDEX invitations_one_pending_per_card ON invitations (contact_id) WHERE state = 'pending';
CREATE INDEX invitations_of_contact ON invitations (contact_id, created_at);
CREATE INDEX invitations_of_address ON invitations (email_key) WHERE state = 'pending';
CREATE INDEX invitations_of_inviter ON invitations (inviter_id);
CREATE INDEX invitations_of_account ON invitations (account_id, created_at);
CREATE INDEX invitations_waiting ON invitations (account_id) WHERE state = 'pending';
CREATE INDEX invitations_by_end ON invitations (expires_at) WHERE state = 'pending';

-- Mail that somebody caused to an address which has not confirmed that it wants any: counted, so that it has a limit.
ALTER TABLE outbox ADD COLUMN counted BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX outbox_counted_to ON outbox (lower(to_email), created_at) WHERE counted;
CREATE INDEX outbox_counted_of_account ON outbox (account_id, created_at) WHERE counted;
CREATE INDEX outbox_counted_of_strangers ON outbox (created_at) WHERE counted AND account_id IS NULL;
CREATE INDEX outbox_counted_of_customers ON outbox (created_at) WHERE counted AND account_id IS NOT NULL;

-- What is removed when its time is over is found by its age.
CREATE INDEX outbox_by_age ON outbox (created_at);
CREATE INDEX outbox_about_logins_by_age ON outbox (created_at) WHERE account_id IS NULL;
CREATE INDEX users_unconfirmed ON users (created_at) WHERE verified_at IS NULL AND deleted_at IS NULL;
CREATE INDEX asks_by_age ON asks (created_at);
CREATE INDEX invitations_decided ON invitations (created_at) WHERE state <> 'pending';

-- When the contact's user last signed in, so that the table can be sorted by it without reading every user.
ALTER TABLE contacts ADD COLUMN signed_in_at BIGINT NOT NULL DEFAULT 0;
UPDATE contacts SET signed_in_at = coalesce((SELECT u.last_sign_in_at FROM users u WHERE u.id = contacts.user_id), 0) WHERE user_id IS NOT NULL;
CREATE INDEX contacts_by_sign_in ON contacts (account_id, signed_in_at, id);

-- The parts of the table of contacts that have a filter, each in the order of names.
CREATE INDEX contacts_active ON contacts (account_id, name_key, id) WHERE status = 'active' AND (user_id IS NOT NULL OR NOT can_log_in);
CREATE INDEX contacts_invited ON contacts (account_id, name_key, id) WHERE status = 'active' AND can_log_in AND user_id IS NULL;
CREATE INDEX contacts_closed ON contacts (account_id, name_key, id) WHERE status = 'closed';
CREATE INDEX contacts_with_login ON contacts (account_id, name_key, id) WHERE status = 'active' AND can_log_in AND user_id IS NOT NULL;

-- Who gets mail of each category.
CREATE INDEX contacts_get_general ON contacts (account_id, name_key, id) WHERE status = 'active' AND instr(mail, 'general') > 0;
CREATE INDEX contacts_get_service ON contacts (account_id, name_key, id) WHERE status = 'active' AND instr(mail, 'service') > 0;
CREATE INDEX contacts_get_domain ON contacts (account_id, name_key, id) WHERE status = 'active' AND instr(mail, 'domain') > 0;
CREATE INDEX contacts_get_invoice ON contacts (account_id, name_key, id) WHERE status = 'active' AND instr(mail, 'invoice') > 0;
CREATE INDEX contacts_get_support ON contacts (account_id, name_key, id) WHERE status = 'active' AND instr(mail, 'support') > 0;
CREATE INDEX contacts_get_newsletter ON contacts (account_id, name_key, id) WHERE status = 'active' AND instr(mail, 'newsletter') > 0;

-- The words that a contact is found by: those of name, company and address. What stands between them is said here only.
CREATE TABLE contact_words (
    contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    word TEXT NOT NULL,
    account_id TEXT NOT NULL,
    PRIMARY KEY (contact_id, word)
);
CREATE INDEX contact_words_of_account ON contact_words (account_id, word, contact_id);
CREATE VIEW words_of_contacts AS SELECT c.id AS contact_id, c.account_id, w.value AS word FROM contacts c, json_each('[' || replace(json_quote(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(c.search_text,
    '@', ' '), '.', ' '), '-', ' '), '_', ' '), '+', ' '), '/', ' '), ',', ' '), '(', ' '), ')', ' ')), ' ', '","') || ']') w WHERE w.value <> '';
INSERT OR IGNORE INTO contact_words (contact_id, word, account_id) SELECT contact_id, word, account_id FROM words_of_contacts;
CREATE TRIGGER contacts_are_found_by_their_words AFTER INSERT ON contacts
BEGIN
    INSERT OR IGNORE INTO contact_words (contact_id, word, account_id) SELECT contact_id, word, account_id FROM words_of_contacts WHERE contact_id = NEW.id;
END;
CREATE TRIGGER contacts_are_found_by_their_new_words AFTER UPDATE OF search_text ON contacts WHEN NEW.search_text <> OLD.search_text
BEGIN
    DELETE FROM contact_words WHERE contact_id = NEW.id;
    INSERT OR IGNORE INTO contact_words (contact_id, word, account_id) SELECT contact_id, word, account_id FROM words_of_contacts WHERE contact_id = NEW.id;
END;
