//! `docket.toml` as it was written: every setting with its line, defaults filled in where it says nothing.
//!
//! Promises to read each setting by itself; what settings mean together is [`super::check`]'s business.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;

use super::{
    address::{PagesAddress, address, loopback},
    alarm::{self, AlarmConfig},
    imap::{self, ImapConfig},
    log::{self, LogConfig},
    oidc,
    reader::{At, Report, Section},
    scanner, secret,
    settings::{
        Enforce, FolderForm, IntakeConfig, LettersConfig, MailSource, MailboxConfig, OnUncertain, ReadingConfig,
        StoreConfig, Tool, Transport, WebConfig,
    },
    smtp, store, units,
};
use crate::{core::mail::authenticity::MICROSOFT365, files::OWN_FOLDER};

/// Unless it is said, one domain may have this part of what all that are no states may have together.
const DOMAINS_SHARE: u32 = 4;

/// The file, read.
pub(super) struct Written {
    pub store: StoreConfig,
    /// The line of its “mark”, where it has one.
    pub mark_line: Option<usize>,
    /// Whether it has a key for tokens, right or wrong.
    pub has_token_key: bool,
    pub mailboxes: Vec<WrittenMailbox>,
    pub letters: LettersConfig,
    /// The line of the folder for letters, or of `[letters]`.
    pub folder_line: usize,
    /// The line of `[letters.smtp]`, or of `[letters]`.
    pub smtp_line: usize,
    pub intake: IntakeConfig,
    pub reading: ReadingConfig,
    pub web: Option<WebConfig>,
    pub log: LogConfig,
    pub alarm: AlarmConfig,
}

/// A mailbox as written: what the others are compared by may be missing.
pub(super) struct WrittenMailbox {
    pub name: Option<At<String>>,
    pub source: Option<At<MailSource>>,
    pub addresses: Vec<At<String>>,
    pub calls: Vec<At<String>>,
    pub answers: Option<At<String>>,
    pub poll: Duration,
    pub acknowledge_since: Option<Timestamp>,
    pub trusted_hops: Vec<String>,
    pub trusted_authserv: Vec<String>,
}

impl WrittenMailbox {
    /// The mailbox, if nothing that it needs is missing.
    pub(super) fn resolve(self) -> Option<MailboxConfig> {
        let values = |list: Vec<At<String>>| list.into_iter().map(|item| item.value).collect();
        Some(MailboxConfig {
            name: self.name?.value,
            source: self.source?.value,
            addresses: values(self.addresses),
            calls: values(self.calls),
            answers: self.answers.map(|folder| folder.value),
            poll: self.poll,
            acknowledge_since: self.acknowledge_since,
            trusted_hops: self.trusted_hops,
            trusted_authserv: self.trusted_authserv,
        })
    }
}

/// Reads the file at a path; relative paths in it begin at its folder.
pub(super) fn read(report: &Report<'_>, mut file: Section<'_, '_>, path: &Path) -> Written {
    let base = path.parent().unwrap_or(Path::new(""));
    let section = file.section("store");
    let has_token_key = section.as_ref().is_some_and(|section| secret::TOKEN_KEY.found(section).is_some());
    let (store, mark_line) =
        section.map_or_else(|| (store::default(path, base), None), |section| store::read(report, section, path, base));
    let mailboxes: Vec<_> = file.sections("mailbox").into_iter().map(|s| mailbox(report, s, base)).collect();
    let section = file.section("letters");
    let mut folder_line = section.as_ref().map_or(1, |section| section.line);
    let mut smtp_line = folder_line;
    let mut letters = match section {
        Some(section) => letters(report, section, base, [&mut folder_line, &mut smtp_line]),
        None => LettersConfig {
            folder: base.join(LettersConfig::default().folder),
            from_address: String::new(),
            ..LettersConfig::default()
        },
    };
    if letters.from_address.is_empty() {
        let first = mailboxes.iter().flat_map(|mailbox| &mailbox.addresses).next();
        letters.from_address = first.map_or(LettersConfig::default().from_address, |address| address.value.clone());
    }
    let intake = file.section("intake").map_or_else(IntakeConfig::default, intake);
    let reading = file.section("reading").map_or_else(ReadingConfig::default, |section| reading(report, section, base));
    let web = file.section("web").map(|section| web(report, section, base));
    let log = file.section("log").map_or_else(LogConfig::default, log::read);
    let alarm = file.section("alarm");
    let alarm = alarm.map_or_else(AlarmConfig::default, |section| alarm::read(report, section, base));
    file.finish();
    Written {
        store,
        mark_line,
        has_token_key,
        mailboxes,
        letters,
        folder_line,
        smtp_line,
        intake,
        reading,
        web,
        log,
        alarm,
    }
}

