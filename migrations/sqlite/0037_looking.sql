-- Who has a case open in the pages, and when the page last gave a sign of it. It holds nobody up.
CREATE TABLE looking (
    item_id INTEGER NOT NULL REFERENCES item (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (item_id, account_id)
) STRICT;
CREATE INDEX looking_by_time ON looking (seen_at);

-- What somebody left for later. It holds as long as the same is asked, which is recognised by a SHA-256.
CREATE TABLE postponed (
    item_id INTEGER NOT NULL UNIQUE REFERENCES item (id),
    asked BLOB NOT NULL,
    until INTEGER NOT NULL,
    postponed_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
