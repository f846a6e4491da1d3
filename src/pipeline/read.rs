//! Reading: a stored message becomes findings, an entry, and letters, in one transaction.
//!
//! A child process parses and extracts; the core judges; then everything is written at once. Messages are read side by
//! side and filed in the order of their intake numbers, so that of two versions the earlier is the first.

mod ahead;
mod around;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use self::{ahead::Ahead, around::Around};
use super::{Outcome, PipelineError};
use crate::{
    core::{
        acknowledgement::{Answer, Fate, Letter, answer},
        header,
        judgement::{JudgedItem, Judgement, judge, judge_header, named},
        language::Language,
        matching::Kind,
        message::Message,
    },
    failpoint,
    filing::{self, Answering, By, ToFile},
    office::{Office, OpenCall},
    sandbox::{ReadMail, Sandbox},
    store::{About, Claimed, DOCKET, Event, Id, NewItem, ReadMessage, StoreError, Tx},
};

/// How often a message on which reading failed is tried before it waits for a person.
const ATTEMPTS: i64 = 3;
/// How often the process may end while it reads a message before that waits for a person. Who ends it is rarely the
/// message: when a machine is short of memory or its power fails, mail that did nothing must not be laid aside.
const INTERRUPTIONS: i64 = 10;
/// How many messages are claimed at once for each child.
const CLAIMED_EACH: u32 = 8;
/// How much longer a claim lasts than its work may take.
const MARGIN: Duration = Duration::from_mins(2);
/// How much of a message is looked at when it is too large to be read.
const HEADER_WINDOW: usize = 256 << 10;

/// Reads what was received.
#[derive(Debug)]
pub struct Reader {
    office: Arc<Office>,
    sandbox: Arc<Sandbox>,
}

/// What reading came to, before it is written down.
enum Readout {
    /// It was read.
    Read(Box<ReadMail>),
    /// It cannot be read, and why; with what its header tells.
    Unreadable(String, Box<Message>),
}

impl Reader {
    /// Reads with children of a sandbox.
    #[must_use]
    pub fn new(office: Arc<Office>, sandbox: Arc<Sandbox>) -> Self {
        Self { office, sandbox }
    }

