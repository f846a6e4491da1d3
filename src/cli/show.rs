//! `docket show`: one entry in full.

use std::collections::BTreeMap;

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    say,
    table::{self, wrapped},
    terminal::{COLUMNS, WrongArgument, call, columns},
    why::{decided, kind, pleadings, purposes},
    workplace::Workplace,
};
use crate::core::{
    actor::Actor,
    file::pages_in_words,
    iso3::Iso3,
    text::{digits::grouped, language::Language},
};
use crate::desk::{
    Desk, becomes_in_words, is_like_a_reference, state_named,
    view::{DecisionOn, Entry, EntryFile, EntryItem, StatePage, Submission},
};

/// Shows one entry: message, files, findings, evidence, decisions, letters, history.
///
/// Of a docket reference it shows whose it is, each version and what repeats one, by receipt, and then their messages in the
/// same order. With --json that is one object all the same: the entry of the newest version, in “submission” what stands under
/// the reference, and there the numbers of the other messages. Of a state it shows how it stands, what was decided about it, by
/// whom and why, and its entries.
#[derive(Debug, Args)]
pub struct Show {
    /// A docket reference, M-000123, or M-000123/2 for an item; or a state, by code or name.
    #[arg(value_name = "REF|STATE")]
    reference: String,
    /// The call in which a state is shown; the first of the configuration where none is named.
    #[arg(long, value_name = "CODE")]
    call: Option<String>,
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
        let desk = Desk::new(place.to_read().await?);
        let Some(entry) = desk.entry_in(&self.reference, self.language).await? else {
            if is_like_a_reference(&self.reference) {
                anyhow::bail!("there is no entry {}; `docket log` lists them", self.reference);
            }
            return self.state(&desk).await;
        };
        if self.json {
            say(&serde_json::to_string(&entry)?)?;
            return in_full(&[entry]);
        }
        let Some(submission) = entry.submission.clone() else {
            say(&in_words(&entry)?)?;
            return in_full(&[entry]);
        };
        say(&submission_in_words(&submission, &entry.zone)?)?;
        let mut entries: Vec<Entry> = Vec::new();
        for place in &submission.places {
            if entries.iter().any(|shown| shown.number == place.message) {
                continue;
            }
            if let Some(entry) = desk.entry_in(&place.message, self.language).await? {
                say(&format!("\n{}\n\n{}", "─".repeat(COLUMNS), in_words(&entry)?))?;
                entries.push(entry);
            }
        }
        in_full(&entries)
    }
}

impl Show {
    /// A state, in words or as one object.
    async fn state(&self, desk: &Desk) -> anyhow::Result<()> {
        let iso3 = state_named(&desk.instance().register, &self.reference)?;
        let open = call(desk.instance(), self.call.as_deref())?;
        let Some(page) = desk.state(Some(&open.call.code), iso3).await? else {
            let name = desk.instance().name(iso3);
            return Err(WrongArgument(format!("{name} is not on the roster of the call {}", open.call.code)).into());
        };
        say(&if self.json { serde_json::to_string(&page)? } else { state_in_words(&page)? })?;
        Ok(())
    }
}

/// How a state stands, what was decided about it, and its entries.
fn state_in_words(page: &StatePage) -> anyhow::Result<String> {
    let zone = TimeZone::get(&page.zone)?;
    let at = |time: Timestamp| time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    let line = &page.line;
    let day = line.day.map(|day| format!(" by {day}")).unwrap_or_default();
    let mut said = vec![wrapped(&format!("{}{day}", line.in_words()), &format!("{}  ", line.name))];
    if let Some(reference) = &line.reference {
        let version = line.version.map(|n| format!(", version {n}")).unwrap_or_default();
        let received = line.received.map(|time| format!(", first received {}", at(time))).unwrap_or_default();
        let words = line.words.map(|words| format!(", {} words", grouped(words, ','))).unwrap_or_default();
        said.push(wrapped(&format!("{reference}{version}{received}{words}"), "  filed    "));
    }
    said.extend(line.recorded.map(|way| wrapped(way.in_words(), "  recorded ")));
    said.extend(page.extended.as_ref().map(|until| wrapped(&format!("until {until}"), "  extended ")));
    said.extend(line.note.as_ref().map(|note| wrapped(note, "  note     ")));
    said.extend(line.why_not_reminded.as_ref().map(|why| wrapped(&format!("not reminded: {why}"), "  reminder ")));
    said.extend((!page.told.is_empty()).then(|| wrapped(&page.told, "  told     ")));
    for reminder in &page.reminders {
        said.push(wrapped(reminder, "  reminder "));
    }
    for letter in &page.letters {
        said.push(wrapped(letter, "  letter   "));
    }
    if !page.decisions.is_empty() {
        said.push("\nDecisions".to_owned());
    }
    for DecisionOn { on, decision } in &page.decisions {
        let undone = decision
            .undone
            .as_ref()
            .map(|undone| format!(" (taken back {} by {}: {})", at(undone.at), undone.actor.name(), undone.reason));
        let undone = undone.unwrap_or_default();
        let what = format!("{on}: {} by {}: {}{undone}", decision.what, decision.actor.name(), decision.reason);
        said.push(wrapped(&what, &format!("  {}  ", at(decision.at))));
    }
    said.push("\nEntries".to_owned());
    said.push(match page.entries.as_slice() {
        [] => "  None.".to_owned(),
        entries => table::log(entries, &zone, columns()),
    });
    Ok(said.join("\n"))
}

