//! What the configuration says, setting by setting, as the program works with it.
//!
//! Holds values and what follows from them alone: how they are written, and what they must be together, is for those who
//! read and check them.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use jiff::Timestamp;

use super::{
    address::PagesAddress, alarm::AlarmConfig, imap::ImapConfig, log::LogConfig, oauth::Proof, oidc::OidcConfig,
    scanner::ScannerAt, secret::Key, server::Tls,
};
use crate::core::{
    calls::call::Call,
    mail::authenticity::{MICROSOFT365, Relay},
};

/// Everything the program was told.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// What is said while it runs.
    pub log: LogConfig,
    /// Who is called when the program does not do its work.
    pub alarm: AlarmConfig,
    /// The calls, by the order of the configuration.
    pub calls: Vec<Call>,
}

/// Where things are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// The key by which the refresh tokens in it are encrypted; needed where there are any.
    pub token_key: Option<Key>,
    /// The file that says, outside the database, until when it was worked with.
    pub mark: PathBuf,
}

impl fmt::Debug for StoreConfig {
    /// The URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.split(':').next().unwrap_or_default();
        let mut shown = f.debug_struct("StoreConfig");
        shown.field("url", &format_args!("{scheme}:…")).field("token_key", &self.token_key);
        shown.field("mark", &self.mark).finish()
    }
}

/// One watched mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxConfig {
    /// Its name in the log.
    pub name: String,
    /// Where its messages are.
    pub source: MailSource,
    /// The addresses under which it receives; the first is where letters say to write.
    pub addresses: Vec<String>,
    /// The codes of the calls it receives for; at least one.
    pub calls: Vec<String>,
    /// A folder of it with what colleagues sent, in which their answers are looked for; `None`: none is.
    pub answers: Option<String>,
    /// How often it is read even when nothing is notified.
    pub poll: Duration,
    /// Nothing received before is answered; `None` means the first start.
    pub acknowledge_since: Option<Timestamp>,
    /// By-host names of our own relays, whose `Received` lines count; empty: none do.
    pub trusted_hops: Vec<String>,
    /// Names by which our own relays sign Authentication-Results, `microsoft365` among them where that writes them, which
    /// signs with none; empty: none count.
    pub trusted_authserv: Vec<String>,
}

impl MailboxConfig {
    /// The relay whose word about a sender counts.
    #[must_use]
    pub fn relay(&self) -> Relay {
        let (microsoft365, names): (Vec<_>, Vec<_>) =
            self.trusted_authserv.iter().cloned().partition(|name| name == MICROSOFT365);
        Relay { names, hops: self.trusted_hops.clone(), microsoft365: !microsoft365.is_empty() }
    }
}

/// Where the messages of a mailbox are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailSource {
    /// In the folder of a Maildir.
    Maildir(PathBuf),
    /// On a server.
    Imap(ImapConfig),
}

impl MailSource {
    /// The folders that are read; a Maildir is one.
    #[must_use]
    pub fn folders(&self) -> Vec<&str> {
        self.account().map_or_else(|| vec!["INBOX"], |account| account.all_folders().collect())
    }

    /// The account, where they are on a server.
    #[must_use]
    pub fn account(&self) -> Option<&ImapConfig> {
        match self {
            Self::Maildir(_) => None,
            Self::Imap(account) => Some(account),
        }
    }
}

impl fmt::Display for MailSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Maildir(path) => write!(f, "the Maildir {}", path.display()),
            Self::Imap(ImapConfig { host, port, folders, junk, .. }) => {
                f.write_str(&folders.join(", "))?;
                if !junk.is_empty() {
                    write!(f, ", and as junk {}", junk.join(", "))?;
                }
                write!(f, " at {host}, port {port}")
            }
        }
    }
}

