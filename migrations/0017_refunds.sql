-- Credit that goes back to the card that paid, e-invoices that go through a network, customers with a tax of their own, and what
-- overviews of many invoices read.

-- Each is booked when it is begun, and taken back when it fails. The gateway knows it by its id, so that it is sent once.
CREATE TABLE refunds (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    checkout_id TEXT NOT NULL REFERENCES checkouts (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    -- The gateway's id; empty while it was not told.
    session TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'begun' CHECK (state IN ('begun', 'done', 'failed')),
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    looked_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE UNIQUE INDEX refunds_by_session ON refunds (session) WHERE session <> '';
CREATE INDEX refunds_of_checkout ON refunds (checkout_id, state, amount);
CREATE INDEX refunds_of_account ON refunds (account_id);
CREATE INDEX refunds_waiting ON refunds (looked_at, id) WHERE state = 'begun';
CREATE INDEX refunds_sent ON refunds (looked_at, id) WHERE state = 'done';
CREATE INDEX checkouts_paid ON checkouts (account_id, settled_at) WHERE state = 'paid';

-- Customers of the gateway whose accounts were erased or joined with others: it is to forget them and their cards.
CREATE TABLE gateway_removals (customer TEXT PRIMARY KEY);

-- How invoices reach the account: by mail, by mail without the document, or also through the operator's access point.
ALTER TABLE accounts ADD COLUMN invoice_channel TEXT NOT NULL DEFAULT '' CHECK (invoice_channel IN ('', 'portal', 'network'));

-- E-invoices on their way through the access point.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    invoice_id TEXT NOT NULL UNIQUE REFERENCES invoices (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- Scheme and value of the addresses.
    sender TEXT NOT NULL,
    receiver TEXT NOT NULL,
    -- Country of the sender, ISO 3166-1 alpha-2.
    country TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    tries BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    -- The network's id of the message, or why it did not go.
    says TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL
);
CREATE INDEX deliveries_of_account ON deliveries (account_id);
CREATE INDEX deliveries_waiting ON deliveries (next_at, id) WHERE state = 'waiting';

-- The tax of what is billed for the account, as a form names it ("AE0"); empty for the usual one.
ALTER TABLE accounts ADD COLUMN tax TEXT NOT NULL DEFAULT '';

-- Overviews read these instead of every invoice.
DROP INDEX invoices_by_status;
CREATE INDEX invoices_by_status ON invoices (status, dated_at, id, due_at);
CREATE INDEX invoices_owed ON invoices (status, currency, due_at, total, paid, credited);

-- Before tax, less what was credited, of what was issued in a month; `month` is its beginning. What was issued stays, so sums do too.
CREATE TABLE revenue (
    month BIGINT NOT NULL,
    currency TEXT NOT NULL,
    net BIGINT NOT NULL,
    PRIMARY KEY (month, currency)
);
INSERT INTO revenue (month, currency, net)
SELECT unixepoch(issued_at / 1000, 'unixepoch', 'start of month') * 1000, currency, sum(CASE kind WHEN 'invoice' THEN net ELSE -net END)
FROM invoices
WHERE issued_at IS NOT NULL
GROUP BY 1, 2;
CREATE TRIGGER revenue_counts_what_is_issued AFTER UPDATE OF issued_at ON invoices
WHEN OLD.issued_at IS NULL AND NEW.issued_at IS NOT NULL
BEGIN
    INSERT INTO revenue (month, currency, net)
    VALUES (unixepoch(NEW.issued_at / 1000, 'unixepoch', 'start of month') * 1000, NEW.currency,
        CASE NEW.kind WHEN 'invoice' THEN NEW.net ELSE -NEW.net END)
    ON CONFLICT (month, currency) DO UPDATE SET net = net + excluded.net;
END;
