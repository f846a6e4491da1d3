-- A secret that opens the feeds of its person and nothing else: calendars send no token.
ALTER TABLE api_token ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
