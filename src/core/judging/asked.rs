//! What a person is asked about an item beside whose it is and what it is for: harm, doubt, and what was not read.

use super::{item::Item, matching::Match, relevance::Relevance};
use crate::core::{
    file::{File, Outcome, Role},
    iso3::Iso3,
    mail::{authenticity::Authenticity, automatic::Answerable, message::Message},
    question::{Question, Unseen},
};

/// The states that it may be of, as many as are named to a person.
pub(super) fn candidates(matched: &Match) -> Vec<Iso3> {
    matched.candidates().into_iter().take(3).map(|(iso3, _)| iso3).collect()
}

/// A virus scanner found something in it, whatever else it is.
pub(super) fn harmful(matched: &Match, message: &Message) -> Option<Question> {
    let found = message.harmful.clone()?;
    Some(Question::Harmful { found, candidates: candidates(matched) })
}

/// Our relay found that the sender may be another than it says.
pub(super) fn doubtful(matched: &Match, answerable: &Answerable, authenticity: &Authenticity) -> Option<Question> {
    let said = authenticity.failure().filter(|_| !answerable.automatic)?;
    Some(Question::NotGenuine { said: said.to_owned(), candidates: candidates(matched) })
}

/// A main document that could not be read in full.
pub(super) fn unread_main(relevance: Relevance, item: &Item, files: &[File]) -> Option<Question> {
    let reading = &item.main_file(files)?.reading;
    let incomplete = relevance == Relevance::Input && reading.outcome != Outcome::Read;
    incomplete.then(|| Question::UnreadMain { why: reading.detail.clone() })
}

/// Files beside the main document that a letter leaves to a person.
pub(super) fn unread_beside(relevance: Relevance, item: &Item, files: &[File]) -> Option<Question> {
    let matters = |file: &File, role| {
        let listed = matches!(role, Role::Main | Role::CoverNote | Role::Annex | Role::Rendition);
        file.may_hide_documents() || listed && file.reading.outcome.is_left_to_a_person()
    };
    let unread: Vec<&File> =
        item.files.iter().filter(|(i, role)| matters(&files[*i], *role)).map(|(i, _)| &files[*i]).collect();
    let first = unread.first().filter(|_| relevance != Relevance::Unrelated)?;
    Some(Question::UnreadBeside { file: Unseen::of(first), more: unread.len() as u64 - 1 })
}

/// Local parts under which mail servers say that a letter did not arrive.
const SERVERS: [&str; 4] = ["mailerdaemon", "maildaemon", "postmaster", "mailsystem"];

/// A mail server tells that a letter of ours did not arrive: in a report, or in plain words that answer the letter.
pub(super) fn returned(message: &Message, relevance: Relevance, answers: bool) -> Option<Question> {
    let report = message.report_type.as_deref() == Some("delivery-status");
    let by_server = || {
        let address = message.from.as_ref().and_then(|from| from.address.as_deref()).unwrap_or_default();
        let local: String =
            address.split('@').next().unwrap_or_default().chars().filter(char::is_ascii_alphabetic).collect();
        SERVERS.contains(&local.to_ascii_lowercase().as_str())
    };
    let returned = report && (answers || relevance != Relevance::Unrelated) || answers && by_server();
    returned.then_some(Question::CameBack)
}
