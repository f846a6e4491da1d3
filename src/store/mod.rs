//! The intake log in SQLite or PostgreSQL: the only place with SQL.
//!
//! Promises that both databases hold the same and answer the same: one SQL text for both, or two that stand side by side.
//! Every write goes through a [`Tx`]; what is not committed did not happen.

#[macro_use]
mod db;
#[macro_use]
mod letter_past;
mod after_intake;
mod again;
mod calls;
mod code;
mod connect_error;
mod contacts;
mod decisions;
mod demo;
mod error;
mod events;
mod fault;
mod findings;
mod folders;
mod growth;
mod id;
mod leases;
mod letters;
mod lock;
mod log;
mod messages;
mod originals;
mod outbox;
mod owners;
mod patience;
mod place;
mod rates;
mod recall;
mod reconcile;
mod restored;
mod said;
mod sent_copies;
mod server;
mod sql;
mod submissions;
mod tokens;
mod undelivered;

pub use after_intake::*;
pub use calls::*;
pub use connect_error::{ConnectError, place};
pub use contacts::*;
use db::On;
pub use db::{Db, Tx};
pub use decisions::*;
pub use error::StoreError;
pub use events::*;
pub use fault::{CutOffs, Whose};
pub use findings::*;
pub use folders::*;
pub use growth::*;
pub use id::Id;
pub use letter_past::*;
pub use letters::*;
pub use lock::{Lock, Locked};
pub use log::*;
pub use messages::*;
pub use originals::Original;
pub use outbox::*;
pub use patience::Patience;
pub use place::{Held, Place, PlaceError};
pub use reconcile::*;
pub use restored::*;
pub use sent_copies::*;
pub use server::Server;
pub use sql::Sql;
pub use submissions::*;
pub use tokens::*;
pub use undelivered::*;

/// Every statement of the program, so that a test can prepare each on both databases.
#[must_use]
pub fn statements() -> Vec<(&'static str, Sql)> {
    [
        after_intake::STATEMENTS,
        again::STATEMENTS,
        calls::STATEMENTS,
        sent_copies::STATEMENTS,
        decisions::STATEMENTS,
        demo::STATEMENTS,
        events::STATEMENTS,
        findings::STATEMENTS,
        folders::STATEMENTS,
        growth::STATEMENTS,
        leases::STATEMENTS,
        letter_past::STATEMENTS,
        letters::STATEMENTS,
        log::STATEMENTS,
        messages::STATEMENTS,
        originals::STATEMENTS,
        outbox::STATEMENTS,
        owners::STATEMENTS,
        rates::STATEMENTS,
        contacts::STATEMENTS,
        recall::STATEMENTS,
        reconcile::STATEMENTS,
        restored::STATEMENTS,
        submissions::STATEMENTS,
        tokens::STATEMENTS,
        undelivered::STATEMENTS,
    ]
    .concat()
}

/// A stored time.
///
/// # Errors
/// The row holds something else.
pub fn time(micros: i64) -> Result<jiff::Timestamp, StoreError> {
    jiff::Timestamp::from_microsecond(micros)
        .map_err(|error| StoreError::Row(format!("{micros} is no time in microseconds: {error}")))
}

/// A stored time that may be missing.
fn optional_time(micros: Option<i64>) -> Result<Option<jiff::Timestamp>, StoreError> {
    micros.map(time).transpose()
}

/// The word that stands for a closed choice in a row: its serialised name.
///
/// # Errors
/// It is not serialised as a word.
pub fn word<T: serde::Serialize>(choice: &T) -> Result<String, StoreError> {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StoreError::Row(format!("{other:?} is no word"))),
    }
}

/// The closed choice that a stored word stands for.
///
/// # Errors
/// The row holds something else.
pub fn choice<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| StoreError::Row(format!("“{word}” is not known here: {error}")))
}

/// A list that a row holds in JSON.
///
/// # Errors
/// The row holds something else.
pub fn list<T: serde::de::DeserializeOwned>(json: &str) -> Result<Vec<T>, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Row(format!("“{json}” is no list: {error}")))
}

/// A stored count.
fn count<T: TryFrom<i64>>(value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::Row(format!("{value} is out of range")))
}

/// A count to be stored.
fn number<T: TryInto<i64>>(value: T) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

/// A stored country code.
fn iso3(code: &str) -> Result<crate::core::iso3::Iso3, StoreError> {
    code.parse().map_err(|error| StoreError::Row(format!("{error}")))
}
