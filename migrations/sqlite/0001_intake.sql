-- The intake log. Times are microseconds since 1970 in UTC; booleans are 0 and 1; hashes are hexadecimal text.

CREATE TABLE instance_secret (
    name        TEXT PRIMARY KEY NOT NULL,
    secret      BLOB NOT NULL
) STRICT;

-- Gapless numbers: intake numbers, and the docket references of each call.
CREATE TABLE counter (
    scope       TEXT PRIMARY KEY NOT NULL,
    next        INTEGER NOT NULL
) STRICT;

-- Who may do what alone; lease_until is by the database's clock, the epoch grows with every change of owner.
CREATE TABLE lease (
    name        TEXT PRIMARY KEY NOT NULL,
    owner       TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    epoch       INTEGER NOT NULL
) STRICT;

CREATE TABLE call (
    id          INTEGER PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    reference   TEXT NOT NULL UNIQUE
) STRICT;

-- A deadline as announced, and the instant it was computed to: the first one that is late.
CREATE TABLE deadline_version (
    id              INTEGER PRIMARY KEY,
    call_id         INTEGER NOT NULL REFERENCES call (id),
    n               INTEGER NOT NULL,
    day             TEXT NOT NULL,
    zone            TEXT NOT NULL,
    rule            TEXT NOT NULL,
    tzdb            TEXT NOT NULL,
    grace_minutes   INTEGER NOT NULL,
    instant         INTEGER NOT NULL,
    since           INTEGER NOT NULL,
    UNIQUE (call_id, n)
) STRICT;

CREATE TABLE roster (
    call_id     INTEGER NOT NULL REFERENCES call (id),
    iso3        TEXT NOT NULL,
    policy      TEXT NOT NULL,
    reason      TEXT,
    PRIMARY KEY (call_id, iso3)
) STRICT;

CREATE TABLE contact (
    id          INTEGER PRIMARY KEY,
    iso3        TEXT NOT NULL,
    role        TEXT NOT NULL,
    name        TEXT,
    address     TEXT NOT NULL,
    language    TEXT,
    valid_from  TEXT,
    valid_until TEXT,
    UNIQUE (role, iso3, address)
) STRICT;

CREATE TABLE mailbox (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL UNIQUE,
    first_started   INTEGER NOT NULL
) STRICT;

CREATE TABLE folder (
    id          INTEGER PRIMARY KEY,
    mailbox_id  INTEGER NOT NULL REFERENCES mailbox (id),
    name        TEXT NOT NULL,
    last_read   INTEGER,
    UNIQUE (mailbox_id, name)
) STRICT;

-- An original as it arrived, compressed with zstd, in pieces so that none is held whole.
CREATE TABLE original (
    sha256      TEXT PRIMARY KEY NOT NULL,
    size        INTEGER NOT NULL,
    purged_at   INTEGER
) STRICT;

CREATE TABLE original_piece (
    sha256      TEXT NOT NULL REFERENCES original (sha256),
    n           INTEGER NOT NULL,
    bytes       BLOB NOT NULL,
    PRIMARY KEY (sha256, n)
) STRICT;

CREATE TABLE message (
    id                  INTEGER PRIMARY KEY,
    number              INTEGER NOT NULL UNIQUE,
    mailbox_id          INTEGER NOT NULL REFERENCES mailbox (id),
    identity            TEXT NOT NULL,
    identity_version    INTEGER NOT NULL,
    sha256              TEXT NOT NULL REFERENCES original (sha256),
    size                INTEGER NOT NULL,
    received            INTEGER NOT NULL,
    clock               TEXT NOT NULL,
    received_header     INTEGER,
    internal_date       INTEGER,
    first_seen          INTEGER NOT NULL,
    silent              TEXT,
    state               TEXT NOT NULL,
    state_reason        TEXT,
    attempts            INTEGER NOT NULL,
    lease_owner         TEXT,
    lease_until         INTEGER NOT NULL,
    epoch               INTEGER NOT NULL,
    revision            INTEGER NOT NULL,
    read_at             INTEGER,
    relevance           TEXT,
    unrelated_confirmed INTEGER,
    rfc_message_id      TEXT,
    from_name           TEXT,
    from_address        TEXT,
    reply_to            TEXT,
    subject             TEXT,
    thread              TEXT,
    sent_date           INTEGER,
    language            TEXT,
    body                TEXT,
    answer_reason       TEXT,
    UNIQUE (mailbox_id, identity)
) STRICT;
CREATE INDEX message_state ON message (state, number);
CREATE INDEX message_received ON message (received, id);
CREATE INDEX message_from ON message (from_address, received);

-- Where a message was seen: a file name of a Maildir.
CREATE TABLE sighting (
    id              INTEGER PRIMARY KEY,
    folder_id       INTEGER NOT NULL REFERENCES folder (id),
    name            TEXT NOT NULL,
    first_seen      INTEGER NOT NULL,
    internal_date   INTEGER,
    attempts        INTEGER NOT NULL,
    disposition     TEXT NOT NULL,
    reason          TEXT,
    message_id      INTEGER REFERENCES message (id),
    UNIQUE (folder_id, name)
) STRICT;
CREATE INDEX sighting_message ON sighting (message_id);

CREATE TABLE item (
    id              INTEGER PRIMARY KEY,
    message_id      INTEGER NOT NULL REFERENCES message (id),
    n               INTEGER NOT NULL,
    call_id         INTEGER REFERENCES call (id),
    subject         TEXT,
    from_address    TEXT,
    decision        TEXT NOT NULL,
    kind            TEXT NOT NULL,
    score           REAL NOT NULL,
    words           INTEGER,
    content_key     TEXT,
    waiting         TEXT,
    duplicate_of    INTEGER REFERENCES item (id),
    UNIQUE (message_id, n)
) STRICT;
CREATE INDEX item_waiting ON item (waiting);

