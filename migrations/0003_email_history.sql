-- The e-mail history of an account, newest first.
CREATE INDEX outbox_history ON outbox (account_id, created_at, id);
