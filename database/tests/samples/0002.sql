-- Two factors, a recovery code and the first sight of ada@example.org, sealed with the same key.
INSERT INTO factors (id, person, kind, created_at, used_at, last_step, name, credential) VALUES
(x'7379926f1579c8dd741b846efa204d52', x'4fd65ab0fe6da7a14c6a22cf3ead6a97d3ecb1b61c64981320d8715ec9b4fe40', 'totp', 1799000000, NULL, 60000000, x'dba1d273ff2cee178ff4dc8de1566823a8c40a25e63d8dabfc74d2340aeaf1daa1f81a06faa20f8129e5b3991cea1e0cb7f9', x'0ab253ca07dd33ba683de764a5347758ecef5e148a6a0bb0f763e395f0f93de54f79d8d3af3fb77a4982f3ba27a1a90c60ab21a5446192e630f5ac28'),
(x'48e5b271ae652982ca2f9533d8ab715f', x'4fd65ab0fe6da7a14c6a22cf3ead6a97d3ecb1b61c64981320d8715ec9b4fe40', 'passkey', 1799000001, NULL, 0, x'052ba2ddd1761cabaa489c320867db30606cebbe40298a809b2b729afaf7c754966b7f5771264dd245683e8e5400ff3618ff', x'318fdd26e89472196063b491060550cf91780219f7ddf3b1abc4ac4c3c4efd5e21551f075b1bf6bc4a2a3720c5e2764dfaf1e85e469163f89a');
INSERT INTO recovery_codes (person, salt, hash) VALUES
(x'4fd65ab0fe6da7a14c6a22cf3ead6a97d3ecb1b61c64981320d8715ec9b4fe40', x'05050505050505050505050505050505', x'0606060606060606060606060606060606060606060606060606060606060606');
INSERT INTO people (person, first_seen_at) VALUES
(x'4fd65ab0fe6da7a14c6a22cf3ead6a97d3ecb1b61c64981320d8715ec9b4fe40', 1799000000);
