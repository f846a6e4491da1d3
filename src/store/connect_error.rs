//! Why a PostgreSQL server cannot be worked with: who refused what, and what to do about it.
//!
//! Promises that server, port, user and database are named and no password is. A pool alone would say that it waited.

use std::{fmt, io, str::FromStr as _, time::Duration};

use sqlx::postgres::PgConnectOptions;

use super::code::Code;

/// Where a server is, and as whom it is asked for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
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
    Refused(Endpoint),
    /// The network does not lead there.
    #[error("{0} cannot be reached: {1}; correct url in [store], or mend the network")]
    Unreachable(Endpoint, io::Error),
    /// It takes the connection, or nobody does, and nothing comes.
    #[error("{0} does not answer within {limit} s; look at the server, and at what lies between", limit = .1.as_secs())]
    Silent(Endpoint, Duration),
    /// The password is wrong.
    #[error("{0} does not accept the password of the user {user}; correct url in [store]", user = .0.user)]
    Password(Endpoint),
    /// The user may not come in, whatever the password.
    #[error("{0} does not let the user {user} in: {1}; allow it in pg_hba.conf of the server", user = .0.user)]
    NotAllowed(Endpoint, String),
    /// There is no such database.
    #[error(
        "{0} has no database {database}; make it there with “createdb -O {user} {database}”, or correct url in [store]",
        database = .0.database, user = .0.user
    )]
    NoDatabase(Endpoint),
    /// It has no room.
    #[error("{0} takes no further connection: {1}; raise max_connections there, or stop what holds them")]
    Full(Endpoint, String),
    /// It is on its way up or down.
    #[error("{0} is not ready: {1}")]
    NotReady(Endpoint, String),
    /// The connection cannot be encrypted as it should be.
    #[error(
        "the connection to {0} cannot be encrypted: {1}; sslmode and sslrootcert of url in [store] say how it should be"
    )]
    Tls(Endpoint, String),
    /// All connections of this process are in use.
    #[error("every connection of this program to {0} is busy for longer than {limit} s", limit = .1.as_secs())]
    Busy(Endpoint, Duration),
    /// Anything else.
    #[error("{0} refuses: {1}")]
    Other(Endpoint, String),
}

impl ConnectError {
    /// Whether the same may succeed later, without a person doing anything to the program.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(_)
            | Self::Unreachable(..)
            | Self::Silent(..)
            | Self::Full(..)
            | Self::NotReady(..)
            | Self::Busy(..) => true,
            Self::Url(_)
            | Self::Password(_)
            | Self::NotAllowed(..)
            | Self::NoDatabase(_)
            | Self::Tls(..)
            | Self::Other(..) => false,
        }
    }

    /// Why no connection to a server could be made.
    pub(super) fn of(options: &PgConnectOptions, error: sqlx::Error) -> Self {
        let server = Endpoint::of(options);
        match error {
            sqlx::Error::Io(error) => match error.kind() {
                io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => Self::Refused(server),

                _ => Self::Unreachable(server, error),
            },
            sqlx::Error::Database(error) => {
                let said = error.message().to_owned();
                let passes = Code::of(error.as_ref()).is_some_and(|code| code.passes());
                match error.code().as_deref() {
                    Some("28P01") => Self::Password(server),
                    Some("28000") => Self::NotAllowed(server, said),
                    Some("3D000") => Self::NoDatabase(server),
                    Some("53300") => Self::Full(server, said),
                    Some(_) if passes => Self::NotReady(server, said),
                    _ => Self::Other(server, said),
                }
            }
            sqlx::Error::Tls(error) => Self::Tls(server, error.to_string()),
            error => Self::Other(server, error.to_string()),
        }
    }
}

impl Endpoint {
    /// What the options of a connection say.
    pub(super) fn of(options: &PgConnectOptions) -> Self {
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

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL at {}", self.at)
    }
}

/// What a URL says.
///
/// # Errors
/// It is none.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, ConnectError> {
    PgConnectOptions::from_str(url).map_err(|error| ConnectError::Url(without(url, &error.to_string())))
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
                let server = Endpoint::of(&options);
                format!("{server}, database {}", server.database)
            },
        ),
    }
}
