-- Addresses that mail of an account does not reach, until a message arrives there again.
CREATE TABLE undeliverable (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    email_key TEXT NOT NULL,
    since BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (account_id, email_key)
);
CREATE INDEX undeliverable_by_address ON undeliverable (email_key);
CREATE INDEX undeliverable_by_age ON undeliverable (last_at);
INSERT INTO undeliverable (account_id, email_key, since, last_at, reason)
SELECT o.account_id, lower(o.to_email), coalesce(o.failed_at, o.created_at), coalesce(o.failed_at, o.created_at), o.last_error
FROM outbox o
WHERE o.state = 'failed' AND o.account_id IS NOT NULL AND o.last_error NOT LIKE 'not sent:%' AND o.id = (SELECT n.id FROM outbox n
    WHERE lower(n.to_email) = lower(o.to_email) ORDER BY n.created_at DESC, n.id DESC LIMIT 1);

-- Owners who are gone, and who takes over once the waiting time has passed.
CREATE TABLE replacements (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    from_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    to_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    close_former BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'stopped')),
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    decided_at BIGINT
);
CREATE UNIQUE INDEX replacements_one_waiting ON replacements (account_id) WHERE state = 'waiting';
CREATE INDEX replacements_due ON replacements (due_at) WHERE state = 'waiting';
CREATE INDEX replacements_of_account ON replacements (account_id, created_at);
CREATE INDEX replacements_from ON replacements (from_id);
CREATE INDEX replacements_to ON replacements (to_id);
CREATE INDEX replacements_of_user ON replacements (user_id);

-- Departments of the company: where customers' requests go, and tickets.
CREATE TABLE departments (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    hidden BOOLEAN NOT NULL,
    by_mail BOOLEAN NOT NULL,
    -- Keys of the kinds of requests it takes, between commas.
    requests TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
-- Staff who work in some departments alone; who has no row works in all.
CREATE TABLE staff_departments (
    user_id TEXT NOT NULL REFERENCES staff (user_id) ON DELETE CASCADE,
    department_id TEXT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, department_id)
);
CREATE INDEX staff_of_department ON staff_departments (department_id);

-- Sets of staff permissions under a name.
CREATE TABLE staff_roles (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    permissions TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);

-- Mails as staff word them; a kind without a row is as the program words it. A draft is seen by staff alone.
CREATE TABLE mail_templates (
    kind TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    heading TEXT NOT NULL,
    body TEXT NOT NULL,
    used BOOLEAN NOT NULL,
    draft_subject TEXT NOT NULL,
    draft_heading TEXT NOT NULL,
    draft_body TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE TABLE mail_template_versions (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL REFERENCES mail_templates (kind) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    heading TEXT NOT NULL,
    body TEXT NOT NULL,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX versions_of_template ON mail_template_versions (kind, id);

-- Dates that come close, on the dashboard of staff.
CREATE INDEX domains_that_end ON domains (expires_at, id) WHERE status = 'active' AND NOT auto_renew;
CREATE INDEX services_that_are_due ON services (next_due, id) WHERE status IN ('active', 'suspended') AND next_due IS NOT NULL;

-- What became of an account for good: erased, or merged into another.
ALTER TABLE accounts ADD COLUMN ended TEXT NOT NULL DEFAULT '';
CREATE TRIGGER domains_are_found_no_more AFTER DELETE ON domains
BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT id FROM search_rows WHERE of_id = OLD.id);
    DELETE FROM search_rows WHERE of_id = OLD.id;
END;

-- How each of the staff looks at the list of customers: columns (empty for the usual ones), and filters under a name.
ALTER TABLE staff ADD COLUMN columns TEXT NOT NULL DEFAULT '';
CREATE TABLE saved_filters (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES staff (user_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_filters_by_name ON saved_filters (user_id, name);

-- Work on many customers at once, beside the server: what was found when it began, and how far it is.
CREATE TABLE bulk_jobs (
    id TEXT PRIMARY KEY,
    act TEXT NOT NULL CHECK (act IN ('close', 'reopen', 'invite')),
    reason TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    by_name TEXT NOT NULL,
    undoes TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX bulk_jobs_of_user ON bulk_jobs (user_id);
CREATE INDEX bulk_jobs_by_age ON bulk_jobs (created_at);
CREATE UNIQUE INDEX bulk_jobs_undone_once ON bulk_jobs (undoes) WHERE undoes IS NOT NULL;
CREATE TABLE bulk_items (
    job_id TEXT NOT NULL REFERENCES bulk_jobs (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- waiting, changed, or left because there was nothing to do.
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'changed', 'left')),
    PRIMARY KEY (job_id, account_id)
);
CREATE INDEX bulk_items_of_job ON bulk_items (job_id, state);
CREATE INDEX bulk_items_of_account ON bulk_items (account_id);
