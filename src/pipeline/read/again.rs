//! Reading again: what could not be read goes back into the ordinary reading; what was read is read once more, and shown.
//!
//! Promises that of a message which was read nothing is changed and nothing sent, whatever the second reading gives. Where
//! a letter told its sender that a file cannot be opened which reads well, a person is asked to put that right, once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{PipelineError, conclusion::Conclusion, readout::Readout};
use crate::{
    core::{
        actor::Actor,
        event::{Event, ToldOf, ToldWrongly},
        file::{File, Outcome},
        finding::Finding,
        judging::{
            judgement::Judgement,
            matching::{Decision, Match},
        },
        question::Question,
        text::language::Language,
    },
    instance::Instance,
    letters::facts::{Corrected, Facts, FileFacts},
    reading::Readers,
    store::{About, Claimed, DecisionRow, EntryRow, LetterState, MessageState, StoreError, Tx, intake_number, word},
};

/// What reading a message again came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reread {
    /// What happened and what would, a sentence each.
    pub said: Vec<String>,
    /// It went back into the ordinary reading.
    pub put_back: bool,
}

/// Reads the message with an intake number again, for a person. In a dry run nothing is put back, and nothing asked.
///
/// # Errors
/// It cannot be read again, and why; or the database did not answer, or no child could be started.
pub async fn reread(
    instance: &Instance,
    readers: &Readers,
    number: i64,
    actor: &Actor,
    dry_run: bool,
) -> Result<Reread, PipelineError> {
    let mut tx = instance.db.snapshot().await?;
    let name = intake_number(number);
    let refused = |why: String| PipelineError::NotReread(format!("{name} cannot be read again: {why}"));
    let (Some(claimed), Some(entry)) = (tx.look_at(number).await?, tx.entry(number).await?) else {
        return Err(PipelineError::NotReread(format!("there is no entry {name}; `docket log` lists them")));
    };
    if entry.purged_at.is_some() {
        return Err(refused("its original has been erased.".to_owned()));
    }
    let decided = tx.decisions(entry.id).await?.iter().any(DecisionRow::stands);
    drop(tx);
    if entry.state == MessageState::Stored {
        let said = vec![format!("{name} has not been read yet: the running daemon reads it in its turn.")];
        return Ok(Reread { said, put_back: false });
    }
    if let Some(why) = beyond_reading(instance, &claimed) {
        return Err(refused(why));
    }
    if entry.state != MessageState::Parked {
        return show(instance, readers, claimed, &entry, actor, dry_run).await;
    }
    if decided {
        let first = format!("a person has decided about it; take that back first, with `docket decide {name} undo`.");
        return Err(refused(first));
    }
    if dry_run {
        let said = vec![
            format!("{name} would go back into the ordinary reading, and be answered as new."),
            try_reading(instance, readers, claimed).await?,
        ];
        return Ok(Reread { said, put_back: false });
    }
    put_back(instance, &entry, actor).await
}

/// Why reading a message would come to nothing.
fn beyond_reading(instance: &Instance, claimed: &Claimed) -> Option<String> {
    let limit = instance.config.intake.message_limit;
    if let Some(reason) = &claimed.header_only {
        return Some(format!("only its header was kept. {reason}"));
    }
    let too_large = u64::try_from(claimed.size).unwrap_or(0) > limit;
    too_large.then(|| {
        format!("it is larger than the {} MiB that are read; `message_limit` in [intake] raises that.", limit >> 20)
    })
}

async fn put_back(instance: &Instance, entry: &EntryRow, actor: &Actor) -> Result<Reread, PipelineError> {
    let (now, name) = (instance.clock.now(), intake_number(entry.number));
    let mut tx = instance.db.begin().await?;
    if !tx.put_back(entry.id, now).await? {
        return Err(PipelineError::NotReread(format!("{name} was changed meanwhile; look at it again.")));
    }
    tx.record(now, About::message(entry.id), actor, &Event::Reread)?;
    tx.commit().await?;
    let said =
        vec![format!("{name} is back in the ordinary reading: the running daemon reads it, and answers it as new.")];
    Ok(Reread { said, put_back: true })
}

/// What a reading gives now of a message that could not be read.
async fn try_reading(instance: &Instance, readers: &Readers, claimed: Claimed) -> Result<String, PipelineError> {
    let readout = Readout::of(instance, readers, &claimed).await?;
    Ok(match Conclusion::of(instance, claimed, readout).await?.what {
        Readout::Unreadable { why, .. } => format!("It still cannot be read: {}", why.phrase().plain()),
        Readout::Read { files, judgement, .. } => {
            let seen = Seen::anew(instance, &files, &judgement);
            let files = seen.files.values().map(FileSeen::in_words);
            let items = seen.items.iter().map(|item| item.states.clone());
            format!("It can be read: {}.", items.chain(files).collect::<Vec<_>>().join("; "))
        }
    })
}

