-- The desk: since when a ticket waits and until when an answer is promised, tickets that were merged, split or
-- moved, canned replies, views, counts, and the search in what was written.

-- Minutes in which staff promise to answer for the first time, and again; 0 for no promise.
ALTER TABLE departments ADD COLUMN first_answer BIGINT NOT NULL DEFAULT 0;
ALTER TABLE departments ADD COLUMN next_answer BIGINT NOT NULL DEFAULT 0;

-- Since when it waits for staff; empty while it does not.
ALTER TABLE tickets ADD COLUMN waiting_since BIGINT;
-- Until when an answer is promised. Without a promise far away, by how long it has waited: so the order is whose
-- turn it is.
ALTER TABLE tickets ADD COLUMN due_at BIGINT NOT NULL DEFAULT 100000000000000;
-- The ticket that shows what was written in this one, the status it had before, and the one that the other had.
ALTER TABLE tickets ADD COLUMN merged_into TEXT REFERENCES tickets (id) ON DELETE SET NULL;
ALTER TABLE tickets ADD COLUMN status_before TEXT NOT NULL DEFAULT '';
ALTER TABLE tickets ADD COLUMN other_before TEXT NOT NULL DEFAULT '';
-- The ticket from which its first messages were taken.
ALTER TABLE tickets ADD COLUMN split_from TEXT REFERENCES tickets (id) ON DELETE SET NULL;
-- The customer it was moved away from, who had opened it there and what it was about: for the way back.
ALTER TABLE tickets ADD COLUMN moved_from TEXT REFERENCES accounts (id);
ALTER TABLE tickets ADD COLUMN moved_opener TEXT REFERENCES contacts (id) ON DELETE SET NULL;
ALTER TABLE tickets ADD COLUMN moved_asset TEXT NOT NULL DEFAULT '';
UPDATE tickets SET waiting_since = changed_at, due_at = 100000000000000 + changed_at WHERE status = 'open';
CREATE INDEX tickets_by_due ON tickets (status, due_at, id);
CREATE INDEX tickets_of_staff_by_due ON tickets (assigned_id, status, due_at, id);
CREATE INDEX tickets_of_department_by_due ON tickets (department_id, status, due_at, id);
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX tickets_split ON tickets (split_from) WHERE split_from IS NOT NULL;
CREATE INDEX tickets_moved ON tickets (moved_from) WHERE moved_from IS NOT NULL;
CREATE INDEX tickets_moved_of_contact ON tickets (moved_opener) WHERE moved_opener IS NOT NULL;
-- The ticket it was merged from, which is where it goes back to.
ALTER TABLE ticket_messages ADD COLUMN home_id TEXT REFERENCES tickets (id) ON DELETE SET NULL;
CREATE INDEX messages_by_home ON ticket_messages (home_id) WHERE home_id IS NOT NULL;
-- The ticket they were in before it was merged into this one; empty for who was added by somebody.
ALTER TABLE ticket_people ADD COLUMN merged_from TEXT NOT NULL DEFAULT '';

