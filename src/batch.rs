//! Many activities at once, and rules that are replaced while others read them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::clerk::Brief;
use crate::facts::FactsError;
use crate::ruleset::Ruleset;

/// More threads are not started: no machine decides faster by them, and the system refuses them at some number.
const MOST_THREADS: usize = 256;

impl Ruleset {
    /// Decides activities in order, each by itself: the result of a row stands in the place of the row. A row that is not
    /// understood is an error of that row and of no other.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// let rules = interdict::Ruleset::pack("un_dprk")?;
    /// let row = |item| BTreeMap::from([("date", "2024-01-15"), ("actor_state", "RU"), ("action", "purchase"), ("item", item), ("origin", "KP")]);
    /// let decided = rules.decide_batch(&[row("battle_tank"), row("no such thing"), row("rifle")]);
    /// assert_eq!(decided[0].as_ref().unwrap().verdict_name(), "prohibited");
    /// assert!(decided[1].is_err());
    /// assert_eq!(decided[2].as_ref().unwrap().verdict_name(), "prohibited");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide_batch<A: Serialize>(&self, rows: &[A]) -> Vec<Result<Brief, FactsError>> {
        let mut clerk = self.clerk();
        rows.iter().map(|row| clerk.decide(row)).collect()
    }

    /// The same, on so many threads, 256 at most. They share the ruleset and nothing that is locked; the results are the same and in
    /// the same order.
    pub fn decide_batch_on<A: Serialize + Sync>(
        &self,
        threads: NonZeroUsize,
        rows: &[A],
    ) -> Vec<Result<Brief, FactsError>> {
        let share = rows.len().div_ceil(threads.get().min(MOST_THREADS)).max(1);
        if share >= rows.len() {
            return self.decide_batch(rows);
        }
        std::thread::scope(|scope| {
            let working: Vec<_> =
                rows.chunks(share).map(|chunk| scope.spawn(move || self.decide_batch(chunk))).collect();
            let joined = working.into_iter().map(|thread| match thread.join() {
                Ok(decided) => decided,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            joined.flatten().collect()
        })
    }
}

/// The ruleset in force, which can be replaced while others decide by it.
///
/// Whoever decides takes a [`Reader`]. Looking for new rules costs a reader one atomic load; only after a replacement does it
/// take a lock, once.
///
/// ```
/// use interdict::{Current, Ruleset};
///
/// let current = Current::new(Ruleset::pack("std")?);
/// let mut reader = current.reader();
/// assert_eq!(reader.rules().size().norms, 0);
///
/// current.replace(Ruleset::pack("un_dprk")?);
/// assert!(reader.rules().size().norms > 100);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Current {
    rules: Mutex<Ruleset>,
    // Counts replacements; written while the lock is held.
    version: AtomicU64,
}

impl Current {
    /// Begins with these rules.
    pub fn new(rules: Ruleset) -> Current {
        Current { rules: Mutex::new(rules), version: AtomicU64::new(0) }
    }

    /// Puts other rules in force. Who is deciding goes on with the old ones until it asks again.
    pub fn replace(&self, rules: Ruleset) {
        let mut held = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        *held = rules;
        self.version.fetch_add(1, Ordering::Release);
    }

    /// For one thread that decides.
    pub fn reader(&self) -> Reader<'_> {
        let (version, rules) = self.now();
        Reader { current: self, version, rules }
    }

    fn now(&self) -> (u64, Ruleset) {
        let held = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        (self.version.load(Ordering::Acquire), held.clone())
    }
}

/// Sees the rules in force; see [`Current`].
#[derive(Debug, Clone)]
pub struct Reader<'c> {
    current: &'c Current,
    version: u64,
    rules: Ruleset,
}

impl Reader<'_> {
    /// The rules that are in force now.
    pub fn rules(&mut self) -> &Ruleset {
        if self.current.version.load(Ordering::Acquire) != self.version {
            (self.version, self.rules) = self.current.now();
        }
        &self.rules
    }
}
