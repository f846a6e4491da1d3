//! The connections to a PostgreSQL server: a few, each lent to one transaction at a time.
//!
//! Promises that nothing waits longer than its limit for a server that has fallen silent, and that a connection which owes
//! an answer is dropped at once and never lent again. sqlx's own pool asks a connection that comes back whether it still
//! works, and waits for that without a limit. The server is told to be as impatient: what a client that is lost had locked
//! is free within seconds.

use std::{
    io, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{Stream, StreamExt as _};
use sqlx::{
    Connection as _, Executor as _, PgConnection,
    migrate::{Migrate as _, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout, timeout_at},
};

use super::{
    ConnectError, Patience, StoreError,
    connect_error::{Endpoint, options},
};

/// How long bringing the tables up to date may take: it may write every row anew, and others do it first.
const MIGRATE: Duration = Duration::from_hours(1);
/// How long is given to saying goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// How many connections there are at most.
const CONNECTIONS: usize = 8;
/// A connection that was not used for so long is not used any more.
const UNUSED: Duration = Duration::from_mins(1);
/// The wait before a server that is just starting is tried again.
const STARTING: Duration = Duration::from_millis(100);

/// What the server is told of its own patience: it gives a statement up a little sooner than this program, and says so. A
/// transaction here waits for nothing but the database: one that sleeps is ended before those that wait for it give up.
const IMPATIENT: &str = "SET statement_timeout = '9s';
    SET lock_timeout = '8s';
    SET idle_in_transaction_session_timeout = '7s';
    SET tcp_user_timeout = '10s';
    SET tcp_keepalives_idle = '10s';
    SET tcp_keepalives_interval = '3s';
    SET tcp_keepalives_count = 3";
const PATIENT: &str = "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0";

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");
/// The table in which sqlx keeps what has been applied.
const APPLIED: &str = "_sqlx_migrations";
const IS_THERE: &str = "SELECT to_regclass($1) IS NOT NULL";

/// A server, and the connections to it.
#[derive(Clone, Debug)]
pub struct Server {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    options: PgConnectOptions,
    patience: Patience,
    places: Arc<Semaphore>,
    waiting: Mutex<Vec<Waiting>>,
}

/// A connection that waits to be lent, and since when.
#[derive(Debug)]
struct Waiting {
    connection: PgConnection,
    since: Instant,
}

/// A connection in a transaction; dropped, the transaction did not happen.
#[derive(Debug)]
pub(super) struct Session {
    server: Server,
    /// With its place; none once both were handed on.
    lent: Option<(PgConnection, OwnedSemaphorePermit)>,
    standing: Standing,
}

/// How a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// All went well.
    Well,
    /// A statement failed: nothing of the transaction will happen.
    Failed,
    /// An answer is owed, or the connection is broken.
    Owing,
}

impl Server {
    /// The server at an address, its tables up to date.
    ///
    /// # Errors
    /// The address is not understood, the server does not answer, or a migration fails.
    pub(super) async fn at(url: &str, patience: Patience) -> Result<Self, StoreError> {
        let inner = Inner {
            options: options(url)?,
            patience,
            places: Arc::new(Semaphore::new(CONNECTIONS)),
            waiting: Mutex::default(),
        };
        let server = Self { inner: Arc::new(inner) };
        server.migrate().await?;
        Ok(server)
    }

    /// Brings the tables up to date, where they are not, over a connection of its own that has the time for it.
    async fn migrate(&self) -> Result<(), StoreError> {
        let mut connection = self.connect().await?;
        let up_to_date = self.in_time(async { Ok(is_up_to_date(&mut connection).await) }).await?;
        self.take_back(connection);
        if up_to_date {
            return Ok(());
        }
        let patient = PgPoolOptions::new().max_connections(1).after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(PATIENT).await?;
                Ok(())
            })
        });
        let migrated = async {
            let alone = patient.connect_with(self.inner.options.clone()).await?;
            MIGRATIONS.run(&alone).await?;
            alone.close().await;
            Ok(())
        };
        timeout(MIGRATE, migrated).await.unwrap_or(Err(StoreError::Silent(MIGRATE)))
    }

    /// Begins a transaction by a statement, over a connection that waits, or a new one.
    pub(super) async fn session(&self, begin: &'static str) -> Result<Session, StoreError> {
        let Patience { answer, awake, .. } = self.inner.patience;
        let place = timeout(answer, Arc::clone(&self.inner.places).acquire_owned()).await;
        // It is never closed.
        let Ok(Ok(place)) = place else {
            return Err(ConnectError::Busy(Endpoint::of(&self.inner.options), answer).into());
        };
        while let Some(mut connection) = self.lend() {
            match within(awake, connection.execute(begin)).await {
                Ok(_) => return Ok(Session::over(self, connection, place)),
                // The others stand no better.
                Err(StoreError::Silent(_)) => self.drop_waiting(),
                // It was ended meanwhile: nothing was begun on it.
                Err(_) => {}
            }
        }
        let mut connection = self.connect().await?;
        self.in_time(connection.execute(begin)).await?;
        Ok(Session::over(self, connection, place))
    }

    /// Connects. A server that is just starting is tried again for a moment.
    async fn connect(&self) -> Result<PgConnection, StoreError> {
        let limit = self.inner.patience.connect;
        let until = Instant::now() + limit;
        let mut refused = None;
        loop {
            match timeout_at(until, self.connect_once()).await {
                Err(_) => {
                    let silent = || ConnectError::Silent(Endpoint::of(&self.inner.options), limit);
                    return Err(refused.unwrap_or_else(silent).into());
                }
                Ok(Err(error)) if is_starting(&error) => {
                    refused = Some(ConnectError::of(&self.inner.options, error));
                }
                Ok(Err(error)) => return Err(ConnectError::of(&self.inner.options, error).into()),
                Ok(Ok(connection)) => return Ok(connection),
            }
            sleep(STARTING).await;
        }
    }

    async fn connect_once(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.inner.options).await?;
        connection.execute(IMPATIENT).await?;
        Ok(connection)
    }

    /// Waits for an answer, but not for ever.
    async fn in_time<T>(&self, asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
        within(self.inner.patience.answer, asked).await
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lend(&self) -> Option<PgConnection> {
        let mut waiting = self.waiting();
        waiting.retain(|waiting| waiting.since.elapsed() < UNUSED);
        waiting.pop().map(|waiting| waiting.connection)
    }

    fn take_back(&self, connection: PgConnection) {
        self.waiting().push(Waiting { connection, since: Instant::now() });
    }

    fn drop_waiting(&self) {
        self.waiting().clear();
    }

    /// Ends the connections that are not lent, and waits for no answer.
    pub(super) async fn close(&self) {
        let waiting = mem::take(&mut *self.waiting());
        let goodbyes = async {
            for Waiting { connection, .. } in waiting {
                drop(connection.close().await);
            }
        };
        // A server that hears nothing finds out by itself.
        drop(timeout(GOODBYE, goodbyes).await);
    }
}

