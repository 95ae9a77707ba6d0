-- SHA-256 of the public key (SubjectPublicKeyInfo); NULL in entries that are older than this column.
ALTER TABLE key_log ADD COLUMN key_hash BYTEA;
