//! The two databases behind one face, and the macros that run one SQL text on either.
//!
//! SQLite has one writer that begins with `BEGIN IMMEDIATE` (a deferred transaction that reads and then writes fails at
//! once when another wrote in between) and readers of their own; WAL, and `synchronous = FULL`, because what was answered
//! must be on the disk. A test or a reader never sees half a transaction.

use std::{fs::File, io, path::Path, str::FromStr, time::Duration};

use sqlx::{
    Connection as _, Executor as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    connect_error::{ConnectError, let_in, why},
    said::Said,
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
    },
    /// A server.
    Postgres(PgPool),
}

/// A transaction on either database; dropped without [`Tx::commit`], it did not happen.
#[derive(Debug)]
pub struct Tx {
    pub(super) on: On,
    /// What is only ever added is written in one piece, before it is read and at the latest with the commit.
    pub(super) events: Vec<Row>,
    pub(super) findings: Vec<Row>,
    pub(super) said: Said,
}

/// A row to be added, its columns in their order.
pub(super) type Row = serde_json::Value;

/// Where a transaction takes place.
#[derive(Debug)]
pub(super) enum On {
    /// On the file.
    Sqlite(Transaction<'static, Sqlite>),
    /// On the server.
    Postgres(Transaction<'static, Postgres>),
}

/// A statement: one text for both databases, or one for each.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

impl Sql {
    /// The same text for both.
    #[must_use]
    pub const fn both(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }
}

/// How a transaction begins on PostgreSQL that only reads, and sees one moment.
const READ_ONLY: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// What a database that can only be read, is locked, or comes and goes, answers to everybody: SQLite's codes for a file that
/// is locked or read-only, and PostgreSQL's for a server that only follows, is full, or goes up or down.
const TAKES_NOTHING: [&str; 11] = ["5", "261", "517", "773", "8", "1032", "25006", "53300", "57P01", "57P02", "57P03"];

/// Why the database did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database is not understood.
    #[error("“{0}” is no database: write sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
    /// A server that cannot be worked with.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Any other answer of the database.
    #[error("the database answered: {0}")]
    Sql(#[from] sqlx::Error),
    /// A row holds what it should not.
    #[error("{0}")]
    Row(String),
}

impl StoreError {
    /// Whether the same may succeed later, without a person doing anything to the program.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Address(_) | Self::Migrate(_) | Self::Row(_) => false,
            Self::Connect(error) => error.is_temporary(),
            Self::Sql(error) => {
                matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Database(_))
            }
        }
    }

    /// Whether the database is away or takes nothing, whoever asks it: then it is not the asker's failure.
    #[must_use]
    pub fn is_of_the_database(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Sql(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => true,
            Self::Sql(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| TAKES_NOTHING.contains(&code.as_ref()))
            }
            Self::Address(_) | Self::Migrate(_) | Self::Sql(_) | Self::Row(_) => false,
        }
    }

    /// Whether another had already written a row with the same key.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

