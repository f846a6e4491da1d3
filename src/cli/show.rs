//! `docket show`: one entry in full.

use std::collections::BTreeMap;

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    say,
    table::wrapped,
    why::{decided, pleadings, purposes},
    workplace::Workplace,
};
use crate::core::{
    actor::Actor,
    file::pages_in_words,
    iso3::Iso3,
    text::{digits::grouped, language::Language},
};
use crate::desk::{
    Desk, becomes_in_words,
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
    /// The language in which its history is told, and what waits for a person: en or fr; for any other, English.
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: Language,
}

impl Show {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let desk = Desk::new(place.instance().await?);
        let Some(entry) = desk.entry_in(&self.reference, self.language).await? else {
            anyhow::bail!("there is no entry {}; `docket log` lists them", self.reference);
        };
        if self.json {
            say(&serde_json::to_string(&entry)?)?;
        } else {
            say(&in_words(&entry)?)?;
        }
        if !entry.unreadable.is_empty() {
            anyhow::bail!("{} is not shown in full: {}", entry.number, entry.unreadable.join("; "));
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
        format!("original {} bytes, SHA-256\n         {}", grouped(entry.size, ','), entry.sha256),
    ];
    if let Some(announced) = entry.announced {
        said.push(format!("         the mailbox had announced {} bytes", grouped(announced, ',')));
    }
    if let Some(authentication) = &entry.authentication {
        said.push(wrapped(authentication, "proof    "));
    }
    if let Some(answer) = &entry.answer {
        said.push(wrapped(answer, "answer   "));
    }
    said.extend(entry.defects.iter().map(|defect| wrapped(defect, "defect   ")));
    said.extend(entry.unreadable.iter().map(|row| wrapped(row, "missing  ")));
    for item in &entry.items {
        said.push(String::new());
        said.extend(item_in_words(item, &entry.names, &at)?);
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
        let what = format!("{}, {}{sent}, to {}", letter.kind, letter.state, letter.recipient);
        said.push(wrapped(&what, &format!("Letter {}: ", letter.id)));
        if let Some(reason) = &letter.reason {
            said.push(wrapped(reason, "  "));
        }
        said.push(wrapped(&letter.subject, "  Subject: "));
    }
    said.push(String::new());
    said.push("History".to_owned());
    for event in &entry.history {
        let who = if event.actor == Actor::Program { String::new() } else { format!(" ({})", event.actor.name()) };
        said.push(wrapped(&format!("{}{who}", event.what), &format!("  {}  ", at(event.at))));
    }
    Ok(said.join("\n"))
}

fn item_in_words(
    item: &EntryItem,
    names: &BTreeMap<Iso3, String>,
    at: &dyn Fn(Timestamp) -> String,
) -> anyhow::Result<Vec<String>> {
    let of = if item.states.is_empty() { &item.named } else { &item.states };
    let states: Vec<String> = of.iter().map(|(_, name)| name.clone()).collect();
    let lead = format!("{}  ", item.number);
    let mut said = vec![wrapped(&decided(item.decision, item.kind, &states), &lead)];
    if !item.reason_is_asked {
        said.push(wrapped(&item.reason, &" ".repeat(lead.len())));
    }
    if let Some(purpose) = &item.purpose {
        said.push(wrapped(&purpose.said, "  purpose  "));
        said.extend(purposes(&purpose.evidence, purpose.kind));
    }
    if let Some(reference) = &item.reference {
        let version = item.version.map(|n| format!(", version {n}")).unwrap_or_default();
        let standing = item.standing.map(|s| crate::store::word(&s)).transpose()?.unwrap_or_default();
        let words = item.words.map(|words| format!(", {} words", grouped(words, ','))).unwrap_or_default();
        said.push(format!("  filed as {reference}{version}, {}{words}", standing.replace('_', " ")));
    }
    if let Some(becomes) = item.becomes.as_ref().and_then(|becomes| becomes_in_words(becomes, at)) {
        said.push(wrapped(&becomes, "  place    "));
    }
    if let Some(waiting) = &item.waiting {
        said.push(wrapped(waiting, "  waits    "));
    }
    if let Some(decided) = &item.decided {
        said.push(wrapped(decided, "  decided  "));
    }
    for (decision, undone) in item.decisions.iter().filter_map(|decision| Some((decision, decision.undone.as_ref()?))) {
        let what = format!("{} by {}: {}", decision.what, decision.actor.name(), decision.reason);
        said.push(wrapped(
            &format!("{what} (taken back by {}: {})", undone.actor.name(), undone.reason),
            "  undone   ",
        ));
    }
    let registered: Vec<Iso3> = of.iter().map(|(iso3, _)| *iso3).collect();
    let name = |iso3: Iso3| names.get(&iso3).cloned().unwrap_or_else(|| iso3.to_string());
    said.extend(pleadings(&item.evidence, &registered, &name));
    Ok(said)
}

fn file_in_words(file: &EntryFile) -> anyhow::Result<Vec<String>> {
    let role = crate::store::word(&file.role)?.replace('_', " ");
    let outcome = crate::store::word(&file.outcome)?.replace('_', " ");
    let engine = file.engine.as_deref().filter(|_| file.words.is_some());
    let engine = engine.map(|engine| format!(" by {engine}")).unwrap_or_default();
    let failed = match file.pages_failed.as_slice() {
        [] => String::new(),
        failed => format!(" ({} not read)", pages_in_words(failed)),
    };
    let pages = file.pages.map(|pages| format!(", {pages} page{}{failed}", if pages == 1 { "" } else { "s" }));
    let pages = pages.unwrap_or_default();
    let reading = format!("{role}, {outcome}{engine}{pages}{}, {} bytes", words(file), grouped(file.size, ','));
    let mut said = vec![
        wrapped(file.name.as_deref().unwrap_or("(no name)"), &format!("  {:<5}  ", file.path)),
        wrapped(&reading, "         "),
        format!("         {}", file.sha256),
    ];
    if let Some(detail) = &file.detail {
        said.push(wrapped(detail, "         "));
    }
    said.extend(file.tried.iter().map(|tried| wrapped(&tried.in_words(), "         ")));
    Ok(said)
}

/// The words that count, and those that stand beside them.
fn words(file: &EntryFile) -> String {
    let Some(words) = file.words else { return String::new() };
    let apart = [(file.words_in_notes, "in notes"), (file.words_in_running_heads, "in headers and footers")];
    let apart = apart.iter().filter(|(n, _)| *n > 0).map(|(n, place)| format!("{} {place}", grouped(*n, ',')));
    let apart: Vec<String> = apart.collect();
    let apart = if apart.is_empty() { String::new() } else { format!(" (and {}, not counted)", apart.join(", ")) };
    format!(", {} words{apart}", grouped(words, ','))
}
