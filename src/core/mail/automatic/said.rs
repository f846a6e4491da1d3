//! What a message without any mark in its header says of itself: by its subject, by a short text, by how soon it came.
//!
//! Promises that none of it silences a message that brings a document or has a purpose, but for a subject that only programs
//! write over a message without a document; that a phrase of absence, which people write as well, silences only within minutes of
//! a letter of ours; and that what is only likely is asked.

use super::{
    beside::Beside,
    wording::{self, Kind, Trace},
};
use crate::core::mail::{message::Message, quoting};

/// How many words an answer within minutes may have and still be a program's by that alone.
const AT_ONCE: usize = 60;

/// What the message gives away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A program wrote it; the reason.
    Program(String),
    /// It is not answered, and a person is asked whether a program wrote it; the reason.
    Silent(String),
    /// It may be answered, and a person is asked; the reason.
    Perhaps(String),
}

/// What the words and the haste of a message give away.
pub(super) fn said(message: &Message, beside: Beside) -> Option<Said> {
    let subject = message.subject.as_deref().and_then(wording::subject);
    let own = quoting::own_words(&message.body);
    let trace = wording::text(&own);
    let by_subject = subject.map(|subject| {
        let kind = match subject.kind {
            Kind::Answer => "an automatic answer",
            Kind::Report => "a report about the delivery of another message",
            Kind::Receipt => "a receipt for another message",
        };
        format!("By its subject the message is {kind}.")
    });
    let by_text = trace.map(|trace| match trace {
        Trace::Machine(words) => format!("Its text says of itself that a program wrote it (“{}”).", shown(words)),
        Trace::Absence(words) => format!("Its text speaks as answers in an absence do (“{}”).", shown(words)),
    });
    let purposeless = beside.purpose == Some(false);
    if beside.document {
        return by_subject.and(by_text).filter(|_| purposeless).map(Said::Program);
    }
    if let (Some(subject), Some(reason)) = (subject, by_subject) {
        return match beside.purpose {
            Some(true) if subject.label => Some(Said::Silent(reason)),
            Some(true) => None,
            // A person asks for a receipt in the words of one.
            _ if subject.kind == Kind::Receipt && trace.is_none() && own.contains(['?', '？', '؟', '\u{37e}', '՞']) => {
                Some(Said::Silent(reason))
            }
            _ => Some(Said::Program(reason)),
        };
    }
    if beside.purpose == Some(true) {
        return None;
    }
    match (trace, by_text) {
        (Some(Trace::Machine(_)), Some(reason)) if purposeless => Some(Said::Program(reason)),
        (Some(Trace::Absence(_)), Some(reason)) if purposeless && beside.at_once => Some(Said::Program(reason)),
        (Some(_), Some(reason)) => Some(Said::Silent(reason)),
        _ => (beside.at_once && wording::length(&own) <= AT_ONCE)
            .then(|| Said::Perhaps("It is short, and came within minutes of a letter of ours.".to_owned())),
    }
}

fn shown(words: &str) -> &str {
    words.trim_end_matches('*')
}
