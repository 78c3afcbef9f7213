-- Services are billed by themselves, and what is not paid is asked for.

-- The day of the month on which periods begin, so that the 31st is not forgotten in February.
ALTER TABLE services ADD COLUMN anchor_day BIGINT;
-- The invoice for which it is suspended: paid is switched on again.
ALTER TABLE services ADD COLUMN suspended_for TEXT REFERENCES invoices (id);
CREATE INDEX services_due ON services (next_due, account_id) WHERE status = 'active' AND next_due IS NOT NULL;
CREATE INDEX services_suspended_for ON services (suspended_for) WHERE suspended_for IS NOT NULL;

-- What the next invoice of an account holds beside its services; after `due_at` it gets one of its own.
CREATE TABLE billing_items (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    description TEXT NOT NULL,
    -- As on a line of an invoice.
    price TEXT NOT NULL,
    -- What it comes to before tax, in minor units; negative for what is taken off.
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    rate BIGINT NOT NULL,
    category TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Where it was billed.
    invoice_id TEXT REFERENCES invoices (id)
);
CREATE INDEX billing_items_waiting ON billing_items (due_at, account_id) WHERE invoice_id IS NULL;
CREATE INDEX billing_items_of_account ON billing_items (account_id, created_at);
CREATE INDEX billing_items_of_invoice ON billing_items (invoice_id) WHERE invoice_id IS NOT NULL;

-- A night's work. It goes on where it stopped.
CREATE TABLE billing_runs (
    night TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);

-- What was done, each thing once.
CREATE TABLE billing_events (
    id TEXT PRIMARY KEY,
    night TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    event TEXT NOT NULL,
    -- What it happened to: an invoice; of what failed, account and night.
    of_id TEXT NOT NULL,
    invoice_id TEXT REFERENCES invoices (id),
    -- Of a reminder: how many days after it was due.
    days BIGINT,
    at BIGINT NOT NULL,
    says TEXT NOT NULL,
    UNIQUE (event, of_id)
);
CREATE INDEX billing_events_by_night ON billing_events (night, id);
CREATE INDEX billing_events_of_invoice ON billing_events (invoice_id, at);
CREATE INDEX billing_events_of_account ON billing_events (account_id);

-- E-invoices: the one for programs beside the PDF, which holds another. It is kept as issued.
ALTER TABLE invoices ADD COLUMN xml TEXT NOT NULL DEFAULT '';
CREATE INDEX invoices_by_xml ON invoices (xml);
CREATE TRIGGER invoices_keep_their_e_invoice BEFORE UPDATE OF xml ON invoices
WHEN OLD.status <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice stays as it is');
END;
-- Where e-invoices for the account go, and what it wants to be named by.
ALTER TABLE accounts ADD COLUMN endpoint TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN reference TEXT NOT NULL DEFAULT '';

-- Payments that were begun on the page of a gateway. Each is booked once, when the gateway says that the money is there.
CREATE TABLE checkouts (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    invoice_id TEXT NOT NULL REFERENCES invoices (id),
    -- The gateway's id and page; empty while it was not told.
    session TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'begun' CHECK (state IN ('begun', 'paid', 'ended', 'mismatch')),
    by_name TEXT NOT NULL,
    -- The way of paying that is charged; empty where the customer is there.
    method_id TEXT NOT NULL DEFAULT '',
    -- What the gateway said: its name for the payment, and what came.
    reference TEXT NOT NULL DEFAULT '',
    came TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    looked_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE UNIQUE INDEX checkouts_by_session ON checkouts (session) WHERE session <> '';
CREATE INDEX checkouts_of_invoice ON checkouts (account_id, invoice_id, state, amount, created_at);
CREATE INDEX checkouts_by_invoice ON checkouts (invoice_id);
CREATE INDEX checkouts_waiting ON checkouts (looked_at, id) WHERE state = 'begun';
CREATE INDEX checkouts_that_differ ON checkouts (settled_at) WHERE state = 'mismatch';

-- What came in on the bank account. Each payment is known by its mark, so that a file can be brought in twice.
CREATE TABLE statement_lines (
    id TEXT PRIMARY KEY,
    mark TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    payer TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'booked', 'aside')),
    -- On what it was booked, or why it was put aside.
    says TEXT NOT NULL DEFAULT '',
    suggestion TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE INDEX statement_lines_by_state ON statement_lines (state, at, id);
CREATE INDEX statement_lines_sums ON statement_lines (at, currency, state, amount);
CREATE INDEX invoices_open_by_amount ON invoices (currency, (total - paid - credited)) WHERE status = 'open' AND kind = 'invoice';
CREATE INDEX invoices_by_issue ON invoices (issued_at, id, currency, kind, net);
CREATE INDEX ledger_by_time ON ledger (created_at, id);

-- What the EU's register said of the account's number for taxes, and when; nothing while it was not asked.
ALTER TABLE accounts ADD COLUMN tax_state TEXT NOT NULL DEFAULT '' CHECK (tax_state IN ('', 'valid', 'invalid', 'unavailable'));
ALTER TABLE accounts ADD COLUMN tax_checked_at BIGINT;
ALTER TABLE accounts ADD COLUMN tax_consultation TEXT NOT NULL DEFAULT '';
CREATE INDEX accounts_to_check ON accounts (id) WHERE tax_id <> '' AND tax_state IN ('', 'unavailable');

-- Ways of paying that the gateway keeps for an account. No number of a card is among them.
CREATE TABLE gateway_customers (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    customer TEXT NOT NULL
);
CREATE TABLE payment_methods (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    customer TEXT NOT NULL,
    session TEXT NOT NULL DEFAULT '',
    method TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '',
    expires TEXT NOT NULL DEFAULT '',
    -- Invoices are charged to it on the day they are due.
    automatic BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL DEFAULT 'begun' CHECK (state IN ('begun', 'kept', 'gone')),
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX payment_methods_of_account ON payment_methods (account_id, state, created_at);
CREATE UNIQUE INDEX payment_methods_automatic ON payment_methods (account_id) WHERE automatic;
