-- A count, and an event of ada@example.org whose seal does not open with any key: it is kept all the same.
INSERT INTO attempts (name, failures, last_at, until_at) VALUES
(x'0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a', 7, 1799999000, 1800000900);
INSERT INTO events (id, at, person, kind, sealed) VALUES
(1, 1799999000, x'4fd65ab0fe6da7a14c6a22cf3ead6a97d3ecb1b61c64981320d8715ec9b4fe40', 'signed-in', x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b');
