//! What is done with a message on a server once it is in the log, and where the letters that left are kept there:
//! `after_intake`, `keyword`, `move_to` and `sent` of `imap`.
//!
//! Promises that a setting without effect is named, and that no message is moved, and no letter copied, into a folder of
//! the same account that is read.

use super::reader::{At, Report, Section};

/// The keyword that is set where the configuration names none.
const KEYWORD: &str = "$DocketLogged";

/// What is done with a message once it is in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AfterIntake {
    /// Nothing.
    #[default]
    Leave,
    /// It gets this keyword, which mail programs can show.
    Keyword(String),
    /// It goes into this folder.
    Move(String),
}

impl AfterIntake {
    /// The folder into which messages go.
    #[must_use]
    pub fn folder(&self) -> Option<&str> {
        match self {
            Self::Move(folder) => Some(folder),
            Self::Leave | Self::Keyword(_) => None,
        }
    }
}

/// Reads what is done after intake. `read` are the folders of the account that are read.
pub(super) fn after_intake(report: &Report<'_>, section: &mut Section<'_, '_>, read: &[&String]) -> AfterIntake {
    let kind = section.choice("after_intake", &[("leave", "leave"), ("keyword", "keyword"), ("move", "move")]);
    let word = section.parsed("keyword", keyword);
    let folder = section.parsed("move_to", folder);
    let chosen = kind.as_ref().map_or("leave", |kind| kind.value);
    for (key, line, needs) in [
        ("keyword", word.as_ref().map(|word| word.line), "keyword"),
        ("move_to", folder.as_ref().map(|folder| folder.line), "move"),
    ] {
        if let Some(line) = line.filter(|_| chosen != needs) {
            let hint = format!("write after_intake = \"{needs}\", or leave it out");
            report.note_with_hint(line, format!("“{key}” of [mailbox.imap] has no effect"), hint);
        }
    }
    match (chosen, kind.map(|kind| kind.line), folder) {
        ("keyword", ..) => AfterIntake::Keyword(word.map_or_else(|| KEYWORD.to_owned(), |word| word.value)),
        ("move", _, Some(folder)) => {
            not_read(report, "move_to", &folder, read, "it would come in again from there");
            AfterIntake::Move(folder.value)
        }
        ("move", Some(line), None) if !section.has("move_to") => {
            let hint = "name the folder in “move_to”";
            report.note_with_hint(line, "[mailbox.imap] moves messages and does not say where to", hint);
            AfterIntake::Leave
        }
        _ => AfterIntake::Leave,
    }
}

/// Reads where letters that left are kept; an empty text is nowhere.
pub(super) fn sent(report: &Report<'_>, section: &mut Section<'_, '_>, read: &[&String]) -> Option<String> {
    let none = |text: &str| if text.is_empty() { Ok(None) } else { folder(text).map(Some) };
    let At { value, line } = section.parsed("sent", none)?;
    let sent = At { value: value?, line };
    not_read(report, "sent", &sent, read, "our own letters would come in as mail");
    Some(sent.value)
}

fn not_read(report: &Report<'_>, key: &str, folder: &At<String>, read: &[&String], hint: &str) {
    if read.contains(&&folder.value) {
        let what = format!("“{key}” of [mailbox.imap]: “{}” is a folder that is read", folder.value);
        report.note_with_hint(folder.line, what, hint);
    }
}

/// The name of a folder; INBOX in any case is the one INBOX.
fn folder(text: &str) -> Result<String, String> {
    match text {
        _ if text.trim().is_empty() => Err("is empty".to_owned()),
        _ if text.chars().any(char::is_control) => Err("the name holds a control character".to_owned()),
        _ if text.eq_ignore_ascii_case("inbox") => Ok("INBOX".to_owned()),
        name => Ok(name.to_owned()),
    }
}

/// An atom (RFC 3501, section 9); what begins with a backslash is a flag of the server's, which is nobody's business here.
fn keyword(text: &str) -> Result<String, String> {
    let atom = |c: char| c.is_ascii_graphic() && !"(){%*\"\\]".contains(c);
    if !text.is_empty() && text.chars().all(atom) {
        return Ok(text.to_owned());
    }
    Err(format!("“{text}” is no keyword; use letters, digits, “$”, “-” and “_”, such as \"{KEYWORD}\""))
}
