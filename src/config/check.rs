//! What settings must be by themselves and together, beyond their types.
//!
//! Promises to look at everything and to stop at nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use super::{
    call::{self, path_of},
    database::database_file,
    file::{Written, WrittenMailbox},
    imap::ImapConfig,
    oauth::Grant,
    problem::Problem,
    reader::{At, Report, nearest},
    rosters::Rosters,
    settings::{Config, MailSource, SmtpConfig, Transport},
    shipped::Shipped,
};
use crate::core::calls::call::Call;

/// Folders of the override folder, which hold settings and not letters.
const SETTINGS_FOLDERS: [&str; 5] = ["calls", "states", "tiles", "letters", "deploy"];

/// What the mailboxes and the folder of letters must be to each other.
pub(super) fn together(report: &Report<'_>, written: &Written, base: &Path) {
    mark_beside(report, written);
    let mut names = BTreeMap::new();
    let mut maildirs = BTreeMap::new();
    let mut accounts = BTreeMap::new();
    for mailbox in &written.mailboxes {
        if let Some(name) = &mailbox.name
            && let Some(first) = names.insert(name.value.clone(), name.line)
        {
            report.note(name.line, format!("two mailboxes are named “{}”; the other is in line {first}", name.value));
        }
        let Some(At { value: source, line }) = &mailbox.source else { continue };
        match source {
            MailSource::Maildir(maildir) => {
                if let Some(first) = maildirs.insert(normal(maildir), *line) {
                    let what = "two mailboxes read the same Maildir";
                    report.note_with_hint(*line, what, format!("the other is in line {first}"));
                }
            }
            MailSource::Imap(imap) => {
                for folder in imap.all_folders() {
                    if let Some(first) = accounts.insert(account(imap, folder), *line) {
                        let what = format!("the folder “{folder}” of {} is read twice", imap.user);
                        report.note_with_hint(*line, what, format!("the other is in line {first}"));
                    }
                }
            }
        }
    }
    into_folders_that_are_read(report, written, &accounts);
    answers_that_are_read(report, written, &accounts, &maildirs);
    let folder = normal(&written.letters.folder);
    for (maildir, line) in maildirs {
        if folder.starts_with(&maildir) {
            let what = format!("the folder for letters is inside the Maildir of line {line}");
            report.note_with_hint(written.folder_line, what, "our own letters would come in as mail");
        }
    }
    if let Some(name) = SETTINGS_FOLDERS.iter().find(|name| folder.starts_with(normal(&base.join(name)))) {
        let what = format!("the folder for letters is in “{name}”, where settings are looked for");
        report.note_with_hint(written.folder_line, what, "choose another, such as \"outbox\"");
    }
    token_key(report, written);
    if written.letters.cap_day < written.letters.cap_hour {
        report.note(written.folder_line, "[letters]: “cap_day” is smaller than “cap_hour”");
    }
    if written.letters.cap_all_hour < written.letters.cap_hour {
        report.note(written.folder_line, "[letters]: “cap_all_hour” is smaller than “cap_hour”");
    }
    if written.letters.cap_domain_hour < written.letters.cap_hour {
        report.note(written.folder_line, "[letters]: “cap_domain_hour” is smaller than “cap_hour”");
    }
}

/// The mark is written over whatever lies in its place.
fn mark_beside(report: &Report<'_>, written: &Written) {
    let (Some(line), Ok(Some(database))) = (written.mark_line, database_file(&written.store.url)) else { return };
    let (place, database) = (normal(&written.store.mark), normal(&database));
    let end = place.to_str().zip(database.to_str()).and_then(|(mark, database)| mark.strip_prefix(database));
    match end {
        Some("") => report.note(line, "“mark” of [store] is the database itself, which it would overwrite"),
        Some("-wal" | "-shm" | "-journal" | ".lock" | ".migrating") => {
            let what = "“mark” of [store] is a file that is kept beside the database, which it would overwrite";
            report.note(line, what);
        }
        _ => {}
    }
}

