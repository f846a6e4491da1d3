-- How large a file of a Maildir was when it was taken in, and when it had last been changed: one that is not so any more is
-- looked at again. Of a message on a server that is tried by itself: the size that was announced. Of what was taken in
-- before nothing is known.
ALTER TABLE sighting ADD COLUMN size INTEGER;
ALTER TABLE sighting ADD COLUMN modified INTEGER;

-- What a message was before its file grew; append-only.
CREATE TABLE earlier_original (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES message (id),
    sha256      TEXT NOT NULL REFERENCES original (sha256),
    identity    TEXT NOT NULL,
    until       INTEGER NOT NULL
) STRICT;
CREATE INDEX earlier_original_message ON earlier_original (message_id);
CREATE INDEX earlier_original_identity ON earlier_original (identity);
CREATE INDEX earlier_original_sha256 ON earlier_original (sha256);
