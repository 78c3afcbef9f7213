-- Tickets: what customers and staff write to each other.
CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    -- What people quote.
    number BIGINT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    department_id TEXT NOT NULL REFERENCES departments (id),
    -- The service or domain it is about, or empty.
    asset_id TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high')),
    -- Open waits for staff, answered for the customer.
    status TEXT NOT NULL CHECK (status IN ('open', 'answered', 'closed')),
    -- The contact who opened it; nobody when staff did, or when the contact is gone.
    opener_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
    opened_by TEXT NOT NULL,
    -- The staff who answer it, or nobody.
    assigned_id TEXT REFERENCES staff (user_id) ON DELETE SET NULL,
    assigned_name TEXT NOT NULL DEFAULT '',
    -- 1 to 5, and words; 0 for none.
    rating BIGINT NOT NULL DEFAULT 0,
    rating_text TEXT NOT NULL DEFAULT '',
    -- Messages that are held: mail of people without a right to the ticket.
    held BIGINT NOT NULL DEFAULT 0,
    -- Counts what was written: who answers says what they had read.
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    answered_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX tickets_of_account ON tickets (account_id, changed_at, id);
CREATE INDEX tickets_of_account_by_status ON tickets (account_id, status, changed_at, id);
CREATE INDEX tickets_of_opener ON tickets (opener_id, changed_at, id);
CREATE INDEX tickets_of_department ON tickets (department_id, status, changed_at, id);
CREATE INDEX tickets_of_staff ON tickets (assigned_id, status, changed_at, id);
CREATE INDEX tickets_by_status ON tickets (status, changed_at, id);
CREATE INDEX tickets_held ON tickets (changed_at, id) WHERE held > 0;
CREATE INDEX tickets_by_change ON tickets (changed_at, id);

-- What was written in a ticket. A note is for staff alone.
CREATE TABLE ticket_messages (
    id TEXT PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'note')),
    -- Held waits for somebody to decide; refused stays for staff to read.
    state TEXT NOT NULL CHECK (state IN ('shown', 'held', 'refused')),
    badge TEXT NOT NULL CHECK (badge IN ('owner', 'contact', 'staff', 'account', 'other')),
    contact_id TEXT REFERENCES contacts (id) ON DELETE SET NULL,
    user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    by_name TEXT NOT NULL,
    by_email TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Message-ID of the e-mail it came by, and the address list of its To and Cc; empty from the portal.
    message_id TEXT NOT NULL DEFAULT '',
    also_to TEXT NOT NULL DEFAULT '',
    -- The e-mail it came by.
    mail_id TEXT,
    created_at BIGINT NOT NULL,
    -- From then on others see it: until then it can be called back.
    shown_at BIGINT NOT NULL
);
CREATE INDEX messages_of_ticket ON ticket_messages (ticket_id, created_at, id);
CREATE INDEX messages_of_contact ON ticket_messages (contact_id);
CREATE INDEX messages_of_user ON ticket_messages (user_id);
CREATE INDEX messages_by_mail ON ticket_messages (mail_id) WHERE mail_id IS NOT NULL;
CREATE INDEX messages_by_message_id ON ticket_messages (message_id) WHERE message_id <> '';

-- People of the account who see one ticket more than their permissions open.
CREATE TABLE ticket_people (
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, contact_id)
);
CREATE INDEX tickets_of_person ON ticket_people (contact_id, ticket_id);

-- Departments that do not exist for a contact.
CREATE TABLE closed_departments (
    contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    department_id TEXT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    PRIMARY KEY (contact_id, department_id)
);
CREATE INDEX closed_of_department ON closed_departments (department_id);

-- What somebody has written and not sent: in a ticket, or as a new one (empty).
CREATE TABLE ticket_drafts (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    ticket_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, account_id, ticket_id)
);
CREATE INDEX ticket_drafts_of_account ON ticket_drafts (account_id);
CREATE INDEX ticket_drafts_by_change ON ticket_drafts (changed_at);

-- Files of messages, and of drafts (those have no message). The bytes are in a file named by their hash.
CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    ticket_id TEXT NOT NULL,
    message_id TEXT REFERENCES ticket_messages (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_of_message ON attachments (message_id);
CREATE INDEX attachments_of_draft ON attachments (user_id, account_id, ticket_id) WHERE message_id IS NULL;
CREATE INDEX attachments_of_account ON attachments (account_id, id);
CREATE INDEX attachments_of_user ON attachments (user_id);
CREATE INDEX attachments_by_hash ON attachments (hash);
CREATE INDEX attachments_left ON attachments (created_at) WHERE message_id IS NULL;

-- E-mails that came in. The raw message is a file named by the id, kept before the row.
CREATE TABLE incoming (
    id TEXT PRIMARY KEY,
    from_name TEXT NOT NULL,
    from_email TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT NOT NULL,
    -- Waits for staff, for its sender to choose an account, or is done with.
    state TEXT NOT NULL CHECK (state IN ('done', 'repeated', 'automatic', 'bounce', 'refused', 'unknown', 'choose', 'parked', 'dismissed')),
    reason TEXT NOT NULL,
    -- The beginning of its text, for who decides about it.
    preview TEXT NOT NULL,
    ticket_id TEXT,
    account_id TEXT,
    department_id TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX incoming_once ON incoming (message_id) WHERE message_id <> '' AND state <> 'repeated';
CREATE INDEX incoming_of_account ON incoming (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX incoming_by_state ON incoming (state, created_at, id);
CREATE INDEX incoming_by_time ON incoming (created_at, id);

-- Who an e-mail is from, on any account.
CREATE INDEX contacts_by_address ON contacts (email_key);
CREATE INDEX accounts_by_address ON accounts (lower(email));

-- Where an answer to a mail goes, which mail of the customer it answers, and what can still call it back.
ALTER TABLE outbox ADD COLUMN reply_to TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN in_reply_to TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN cause TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_of_cause ON outbox (cause) WHERE cause <> '';

-- Who answers requests answers tickets.
UPDATE staff SET permissions = permissions || ',tickets.answer' WHERE ',' || permissions || ',' LIKE '%,requests.answer,%';
UPDATE staff_roles SET permissions = permissions || ',tickets.answer' WHERE ',' || permissions || ',' LIKE '%,requests.answer,%';
