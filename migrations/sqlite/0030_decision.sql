-- A decision is taken on an item or on a state, and keeps what it came to. SQLite lets a column be empty only in a table that
-- is made anew; what refers to a decision refers to the same one.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE decision_kept AS SELECT * FROM decision;
DROP TABLE decision;
CREATE TABLE decision (
    id              INTEGER PRIMARY KEY,
    item_id         INTEGER REFERENCES item (id),
    kind            TEXT NOT NULL,
    value           TEXT NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    at              INTEGER NOT NULL,
    undoes          INTEGER REFERENCES decision (id),
    answer_before   TEXT,
    letter_before   TEXT,
    call_id         INTEGER REFERENCES call (id),
    iso3            TEXT,
    consequences    TEXT,
    CHECK (item_id IS NOT NULL OR (iso3 IS NOT NULL AND call_id IS NOT NULL))
) STRICT;
INSERT INTO decision (id, item_id, kind, value, actor, reason, at, undoes, answer_before, letter_before)
SELECT id, item_id, kind, value, actor, reason, at, undoes, answer_before, letter_before FROM decision_kept ORDER BY id;
DROP TABLE decision_kept;
CREATE INDEX decision_item ON decision (item_id);
CREATE INDEX decision_state ON decision (call_id, iso3);
CREATE UNIQUE INDEX decision_undoes ON decision (undoes);

-- What a state said of its input without sending one, as long as that is held: a fact, as a place is.
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

-- More time for a state, as long as that is held; `instant` is the first that is late for it.
CREATE TABLE extension (
    id              INTEGER PRIMARY KEY,
    call_id         INTEGER NOT NULL REFERENCES call (id),
    iso3            TEXT NOT NULL,
    instant         INTEGER NOT NULL,
    authority       TEXT NOT NULL,
    item_id         INTEGER REFERENCES item (id),
    opened_by       INTEGER NOT NULL REFERENCES decision (id),
    since           INTEGER NOT NULL,
    closed_by       INTEGER REFERENCES decision (id),
    until           INTEGER
) STRICT;
CREATE INDEX extension_call ON extension (call_id, iso3);
CREATE INDEX extension_opened_by ON extension (opened_by);
CREATE INDEX extension_closed_by ON extension (closed_by);
