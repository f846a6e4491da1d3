//! Why a page is not what was asked for.

use crate::{core::iso3::Iso3, desk::DeskError, export::ExportError};

/// Why a page is not what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum NoPage {
    /// There is no such thing; a sentence says what.
    #[error("{0}")]
    Missing(String),
    /// The question makes no sense; a sentence says why.
    #[error("{0}")]
    Wrong(String),
    /// Nobody is logged in; a sentence says what to do.
    #[error("{0}")]
    Unknown(String),
    /// The person may not do that; a sentence says why.
    #[error("{0}")]
    Forbidden(String),
    /// More was sent than is taken.
    #[error("{0}")]
    TooLarge(String),
    /// The desk has nothing to show.
    #[error("it could not be read: {0}")]
    Desk(#[source] DeskError),
    /// A file could not be made.
    #[error("a file could not be made: {0}")]
    Export(#[source] Box<ExportError>),
    /// A template failed.
    #[error("a template failed: {0}")]
    Template(#[from] minijinja::Error),
}

impl From<ExportError> for NoPage {
    fn from(error: ExportError) -> Self {
        Self::Export(Box::new(error))
    }
}

impl From<DeskError> for NoPage {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound(said) => Self::Missing(said),
            DeskError::Refused(said) | DeskError::NoState(said) | DeskError::Changed(said) => Self::Wrong(said),
            error => Self::Desk(error),
        }
    }
}

impl NoPage {
    /// Nothing stands at the address that was asked for.
    #[must_use]
    pub fn nothing_here() -> Self {
        Self::Missing("Nothing stands at this address.".to_owned())
    }

    /// The call that was asked for is none.
    #[must_use]
    pub fn no_call(code: Option<&str>) -> Self {
        Self::Missing(code.map_or_else(
            || "No call for inputs is configured.".to_owned(),
            |code| format!("No call is named “{}”.", code.chars().take(80).collect::<String>()),
        ))
    }

    /// The state that was asked for is not asked by the call.
    #[must_use]
    pub fn no_state(iso3: Iso3) -> Self {
        Self::Missing(format!("{iso3} is not on the roster of this call."))
    }

    /// Nothing has the number that was asked for.
    #[must_use]
    pub fn no_entry(reference: &str) -> Self {
        let reference: String = reference.chars().take(80).collect();
        Self::Missing(format!(
            "No entry has the number “{reference}”. A number looks like M-000123 or GCM-ECE-2020-0007."
        ))
    }
}