CREATE TABLE item_candidate (
    item_id     INTEGER NOT NULL REFERENCES item (id),
    iso3        TEXT NOT NULL,
    weight      REAL NOT NULL,
    PRIMARY KEY (item_id, iso3)
) STRICT;
CREATE INDEX item_candidate_state ON item_candidate (iso3);

CREATE TABLE file (
    id                  INTEGER PRIMARY KEY,
    message_id          INTEGER NOT NULL REFERENCES message (id),
    item_id             INTEGER REFERENCES item (id),
    n                   INTEGER NOT NULL,
    path                TEXT NOT NULL,
    name                TEXT,
    media_type          TEXT NOT NULL,
    size                INTEGER NOT NULL,
    sha256              TEXT NOT NULL,
    format              TEXT NOT NULL,
    role                TEXT NOT NULL,
    outcome             TEXT NOT NULL,
    engine              TEXT,
    pages               INTEGER,
    pages_without_text  TEXT NOT NULL,
    words               INTEGER,
    words_notes         INTEGER NOT NULL,
    words_running_heads INTEGER NOT NULL,
    language            TEXT,
    text                TEXT NOT NULL,
    detail              TEXT,
    UNIQUE (message_id, n)
) STRICT;
CREATE INDEX file_item ON file (item_id);
CREATE INDEX file_sha256 ON file (sha256);

-- What a party (a state, several together, or another sender) has filed under a call.
CREATE TABLE submission (
    id          INTEGER PRIMARY KEY,
    call_id     INTEGER NOT NULL REFERENCES call (id),
    reference   TEXT NOT NULL UNIQUE,
    party       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    UNIQUE (call_id, party)
) STRICT;

CREATE TABLE submission_state (
    submission_id   INTEGER NOT NULL REFERENCES submission (id),
    iso3            TEXT NOT NULL,
    PRIMARY KEY (submission_id, iso3)
) STRICT;
CREATE INDEX submission_state_state ON submission_state (iso3);

CREATE TABLE version (
    id                  INTEGER PRIMARY KEY,
    submission_id       INTEGER NOT NULL REFERENCES submission (id),
    n                   INTEGER NOT NULL,
    item_id             INTEGER NOT NULL REFERENCES item (id),
    received            INTEGER NOT NULL,
    standing            TEXT NOT NULL,
    deadline_version_id INTEGER NOT NULL REFERENCES deadline_version (id),
    filed_at            INTEGER NOT NULL,
    withdrawn_at        INTEGER,
    UNIQUE (submission_id, n)
) STRICT;
CREATE INDEX version_item ON version (item_id);

-- What the program concluded; append-only.
CREATE TABLE finding (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES message (id),
    item_n      INTEGER,
    kind        TEXT NOT NULL,
    value       TEXT NOT NULL,
    engine      TEXT NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX finding_message ON finding (message_id);

-- What a person decided; append-only. A later decision on the same item takes its place.
CREATE TABLE decision (
    id          INTEGER PRIMARY KEY,
    item_id     INTEGER NOT NULL REFERENCES item (id),
    kind        TEXT NOT NULL,
    value       TEXT NOT NULL,
    actor       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_item ON decision (item_id);

CREATE TABLE letter (
    id              INTEGER PRIMARY KEY,
    message_id      INTEGER REFERENCES message (id),
    call_id         INTEGER REFERENCES call (id),
    iso3            TEXT,
    step            TEXT,
    kind            TEXT NOT NULL,
    facts           TEXT NOT NULL,
    language        TEXT NOT NULL,
    template        TEXT NOT NULL,
    recipient       TEXT NOT NULL,
    recipient_name  TEXT,
    subject         TEXT NOT NULL,
    body            TEXT NOT NULL,
    guard_revision  INTEGER,
    not_before      INTEGER NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT,
    attempts        INTEGER NOT NULL,
    lease_owner     TEXT,
    lease_until     INTEGER NOT NULL,
    epoch           INTEGER NOT NULL,
    decided_at      INTEGER NOT NULL,
    released_at     INTEGER,
    sent_at         INTEGER,
    rfc_message_id  TEXT,
    bytes           BLOB,
    UNIQUE (message_id, kind),
    UNIQUE (call_id, iso3, step)
) STRICT;
CREATE INDEX letter_due ON letter (state, not_before);
CREATE INDEX letter_recipient ON letter (recipient, released_at);
CREATE INDEX letter_message_id ON letter (rfc_message_id);

CREATE TABLE attempt (
    id          INTEGER PRIMARY KEY,
    letter_id   INTEGER NOT NULL REFERENCES letter (id),
    n           INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    detail      TEXT,
    UNIQUE (letter_id, n)
) STRICT;

-- What happened; append-only. The commitment is SHA-256 of salt and payload, so that erasing both keeps the proof.
CREATE TABLE event (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    message_id  INTEGER REFERENCES message (id),
    letter_id   INTEGER REFERENCES letter (id),
    call_id     INTEGER REFERENCES call (id),
    actor       TEXT NOT NULL,
    payload     TEXT,
    salt        BLOB,
    commitment  BLOB NOT NULL
) STRICT;
CREATE INDEX event_message ON event (message_id);
CREATE INDEX event_letter ON event (letter_id);
