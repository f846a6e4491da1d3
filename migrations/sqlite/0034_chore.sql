-- Work that is done once over what is there already: how far it is, by the row that was done last, and when it was finished.
CREATE TABLE chore (
    name        TEXT PRIMARY KEY,
    done_until  INTEGER NOT NULL,
    finished    INTEGER
) STRICT;

-- A folder of what colleagues sent, which is read for answers alone: how far it was read on a server, and the names that
-- were looked at in a Maildir.
CREATE TABLE sent_folder (
    id          INTEGER PRIMARY KEY,
    mailbox_id  INTEGER NOT NULL REFERENCES mailbox (id),
    name        TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL DEFAULT 0,
    next_uid    INTEGER NOT NULL DEFAULT 1,
    UNIQUE (mailbox_id, name)
) STRICT;
CREATE TABLE sent_seen (
    sent_folder_id  INTEGER NOT NULL REFERENCES sent_folder (id),
    name            TEXT NOT NULL,
    PRIMARY KEY (sent_folder_id, name)
) STRICT;

-- That a colleague answered a message, by the hash of what tells the answer from any other: when, and whether it came to a
-- mailbox, under a number, or lies in a folder.
CREATE TABLE seen_answer (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES message (id),
    answer      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    number      INTEGER,
    folder      TEXT,
    vouched     INTEGER NOT NULL,
    UNIQUE (message_id, answer)
) STRICT;
CREATE INDEX message_rfc_message_id ON message (rfc_message_id);
