//! What an instance works with that needs no database: the tables of states, the templates of letters, the calls with
//! their deadlines, and what is ours.
//!
//! Promises that the daemon and the commands that run without a log read it with the same function and answer alike, and
//! that all that is wrong with it is said at once.

use std::{cell::RefCell, collections::BTreeMap, fmt};

use crate::{
    config::{Config, ConfigError, ConfigProblems, MailboxConfig, Problem, Shipped},
    core::{
        calls::{
            call::Call,
            deadline::{Deadline, DeadlineError},
        },
        iso3::Iso3,
        judging::matching::{Register, TableProblem, Tables},
        mail::automatic::Own,
        purpose::Topic,
    },
    letters::{LetterProblems, Letters},
};

/// What was read.
#[derive(Debug)]
pub struct Reference {
    /// What the operator said.
    pub config: Config,
    /// The reference tables and templates, as files.
    pub shipped: Shipped,
    /// The states.
    pub register: Register,
    /// The templates of letters.
    pub letters: Letters,
    /// The calls, in the order of the configuration.
    pub calls: Vec<DatedCall>,
    /// What the calls of each mailbox are about.
    pub topics: Topics,
}

/// What the calls of each mailbox are about.
#[derive(Debug)]
pub struct Topics {
    by_mailbox: BTreeMap<String, Topic>,
    /// That of a mailbox that nobody configured.
    other: Topic,
}

impl Topics {
    pub(super) fn of_all(config: &Config) -> Self {
        let by_mailbox = config.mailboxes.iter().map(|mailbox| {
            let find = |code: &String| config.calls.iter().find(|call| call.code == *code);
            let topic = topic(mailbox.calls.iter().filter_map(find), &own(config, &mailbox.name));
            (mailbox.name.clone(), topic)
        });
        Self { by_mailbox: by_mailbox.collect(), other: topic([], &Own::default()) }
    }

    /// What the calls of a mailbox are about.
    #[must_use]
    pub fn of(&self, mailbox: &str) -> &Topic {
        self.by_mailbox.get(mailbox).unwrap_or(&self.other)
    }
}

/// What calls are about, where certain addresses are ours.
pub fn topic<'a>(calls: impl IntoIterator<Item = &'a Call>, own: &'a Own) -> Topic {
    Topic::new(
        calls.into_iter().map(|call| (call.words.as_slice(), call.headings.as_slice())),
        own.addresses.iter().map(String::as_str),
    )
}

/// A call with what follows from it and from the tables.
#[derive(Clone, Debug)]
pub struct DatedCall {
    /// The call as configured.
    pub call: Call,
    /// Its deadline as an instant.
    pub deadline: Deadline,
    /// The states it is addressed to.
    pub roster: Vec<Iso3>,
}

/// What is wrong with the files of an instance.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// A file of the configuration cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The tables of states are wrong.
    #[error("the tables of states are wrong:\n{0}")]
    Tables(ConfigProblems),
    /// A template is wrong.
    #[error(transparent)]
    Letters(#[from] LetterProblems),
    /// A deadline is no instant.
    #[error(transparent)]
    Deadline(#[from] DeadlineError),
    /// A call names a roster that the tables do not have.
    #[error("the call {call} names the roster “{roster}”, which states/member_states.csv does not have")]
    Roster {
        /// The call.
        call: String,
        /// What it names.
        roster: String,
    },
}

/// All that is wrong with them; never empty when it is an error.
#[derive(Debug, thiserror::Error)]
pub struct ReferenceErrors(pub Vec<ReferenceError>);

impl fmt::Display for ReferenceErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl Reference {
    /// Reads the tables, renders every template, and fixes the deadline of every call.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn read(config: Config, shipped: Shipped) -> Result<Self, ReferenceErrors> {
        let (register, letters) = match (read_register(&shipped), read_letters(&shipped)) {
            (Ok(register), Ok(letters)) => (register, letters),
            (register, letters) => {
                return Err(ReferenceErrors(register.err().into_iter().chain(letters.err()).collect()));
            }
        };
        let (mut calls, mut wrong) = (Vec::new(), Vec::new());
        for call in &config.calls {
            match dated(call, &register) {
                Ok(call) => calls.push(call),
                Err(error) => wrong.push(error),
            }
        }
        if wrong.is_empty() {
            let topics = Topics::of_all(&config);
            Ok(Self { config, shipped, register, letters, calls, topics })
        } else {
            Err(ReferenceErrors(wrong))
        }
    }

    /// What is ours, for mail of a mailbox. Without any mailbox it is not known.
    #[must_use]
    pub fn own(&self, mailbox: &str) -> Own {
        if self.config.mailboxes.is_empty() { Own::default() } else { own(&self.config, mailbox) }
    }

    /// The calls that a mailbox receives for.
    #[must_use]
    pub fn calls_of(&self, mailbox: &str) -> Vec<&DatedCall> {
        let find = |code: &String| self.calls.iter().find(|dated| dated.call.code == *code);
        codes_of(&self.config, mailbox).filter_map(find).collect()
    }
}

