//! The bytes of the protocol. Only [`frame`] reads, from whatever it is given; nothing else here does any I/O.

pub mod command;
pub mod frame;
pub mod limits;
pub mod mailbox_name;
pub mod response;
pub mod token;
