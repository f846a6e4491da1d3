//! `docket show`: one entry in full.

use std::path::Path;

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    office, say,
    table::{grouped, wrapped},
};
use crate::desk::{
    Desk,
    view::{Entry, EntryFile, EntryItem},
};

/// Shows one entry: message, files, findings, evidence, decisions, letters, history.
#[derive(Debug, Args)]
pub struct Show {
    /// A docket reference, M-000123, or M-000123/2 for an item.
    #[arg(value_name = "REF")]
    reference: String,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Show {
    /// Runs the command.
    pub async fn run(&self, config: Option<&Path>) -> anyhow::Result<()> {
        let desk = Desk::new(office(config).await?);
        let Some(entry) = desk.entry(&self.reference).await? else {
            anyhow::bail!("there is no entry {}; `docket log` lists them", self.reference);
        };
        if self.json {
            say(&serde_json::to_string(&entry)?)?;
        } else {
            say(&in_words(&entry)?)?;
        }
        Ok(())
    }
}

fn in_words(entry: &Entry) -> anyhow::Result<String> {
    let zone = TimeZone::get(&entry.zone)?;
    let at = |time: Timestamp| time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    let mut said = vec![
        format!("{}  received {} ({})", entry.number, at(entry.received), entry.clock.replace('_', " ")),
        wrapped(entry.from.as_deref().unwrap_or("(no sender)"), "from     "),
        wrapped(entry.subject.as_deref().unwrap_or("(no subject)"), "subject  "),
        format!("state    {}, {}", entry.state, entry.relevance.as_deref().unwrap_or("not judged")),
        format!("original {} bytes, SHA-256\n         {}", grouped(entry.size), entry.sha256),
    ];
    if let Some(answer) = &entry.answer {
        said.push(wrapped(answer, "answer   "));
    }
    said.extend(entry.defects.iter().map(|defect| wrapped(defect, "defect   ")));
    for item in &entry.items {
        said.push(String::new());
        said.extend(item_in_words(item)?);
    }
    if !entry.files.is_empty() {
        said.push(String::new());
        said.push("Files".to_owned());
    }
    for file in &entry.files {
        said.extend(file_in_words(file)?);
    }
    for letter in &entry.letters {
        said.push(String::new());
        let sent = letter.sent.map(|sent| format!(" {}", at(sent))).unwrap_or_default();
        said.push(format!("Letter {}: {}, {}{sent}, to {}", letter.id, letter.kind, letter.state, letter.recipient));
        if let Some(reason) = &letter.reason {
            said.push(wrapped(reason, "  "));
        }
        said.push(wrapped(&letter.subject, "  Subject: "));
    }
    said.push(String::new());
    said.push("History".to_owned());
    for event in &entry.history {
        let who = if event.actor == "docket" { String::new() } else { format!(" ({})", event.actor) };
        said.push(wrapped(&format!("{}{who}", event.what), &format!("  {}  ", at(event.at))));
    }
    Ok(said.join("\n"))
}

fn item_in_words(item: &EntryItem) -> anyhow::Result<Vec<String>> {
    let (decision, kind) = (crate::store::word(&item.decision)?, crate::store::word(&item.kind)?);
    let states: Vec<&str> = item.states.iter().map(|(_, name)| name.as_str()).collect();
    let mut said = vec![format!("{}  {decision}, {} {}", item.number, kind.replace('_', " "), states.join(", "))];
    if let Some(reference) = &item.reference {
        let version = item.version.map(|n| format!(", version {n}")).unwrap_or_default();
        let standing = item.standing.map(|s| crate::store::word(&s)).transpose()?.unwrap_or_default();
        let words = item.words.map(|words| format!(", {} words", grouped(words))).unwrap_or_default();
        said.push(format!("  filed as {reference}{version}, {}{words}", standing.replace('_', " ")));
    }
    if let Some(waiting) = &item.waiting {
        said.push(wrapped(waiting, "  waits    "));
    }
    if let Some(decided) = &item.decided {
        said.push(wrapped(decided, "  decided  "));
    }
    for evidence in &item.evidence {
        let source = crate::store::word(&evidence.source)?.replace('_', " ");
        let lead = format!("  {:<14} {} {:>4.1}  ", source, evidence.iso3, evidence.weight);
        said.push(wrapped(&format!("“{}”", evidence.text), &lead));
    }
    Ok(said)
}

fn file_in_words(file: &EntryFile) -> anyhow::Result<Vec<String>> {
    let role = crate::store::word(&file.role)?.replace('_', " ");
    let outcome = crate::store::word(&file.outcome)?.replace('_', " ");
    let engine = file.engine.as_deref().filter(|_| file.words.is_some());
    let engine = engine.map(|engine| format!(" by {engine}")).unwrap_or_default();
    let pages = file.pages.map(|pages| format!(", {pages} pages")).unwrap_or_default();
    let mut said = vec![
        wrapped(file.name.as_deref().unwrap_or("(no name)"), &format!("  {:<5}  ", file.path)),
        format!("         {role}, {outcome}{engine}{pages}{}, {} bytes", words(file), grouped(file.size)),
        format!("         {}", file.sha256),
    ];
    if let Some(detail) = &file.detail {
        said.push(wrapped(detail, "         "));
    }
    Ok(said)
}

/// The words that count, and those that stand beside them.
fn words(file: &EntryFile) -> String {
    let Some(words) = file.words else { return String::new() };
    let apart = [(file.words_in_notes, "in notes"), (file.words_in_running_heads, "in headers and footers")];
    let apart = apart.iter().filter(|(n, _)| *n > 0).map(|(n, place)| format!("{} {place}", grouped(*n)));
    let apart: Vec<String> = apart.collect();
    let apart = if apart.is_empty() { String::new() } else { format!(" (and {}, not counted)", apart.join(", ")) };
    format!(", {} words{apart}", grouped(words))
}
