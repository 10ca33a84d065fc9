//! A room with a number of places: in all, and for each account or network.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use database::AttemptName;

/// The room. Cloning gives another door of the same one.
#[derive(Clone)]
pub(super) struct Waiting {
    inside: Arc<Mutex<HashMap<AttemptName, usize>>>,
    all: usize,
    each: usize,
}

/// A place in it, free again when it is dropped.
pub(super) struct Place {
    room: Waiting,
    name: AttemptName,
}

impl Waiting {
    /// With so many places, of which one name may have so many.
    pub(super) fn new(all: usize, each: usize) -> Self {
        Self { inside: Arc::default(), all, each }
    }

    /// Takes a place, if there is one.
    pub(super) fn enter(&self, name: AttemptName) -> Option<Place> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.values().sum::<usize>() >= self.all {
            return None;
        }
        let own = inside.entry(name).or_default();
        if *own >= self.each {
            return None;
        }
        *own += 1;
        Some(Place { room: self.clone(), name })
    }

    /// How many places this name has.
    pub(super) fn of(&self, name: &AttemptName) -> usize {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.get(name).copied().unwrap_or_default()
    }

    /// How many places are taken.
    #[cfg(test)]
    pub(super) fn all_inside(&self) -> usize {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.room.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = inside.get_mut(&self.name) {
            *own -= 1;
            if *own == 0 {
                inside.remove(&self.name);
            }
        }
    }
}
