//! The defaults of every setting; `config/docket.toml` states the same values, and a test compares them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use super::{
    alarm::AlarmConfig,
    log::{LogConfig, LogLevel},
    settings::{
        Config, Enforce, FolderForm, IntakeConfig, LettersConfig, MailSource, MailboxConfig, OnUncertain,
        ReadingConfig, StoreConfig, Tool, Transport, WebConfig,
    },
};
use crate::files::OWN_FOLDER;

/// The address that the shipped files use; the operator must replace it.
pub(super) const PLACEHOLDER_ADDRESS: &str = "gcm-input@example.org";

const DAY: Duration = Duration::from_hours(24);

impl Default for Config {
    /// No mailbox, no call and no pages: enough for commands that look at files.
    fn default() -> Self {
        Self {
            store: StoreConfig::default(),
            mailboxes: Vec::new(),
            letters: LettersConfig::default(),
            intake: IntakeConfig::default(),
            reading: ReadingConfig::default(),
            web: None,
            log: LogConfig::default(),
            alarm: AlarmConfig::default(),
            calls: Vec::new(),
        }
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { url: "sqlite:docket.db".to_owned(), token_key: None, mark: PathBuf::from("docket.mark") }
    }
}

impl Default for MailboxConfig {
    fn default() -> Self {
        Self {
            name: "gcm".to_owned(),
            source: MailSource::Maildir(PathBuf::from("mail")),
            addresses: vec![PLACEHOLDER_ADDRESS.to_owned()],
            calls: vec!["unece-gcm-2020".to_owned()],
            answers: None,
            poll: Duration::from_mins(1),
            acknowledge_since: None,
            trusted_hops: Vec::new(),
            trusted_authserv: Vec::new(),
        }
    }
}

impl Default for LettersConfig {
    fn default() -> Self {
        Self {
            transport: Transport::Folder,
            return_path: None,
            folder: PathBuf::from("outbox"),
            folder_mode: OWN_FOLDER,
            form: FolderForm::Files,
            from_address: PLACEHOLDER_ADDRESS.to_owned(),
            from_name: "Written inputs, automatic reply".to_owned(),
            settle_for: Duration::from_mins(10),
            undo_window: Duration::from_mins(2),
            cap_hour: 5,
            cap_day: 20,
            cap_all_hour: 200,
            cap_domain_hour: 50,
            give_up_after: 3 * DAY,
            on_uncertain: OnUncertain::Resend,
        }
    }
}

/// The houses that issued the shipped call, and the one they belong to.
const COLLEAGUES: [&str; 3] = ["un.org", "unece.org", "iom.int"];

impl Default for IntakeConfig {
    fn default() -> Self {
        Self {
            message_limit: 35 << 20,
            age_limit: 14 * DAY,
            purge_unrelated_after: None,
            colleagues: COLLEAGUES.map(str::to_owned).to_vec(),
        }
    }
}

impl Default for ReadingConfig {
    fn default() -> Self {
        Self {
            sandbox: Enforce::Require,
            children: 2,
            memory: 1 << 30,
            cpu_per_file: Duration::from_secs(15),
            time_per_file: Duration::from_secs(30),
            time_per_message: Duration::from_mins(1),
            pdftotext: Tool::Off,
            ocr: Tool::Off,
            ocr_languages: ["eng", "fra", "rus"].map(str::to_owned).to_vec(),
            ocr_pages: 20,
            ocr_time: Duration::from_mins(3),
            scanner: None,
            scanner_time: Duration::from_secs(30),
        }
    }
}

impl Default for WebConfig {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8480)), address: None, oidc: None }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: LogLevel::Info }
    }
}

impl Default for AlarmConfig {
    /// Nobody is called.
    fn default() -> Self {
        Self { after: Duration::from_hours(1), command: None, webhook: None }
    }
}
