BEGIN TRANSACTION;
CREATE TABLE activations (
  seq BIGINT NOT NULL PRIMARY KEY,
  version TEXT NOT NULL,
  below BIGINT NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  forced BOOLEAN NOT NULL,
  activate_time BIGINT NOT NULL
);
CREATE TABLE consumer_cursors (
  name TEXT PRIMARY KEY,
  log TEXT NOT NULL,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
INSERT INTO "consumer_cursors" VALUES('classification','appeals','0.6',1796117192374618);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time BIGINT NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE examples (
  appeal TEXT NOT NULL,
  kind BIGINT NOT NULL,
  decision BIGINT NOT NULL,
  label TEXT NOT NULL,
  previous TEXT NOT NULL,
  staff TEXT NOT NULL,
  decide_time BIGINT NOT NULL,
  model TEXT NOT NULL,
  suggested TEXT NOT NULL,
  shadow_model TEXT NOT NULL,
  shadow TEXT NOT NULL, place TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (appeal, kind)
);
CREATE TABLE followers (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (caller, key)
);
CREATE TABLE model_chunks (
  version TEXT NOT NULL,
  chunk BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (version, chunk)
);
CREATE TABLE model_pairs (
  version TEXT NOT NULL,
  staff TEXT NOT NULL,
  cases BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  PRIMARY KEY (version, staff)
);
CREATE TABLE models (
  version TEXT NOT NULL PRIMARY KEY,
  state BIGINT NOT NULL,
  source TEXT NOT NULL,
  examples BIGINT NOT NULL,
  categories BIGINT NOT NULL,
  accuracy DOUBLE PRECISION NOT NULL,
  reason TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  scores BYTEA NOT NULL
);
CREATE TABLE routings (
  appeal TEXT NOT NULL PRIMARY KEY,
  category TEXT NOT NULL,
  department TEXT NOT NULL,
  model TEXT NOT NULL,
  confident BOOLEAN NOT NULL,
  route_time BIGINT NOT NULL,
  shadow_model TEXT NOT NULL,
  shadow TEXT NOT NULL
);
INSERT INTO "routings" VALUES('appeals/01m8retqmcdtv52nb5mgjgya91','categories/road_surface','departments/roads','0718e9c7c619',1,1796117192346048,'','');
INSERT INTO "routings" VALUES('appeals/01m8retqmtyhrgmxj2vf67q1dn','categories/yard_potholes','departments/roads','0718e9c7c619',1,1796117192356681,'','');
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, apply_time BIGINT NOT NULL);
INSERT INTO "schema_migrations" VALUES('0000_events','edfc784499c2db8d',1796117191233909);
INSERT INTO "schema_migrations" VALUES('0000_idempotency','09e76d2c8242dda6',1796117191234706);
INSERT INTO "schema_migrations" VALUES('0001_classification','98567793dbc91d9b',1796117191235034);
INSERT INTO "schema_migrations" VALUES('0002_learning','ff6db0013fdadebc',1796117191235652);
INSERT INTO "schema_migrations" VALUES('0003_pairs','ad876d5b781d8300',1796117191236166);
INSERT INTO "schema_migrations" VALUES('0004_places','6095add4d6500674',1796117191236543);
CREATE TABLE trainings (
  id TEXT NOT NULL PRIMARY KEY,
  state BIGINT NOT NULL,
  requester TEXT NOT NULL,
  owner TEXT NOT NULL,
  lease_time BIGINT NOT NULL,
  start_time BIGINT NOT NULL,
  end_time BIGINT,
  version TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (create_time);
CREATE INDEX routings_by_time ON routings (route_time, appeal);
CREATE INDEX routings_by_shadow ON routings (shadow_model, route_time);
CREATE INDEX examples_by_time ON examples (kind, decide_time, appeal);
CREATE INDEX examples_by_shadow ON examples (shadow_model, decide_time);
CREATE INDEX models_by_time ON models (create_time);
CREATE INDEX activations_by_version ON activations (version);
CREATE UNIQUE INDEX trainings_running ON trainings (state) WHERE state = 1;
CREATE INDEX trainings_by_time ON trainings (start_time);
DELETE FROM "sqlite_sequence";
COMMIT;
