//! The desk at which an account is changed: what is known of it, what is being changed, and what came of it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::account::{
    account_passkey_question, distrust, end_other_sessions, end_session, keep_passkey, keep_totp,
    make_passkey, make_recovery_codes, make_totp, prove, read_security, remove_factor, rename_factor,
};
use crate::contract::account::{Handle, NewTotp, RecoveryCodes, Security};
use crate::contract::arrival::{FactorKinds, Proof};
use crate::failure::Failure;
use crate::session::Session;

/// Something that changes the account.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Begin to set up an app that shows codes.
    NewTotp,
    /// Keep it, by a first code.
    KeepTotp {
        /// What its person calls it.
        name: String,
        /// The code.
        code: String,
    },
    /// Make a passkey and keep it under this name.
    NewPasskey(String),
    /// Call a factor by another name.
    Rename(Handle, String),
    /// Remove a factor.
    Remove(Handle),
    /// Make new recovery codes.
    NewCodes,
    /// End a session.
    EndSession(Handle),
    /// End all sessions but this one.
    EndOthers,
    /// Trust a browser no longer.
    Distrust(Handle),
}

/// The part of a page in which something is changed, and in which is said what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Setting up a factor.
    Setup,
    /// The factors.
    Factors,
    /// The recovery codes.
    Codes,
    /// The sessions.
    Sessions,
    /// The trusted browsers.
    Devices,
    /// The proof that something needs first.
    Proof,
}

impl Change {
    fn part(&self) -> Part {
        match self {
            Self::NewTotp | Self::KeepTotp { .. } | Self::NewPasskey(_) => Part::Setup,
            Self::Rename(..) | Self::Remove(_) => Part::Factors,
            Self::NewCodes => Part::Codes,
            Self::EndSession(_) | Self::EndOthers => Part::Sessions,
            Self::Distrust(_) => Part::Devices,
        }
    }
}

/// What came of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It is done.
    Done,
    /// It is done, and now is the time to look at who else is signed in.
    FactorsChanged,
    /// It failed.
    Failed(Failure),
    /// The browser gave no passkey: its person said no, or it has none.
    NoPasskey,
}

/// What a change gives.
enum Outcome {
    Done,
    FactorsChanged,
    Totp(NewTotp),
    Kept(Option<RecoveryCodes>),
    Codes(RecoveryCodes),
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Done
    }
}

/// The desk.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// What is known of the account, if the page shows it.
    pub(super) security: RwSignal<Option<Result<Security, Failure>>>,
    /// A secret that an app was not yet shown to know.
    pub(crate) totp: RwSignal<Option<NewTotp>>,
    /// Recovery codes, until their person has put them away.
    pub(crate) codes: RwSignal<Option<RecoveryCodes>>,
    /// Whether a factor was kept on this page.
    pub(crate) kept: RwSignal<bool>,
    /// What waits for a proof.
    pub(super) waiting: RwSignal<Option<Change>>,
    said: RwSignal<Option<(Part, Said)>>,
    /// Whether something is under way, so that nothing else is begun.
    busy: RwSignal<bool>,
    session: Session,
}

impl Desk {
    /// With what is known already.
    pub(crate) fn new(security: Option<Result<Security, Failure>>) -> Self {
        Self {
            security: RwSignal::new(security),
            totp: RwSignal::new(None),
            codes: RwSignal::new(None),
            kept: RwSignal::new(false),
            waiting: RwSignal::new(None),
            said: RwSignal::new(None),
            busy: RwSignal::new(false),
            session: Session::of_page(),
        }
    }

    /// What is to be said in this part of the page.
    pub(super) fn said_in(self, part: Part) -> Option<Said> {
        self.said.get().and_then(|(there, said)| (there == part).then_some(said))
    }

    /// With what a proof can be given; with none of them, by the password.
    pub(super) fn proofs(self) -> FactorKinds {
        self.read(|security| security.proofs)
    }

    /// A piece of what is known of the account.
    pub(super) fn read<T: Default>(self, piece: impl FnOnce(&Security) -> T) -> T {
        self.security.with(|security| match security {
            Some(Ok(security)) => piece(security),
            _ => T::default(),
        })
    }