/// Reads a message once more that was read, and says what would be otherwise.
async fn show(
    instance: &Instance,
    readers: &Readers,
    claimed: Claimed,
    entry: &EntryRow,
    actor: &Actor,
    dry_run: bool,
) -> Result<Reread, PipelineError> {
    let name = intake_number(entry.number);
    let mut tx = instance.db.snapshot().await?;
    let before = Seen::stored(&mut tx, instance, entry).await?;
    drop(tx);
    let readout = Readout::of(instance, readers, &claimed).await?;
    let (files, judgement) = match Conclusion::of(instance, claimed, readout).await?.what {
        Readout::Read { files, judgement, .. } => (files, judgement),
        Readout::Unreadable { why, .. } => {
            let reason = why.phrase().plain();
            let said = format!("{name} was read before, and cannot be read now; nothing is changed. {reason}");
            return Ok(Reread { said: vec![said], put_back: false });
        }
    };
    let otherwise = before.otherwise(&Seen::anew(instance, &files, &judgement));
    let mut said = if otherwise.is_empty() {
        vec![format!("{name} was read again, and reads as before.")]
    } else {
        vec![format!("{name} was read again. What was filed and answered stays as it is; by this reading it would be:")]
    };
    said.extend(otherwise);
    said.extend(propose_correction(instance, entry, &files, actor, dry_run).await?);
    Ok(Reread { said, put_back: false })
}

/// What a reading says of a message, as far as a person cares whether it is otherwise.
struct Seen {
    relevance: String,
    language: String,
    files: BTreeMap<String, FileSeen>,
    items: Vec<ItemSeen>,
}

/// A file, by its name, how far it was read, its words and its language.
#[derive(PartialEq)]
struct FileSeen {
    name: String,
    outcome: String,
    words: Option<u64>,
    language: Option<String>,
}

/// An item: whose it is, and its words.
struct ItemSeen {
    states: String,
    words: Option<u64>,
}

impl Seen {
    /// What was read before.
    async fn stored(tx: &mut Tx, instance: &Instance, entry: &EntryRow) -> Result<Self, StoreError> {
        let findings = tx.findings(entry.id).await?;
        let mut items = Vec::new();
        for item in tx.items(entry.id).await? {
            let matched = findings.matched(item.n)?;
            let states = matched.map_or_else(|| "(erased)".to_owned(), |matched| states(instance, &matched));
            items.push(ItemSeen { states, words: item.words });
        }
        let mut files = BTreeMap::new();
        for file in tx.files(entry.id).await? {
            let seen = FileSeen {
                name: shown(file.name.as_deref()),
                outcome: word(&file.outcome)?.replace('_', " "),
                words: file.words,
                language: file.language,
            };
            files.insert(file.path, seen);
        }
        let language = entry.language.clone().unwrap_or_else(|| "unclear".to_owned());
        Ok(Self {
            relevance: entry.relevance.map_or_else(String::new, |relevance| relevance.word().to_owned()),
            language,
            files,
            items,
        })
    }

    /// What was read now.
    fn anew(instance: &Instance, files: &[File], judgement: &Judgement) -> Self {
        let file = |file: &File| FileSeen {
            name: shown(file.name.as_deref()),
            outcome: word(&file.reading.outcome).unwrap_or_default().replace('_', " "),
            words: file.reading.words,
            language: file.reading.language.map(|language| language.code().to_owned()),
        };
        Self {
            relevance: judgement.relevance.word().to_owned(),
            language: judgement.language.map_or("unclear", Language::code).to_owned(),
            files: files.iter().map(|read| (read.path.clone(), file(read))).collect(),
            items: judgement
                .items
                .iter()
                .map(|judged| ItemSeen { states: states(instance, &judged.matched), words: judged.item.words })
                .collect(),
        }
    }

    /// What is otherwise by another reading, a sentence each.
    fn otherwise(&self, now: &Self) -> Vec<String> {
        let mut said = Vec::new();
        let mut held = |what: &str, before: &str, now: &str| {
            if before != now {
                said.push(format!("{what}: {now} (was {before})"));
            }
        };
        held("what it is", &self.relevance, &now.relevance);
        held("language", &self.language, &now.language);
        held("inputs", &self.items.len().to_string(), &now.items.len().to_string());
        for (n, (before, now)) in self.items.iter().zip(&now.items).enumerate() {
            let of = if self.items.len() > 1 { format!(" of input {}", n + 1) } else { String::new() };
            held(&format!("state{of}"), &before.states, &now.states);
            held(&format!("words{of}"), &counted(before.words), &counted(now.words));
        }
        let paths: BTreeSet<&String> = self.files.keys().chain(now.files.keys()).collect();
        for path in paths {
            match (self.files.get(path), now.files.get(path)) {
                (Some(before), Some(now)) if before != now => {
                    said.push(format!("{} (was {})", now.in_words(), before.state()));
                }
                (None, Some(now)) => said.push(format!("{} (was not listed)", now.in_words())),
                (Some(before), None) => said.push(format!("{}: not listed (was {})", before.name, before.state())),
                _ => {}
            }
        }
        said
    }
}

