-- Addresses that mail does not reach, until a message arrives there again.
CREATE TABLE undeliverable (
    email_key TEXT PRIMARY KEY,
    since BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX undeliverable_by_age ON undeliverable (last_at);
INSERT INTO undeliverable (email_key, since, last_at, reason)
SELECT lower(o.to_email), coalesce(o.failed_at, o.created_at), coalesce(o.failed_at, o.created_at), o.last_error
FROM outbox o
WHERE o.state = 'failed' AND o.last_error NOT LIKE 'not sent:%' AND o.id = (SELECT n.id FROM outbox n
    WHERE lower(n.to_email) = lower(o.to_email) ORDER BY n.created_at DESC, n.id DESC LIMIT 1);