fn mailbox(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> WrittenMailbox {
    let default = MailboxConfig::default();
    let name = section.text("name");
    let name = section.required("name", name);
    let source = source(report, &mut section, base);
    let addresses = section.texts("addresses");
    let addresses = section.required("addresses", addresses);
    let calls = section.texts("calls");
    let calls = section.required("calls", calls);
    for (list, what) in [(&addresses, "address"), (&calls, "call")] {
        if let Some(list) = list.as_ref().filter(|list| list.value.is_empty()) {
            report.note(list.line, format!("[[mailbox]] has no {what}: name at least one"));
        }
    }
    let addresses = addresses.map_or_else(Vec::new, |list| list.value);
    let addresses = addresses.into_iter().filter_map(|address| match self::address(&address.value) {
        Ok(value) => Some(At { value, line: address.line }),
        Err(error) => {
            report.note(address.line, format!("“addresses” of [[mailbox]]: {error}"));
            None
        }
    });
    let addresses = addresses.collect();
    let answers = answers(report, &mut section, source.as_ref());
    let poll = section.duration("poll", seconds(1)..=days(1)).map_or(default.poll, |poll| poll.value);
    let acknowledge_since = section.time("acknowledge_since", instant).map(|since| since.value);
    let trusted_hops = names(section.texts("trusted_hops"));
    let trusted_authserv = names(section.texts_or_word("trusted_authserv", MICROSOFT365));
    section.finish();
    WrittenMailbox {
        name,
        source,
        addresses,
        calls: calls.map_or_else(Vec::new, |list| list.value),
        answers,
        poll,
        acknowledge_since,
        trusted_hops,
        trusted_authserv,
    }
}

/// The folder in which answers of colleagues are looked for; an empty text is none.
fn answers(report: &Report<'_>, section: &mut Section<'_, '_>, source: Option<&At<MailSource>>) -> Option<At<String>> {
    let in_a_maildir = matches!(source, Some(At { value: MailSource::Maildir(_), .. }));
    let named = |text: &str| match text {
        "" => Ok(None),
        _ if text.trim().is_empty() => Err("is empty".to_owned()),
        _ if text.chars().any(char::is_control) => Err("the name holds a control character".to_owned()),
        _ if in_a_maildir && text.split('/').any(|part| part.is_empty() || part.starts_with('.')) => Err(format!(
            "“{text}” is no folder of a Maildir; write its name, such as \"Sent\", without a dot before it"
        )),
        name => Ok(Some(name.to_owned())),
    };
    let At { value, line } = section.parsed("answers", named)?;
    let folder = At { value: value?, line };
    let read = source.and_then(|source| source.value.account()).into_iter().flat_map(ImapConfig::all_folders);
    if read.into_iter().any(|name| name == folder.value || is_inbox(name) && is_inbox(&folder.value)) {
        let what = format!("“answers” of [[mailbox]]: “{}” is a folder that is read", folder.value);
        report.note_with_hint(folder.line, what, "name the folder of what colleagues sent, such as \"Sent\"");
    }
    Some(folder)
}

fn is_inbox(name: &str) -> bool {
    name.eq_ignore_ascii_case("inbox")
}

/// Names of servers, for which case does not matter.
fn names(list: Option<At<Vec<At<String>>>>) -> Vec<String> {
    list.map_or_else(Vec::new, |list| list.value.into_iter().map(|name| name.value.to_lowercase()).collect())
}

/// A Maildir or a server, and not both.
fn source(report: &Report<'_>, section: &mut Section<'_, '_>, base: &Path) -> Option<At<MailSource>> {
    let has_maildir = section.has("maildir");
    let maildir = section.text("maildir");
    let server = section.section("imap");
    match (maildir, server) {
        (_, Some(server)) if has_maildir => {
            report.note_with_hint(server.line, "[[mailbox]] has both “maildir” and “imap”", "keep one of them");
            None
        }
        (Some(dir), None) => Some(At { value: MailSource::Maildir(base.join(&dir.value)), line: dir.line }),
        (None, Some(server)) => {
            let line = server.line;
            imap::read(report, server, base).map(|imap| At { value: MailSource::Imap(imap), line })
        }
        _ => {
            if !has_maildir && !section.has("imap") {
                report.note(section.line, "[[mailbox]] has neither “maildir” nor “imap”");
            }
            None
        }
    }
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| format!("“{text}” is no instant; write it with its offset, like 2020-07-15T00:00:00+02:00"))
}

