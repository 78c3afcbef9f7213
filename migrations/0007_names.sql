-- The words that code and screens use: an asset is a service or a domain; a sign-in is pending until its second factor is proved.
ALTER TABLE grants RENAME COLUMN thing_id TO asset_id;
ALTER TABLE requests RENAME COLUMN thing_id TO asset_id;
ALTER TABLE asks RENAME COLUMN thing_id TO asset_id;

ALTER TABLE half_sign_ins RENAME TO pending_sign_ins;
DROP INDEX half_sign_ins_of_user;
DROP INDEX half_sign_ins_by_expiry;
CREATE INDEX pending_sign_ins_of_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);
