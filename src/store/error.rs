//! Why the database did not do it.

use std::time::Duration;

use super::{connect_error::ConnectError, place::PlaceError};

/// Why the database did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database is not understood.
    #[error("“{0}” is no database: write sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
    /// A server that cannot be worked with.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The file is not there, or not to be used.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// A file that is there does not open.
    #[error("the database {path} cannot be opened: {source}")]
    Open {
        /// The file.
        path: String,
        /// Why.
        source: Box<StoreError>,
    },
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Any other answer of the database.
    #[error("the database answered: {0}")]
    Sql(#[from] sqlx::Error),
    /// The server owes an answer. Whether it did what it was asked for is not known.
    #[error("the database did not answer within {} seconds", .0.as_secs())]
    Silent(Duration),
    /// A row holds what it should not.
    #[error("{0}")]
    Row(String),
}
