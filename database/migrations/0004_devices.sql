-- Whose a session is, so that its person sees it and ends it: the person by a name that only the key file makes, and
-- where it came from sealed under that key. The handle names a session to its person for as long as it lasts, under
-- whatever token, and opens nothing. A session that nobody is inside of yet waits for a second factor.
ALTER TABLE sessions ADD COLUMN person BLOB;
ALTER TABLE sessions ADD COLUMN handle BLOB;
ALTER TABLE sessions ADD COLUMN inside BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN origin BLOB;
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX sessions_by_handle ON sessions (handle);

-- Counts whatever ends sessions, so that other processes notice.
CREATE TABLE session_endings (one BIGINT NOT NULL PRIMARY KEY, count BIGINT NOT NULL);
INSERT INTO session_endings (one, count) VALUES (1, 0);

-- Browsers that somebody signed in with. The row is found by a hash of the token that the browser holds, and of its person.
CREATE TABLE devices (
    id_hash       BLOB   NOT NULL PRIMARY KEY,
    handle        BLOB   NOT NULL,
    person        BLOB   NOT NULL,
    created_at    BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL,
    trusted_at    BIGINT NOT NULL,
    trusted_until BIGINT NOT NULL,
    origin        BLOB   NOT NULL
);
CREATE INDEX devices_by_person ON devices (person);
