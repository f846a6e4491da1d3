//! The two databases behind one face, and the macros that run one SQL text on either.
//!
//! SQLite has one writer that begins with `BEGIN IMMEDIATE` (a deferred transaction that reads and then writes fails at
//! once when another wrote in between) and readers of their own; WAL, and `synchronous = FULL`, because what was answered
//! must be on the disk. A test or a reader never sees half a transaction. A file answers, or says within its busy timeout
//! why not, so that no more limits are needed there; a server may fall silent, and has limits of [its own](super::server).

use std::{fs::File, io};

use sqlx::{
    Connection as _, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    error::StoreError,
    patience::Patience,
    place::{Held, Place, PlaceError},
    said::Said,
    server::{Server, Session},
};

/// An open database.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Those that only read.
        reader: SqlitePool,
        /// Where it lies, and which file it was.
        held: Held,
    },
    /// A server.
    Postgres(Server),
}

/// A transaction on either database; dropped without [`Tx::commit`], it did not happen.
#[derive(Debug)]
pub struct Tx {
    pub(super) on: On,
    /// What is only ever added is written in one piece, before it is read and at the latest with the commit.
    pub(super) events: Vec<Row>,
    pub(super) findings: Vec<Row>,
    pub(super) said: Said,
    /// What must still be there when it is committed.
    held: Option<Held>,
}

/// A row to be added, its columns in their order.
pub(super) type Row = serde_json::Value;

/// Where a transaction takes place.
#[derive(Debug)]
pub(super) enum On {
    /// On the file.
    Sqlite(Transaction<'static, Sqlite>),
    /// On the server.
    Postgres(Session),
}

impl Db {
    /// Opens the database and brings its tables up to date. A SQLite file that is missing is begun, with its folder.
    ///
    /// # Errors
    /// The address is not understood, the database does not answer, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_by(url, Place::begin, Patience::default()).await
    }

    /// The same with a patience of one's own.
    ///
    /// # Errors
    /// As above.
    pub async fn open_with(url: &str, patience: Patience) -> Result<Self, StoreError> {
        Self::open_by(url, Place::begin, patience).await
    }

    /// Opens a database that is there and brings its tables up to date. Where there is none, nothing is made.
    ///
    /// # Errors
    /// As with [`Self::open`], or there is none.
    pub async fn open_begun(url: &str) -> Result<Self, StoreError> {
        Self::open_by(url, Place::enter, Patience::default()).await
    }

    async fn open_by(
        url: &str,
        take: fn(Place) -> Result<Held, PlaceError>,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(Self::Postgres(Server::at(url, patience).await?));
        }
        if !url.starts_with("sqlite:") {
            return Err(StoreError::Address(url.to_owned()));
        }
        let Some(place) = Place::of(url)? else { return Err(StoreError::Address(url.to_owned())) };
        let held = take(place)?;
        Self::open_file(&held, patience).await.map_err(|error| match held.place().denied() {
            Some(denied) => denied.into(),
            None if matches!(error, StoreError::Place(_)) => error,
            None => StoreError::Open { path: held.place().path().display().to_string(), source: Box::new(error) },
        })
    }

    async fn open_file(held: &Held, patience: Patience) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(held.place().path())
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            // In KiB, and in pages: an original with its entry and letter is about 40 pages.
            .pragma("cache_size", "-4096")
            .pragma("wal_autocheckpoint", "4000")
            .busy_timeout(patience.locked);
        // Two that turn a new file to WAL at once fail without waiting for each other.
        let alone = migrate_alone(held.place()).await?;
        let writer = whole(SqlitePoolOptions::new()).max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        drop(alone);
        // What is read is rarely read twice.
        let options = options.read_only(true).pragma("cache_size", "-1024");
        let reader = whole(SqlitePoolOptions::new()).max_connections(4).connect_with(options).await?;
        held.is_there()?;
        Ok(Self::Sqlite { writer, reader, held: held.clone() })
    }

    /// The file; none where it is a server.
    #[must_use]
    pub fn held(&self) -> Option<&Held> {
        match self {
            Self::Sqlite { held, .. } => Some(held),
            Self::Postgres(_) => None,
        }
    }

    /// That the file is still the one that was opened.
    fn is_there(&self) -> Result<Option<Held>, PlaceError> {
        self.held().map(|held| held.is_there().map(|()| held.clone())).transpose()
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// The database does not answer, stays locked by another process, or its file is not there any more.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(Tx::new(
            self.is_there()?,
            match self {
                Self::Sqlite { writer, .. } => On::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
                Self::Postgres(server) => On::Postgres(server.session("BEGIN").await?),
            },
        ))
    }

    /// Begins a transaction that only reads, and sees one moment throughout.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        Ok(Tx::new(
            self.is_there()?,
            match self {
                Self::Sqlite { reader, .. } => On::Sqlite(reader.begin().await?),
                Self::Postgres(server) => {
                    On::Postgres(server.session("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
                }
            },
        ))
    }

    /// Closes all connections. `SQLite` has whoever closes the last one to a file fold the write-ahead log into it, unless
    /// another file has taken its place meanwhile.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader, .. } => {
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(server) => server.close().await,
        }
    }
}