    /// Reads the next messages and files them in their order; while one is filed, the children read on.
    ///
    /// # Errors
    /// The database did not answer, or no child could be started. Claims run out, and the messages are read again.
    pub async fn step(&self) -> Result<Outcome, PipelineError> {
        let reading = &self.office.config.reading;
        let children = reading.children.max(1);
        let longest = reading.time_per_message * CLAIMED_EACH + MARGIN;
        let most = children.saturating_mul(CLAIMED_EACH as usize);
        let mut tx = self.office.db.begin().await?;
        let claimed = tx.claim_messages(&self.office.owner, longest, most).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(Outcome::Idle);
        }
        failpoint::reached("after-message-claim");
        let mut ahead = Ahead::new(self, children, claimed.clone());
        let mut first_failure = None;
        for message in &claimed {
            let filed = match ahead.next().await {
                Ok(readout) => self.file(message, readout).await,
                Err(error) => Err(error),
            };
            if let Err(error) = filed {
                self.leave(message, &error).await?;
                first_failure.get_or_insert(error);
            }
        }
        first_failure.map_or(Ok(Outcome::Worked), Err)
    }

    /// Leaves a message for another attempt; a failure that is not its own does not count.
    async fn leave(&self, claimed: &Claimed, error: &PipelineError) -> Result<(), PipelineError> {
        let mut tx = self.office.db.begin().await?;
        if error.is_temporary() {
            tx.give_back(claimed).await?;
        } else {
            tx.leave_for_retry(claimed, &error.to_string()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn file(&self, claimed: &Claimed, readout: Readout) -> Result<(), PipelineError> {
        match readout {
            Readout::Unreadable(reason, header) => self.park(claimed, &reason, &header).await,
            Readout::Read(mail) => match &mail.message {
                Err(reason) => {
                    let header = self.header_of(claimed).await?;
                    self.park(claimed, reason, &header).await
                }
                Ok(message) => self.settle(claimed, message, &mail).await,
            },
        }
    }

    async fn header_of(&self, claimed: &Claimed) -> Result<Message, PipelineError> {
        let mut tx = self.office.db.snapshot().await?;
        let raw = tx.original(&claimed.sha256, HEADER_WINDOW).await?.unwrap_or_default();
        Ok(message_from_header(&raw))
    }

    /// Writes down what was concluded about a message, all of it or nothing.
    async fn settle(&self, claimed: &Claimed, message: &Message, mail: &ReadMail) -> Result<(), PipelineError> {
        let office = &*self.office;
        let document = mail.files.iter().any(|file| file.format.is_document());
        let around = Around::gather(office, claimed, message, document).await?;
        let calls: Vec<_> = around.calls.iter().map(|open| &open.call).collect();
        let own = office.own();
        let judgement = judge(message, &mail.files, &around.circumstances(office, &calls, &own));
        let now = office.clock.now();
        let mut tx = office.db.begin().await?;
        let language = judgement.language.map(Language::code);
        let read = ReadMessage { message, relevance: judgement.relevance.word(), language };
        if !tx.set_read(claimed, &read, now).await? {
            // Another process has taken the claim over: what it concludes counts.
            return Ok(());
        }
        let answering = Answering {
            answerable: judgement.answerable.clone(),
            by_colleague: judgement.by_colleague,
            language: judgement.language,
        };
        let what = format!("Read: {}.", in_words(&judgement, mail.files.len()));
        let about = About::message(claimed.id);
        tx.record(Event { at: now, kind: "read", about, actor: DOCKET, what }).await?;
        let mut fates = Vec::new();
        let mut items = Vec::new();
        for (judged, n) in judgement.items.iter().zip(1_i64..) {
            let (item, fate) = self.settle_item(&mut tx, claimed, judged, n, &around, now).await?;
            fates.push(fate);
            items.push(item);
        }
        for (i, file) in mail.files.iter().enumerate() {
            let place = judgement.items.iter().zip(&items).find_map(|(judged, id)| {
                judged.item.files.iter().find(|(of, _)| *of == i).map(|(_, role)| (*id, *role))
            });
            let role = place.map_or(crate::core::file::Role::Ignored, |(_, role)| role);
            tx.add_file(claimed.id, place.map(|(id, _)| id), i + 1, file, role).await?;
        }
        let silent = claimed.silent.as_deref().or(judgement.turn.as_deref());
        let answer = answer(&fates, &judgement.answerable, silent, judgement.by_colleague);
        tx.add_finding(claimed.id, None, "message", &stripped(message), now).await?;
        tx.add_finding(claimed.id, None, "answering", &answering, now).await?;
        self.settle_queries(&mut tx, claimed, &judgement, now).await?;
        let entry = tx
            .entry(claimed.number)
            .await?
            .ok_or_else(|| StoreError::Row(format!("message {} has no row", claimed.number)))?;
        let due = match answer {
            Answer::Letter(Letter::Query { .. }) => later(now, office.config.letters.settle_for),
            _ => now,
        };
        let said = filing::decide_letter(&mut tx, office, &entry, &answering, &answer, By::Program, due).await?;
        tx.set_answer(claimed.id, &said).await?;
        failpoint::reached("before-read-commit");
        tx.commit().await?;
        failpoint::reached("after-read-commit");
        Ok(())
    }

    /// Stores an item and files it if it can be; yields its row and what became of it.
    async fn settle_item(
        &self,
        tx: &mut Tx,
        claimed: &Claimed,
        judged: &JudgedItem,
        n: i64,
        around: &Around<'_>,
        now: Timestamp,
    ) -> Result<(Id, Fate), PipelineError> {
        let fate = if claimed.held.is_some() { Fate::Undecided } else { judged.fate };
        let question = claimed.held.as_deref().or(judged.waiting.as_deref());
        let call: Option<&OpenCall> = judged.call.and_then(|i| around.calls.get(i)).copied();
        let sender = judged.item.from.as_ref().and_then(|from| from.address.as_deref());
        let item = tx
            .add_item(&NewItem {
                message: claimed.id,
                n,
                call: call.map(|open| open.known.id),
                subject: judged.item.subject.as_deref(),
                from_address: sender,
                matched: &judged.matched,
                words: judged.item.words,
                content_key: judged.item.content_key.as_deref(),
                waiting: question,
            })
            .await?;
        tx.add_finding(claimed.id, Some(n), "match", &judged.matched, now).await?;
        let (Fate::Registered | Fate::Filed, Some(call)) = (fate, call) else {
            return Ok((item, fate));
        };
        let states = if fate == Fate::Registered { named(&judged.matched) } else { Vec::new() };
        if states.is_empty() && sender.is_none() {
            let question = "Whose is it? It names no sender.";
            tx.set_item(item, Some(call.known.id), Kind::NotAState, Some(question), None).await?;
            return Ok((item, Fate::Undecided));
        }
        let what = ToFile {
            item,
            states: &states,
            kind: judged.matched.kind,
            sender: sender.unwrap_or_default(),
            content_key: judged.item.content_key.as_deref(),
            received: claimed.received()?,
            witnesses: claimed.witnesses()?,
        };
        let (filed, standing) = filing::file(tx, call, &what, now).await?;
        let undetermined = "When was it received? Our relay and the mailbox disagree about the deadline.";
        let waiting = question.or((standing == crate::core::deadline::Standing::Undetermined).then_some(undetermined));
        tx.set_item(item, Some(call.known.id), judged.matched.kind, waiting, filed.duplicate_of).await?;
        let what = match filed.duplicate_of {
            Some(_) => format!("The same as version {} of {}: no new version.", filed.version, filed.reference),
            None => format!("Filed as {}, version {}.", filed.reference, filed.version),
        };
        tx.record(Event { at: now, kind: "filed", about: About::message(claimed.id), actor: DOCKET, what }).await?;
        Ok((item, fate))
    }

    /// A document has come: the sender is not asked for it any more.
    async fn settle_queries(
        &self,
        tx: &mut Tx,
        claimed: &Claimed,
        judgement: &Judgement,
        now: Timestamp,
    ) -> Result<(), PipelineError> {
        let Some(recipient) = judgement.answerable.recipient.as_deref().filter(|_| judgement.brings_document()) else {
            return Ok(());
        };
        tx.settle_earlier(recipient, claimed.id).await?;
        let number = crate::store::intake_number(claimed.number);
        let reason = format!("the document came with {number}");
        for letter in tx.drop_queries(recipient, claimed.id, &reason).await? {
            let what = format!("The question for the document was dropped: {reason}.");
            let about = About::letter(letter);
            tx.record(Event { at: now, kind: "letter_dropped", about, actor: DOCKET, what }).await?;
        }
        Ok(())
    }

    /// Leaves a message that cannot be read to a person, with the states that its header speaks for.
    async fn park(&self, claimed: &Claimed, reason: &str, header: &Message) -> Result<(), PipelineError> {
        let office = &*self.office;
        let around = Around::gather(office, claimed, header, true).await?;
        let calls: Vec<_> = around.calls.iter().map(|open| &open.call).collect();
        let own = office.own();
        let circumstances = around.circumstances(office, &calls, &own);
        let matched = judge_header(header.from.as_ref(), header.subject.as_deref(), &circumstances);
        let now = office.clock.now();
        let mut tx = office.db.begin().await?;
        if !tx.set_parked(claimed, header, reason, now).await? {
            return Ok(());
        }
        let call = match around.calls.as_slice() {
            [only] => Some(only.known.id),
            _ => None,
        };
        tx.add_item(&NewItem {
            message: claimed.id,
            n: 1,
            call,
            subject: header.subject.as_deref(),
            from_address: header.from.as_ref().and_then(|from| from.address.as_deref()),
            matched: &matched,
            words: None,
            content_key: None,
            waiting: Some(&format!("It could not be read: {reason}")),
        })
        .await?;
        tx.add_finding(claimed.id, Some(1), "match", &matched, now).await?;
        let what = format!("Kept as it came, and left to a person: {reason}");
        let about = About::message(claimed.id);
        tx.record(Event { at: now, kind: "parked", about, actor: DOCKET, what }).await?;
        failpoint::reached("before-park-commit");
        tx.commit().await?;
        failpoint::reached("after-park-commit");
        Ok(())
    }
}

/// Has a child read a message, unless it was tried too often or is too large.
async fn read_out(office: &Office, sandbox: &Sandbox, claimed: &Claimed) -> Result<Readout, PipelineError> {
    let too_large = u64::try_from(claimed.size).unwrap_or(0) > office.config.intake.message_limit;
    let given_up = given_up(claimed);
    let window = if too_large || given_up.is_some() { HEADER_WINDOW } else { usize::MAX };
    let mut tx = office.db.snapshot().await?;
    let raw = tx.original(&claimed.sha256, window).await?;
    drop(tx);
    let Some(raw) = raw else {
        return Ok(unreadable("Its original has been erased.", Message::default()));
    };
    if let Some(reason) = &claimed.header_only {
        return Ok(unreadable(reason, message_from_header(&raw)));
    }
    if too_large {
        let limit = office.config.intake.message_limit >> 20;
        let reason = format!("It is larger than the {limit} MiB that are read; a person must open it.");
        return Ok(unreadable(&reason, message_from_header(&raw)));
    }
    if let Some(reason) = given_up {
        return Ok(unreadable(&reason, message_from_header(&raw)));
    }
    Ok(Readout::Read(Box::new(sandbox.read_message(&raw).await?)))
}

/// Why a message is not tried once more.
fn given_up(claimed: &Claimed) -> Option<String> {
    let tried = claimed.attempts - 1;
    match &claimed.failure {
        Some(failure) if tried >= ATTEMPTS => {
            Some(format!("Reading it was tried {tried} times and failed ({failure}); a person must open it."))
        }
        None if tried >= INTERRUPTIONS => {
            Some(format!("The program ended {tried} times while it read this; a person must open it."))
        }
        _ => None,
    }
}

fn unreadable(reason: &str, header: Message) -> Readout {
    Readout::Unreadable(reason.to_owned(), Box::new(header))
}

fn message_from_header(raw: &[u8]) -> Message {
    let header = header::read(raw);
    Message {
        message_id: header.message_id,
        from: header.from,
        subject: header.subject,
        date: header.date,
        ..Message::default()
    }
}

/// The message without its text, which has a column of its own and may be erased.
fn stripped(message: &Message) -> Message {
    let mut stripped = Message { body: String::new(), ..message.clone() };
    for attached in &mut stripped.attached {
        attached.body.clear();
    }
    stripped
}

fn in_words(judgement: &Judgement, files: usize) -> String {
    let items = match judgement.items.len() {
        1 => String::new(),
        n => format!(", {n} items"),
    };
    let files = match files {
        0 => "no files".to_owned(),
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    format!("{}, {files}{items}", judgement.relevance.word())
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
