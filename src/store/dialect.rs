//! Where the two databases must be told the same in different words: their clocks, and rows that others have locked.
//!
//! Promises that whatever else a statement says stands once: a macro that takes the database writes its text for either.

/// A statement whose text a macro writes for each database.
macro_rules! each {
    ($text:ident) => {
        $crate::store::Sql { sqlite: $text!(sqlite), postgres: $text!(postgres) }
    };
}

/// What the clock of the database shows, in microseconds.
macro_rules! now {
    (sqlite) => {
        "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
    };
    (postgres) => {
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
    };
}

/// Sets who has claimed a row, `$1`, and until when: `$2` from now.
macro_rules! claimed {
    ($db:ident) => {
        concat!("lease_owner = $1, lease_since = ", now!($db), ", lease_until = ", now!($db), " + $2")
    };
}

/// The ids that a query finds, but for those that another is just taking.
macro_rules! free_among {
    (sqlite, $($query:expr),* $(,)?) => {
        concat!("id IN (", $($query,)* ")")
    };
    // What is locked is chosen once, and not again for each row.
    (postgres, $($query:expr),* $(,)?) => {
        concat!("id = ANY(ARRAY(", $($query,)* " FOR UPDATE SKIP LOCKED))")
    };
}
