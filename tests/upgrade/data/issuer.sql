BEGIN TRANSACTION;
CREATE TABLE credentials (
  poll         TEXT NOT NULL,
  resident     TEXT NOT NULL,      -- "residents/{id}"
  message_hash BYTEA NOT NULL,     -- SHA-256 of the blinded message
  district     TEXT NOT NULL,      -- for which the resident is counted; may be ''
  PRIMARY KEY (poll, resident)
) WITHOUT ROWID;
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (caller, key)
);
CREATE TABLE key_log (
  poll     TEXT NOT NULL,
  event    TEXT NOT NULL,          -- veche.issuer.poll_key_created, veche.issuer.poll_key_destroyed
  cause    TEXT NOT NULL,          -- CALL or CLOSE_TIME
  log_time BIGINT NOT NULL, key_hash BYTEA,
  PRIMARY KEY (poll, event)
);
CREATE TABLE poll_keys (
  poll         TEXT PRIMARY KEY,
  min_age      BIGINT NOT NULL,
  verified     BOOLEAN NOT NULL,
  districts    TEXT NOT NULL,      -- names, one on a line
  open_time    BIGINT NOT NULL,
  close_time   BIGINT NOT NULL,
  public_key   BYTEA NOT NULL,     -- SubjectPublicKeyInfo, DER
  sealed_key   BYTEA NOT NULL,     -- empty once destroyed
  destroy_time BIGINT              -- NULL while the private key exists
);
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, apply_time BIGINT NOT NULL);
INSERT INTO "schema_migrations" VALUES('0000_idempotency','09e76d2c8242dda6',1796117191281862);
INSERT INTO "schema_migrations" VALUES('0001_poll_keys','a4d51ce66346ee4e',1796117191282596);
INSERT INTO "schema_migrations" VALUES('0002_credentials','29ed0ca2d8e52bd1',1796117191282944);
INSERT INTO "schema_migrations" VALUES('0003_key_fingerprint','60a64022d2cfd592',1796117191283260);
CREATE TABLE statement_keys (
  generation BIGINT PRIMARY KEY,
  sealed_pem BYTEA NOT NULL
);
INSERT INTO "statement_keys" VALUES(1,X'0914D5EA820A90F90C96686237BC1586BBF050E376B8E60E224D34D8EA81FEB518649380EE4CD289ECF95C0E9667399BE856A8BA3884A2CF484FC3DC4D7AFADB70A0C38F6A7354B5246DF2A50A177F9C643837F6C0480D58009F0BFCBD29949A738BB49655586B57979DA2EB8D224F6FD85AF9763619BD8C6EDFC8B4D4DA5EDA492A59116AF011256599F1A20F79F12C751D69');
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (create_time);
CREATE INDEX poll_keys_undestroyed ON poll_keys (close_time) WHERE destroy_time IS NULL;
COMMIT;