/// How letters leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LettersConfig {
    /// By which way.
    pub transport: Transport,
    /// Where failures are reported to, in the envelope; `None` is the null return path.
    pub return_path: Option<String>,
    /// The folder into which letters are written.
    pub folder: PathBuf,
    /// The mode of that folder where the program makes it; letters in it are as open as it says.
    pub folder_mode: u32,
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
    /// Letters that the program decides by itself within an hour: for each state, and for all others together.
    pub cap_all_hour: u32,
    /// The same for one domain of those others.
    pub cap_domain_hour: u32,
    /// How long a letter that cannot be sent is tried again.
    pub give_up_after: Duration,
    /// What happens to a letter whose sending was cut off: sent once more with the same bytes, or left to a person.
    pub on_uncertain: OnUncertain,
}

/// By which way letters leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Into a folder.
    Folder,
    /// To a mail server.
    Smtp(SmtpConfig),
}

/// The mail server that takes letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Its name, which its certificate must have, or its address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Who we are; `None` where it takes letters without a login.
    pub login: Option<SmtpLogin>,
    /// The authorities that its certificate is checked by; `None`: the system's.
    pub ca_file: Option<PathBuf>,
    /// What we call ourselves; `None`: the address of the connection.
    pub hello: Option<String>,
    /// Letters that are handed over side by side, each over a connection of its own.
    pub connections: usize,
    /// How long a stop waits for the answer to a letter that the server has whole.
    pub wait_at_stop: Duration,
}

/// A login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpLogin {
    /// The user.
    pub user: String,
    /// The password, or where tokens come from.
    pub proof: Proof,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeConfig {
    /// Bytes above which a message is kept but not read.
    pub message_limit: u64,
    /// Mail older than this at first sight is logged and not answered.
    pub age_limit: Duration,
    /// When the originals of confirmed unrelated mail are erased; `None`: never.
    pub purge_unrelated_after: Option<Duration>,
    /// Domains of colleagues who forward what governments sent them: the forwarded author counts, and no letter goes to
    /// them.
    pub colleagues: Vec<String>,
}

/// The child processes that read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingConfig {
    /// Whether they read where the kernel does not hold them to all of their restrictions.
    pub sandbox: Enforce,
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
    /// Asked for the text of a PDF that was not read well.
    pub pdftotext: Tool,
    /// Asked for the text of pages that are pictures.
    pub ocr: Tool,
    /// The languages that it looks for, by its own names.
    pub ocr_languages: Vec<String>,
    /// Pages of one document that it is asked for.
    pub ocr_pages: u32,
    /// Wall clock a message for it, beside the time above.
    pub ocr_time: Duration,
    /// The virus scanner that is asked before a message is read; `None`: none is.
    pub scanner: Option<ScannerAt>,
    /// Wall clock a message for the scanner, beside the times above.
    pub scanner_time: Duration,
}

impl ReadingConfig {
    /// How long the programs outside may take over a message.
    #[must_use]
    pub fn time_outside(&self) -> Duration {
        let asked = |tool: &Tool, time| if *tool == Tool::Off { Duration::ZERO } else { time };
        asked(&self.pdftotext, self.time_per_message) + asked(&self.ocr, self.ocr_time)
    }

    /// How long the virus scanner may take over a message: to say that it is there, and to look through it.
    #[must_use]
    pub fn time_to_scan(&self) -> Duration {
        if self.scanner.is_some() { self.scanner_time * 2 } else { Duration::ZERO }
    }
}

/// A program outside that reads where our own readers do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Not asked.
    Off,
    /// Asked where the system has it.
    Auto,
    /// The one at that place.
    At(PathBuf),
}

/// What is done where a kernel cannot hold a process to its restrictions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enforce {
    /// Nothing is read.
    Require,
    /// It is read with what the kernel gives, and said that it is less.
    Best,
}

/// The secretariat's pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebConfig {
    /// An address of this machine alone; a proxy on it brings the pages to others.
    pub listen: SocketAddr,
    /// The address under which people open the pages behind that proxy.
    pub address: Option<PagesAddress>,
    /// Where people log in who have an account at an issuer.
    pub oidc: Option<Box<OidcConfig>>,
}
