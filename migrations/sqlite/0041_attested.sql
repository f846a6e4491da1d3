-- Whom an issuer of logins knows (OpenID Connect): by its name and the person's number there, and by no name of a person.
CREATE TABLE account_attested (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id INTEGER NOT NULL UNIQUE REFERENCES account (id),
    PRIMARY KEY (issuer, subject)
) STRICT;
