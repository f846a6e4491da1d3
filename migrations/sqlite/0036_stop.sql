-- When nothing was to leave for outsiders: who stopped that and why, and who let it go on. At most one row is open.
CREATE TABLE sending_stopped (
    id INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    stopped_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    until INTEGER,
    -- 1 while it is so.
    open INTEGER UNIQUE,
    resumed_by TEXT
) STRICT;
