-- Browser sessions. Nothing here opens one: the row is found by a hash of the token that only the browser holds,
-- and the record is sealed with a key made of that token and the server's key file.
-- Times are seconds since 1970-01-01 00:00 UTC.
CREATE TABLE sessions (
    id_hash      BLOB   NOT NULL PRIMARY KEY,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    idle_seconds BIGINT NOT NULL,
    record       BLOB   NOT NULL
);
