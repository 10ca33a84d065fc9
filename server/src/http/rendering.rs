//! What Leptos runs beside a request while it renders a page: on the runtime of the process, and in the span of the
//! request that it is for, so that the log knows what a page was made of.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tracing::Instrument;

struct WithinTheSpan;

impl CustomExecutor for WithinTheSpan {
    fn spawn(&self, task: PinnedFuture<()>) {
        tokio::spawn(task.in_current_span());
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(task.in_current_span());
    }

    /// The runtime polls by itself.
    fn poll_local(&self) {}
}

/// Sets it for the whole process; a second router finds it set, and that is fine.
pub fn start() {
    let _ = Executor::init_custom_executor(WithinTheSpan);
}
