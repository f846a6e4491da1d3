-- When nothing was to leave for outsiders: who stopped that and why, and who let it go on. At most one row is open.
CREATE TABLE sending_stopped (
    id INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    stopped_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    until INTEGER,
    resumed_by TEXT
) STRICT;
CREATE UNIQUE INDEX sending_stopped_open ON sending_stopped ((until IS NULL)) WHERE until IS NULL;
