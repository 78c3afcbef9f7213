-- Staff: users who work for the company that runs the portal. They are contacts of no account.
CREATE TABLE staff (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    permissions TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);

-- An owner who was invited and has no login yet. SQLite has no other way to loosen a CHECK of a table that others refer to.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'status = ''active'' AND can_log_in AND user_id IS NOT NULL', 'status = ''active'' AND can_log_in')
WHERE type = 'table' AND name = 'contacts';
PRAGMA writable_schema = RESET;

-- What staff note about a customer, for staff alone.
CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    by_name TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX notes_of_account ON notes (account_id, created_at, id);
CREATE INDEX notes_of_user ON notes (user_id);

-- Whether staff may see the portal as the customer: always, ask or never.
ALTER TABLE accounts ADD COLUMN support_access TEXT NOT NULL DEFAULT 'ask' CHECK (support_access IN ('always', 'ask', 'never'));

-- Looks of staff at the portal as a customer: asked for, allowed, refused, over.
CREATE TABLE support_views (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    by_name TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    break_glass BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'allowed', 'refused', 'ended')),
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX support_views_one_pending ON support_views (account_id, user_id) WHERE state = 'pending';
CREATE INDEX support_views_of_account ON support_views (account_id, created_at, id);
CREATE INDEX support_views_of_user ON support_views (user_id, created_at);
CREATE INDEX support_views_by_expiry ON support_views (expires_at);

-- The search for customers: a row for each account, contact, service and domain.
CREATE TABLE search_rows (
    id INTEGER PRIMARY KEY,
    of_id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL
);
CREATE INDEX search_rows_of_account ON search_rows (account_id);
CREATE VIRTUAL TABLE search_index USING fts5 (account, person, asset, content = '', contentless_delete = 1, detail = column,
    tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');

CREATE TRIGGER accounts_are_found AFTER INSERT ON accounts
BEGIN
    INSERT INTO search_rows (of_id, account_id) VALUES (NEW.id, NEW.id);
    INSERT INTO search_index (rowid, account, person, asset)
    SELECT id, NEW.number || ' ' || NEW.name || ' ' || NEW.email, '', '' FROM search_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER accounts_are_found_as_they_are AFTER UPDATE OF name, email ON accounts WHEN NEW.name <> OLD.name OR NEW.email <> OLD.email
BEGIN
    INSERT OR REPLACE INTO search_index (rowid, account, person, asset)
    SELECT id, NEW.number || ' ' || NEW.name || ' ' || NEW.email, '', '' FROM search_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER contacts_are_found AFTER INSERT ON contacts
BEGIN
    INSERT INTO search_rows (of_id, account_id) VALUES (NEW.id, NEW.account_id);
    INSERT INTO search_index (rowid, account, person, asset)
    SELECT id, '', NEW.first_name || ' ' || NEW.last_name || ' ' || NEW.company || ' ' || NEW.email, '' FROM search_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER contacts_are_found_as_they_are AFTER UPDATE OF first_name, last_name, company, email, account_id ON contacts
BEGIN
    UPDATE search_rows SET account_id = NEW.account_id WHERE of_id = NEW.id AND account_id <> NEW.account_id;
    INSERT OR REPLACE INTO search_index (rowid, account, person, asset)
    SELECT id, '', NEW.first_name || ' ' || NEW.last_name || ' ' || NEW.company || ' ' || NEW.email, '' FROM search_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER contacts_are_found_no_more AFTER DELETE ON contacts
BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT id FROM search_rows WHERE of_id = OLD.id);
    DELETE FROM search_rows WHERE of_id = OLD.id;
END;
CREATE TRIGGER services_are_found AFTER INSERT ON services
BEGIN
    INSERT INTO search_rows (of_id, account_id) VALUES (NEW.id, NEW.account_id);
    INSERT INTO search_index (rowid, account, person, asset)
    SELECT id, '', '', NEW.label || ' ' || NEW.domain || ' ' || NEW.login_name FROM search_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER services_are_found_as_they_are AFTER UPDATE OF label, domain, login_name, account_id ON services