    /// Asks how the account is. What was known stays until that is there, and when it can't be had.
    pub(super) fn refresh(self) {
        spawn_local(async move {
            let told = read_security().await;
            let known =
                self.security.try_with_untracked(|known| matches!(known, Some(Ok(_)))).unwrap_or(true);
            if told.is_ok() || !known {
                self.security.try_set(Some(told));
            }
        });
    }

    /// Changes the account, after a proof where one is needed.
    pub(crate) fn change(self, change: Change) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        spawn_local(async move {
            let outcome = carry_out(change.clone()).await;
            self.busy.try_set(false);
            match outcome {
                Err(Said::Failed(Failure::ProofNeeded)) => {
                    self.waiting.try_set(Some(change));
                }
                // The sheet asks to sign in again; the page stays as it is.
                Err(Said::Failed(failure)) if self.session.hear(&failure) => {}
                Err(said) => {
                    self.said.try_set(Some((change.part(), said)));
                }
                Ok(outcome) => self.done(change.part(), outcome),
            }
        });
    }

    fn done(self, part: Part, outcome: Outcome) {
        let said = match outcome {
            Outcome::Totp(totp) => {
                self.totp.try_set(Some(totp));
                return;
            }
            Outcome::Kept(codes) => {
                self.totp.try_set(None);
                self.kept.try_set(true);
                self.codes.try_set(codes);
                Said::FactorsChanged
            }
            Outcome::Codes(codes) => {
                self.codes.try_set(Some(codes));
                Said::Done
            }
            Outcome::FactorsChanged => Said::FactorsChanged,
            Outcome::Done => Said::Done,
        };
        self.said.try_set(Some((part, said)));
        // The page that sets up the first factor shows nothing of the account.
        if self.security.try_with_untracked(Option::is_some).unwrap_or(false) {
            self.refresh();
        }
    }

    /// Gives a proof, and goes on with what waits for it.
    pub(super) fn prove(self, proof: Proof) {
        self.prove_by(async move { Ok(proof) });
    }

    /// The same by a passkey.
    pub(super) fn prove_by_passkey(self) {
        self.prove_by(async {
            let options = account_passkey_question().await.map_err(Said::Failed)?;
            answered(&options).await.map(Proof::Passkey).ok_or(Said::NoPasskey)
        });
    }

    fn prove_by(self, proof: impl Future<Output = Result<Proof, Said>> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        spawn_local(async move {
            let proven = match proof.await {
                Ok(proof) => prove(proof).await.map_err(Said::Failed),
                Err(said) => Err(said),
            };
            self.busy.try_set(false);
            match proven {
                Err(Said::Failed(failure)) if self.session.hear(&failure) => {
                    self.waiting.try_set(None);
                }
                Err(said) => {
                    self.said.try_set(Some((Part::Proof, said)));
                }
                Ok(()) => {
                    if let Some(change) = self.waiting.try_update(Option::take).flatten() {
                        self.change(change);
                    }
                }
            }
        });
    }
}

async fn carry_out(change: Change) -> Result<Outcome, Said> {
    let outcome = match change {
        Change::NewTotp => make_totp().await.map(Outcome::Totp),
        Change::KeepTotp { name, code } => keep_totp(name, code).await.map(Outcome::Kept),
        Change::NewPasskey(name) => {
            let options = make_passkey().await.map_err(Said::Failed)?;
            let credential = created(&options).await.ok_or(Said::NoPasskey)?;
            keep_passkey(name, credential).await.map(Outcome::Kept)
        }
        Change::Rename(factor, name) => rename_factor(factor, name).await.map(Outcome::from),
        Change::Remove(factor) => remove_factor(factor).await.map(|()| Outcome::FactorsChanged),
        Change::NewCodes => make_recovery_codes().await.map(Outcome::Codes),
        Change::EndSession(session) => end_session(session).await.map(Outcome::from),
        Change::EndOthers => end_other_sessions().await.map(Outcome::from),
        Change::Distrust(device) => distrust(device).await.map(Outcome::from),
    };
    outcome.map_err(Said::Failed)
}

/// What a passkey signed. There is none on the server, where nothing is ever pressed.
pub(crate) async fn answered(options: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    return crate::browser::passkey::answer(options).await.ok();
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = options;
        None
    }
}

/// A passkey that was made.
async fn created(options: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    return crate::browser::passkey::create(options).await.ok();
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = options;
        None
    }
}
