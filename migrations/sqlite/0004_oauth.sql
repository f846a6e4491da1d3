-- Refresh tokens that the provider gave in place of the configured ones, encrypted by a key outside the database; origin
-- is a salt and a hash by which the configured token is recognised.
CREATE TABLE oauth_token (
    account     TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    origin      BLOB NOT NULL,
    kept_at     INTEGER NOT NULL,
    PRIMARY KEY (account, origin)
) STRICT;
