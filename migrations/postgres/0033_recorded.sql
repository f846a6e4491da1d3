-- Of an input that no mail brought and a person recorded: by which way it came, and on whose word that is known.
ALTER TABLE message ADD COLUMN way TEXT;
ALTER TABLE message ADD COLUMN authority TEXT;
CREATE INDEX message_way ON message (id) WHERE way IS NOT NULL;
