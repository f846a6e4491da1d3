//! Something that happened, as a person and another program see it.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::core::{
    actor::Actor,
    event::{Event, payload::Happened},
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// The word of its kind.
    pub kind: String,
    /// What, in a sentence.
    pub what: String,
    /// Who.
    pub actor: Actor,
    /// What, as facts where they were kept.
    pub event: Happened,
}

/// What others than this program read of it: `actor` is a name, and `by` says whether it is a person's; `facts` are none
/// where only a sentence was kept, or nothing can be read.
#[derive(Serialize)]
struct ShownHappening<'a> {
    at: Timestamp,
    kind: &'a str,
    what: &'a str,
    actor: &'a str,
    by: &'a str,
    facts: Option<&'a Event>,
}

impl Serialize for Happening {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts = match &self.event {
            Happened::Event(event) => Some(event),
            Happened::Prose(_) | Happened::Erased | Happened::Unreadable(_) => None,
        };
        let Self { at, kind, what, actor, .. } = self;
        ShownHappening { at: *at, kind, what, actor: actor.name(), by: actor.kind(), facts }.serialize(serializer)
    }
}