/// A refresh token that the provider replaces is kept, and only encrypted.
fn token_key(report: &Report<'_>, written: &Written) {
    if written.has_token_key {
        return;
    }
    let sources = written.mailboxes.iter().filter_map(|mailbox| mailbox.source.as_ref());
    let mailboxes = sources.filter_map(|At { value, line }| Some((&value.account()?.proof, *line)));
    let letters = match &written.letters.transport {
        Transport::Smtp(SmtpConfig { login: Some(login), .. }) => Some((&login.proof, written.smtp_line)),
        _ => None,
    };
    for (proof, line) in mailboxes.chain(letters) {
        if proof.oauth().is_some_and(|oauth| matches!(oauth.grant, Grant::RefreshToken(_))) {
            let what = "refresh tokens are kept encrypted, and [store] has no “token_key”";
            report.note_with_hint(line, what, "make one with “openssl rand -hex 32”");
        }
    }
}

/// A folder of an account, as two mailboxes may both mean it.
type Account = (String, u16, String, String);

fn account(imap: &ImapConfig, folder: &str) -> Account {
    (imap.host.to_lowercase(), imap.port, imap.user.clone(), folder.to_owned())
}

/// What a mailbox puts into folders must not lie where another mailbox reads, and a letter that has not left has no copy.
fn into_folders_that_are_read(report: &Report<'_>, written: &Written, read: &BTreeMap<Account, usize>) {
    for source in written.mailboxes.iter().filter_map(|mailbox| mailbox.source.as_ref()) {
        let At { value, line } = source;
        let Some(imap) = value.account() else { continue };
        let own: Vec<&str> = imap.all_folders().collect();
        let puts = [("move_to", imap.after_intake.folder()), ("sent", imap.sent.as_deref())];
        for (key, folder) in puts {
            let Some(folder) = folder.filter(|folder| !own.contains(folder)) else { continue };
            if let Some(other) = read.get(&account(imap, folder)) {
                let what = format!("“{key}” of [mailbox.imap]: “{folder}” is read by the mailbox of line {other}");
                report.note_with_hint(*line, what, "choose a folder that no mailbox reads");
            }
        }
        if imap.sent.is_some() && written.letters.transport == Transport::Folder {
            let what =
                "“sent” of [mailbox.imap] has no effect: letters go into a folder, and another program sends them";
            report.note_with_hint(*line, what, "it is for transport = \"smtp\" in [letters]");
        }
    }
}

/// Where answers of colleagues are looked for, no mailbox takes mail in: they would be logged as letters to us.
fn answers_that_are_read(
    report: &Report<'_>,
    written: &Written,
    read: &BTreeMap<Account, usize>,
    maildirs: &BTreeMap<PathBuf, usize>,
) {
    for mailbox in &written.mailboxes {
        let (Some(folder), Some(source)) = (&mailbox.answers, &mailbox.source) else { continue };
        let other = match &source.value {
            MailSource::Imap(imap) if imap.all_folders().any(|own| own == folder.value) => None,
            MailSource::Imap(imap) => read.get(&account(imap, &folder.value)),
            MailSource::Maildir(path) => {
                let dotted = path.join(format!(".{}", folder.value.replace('/', ".")));
                [dotted, path.join(&folder.value)].iter().find_map(|place| maildirs.get(&normal(place)))
            }
        };
        if let Some(other) = other {
            let what = format!("“answers” of [[mailbox]]: “{}” is read by the mailbox of line {other}", folder.value);
            report.note_with_hint(folder.line, what, "name the folder of what colleagues sent, such as \"Sent\"");
        }
    }
}

