-- Users, accounts, contacts, invitations, and the mail they cause.
-- Ids are ULIDs as text, times are UTC milliseconds, lists of keys are joined by commas.
-- "…_key" columns hold what comparisons use: e-mail addresses in lowercase, names folded for sorting.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    verified_at BIGINT,
    -- Set between signing up and confirming the address: the company of the account to open then, or empty.
    opens_account TEXT,
    last_account_id TEXT,
    last_sign_in_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Single-use links sent by mail: kind is verify, reset or email (the new address of a change stands in email).
CREATE TABLE mail_links (
    token_hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX mail_links_of_user ON mail_links (user_id, kind);
CREATE INDEX mail_links_by_expiry ON mail_links (expires_at);

-- What somebody had typed when their session ended; shown again after signing in.
CREATE TABLE drafts (
    token_hash TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    fields TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX drafts_by_expiry ON drafts (expires_at);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '',
    street TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    postcode TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed')),
    created_at BIGINT NOT NULL
);

-- One card per person and account. A contact, a sub-account and an invited user differ only in its switches:
-- gets mail (mail), can log in (can_log_in, with user_id once they accepted), may do (permissions).
CREATE TABLE contacts (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    user_id TEXT REFERENCES users (id),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    company TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    phone TEXT NOT NULL,
    street TEXT NOT NULL,
    city TEXT NOT NULL,
    region TEXT NOT NULL,
    postcode TEXT NOT NULL,
    country TEXT NOT NULL,
    name_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed')),
    is_owner BOOLEAN NOT NULL DEFAULT FALSE,
    can_log_in BOOLEAN NOT NULL DEFAULT FALSE,
    permissions TEXT NOT NULL DEFAULT '',
    mail TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (NOT is_owner OR (status = 'active' AND can_log_in AND user_id IS NOT NULL))
);
CREATE UNIQUE INDEX contacts_one_card_per_address ON contacts (account_id, email_key);
CREATE UNIQUE INDEX contacts_one_card_per_user ON contacts (account_id, user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX contacts_one_owner ON contacts (account_id) WHERE is_owner;
CREATE INDEX contacts_by_name ON contacts (account_id, name_key, id);
CREATE INDEX contacts_of_user ON contacts (user_id) WHERE user_id IS NOT NULL;

-- An offer to link a user to a card. Expired is a pending one whose time has passed.
-- Of each link only the SHA-256 is kept: token_hash for the mailed one, which proves the address, and copy_hash for the one
-- that the inviter may copy, which proves nothing.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
    inviter_id TEXT NOT NULL REFERENCES users (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'withdrawn')),
    serial BIGINT NOT NULL DEFAULT 1,
    token_hash TEXT NOT NULL UNIQUE,
    copy_hash TEXT NOT NULL UNIQUE,
    days BIGINT NOT NULL,
    resends BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT
);
CREATE UNIQUE INDEX invitations_one_pending_per_card ON invitations (contact_id) WHERE state = 'pending';
CREATE INDEX invitations_of_contact ON invitations (contact_id, created_at);
CREATE INDEX invitations_of_address ON invitations (email_key) WHERE state = 'pending';
CREATE INDEX invitations_of_inviter ON invitations (inviter_id);
CREATE INDEX invitations_of_account ON invitations (account_id, created_at);

-- Mail on its way. Written in the transaction of what caused it, sent after commit. Claimed is what the worker has in hand.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    account_id TEXT REFERENCES accounts (id),
    kind TEXT NOT NULL,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_html TEXT NOT NULL,
    body_text TEXT NOT NULL,
    -- The secret of the link in the bodies, which hold a placeholder for it; forgotten once the message is sent.
    secret TEXT,
    claimed BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_claimed ON outbox (id) WHERE claimed;
CREATE INDEX outbox_of_account ON outbox (account_id, kind, created_at);
