-- Notes of officers on an entry. None is ever changed; one that does not hold is struck, and stays.
CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    at INTEGER NOT NULL,
    noted_by TEXT NOT NULL,
    text TEXT NOT NULL,
    struck_at INTEGER,
    struck_by TEXT
) STRICT;
CREATE INDEX note_of_message ON note (message_id);

-- Who is in charge of an entry, if somebody is.
CREATE TABLE in_charge (
    message_id INTEGER NOT NULL UNIQUE REFERENCES message (id),
    account_id INTEGER NOT NULL REFERENCES account (id)
) STRICT;
