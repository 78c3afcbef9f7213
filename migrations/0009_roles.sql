-- Custom roles: sets of permissions that an account has saved under a name and gives like a preset. What a role gives on single services and
-- domains stands in grants, with the role as the holder.
CREATE TABLE roles (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    -- The name in small letters.
    name_key TEXT NOT NULL,
    permissions TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_by_name ON roles (account_id, name_key);
