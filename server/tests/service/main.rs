//! The whole service in this process, against a real Dovecot and Postfix: what a browser would see.

#![recursion_limit = "512"]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(clippy::print_stdout, reason = "a sweep says how much it has swept")]

mod attachments;
mod browser;
mod content;
mod disturbed;
mod doctor;
mod door;
mod draft;
mod faults;
mod headers;
mod live;
mod log;
mod mailboxes;
mod message;
mod metrics;
mod origin;
mod outside;
mod picture;
mod rows;
mod second_factor;
mod server_functions;
mod sessions;
mod sign_in;
