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
CREATE INDEX poll_keys_undestroyed ON poll_keys (close_time) WHERE destroy_time IS NULL;

-- The life of each key; never pruned.
CREATE TABLE key_log (
  poll     TEXT NOT NULL,
  event    TEXT NOT NULL,          -- veche.issuer.poll_key_created, veche.issuer.poll_key_destroyed
  cause    TEXT NOT NULL,          -- CALL or CLOSE_TIME
  log_time BIGINT NOT NULL,
  PRIMARY KEY (poll, event)
);

-- The Ed25519 key of the issuer's statements.
CREATE TABLE statement_keys (
  generation BIGINT PRIMARY KEY,
  sealed_pem BYTEA NOT NULL
);
