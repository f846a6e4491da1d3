-- The processes that hold leases: where each can be seen to live, and when the database last heard of it, by its own clock.
CREATE TABLE owner (
    name        TEXT PRIMARY KEY NOT NULL,
    place       TEXT NOT NULL,
    heard       BIGINT NOT NULL
);
-- Since when a claim is held; of those of an older program nothing is known.
ALTER TABLE message ADD COLUMN lease_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN lease_since BIGINT NOT NULL DEFAULT 0;
