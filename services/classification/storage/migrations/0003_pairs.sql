-- How a candidate and the model in use did on the newest decisions, by who decided.
CREATE TABLE model_pairs (
  version TEXT NOT NULL,
  staff TEXT NOT NULL,
  cases BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  PRIMARY KEY (version, staff)
);
