//! This process as the others on the same database see it: when the database last heard of it, and a name that the kernel
//! keeps for it as long as it lives.
//!
//! Promises that nobody is called gone without proof: only on the same running kernel, in the same network of it, and
//! where nobody holds that name. A process that was stopped holds it; whatever ends a process lets go of it. Where that
//! cannot be told, silence alone counts, for as long as the store says.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::{
    fs::{self, File},
    io,
    os::{
        linux::net::SocketAddrExt as _,
        unix::net::{SocketAddr, UnixDatagram},
    },
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use crate::{
    clock::Moment,
    store::{StoreError, Tx},
};

/// How often a process that works says so.
pub const SAID_EVERY: Duration = Duration::from_secs(3);
/// A process of which the database has not heard for so long does nothing that cannot be taken back.
const HEARD_WITHIN: Duration = Duration::from_secs(10);

/// What is seen of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It lives, though it may be stopped.
    Alive,
    /// It has ended.
    Gone,
    /// It cannot be seen from here.
    Unknown,
}

/// This process.
#[derive(Debug)]
pub struct Presence {
    owner: String,
    place: OnceLock<Place>,
    heard: Mutex<Option<Heard>>,
}

/// Where its name is kept, in words that a row holds.
#[derive(Debug)]
struct Place {
    words: String,
    _kept: Option<UnixDatagram>,
}

/// When the database heard of this process.
#[derive(Clone, Copy, Debug)]
struct Heard {
    /// Since when without a pause in which it might have been taken for gone.
    since: Moment,
    last: Moment,
}

impl Presence {
    /// The process that holds its leases under a name.
    #[must_use]
    pub fn of(owner: &str) -> Self {
        Self { owner: owner.to_owned(), place: OnceLock::new(), heard: Mutex::default() }
    }

    /// Says in a transaction that this process works, and yields when it began to say so. Counts once that is
    /// [heard](Self::heard).
    pub async fn say(&self, tx: &mut Tx) -> Result<Moment, StoreError> {
        let said = Moment::now();
        let place = self.place.get_or_init(|| Place::taken_by(&self.owner));
        tx.say_present(&self.owner, &place.words).await?;
        Ok(said)
    }

    /// What was said then has been committed.
    pub fn heard(&self, said: Moment) {
        let mut heard = self.last();
        let since = heard.filter(|before| said.since(before.last) < HEARD_WITHIN).map_or(said, |before| before.since);
        *heard = Some(Heard { since, last: said });
    }

    /// For how long the database has not heard of this process.
    #[must_use]
    pub fn silent_for(&self) -> Duration {
        self.last().map_or(Duration::MAX, |heard| heard.last.age())
    }

    /// Whether what was this process's own when it `began` may be another's by now, and for how long it was out of sight: it
    /// was stopped since, or the database has not heard of it.
    #[must_use]
    pub fn out_of_sight_since(&self, began: Moment) -> Option<Duration> {
        let unseen = began.age().max(self.silent_for());
        (unseen >= HEARD_WITHIN).then_some(unseen)
    }

    /// For how long the database has heard of this process without a pause: so long it has been seen itself who else is
    /// heard of.
    #[must_use]
    pub fn steady_for(&self) -> Duration {
        let steady = self.last().filter(|heard| heard.last.age() < HEARD_WITHIN);
        steady.map_or(Duration::ZERO, |heard| heard.since.age())
    }

    fn last(&self) -> MutexGuard<'_, Option<Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Where the kernel keeps the name for this process; in no words where it does not.
    fn taken_by(owner: &str) -> Self {
        let taken = || -> io::Result<Self> {
            let kept = UnixDatagram::bind_addr(&name(owner)?)?;
            Ok(Self { words: here()?, _kept: Some(kept) })
        };
        taken().unwrap_or_else(|error| {
            tracing::warn!(%error, "others will not see at once when this process ends");
            Self { words: String::new(), _kept: None }
        })
    }
}

/// What is seen from here of the process that holds its leases under a name, and keeps that name at a place.
#[must_use]
pub fn sign_of(owner: &str, place: &str) -> Sign {
    if here().ok().is_none_or(|here| here != place) {
        return Sign::Unknown;
    }
    let asked = || UnixDatagram::unbound()?.connect_addr(&name(owner)?);
    match asked() {
        Ok(()) => Sign::Alive,
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Sign::Gone,
        Err(_) => Sign::Unknown,
    }
}

/// A name in no folder: nobody can remove it, and nothing is left of it.
fn name(owner: &str) -> io::Result<SocketAddr> {
    SocketAddr::from_abstract_name(format!("docket-{owner}"))
}

/// The running kernel, and the network of it that this process is in: there alone its names are seen.
fn here() -> io::Result<String> {
    let kernel = io::read_to_string(File::open("/proc/sys/kernel/random/boot_id")?)?;
    let network = fs::read_link("/proc/self/ns/net")?;
    Ok(format!("{} {}", kernel.trim(), network.display()))
}
