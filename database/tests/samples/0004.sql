-- A browser that ada@example.org trusts; where it was seen does not open with any key, and it is kept all the same.
INSERT INTO devices (id_hash, handle, person, created_at, seen_at, trusted_at, trusted_until, origin) VALUES
(x'0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c', x'0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d',
 x'4fd65ab0fe6da7a14c6a22cf3ead6a97d3ecb1b61c64981320d8715ec9b4fe40', 1799000000, 1799999000, 1799999000, 1802591000, x'0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e');
