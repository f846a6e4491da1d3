//! What an input comes to beside what else its party has filed, in a few words for staff.

use jiff::Timestamp;

use crate::core::submission::{AdditionKind, Becomes, Named};

/// In a few words, given how times are written; none of what stands alone.
#[must_use]
pub fn becomes_in_words(becomes: &Becomes, at: &dyn Fn(Timestamp) -> String) -> Option<String> {
    let called = |version: &Named| match version.n {
        Some(n) => format!("version {n}"),
        None => format!("what was received {}", at(version.received)),
    };
    Some(match becomes {
        Becomes::First => return None,
        Becomes::Replaces { former } => format!("current, replaces {}", called(former)),
        Becomes::Earlier { current } => format!("received earlier than {}, not current", called(current)),
        Becomes::UnderQuery { current: Some(current) } => {
            format!("not current: nobody has read it, and {} stands", called(current))
        }
        Becomes::UnderQuery { current: None } => "not counted: nobody has read it".to_owned(),
        Becomes::Repeats { version } => format!("says the same as {}", called(version)),
        Becomes::Copy { of } => format!("readable copy of {}", called(of)),
        Becomes::Beside { kind, to } => {
            let kind = match kind {
                AdditionKind::Annex => "annex",
                AdditionKind::Translation => "translation",
                AdditionKind::CoverLetter => "cover letter",
            };
            to.as_ref().map_or_else(|| kind.to_owned(), |to| format!("{kind}, came for {}", called(to)))
        }
        Becomes::Kept => "kept, changes nothing".to_owned(),
    })
}
