-- Messages that leave the city: services/notifications/domain/delivery.h. A row belongs to a post
-- or to a notice.
CREATE TABLE deliveries (
  id          TEXT PRIMARY KEY,          -- ULID
  subscriber  TEXT NOT NULL,             -- "residents/{id}", "devices/{id}"
  channel     BIGINT NOT NULL,           -- Channel
  endpoint    TEXT NOT NULL,             -- id of a push subscription or webhook; '' for a contact
  post        BIGINT,                    -- alert_posts.seq
  notice      BIGINT,                    -- notifications.seq
  digest      BIGINT,                    -- rows with the same one leave as one message
  severity    BIGINT NOT NULL,           -- Severity
  state       BIGINT NOT NULL DEFAULT 1, -- DeliveryState: queued
  attempt     BIGINT NOT NULL DEFAULT 0,
  error       TEXT NOT NULL DEFAULT '',
  due_time    BIGINT NOT NULL,
  create_time BIGINT NOT NULL
);
-- A fan-out that is repeated writes nothing twice.
CREATE UNIQUE INDEX deliveries_of_post ON deliveries (post, subscriber, channel, endpoint)
  WHERE post IS NOT NULL;
CREATE UNIQUE INDEX deliveries_of_notice ON deliveries (notice, subscriber, channel, endpoint)
  WHERE notice IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (channel, severity, due_time) WHERE state IN (1, 2);
CREATE INDEX deliveries_of_digest ON deliveries (digest, subscriber, channel, endpoint)
  WHERE digest IS NOT NULL AND state IN (1, 2);
CREATE INDEX deliveries_given_up ON deliveries (state, id) WHERE state IN (4, 5);

-- Browsers that get messages (RFC 8030). The endpoint is a secret: who has it may send.
CREATE TABLE push_subscriptions (
  id          TEXT PRIMARY KEY,          -- ULID
  subscriber  TEXT NOT NULL,
  endpoint    TEXT NOT NULL UNIQUE,
  p256dh      BYTEA NOT NULL,            -- the browser's public key, 65 bytes
  auth        BYTEA NOT NULL,            -- its authentication secret, 16 bytes
  expire_time BIGINT,                    -- as the browser said
  create_time BIGINT NOT NULL
);
CREATE INDEX push_subscriptions_by_subscriber ON push_subscriptions (subscriber, id);

-- Systems of others that get messages.
CREATE TABLE webhooks (
  id            TEXT PRIMARY KEY,        -- ULID
  subscriber    TEXT NOT NULL,
  messenger     TEXT NOT NULL,           -- name of a configured messenger, or ''
  sealed_target BYTEA NOT NULL,          -- the URL, or the address in the messenger
  sealed_secret BYTEA NOT NULL,          -- of the signature
  create_time   BIGINT NOT NULL
);
CREATE INDEX webhooks_by_subscriber ON webhooks (subscriber, id);
