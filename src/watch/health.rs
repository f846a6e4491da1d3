//! What a probe is told: whether the program does its work, and each end by itself.

use jiff::Timestamp;
use serde::Serialize;

use super::{ends::End, known::Watch};

/// The state of the program, as JSON or as plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Every mailbox is read, what came in is read, letters can leave, and the database takes commits.
    pub ready: bool,
    /// Now.
    pub at: Timestamp,
    /// Since when the program runs.
    pub started: Timestamp,
    /// Whether this process reads the mailboxes; else another does.
    pub receives: bool,
    /// The mailboxes by name.
    pub mailboxes: Vec<EndSeen>,
    /// The letters.
    pub letters: EndSeen,
    /// Since when a person has stopped all letters to outsiders, if one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sending_stopped: Option<Timestamp>,
    /// The database.
    pub database: EndSeen,
    /// For how many seconds the oldest claim on a message or a letter has been held; none if nothing is in hand.
    pub oldest_claim_seconds: Option<i64>,
    /// What is not as it should be, each a sentence.
    pub troubles: Vec<String>,
}

/// One end of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndSeen {
    /// Its name.
    pub name: String,
    /// When it last worked.
    pub good: Option<Timestamp>,
    /// Since when it fails.
    pub failing_since: Option<Timestamp>,
    /// Why.
    pub why: Option<String>,
}

impl Watch {
    /// The state of the program.
    #[must_use]
    pub fn health(&self, now: Timestamp) -> Health {
        let troubles: Vec<_> = self.troubles(now).into_iter().filter(|trouble| trouble.counts(now)).collect();
        let state = self.state();
        Health {
            ready: !troubles.iter().any(|trouble| trouble.topic.stops_work()),
            at: now,
            started: self.started,
            receives: state.receives,
            mailboxes: state.mailboxes.iter().map(|(name, mailbox)| seen(name, &mailbox.end)).collect(),
            letters: seen("letters", &state.letters.end),
            sending_stopped: state.letters.stopped,
            database: seen("database", &state.database),
            oldest_claim_seconds: state.oldest_claim.map(|since| now.duration_since(since).as_secs().max(0)),
            troubles: troubles
                .into_iter()
                .map(|trouble| format!("{} Since {:.0}.", trouble.in_words(), trouble.since))
                .collect(),
        }
    }
}

fn seen(name: &str, end: &End) -> EndSeen {
    let (failing_since, why) = end.failing.clone().unzip();
    EndSeen { name: name.to_owned(), good: end.good, failing_since, why }
}

impl Health {
    /// The same for a person.
    #[must_use]
    pub fn in_words(&self) -> String {
        let first = if self.ready { "ready" } else { "not ready" };
        let claim = self.oldest_claim_seconds.map(|age| format!("The oldest claim is {age} s old."));
        let stopped =
            self.sending_stopped.map(|since| format!("Sending is stopped since {since:.0}: no letter leaves."));
        let more = self.troubles.iter().chain(&stopped).chain(&claim).map(String::as_str);
        let lines: Vec<&str> = std::iter::once(first).chain(more).collect();
        lines.join("\n") + "\n"
    }
}
