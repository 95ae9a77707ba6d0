BEGIN TRANSACTION;
CREATE TABLE categories (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  category_group TEXT NOT NULL,
  group_title TEXT NOT NULL,
  department TEXT NOT NULL REFERENCES departments (id),
  response_hours BIGINT NOT NULL CHECK (response_hours > 0),
  legal_profile TEXT NOT NULL
);
INSERT INTO "categories" VALUES('road_surface','Ямы','roads','Дороги','roads',120,'ru-59fz');
CREATE TABLE city_version (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL
, reference_version BIGINT NOT NULL DEFAULT 0, changes_from BIGINT NOT NULL DEFAULT 0);
INSERT INTO "city_version" VALUES(1,9,7,0);
CREATE TABLE departments (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  kind TEXT NOT NULL,
  phones TEXT NOT NULL
);
INSERT INTO "departments" VALUES('roads','Дороги','roads','');
CREATE TABLE districts (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  area_km2 DOUBLE PRECISION NOT NULL,
  label_latitude DOUBLE PRECISION NOT NULL,
  label_longitude DOUBLE PRECISION NOT NULL,
  boundary TEXT NOT NULL,
  attribution TEXT NOT NULL
, population BIGINT);
INSERT INTO "districts" VALUES('centre','Центр',4.16987542808893351786e+02,5.58000000000000042623e+01,49.15,'{"coordinates":[[[49,55.7],[49.3,55.7],[49.3,55.9],[49,55.9],[49,55.7]]],"type":"Polygon"}','',NULL);
CREATE TABLE entries (
  name TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  change BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  confirm_time BIGINT NOT NULL,
  delete_time BIGINT,
  document BYTEA NOT NULL
);
CREATE TABLE entry_changes (
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  time BIGINT NOT NULL,
  action BIGINT NOT NULL,
  editor TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (name, version)
);
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (caller, key)
);
CREATE TABLE organization_categories (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  map_layer BOOLEAN NOT NULL
);
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, apply_time BIGINT NOT NULL);
INSERT INTO "schema_migrations" VALUES('0000_idempotency','09e76d2c8242dda6',1796117191189825);
INSERT INTO "schema_migrations" VALUES('0001_directory','08d464ce603fcba6',1796117191192420);
INSERT INTO "schema_migrations" VALUES('0002_entries','16cb340c545e7b2b',1796117191193053);
CREATE TABLE titles (
  resource TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (resource, language)
);
INSERT INTO "titles" VALUES('districts/centre','en','Centre');
INSERT INTO "titles" VALUES('districts/centre','ru','Центр');
INSERT INTO "titles" VALUES('departments/roads','en','Roads');
INSERT INTO "titles" VALUES('departments/roads','ru','Дороги');
INSERT INTO "titles" VALUES('categories/road_surface','en','Road surface');
INSERT INTO "titles" VALUES('categories/road_surface','ru','Ямы');
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (create_time);
CREATE INDEX entries_by_change ON entries (change);
CREATE INDEX entries_by_delete_time ON entries (delete_time) WHERE delete_time IS NOT NULL;
COMMIT;
