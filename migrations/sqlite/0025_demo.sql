-- In the log of a demo, the time at which its clock stands; no other log has a row here.
CREATE TABLE demo (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;
