-- Invoices that stay as issued, what was paid, and the ledger of each account.

-- Who prints the account's number for taxes on its invoices.
ALTER TABLE accounts ADD COLUMN tax_id TEXT NOT NULL DEFAULT '';

-- The next place in each series of numbers. Drawn in the transaction that issues: so there is no gap.
CREATE TABLE invoice_series (
    kind TEXT PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO invoice_series (kind, next) VALUES ('invoice', 1), ('credit_note', 1);

-- Amounts are minor units of the currency. A credit note holds positive amounts: its kind says which way they go.
CREATE TABLE invoices (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'paid', 'cancelled', 'credited', 'written_off')),
    -- The place in its series, and as it is printed; nothing for a draft.
    serial BIGINT,
    number TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL,
    -- Prices hold their tax.
    inclusive BOOLEAN NOT NULL DEFAULT FALSE,
    net BIGINT NOT NULL DEFAULT 0,
    tax BIGINT NOT NULL DEFAULT 0,
    rounding BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    -- What of the total was paid, and what credit notes and write-offs took from it.
    paid BIGINT NOT NULL DEFAULT 0,
    credited BIGINT NOT NULL DEFAULT 0,
    -- Payer, seller and sums per rate of tax, as they were when it was issued: JSON.
    payer TEXT NOT NULL DEFAULT '',
    seller TEXT NOT NULL DEFAULT '',
    taxes TEXT NOT NULL DEFAULT '[]',
    note TEXT NOT NULL DEFAULT '',
    -- The invoice that a credit note corrects, and why.
    corrects_id TEXT REFERENCES invoices (id),
    reason TEXT NOT NULL DEFAULT '',
    -- SHA-256 of the PDF, which is kept in the data directory under it.
    document TEXT NOT NULL DEFAULT '',
    document_size BIGINT NOT NULL DEFAULT 0,
    issued_at BIGINT,
    due_at BIGINT,
    -- When it was issued; of a draft, when it was begun: the order of lists.
    dated_at BIGINT NOT NULL,
    search_text TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (kind, serial),
    CHECK ((status = 'draft') = (serial IS NULL)),
    CHECK (status = 'draft' OR (paid >= 0 AND credited >= 0 AND paid + credited <= total))
);
CREATE INDEX invoices_of_account ON invoices (account_id, dated_at, id);
CREATE INDEX invoices_of_account_by_status ON invoices (account_id, status, dated_at, id);
CREATE INDEX invoices_by_status ON invoices (status, dated_at, id);
CREATE INDEX invoices_by_due ON invoices (status, due_at);
CREATE INDEX invoices_by_number ON invoices (number);
CREATE INDEX invoices_that_correct ON invoices (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX invoices_by_document ON invoices (document);

CREATE TABLE invoice_lines (
    id TEXT PRIMARY KEY,
    invoice_id TEXT NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    description TEXT NOT NULL,
    -- Decimal numbers, as they were typed: "1.5", "12.90".
    quantity TEXT NOT NULL,
    price TEXT NOT NULL,
    -- Of the tax, in hundredths of a per cent, and its category (EN 16931, UNCL 5305).
    rate BIGINT NOT NULL,
    category TEXT NOT NULL,
    net BIGINT NOT NULL DEFAULT 0,
    -- What the line is for, and for which time.
    service_id TEXT,
    period_start BIGINT,
    period_end BIGINT,
    UNIQUE (invoice_id, position)
);
-- A period of a service is billed once, whatever crashes or runs twice.
CREATE UNIQUE INDEX invoice_lines_by_period ON invoice_lines (service_id, period_start) WHERE period_start IS NOT NULL;

-- What came in. What is more than its invoice wants is the customer's credit.
CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    invoice_id TEXT REFERENCES invoices (id),
    method TEXT NOT NULL CHECK (method IN ('bank_transfer', 'card', 'cash', 'other')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    reference TEXT NOT NULL DEFAULT '',
    by_name TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE INDEX payments_of_account ON payments (account_id, created_at, id);
CREATE INDEX payments_of_invoice ON payments (invoice_id);

-- Double entry: the lines of an entry sum to zero. What customers owe is positive in 'receivable', what we owe them is
-- negative in 'credit'.
CREATE TABLE ledger (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    book TEXT NOT NULL CHECK (book IN ('receivable', 'revenue', 'tax', 'bank', 'credit', 'write_off', 'rounding')),
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    invoice_id TEXT REFERENCES invoices (id),
    payment_id TEXT REFERENCES payments (id),
    says TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ledger_of_account ON ledger (account_id, currency, book, created_at, id, amount);
CREATE INDEX ledger_of_invoice ON ledger (invoice_id);

-- What was issued stays: a correction is another document.
CREATE TRIGGER invoices_stay_as_issued BEFORE UPDATE OF kind, serial, number, currency, inclusive, net, tax, rounding, total, payer, seller,
    taxes, note, corrects_id, reason, document, document_size, issued_at, due_at ON invoices
WHEN OLD.status <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice stays as it is');
END;
CREATE TRIGGER invoices_are_not_undone BEFORE UPDATE OF status ON invoices
WHEN OLD.status <> 'draft' AND NEW.status = 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice stays issued');
END;
CREATE TRIGGER invoices_are_kept BEFORE DELETE ON invoices
WHEN OLD.status <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice is kept');
END;
CREATE TRIGGER invoice_lines_are_added_to_drafts BEFORE INSERT ON invoice_lines
WHEN (SELECT status FROM invoices WHERE id = NEW.invoice_id) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice stays as it is');
END;
CREATE TRIGGER invoice_lines_stay_as_issued BEFORE UPDATE ON invoice_lines
WHEN (SELECT status FROM invoices WHERE id = OLD.invoice_id) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice stays as it is');
END;
CREATE TRIGGER invoice_lines_are_kept BEFORE DELETE ON invoice_lines
WHEN (SELECT status FROM invoices WHERE id = OLD.invoice_id) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'an issued invoice stays as it is');
END;
CREATE TRIGGER ledger_is_only_added_to BEFORE UPDATE OF entry_id, book, amount, currency, invoice_id, payment_id ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is only added to');
END;
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is only added to');
END;

-- Staff who see customers saw what belongs to them; who keeps services keeps invoices.
UPDATE staff SET permissions = permissions || ',invoices.view' WHERE ',' || permissions || ',' LIKE '%,customers.view,%';
UPDATE staff SET permissions = permissions || ',invoices.manage' WHERE ',' || permissions || ',' LIKE '%,services.edit,%';
UPDATE staff_roles SET permissions = permissions || ',invoices.view' WHERE ',' || permissions || ',' LIKE '%,customers.view,%';
UPDATE staff_roles SET permissions = permissions || ',invoices.manage' WHERE ',' || permissions || ',' LIKE '%,services.edit,%';