impl FileSeen {
    fn in_words(&self) -> String {
        format!("{}: {}", self.name, self.state())
    }

    fn state(&self) -> String {
        let words = self.words.map(|words| format!(", {words} words")).unwrap_or_default();
        let language = self.language.as_ref().map(|language| format!(", {language}")).unwrap_or_default();
        format!("{}{words}{language}", self.outcome)
    }
}

/// The name of a file between quotation marks.
fn shown(name: Option<&str>) -> String {
    name.map_or_else(|| "a file without a name".to_owned(), |name| format!("“{name}”"))
}

fn counted(words: Option<u64>) -> String {
    words.map_or_else(|| "not counted".to_owned(), |words| words.to_string())
}

/// Whose an item is by what was found.
fn states(instance: &Instance, matched: &Match) -> String {
    match matched.decision {
        Decision::Matched => matched.named().into_iter().map(|iso3| instance.name(iso3)).collect::<Vec<_>>().join(", "),
        Decision::Review => "left to a person".to_owned(),
        Decision::None => "no state’s input".to_owned(),
    }
}

/// Asks a person to tell the sender of what a letter has said wrongly, where nobody was asked before. Yields what is asked.
async fn propose_correction(
    instance: &Instance,
    entry: &EntryRow,
    files: &[File],
    actor: &Actor,
    dry_run: bool,
) -> Result<Vec<String>, PipelineError> {
    let mut tx = instance.db.begin().await?;
    let proposed = tx.findings(entry.id).await?.corrections()?;
    let well = |told: &FileFacts| files.iter().any(|file| file.sha256 == told.sha256 && file.reading.has_text());
    let wrong: Vec<FileFacts> = told(&mut tx, entry)
        .await?
        .into_iter()
        .filter(|told| matches!(told.outcome, Outcome::Damaged | Outcome::NotRead))
        .filter(|told| !proposed.contains(&told.sha256) && well(told))
        .collect();
    if wrong.is_empty() {
        return Ok(Vec::new());
    }
    let files: BTreeSet<ToldWrongly> = wrong.iter().map(told_wrongly).collect();
    let files: Vec<ToldWrongly> = files.into_iter().collect();
    let event = Event::CorrectionProposed { files: files.clone() };
    let question = event.phrase().plain();
    if dry_run {
        return Ok(vec![format!("A person would be asked: {question}")]);
    }
    let rows = tx.files(entry.id).await?;
    let item = rows.iter().find(|row| row.sha256 == wrong[0].sha256).and_then(|row| row.item_id);
    let now = instance.clock.now();
    ask(&mut tx, entry, item, Question::TellSender { files }, now).await?;
    tx.record(now, About::message(entry.id), actor, &event)?;
    let hashes = Finding::Correction(wrong.into_iter().map(|told| told.sha256).collect());
    tx.add_finding(entry.id, None, &hashes, instance.clock.now())?;
    tx.commit().await?;
    Ok(vec![format!("A person is asked: {question}")])
}

/// What the letters about a message that left, or still may, say of its files.
async fn told(tx: &mut Tx, entry: &EntryRow) -> Result<Vec<FileFacts>, PipelineError> {
    let mut told = Vec::new();
    for letter in tx.readable_letters_of(entry.id).await? {
        if matches!(letter.state, LetterState::Failed | LetterState::Discarded) {
            continue;
        }
        match serde_json::from_str(&tx.letter_facts(letter.id).await?)? {
            Facts::Acknowledgement(receipt)
            | Facts::Received(receipt)
            | Facts::Correction(Corrected { receipt, .. }) => {
                told.extend(receipt.entries.into_iter().flat_map(|entry| entry.files));
            }
            Facts::Query(query) => told.extend(query.files),
            Facts::Reminder(_) | Facts::ExtensionGranted(_) | Facts::DeadlineMoved(_) | Facts::Withdrawn(_) => {}
        }
    }
    Ok(told)
}

fn told_wrongly(told: &FileFacts) -> ToldWrongly {
    let said = if told.outcome == Outcome::Damaged { ToldOf::Damaged } else { ToldOf::NotRead };
    ToldWrongly { name: told.name.clone(), told: said }
}

/// Puts a question to a person about an item, beside what is asked already.
async fn ask(
    tx: &mut Tx,
    entry: &EntryRow,
    item: Option<i64>,
    question: Question,
    at: Timestamp,
) -> Result<(), StoreError> {
    let items = tx.items(entry.id).await?;
    let asked = items.iter().find(|row| Some(row.id) == item).or(items.first());
    let Some(row) = asked else { return Err(StoreError::Row(format!("message {} has no item", entry.number))) };
    let waiting = row.waiting()?.and(question);
    tx.keep_past(row.id, None, at).await?;
    tx.set_item(row.id, row.call_id, row.kind, Some(&waiting)).await
}
