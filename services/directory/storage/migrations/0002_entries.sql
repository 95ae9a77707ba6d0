-- The version of the last import of districts, departments and categories, and the version below
-- which deletions of entries may be forgotten.
ALTER TABLE city_version ADD COLUMN reference_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE city_version ADD COLUMN changes_from BIGINT NOT NULL DEFAULT 0;

ALTER TABLE districts ADD COLUMN population BIGINT;

CREATE TABLE organization_categories (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  map_layer BOOLEAN NOT NULL
);

-- Organizations and e-services; name is a full name such as 'organizations/library'. `change` is the
-- version of the directory (city_version) that brought the last change of the entry. `document` is
-- the entry as a message of the API, without its state.
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
CREATE INDEX entries_by_change ON entries (change);
CREATE INDEX entries_by_delete_time ON entries (delete_time) WHERE delete_time IS NOT NULL;

-- Who changed which fields of an entry; `fields` are separated by spaces.
CREATE TABLE entry_changes (
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  time BIGINT NOT NULL,
  action BIGINT NOT NULL,
  editor TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (name, version)
);