impl Db {
    /// Opens the database and brings its tables up to date. A SQLite file is created with its folder.
    ///
    /// # Errors
    /// The address is not understood, the database does not answer, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = let_in(url).await?;
            let pool = awake(PgPoolOptions::new()).max_connections(8).connect_with(options).await?;
            sqlx::migrate!("migrations/postgres").run(&pool).await?;
            return Ok(Self::Postgres(pool));
        }
        let path = url.strip_prefix("sqlite:").ok_or_else(|| StoreError::Address(url.to_owned()))?;
        if let Some(folder) = Path::new(path).parent() {
            std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
        }
        let options = SqliteConnectOptions::from_str(&format!("sqlite:{path}"))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            // In KiB, and in pages: an original with its entry and letter is about 40 pages.
            .pragma("cache_size", "-4096")
            .pragma("wal_autocheckpoint", "4000")
            .busy_timeout(Duration::from_secs(10));
        // Two that turn a new file to WAL at once fail without waiting for each other.
        let alone = migrate_alone(path).await?;
        let writer = whole(SqlitePoolOptions::new()).max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        drop(alone);
        // What is read is rarely read twice.
        let options = options.read_only(true).pragma("cache_size", "-1024");
        let reader = whole(SqlitePoolOptions::new()).max_connections(4).connect_with(options).await?;
        Ok(Self::Sqlite { writer, reader })
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// The database does not answer, or stays locked by another process.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(Tx::new(match self {
            Self::Sqlite { writer, .. } => On::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => match pool.begin().await {
                Ok(tx) => On::Postgres(tx),
                Err(error) => return Err(why(pool, error).await),
            },
        }))
    }

    /// Begins a transaction that only reads, and sees one moment throughout.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        Ok(Tx::new(match self {
            Self::Sqlite { reader, .. } => On::Sqlite(reader.begin().await?),
            Self::Postgres(pool) => match pool.begin_with(READ_ONLY).await {
                Ok(tx) => On::Postgres(tx),
                Err(error) => return Err(why(pool, error).await),
            },
        }))
    }

    /// Closes all connections and, for SQLite, folds the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
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

/// A process that was stopped in the middle of a transaction holds rows for which all others wait. The server ends what
/// sleeps so long, and it did not happen; no transaction here waits for anything but the database.
fn awake(pool: PgPoolOptions) -> PgPoolOptions {
    pool.after_connect(|connection, _| {
        Box::pin(async move {
            connection.execute("SET idle_in_transaction_session_timeout = '20s'").await?;
            Ok(())
        })
    })
}

/// Waits until no other process brings the tables of a SQLite file up to date; a command may start beside the daemon.
/// Where the file system has no locks there is nothing to wait for.
async fn migrate_alone(path: &str) -> Result<File, StoreError> {
    let path = format!("{path}.migrating");
    let waiting = tokio::task::spawn_blocking(move || {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.lock() {
            Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
            _ => Ok(file),
        }
    });
    let file = waiting.await.map_err(io::Error::other).map_err(sqlx::Error::Io)?;
    Ok(file.map_err(sqlx::Error::Io)?)
}

impl Tx {
    fn new(on: On) -> Self {
        Self { on, events: Vec::new(), findings: Vec::new(), said: Said::default() }
    }

    /// Makes it so.
    ///
    /// # Errors
    /// The database could not; whether it did is then unknown, and unique keys make a repetition safe.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.write_events().await?;
        self.write_findings().await?;
        match self.on {
            On::Sqlite(tx) => tx.commit().await?,
            On::Postgres(tx) => tx.commit().await?,
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
            On::Postgres(tx) => tx.rollback().await?,
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
                sqlx::query($sql.sqlite)$(.bind($value))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            $crate::store::On::Postgres(tx) => {
                sqlx::query($sql.postgres)$(.bind($value))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::store::StoreError::from)
    };
}

/// Runs a statement with its values and yields its rows: `fetch!(all | one | optional, tx as Row, SQL, values…)`.
macro_rules! fetch {
    (all, $($rest:tt)*) => { fetch!(@ fetch_all, $($rest)*) };
    (one, $($rest:tt)*) => { fetch!(@ fetch_one, $($rest)*) };
    (optional, $($rest:tt)*) => { fetch!(@ fetch_optional, $($rest)*) };
    (@ $how:ident, $tx:expr => $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        match &mut $tx.on {
            $crate::store::On::Sqlite(tx) => {
                sqlx::query_as::<_, $row>($sql.sqlite)$(.bind($value))*.$how(&mut **tx).await
            }
            $crate::store::On::Postgres(tx) => {
                sqlx::query_as::<_, $row>($sql.postgres)$(.bind($value))*.$how(&mut **tx).await
            }
        }
        .map_err($crate::store::StoreError::from)
    };
}