/// Gives up a connection that believes itself in a transaction when it comes back. On a full or failing disk SQLite undoes
/// a transaction by itself, sqlx's own undoing then fails, and no transaction could be begun on that connection any more.
/// A file is not asked whether it is still there, as a server is: whatever is wrong with it shows in the transaction.
fn whole(pool: SqlitePoolOptions) -> SqlitePoolOptions {
    pool.test_before_acquire(false).after_release(|connection, _| {
        Box::pin(async move {
            if connection.is_in_transaction() {
                // Answered behind the undoing, which is on its way.
                connection.ping().await?;
            }
            Ok(!connection.is_in_transaction())
        })
    })
}

/// Waits until no other process brings the tables of a SQLite file up to date; a command may start beside the daemon.
/// Where the file system has no locks there is nothing to wait for.
async fn migrate_alone(place: &Place) -> Result<File, StoreError> {
    let file = place.open_beside(".migrating")?;
    let waiting = tokio::task::spawn_blocking(move || match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(file),
    });
    let file = waiting.await.map_err(io::Error::other).map_err(sqlx::Error::Io)?;
    Ok(file.map_err(sqlx::Error::Io)?)
}

impl Tx {
    fn new(held: Option<Held>, on: On) -> Self {
        Self { on, events: Vec::new(), findings: Vec::new(), said: Said::default(), held }
    }

    /// Says that something happened, for those who follow the work.
    pub fn say(&mut self, line: String) {
        self.said.usual(line);
    }

    /// Says that something happened which somebody should look at.
    pub fn warn(&mut self, line: String) {
        self.said.warning(line);
    }

    /// Makes it so.
    ///
    /// # Errors
    /// The database could not; whether it did is then unknown, and unique keys make a repetition safe. A file that is not
    /// there any more gets nothing.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.write_events().await?;
        self.write_findings().await?;
        if let Some(held) = &self.held {
            held.is_there()?;
        }
        match self.on {
            On::Sqlite(tx) => tx.commit().await?,
            On::Postgres(session) => session.commit().await?,
        }
        self.said.aloud();
        Ok(())
    }

    /// Makes it not so, and waits until it is not: what it had locked is free.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        match self.on {
            On::Sqlite(tx) => tx.rollback().await?,
            On::Postgres(session) => session.roll_back().await?,
        }
        Ok(())
    }
}

/// Declares the statements of a module and lists them in `STATEMENTS`.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* const $name: $crate::store::Sql = $sql;)*
        pub(super) const STATEMENTS: &[(&str, $crate::store::Sql)] = &[$((stringify!($name), $name)),*];
    };
}

/// Runs a statement with its values and yields the number of affected rows.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match &mut $tx.on {
            $crate::store::On::Sqlite(tx) => {
                sqlx::query($sql.sqlite)$(.bind($value))*.execute(&mut **tx).await.map_err($crate::store::StoreError::from)
                    .map(|done| done.rows_affected())
            }
            $crate::store::On::Postgres(session) => {
                let limit = session.patience();
                let answer = async {
                    let asked = sqlx::query($sql.postgres)$(.bind($value))*.execute(session.ask()?);
                    $crate::store::server::within(limit, asked).await
                }
                .await;
                session.heard(answer).map(|done| done.rows_affected())
            }
        }
    };
}

/// Runs a statement with its values and yields its rows: `fetch!(all | one | optional, tx => Row, SQL, values…)`. A row that
/// cannot be read is an error that names it.
macro_rules! fetch {
    (all, $($rest:tt)*) => { fetch!(@ (fetch_all, fetch, each_within, all), $($rest)*) };
    (one, $($rest:tt)*) => { fetch!(@ (fetch_one, fetch_one, within, one), $($rest)*) };
    (optional, $($rest:tt)*) => { fetch!(@ (fetch_optional, fetch_optional, within, optional), $($rest)*) };
    (@ ($how:ident, $asking:ident, $waiting:ident, $rows:ident), $tx:expr => $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        (match &mut $tx.on {
            $crate::store::On::Sqlite(tx) => {
                sqlx::query_as::<_, $crate::store::columns::Of<$row>>($sql.sqlite)$(.bind($value))*.$how(&mut **tx).await
                    .map_err($crate::store::StoreError::from)
            }
            $crate::store::On::Postgres(session) => {
                let limit = session.patience();
                let answer = async {
                    let asked = sqlx::query_as::<_, $crate::store::columns::Of<$row>>($sql.postgres)$(.bind($value))*.$asking(session.ask()?);
                    $crate::store::server::$waiting(limit, asked).await
                }
                .await;
                session.heard(answer)
            }
        })
        .map($crate::store::columns::$rows)
        .map_err(|error| $crate::store::columns::named(error, $sql))
    };
}
