-- Services and domains, permissions on single ones, requests to staff, and what permissions bring along: previews, asking for
-- access, signing on to control panels.

CREATE TABLE services (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    product TEXT NOT NULL,
    label TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'suspended', 'cancelled')),
    price_cents BIGINT NOT NULL,
    currency TEXT NOT NULL,
    cycle TEXT NOT NULL CHECK (cycle IN ('once', 'monthly', 'quarterly', 'yearly')),
    next_due BIGINT,
    domain TEXT NOT NULL,
    server TEXT NOT NULL,
    login_name TEXT NOT NULL,
    notes TEXT NOT NULL,
    -- Where the control panel takes sign-on links, or empty when it has none.
    panel_url TEXT NOT NULL,
    name_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX services_by_name ON services (account_id, name_key, id);

CREATE TABLE domains (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'expired', 'cancelled')),
    registered_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    auto_renew BOOLEAN NOT NULL,
    locked BOOLEAN NOT NULL,
    -- One host name a line.
    nameservers TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX domains_by_name ON domains (account_id, name, id);

-- Permissions on single services and domains (R2), beside those on all of them in contacts.permissions. The holder is a card or a
-- preview, the thing a service or a domain.
CREATE TABLE grants (
    holder_id TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    permissions TEXT NOT NULL,
    PRIMARY KEY (holder_id, thing_id)
);

-- Counts the changes of what a card opens, so that open pages and previews notice.
ALTER TABLE contacts ADD COLUMN key_version BIGINT NOT NULL DEFAULT 1;

-- The portal as somebody else would see it (R7). Seen by one user only, for a while, and while their own permissions stay.
CREATE TABLE previews (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Card of who looks, and how often what it opens had changed then.
    viewer_id TEXT NOT NULL,
    key_version BIGINT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- The card it shows, or the preview's own id for somebody who has none yet.
    contact_id TEXT NOT NULL,
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    -- What the banner says, as JSON.
    says TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX previews_by_expiry ON previews (expires_at);
CREATE INDEX previews_of_user ON previews (user_id);

-- What customers ask staff to do with a service or a domain.
CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    thing_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('upgrade', 'cancel', 'nameservers', 'lock')),
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'withdrawn', 'done', 'refused')),
    -- Who asked; the name stays when the card goes.
    user_id TEXT NOT NULL REFERENCES users (id),
    by_name TEXT NOT NULL,
    -- What is wanted, in the kind's own words: text, host names one a line, or on and off.
    wanted TEXT NOT NULL,
    -- From when, for cancellations; nothing is the end of the paid period.
    wanted_from BIGINT,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
);
CREATE UNIQUE INDEX requests_one_pending ON requests (thing_id, kind) WHERE state = 'pending';
CREATE INDEX requests_of_account ON requests (account_id, created_at);
CREATE INDEX requests_of_user ON requests (user_id);
CREATE INDEX requests_pending ON requests (created_at, id) WHERE state = 'pending';

-- "Ask NAME for access" (R6): who asked whom for what.
CREATE TABLE asks (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    asked_id TEXT NOT NULL,
    permission TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX asks_of_contact ON asks (contact_id, created_at);

-- Links that sign on to a control panel once, for a minute. Only the SHA-256 of the link's secret is kept.
CREATE TABLE sign_ons (
    token_hash TEXT PRIMARY KEY,
    service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX sign_ons_by_expiry ON sign_ons (expires_at);
CREATE INDEX sign_ons_of_contact ON sign_ons (contact_id);
CREATE INDEX sign_ons_of_service ON sign_ons (service_id);