BEGIN
    UPDATE search_rows SET account_id = NEW.account_id WHERE of_id = NEW.id AND account_id <> NEW.account_id;
    INSERT OR REPLACE INTO search_index (rowid, account, person, asset)
    SELECT id, '', '', NEW.label || ' ' || NEW.domain || ' ' || NEW.login_name FROM search_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER domains_are_found AFTER INSERT ON domains
BEGIN
    INSERT INTO search_rows (of_id, account_id) VALUES (NEW.id, NEW.account_id);
    INSERT INTO search_index (rowid, account, person, asset) SELECT id, '', '', NEW.name FROM search_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER domains_are_found_as_they_are AFTER UPDATE OF name, account_id ON domains
BEGIN
    UPDATE search_rows SET account_id = NEW.account_id WHERE of_id = NEW.id AND account_id <> NEW.account_id;
    INSERT OR REPLACE INTO search_index (rowid, account, person, asset) SELECT id, '', '', NEW.name FROM search_rows WHERE of_id = NEW.id;
END;

INSERT INTO search_rows (of_id, account_id) SELECT id, id FROM accounts;
INSERT INTO search_rows (of_id, account_id) SELECT id, account_id FROM contacts;
INSERT INTO search_rows (of_id, account_id) SELECT id, account_id FROM services;
INSERT INTO search_rows (of_id, account_id) SELECT id, account_id FROM domains;
INSERT INTO search_index (rowid, account, person, asset)
SELECT r.id, a.number || ' ' || a.name || ' ' || a.email, '', '' FROM search_rows r JOIN accounts a ON a.id = r.of_id;
INSERT INTO search_index (rowid, account, person, asset)
SELECT r.id, '', c.first_name || ' ' || c.last_name || ' ' || c.company || ' ' || c.email, '' FROM search_rows r JOIN contacts c ON c.id = r.of_id;
INSERT INTO search_index (rowid, account, person, asset)
SELECT r.id, '', '', s.label || ' ' || s.domain || ' ' || s.login_name FROM search_rows r JOIN services s ON s.id = r.of_id;
INSERT INTO search_index (rowid, account, person, asset)
SELECT r.id, '', '', d.name FROM search_rows r JOIN domains d ON d.id = r.of_id;

-- Files that staff brought in: what was found in each, and how far it is. Who came in with one can be invited later.
CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('customers', 'contacts', 'services', 'domains')),
    file_name TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    by_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('checking', 'checked', 'importing', 'done', 'failed')),
    -- What was found, as JSON.
    report TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    announced_at BIGINT
);
CREATE INDEX imports_by_age ON imports (created_at);
CREATE INDEX imports_of_user ON imports (user_id);
ALTER TABLE contacts ADD COLUMN import_id TEXT;
CREATE INDEX contacts_of_import ON contacts (import_id, id) WHERE import_id IS NOT NULL;

-- What the company sells. A service keeps its own price.
CREATE TABLE products (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    group_name TEXT NOT NULL,
    description TEXT NOT NULL,
    offered BOOLEAN NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE TABLE product_prices (
    product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    cycle TEXT NOT NULL CHECK (cycle IN ('once', 'monthly', 'quarterly', 'yearly')),
    currency TEXT NOT NULL,
    cents BIGINT NOT NULL,
    setup_cents BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (product_id, cycle, currency)
);

-- Permissions on a service or domain are found when it moves.
CREATE INDEX grants_of_asset ON grants (asset_id);

-- Who of the staff works on a request.
ALTER TABLE requests ADD COLUMN taken_by TEXT NOT NULL DEFAULT '';

-- Lists of the staff area.
ALTER TABLE accounts ADD COLUMN name_key TEXT GENERATED ALWAYS AS (lower(name)) VIRTUAL;
CREATE INDEX accounts_by_name ON accounts (name_key, id);
CREATE INDEX accounts_closed ON accounts (name_key, id) WHERE status = 'closed';
CREATE INDEX accounts_by_age ON accounts (created_at);
CREATE INDEX contacts_owner_without_login ON contacts (created_at, account_id) WHERE is_owner AND user_id IS NULL;
CREATE INDEX outbox_failed ON outbox (failed_at) WHERE state = 'failed';
