-- Second factors, sessions and devices, handing accounts over, and the activity trail.

ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT 'en-GB';
ALTER TABLE users ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE users ADD COLUMN date_format TEXT NOT NULL DEFAULT 'day-month-year';
-- True with an authenticator app or a passkey.
ALTER TABLE users ADD COLUMN has_factor BOOLEAN NOT NULL DEFAULT FALSE;
-- The authenticator app: the installation's key makes its secret from this text, so that the database alone reveals none.
ALTER TABLE users ADD COLUMN totp_seed TEXT;
-- Step of the last code that was taken: each code counts once.
ALTER TABLE users ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN totp_since BIGINT;
-- The recovery codes, made in the same way.
ALTER TABLE users ADD COLUMN recovery_seed TEXT;
-- Set when the person deleted their login. The row stays for what it once did, without anything personal.
ALTER TABLE users ADD COLUMN deleted_at BIGINT;

-- Which of a set of recovery codes are used up.
CREATE TABLE recovery_used (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seed TEXT NOT NULL,
    number BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, seed, number)
);

CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- As base64url, and the whole credential with its public key and counter as JSON.
    credential_id TEXT NOT NULL UNIQUE,
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at);

-- Challenges that a passkey has to answer: once, within minutes. Without a user when the passkey is to say who signs in.
CREATE TABLE ceremonies (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ceremonies_of_user ON ceremonies (user_id);
CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_at);

-- Sign-ins whose password was right and whose second factor is awaited.
CREATE TABLE half_sign_ins (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tries BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL
);
CREATE INDEX half_sign_ins_of_user ON half_sign_ins (user_id);
CREATE INDEX half_sign_ins_by_expiry ON half_sign_ins (expires_at);

-- Browsers in which a user has signed in before. Until "remembered_until" they are not asked for the second factor.
CREATE TABLE devices (
    token_hash TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    agent TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    remembered_until BIGINT,
    PRIMARY KEY (user_id, token_hash)
);
CREATE INDEX devices_by_token ON devices (token_hash);
CREATE INDEX devices_by_use ON devices (last_seen_at);

-- What names a session on its user's page, when it was last used, and when its user last proved to be there.
ALTER TABLE sessions ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN last_used_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET id = '0' || substr(lower(hex(randomblob(13))), 1, 25), last_used_at = created_at;

-- "Everybody on this account needs a second factor" (X4).
ALTER TABLE accounts ADD COLUMN needs_factor BOOLEAN NOT NULL DEFAULT FALSE;

-- Exactly one owner: an account names one card, which has to exist when the transaction ends, and the cards say the same.
ALTER TABLE accounts ADD COLUMN owner_id TEXT REFERENCES contacts (id) DEFERRABLE INITIALLY DEFERRED;
UPDATE accounts SET owner_id = (SELECT c.id FROM contacts c WHERE c.account_id = accounts.id AND c.is_owner);
CREATE INDEX accounts_of_owner ON accounts (owner_id);
CREATE TRIGGER accounts_begin_with_an_owner BEFORE INSERT ON accounts WHEN NEW.owner_id IS NULL
BEGIN SELECT RAISE(ABORT, 'an account has an owner'); END;
CREATE TRIGGER accounts_keep_an_owner BEFORE UPDATE OF owner_id ON accounts WHEN NEW.owner_id IS NULL
BEGIN SELECT RAISE(ABORT, 'an account has an owner'); END;
CREATE TRIGGER accounts_are_handed_over AFTER UPDATE OF owner_id ON accounts WHEN NEW.owner_id <> OLD.owner_id
BEGIN
    UPDATE contacts SET is_owner = FALSE WHERE id = OLD.owner_id;
    UPDATE contacts SET is_owner = TRUE WHERE id = NEW.owner_id AND account_id = NEW.id;
    SELECT RAISE(ABORT, 'the new owner is no contact of the account') WHERE NOT EXISTS (SELECT 1 FROM contacts WHERE id = NEW.owner_id AND account_id = NEW.id AND is_owner);
END;
CREATE TRIGGER contacts_begin_as_the_account_says BEFORE INSERT ON contacts
WHEN NEW.is_owner <> (NEW.id = (SELECT owner_id FROM accounts WHERE id = NEW.account_id))
BEGIN SELECT RAISE(ABORT, 'the account names its owner'); END;
CREATE TRIGGER contacts_own_as_the_account_says BEFORE UPDATE OF is_owner, account_id ON contacts
WHEN NEW.is_owner <> (NEW.id = (SELECT owner_id FROM accounts WHERE id = NEW.account_id))
BEGIN SELECT RAISE(ABORT, 'the account names its owner'); END;
CREATE TRIGGER owners_stay BEFORE DELETE ON contacts WHEN OLD.is_owner
BEGIN SELECT RAISE(ABORT, 'the owner stays until the account is handed over'); END;

-- Offers to hand an account over (P7).
CREATE TABLE transfers (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    from_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    to_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'declined', 'withdrawn')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT
);
CREATE UNIQUE INDEX transfers_one_pending ON transfers (account_id) WHERE state = 'pending';
CREATE INDEX transfers_by_end ON transfers (expires_at) WHERE state = 'pending';
CREATE INDEX transfers_of_account ON transfers (account_id);
CREATE INDEX transfers_from ON transfers (from_id);
CREATE INDEX transfers_to ON transfers (to_id);

-- What happened, on an account or to a login: the scope. Nothing in it is ever changed or removed. Each entry holds a code that the
-- installation's key makes from it and from the code before it.
CREATE TABLE activity (
    id TEXT PRIMARY KEY,
    scope_id TEXT NOT NULL,
    serial BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- owner, contact, person, staff, command or program; id of the user, where there is one; name as it was then.
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    -- Address and browser it came from.
    source TEXT NOT NULL,
    agent TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The sentence after the name, and what was before and after, as JSON.
    says TEXT NOT NULL,
    changes TEXT NOT NULL,
    -- Name and sentence in small letters, for the search: SQLite knows only those of English. The code does not cover it.
    search_text TEXT NOT NULL,
    code TEXT NOT NULL
);
CREATE UNIQUE INDEX activity_chain ON activity (scope_id, serial);
CREATE INDEX activity_by_time ON activity (scope_id, at, id);
CREATE INDEX activity_by_actor ON activity (scope_id, actor_id, actor_name);
CREATE TRIGGER activity_is_not_changed BEFORE UPDATE ON activity BEGIN SELECT RAISE(ABORT, 'the trail is not changed'); END;
CREATE TRIGGER activity_is_not_removed BEFORE DELETE ON activity BEGIN SELECT RAISE(ABORT, 'the trail is not removed'); END;

-- Where each trail ends, with a code that the installation's key makes from it, so that a shortened one is noticed; and, with an empty
-- scope, how many trails there are.
CREATE TABLE trails (
    scope_id TEXT PRIMARY KEY,
    serial BIGINT NOT NULL,
    code TEXT NOT NULL
);

-- An account is made together with its owner's card, and SQLite then looks for rows of the new account in every table that has any.
CREATE INDEX asks_of_account ON asks (account_id);
CREATE INDEX previews_of_account ON previews (account_id);

-- Mail about logins to one address, for the limit on it.
CREATE INDEX outbox_to ON outbox (lower(to_email), created_at);
