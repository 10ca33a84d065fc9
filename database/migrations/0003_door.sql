-- Who tried to come in, and what happened at the door. Times are seconds since 1970-01-01 00:00 UTC.
--
-- Counts of attempts. A name is a hash, under the server's key, of what is counted: the table tells nobody's address.
CREATE TABLE attempts (
    name     BLOB   NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
-- The log of the door. Rows are added and, when they are old, removed; none is ever changed.
-- What was seen is sealed under the server's key and bound to time, person and kind of its row.
CREATE TABLE events (
    id     INTEGER NOT NULL PRIMARY KEY,
    at     BIGINT  NOT NULL,
    person BLOB,
    kind   TEXT    NOT NULL,
    sealed BLOB    NOT NULL
);
CREATE INDEX events_of_person ON events (person, id);
CREATE INDEX events_by_time ON events (at);
