-- Who may see and decide in the pages. Of a secret (a session, a link, a token) only its SHA-256 is kept.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT,
    made_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE session (
    hash BLOB PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    begun_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_of_account ON session (account_id);

-- Of a person at most one link holds, by which the password is set once.
CREATE TABLE account_link (
    account_id INTEGER NOT NULL UNIQUE REFERENCES account (id),
    hash BLOB NOT NULL UNIQUE,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE api_token (
    hash BLOB PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    made_at INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;
CREATE INDEX api_token_of_account ON api_token (account_id);

-- Logins that failed, for as long as they slow the next one down.
CREATE TABLE failed_login (
    id INTEGER PRIMARY KEY,
    folded TEXT NOT NULL,
    address TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX failed_login_of_account ON failed_login (folded, at);
CREATE INDEX failed_login_of_address ON failed_login (address, at);
CREATE INDEX failed_login_by_time ON failed_login (at);

-- That a person has looked at an entry, once for each hour.
CREATE TABLE access (
    account_id INTEGER NOT NULL REFERENCES account (id),
    message_id INTEGER NOT NULL REFERENCES message (id),
    hour INTEGER NOT NULL,
    PRIMARY KEY (account_id, message_id, hour)
) STRICT;
