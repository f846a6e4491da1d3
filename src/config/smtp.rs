//! `[letters.smtp]`: the mail server that takes letters.
//!
//! Promises that a server that was read cannot be talked to in the clear but on this machine, and that its password is
//! in no message about it.

use std::{net::IpAddr, path::Path, time::Duration};

use super::{
    oauth::{self, Purpose},
    reader::{At, Report, Section},
    server::{self, Tls},
    settings::{SmtpConfig, SmtpLogin},
};
use crate::net::http::is_this_machine;

/// How many letters are handed over side by side unless it is said; servers of providers take three at the most.
const CONNECTIONS: usize = 2;

/// How long a stop waits for the answer to a letter unless it is said, and at most.
const WAIT_AT_STOP: Duration = Duration::from_secs(20);
const LONGEST_WAIT_AT_STOP: Duration = Duration::from_mins(10);

/// Reads the section; `None` where something it needs is missing or wrong, which is then reported.
pub(super) fn read(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> Option<SmtpConfig> {
    let line = section.line;
    let host = section.parsed("host", host);
    let host = section.required("host", host);
    let tls = section.choice("tls", &server::TLS);
    let port = section.whole("port", 1..=65_535);
    let user = section.text("user");
    let proof = oauth::proof(report, &mut section, base, Purpose::Send);
    let named = oauth::proof_named(&section);
    let ca_file = server::ca_file(report, &mut section, base);
    let hello = section.parsed("hello", self::host);
    let connections = section.whole("connections", 1..=10);
    let wait_at_stop = section.duration("wait_at_stop", Duration::ZERO..=LONGEST_WAIT_AT_STOP);
    section.finish();
    if let (Some(host), Some(At { value: Tls::None, line })) = (&host, &tls)
        && !is_this_machine(&host.value)
    {
        let what = format!("letters would go to {} in the clear", host.value);
        report.note_with_hint(*line, what, "“tls” can be \"none\" for 127.0.0.1, ::1 and localhost alone");
    }
    let tls = tls.map_or(Tls::Implicit, |tls| tls.value);
    let login = match (user, proof, named) {
        (Some(user), Some(proof), _) => Some(SmtpLogin { user: user.value, proof }),
        (None, None, None) => None,
        (Some(_), None, None) => {
            report.note(line, "[letters.smtp] has a “user” and no “password”");
            return None;
        }
        (None, Some(_), Some(named)) => {
            report.note(line, format!("[letters.smtp] has “{named}” and no “user”"));
            return None;
        }
        // What is wrong with it was said.
        (_, _, _) => return None,
    };
    let usual = match tls {
        Tls::Implicit => 465,
        Tls::Starttls => 587,
        Tls::None => 25,
    };
    Some(SmtpConfig {
        host: host?.value,
        port: port.map_or(usual, |port| port.value),
        tls,
        login,
        ca_file,
        hello: hello.map(|hello| hello.value),
        connections: connections.map_or(CONNECTIONS, |connections| connections.value),
        wait_at_stop: wait_at_stop.map_or(WAIT_AT_STOP, |wait| wait.value),
    })
}

/// A name or an address, without port or scheme.
fn host(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if text.parse::<IpAddr>().is_ok() || (!text.is_empty() && text.chars().all(plain)) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(format!("“{text}” is no name of a server, such as \"smtp.example.org\""))
}
