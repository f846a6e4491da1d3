-- How many letters the program has decided by itself, by the minute: what the cap in all is measured by.
CREATE TABLE letter_minute (
    minute      INTEGER NOT NULL UNIQUE,
    letters     INTEGER NOT NULL
) STRICT;

-- Until when each instance is known to have worked. The mark beside its configuration says the same; a later mark means
-- that the database is older than what was done with it.
CREATE TABLE instance (
    name        TEXT NOT NULL UNIQUE,
    alive_until INTEGER NOT NULL
) STRICT;

-- Each time the database was found to be older: until when it knows, and until when letters may have been sent.
CREATE TABLE restored (
    id          INTEGER PRIMARY KEY,
    noticed_at  INTEGER NOT NULL,
    known_until INTEGER,
    lost_until  INTEGER NOT NULL
) STRICT;