/// Without a `from_address` it is left empty, and the first mailbox's is taken.
fn letters(
    report: &Report<'_>,
    mut section: Section<'_, '_>,
    base: &Path,
    [folder_line, smtp_line]: [&mut usize; 2],
) -> LettersConfig {
    let default = LettersConfig::default();
    let by_smtp = section.choice("transport", &[("folder", false), ("smtp", true)]);
    let smtp = section.section("smtp").map(|server| {
        *smtp_line = server.line;
        smtp::read(report, server, base)
    });
    let transport = match (by_smtp, smtp) {
        (Some(At { value: true, line }), None) => {
            let what = "letters are to leave by SMTP, and there is no [letters.smtp]";
            report.note_with_hint(line, what, "add it, with the “host” of your mail server");
            default.transport
        }
        (Some(At { value: true, .. }), Some(server)) => server.map_or(default.transport, Transport::Smtp),
        _ => default.transport,
    };
    let folder = section.text("folder");
    *folder_line = folder.as_ref().map_or(*folder_line, |folder| folder.line);
    let forms = [("files", FolderForm::Files), ("maildir", FolderForm::Maildir)];
    let uncertain = [("resend", OnUncertain::Resend), ("ask", OnUncertain::Ask)];
    let cap_domain_hour = section.whole("cap_domain_hour", 1..=1_000_000).map(|cap| cap.value);
    let mut letters = LettersConfig {
        transport,
        return_path: or(section.parsed("return_path", return_path), default.return_path),
        folder: base.join(folder.map_or(default.folder, |folder| PathBuf::from(folder.value))),
        folder_mode: or(section.parsed("folder_mode", folder_mode), default.folder_mode),
        form: section.choice("form", &forms).map_or(default.form, |form| form.value),
        from_address: section.parsed("from_address", self::address).map_or_else(String::new, |from| from.value),
        from_name: section.parsed("from_name", display_name).map_or(default.from_name, |name| name.value),
        settle_for: or(section.duration("settle_for", Duration::ZERO..=days(1)), default.settle_for),
        undo_window: or(section.duration("undo_window", Duration::ZERO..=days(1)), default.undo_window),
        cap_hour: or(section.whole("cap_hour", 1..=10_000), default.cap_hour),
        cap_day: or(section.whole("cap_day", 1..=100_000), default.cap_day),
        cap_all_hour: or(section.whole("cap_all_hour", 1..=1_000_000), default.cap_all_hour),
        cap_domain_hour: 0,
        give_up_after: or(section.duration("give_up_after", seconds(60)..=days(30)), default.give_up_after),
        on_uncertain: or(section.choice("on_uncertain", &uncertain), default.on_uncertain),
    };
    letters.cap_domain_hour =
        cap_domain_hour.unwrap_or_else(|| letters.cap_hour.max(letters.cap_all_hour / DOMAINS_SHARE));
    section.finish();
    letters
}

/// As chmod takes it. Who the folder belongs to must be able to work in it.
fn folder_mode(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix('0').unwrap_or(text);
    let mode = if digits.len() == 3 { u32::from_str_radix(digits, 8).ok() } else { None };
    mode.filter(|mode| mode & OWN_FOLDER == OWN_FOLDER)
        .ok_or_else(|| format!("“{text}” is no mode of a folder that its owner uses, such as \"0700\" or \"0750\""))
}

/// An empty text is the null return path.
fn return_path(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() { Ok(None) } else { self::address(text).map(Some) }
}

fn display_name(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("must stand on one line".to_owned());
    }
    Ok(text.trim().to_owned())
}

