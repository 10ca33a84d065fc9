-- ada@example.org always wishes to see the pictures of news@shop.example; both names are made with the same key.
INSERT INTO picture_senders (person, sender, created_at) VALUES
(x'4fd65ab0fe6da7a14c6a22cf3ead6a97d3ecb1b61c64981320d8715ec9b4fe40', x'dc45c639f16a990891c557f5579b0bb822c8f47589d754edde168a42318ab44d', 1799999000);