/// What is ours, for mail of a mailbox: no letter goes to ourselves, and our relay is believed.
#[must_use]
pub fn own(config: &Config, mailbox: &str) -> Own {
    let addresses = config.mailboxes.iter().flat_map(|mailbox| mailbox.addresses.iter());
    let letters = &config.letters;
    let senders = [Some(&letters.from_address), letters.return_path.as_ref()].into_iter().flatten();
    Own {
        addresses: addresses.chain(senders).map(|address| address.to_lowercase()).collect(),
        relay: named(config, mailbox).map(MailboxConfig::relay).unwrap_or_default(),
    }
}

/// The codes of the calls that a mailbox receives for.
pub(super) fn codes_of<'c>(config: &'c Config, mailbox: &str) -> impl Iterator<Item = &'c String> {
    named(config, mailbox).into_iter().flat_map(|mailbox| &mailbox.calls)
}

fn named<'c>(config: &'c Config, mailbox: &str) -> Option<&'c MailboxConfig> {
    config.mailboxes.iter().find(|known| known.name == mailbox)
}

pub(super) fn dated(call: &Call, register: &Register) -> Result<DatedCall, ReferenceError> {
    let deadline = Deadline::fix(&call.deadline)?;
    let roster = register
        .roster(&call.roster)
        .ok_or_else(|| ReferenceError::Roster { call: call.code.clone(), roster: call.roster.clone() })?;
    Ok(DatedCall { call: call.clone(), deadline, roster })
}

/// Reads the tables of states.
///
/// # Errors
/// A table cannot be read, or is wrong.
pub fn read_register(shipped: &Shipped) -> Result<Register, ReferenceError> {
    let text = |name: &str| shipped.text(&format!("states/{name}.csv")).map(Option::unwrap_or_default);
    let tables = Tables {
        member_states: &text("member_states")?,
        domain_evidence: &text("domain_evidence")?,
        shared_domains: &text("shared_domains")?,
        substate_domains: &text("substate_domains")?,
        ambiguous: &text("ambiguous")?,
        embedded_names: &text("embedded_names")?,
        dated_names: &text("dated_names")?,
    };
    let problem = |found: TableProblem| Problem {
        file: shipped.place(&format!("states/{}.csv", found.table)),
        line: usize::try_from(found.line).ok().filter(|line| *line > 0),
        what: found.message,
        hint: None,
    };
    Register::load(&tables)
        .map_err(|found| ReferenceError::Tables(ConfigProblems(found.into_iter().map(problem).collect())))
}

/// Reads the templates and the words of letters, and renders each letter in each language.
///
/// # Errors
/// A file cannot be read, or a letter not rendered.
fn read_letters(shipped: &Shipped) -> Result<Letters, ReferenceError> {
    let unreadable = RefCell::new(None);
    let read = |path: &str| match shipped.text(path) {
        Ok(text) => text,
        Err(error) => {
            unreadable.borrow_mut().get_or_insert(error);
            None
        }
    };
    let letters = Letters::load(&read);
    match unreadable.take() {
        Some(error) => Err(error.into()),
        None => Ok(letters?),
    }
}
