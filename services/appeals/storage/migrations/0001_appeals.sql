-- Narrow columns first: what filters and lists read never touches the texts behind them.
CREATE TABLE appeals (
  ord BIGINT PRIMARY KEY,
  id TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  version BIGINT NOT NULL,
  class BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  state BIGINT NOT NULL,
  visibility BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  district TEXT NOT NULL,
  category TEXT NOT NULL,
  department TEXT NOT NULL,
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  cell BIGINT,
  due_order BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  registered_at BIGINT,
  due_at BIGINT,
  resolved_at BIGINT,
  next_check_at BIGINT,
  alarm BIGINT NOT NULL,
  clock_registered_at BIGINT,
  response_hours BIGINT NOT NULL,
  paused_at BIGINT,
  paused_working_us BIGINT NOT NULL,
  paused_days BIGINT NOT NULL,
  legal_profile TEXT NOT NULL,
  rating BIGINT NOT NULL,
  supporter_count BIGINT NOT NULL,
  attachment_count BIGINT NOT NULL,
  entry_count BIGINT NOT NULL,
  routed BOOLEAN NOT NULL,
  author TEXT NOT NULL,
  assignee TEXT NOT NULL,
  language TEXT NOT NULL,
  channel TEXT NOT NULL,
  merged_into TEXT NOT NULL,
  follow_token_hash TEXT NOT NULL,
  address TEXT NOT NULL,
  advice TEXT NOT NULL,
  answer TEXT NOT NULL,
  masked_text TEXT NOT NULL,
  text TEXT NOT NULL
);

-- Public lists: newest first, each filter with an index of its own (visibility 1 = PUBLIC).
CREATE INDEX appeals_public_recent ON appeals (ord, latitude, longitude) WHERE visibility = 1;
CREATE INDEX appeals_public_district ON appeals (district, ord) WHERE visibility = 1;
CREATE INDEX appeals_public_category ON appeals (category, ord) WHERE visibility = 1;
CREATE INDEX appeals_public_department ON appeals (department, ord) WHERE visibility = 1;
CREATE INDEX appeals_public_state ON appeals (state, ord) WHERE visibility = 1;
CREATE INDEX appeals_public_kind ON appeals (kind, ord) WHERE visibility = 1;
CREATE INDEX appeals_public_cell ON appeals (cell, ord) WHERE visibility = 1;
CREATE INDEX appeals_author ON appeals (author, ord);

-- Inboxes: what is open (states to 5 = NEEDS_INFO) by due time, what is over by age.
CREATE INDEX appeals_inbox_all ON appeals (due_order, ord) WHERE state <= 5;
CREATE INDEX appeals_inbox_department ON appeals (department, due_order, ord) WHERE state <= 5;
CREATE INDEX appeals_inbox_assignee ON appeals (assignee, due_order, ord) WHERE state <= 5;
CREATE INDEX appeals_over ON appeals (state, ord) WHERE state > 5;
CREATE INDEX appeals_over_department ON appeals (department, state, ord) WHERE state > 5;

CREATE INDEX appeals_next_check ON appeals (next_check_at) WHERE next_check_at IS NOT NULL;

-- Messages are entries of the types COMMENT and NOTE.
CREATE TABLE timeline (
  appeal BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  at BIGINT NOT NULL,
  type TEXT NOT NULL,
  state BIGINT,
  party BIGINT NOT NULL,
  actor TEXT NOT NULL,
  department TEXT NOT NULL,
  audience BIGINT NOT NULL,
  comment_for_parties BOOLEAN NOT NULL,
  comment TEXT NOT NULL,
  PRIMARY KEY (appeal, entry)
);

-- Who supports (kind 1) and follows (kind 2) what.
CREATE TABLE ties (
  appeal BIGINT NOT NULL,
  resident TEXT NOT NULL,
  kind BIGINT NOT NULL,
  PRIMARY KEY (appeal, resident, kind)
);

CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  blob TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  appeal BIGINT,
  appeal_id TEXT NOT NULL DEFAULT '',
  entry BIGINT,
  position BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX attachments_appeal ON attachments (appeal, entry, position) WHERE appeal IS NOT NULL;

-- The next free number of a year; processes take blocks of them.
CREATE TABLE numbers (
  year BIGINT PRIMARY KEY,
  next BIGINT NOT NULL
);

CREATE TABLE imports (
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  appeal BIGINT NOT NULL,
  PRIMARY KEY (source, source_id)
);
