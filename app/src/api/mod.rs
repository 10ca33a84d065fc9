//! Server functions: each takes a typed question and asks what the request holds. They are POST only, and every
//! one of them passes the cross-site check of the server.

pub mod account;
pub mod arrival;
pub mod draft;
pub mod mailboxes;
pub mod message;
pub mod messages;
pub mod origin;
pub mod picture;

pub use mailboxes::list_mailboxes;
pub use message::{mark_message, open_message, peek_message};
pub use messages::{list_messages, list_messages_again};

/// Sets the status of the answer (page or server function) that carries this failure.
#[cfg(feature = "ssr")]
fn with_status<T>(answer: Result<T, crate::failure::Failure>) -> Result<T, crate::failure::Failure> {
    use leptos::prelude::use_context;

    if let Err(failure) = &answer
        && let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(failure.status())
    {
        response.set_status(status);
        if let Some(seconds) = failure.retry_after() {
            response.insert_header(http::header::RETRY_AFTER, seconds.into());
        }
    }
    answer
}
