//! The steps of a message's journey, each a loop's body: do what there is to do, and say whether there was anything.
//!
//! Promises that a step stopped anywhere leaves either a message still in the mailbox, or a row that says what is left to
//! do. No child process and no sending happens inside a transaction.

mod alarm;
mod answers;
mod chores;
mod import;
pub mod login;
mod post;
mod purge;
mod read;
mod receive;
mod reconcile;
mod recorded;
mod remind;
mod sent_copies;
mod words;

pub use alarm::Alarm;
pub use answers::Answers;
pub use chores::Chores;
pub use import::{Imported, Imports, import};
pub use post::Post;
pub use purge::purge;
pub use read::{Reader, Reread, reread};
pub use receive::{Received, Receiver};
pub use reconcile::{Reconciled, in_a_sentence, reconcile};
pub use recorded::{TakenIn, ToRecord, record};
pub use remind::{ReminderLine, Reminders, remind};
pub use sent_copies::SentCopies;
pub use words::Words;

use crate::{
    filing::FilingError,
    letters::LetterProblem,
    mailbox::MailboxError,
    mailer::ComposeError,
    oauth::TokenError,
    sandbox::SandboxError,
    store::{CutOffs, StoreError, Whose},
};

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did something, and there may be more.
    Worked,
    /// There was nothing to do.
    Idle,
}

/// Why a step failed. What it had not committed did not happen, and is done by the next.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each is the error of the layer that it names")]
pub enum PipelineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error(transparent)]
    Filing(#[from] FilingError),
    #[error(transparent)]
    Letter(#[from] LetterProblem),
    #[error(transparent)]
    Compose(#[from] ComposeError),
    #[error("facts cannot be written down: {0}")]
    Facts(#[from] serde_json::Error),
    #[error("{0}")]
    NotReread(String),
}

impl PipelineError {
    /// Whose fault it is. What the database has no part in is the row's where it is about what is being worked on.
    #[must_use]
    pub fn whose(&self) -> Whose {
        if let Some(error) = self.of_the_store() {
            return error.whose();
        }
        match self {
            Self::Letter(_) | Self::Compose(_) | Self::Facts(_) | Self::Filing(_) | Self::NotReread(_) => Whose::Row,
            error if error.is_temporary() => Whose::Passing,
            _ => Whose::Ours,
        }
    }

    /// The same for an error that was met over a row.
    fn whose_over<K: Ord>(&self, row: K, cut_offs: &CutOffs<K>) -> Whose {
        self.of_the_store().map_or_else(|| self.whose(), |error| cut_offs.whose(row, error))
    }

    /// Whether the same may succeed later, without a person doing anything to the program.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Store(error) => error.is_temporary(),
            Self::Mailbox(error) => error.is_temporary(),
            Self::Token(error) => error.is_temporary(),
            Self::Filing(error) => error.is_temporary(),
            Self::Sandbox(_) => true,
            Self::Letter(_) | Self::Compose(_) | Self::Facts(_) | Self::NotReread(_) => false,
        }
    }

    /// Whether the database is away, whatever it is asked for.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.of_the_store().is_some_and(StoreError::is_away)
    }

    /// Whether the database takes nothing from anybody: then it is not the step's failure.
    #[must_use]
    pub fn fails_everybody(&self) -> bool {
        self.of_the_store().is_some_and(StoreError::fails_everybody)
    }

    /// What the database answered, if it is that.
    fn of_the_store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) | Self::Filing(FilingError::Store(error)) | Self::Token(TokenError::Store(error)) => {
                Some(error)
            }
            _ => None,
        }
    }

    /// Whether the database was waited for already: nothing is gained by waiting longer.
    #[must_use]
    pub fn was_waited_for(&self) -> bool {
        matches!(self, Self::Store(error) | Self::Filing(FilingError::Store(error)) if error.was_waited_for())
    }
}
