//! Whether the session of the page still holds. When it has ended, the page stays as it is and a sheet asks to sign in
//! again; whoever asked in vain asks once more after that.

use leptos::prelude::*;

use crate::failure::Failure;

/// The session under which the page was opened.
#[derive(Clone, Copy)]
pub struct Session {
    login: StoredValue<Option<String>>,
    ended: RwSignal<Option<Failure>>,
    turn: RwSignal<u64>,
}

impl Session {
    /// Makes the session of this page known to everything below in the tree of components.
    pub fn provide() -> Self {
        let session = Self::under(SharedValue::new(login).into_inner());
        provide_context(session);
        session
    }

    /// The one of this page; one of nobody where none was provided.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(|| Self::under(None))
    }

    fn under(login: Option<String>) -> Self {
        Self { login: StoredValue::new(login), ended: RwSignal::new(None), turn: RwSignal::new(0) }
    }

    /// The address of whoever opened the page; `None` when nobody was signed in.
    pub fn login(self) -> Option<String> {
        self.login.get_value()
    }

    /// Hears of a failure. Gives whether it is the end of the session, in which case what is shown had better stay.
    pub fn hear(self, failure: &Failure) -> bool {
        let ends = matches!(failure, Failure::SignedOut | Failure::PasswordChanged);
        let ended = ends && self.login.with_value(Option::is_some);
        if ended && self.holds() {
            self.ended.set(Some(failure.clone()));
        }
        ended
    }

    /// Why the session ended, if it did; followed.
    pub fn ended(self) -> Option<Failure> {
        self.ended.get()
    }

    /// Whether it holds, as far as the page knows.
    pub fn holds(self) -> bool {
        self.ended.with_untracked(Option::is_none)
    }

    /// Which session of this page it is: another one after each time that somebody signed in again. Followed, so that
    /// what was asked in vain is asked once more.
    pub fn turn(self) -> u64 {
        self.turn.get()
    }

    /// Goes on: the same person has signed in again.
    pub fn resume(self) {
        self.ended.set(None);
        self.turn.update(|turn| *turn += 1);
    }

    /// Whether this is the address of the person of this page, letter by letter: pages name their person to the server.
    pub fn is_of(self, login: &str) -> bool {
        self.login.with_value(|own| own.as_deref() == Some(login))
    }
}

#[cfg(feature = "ssr")]
fn login() -> Option<String> {
    crate::contract::SignedIn::of_request().ok().map(|signed_in| signed_in.login)
}

#[cfg(not(feature = "ssr"))]
fn login() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;

    use super::Session;
    use crate::failure::Failure;

    #[test]
    fn only_the_end_of_a_session_ends_it_and_signing_in_again_begins_the_next() {
        let owner = Owner::new();
        owner.with(|| {
            let session = Session::under(Some("ada@example.org".into()));
            assert!(
                !session.hear(&Failure::Offline) && !session.hear(&Failure::WrongPassword) && session.holds()
            );
            assert!(session.hear(&Failure::PasswordChanged) && session.hear(&Failure::SignedOut));
            assert_eq!(session.ended(), Some(Failure::PasswordChanged));
            assert!(session.is_of("ada@example.org") && !session.is_of("bob@example.org"));
            session.resume();
            assert!(session.holds() && session.turn() == 1);
            assert!(!Session::under(None).hear(&Failure::SignedOut));
        });
    }
}
