-- The main address gets a copy of every ticket, unless whoever keeps the account's details wants none.
ALTER TABLE accounts ADD COLUMN no_copies BOOLEAN NOT NULL DEFAULT FALSE;