/// That of none of them something cannot be read.
fn in_full(entries: &[Entry]) -> anyhow::Result<()> {
    let lacks = entries.iter().filter(|entry| !entry.unreadable.is_empty());
    let lacks: Vec<String> =
        lacks.map(|entry| format!("{} is not shown in full: {}", entry.number, entry.unreadable.join("; "))).collect();
    anyhow::ensure!(lacks.is_empty(), "{}", lacks.join("\n"));
    Ok(())
}

/// Whose a submission is, and what is filed under it.
fn submission_in_words(submission: &Submission, zone: &str) -> anyhow::Result<String> {
    let zone = TimeZone::get(zone)?;
    let at = |time: Timestamp| time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    let whose = match submission.states.as_slice() {
        [] => kind(submission.kind).to_owned(),
        states => format!("{}, {}", listed(states), kind(submission.kind)),
    };
    let mut said = vec![wrapped(&whose, &format!("{}  ", submission.reference))];
    for place in &submission.places {
        let makes = place.version.filter(|_| place.place == "version" && !place.repeats);
        let becomes = becomes_in_words(&place.becomes, &at).or_else(|| place.current.then(|| "current".to_owned()));
        let withdrawn = place.withdrawn.map(|time| format!("withdrawn {}", at(time)));
        let what: Vec<String> =
            [makes.map(|version| format!("version {version}")), withdrawn, becomes].into_iter().flatten().collect();
        let what = what.join(", ");
        let standing = crate::store::word(&place.standing)?.replace('_', " ");
        let words = place.words.map(|words| format!(", {} words", grouped(words, ','))).unwrap_or_default();
        let line = format!("{what}, received {} ({standing}){words}", at(place.received));
        said.push(wrapped(&line, &format!("  {:<11}  ", place.number)));
    }
    if !submission.places.iter().any(|place| place.current) {
        said.push("  Nothing under it stands.".to_owned());
    }
    Ok(said.join("\n"))
}

fn in_words(entry: &Entry) -> anyhow::Result<String> {
    let zone = TimeZone::get(&entry.zone)?;
    let at = |time: Timestamp| time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    let mut said = vec![
        format!("{}  received {} ({})", entry.number, at(entry.received), entry.clock.replace('_', " ")),
        wrapped(entry.from.as_deref().unwrap_or("(no sender)"), "from     "),
        wrapped(entry.subject.as_deref().unwrap_or("(no subject)"), "subject  "),
        format!("message  {}, {}", entry.state, entry.relevance.as_deref().unwrap_or("not judged")),
        format!("original {} bytes, SHA-256\n         {}", grouped(entry.size, ','), entry.sha256),
    ];
    if let Some(recorded) = &entry.recorded {
        said.insert(1, wrapped(&recorded.in_words(), "recorded "));
    }
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
    let lead = format!("{}  ", item.number);
    let mut said = vec![wrapped(&whose(item), &lead)];
    if !item.reason_is_asked && !item.reason.is_empty() {
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
        if !item.candidates.is_empty() {
            said.push(wrapped(&listed(&item.candidates), "  may be   of "));
        }
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

fn listed(states: &[(Iso3, String)]) -> String {
    states.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Whose an item is: for whom it is filed, else what is to be decided, else what was found.
fn whose(item: &EntryItem) -> String {
    let by_person = item.decided.is_some();
    match (&item.reference, &item.waiting) {
        (Some(_), _) if item.states.is_empty() => "no state’s input".to_owned(),
        (Some(_), _) if by_person => format!("{}, {}: a person decided", listed(&item.states), kind(item.kind)),
        (Some(_), _) => format!("{}, {}", listed(&item.states), kind(item.kind)),
        (None, Some(_)) if item.named.is_empty() => "to be decided; no state is named for it".to_owned(),
        (None, Some(_)) => format!("to be decided; {} named by the evidence", listed(&item.named)),
        (None, None) if by_person => "no input: a person decided".to_owned(),
        (None, None) => {
            let named: Vec<String> = item.named.iter().map(|(_, name)| name.clone()).collect();
            decided(item.decision, item.kind, &named)
        }
    }
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
