-- The words by which entries are found, each once.
CREATE TABLE word (
    id      INTEGER PRIMARY KEY,
    word    TEXT NOT NULL UNIQUE
) STRICT;

-- Which entries hold a word, by blocks of 256 messages: of up to 31 the places in the block, of more a bit for each place.
CREATE TABLE word_place (
    word_id INTEGER NOT NULL REFERENCES word (id),
    block   INTEGER NOT NULL,
    entries BLOB NOT NULL,
    PRIMARY KEY (word_id, block)
) STRICT, WITHOUT ROWID;

-- The words of an entry as they are kept, so that those that it holds no longer can be taken away.
CREATE TABLE entry_words (
    message_id  INTEGER NOT NULL UNIQUE REFERENCES message (id),
    words       BLOB NOT NULL
) STRICT;

-- Entries that have changed since their words were kept; one as often as it has.
CREATE TABLE unsearched (
    id          INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL REFERENCES message (id)
) STRICT;
INSERT INTO unsearched (message_id) SELECT id FROM message ORDER BY id;
