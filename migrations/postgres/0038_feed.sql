-- A secret that opens the feeds of its person and nothing else: calendars send no token.
ALTER TABLE api_token ADD COLUMN feed BIGINT NOT NULL DEFAULT 0;
