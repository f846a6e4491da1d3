//! `[letters.smtp]`: the mail server that takes letters.
//!
//! Promises that a server that was read cannot be talked to in the clear but on this machine, and that its password is
//! in no message about it.

use std::{fs, net::IpAddr, path::Path};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::{
    Secret, SmtpConfig, SmtpLogin, Tls,
    reader::{At, Report, Section},
};

/// Reads the section; `None` where something it needs is missing or wrong, which is then reported.
pub(super) fn read(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> Option<SmtpConfig> {
    let line = section.line;
    let host = section.parsed("host", host);
    let host = section.required("host", host);
    let kinds = [("implicit", Tls::Implicit), ("starttls", Tls::Starttls), ("none", Tls::None)];
    let tls = section.choice("tls", &kinds);
    let port = section.whole("port", 1..=65_535);
    let user = section.text("user");
    let password = section.text("password");
    let password_file = section.text("password_file");
    let ca_file = section.text("ca_file");
    let hello = section.parsed("hello", self::host);
    section.finish();
    if let (Some(host), Some(At { value: Tls::None, line })) = (&host, &tls)
        && !is_this_machine(&host.value)
    {
        let what = format!("letters would go to {} in the clear", host.value);
        report.note_with_hint(*line, what, "“tls” can be \"none\" for 127.0.0.1, ::1 and localhost alone");
    }
    let tls = tls.map_or(Tls::Implicit, |tls| tls.value);
    if let Some(file) = &ca_file {
        check_authorities(report, file, base);
    }
    let password = match (password, password_file) {
        (Some(_), Some(file)) => {
            let what = "[letters.smtp] has both “password” and “password_file”";
            report.note_with_hint(file.line, what, "keep one of them");
            return None;
        }
        (None, Some(file)) => Some(from_file(report, &file, base)?),
        (password, None) => password.map(|password| password.value),
    };
    let login = match (user, password) {
        (Some(user), Some(password)) => Some(SmtpLogin { user: user.value, password: Secret::new(password) }),
        (None, None) => None,
        (user, _) => {
            let (has, lacks) = if user.is_some() { ("user", "password") } else { ("password", "user") };
            report.note(line, format!("[letters.smtp] has a “{has}” and no “{lacks}”"));
            return None;
        }
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
        ca_file: ca_file.map(|file| base.join(file.value)),
        hello: hello.map(|hello| hello.value),
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

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A password from a file of its own, without the line's end.
fn from_file(report: &Report<'_>, file: &At<String>, base: &Path) -> Option<String> {
    let path = base.join(&file.value);
    #[expect(clippy::disallowed_methods, reason = "the files of the configuration are this module's")]
    let read = fs::read_to_string(&path).map_err(|error| error.to_string());
    let password = read.and_then(|text| match text.trim_end_matches(['\r', '\n']) {
        "" => Err("is empty".to_owned()),
        password => Ok(password.to_owned()),
    });
    password.map_err(|error| report.note(file.line, format!("“password_file” {}: {error}", path.display()))).ok()
}

fn check_authorities(report: &Report<'_>, file: &At<String>, base: &Path) {
    let path = base.join(&file.value);
    let certificates = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let problem = match certificates {
        Ok(certificates) if certificates.is_empty() => "holds no certificate".to_owned(),
        Ok(_) => return,
        Err(error) => error.to_string(),
    };
    report.note(file.line, format!("“ca_file” {}: {problem}", path.display()));
}