/// The calls that the mailboxes name, in their order; problems of call files go to `problems`.
pub(super) fn calls(
    report: &Report<'_>,
    mailboxes: &[WrittenMailbox],
    shipped: &Shipped,
    problems: &mut Vec<Problem>,
) -> Vec<Call> {
    let rosters = Rosters::load(shipped);
    let known = call::codes(shipped);
    let mut named = BTreeSet::new();
    let mut references: BTreeMap<String, String> = BTreeMap::new();
    let mut calls = Vec::new();
    for code in mailboxes.iter().flat_map(|mailbox| &mailbox.calls) {
        if !named.insert(code.value.as_str()) {
            continue;
        }
        match call::load(shipped, &code.value, &rosters) {
            Ok(Some(call)) => {
                let receive = mailboxes.iter().filter(|mailbox| mailbox.calls.iter().any(|its| its.value == call.code));
                let ours: Vec<&At<String>> = receive.flat_map(|mailbox| &mailbox.addresses).collect();
                for address in &call.addresses {
                    if !ours.iter().any(|known| known.value.eq_ignore_ascii_case(address)) {
                        let what = format!("“addresses” of the call {} has {address}", call.code);
                        let hint = "it must stand in the “addresses” of a mailbox that receives for the call, too";
                        report.note_with_hint(code.line, what, hint);
                    }
                }
                if let Some(other) = references.insert(call.reference.clone(), call.code.clone()) {
                    let what = format!("the calls {other} and {} both use the reference {}", call.code, call.reference);
                    report.note_with_hint(code.line, what, "two inputs would get the same number");
                }
                calls.push(call);
            }
            Ok(None) => {
                let what = format!("there is no call “{}” (no file {})", code.value, path_of(&code.value));
                let near = nearest(&code.value, known.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || format!("there are: {}", known.join(", ")),
                    |near| format!("did you mean “{near}”?"),
                );
                report.note_with_hint(code.line, what, hint);
            }
            Err(found) => problems.extend(found),
        }
    }
    for name in shipped.own_names("calls") {
        if name.strip_suffix(".toml").is_some_and(|code| !named.contains(code)) {
            let file = shipped.place(&format!("calls/{name}"));
            let hint = "name it in the “calls” of a mailbox, or remove the file";
            problems.push(Problem::of_file(&file, "no mailbox receives for this call", Some(hint)));
        }
    }
    calls
}

/// What a daemon must not start with, though the file is well formed.
pub(super) fn for_run(config: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |file: &str, what: String, hint: &str| {
        problems.push(Problem::of_file(Path::new(file), what, Some(hint)));
    };
    if config.mailboxes.is_empty() {
        add("docket.toml", "there is no mailbox to watch".to_owned(), "add a [[mailbox]]");
    }
    let yours = "put your own address there";
    for mailbox in &config.mailboxes {
        for address in mailbox.addresses.iter().filter(|address| is_placeholder(address)) {
            add("docket.toml", format!("the mailbox “{}” still has the placeholder {address}", mailbox.name), yours);
        }
    }
    if is_placeholder(&config.letters.from_address) {
        add("docket.toml", format!("letters would come from the placeholder {}", config.letters.from_address), yours);
    }
    if let Transport::Smtp(server) = &config.letters.transport
        && is_placeholder(&server.host)
    {
        let what = format!("letters would go to the placeholder {}", server.host);
        add("docket.toml", what, "put the name of your own mail server there");
    }
    if let Some(webhook) = config.alarm.webhook.as_ref().filter(|webhook| is_placeholder(webhook.host())) {
        let what = format!("alarms would go to the placeholder {}", webhook.host());
        add("docket.toml", what, "put the address of your own web server there");
    }
    if let Some(address) = config.letters.return_path.as_ref().filter(|address| is_placeholder(address)) {
        add("docket.toml", format!("failures would be reported to the placeholder {address}"), yours);
    }
    for call in config.calls.iter().filter(|call| is_placeholder(&call.contact)) {
        add(&path_of(&call.code), format!("the contact is still the placeholder {}", call.contact), yours);
    }
    problems
}

/// Addresses under the domains that are reserved for examples (RFC 2606).
fn is_placeholder(address: &str) -> bool {
    let domain = address.rsplit('@').next().unwrap_or_default();
    ["example.org", "example.com", "example.net"]
        .iter()
        .any(|reserved| domain.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

/// A path by which two spellings of a place compare equal: `.` and `..` worked out, links resolved as far as it exists.
fn normal(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    let resolved = |folder: &Path| Some(folder.canonicalize().ok()?.join(plain.strip_prefix(folder).ok()?));
    plain.ancestors().find_map(resolved).unwrap_or(plain)
}