impl Session {
    fn over(server: &Server, connection: PgConnection, place: OwnedSemaphorePermit) -> Self {
        Self { server: server.clone(), lent: Some((connection, place)), standing: Standing::Well }
    }

    /// The connection, to be asked one thing. It owes an answer until that is [heard](Self::heard).
    pub(super) fn ask(&mut self) -> Result<&mut PgConnection, StoreError> {
        let silent = StoreError::Silent(self.patience());
        match &mut self.lent {
            Some((connection, _)) if self.standing != Standing::Owing => {
                self.standing = Standing::Owing;
                Ok(connection)
            }
            _ => Err(silent),
        }
    }

    /// How long an answer is waited for.
    pub(super) fn patience(&self) -> Duration {
        self.server.inner.patience.answer
    }

    /// Takes an answer, or what there was in place of one.
    pub(super) fn heard<T>(&mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        self.standing = match &answer {
            Ok(_) => Standing::Well,
            Err(StoreError::Silent(_)) => {
                self.server.drop_waiting();
                Standing::Owing
            }
            Err(StoreError::Sql(sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_))) => {
                Standing::Owing
            }
            Err(_) => Standing::Failed,
        };
        answer
    }

    /// Makes it so.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        if self.standing == Standing::Failed {
            // The server would say that it did, and undo all of it.
            return Err(StoreError::Row("a transaction of which a statement failed cannot be committed".to_owned()));
        }
        self.end("COMMIT").await
    }

    /// Makes it not so.
    pub(super) async fn roll_back(mut self) -> Result<(), StoreError> {
        self.end("ROLLBACK").await
    }

    async fn end(&mut self, by: &'static str) -> Result<(), StoreError> {
        let limit = self.patience();
        let ended = async { within(limit, self.ask()?.execute(by)).await }.await;
        self.heard(ended)?;
        if let Some((connection, _)) = self.lent.take() {
            self.server.take_back(connection);
        }
        Ok(())
    }
}

impl Drop for Session {
    /// What was not ended is undone beside. A connection that owes an answer is closed, and the server undoes it.
    fn drop(&mut self) {
        let (Some((mut connection, place)), Ok(runtime)) = (self.lent.take(), Handle::try_current()) else { return };
        if self.standing == Standing::Owing {
            return;
        }
        let server = self.server.clone();
        runtime.spawn(async move {
            match server.in_time(connection.execute("ROLLBACK")).await {
                Ok(_) => server.take_back(connection),
                Err(StoreError::Silent(_)) => server.drop_waiting(),
                Err(_) => {}
            }
            drop(place);
        });
    }
}

/// Waits for an answer, but not for ever.
pub(super) async fn within<T>(
    limit: Duration,
    asked: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    timeout(limit, asked).await.map_err(|_| StoreError::Silent(limit))?.map_err(StoreError::from)
}

/// Takes all rows, and waits for each: a long answer may take its time as long as it comes.
pub(super) async fn each_within<T>(
    limit: Duration,
    mut rows: impl Stream<Item = Result<T, sqlx::Error>> + Unpin,
) -> Result<Vec<T>, StoreError> {
    let mut all = Vec::new();
    while let Some(row) = timeout(limit, rows.next()).await.map_err(|_| StoreError::Silent(limit))? {
        all.push(row?);
    }
    Ok(all)
}

/// Whether the tables are as this program knows them; if not, migrating says what is wrong.
async fn is_up_to_date(connection: &mut PgConnection) -> bool {
    // A fresh database is asked so that it finds nothing to complain of.
    let Ok(true) = sqlx::query_scalar(IS_THERE).bind(APPLIED).fetch_one(&mut *connection).await else { return false };
    let Ok(None) = connection.dirty_version(APPLIED).await else { return false };
    let Ok(applied) = connection.list_applied_migrations(APPLIED).await else { return false };
    let known = MIGRATIONS.iter().map(|migration| (migration.version, &migration.checksum));
    applied.iter().map(|applied| (applied.version, &applied.checksum)).eq(known)
}

/// Whether a server may take connections in a moment: it is not there yet, or not ready, or has no room just now.
fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P03" | "53300")),
        _ => false,
    }
}
