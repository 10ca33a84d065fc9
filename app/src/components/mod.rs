//! Pieces of pages, one a file. They take typed data and show strangers' words as text, never as markup.
//!
//! Small pieces that many rows have are functions rather than components, which cost an owner each, and whatever can
//! change is a [`followed::Followed`].
//!
//! Links are plain: the router takes clicks on them all the same, and its own component costs each of them a memo.

pub mod attachment_list;
pub mod avatar;
pub mod clipboard;
pub mod failure_notice;
mod file_icon;
pub mod followed;
pub mod icon;
pub mod invitation_card;
pub mod mailbox_list;
pub mod message_list;
pub mod message_row;
pub mod message_text;
pub mod message_tools;
pub mod message_view;
pub mod origin_panel;
pub mod protection_line;
pub mod remote_content_bar;
pub mod report_card;
#[cfg(feature = "hydrate")]
pub mod sign_in_sheet;
pub mod sign_out;
pub mod time;
pub mod unsubscribe_button;
