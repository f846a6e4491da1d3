//! The intake log as it is shown: lines, entries, and what stands to a state's name.
//!
//! Reads only, and only what was committed. What a row means to a person is said in `desk`. This is long because a line
//! of the log, as it was known at a time, is gathered from all tables in one statement, and its rows stand beside it.

#![expect(
    clippy::missing_errors_doc,
    reason = "no more is to be said of most of them than that the database did not answer"
)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};

use super::{
    Count, Day, Id, IfAny, Legible, LetterState, List, MessageState, Read, Sql, StoreError, Time, Tx, When,
    asked::{asked, silence},
    intake_number, number,
};
use crate::core::{
    calls::standing::Standing,
    file::{Format, Outcome, Role, Tried},
    iso3::Iso3,
    judging::{matching::Kind, relevance::Relevance, silence::Silence},
    narrowing::{EntryKind, Letter},
    question::{Question, Questions},
    recorded::Way,
    text::language::Language,
};

/// What was asked about an item at the time that is asked for; `p` is the item as it was then, where it has changed since.
macro_rules! waiting {
    () => {
        "CASE WHEN p.id IS NOT NULL THEN p.waiting
             WHEN i.id IS NULL AND m.state = 'parked' AND m.read_at < $6 THEN m.state_reason
             ELSE i.waiting END"
    };
}

/// A person has decided since, and what was asked before was not kept.
macro_rules! decided_later {
    () => {
        "(p.id IS NULL AND EXISTS (SELECT 1 FROM decision e WHERE e.item_id = i.id AND e.at >= $6))"
    };
}

/// A place of the table `t` was held then.
macro_rules! held {
    ($t:literal) => {
        concat!($t, ".since < $6 AND (", $t, ".until IS NULL OR ", $t, ".until >= $6)")
    };
}

/// The message was not read then, and waited for a person who has put it back to be read since.
macro_rules! waited_unread {
    () => {
        "EXISTS (SELECT 1 FROM item_past q WHERE q.item_id = i.id AND q.until >= $6 AND q.read_at < $6)"
    };
}

/// What an entry is: by its place where it is filed, else by what its mail was taken for.
macro_rules! kind {
    () => {
        "CASE WHEN f.kind IN ('annex', 'translation', 'cover_letter', 'rendition') THEN 'addition'
             WHEN f.kind IN ('withdrawal', 'recall') THEN 'withdrawal'
             WHEN f.kind = 'correspondence' THEN 'correspondence'
             WHEN f.kind IS NOT NULL THEN 'input'
             WHEN m.read_at < $6 THEN m.relevance END"
    };
}

/// The language of the main text; without one, that of the mail.
macro_rules! language {
    () => {
        "CASE WHEN m.read_at < $6 THEN COALESCE(
             (SELECT x.language FROM file x WHERE x.item_id = i.id AND x.role = 'main' ORDER BY x.n LIMIT 1),
             m.language) END"
    };
}

