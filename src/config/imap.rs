//! A mailbox on a server: `imap` of a `[[mailbox]]`.
//!
//! Promises that no password leaves the machine unencrypted by a setting: without TLS only this machine can be named.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    after_intake::{self, AfterIntake},
    oauth::{self, Proof, Purpose},
    reader::{Report, Section},
    server::{self, Tls},
};
use crate::net::http::is_this_machine;

/// An account on an IMAP server, and the folders of it that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImapConfig {
    /// The server's name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// The name to log in with.
    pub user: String,
    /// The password, or where tokens come from.
    pub proof: Proof,
    /// The certificates of the authorities that are trusted for this server; `None`: the system's.
    pub ca_file: Option<PathBuf>,
    /// The folders that are read; the first is the one that announces new mail. At least one.
    pub folders: Vec<String>,
    /// Folders into which the server sorts what it takes for junk: logged, never answered, each left to a person.
    pub junk: Vec<String>,
    /// What is done with a message once it is in the log.
    pub after_intake: AfterIntake,
    /// The folder that keeps a copy of every letter that left; `None`: none does.
    pub sent: Option<String>,
}

impl ImapConfig {
    /// Every folder that is read, those of junk last.
    pub fn all_folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().chain(&self.junk).map(String::as_str)
    }
}

/// Reads the account; `None` if something that it needs is missing or wrong.
pub(super) fn read(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> Option<ImapConfig> {
    let line = section.line;
    let host = section.parsed("host", host);
    let host = section.required("host", host);
    let tls = section.choice("tls", &server::TLS).map_or(Tls::Implicit, |tls| tls.value);
    let port = section.whole("port", 1..=65_535).map(|port| port.value);
    let user = section.text("user");
    let user = section.required("user", user);
    let proof = oauth::proof(report, &mut section, base, Purpose::Read);
    if proof.is_none() && oauth::proof_named(&section).is_none() {
        report.note(line, "[mailbox.imap] has no “password”, and no “oauth” in its place");
    }
    let ca_file = server::ca_file(report, &mut section, base);
    let folders = folders(report, &mut section, "folders", &["INBOX"]);
    let junk = folders_of_junk(report, &mut section, &folders);
    let read: Vec<&String> = folders.iter().chain(&junk).collect();
    let after_intake = after_intake::after_intake(report, &mut section, &read);
    let sent = after_intake::sent(report, &mut section, &read);
    section.finish();
    if folders.is_empty() {
        report.note(line, "[mailbox.imap] reads no folder: name at least one");
        return None;
    }
    let host = host?;
    if tls == Tls::None && !is_this_machine(&host.value) {
        let hint = "use \"implicit\" or \"starttls\"; \"none\" is for a server on this machine";
        report.note_with_hint(host.line, format!("the password would go to {} in clear text", host.value), hint);
        return None;
    }
    let port = port.unwrap_or(if tls == Tls::Implicit { 993 } else { 143 });
    let (host, user) = (host.value, user?.value);
    Some(ImapConfig { host, port, tls, user, proof: proof?, ca_file, folders, junk, after_intake, sent })
}

fn host(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| c.is_alphanumeric() || ".-:".contains(c));
    if plain { Ok(text.to_owned()) } else { Err(format!("“{text}” is no name of a server")) }
}

fn folders(report: &Report<'_>, section: &mut Section<'_, '_>, key: &'static str, default: &[&str]) -> Vec<String> {
    let Some(written) = section.texts(key) else { return default.iter().map(|&name| name.to_owned()).collect() };
    let mut names = BTreeSet::new();
    let mut folders = Vec::new();
    for folder in written.value {
        let name = if folder.value.eq_ignore_ascii_case("inbox") { "INBOX".to_owned() } else { folder.value };
        if name.chars().any(char::is_control) {
            report.note(folder.line, format!("“{key}” of [mailbox.imap]: a name holds a control character"));
        } else if names.insert(name.clone()) {
            folders.push(name);
        } else {
            report.note(folder.line, format!("“{key}” of [mailbox.imap]: “{name}” stands there twice"));
        }
    }
    folders
}

/// The folders of junk; none of them may be read as mail, too.
fn folders_of_junk(report: &Report<'_>, section: &mut Section<'_, '_>, folders_of_mail: &[String]) -> Vec<String> {
    let line = section.line;
    let mut junk = folders(report, section, "junk", &[]);
    junk.retain(|name| {
        let twice = folders_of_mail.contains(name);
        if twice {
            let hint = "from “junk” nothing is answered";
            report.note_with_hint(line, format!("“{name}” is in both “folders” and “junk” of [mailbox.imap]"), hint);
        }
        !twice
    });
    junk
}
