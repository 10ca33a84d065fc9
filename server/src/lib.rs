//! The server process: configuration, HTTP, sign-in, people, commands.
//!
//! `main.rs` is the command line around it. It is a library so that tests can put the whole service together in their
//! own process, against a real mail server.

#![recursion_limit = "512"]

pub mod account;
pub mod assets;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod door;
pub mod failure;
pub mod http;
pub mod mail;
pub mod metrics;
pub mod outside;
pub mod people;
pub mod picture;
pub mod serve;
pub mod sign_ins;
pub mod storage;
pub mod submission;
pub mod telemetry;
