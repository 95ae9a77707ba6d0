-- The queue of messages by channel and provider. A release before this one ignores these columns; it
-- finds no dead message, because the due time of a dead message never comes.
ALTER TABLE messages ADD COLUMN state BIGINT NOT NULL DEFAULT 1;          -- MessageState
ALTER TABLE messages ADD COLUMN channel BIGINT NOT NULL DEFAULT 1;        -- Channel
ALTER TABLE messages ADD COLUMN queue BIGINT NOT NULL DEFAULT 1;          -- 0: overtakes those of 1
ALTER TABLE messages ADD COLUMN provider_key TEXT NOT NULL DEFAULT '';    -- since the first attempt
ALTER TABLE messages ADD COLUMN error TEXT NOT NULL DEFAULT '';           -- "SMTP 550"; nothing personal
ALTER TABLE messages ADD COLUMN sealed_html BYTEA;                        -- NULL: plain text alone
ALTER TABLE messages ADD COLUMN sealed_unsubscribe_url BYTEA;             -- NULL: no such link
ALTER TABLE messages ADD COLUMN dead_time BIGINT;

UPDATE messages SET state = 3 WHERE sent_time IS NOT NULL;
UPDATE messages SET channel = 2 WHERE resident IN
  (SELECT resident FROM contacts WHERE kind = 'PHONE' AND position = 0);

CREATE INDEX messages_to_send ON messages (channel, queue, due_time, id) WHERE sent_time IS NULL;
CREATE INDEX messages_by_state ON messages (state, id);