/// The columns of a log line, and what it is gathered from.
macro_rules! log_lines {
    ($end:literal) => {
        concat!(
            "SELECT m.id AS message_id, m.number, m.received, m.clock, m.from_name, m.from_address, m.subject, m.way, m.authority,
                 CASE WHEN m.read_at < $6 THEN m.relevance END AS relevance, m.state, m.state_reason, i.id AS item_id,
                 i.n AS item_n, CASE WHEN p.id IS NULL THEN i.kind ELSE p.kind END AS kind, i.words,
                 ", waiting!(), " AS waiting, CAST(CASE WHEN ", decided_later!(), " THEN 1 ELSE 0 END AS BIGINT)
                 AS decided_later, f.repeats AS duplicate_of, f.kind AS place,
                 CAST(CASE WHEN EXISTS (SELECT 1 FROM withdrawal b WHERE b.submission_id = f.submission_id
                     AND b.at > f.received AND b.at <= $1 AND ", held!("b"), ") THEN 1 ELSE 0 END AS BIGINT) AS withdrawn,
                 s.id AS submission_id, s.reference, v.n AS version, v.is_current AS current, v.standing, d.day,
                 c.code AS call_code,
                 (SELECT COUNT(*) FROM item x WHERE x.message_id = m.id) AS items
             FROM message m
             LEFT JOIN item i ON i.message_id = m.id AND (m.read_at < $6 OR ", waited_unread!(), ")
             LEFT JOIN item_past p ON p.id = (
                 SELECT MIN(q.id) FROM item_past q WHERE q.item_id = i.id AND q.until >= $6)
             LEFT JOIN place f ON f.item_id = i.id AND ", held!("f"), "
             LEFT JOIN place v ON v.item_id = COALESCE(f.repeats, f.item_id) AND ", held!("v"), "
             LEFT JOIN submission s ON s.id = f.submission_id
             LEFT JOIN deadline_version d ON d.call_id = s.call_id AND d.n = v.deadline_n
             LEFT JOIN call c ON c.id = CASE WHEN p.id IS NULL THEN i.call_id ELSE p.call_id END
             WHERE m.received <= $10 AND m.received >= $7 AND m.first_seen < $6
                 AND (CAST($2 AS TEXT) IS NULL OR c.code = $2 OR c.code IS NULL)
                 AND (CAST($3 AS TEXT) IS NULL
                     OR EXISTS (SELECT 1 FROM submission_state t WHERE t.submission_id = s.id AND t.iso3 = $3)
                     OR ((", waiting!(), " IS NOT NULL OR ", decided_later!(), ")
                         AND EXISTS (SELECT 1 FROM item_candidate k WHERE k.item_id = i.id AND k.iso3 = $3)))
                 AND (CAST($4 AS TEXT) IS NULL OR v.standing = $4)
                 AND (CAST($5 AS TEXT) IS NULL OR ", kind!(), " = $5)
                 AND (CAST($8 AS TEXT) IS NULL OR ", language!(), " = $8)
                 AND (CAST($9 AS TEXT) IS NULL OR $9 = CASE WHEN EXISTS (
                     SELECT 1 FROM letter l WHERE l.message_id = m.id AND l.decided_at < $6)
                     THEN 'with' ELSE 'without' END) ",
            $end
        )
    };
}

