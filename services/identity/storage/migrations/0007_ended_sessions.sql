-- Sessions that ended before they expired, until their access tokens have expired.
CREATE TABLE ended_sessions (
  session  TEXT PRIMARY KEY,
  end_time BIGINT NOT NULL
);
CREATE INDEX ended_sessions_by_time ON ended_sessions (end_time);