-- Answers that staff give often; of one department, or of all.
CREATE TABLE canned_replies (
    id TEXT PRIMARY KEY,
    department_id TEXT REFERENCES departments (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX canned_replies_of_department ON canned_replies (department_id);

-- Filters under a name are those of tickets, too.
ALTER TABLE saved_filters ADD COLUMN list TEXT NOT NULL DEFAULT 'customers';
DROP INDEX saved_filters_by_name;
CREATE UNIQUE INDEX saved_filters_by_name ON saved_filters (user_id, list, name);

-- How many tickets there are, for the desk: kept by the triggers below, never counted.
CREATE TABLE ticket_counts (
    department_id TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Empty for nobody.
    assigned_id TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (department_id, status, assigned_id)
);
INSERT INTO ticket_counts (department_id, status, assigned_id, count)
SELECT department_id, status, coalesce(assigned_id, ''), count(*) FROM tickets GROUP BY 1, 2, 3;
CREATE TRIGGER tickets_are_counted AFTER INSERT ON tickets
BEGIN
    INSERT INTO ticket_counts (department_id, status, assigned_id, count)
    VALUES (NEW.department_id, NEW.status, coalesce(NEW.assigned_id, ''), 1)
    ON CONFLICT (department_id, status, assigned_id) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tickets_are_counted_as_they_are AFTER UPDATE OF department_id, status, assigned_id ON tickets
WHEN NEW.department_id <> OLD.department_id OR NEW.status <> OLD.status OR coalesce(NEW.assigned_id, '') <> coalesce(OLD.assigned_id, '')
BEGIN
    UPDATE ticket_counts SET count = count - 1
    WHERE department_id = OLD.department_id AND status = OLD.status AND assigned_id = coalesce(OLD.assigned_id, '');
    INSERT INTO ticket_counts (department_id, status, assigned_id, count)
    VALUES (NEW.department_id, NEW.status, coalesce(NEW.assigned_id, ''), 1)
    ON CONFLICT (department_id, status, assigned_id) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tickets_are_counted_no_more AFTER DELETE ON tickets
BEGIN
    UPDATE ticket_counts SET count = count - 1
    WHERE department_id = OLD.department_id AND status = OLD.status AND assigned_id = coalesce(OLD.assigned_id, '');
END;

-- The search in tickets: a row for each ticket (its subject) and each message. What staff alone see is in a column
-- of its own, and the account is one, so that a customer's search reads what is theirs.
CREATE TABLE ticket_rows (
    id INTEGER PRIMARY KEY,
    of_id TEXT NOT NULL UNIQUE,
    ticket_id TEXT NOT NULL
);
CREATE INDEX ticket_rows_of_ticket ON ticket_rows (ticket_id);
CREATE VIRTUAL TABLE ticket_index USING fts5 (account, subject, text, staff, content = '', contentless_delete = 1, detail = column,
    tokenize = "unicode61 remove_diacritics 2");
-- The words that a message is found by.
CREATE VIEW words_of_messages AS
SELECT r.id, m.id AS message_id, m.ticket_id, t.account_id,
    CASE WHEN m.kind = 'message' AND m.state = 'shown' THEN substr(m.text, 1, 20000) ELSE '' END AS text,
    CASE WHEN m.kind = 'message' AND m.state = 'shown' THEN '' ELSE substr(m.text, 1, 20000) END AS staff
FROM ticket_messages m
JOIN ticket_rows r ON r.of_id = m.id
JOIN tickets t ON t.id = m.ticket_id;
CREATE TRIGGER tickets_are_found AFTER INSERT ON tickets
BEGIN
    INSERT INTO ticket_rows (of_id, ticket_id) VALUES (NEW.id, NEW.id);
    INSERT INTO ticket_index (rowid, account, subject, text, staff)
    SELECT id, NEW.account_id, NEW.number || ' ' || NEW.subject, '', '' FROM ticket_rows WHERE of_id = NEW.id;
END;
CREATE TRIGGER tickets_are_found_on_their_account AFTER UPDATE OF account_id ON tickets WHEN NEW.account_id <> OLD.account_id
BEGIN
    INSERT OR REPLACE INTO ticket_index (rowid, account, subject, text, staff)
    SELECT id, NEW.account_id, NEW.number || ' ' || NEW.subject, '', '' FROM ticket_rows WHERE of_id = NEW.id;
    INSERT OR REPLACE INTO ticket_index (rowid, account, subject, text, staff)
    SELECT id, account_id, '', text, staff FROM words_of_messages WHERE ticket_id = NEW.id;
END;
CREATE TRIGGER tickets_are_found_no_more AFTER DELETE ON tickets
BEGIN
    DELETE FROM ticket_index WHERE rowid = (SELECT id FROM ticket_rows WHERE of_id = OLD.id);
    DELETE FROM ticket_rows WHERE of_id = OLD.id;
END;
CREATE TRIGGER messages_are_found AFTER INSERT ON ticket_messages
BEGIN
    INSERT INTO ticket_rows (of_id, ticket_id) VALUES (NEW.id, NEW.ticket_id);
    INSERT INTO ticket_index (rowid, account, subject, text, staff)
    SELECT id, account_id, '', text, staff FROM words_of_messages WHERE message_id = NEW.id;
END;
CREATE TRIGGER messages_are_found_as_they_are AFTER UPDATE OF text, state, ticket_id ON ticket_messages
BEGIN
    UPDATE ticket_rows SET ticket_id = NEW.ticket_id WHERE of_id = NEW.id;
    INSERT OR REPLACE INTO ticket_index (rowid, account, subject, text, staff)
    SELECT id, account_id, '', text, staff FROM words_of_messages WHERE message_id = NEW.id;
END;
CREATE TRIGGER messages_are_found_no_more AFTER DELETE ON ticket_messages
BEGIN
    DELETE FROM ticket_index WHERE rowid = (SELECT id FROM ticket_rows WHERE of_id = OLD.id);
    DELETE FROM ticket_rows WHERE of_id = OLD.id;
END;
INSERT INTO ticket_rows (of_id, ticket_id) SELECT id, id FROM tickets;
INSERT INTO ticket_rows (of_id, ticket_id) SELECT id, ticket_id FROM ticket_messages;
INSERT INTO ticket_index (rowid, account, subject, text, staff)
SELECT r.id, t.account_id, t.number || ' ' || t.subject, '', '' FROM ticket_rows r JOIN tickets t ON t.id = r.of_id;
INSERT INTO ticket_index (rowid, account, subject, text, staff)
SELECT id, account_id, '', text, staff FROM words_of_messages;

-- The files that a message carries: a JSON list of [path in the data directory, name, type]; empty for none.
ALTER TABLE outbox ADD COLUMN files TEXT NOT NULL DEFAULT '';

-- Work on many at once is work on tickets, too: each item is an account or a ticket. What was there before is kept
-- for undoing it.
CREATE TABLE bulk_work (
    id TEXT PRIMARY KEY,
    act TEXT NOT NULL,
    -- To whom, or where: what the act needs beside its name.
    value TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    by_name TEXT NOT NULL,
    undoes TEXT,
    created_at BIGINT NOT NULL
);
CREATE TABLE bulk_work_items (
    job_id TEXT NOT NULL REFERENCES bulk_work (id) ON DELETE CASCADE,
    of_id TEXT NOT NULL,
    -- What to set here, where that is not the same for all; and what was there before.
    value TEXT NOT NULL DEFAULT '',
    was TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'changed', 'left')),
    PRIMARY KEY (job_id, of_id)
);
INSERT INTO bulk_work (id, act, reason, user_id, by_name, undoes, created_at)
SELECT id, act, reason, user_id, by_name, undoes, created_at FROM bulk_jobs;
INSERT INTO bulk_work_items (job_id, of_id, state) SELECT job_id, account_id, state FROM bulk_items;
DROP TABLE bulk_items;
DROP TABLE bulk_jobs;
ALTER TABLE bulk_work RENAME TO bulk_jobs;
ALTER TABLE bulk_work_items RENAME TO bulk_items;
CREATE INDEX bulk_jobs_of_user ON bulk_jobs (user_id);
CREATE INDEX bulk_jobs_by_age ON bulk_jobs (created_at);
CREATE UNIQUE INDEX bulk_jobs_undone_once ON bulk_jobs (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX bulk_items_of_job ON bulk_items (job_id, state);
