-- Why an appeal has its department.
ALTER TABLE appeals ADD COLUMN routing_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appeals ADD COLUMN routing_rule TEXT NOT NULL DEFAULT '';
ALTER TABLE appeals ADD COLUMN routing_title TEXT NOT NULL DEFAULT '';
ALTER TABLE appeals ADD COLUMN routing_probability DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE appeals ADD COLUMN routing_model TEXT NOT NULL DEFAULT '';
ALTER TABLE appeals ADD COLUMN routing_previous_category TEXT NOT NULL DEFAULT '';

-- The city's rules of routing: each version whole, the newest in force. The content is JSON.
CREATE TABLE routing_rules (
  version BIGINT PRIMARY KEY,
  content TEXT NOT NULL,
  updater TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
