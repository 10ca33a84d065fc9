//! One file per command, named as the command; a fallback for servers that lack an extension stands in the file of
//! the command that needs it. [`envelope`] and [`body_structure`] read what FETCH brings.

pub mod acl;
pub mod append;
pub mod body_structure;
mod by_name;
pub mod change;
pub mod copy;
pub mod envelope;
pub mod expunge;
pub mod fetch;
pub mod id;
pub mod idle;
pub mod list;
pub mod metadata;
pub mod moving;
pub mod namespace;
pub mod noop;
pub mod notify;
pub mod object_id;
pub mod preview;
pub mod quota;
pub mod resync;
pub mod rows;
mod search;
pub mod section;
pub mod select;
mod sort;
pub mod status;
pub mod store;
mod thread;
pub mod window;
