//! Values that change while a page lives. On the server nothing does: there a value is read once, and what shows it is
//! made once, without the signals and closures that the browser needs to follow it.

#[cfg(not(feature = "ssr"))]
use leptos::prelude::*;

/// A value that the browser follows. Both halves draw the same from it.
#[derive(Clone, Debug)]
pub struct Followed<T: Send + Sync + 'static>(
    #[cfg(feature = "ssr")] T,
    #[cfg(not(feature = "ssr"))] ArcMemo<T>,
);

#[cfg(feature = "ssr")]
impl<T: Clone + PartialEq + Send + Sync + 'static> Followed<T> {
    /// What `read` gives, now and whenever a signal in it changes.
    pub fn new(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(leptos::prelude::untrack(read))
    }

    /// The value as it is now.
    pub fn now(&self) -> T {
        self.0.clone()
    }

    /// A piece of a view that shows it, drawn anew when it changes.
    pub fn show<V: 'static, F: Fn(&T) -> V + Send + 'static>(&self, view: F) -> V {
        view(&self.0)
    }
}

#[cfg(not(feature = "ssr"))]
impl<T: Clone + PartialEq + Send + Sync + 'static> Followed<T> {
    /// What `read` gives, now and whenever a signal in it changes.
    pub fn new(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(ArcMemo::new(move |_| read()))
    }

    /// The value as it is now.
    pub fn now(&self) -> T {
        self.0.get_untracked()
    }

    /// A piece of a view that shows it, drawn anew when it changes.
    pub fn show<V: 'static, F: Fn(&T) -> V + Send + 'static>(
        &self,
        view: F,
    ) -> impl Fn() -> V + Send + use<T, V, F> {
        let value = self.0.clone();
        move || view(&value.get())
    }
}
