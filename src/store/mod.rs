//! The intake log in SQLite or PostgreSQL: the only place with SQL.
//!
//! Promises that both databases hold the same and answer the same: one SQL text for both, or two that stand side by side.
//! Every write goes through a [`Tx`]; what is not committed did not happen.

#[macro_use]
mod columns;
#[macro_use]
mod db;
#[macro_use]
mod dialect;
#[macro_use]
mod letter_past;
#[macro_use]
mod places;
#[macro_use]
mod stopped;
mod accounts;
mod after_intake;
mod again;
mod answered;
mod asked;
mod calls;
mod changes;
mod chores;
mod code;
mod connect_error;
mod contacts;
mod decisions;
mod demo;
mod error;
mod events;
mod fault;
mod filed_under;
mod findings;
mod folders;
mod found;
mod growth;
mod id;
mod leases;
mod letter_decided;
mod letter_held;
mod letter_names;
mod letter_turns;
mod letters;
mod lock;
mod log;
mod looking;
mod messages;
mod notes;
mod originals;
mod outbox;
mod outsiders;
mod owners;
mod parties;
mod patience;
mod place;
mod rates;
mod recall;
mod reconcile;
mod recorded;
mod register;
mod restored;
mod said;
mod seen_answers;
mod sent_copies;
mod server;
mod sessions;
mod sql;
mod state_words;
mod submissions;
mod tokens;
mod undelivered;
mod waiting;
mod words;

pub use accounts::Account;
pub use after_intake::*;
pub use answered::*;
pub use calls::*;
pub use changes::Pulse;
pub use chores::*;
use columns::{Codes, Count, Day, Each, Flag, Hour, IfAny, Legible, List, Time, number};
pub use columns::{Read, When, word};
pub use connect_error::{ConnectError, place};
pub use contacts::*;
use db::On;
pub use db::{Db, Tx};
pub use decisions::*;
pub use error::StoreError;
pub use events::*;
pub use fault::{CutOffs, Whose};
pub use filed_under::*;
pub use findings::*;
pub use folders::*;
pub use found::*;
pub use growth::*;
pub use id::{Id, intake_number, letter_number};
pub use letter_decided::NewLetter;
pub use letter_held::*;
pub use letter_names::*;
pub use letter_past::*;
pub use letters::*;
pub use lock::{Lock, Locked};
pub use log::*;
pub use looking::Postponed;
pub use messages::*;
pub use notes::NoteRow;
pub use originals::Original;
pub use outbox::*;
pub use outsiders::OUTSIDERS;
pub use parties::*;
pub use patience::Patience;
pub use place::{Held, Place, PlaceError};
pub use places::*;
pub use reconcile::*;
pub use register::*;
pub use restored::*;
pub use seen_answers::*;
pub use sent_copies::*;
pub use server::Server;
pub use sessions::{Failures, Since};
pub use sql::Sql;
pub use stopped::{SendingStopped, ToLeave};
pub use submissions::*;
pub use tokens::*;
pub use undelivered::*;
pub use waiting::{WaitingPlace, WaitingRow};
pub use words::*;

/// Every statement of the program, so that a test can prepare each on both databases.
#[must_use]
pub fn statements() -> Vec<(&'static str, Sql)> {
    [
        accounts::STATEMENTS,
        after_intake::STATEMENTS,
        again::STATEMENTS,
        answered::STATEMENTS,
        calls::STATEMENTS,
        changes::STATEMENTS,
        chores::STATEMENTS,
        seen_answers::STATEMENTS,
        sent_copies::STATEMENTS,
        decisions::STATEMENTS,
        demo::STATEMENTS,
        events::STATEMENTS,
        filed_under::STATEMENTS,
        findings::STATEMENTS,
        folders::STATEMENTS,
        found::STATEMENTS,
        growth::STATEMENTS,
        leases::STATEMENTS,
        letter_decided::STATEMENTS,
        letter_held::STATEMENTS,
        letter_names::STATEMENTS,
        letter_past::STATEMENTS,
        letter_turns::STATEMENTS,
        letters::STATEMENTS,
        log::STATEMENTS,
        looking::STATEMENTS,
        notes::STATEMENTS,
        messages::STATEMENTS,
        originals::STATEMENTS,
        outbox::STATEMENTS,
        owners::STATEMENTS,
        parties::STATEMENTS,
        places::STATEMENTS,
        rates::STATEMENTS,
        sessions::STATEMENTS,
        contacts::STATEMENTS,
        recall::STATEMENTS,
        reconcile::STATEMENTS,
        recorded::STATEMENTS,
        register::STATEMENTS,
        restored::STATEMENTS,
        state_words::STATEMENTS,
        stopped::STATEMENTS,
        submissions::STATEMENTS,
        tokens::STATEMENTS,
        undelivered::STATEMENTS,
        waiting::STATEMENTS,
        words::STATEMENTS,
    ]
    .concat()
}