statements! {
    LOG = Sql::both(log_lines!("ORDER BY m.received, m.number, i.n"));
    NEWEST = Sql::both(log_lines!(
        "AND (m.received < $11 OR (m.received = $11 AND m.number < $12))
         ORDER BY m.received DESC, m.number DESC, i.n LIMIT $13"));
    NEXT_NEWER = Sql::both(log_lines!(
        "AND (m.received > $11 OR (m.received = $11 AND m.number > $12))
         ORDER BY m.received, m.number, i.n DESC LIMIT $13"));
    THESE = Sql {
        sqlite: log_lines!("AND m.id IN (SELECT value FROM json_each($11)) ORDER BY m.received DESC, m.number DESC, i.n"),
        postgres: log_lines!(
            "AND m.id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($11 AS JSON)))
             ORDER BY m.received DESC, m.number DESC, i.n"),
    };
    STATES = Sql::both("SELECT submission_id, iso3 FROM submission_state ORDER BY submission_id, iso3");
    ENTRY = Sql::both(
        "SELECT m.id, m.number, m.received, m.clock, m.from_name, m.from_address, m.reply_to, m.subject, m.way,
             m.authority, m.rfc_message_id, m.sent_date, m.size, m.sha256, m.state, m.state_reason, m.relevance,
             m.answer_reason, m.revision, m.language, m.silent, m.header_only, m.announced, b.name AS mailbox, o.purged_at
         FROM message m JOIN original o ON o.sha256 = m.sha256 JOIN mailbox b ON b.id = m.mailbox_id
         WHERE m.number = $1");
    NUMBER_OF_REFERENCE = Sql::both(
        "SELECT p.number, p.item_n FROM submission s JOIN place p ON p.submission_id = s.id
         WHERE LOWER(s.reference) = LOWER($1)
         ORDER BY p.is_current DESC, CASE WHEN p.until IS NULL THEN 1 ELSE 0 END DESC,
             CASE WHEN p.kind = 'version' THEN 1 ELSE 0 END DESC, p.received DESC, p.number DESC,
             p.item_n DESC
         LIMIT 1");
    FILES = Sql::both(
        "SELECT item_id, n, path, name, media_type, size, sha256, format, role, outcome, engine, pages,
             pages_without_text, pages_failed, words, words_notes, words_running_heads, language, detail, tried
         FROM file WHERE message_id = $1 ORDER BY n");
    BODY = Sql::both("SELECT body FROM message WHERE id = $1");
    TEXTS = Sql::both("SELECT n, SUBSTR(text, 1, CAST($2 AS INTEGER)) FROM file WHERE message_id = $1 ORDER BY n");
    LETTER_COUNTS = Sql::both(
        "SELECT l.state, COUNT(*) FROM letter l LEFT JOIN call c ON c.id = l.call_id
         WHERE c.code = $1 OR c.code IS NULL GROUP BY l.state");
}

/// Which lines of the log are wanted.
#[derive(Clone, Debug)]
pub struct LogQuery<'a> {
    /// From where one looks: what was received later changes nothing, and is not there.
    pub received_before: Timestamp,
    /// Only what was received before, whatever it became since; at the end of time that is any.
    pub received_until: Timestamp,
    /// Only what was received then or later; before the beginning of time that is any.
    pub received_since: Timestamp,
    /// What was known before: mail seen, judgements and letters until then.
    pub known_before: Timestamp,
    /// Only this call, and what belongs to none yet.
    pub call: Option<&'a str>,
    /// Only what is registered for this state, or may be its own.
    pub state: Option<&'a str>,
    /// Only what stands so.
    pub standing: Option<Standing>,
    /// Only what is that.
    pub kind: Option<EntryKind>,
    /// Only what is written in this language.
    pub language: Option<Language>,
    /// Only what has a letter, or has none.
    pub letter: Option<Letter>,
}

/// One line of the log as it is stored: whatever cannot be read in it, it is there.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the tables, named alike")]
pub struct LogRow {
    pub message_id: Id,
    pub number: i64,
    pub received: When,
    pub clock: String,
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    pub subject: Option<String>,
    #[sqlx(try_from = "Legible<Option<Way>>")]
    pub way: Read<Option<Way>>,
    pub authority: Option<String>,
    #[sqlx(try_from = "Legible<Option<Relevance>>")]
    pub relevance: Read<Option<Relevance>>,
    #[sqlx(try_from = "Legible<MessageState>")]
    pub state: Read<MessageState>,
    pub state_reason: Option<String>,
    pub item_id: Option<Id>,
    pub item_n: Option<i64>,
    #[sqlx(try_from = "Legible<Option<Kind>>")]
    pub kind: Read<Option<Kind>>,
    #[sqlx(try_from = "Legible<IfAny<Count<u64>>>")]
    pub words: Read<Option<u64>>,
    waiting: Option<String>,
    decided_later: i64,
    pub duplicate_of: Option<Id>,
    pub place: Option<String>,
    withdrawn: i64,
    pub submission_id: Option<Id>,
    pub reference: Option<String>,
    #[sqlx(try_from = "Legible<IfAny<Count<u32>>>")]
    pub version: Read<Option<u32>>,
    current: Option<i64>,
    #[sqlx(try_from = "Legible<Option<Standing>>")]
    pub standing: Read<Option<Standing>>,
    #[sqlx(try_from = "Legible<IfAny<Day>>")]
    pub day: Read<Option<Date>>,
    pub call_code: Option<String>,
    pub items: i64,
}

impl LogRow {
    /// Whether its version stands now; none of what is no version.
    #[must_use]
    pub fn is_current(&self) -> Option<bool> {
        self.current.map(|current| current == 1)
    }

    /// Its party has taken it back.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn == 1
    }

    /// What a person was asked about it.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn waiting(&self) -> Result<Questions, StoreError> {
        match self.item_id {
            Some(_) if self.decided_later == 1 => Ok(Question::DecidedLater.into()),
            Some(item) => asked(self.waiting.as_deref(), &format!("item {item}")),
            None => asked(self.waiting.as_deref(), &format!("message {}", intake_number(self.number))),
        }
    }
}

/// A message as its entry shows it, but for its text.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the tables, named alike")]
pub struct EntryRow {
    pub id: Id,
    pub number: i64,
    #[sqlx(try_from = "Time")]
    pub received: Timestamp,
    pub clock: String,
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    pub reply_to: Option<String>,
    pub subject: Option<String>,
    pub way: Option<Way>,
    pub authority: Option<String>,
    pub rfc_message_id: Option<String>,
    #[sqlx(try_from = "IfAny<Time>")]
    pub sent_date: Option<Timestamp>,
    #[sqlx(try_from = "Count<u64>")]
    pub size: u64,
    pub sha256: String,
    pub state: MessageState,
    pub state_reason: Option<String>,
    pub relevance: Option<Relevance>,
    pub answer_reason: Option<String>,
    pub revision: i64,
    pub language: Option<String>,
    silent: Option<String>,
    pub header_only: Option<String>,
    #[sqlx(try_from = "IfAny<Count<u64>>")]
    pub announced: Option<u64>,
    pub mailbox: String,
    #[sqlx(try_from = "IfAny<Time>")]
    pub purged_at: Option<Timestamp>,
}

impl EntryRow {
    /// Why it gets no letter, whatever it is.
    ///
    /// # Errors
    /// The row holds something else.
    pub fn silent(&self) -> Result<Option<Silence>, StoreError> {
        silence(self.silent.as_deref(), self.number)
    }
}

/// A file as its entry shows it, but for its text.
#[derive(Clone, Debug, sqlx::FromRow)]
#[expect(missing_docs, reason = "the columns of the table, named alike")]
pub struct FileRow {
    pub item_id: Option<Id>,
    pub n: i64,
    pub path: String,
    pub name: Option<String>,
    pub media_type: String,
    #[sqlx(try_from = "Count<u64>")]
    pub size: u64,
    pub sha256: String,
    pub format: Format,
    pub role: Role,
    pub outcome: Outcome,
    pub engine: Option<String>,
    #[sqlx(try_from = "IfAny<Count<u32>>")]
    pub pages: Option<u32>,
    #[sqlx(try_from = "List<u32>")]
    pub pages_without_text: Vec<u32>,
    #[sqlx(try_from = "List<u32>")]
    pub pages_failed: Vec<u32>,
    #[sqlx(try_from = "IfAny<Count<u64>>")]
    pub words: Option<u64>,
    #[sqlx(try_from = "Count<u64>")]
    pub words_notes: u64,
    #[sqlx(try_from = "Count<u64>")]
    pub words_running_heads: u64,
    pub language: Option<String>,
    pub detail: Option<String>,
    #[sqlx(try_from = "List<Tried>")]
    pub tried: Vec<Tried>,
}

/// The first microsecond from a time on; since the beginning of time that is any that a row can hold.
fn first_since(time: Timestamp) -> i64 {
    if time == Timestamp::MIN { i64::MIN } else { time.as_microsecond() }
}

/// The last microsecond before a time; before the end of time that is any that a row can hold, whether it is a time or not.
pub(super) fn last_before(time: Timestamp) -> i64 {
    if time == Timestamp::MAX { i64::MAX } else { time.as_microsecond() - 1 }
}

/// From where one looks, and the first and the last microsecond that are wanted.
fn bounds(query: &LogQuery<'_>) -> (i64, i64, i64) {
    let until = last_before(query.received_before);
    (until, first_since(query.received_since), until.min(last_before(query.received_until)))
}

impl Tx {
    /// The log, oldest first.
    pub async fn log(&mut self, query: &LogQuery<'_>) -> Result<Vec<LogRow>, StoreError> {
        let (until, since, upper) = bounds(query);
        fetch!(all, self => LogRow, LOG, until, query.call, query.state, query.standing,
            query.kind.map(EntryKind::word), query.known_before.as_microsecond(), since,
            query.language.map(Language::code), query.letter.map(Letter::word), upper)
    }

    /// The newest lines of the log that come after a place in it, given as time of receipt and intake number.
    pub async fn newest(
        &mut self,
        query: &LogQuery<'_>,
        after: (i64, i64),
        most: usize,
    ) -> Result<Vec<LogRow>, StoreError> {
        let (until, since, upper) = bounds(query);
        // The place bounds the walk through the index, too.
        fetch!(all, self => LogRow, NEWEST, until, query.call, query.state, query.standing,
            query.kind.map(EntryKind::word), query.known_before.as_microsecond(), since,
            query.language.map(Language::code), query.letter.map(Letter::word), upper.min(after.0), after.0, after.1,
            number(most))
    }

    /// The lines of these messages, newest first.
    pub async fn log_of(&mut self, query: &LogQuery<'_>, messages: &BTreeSet<Id>) -> Result<Vec<LogRow>, StoreError> {
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        let (until, since, upper) = bounds(query);
        let messages = serde_json::Value::from(messages.iter().copied().collect::<Vec<_>>()).to_string();
        fetch!(all, self => LogRow, THESE, until, query.call, query.state, query.standing,
            query.kind.map(EntryKind::word), query.known_before.as_microsecond(), since,
            query.language.map(Language::code), query.letter.map(Letter::word), upper, messages)
    }

    /// The lines of the log that come next before a place in it, the nearest first, and of a message the last first.
    pub async fn next_newer(
        &mut self,
        query: &LogQuery<'_>,
        before: (i64, i64),
        most: usize,
    ) -> Result<Vec<LogRow>, StoreError> {
        let (until, since, upper) = bounds(query);
        fetch!(all, self => LogRow, NEXT_NEWER, until, query.call, query.state, query.standing,
            query.kind.map(EntryKind::word), query.known_before.as_microsecond(), since.max(before.0),
            query.language.map(Language::code), query.letter.map(Letter::word), upper, before.0, before.1, number(most))
    }

    /// The states of every submission; of a code that is none, why.
    pub async fn submission_states(&mut self) -> Result<Vec<(Id, Read<Iso3>)>, StoreError> {
        let rows = fetch!(all, self => (Id, Legible<Iso3>), STATES)?;
        Ok(rows.into_iter().map(|(id, iso3)| (id, iso3.into())).collect())
    }

    /// A message by its intake number.
    pub async fn entry(&mut self, intake: i64) -> Result<Option<EntryRow>, StoreError> {
        fetch!(optional, self => EntryRow, ENTRY, intake)
    }

    /// The message and item that hold the current version filed under a docket reference; without one, what was received last.
    pub async fn number_of_reference(&mut self, reference: &str) -> Result<Option<(i64, i64)>, StoreError> {
        fetch!(optional, self => (i64, i64), NUMBER_OF_REFERENCE, reference)
    }

    /// The files of a message.
    pub async fn files(&mut self, message: Id) -> Result<Vec<FileRow>, StoreError> {
        fetch!(all, self => FileRow, FILES, message)
    }

    /// The text of a message; none before it was read, and once it was erased.
    pub async fn body(&mut self, message: Id) -> Result<Option<String>, StoreError> {
        Ok(fetch!(one, self => (Option<String>,), BODY, message)?.0)
    }

    /// How the texts of a message's files begin, by the numbers of the files: so many characters of each.
    pub async fn file_texts(&mut self, message: Id, most: usize) -> Result<BTreeMap<i64, String>, StoreError> {
        Ok(fetch!(all, self => (i64, String), TEXTS, message, number(most))?.into_iter().collect())
    }

    /// How many letters of a call stand in each state.
    pub async fn letter_counts(&mut self, call: &str) -> Result<Vec<(Read<LetterState>, u64)>, StoreError> {
        let rows = fetch!(all, self => (Legible<LetterState>, Count<u64>), LETTER_COUNTS, call)?;
        Ok(rows.into_iter().map(|(state, Count(n))| (state.into(), n)).collect())
    }
}
