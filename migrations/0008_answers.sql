-- Answers at one look: whom an entry is about, what became of a request for access, from where somebody signed in last.

-- The contact that an entry is about, beside who made it. The code does not cover it, like the text that is searched.
ALTER TABLE activity ADD COLUMN subject_id TEXT NOT NULL DEFAULT '';
CREATE INDEX activity_about ON activity (scope_id, subject_id, at, id) WHERE subject_id <> '';
CREATE INDEX activity_of_actor ON activity (scope_id, actor_id, at, id);

-- A request for access waits until it was granted or refused.
ALTER TABLE asks ADD COLUMN decided_at BIGINT;
CREATE INDEX asks_waiting ON asks (account_id, created_at) WHERE decided_at IS NULL;

-- Browser and address of the last sign-in: "Firefox on Linux · 203.0.113.7".
ALTER TABLE users ADD COLUMN last_sign_in_from TEXT NOT NULL DEFAULT '';

-- When somebody last changed over to this account, so that the switcher shows the recent ones first.
ALTER TABLE contacts ADD COLUMN entered_at BIGINT NOT NULL DEFAULT 0;

-- Whoever invited wants to hear that it was accepted.
ALTER TABLE invitations ADD COLUMN tell_inviter BOOLEAN NOT NULL DEFAULT TRUE;

-- The views of the table of contacts, in the order of names.
DROP INDEX contacts_active;
CREATE INDEX contacts_mail_only ON contacts (account_id, name_key, id) WHERE status = 'active' AND NOT can_log_in;

-- What needs somebody's attention is found without reading every service and domain.
CREATE INDEX services_suspended ON services (account_id, name_key) WHERE status = 'suspended';
CREATE INDEX domains_by_end ON domains (account_id, expires_at) WHERE status IN ('active', 'expired') AND NOT auto_renew;
CREATE INDEX domains_in_use ON domains (account_id) WHERE status = 'active';
