-- What the classifier said of each routed appeal, until a person decides or it is too old.
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
CREATE INDEX routings_by_time ON routings (route_time, appeal);
CREATE INDEX routings_by_shadow ON routings (shadow_model, route_time);

-- What staff decided: the latest word on each appeal and kind of label is an example to learn from.
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
  shadow TEXT NOT NULL,
  PRIMARY KEY (appeal, kind)
);
CREATE INDEX examples_by_time ON examples (kind, decide_time, appeal);
CREATE INDEX examples_by_shadow ON examples (shadow_model, decide_time);
INSERT INTO examples (appeal, kind, decision, label, previous, staff, decide_time, model, suggested,
                      shadow_model, shadow)
  SELECT appeal, 1, 3, category, '', staff, create_time, '', '', '', '' FROM corrections;
DROP TABLE corrections;

-- Models of this city; the built-in one has no row.
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
CREATE INDEX models_by_time ON models (create_time);
CREATE TABLE model_chunks (
  version TEXT NOT NULL,
  chunk BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (version, chunk)
);

-- Which model is in use: the newest row. `below` is the row to go back to, 0 for the built-in one.
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

CREATE INDEX activations_by_version ON activations (version);

-- Runs that make candidates; one at a time, by a process that renews its lease.
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
CREATE UNIQUE INDEX trainings_running ON trainings (state) WHERE state = 1;
CREATE INDEX trainings_by_time ON trainings (start_time);
