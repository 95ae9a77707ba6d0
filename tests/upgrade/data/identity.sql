BEGIN TRANSACTION;
CREATE TABLE challenges (
  id             TEXT PRIMARY KEY,
  lookup         TEXT NOT NULL,
  kind           TEXT NOT NULL,
  sealed_contact BYTEA NOT NULL,
  code_hash      BYTEA NOT NULL,
  tries          BIGINT NOT NULL,
  used           BOOLEAN NOT NULL,
  create_time    BIGINT NOT NULL,
  expire_time    BIGINT NOT NULL
);
INSERT INTO "challenges" VALUES('d3pVzMRUtbkLT587wdaNhg','46a86050aa55f6f49e485700b03ff878664f3bdf99af7f67bdf75a288617336a','EMAIL',X'E2F377197E2BB1E164EAC8456A1B9B510B00220D9B3FB41C95FC51671BB0AE2787999EA2C6B8F52F2EC2273AC0',X'5604F9DFBAD7390D7AC5FDF9F16919C4EFADCCC2EFAEFBF1D7B7BB71B3E2E300',1,1,1796117192322338,1796117792322338);
CREATE TABLE code_senders (
  lookup    TEXT PRIMARY KEY,
  last_time BIGINT NOT NULL
);
INSERT INTO "code_senders" VALUES('46a86050aa55f6f49e485700b03ff878664f3bdf99af7f67bdf75a288617336a',1796113592322338);
CREATE TABLE consents (
  resident   TEXT NOT NULL,
  purpose    TEXT NOT NULL,
  grant_time BIGINT NOT NULL,
  PRIMARY KEY (resident, purpose)
);
INSERT INTO "consents" VALUES('01m8retqma1yw2s3e554zns7y3','personal_data',1796117192330493);
CREATE TABLE consumer_cursors (
  name TEXT PRIMARY KEY,
  log TEXT NOT NULL,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
CREATE TABLE contacts (
  resident      TEXT NOT NULL,
  position      BIGINT NOT NULL,
  kind          TEXT NOT NULL,
  lookup        TEXT UNIQUE,             -- keyed hash; NULL for a guest's, which nobody looks up
  sealed_value  BYTEA NOT NULL,
  confirm_time  BIGINT,
  PRIMARY KEY (resident, position)
);
INSERT INTO "contacts" VALUES('01m8retqma1yw2s3e554zns7y3',0,'EMAIL','46a86050aa55f6f49e485700b03ff878664f3bdf99af7f67bdf75a288617336a',X'1D2D6E057E0D16527DAFDD9CC03C6EFF2FEF416C2CBDCF4772EDD74A854785536496660AF5815119144FB69CE9',1796117192330493);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  time BIGINT NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE feedback (
  id             TEXT PRIMARY KEY,       -- ULID
  sealed_text    BYTEA NOT NULL,
  sealed_contact BYTEA NOT NULL,         -- of "" without a contact
  page           TEXT NOT NULL,
  language       TEXT NOT NULL,
  create_time    BIGINT NOT NULL
);
CREATE TABLE followers (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  update_time BIGINT NOT NULL
);
INSERT INTO "followers" VALUES('notifications','',1796117192306562);
CREATE TABLE guesses (
  lookup    TEXT PRIMARY KEY,            -- keyed hash of the login
  failures  BIGINT NOT NULL,
  last_time BIGINT NOT NULL
);
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (caller, key)
);
CREATE TABLE messages (
  id             TEXT PRIMARY KEY,
  request        TEXT NOT NULL UNIQUE,
  resident       TEXT NOT NULL,
  sealed_subject BYTEA NOT NULL,
  sealed_body    BYTEA NOT NULL,
  attempts       BIGINT NOT NULL,
  due_time       BIGINT NOT NULL,
  create_time    BIGINT NOT NULL,
  sent_time      BIGINT
, state BIGINT NOT NULL DEFAULT 1, channel BIGINT NOT NULL DEFAULT 1, queue BIGINT NOT NULL DEFAULT 1, provider_key TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '', sealed_html BYTEA, sealed_unsubscribe_url BYTEA, dead_time BIGINT);
INSERT INTO "messages" VALUES('01m8retqnarsezxhr97sgcbmra','services/notifications
9IUXC8Nw9o7p1Aggd_9g7Ka4T6k','01m8retqma1yw2s3e554zns7y3',X'',X'',1,1796117372365819,1796117192362826,1796117192367000,3,1,1,'01m8retqnarsezxhr97sgcbmra','',NULL,NULL,NULL);
INSERT INTO "messages" VALUES('01m8retqnvkmq6e05c524944ae','services/notifications
Bj2f-yUqHYUJGtiD6c5Ar4UhwGA','01m8retqma1yw2s3e554zns7y3',X'',X'',1,1796117372380023,1796117192379481,1796117192381791,3,1,1,'01m8retqnvkmq6e05c524944ae','',NULL,NULL,NULL);
CREATE TABLE resident_keys (
  resident TEXT PRIMARY KEY,
  wrapped  BYTEA NOT NULL
);
INSERT INTO "resident_keys" VALUES('01m8retqma1yw2s3e554zns7y3',X'36B0025B5BF07E13AF2087526E1169CA4D3B7CAAD93AC28230B92D0F8AED4F2E7884102A93512A3A12A3936D7F803684CC35CC8D22C862687B001659');
CREATE TABLE residents (
  id                  TEXT PRIMARY KEY,
  guest               BOOLEAN NOT NULL,
  guest_request       TEXT UNIQUE,       -- what RegisterGuest was asked with
  sealed_display_name BYTEA NOT NULL,
  locale              TEXT NOT NULL,
  home_district       TEXT NOT NULL,
  create_time         BIGINT NOT NULL
);
INSERT INTO "residents" VALUES('01m8retqma1yw2s3e554zns7y3',0,NULL,X'9E895C99995AD02C100B672BA5275185161C8170054D9C8B6DAC17A8','en','',1796117192330493);
CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, apply_time BIGINT NOT NULL);
INSERT INTO "schema_migrations" VALUES('0000_events','edfc784499c2db8d',1796117191102964);
INSERT INTO "schema_migrations" VALUES('0000_idempotency','09e76d2c8242dda6',1796117191106110);
INSERT INTO "schema_migrations" VALUES('0001_identity','1ee4ab003438df7d',1796117191106828);
INSERT INTO "schema_migrations" VALUES('0002_verifications','0960e310353fd4b7',1796117191109621);
INSERT INTO "schema_migrations" VALUES('0003_home_districts','0e51d3393b65f01c',1796117191110023);
INSERT INTO "schema_migrations" VALUES('0004_message_queue','6647182dd04248fb',1796117191111004);
INSERT INTO "schema_migrations" VALUES('0005_feedback','c274dbdf571a8f08',1796117191113620);
INSERT INTO "schema_migrations" VALUES('0006_document_districts','2329d40c43134b79',1796117191113978);
CREATE TABLE sessions (
  id            TEXT PRIMARY KEY,
  principal     TEXT NOT NULL,
  token_hash    TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  rotate_time   BIGINT NOT NULL,
  expire_time   BIGINT NOT NULL
);
INSERT INTO "sessions" VALUES('01m8retqma8zpz6ywsckf2cmxn','residents/01m8retqma1yw2s3e554zns7y3','12349942e80383c1ff1338ddc1ffadfacd69601133dff5813ab242cc249a5906','',1796117192330653,1798709192330653);
CREATE TABLE signing_keys (
  generation BIGINT PRIMARY KEY,
  sealed_pem BYTEA NOT NULL
);
INSERT INTO "signing_keys" VALUES(1,X'B06CF8D7BD12C6515333DD5891CCDC6D778366ED7D6E8E06CA18AB123632854784455D0D7A8ADBAE88B5ED43CDBB3F9398E32CDB47B8DB7977EA87085C435847892B908049E9C9C40078CFC510CACC79ADAFAA2DE21B255981902F928F7A09D81F4E4610050FE74AB867754318A34192B342F3FD45BC30CDD717AD9592A464CA6EE6B1C006EA336CB6D236817E058782785751');
CREATE TABLE staff (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  display_name  TEXT NOT NULL,
  locale        TEXT NOT NULL,
  home_district TEXT NOT NULL,
  roles         TEXT NOT NULL,           -- "OFFICER,EDITOR"
  department    TEXT NOT NULL,
  disabled      BOOLEAN NOT NULL,
  create_time   BIGINT NOT NULL
);
INSERT INTO "staff" VALUES('01m8retpwn2ge6dfefmvrbpcwf','boss','$argon2id$v=19$m=19456,t=2,p=1$ODpNi9PQ9P8UW5hdgiTaAQ$UsEKly3CLM7aNS/YMIkttSzgDRb8xklSibXJp7NKosI','boss','ru','','ADMIN','',0,1796117191573247);
CREATE TABLE staff_actions (
  id          TEXT PRIMARY KEY,            -- ULID
  staff       TEXT NOT NULL,
  resident    TEXT NOT NULL,               -- '' when nobody was found
  action      TEXT NOT NULL,               -- FIND, VERIFY, UNVERIFY
  action_time BIGINT NOT NULL
);
CREATE TABLE verifications (
  resident             TEXT PRIMARY KEY,
  sealed_birth_date    BYTEA NOT NULL,
  sealed_document_kind BYTEA NOT NULL,
  birth_year           BIGINT NOT NULL,
  district             TEXT NOT NULL,      -- "districts/{id}" or ''
  staff                TEXT NOT NULL,
  verify_time          BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (create_time);
CREATE INDEX code_senders_by_time ON code_senders (last_time);
CREATE INDEX challenges_by_contact ON challenges (lookup, create_time);
CREATE INDEX challenges_by_time ON challenges (create_time);
CREATE INDEX guesses_by_time ON guesses (last_time);
CREATE INDEX sessions_by_principal ON sessions (principal);
CREATE INDEX sessions_by_time ON sessions (expire_time);
CREATE INDEX messages_due ON messages (due_time, id) WHERE sent_time IS NULL;
CREATE INDEX messages_sent ON messages (sent_time) WHERE sent_time IS NOT NULL;
CREATE INDEX verifications_by_year ON verifications (birth_year);
CREATE INDEX residents_by_home ON residents (home_district, id) WHERE NOT guest;
CREATE INDEX residents_not_guests ON residents (id) WHERE NOT guest;
CREATE INDEX messages_to_send ON messages (channel, queue, due_time, id) WHERE sent_time IS NULL;
CREATE INDEX messages_by_state ON messages (state, id);
CREATE INDEX feedback_by_time ON feedback (create_time);
CREATE INDEX verifications_by_district ON verifications (district, resident);
DELETE FROM "sqlite_sequence";
COMMIT;