fn intake(mut section: Section<'_, '_>) -> IntakeConfig {
    let default = IntakeConfig::default();
    let intake = IntakeConfig {
        message_limit: or(section.size("message_limit", mib(1)..=mib(512)), default.message_limit),
        age_limit: or(section.duration("age_limit", days(1)..=days(3_650)), default.age_limit),
        purge_unrelated_after: or(
            section.parsed("purge_unrelated_after", |text| match text {
                "never" => Ok(None),
                length => units::duration(length).map(Some).map_err(|e| format!("{e}, or \"never\"")),
            }),
            default.purge_unrelated_after,
        ),
        colleagues: section
            .texts("colleagues")
            .map_or(default.colleagues, |domains| domains.value.into_iter().map(|d| d.value.to_lowercase()).collect()),
    };
    section.finish();
    intake
}

fn reading(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> ReadingConfig {
    let default = ReadingConfig::default();
    let line = section.line;
    let lengths: RangeInclusive<Duration> = seconds(1)..=Duration::from_hours(1);
    let reading = ReadingConfig {
        sandbox: or(
            section.choice("sandbox", &[("require", Enforce::Require), ("best", Enforce::Best)]),
            default.sandbox,
        ),
        children: or(section.whole("children", 1..=64), default.children),
        memory: or(section.size("memory", mib(128)..=mib(65_536)), default.memory),
        cpu_per_file: or(section.duration("cpu_per_file", lengths.clone()), default.cpu_per_file),
        time_per_file: or(section.duration("time_per_file", lengths.clone()), default.time_per_file),
        time_per_message: or(section.duration("time_per_message", lengths.clone()), default.time_per_message),
        pdftotext: or(section.parsed("pdftotext", |text| tool(text, base)), default.pdftotext),
        ocr: or(section.parsed("ocr", |text| tool(text, base)), default.ocr),
        ocr_languages: languages(report, &mut section).unwrap_or(default.ocr_languages),
        ocr_pages: or(section.whole("ocr_pages", 1..=2_000), default.ocr_pages),
        ocr_time: or(section.duration("ocr_time", lengths.clone()), default.ocr_time),
        scanner: or(section.parsed("scanner", |text| scanner::at(text, base)), default.scanner),
        scanner_time: or(section.duration("scanner_time", lengths), default.scanner_time),
    };
    section.finish();
    if reading.time_per_file < reading.cpu_per_file {
        report.note(line, "[reading]: “time_per_file” is shorter than “cpu_per_file”");
    }
    if reading.time_per_message < reading.time_per_file {
        report.note(line, "[reading]: “time_per_message” is shorter than “time_per_file”");
    }
    reading
}

fn tool(text: &str, base: &Path) -> Result<Tool, String> {
    match text {
        "off" => Ok(Tool::Off),
        "auto" => Ok(Tool::Auto),
        path if path.contains('/') => Ok(Tool::At(base.join(path))),
        other => Err(format!("“{other}” is none of \"off\", \"auto\" and the path of a program")),
    }
}

/// Names as tesseract has them, such as `eng` and `chi_sim`.
fn languages(report: &Report<'_>, section: &mut Section<'_, '_>) -> Option<Vec<String>> {
    let written = section.texts("ocr_languages")?;
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if written.value.is_empty() {
        report.note(written.line, "“ocr_languages” of [reading] names none: name at least one, such as \"eng\"");
    }
    for language in written.value.iter().filter(|language| !is_name(&language.value)) {
        let what = format!("“ocr_languages” of [reading]: “{}” is no name of a language", language.value);
        report.note_with_hint(language.line, what, "“tesseract --list-langs” shows them, such as \"eng\"");
    }
    Some(written.value.into_iter().map(|language| language.value).collect())
}

fn web(report: &Report<'_>, mut section: Section<'_, '_>, base: &Path) -> WebConfig {
    let listen = section.parsed("listen", loopback);
    let address = section.parsed("address", str::parse::<PagesAddress>);
    let oidc = section.section("oidc");
    if let Some(oidc) = &oidc
        && !section.has("address")
    {
        let what = format!("[web] has no “address”, so {} does not know where people come back to", oidc.title());
        report.note_with_hint(oidc.line, what, "write the address under which people open the pages");
    }
    let oidc = oidc.and_then(|oidc| oidc::read(report, oidc, base)).map(Box::new);
    section.finish();
    let listen = listen.map_or_else(|| WebConfig::default().listen, |listen| listen.value);
    WebConfig { listen, address: address.map(|address| address.value), oidc }
}

fn or<T>(read: Option<At<T>>, default: T) -> T {
    read.map_or(default, |read| read.value)
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

const fn mib(count: u64) -> u64 {
    count << 20
}
