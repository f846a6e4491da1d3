-- In the log of a demo, the time at which its clock stands; no other log has a row here.
CREATE TABLE demo (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    at BIGINT NOT NULL
);
