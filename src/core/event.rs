//! What happened, as facts: the kinds of events that the history of the house is made of.
//!
//! An event holds what a sentence about it needs and never the sentence itself, which is made when it is shown, in the
//! reader's language: history is to be sealed, and a seal would hold prose for ever. Promises one canonical text for each
//! event ([`canonical`]), with a version, from which the same event comes back ([`payload`]). What an outsider wrote or a
//! server answered is a fact as well: it stands in a field of its own, as it came. This is long because every kind stands
//! here; whoever adds one is asked by the compiler for its word and its sentence, and by a test for its words in every
//! language.

mod account;
mod answered;
pub mod canonical;
mod intake;
mod kind;
mod letter;
pub mod not_taken;
pub mod payload;
pub mod sentence;
mod undone;

pub use account::AccountChange;
pub use answered::{AskedThen, SeenIn, Wrote};
pub use intake::{Hindrance, IntakeAction, NotAMessage, NotRead, Proof, ToldOf, ToldWrongly};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
pub use letter::{
    AfterDoubt, Cap, Dropped, HeldFor, Hold, LeftBy, LetterAfterUndo, LetterMove, NoCopy, NotLeft, Remark,
};
use serde::{Deserialize, Serialize};
pub use undone::UndoneDecision;

use super::{
    actor::Actor, calls::standing::Standing, decision::Act, iso3::Iso3, judging::relevance::Relevance,
    letter_kind::LetterKind, recorded::Way,
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A message was received, and kept as it came.
    Received {
        /// Its bytes.
        bytes: u64,
        /// Why only its header was kept, if so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only_header: Option<String>,
        /// Why it is not the whole message, if so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        short: Option<String>,
        /// The size that the mailbox had announced, where it handed over another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        announced: Option<u64>,
    },
    /// A person recorded an input that no mail brought.
    Recorded {
        /// By which way it came.
        way: Way,
        /// On whose word that is known.
        authority: String,
        /// The bytes of the envelope that it is kept in.
        bytes: u64,
    },
    /// A message that is in the log was seen once more.
    SeenAgain {
        /// What it is called there.
        name: String,
    },
    /// Something in a mailbox is no message.
    NotAMessage(NotAMessage),
    /// A message in a mailbox cannot be read, and is tried again.
    Failed {
        /// What the system says.
        why: String,
    },
    /// A message went out of its folder before it could be fetched.
    Gone {
        /// The folder.
        folder: String,
        /// Its number there.
        uid: u32,
    },
    /// A message does not come, and is not tried any more.
    NotFetched {
        /// The folder.
        folder: String,
        /// Its number there.
        uid: u32,
        /// How often it was tried.
        attempts: u32,
        /// What happened the last time.
        why: String,
    },
    /// A message is there, and cannot be taken in; it is not tried any more.
    NotStored {
        /// Its name in the Maildir.
        name: String,
        /// How often it was tried.
        attempts: u32,
        /// What happened the last time.
        why: String,
    },
    /// Messages of a folder were not in the log.
    Missing {
        /// The mailbox.
        mailbox: String,
        /// The folder.
        folder: String,
        /// Their names, as many as are named.
        names: Vec<String>,
        /// How many there are beside those.
        more: u64,
    },
    /// All messages of all folders were held against the log.
    Reconciled {
        /// How many messages there are.
        messages: u64,
        /// In how many folders.
        folders: u64,
        /// How many of them were missing in the log.
        missing: u64,
        /// How many have changed since they were taken in.
        changed: u64,
        /// Of how many only a part came.
        short: u64,
        /// The folders that could not be looked through.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unread: Vec<String>,
    },
    /// A server numbered a folder anew.
    Renumbered {
        /// The folder.
        folder: String,
    },
    /// The file of a message has grown since it was taken in, and begins as it was.
    Grown {
        /// Its bytes before.
        before: u64,
        /// Their SHA-256.
        before_sha256: String,
        /// Its bytes by now.
        bytes: u64,
        /// Their SHA-256.
        sha256: String,
    },
    /// The file of a message has been written anew since it was taken in, and is the same message.
    Rewritten {
        /// Its bytes before.
        before: u64,
        /// Their SHA-256.
        before_sha256: String,
        /// Its bytes by now.
        bytes: u64,
        /// Their SHA-256.
        sha256: String,
    },
    /// The file of a message has grown, and the whole of it is in the log under another number.
    Outgrown {
        /// That number.
        number: String,
    },
    /// The file of a message holds another one by now.
    Replaced {
        /// The other one.
        number: String,
    },
    /// A message was put into another folder after intake.
    Moved {
        /// Out of this one.
        from: String,
        /// Into this one.
        to: String,
        /// Whether the server proved it.
        proof: Proof,
    },
    /// What is to be done after intake is not done.
    AfterIntakeFailed {
        /// The folder.
        folder: String,
        /// What was to be done.
        action: IntakeAction,
        /// Why it is not.
        why: Hindrance,
    },
    /// A message was read and judged.
    Read {
        /// What it is to the secretariat.
        relevance: Relevance,
        /// How many files it has.
        files: u64,
        /// How many items it is made of.
        items: u64,
    },
    /// A message that could not be read was left to a person.
    Parked {
        /// Why.
        why: NotRead,
    },
    /// A message that could not be read was put back into the ordinary reading.
    Reread,
    /// A letter said of files what another reading does not bear out: a person is asked to tell the sender.
    CorrectionProposed {
        /// The files.
        files: Vec<ToldWrongly>,
    },
    /// An item was filed as a version of a submission.
    Filed {
        /// The docket reference.
        reference: String,
        /// The version.
        version: u32,
        /// The states it is filed for; none for a sender who is no state.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        states: Vec<Iso3>,
        /// How it stands against the deadline.
        standing: Standing,
        /// The version that stood before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<u32>,
    },
    /// An item holds the same as a version that is filed.
    Repeated {
        /// The docket reference.
        reference: String,
        /// The version.
        version: u32,
    },
    /// A letter belongs to the entry that it answers.
    Landed {
        /// The docket reference.
        reference: String,
    },
    /// A letter only thanks: it is closed by itself.
    Thanked,
    /// A colleague, or somebody who writes as one, has answered a message.
    Answered {
        /// The address of From.
        by: String,
        /// The subject.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// When.
        on: Timestamp,
        /// Where that was seen.
        seen: SeenIn,
        /// Whether that is certain.
        wrote: Wrote,
        /// What became of what was asked.
        asked: AskedThen,
    },
    /// A version was withdrawn, because the same had been received before.
    GaveWay {
        /// The docket reference.
        reference: String,
        /// The version.
        version: u32,
    },
    /// A copy was filed, because the same was withdrawn where it came before.
    TookPlace {
        /// The docket reference.
        reference: String,
        /// The version.
        version: u32,
    },
    /// A letter was decided.
    LetterDecided {
        /// Its kind.
        letter: LetterKind,
        /// Why it is held for a person, if it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held: Option<Hold>,
    },
    /// A reminder was decided.
    Reminded {
        /// The state.
        state: Iso3,
        /// The step.
        step: String,
        /// Why it is held for a person, if it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held: Option<Hold>,
    },
    /// A letter left.
    LetterSent {
        /// Its kind.
        letter: LetterKind,
        /// How.
        by: LeftBy,
    },
    /// A letter did not leave, and is not tried any more.
    LetterEnded {
        /// Why.
        why: NotLeft,
        /// What else is to be said of that.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remarks: Vec<Remark>,
    },
    /// It is not known whether a letter left.
    LetterUncertain {
        /// Why.
        why: NotLeft,
        /// What is done about it.
        next: AfterDoubt,
    },
    /// A letter that had not left was dropped.
    LetterDropped {
        /// Its kind.
        letter: LetterKind,
        /// Why.
        why: Dropped,
    },
    /// A person let a letter go, or kept it from going.
    LetterMoved {
        /// The letter.
        letter: i64,
        /// Which of both.
        to: LetterMove,
        /// Why, in the person's words.
        reason: String,
    },
    /// A letter that had not left was held for a person.
    LetterHeld {
        /// The letter.
        letter: i64,
        /// Why.
        held: Hold,
    },
    /// What became of a letter when the decision for it was taken back.
    LetterUndone {
        /// Its kind.
        letter: LetterKind,
        /// What became of it.
        became: LetterAfterUndo,
    },
    /// No copy of a letter is in the mailbox.
    CopyFailed {
        /// Why.
        why: NoCopy,
    },
    /// A person said whose an item is.
    Assigned {
        /// The states.
        states: Vec<Iso3>,
        /// Why, in the person's words.
        reason: String,
    },
    /// A person found that an item is no input.
    NotAnInput {
        /// Why, in the person's words.
        reason: String,
    },
    /// A person decided something else.
    Decided {
        /// What.
        act: Act,
        /// Why, in the person's words.
        reason: String,
    },
    /// A decision was taken back.
    Undone {
        /// Why, in the words of who took it back.
        reason: String,
        /// What had been decided.
        decision: UndoneDecision,
        /// By whom.
        by: Actor,
        /// Why, in the words of who had decided it.
        because: String,
    },
    /// An address counts as evidence for a state from now on.
    SenderKnown {
        /// The address.
        address: String,
        /// The state.
        state: Iso3,
    },
    /// An address counts as evidence for a state again.
    SenderKnownAgain {
        /// The address.
        address: String,
        /// The state.
        state: Iso3,
    },
    /// An address is no evidence for a state any more.
    SenderForgotten {
        /// The address.
        address: String,
        /// The state.
        state: Iso3,
    },
    /// What was concluded on such an address is shown to a person.
    Flagged {
        /// The state.
        state: Iso3,
        /// The number of the item that was decided.
        number: String,
    },
    /// A letter named another version that is none any more, which is shown to a person.
    LetterOvertaken {
        /// The letter.
        letter: i64,
        /// Of which docket reference.
        reference: String,
    },
    /// A deadline was announced, or moved.
    Deadline {
        /// The last day that counts.
        day: Date,
        /// The hour of it, where it does not count as a whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<Time>,
        /// The IANA zone of that day.
        zone: String,
        /// Which version of the deadline that is.
        version: u32,
        /// On whose authority, where that is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        authority: Option<String>,
        /// Why, where that is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// What is filed was judged again, for the deadline or the time of its state is another now.
    JudgedAgain {
        /// The docket reference.
        reference: String,
        /// The version; none of what stands beside versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
        /// How its receipt stood.
        before: Standing,
        /// How it stands now.
        after: Standing,
        /// The version of the deadline by which it is judged.
        deadline: u32,
    },
    /// The files of the calls were read again and are wrong: what was read before stays in force.
    CallsRefused {
        /// What is wrong, each in a sentence.
        problems: Vec<String>,
    },
    /// People were called.
    Alarm {
        /// By which path.
        path: String,
        /// What they were told.
        said: String,
    },
    /// Somebody left a case for later.
    LeftForLater {
        /// The day on which it stands in the queue again.
        until: Date,
        /// Why.
        reason: String,
    },
    /// Somebody wrote a note.
    Noted {
        /// What it says.
        text: String,
    },
    /// Somebody struck a note.
    NoteStruck {
        /// What it says.
        text: String,
    },
    /// Somebody is in charge from now on.
    PutInCharge {
        /// Who; none where nobody is any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Somebody took a copy of the original, or of a file of it.
    Downloaded {
        /// The name of the file; none of the original.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
        /// The warning that the person was given before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warned: Option<String>,
    },
    /// Somebody took a table out of the pages.
    Exported {
        /// Which, as a file is called.
        what: String,
    },
    /// Somebody stopped that letters leave for outsiders.
    SendingStopped {
        /// Why.
        reason: String,
    },
    /// Letters leave again.
    SendingResumed,
    /// What somebody may do in the pages was changed.
    AccountChanged {
        /// Whose, by name.
        name: String,
        /// How.
        change: AccountChange,
    },
    /// The original of unrelated mail was erased, with its text.
    Purged,
    /// The database knows less than was done with it.
    Restored {
        /// Until when it was worked with.
        worked_until: Timestamp,
        /// How many letters had not left by what it knows, and are held.
        held: u64,
    },
}
