//! The configuration: `docket.toml`, the calls, the reference tables and the templates.
//!
//! Promises that a loaded configuration is complete and that every problem of a bad one is reported at once, each with
//! file, line and hint. A folder of the same shape as `config/` overrides the embedded defaults file by file.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use jiff::Timestamp;

use crate::core::call::Call;

/// Everything the program was told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where things are kept.
    pub store: StoreConfig,
    /// The mailboxes that are watched; at least one for `run`.
    pub mailboxes: Vec<MailboxConfig>,
    /// How letters leave.
    pub letters: LettersConfig,
    /// What is taken in, and how.
    pub intake: IntakeConfig,
    /// The child processes that read.
    pub reading: ReadingConfig,
    /// The secretariat's pages; none to serve none.
    pub web: Option<WebConfig>,
    /// The calls, by the order of the configuration.
    pub calls: Vec<Call>,
}

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
}

/// One watched mailbox.
#[derive(Clone, Debug)]
pub struct MailboxConfig {
    /// Its name in the log.
    pub name: String,
    /// The Maildir's folder.
    pub maildir: PathBuf,
    /// The addresses under which it receives; the first is where letters say to write.
    pub addresses: Vec<String>,
    /// The codes of the calls it receives for; at least one.
    pub calls: Vec<String>,
    /// How often it is read even when nothing is notified.
    pub poll: Duration,
    /// Nothing received before is answered; `None` means the first start.
    pub acknowledge_since: Option<Timestamp>,
    /// By-host names of our own relays, whose `Received` lines count; empty: none do.
    pub trusted_hops: Vec<String>,
}

/// How letters leave.
#[derive(Clone, Debug)]
pub struct LettersConfig {
    /// The folder into which letters are written.
    pub folder: PathBuf,
    /// One file a letter, or a Maildir.
    pub form: FolderForm,
    /// The From address of letters.
    pub from_address: String,
    /// The display name of From.
    pub from_name: String,
    /// How long a query waits for the document that follows.
    pub settle_for: Duration,
    /// How long the letter of a person's decision waits, so that it can be taken back.
    pub undo_window: Duration,
    /// Letters to one address within an hour.
    pub cap_hour: u32,
    /// Letters to one address within a day.
    pub cap_day: u32,
    /// How long a letter that cannot be sent is tried again.
    pub give_up_after: Duration,
    /// What happens to a letter whose sending was cut off: sent once more with the same bytes, or left to a person.
    pub on_uncertain: OnUncertain,
}

/// The shape of a folder of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderForm {
    /// `<letter>.eml`, one file a letter.
    Files,
    /// A Maildir, delivered into `new/`.
    Maildir,
}

/// What happens to a letter of which it is not known whether it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUncertain {
    /// Once more, with the same Message-ID and bytes.
    Resend,
    /// A person decides.
    Ask,
}

/// What is taken in, and how.
#[derive(Clone, Debug)]
pub struct IntakeConfig {
    /// Bytes above which a message is kept but not read.
    pub message_limit: u64,
    /// Mail older than this at first sight is logged and not answered.
    pub age_limit: Duration,
    /// When the originals of confirmed unrelated mail are erased; `None`: never.
    pub purge_unrelated_after: Option<Duration>,
}

/// The child processes that read.
#[derive(Clone, Debug)]
pub struct ReadingConfig {
    /// How many wait, ready.
    pub children: usize,
    /// Address space of one, in bytes.
    pub memory: u64,
    /// CPU time a file.
    pub cpu_per_file: Duration,
    /// Wall clock a file.
    pub time_per_file: Duration,
    /// Wall clock a message; the rest is then "not read".
    pub time_per_message: Duration,
}

/// The secretariat's pages.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// Loopback only, for there are no accounts yet.
    pub listen: SocketAddr,
}
