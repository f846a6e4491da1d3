-- A deadline is an act: with its hour, on whose authority it was set, why, and by whom.
ALTER TABLE deadline_version ADD COLUMN time TEXT;
ALTER TABLE deadline_version ADD COLUMN authority TEXT;
ALTER TABLE deadline_version ADD COLUMN reason TEXT;
ALTER TABLE deadline_version ADD COLUMN actor TEXT NOT NULL DEFAULT 'docket';

-- What the file of the call said of its deadline when it was read last, and the number of the deadline by which all that
-- is filed was judged last.
ALTER TABLE call ADD COLUMN file_said TEXT;
ALTER TABLE call ADD COLUMN judged_n INTEGER;
UPDATE call SET judged_n = (SELECT MAX(n) FROM deadline_version v WHERE v.call_id = call.id);

-- More time for one state, as long as that is held. A row is only opened and closed.
CREATE TABLE extension (
    id              INTEGER PRIMARY KEY,
    call_id         INTEGER NOT NULL REFERENCES call (id),
    iso3            TEXT NOT NULL,
    instant         INTEGER NOT NULL,
    authority       TEXT NOT NULL,
    opened_by       INTEGER NOT NULL REFERENCES decision (id),
    since           INTEGER NOT NULL,
    closed_by       INTEGER REFERENCES decision (id),
    until           INTEGER
) STRICT;
CREATE INDEX extension_call ON extension (call_id);
CREATE INDEX extension_opened_by ON extension (opened_by);
CREATE INDEX extension_closed_by ON extension (closed_by);

-- What a state said of its input without sending one, with the receipt of that.
CREATE TABLE said (
    id              INTEGER PRIMARY KEY,
    call_id         INTEGER NOT NULL REFERENCES call (id),
    iso3            TEXT NOT NULL,
    word            TEXT NOT NULL,
    day             TEXT,
    received        INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    item_n          INTEGER NOT NULL,
    item_id         INTEGER REFERENCES item (id),
    opened_by       INTEGER NOT NULL REFERENCES decision (id),
    since           INTEGER NOT NULL,
    closed_by       INTEGER REFERENCES decision (id),
    until           INTEGER
) STRICT;
CREATE INDEX said_call ON said (call_id, iso3);
CREATE INDEX said_opened_by ON said (opened_by);
CREATE INDEX said_closed_by ON said (closed_by);
