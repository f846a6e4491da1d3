//! The calls that this process works with, and what each mailbox's calls are about.
//!
//! Promises that who has them in hand keeps them as they are: calls that are read again take their place for whoever asks
//! next, and change nothing that is under way.

use std::sync::Arc;

use jiff::Timestamp;

use super::reference::Topics;
use crate::{
    core::{
        calls::{call::Call, deadline::Deadline, law::Law, standing::Due},
        iso3::Iso3,
        purpose::Topic,
    },
    store::{Id, KnownCall},
};

/// A call with what was computed from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCall {
    /// The call as configured.
    pub call: Call,
    /// The deadline that holds now, whoever set it.
    pub deadline: Deadline,
    /// Its rows.
    pub known: KnownCall,
    /// The states it is addressed to.
    pub roster: Vec<Iso3>,
}

impl OpenCall {
    /// The deadline that holds for these states together, with the extensions that were granted.
    #[must_use]
    pub fn deadline_for(&self, states: &[Iso3]) -> Due<'_> {
        self.known.law.due(states, Timestamp::MAX)
    }

    /// The deadline of a state by an extension that gives it more time than all have.
    #[must_use]
    pub fn own_deadline(&self, state: Iso3) -> Option<Deadline> {
        let own = self.known.law.extension(state, Timestamp::MAX)?.instant;
        (own > self.deadline.instant).then(|| self.deadline.until(own))
    }

    /// The same under other deadlines and extensions.
    #[must_use]
    pub fn under(&self, law: Law) -> Self {
        let says = self.known.file_differs.clone().unwrap_or_else(|| self.deadline.rule());
        let deadline = law.newest().deadline.clone();
        let file_differs = (deadline.rule() != says).then_some(says);
        let known = KnownCall { law, file_differs, ..self.known.clone() };
        Self { deadline, known, ..self.clone() }
    }
}

/// The calls, in the order of the configuration; the first is shown where none is asked for.
#[derive(Debug)]
pub struct Calls {
    open: Vec<Arc<OpenCall>>,
    topics: Topics,
}

/// What they are about follows from the calls.
impl PartialEq for Calls {
    fn eq(&self, other: &Self) -> bool {
        self.open == other.open
    }
}

impl Eq for Calls {}

impl Calls {
    /// Calls with what those of each mailbox are about.
    #[must_use]
    pub fn new(open: Vec<OpenCall>, topics: Topics) -> Self {
        Self { open: open.into_iter().map(Arc::new).collect(), topics }
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Arc<OpenCall>> {
        self.open.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The call of that code; the first where none is named.
    #[must_use]
    pub fn of(&self, code: Option<&str>) -> Option<&Arc<OpenCall>> {
        match code {
            Some(code) => self.open.iter().find(|open| open.call.code == code),
            None => self.open.first(),
        }
    }

    /// The call with that row.
    #[must_use]
    pub fn by_id(&self, id: Id) -> Option<&Arc<OpenCall>> {
        self.open.iter().find(|open| open.known.id == id)
    }

    /// What the calls of a mailbox are about.
    #[must_use]
    pub fn topic(&self, mailbox: &str) -> &Topic {
        self.topics.of(mailbox)
    }
}

impl<'a> IntoIterator for &'a Calls {
    type Item = &'a Arc<OpenCall>;
    type IntoIter = std::slice::Iter<'a, Arc<OpenCall>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
