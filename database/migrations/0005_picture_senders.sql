-- Whose pictures from elsewhere somebody always wishes to see. Both names need the server's key file to be made, and a
-- sender's is another for each person: the table tells neither who reads nor whom.
CREATE TABLE picture_senders (
    person     BLOB   NOT NULL,
    sender     BLOB   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person, sender)
);
