//! Whose fault it is that the database did not do something: a passing moment's, the row's, or ours.
//!
//! Promises that what passes by itself is held against no row, that a row which the database refuses is told from all others,
//! and that whatever is neither is ours: the tables, the login, a damaged file. A trigger that raises (RAISE(ABORT) in SQLite,
//! RAISE in PostgreSQL, which is P0001) refuses the row that it is raised on; whoever made it meant rows.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sqlx::error::DatabaseError;

use super::{ConnectError, Id, StoreError, code::Code};

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's: the database is away, busy, or without room. The same succeeds later.
    Passing,
    /// The row's: the database takes others, and not this one.
    Row,
    /// Ours: nothing of the kind succeeds before a person has mended the database or the program.
    Ours,
}

/// A statement that is cut off so often in a row for the same row is the row's fault.
const CUT_OFFS: u32 = 3;

impl StoreError {
    /// Whose fault it is.
    #[must_use]
    pub fn whose(&self) -> Whose {
        match self {
            Self::Silent(_) => Whose::Passing,
            Self::Connect(error) if error.is_temporary() => Whose::Passing,
            Self::Connect(_) | Self::Address(_) | Self::Place(_) | Self::Migrate(_) => Whose::Ours,
            Self::Open { source, .. } => source.whose(),
            Self::Row(_) => Whose::Row,
            Self::Sql(error) => of_sql(error),
        }
    }

    /// Whether the same may succeed later, without a person doing anything to the program. Who comes second with a row that
    /// another wrote at the same time finds it when it looks again.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.whose() == Whose::Passing || self.is_duplicate()
    }

    /// Whether the database cannot be reached, or takes nothing just now, whatever it is asked for.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Connect(_)) || self.whose() == Whose::Passing
    }

    /// Whether it fails whoever asks, for as long as it lasts: a disk without room takes small commits still, and what was
    /// cut off may be one statement.
    #[must_use]
    pub fn fails_everybody(&self) -> bool {
        let no_room = self.code().is_some_and(|code| code.lacks_room());
        self.is_away() && !no_room && !self.was_cut_off()
    }

    /// Whether it took its time to fail: nothing is gained by waiting before it is tried again.
    #[must_use]
    pub fn was_waited_for(&self) -> bool {
        matches!(self, Self::Silent(_) | Self::Connect(ConnectError::Silent(..)))
    }

    /// Whether another had already written a row with the same key.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    fn was_cut_off(&self) -> bool {
        self.code().is_some_and(|code| code.is_cut_off())
    }

    fn code(&self) -> Option<Code> {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => Code::of(error.as_ref()),
            _ => None,
        }
    }
}

fn of_sql(error: &sqlx::Error) -> Whose {
    match error {
        sqlx::Error::Database(error) => of_code(error.as_ref()),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Whose::Passing,
        // What stands in the row, or is to stand there, is not what its column holds.
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::Encode(_)
        | sqlx::Error::RowNotFound => Whose::Row,
        _ => Whose::Ours,
    }
}

fn of_code(error: &dyn DatabaseError) -> Whose {
    match Code::of(error) {
        Some(code) if code.passes() => Whose::Passing,
        Some(code) if code.is_of_the_row() => Whose::Row,
        _ => Whose::Ours,
    }
}

/// How often in a row a statement was cut off for each row: once it passes, three times it is the row's.
#[derive(Debug)]
pub struct CutOffs<K = Id>(Mutex<BTreeMap<K, u32>>);

impl<K> Default for CutOffs<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord> CutOffs<K> {
    /// Whose fault an error is that was met over a row.
    pub fn whose(&self, row: K, error: &StoreError) -> Whose {
        if !error.was_cut_off() {
            return error.whose();
        }
        let mut rows = self.rows();
        let times = rows.entry(row).or_default();
        *times += 1;
        if *times < CUT_OFFS {
            return Whose::Passing;
        }
        Whose::Row
    }

    /// The row is done with.
    pub fn forget(&self, row: &K) {
        self.rows().remove(row);
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<K, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
