//! What a database calls an error, and what that means: SQLSTATE on a server, a number in a file.

use sqlx::{error::DatabaseError, sqlite::SqliteError};

/// What passes by itself, and what is about a row: the beginnings of SQLSTATE.
const PASSING: [&str; 7] = ["08", "25", "40", "53", "55", "57", "58"];
const OF_THE_ROW: [&str; 3] = ["22", "23", "P0"];
/// The same as SQLite says it: NOMEM, BUSY, LOCKED, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL; TOOBIG, CONSTRAINT,
/// MISMATCH, RANGE.
const PASSING_IN_FILE: [i32; 9] = [7, 5, 6, 8, 9, 10, 13, 14, 15];
const OF_THE_ROW_IN_FILE: [i32; 4] = [18, 19, 20, 25];
/// What says of a disk that a smaller piece may still find room.
const NO_ROOM: [&str; 2] = ["531", "58"];
const NO_ROOM_IN_FILE: [i32; 3] = [7, 10, 13];
/// A statement that took too long was cut off.
const CUT_OFF: &str = "57014";
const CUT_OFF_IN_FILE: i32 = 9;

/// What a database calls an error.
pub(super) enum Code {
    /// SQLite, without what follows the primary code.
    File(i32),
    /// SQLSTATE.
    Server(String),
}

impl Code {
    pub(super) fn of(error: &dyn DatabaseError) -> Option<Self> {
        let code = error.code()?;
        if error.try_downcast_ref::<SqliteError>().is_none() {
            return Some(Self::Server(code.into_owned()));
        }
        // The primary code stands in the lowest byte.
        code.parse::<i32>().ok().map(|code| Self::File(code & 0xff))
    }

    /// Whether what is refused now may be done later.
    pub(super) fn passes(&self) -> bool {
        self.is_one_of(&PASSING_IN_FILE, &PASSING)
    }

    /// Whether the database takes others, and not this one.
    pub(super) fn is_of_the_row(&self) -> bool {
        self.is_one_of(&OF_THE_ROW_IN_FILE, &OF_THE_ROW)
    }

    /// Whether a smaller piece may still find room.
    pub(super) fn lacks_room(&self) -> bool {
        self.is_one_of(&NO_ROOM_IN_FILE, &NO_ROOM)
    }

    /// Whether a statement took too long.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_one_of(&[CUT_OFF_IN_FILE], &[CUT_OFF])
    }

    fn is_one_of(&self, in_file: &[i32], on_server: &[&str]) -> bool {
        match self {
            Self::File(code) => in_file.contains(code),
            Self::Server(code) => on_server.iter().any(|beginning| code.starts_with(beginning)),
        }
    }
}
