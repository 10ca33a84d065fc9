-- What people sign in with beside their password. Whose a row is tells a name that needs the server's key file (person),
-- and name and credential are sealed under that key and bound to their row.
-- Times are seconds since 1970-01-01 00:00 UTC.
CREATE TABLE factors (
    id         BLOB   NOT NULL PRIMARY KEY,
    person     BLOB   NOT NULL,
    kind       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    -- The last step whose code was used, or how often a passkey signed: only a later one counts.
    last_step  BIGINT NOT NULL,
    name       BLOB   NOT NULL,
    credential BLOB   NOT NULL
);
CREATE INDEX factors_of_person ON factors (person);

-- Codes on paper that were not used yet, as slow hashes under one salt for each person's set.
CREATE TABLE recovery_codes (
    person BLOB NOT NULL,
    salt   BLOB NOT NULL,
    hash   BLOB NOT NULL,
    PRIMARY KEY (person, hash)
);

-- Since when somebody is known: from then on counts the time in which a second factor must be set up.
CREATE TABLE people (
    person        BLOB   NOT NULL PRIMARY KEY,
    first_seen_at BIGINT NOT NULL
);
