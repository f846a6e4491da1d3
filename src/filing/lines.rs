//! What the log of the program says of an entry, a line for each thing that happens to it.
//!
//! Promises that an entry is named by its number, and states by their names: what a sender wrote, and whom a letter goes
//! to, stand in the database alone.

use super::facts::FiledAs;
use crate::{
    core::{actor::Actor, calls::standing::Standing, event::AskedThen, iso3::Iso3, submission::Becomes},
    instance::Instance,
    letters::facts::LetterKind,
    store::{Id, intake_number},
};

/// The number of an item, as people name it: with its place where its message has several.
#[must_use]
pub fn item_number(intake: i64, n: i64, of: usize) -> String {
    let number = intake_number(intake);
    if of > 1 { format!("{number}/{n}") } else { number }
}

/// An item was filed, or repeats what is.
#[must_use]
pub fn filed(instance: &Instance, number: &str, filed: &FiledAs, states: &[Iso3]) -> String {
    let reference = &filed.reference;
    let version = filed.version.map(|n| format!("version {n}")).unwrap_or_default();
    let beside = match &filed.becomes {
        Becomes::Repeats { .. } => return format!("{number} repeats {version} of {reference}"),
        Becomes::Earlier { .. } => ", received earlier than the current one",
        Becomes::UnderQuery { .. } => ", which nobody has read",
        _ => "",
    };
    let of = if states.is_empty() { "no state".to_owned() } else { names(instance, states) };
    format!("{number} filed as {reference} ({of}, {version}, {}{beside})", when(filed.standing))
}

/// An item waits for a person. Of the question, what the program asks; what it quotes is left out.
#[must_use]
pub fn waits(number: &str, question: &str) -> String {
    let asked = question.split(['?', ':', ';', '.', ',', '(']).next().unwrap_or_default();
    format!("{number} waits for a person: {}", within(asked))
}

/// A colleague answered a message, or somebody who writes as one.
#[must_use]
pub fn answered(number: &str, asked: AskedThen) -> String {
    match asked {
        AskedThen::Closed => format!("{number} was answered by a colleague: no answer is asked for any more"),
        AskedThen::Open => format!("{number} was answered in a colleague's name: it waits for a person all the same"),
        AskedThen::Nothing => format!("{number} was answered in a colleague's name: nothing was asked"),
    }
}

/// A person decided.
#[must_use]
pub fn decision(about: &str, actor: &Actor, what: &str) -> String {
    format!("decision on {about} by {}: {what}", actor.name())
}

/// A letter left.
#[must_use]
pub fn left(letter: Id, kind: LetterKind, about: &str) -> String {
    format!("letter {letter} left for {about} ({})", kind.name())
}

/// A letter did not leave.
#[must_use]
pub fn not_left(letter: Id, about: &str, reason: &str) -> String {
    format!("letter {letter} for {about} did not leave: {}", within(reason))
}

/// A letter is held for a person.
#[must_use]
pub fn held(letter: Id, about: &str, reason: &str) -> String {
    format!("letter {letter} for {about} is held: {}", within(reason))
}

/// States by their names.
#[must_use]
pub fn names(instance: &Instance, states: &[Iso3]) -> String {
    states.iter().map(|&iso3| instance.name(iso3)).collect::<Vec<_>>().join(", ")
}

/// A sentence in the middle of another.
fn within(sentence: &str) -> String {
    let mut letters = sentence.trim().trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn when(standing: Standing) -> &'static str {
    match standing {
        Standing::OnTime => "on time",
        Standing::ByGrace => "within the grace",
        Standing::ByExtension => "within an extension",
        Standing::Late => "late",
        Standing::Undetermined => "on time or late: a person decides",
    }
}
