//! Why a PostgreSQL server cannot be worked with: who refused what, and what to do about it.
//!
//! Promises that server, port, user and database are named and no password is. A pool alone would say that it waited.

use std::{fmt, io, str::FromStr as _, time::Duration};

use sqlx::{Connection as _, PgConnection, PgPool, postgres::PgConnectOptions};
use tokio::time::timeout;

use super::StoreError;

/// How long a server may take to let somebody in, before it counts as silent.
const LIMIT: Duration = Duration::from_secs(10);

/// Where a server is, and as whom it is asked for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    at: String,
    user: String,
    database: String,
}

/// Why a connection cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is none.
    #[error("the URL of the database is not understood ({0}); write postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
    Url(String),
    /// Nobody listens there.
    #[error("{0} refuses the connection: nothing listens there; start the server, or correct url in [store]")]
    Refused(Server),
    /// The network does not lead there.
    #[error("{0} cannot be reached: {1}; correct url in [store], or mend the network")]
    Unreachable(Server, io::Error),
    /// It takes the connection, or nobody does, and nothing comes.
    #[error("{0} does not answer within {limit} s; look at the server, and at what lies between", limit = LIMIT.as_secs())]
    Silent(Server),
    /// The password is wrong.
    #[error("{0} does not accept the password of the user {user}; correct url in [store]", user = .0.user)]
    Password(Server),
    /// The user may not come in, whatever the password.
    #[error("{0} does not let the user {user} in: {1}; allow it in pg_hba.conf of the server", user = .0.user)]
    NotAllowed(Server, String),
    /// There is no such database.
    #[error(
        "{0} has no database {database}; make it there with “createdb -O {user} {database}”, or correct url in [store]",
        database = .0.database, user = .0.user
    )]
    NoDatabase(Server),
    /// It has no room.
    #[error("{0} takes no further connection: {1}; raise max_connections there, or stop what holds them")]
    Full(Server, String),
    /// It is on its way up or down.
    #[error("{0} is not ready: {1}")]
    NotReady(Server, String),
    /// The connection cannot be encrypted as it should be.
    #[error(
        "the connection to {0} cannot be encrypted: {1}; sslmode and sslrootcert of url in [store] say how it should be"
    )]
    Tls(Server, String),
    /// The server can be reached, and all connections of this process are in use.
    #[error("{0} answers, and every connection of this program is busy for longer than is waited for")]
    Busy(Server),
    /// Anything else.
    #[error("{0} refuses: {1}")]
    Other(Server, String),
}

impl ConnectError {
    /// Whether the same may succeed later, without a person doing anything to the program.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(_)
            | Self::Unreachable(..)
            | Self::Silent(_)
            | Self::Full(..)
            | Self::NotReady(..)
            | Self::Busy(_) => true,
            Self::Url(_)
            | Self::Password(_)
            | Self::NotAllowed(..)
            | Self::NoDatabase(_)
            | Self::Tls(..)
            | Self::Other(..) => false,
        }
    }

    fn of(server: Server, error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(error) => match error.kind() {
                io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => Self::Refused(server),
                io::ErrorKind::TimedOut => Self::Silent(server),
                _ => Self::Unreachable(server, error),
            },
            sqlx::Error::Database(error) => {
                let said = error.message().to_owned();
                match error.code().as_deref() {
                    Some("28P01") => Self::Password(server),
                    Some("28000") => Self::NotAllowed(server, said),
                    Some("3D000") => Self::NoDatabase(server),
                    Some("53300") => Self::Full(server, said),
                    Some("57P01" | "57P02" | "57P03") => Self::NotReady(server, said),
                    _ => Self::Other(server, said),
                }
            }
            sqlx::Error::Tls(error) => Self::Tls(server, error.to_string()),
            error => Self::Other(server, error.to_string()),
        }
    }
}

impl Server {
    fn of(options: &PgConnectOptions) -> Self {
        let (host, port) = (options.get_host(), options.get_port());
        let socket = options.get_socket().map(|folder| folder.display().to_string());
        let at = match socket.or_else(|| host.starts_with('/').then(|| host.to_owned())) {
            Some(folder) => format!("the socket {folder}/.s.PGSQL.{port}"),
            None => format!("{host}, port {port}"),
        };
        let user = options.get_username().to_owned();
        let database = options.get_database().unwrap_or(&user).to_owned();
        Self { at, user, database }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL at {}", self.at)
    }
}

/// What a URL says, and that the server lets us in: one connection is made and ended again.
///
/// # Errors
/// Why not.
pub(super) async fn let_in(url: &str) -> Result<PgConnectOptions, StoreError> {
    let options =
        PgConnectOptions::from_str(url).map_err(|error| ConnectError::Url(without(url, &error.to_string())))?;
    try_out(&options).await?;
    Ok(options)
}

/// Why a transaction could not begin: where the pool gave no connection, the server is asked.
pub(super) async fn why(pool: &PgPool, error: sqlx::Error) -> StoreError {
    if !matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) {
        return error.into();
    }
    let options = pool.connect_options();
    match (try_out(&options).await, error) {
        (Err(why), _) => why.into(),
        (Ok(()), sqlx::Error::PoolTimedOut) => ConnectError::Busy(Server::of(&options)).into(),
        // It is there again.
        (Ok(()), error) => error.into(),
    }
}

async fn try_out(options: &PgConnectOptions) -> Result<(), ConnectError> {
    let server = Server::of(options);
    match timeout(LIMIT, PgConnection::connect_with(options)).await {
        Err(_) => Err(ConnectError::Silent(server)),
        Ok(Err(error)) => Err(ConnectError::of(server, error)),
        Ok(Ok(connection)) => {
            // It is of no use any more, however it ends.
            drop(timeout(LIMIT, connection.close()).await);
            Ok(())
        }
    }
}

/// What is wrong with a URL, where that does not repeat it: it may hold a password.
fn without(url: &str, error: &str) -> String {
    let secret = url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map_or("", |(login, _)| login);
    let password = secret.split_once(':').map_or("", |(_, password)| password);
    if !password.is_empty() && error.contains(password) { "it is no URL".to_owned() } else { error.to_owned() }
}

/// Where a database is, without what a login needs.
#[must_use]
pub fn place(url: &str) -> String {
    match url.strip_prefix("sqlite:") {
        Some(path) => path.to_owned(),
        None => PgConnectOptions::from_str(url).map_or_else(
            |_| "PostgreSQL".to_owned(),
            |options| {
                let server = Server::of(&options);
                format!("{server}, database {}", server.database)
            },
        ),
    }
}
