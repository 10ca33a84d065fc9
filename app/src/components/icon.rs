//! Icons, drawn in the page itself: no request, no font. Shapes are Lucide's (ISC, see public/LICENSE-lucide).

use leptos::prelude::*;
use model::file::Kind;

use crate::components::file_icon;

/// What an icon stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// The Inbox.
    Inbox,
    /// Drafts.
    Drafts,
    /// Sent messages.
    Sent,
    /// The archive.
    Archive,
    /// Junk.
    Junk,
    /// The trash.
    Trash,
    /// Any other mailbox.
    Folder,
    /// A mailbox of others.
    Shared,
    /// A flagged message.
    Star,
    /// Something attached.
    Attachment,
    /// Back to the list.
    Back,
    /// Sign out.
    SignOut,
    /// Show the mailboxes.
    Menu,
    /// Newer messages.
    Newer,
    /// Older messages.
    Older,
    /// Download.
    Download,
    /// The source of a message.
    Source,
    /// A sheet of paper.
    Print,
    /// Something failed.
    Alert,
    /// Something to know.
    Info,
    /// An answered message.
    Answered,
    /// How one signs in.
    Key,
    /// Write a message.
    Write,
    /// To put something into the clipboard.
    Copy,
    /// A message that nobody has read.
    Unread,
    /// A file of this kind.
    File(Kind),
}

impl Icon {
    /// Its outline on a field of 24 by 24.
    fn outline(self) -> &'static str {
        match self {
            Self::File(kind) => file_icon::outline(kind),
            Self::Write => {
                "M12 3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-7 M18.375 2.625a1 1 0 0 1 3 3l-9.013 9.014a2 2 0 0 1-.853.505l-2.873.84a.5.5 0 0 1-.62-.62l.84-2.873a2 2 0 0 1 .506-.852z"
            }
            Self::Inbox => {
                "M22 12 16 12 14 15 10 15 8 12 2 12 M5.45 5.11 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.45-6.89A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 1.11z"
            }
            Self::Drafts => {
                "M12.659 22H18a2 2 0 0 0 2-2V8a2.4 2.4 0 0 0-.706-1.706l-3.588-3.588A2.4 2.4 0 0 0 14 2H6a2 2 0 0 0-2 2v9.34 M14 2v5a1 1 0 0 0 1 1h5 M10.378 12.622a1 1 0 0 1 3 3.003L8.36 20.637a2 2 0 0 1-.854.506l-2.867.837a.5.5 0 0 1-.62-.62l.836-2.869a2 2 0 0 1 .506-.853z"
            }
            Self::Sent => {
                "M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11z M21.854 2.147l-10.94 10.939"
            }
            Self::Archive => {
                "M3 3h18a1 1 0 0 1 1 1v3a1 1 0 0 1 -1 1h-18a1 1 0 0 1 -1 -1v-3a1 1 0 0 1 1 -1z M4 8v11a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8 M10 12h4"
            }
            Self::Junk => {
                "M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z M12 8v4 M12 16h.01"
            }
            Self::Trash => {
                "M10 11v6 M14 11v6 M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6 M3 6h18 M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"
            }
            Self::Folder => {
                "M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-7.9a2 2 0 0 1-1.69-.9L9.6 3.9A2 2 0 0 0 7.93 3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2Z"
            }
            Self::Shared => {
                "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2 M16 3.128a4 4 0 0 1 0 7.744 M22 21v-2a4 4 0 0 0-3-3.87 M5 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0"
            }
            Self::Star => {
                "M11.525 2.295a.53.53 0 0 1 .95 0l2.31 4.679a2.123 2.123 0 0 0 1.595 1.16l5.166.756a.53.53 0 0 1 .294.904l-3.736 3.638a2.123 2.123 0 0 0-.611 1.878l.882 5.14a.53.53 0 0 1-.771.56l-4.618-2.428a2.122 2.122 0 0 0-1.973 0L6.396 21.01a.53.53 0 0 1-.77-.56l.881-5.139a2.122 2.122 0 0 0-.611-1.879L2.16 9.795a.53.53 0 0 1 .294-.906l5.165-.755a2.122 2.122 0 0 0 1.597-1.16z"
            }
            Self::Attachment => {
                "m16 6-8.414 8.586a2 2 0 0 0 2.829 2.829l8.414-8.586a4 4 0 1 0-5.657-5.657l-8.379 8.551a6 6 0 1 0 8.485 8.485l8.379-8.551"
            }
            Self::Back => "m12 19-7-7 7-7 M19 12H5",
            Self::SignOut => "m16 17 5-5-5-5 M21 12H9 M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
            Self::Menu => "M4 5h16 M4 12h16 M4 19h16",
            Self::Newer => "m15 18-6-6 6-6",
            Self::Older => "m9 18 6-6-6-6",
            Self::Download => "M12 15V3 M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4 M7 10l5 5 5-5",
            Self::Print => {
                "M6 9V3h12v6 M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2 M6 14h12v7H6z"
            }
            Self::Source => "m16 18 6-6-6-6 M8 6l-6 6 6 6",
            Self::Alert => "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0 M12 8L12 12 M12 16L12.01 16",
            Self::Info => "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0 M12 16v-4 M12 8h.01",
            Self::Key => {
                "M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z M16.5 7.5h.01"
            }
            Self::Copy => {
                "M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2z M4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2"
            }
            Self::Unread => {
                "M22 10v7a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h10 M2 8l10 6 4-2.4 M17 5a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"
            }
            Self::Answered => "M20 18v-2a4 4 0 0 0-4-4H4 M9 17l-5-5 5-5",
        }
    }
}

/// An icon. It is decoration: words for assistive technology stand beside it.
pub fn drawn(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=icon.outline() />
        </svg>
    }
}
