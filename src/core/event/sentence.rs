//! Which sentence tells an event, and with what: the logic once, for all languages.
//!
//! The words stand under `event`, and those of its facts beside it, in the words of each language.

use super::{
    AfterDoubt, AskedThen, Cap, Dropped, Event, Hindrance, Hold, IntakeAction, LeftBy, LetterAfterUndo, LetterMove,
    NoCopy, NotAMessage, NotLeft, NotRead, Proof, Remark, ToldOf, ToldWrongly, UndoneDecision, Wrote,
    not_taken::NotTaken,
};
use crate::core::{
    calls::standing::Standing,
    letter_kind::LetterKind,
    phrase::{Fill, Phrase},
};

impl Event {
    /// The sentence that tells the event.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each kind")]
    pub fn phrase(&self) -> Phrase {
        let plain = || Phrase::of(format!("event.{}", self.kind()));
        let form = |form: &str| Phrase::of(format!("event.{}.{form}", self.kind()));
        match self {
            Self::Received { bytes, only_header: Some(why), .. } => {
                form("header").with("bytes", *bytes).with("why", why)
            }
            Self::Received { bytes, short: Some(why), .. } => form("part").with("bytes", *bytes).with("why", why),
            Self::Received { bytes, announced: Some(announced), .. } => {
                form("announced").with("bytes", *bytes).with("announced", *announced)
            }
            Self::Received { bytes, .. } => form("whole").with("bytes", *bytes),
            Self::Recorded { way, authority, bytes } => {
                plain().with("way", way.phrase()).with("authority", authority).with("bytes", *bytes)
            }
            Self::SeenAgain { name } => plain().with("name", name),
            Self::NotAMessage(what) => plain().with("what", what.phrase()),
            Self::Failed { why } => plain().with("why", why),
            Self::Gone { folder, uid } => {
                let gone = NotTaken::Gone { folder: folder.clone(), uid: *uid };
                plain().with("what", gone.phrase())
            }
            Self::NotFetched { folder, uid, attempts, why } => {
                let (folder, why) = (folder.clone(), why.clone());
                let not_fetched = NotTaken::NotFetched { folder, uid: *uid, attempts: *attempts, why };
                plain().with("what", not_fetched.phrase())
            }
            Self::NotStored { name, attempts, why } => {
                let (name, why) = (name.clone(), why.clone());
                plain().with("what", NotTaken::NotStored { name, attempts: *attempts, why }.phrase())
            }
            Self::Missing { mailbox, folder, names, more } => {
                let plain = if *more == 0 { form("all") } else { form("some").with("more", *more) };
                plain.with("mailbox", mailbox).with("folder", folder).with("names", names.join(", "))
            }
            Self::Reconciled { folders, unread, .. } if !unread.is_empty() && unread.len() as u64 == *folders => {
                form("none").with("unread", unread.join(", "))
            }
            Self::Reconciled { messages, folders, missing, changed, short, unread } => {
                let form = if unread.is_empty() { form("all") } else { form("some").with("unread", unread.join(", ")) };
                form.with("messages", Phrase::counted("count.message", *messages))
                    .with("folders", Phrase::counted("count.folder", *folders))
                    .with("found", found(*missing, *changed, *short))
            }
            Self::Renumbered { folder } => plain().with("folder", folder),
            Self::Grown { before, before_sha256, bytes, sha256 }
            | Self::Rewritten { before, before_sha256, bytes, sha256 } => {
                let plain = plain().with("before", *before).with("before_sha256", before_sha256);
                plain.with("bytes", *bytes).with("sha256", sha256)
            }
            Self::Outgrown { number } | Self::Replaced { number } => plain().with("number", number),
            Self::Moved { from, to, proof } => {
                let form = form(match proof {
                    Proof::Proven => "proven",
                    Proof::Unproved => "unproved",
                });
                form.with("from", from).with("to", to)
            }
            Self::AfterIntakeFailed { folder, action, why } => {
                let form = match action {
                    IntakeAction::Mark => form("mark"),
                    IntakeAction::Move { to } => form("move").with("to", to),
                };
                form.with("folder", folder).with("why", why.phrase())
            }
            Self::Read { relevance, files, items } => {
                let form = if *items == 1 { form("one") } else { form("several").with("items", *items) };
                let relevance = Phrase::of(format!("relevance.{}", relevance.word()));
                form.with("relevance", relevance).with("files", Phrase::counted("count.file", *files))
            }
            Self::Parked { why } => plain().with("why", why.phrase()),
            Self::Reread | Self::Purged | Self::Thanked | Self::SendingResumed => plain(),
            Self::LeftForLater { until, reason } => plain().with("until", *until).with("reason", reason),
            Self::AccountChanged { name, change } => change.phrase().with("name", name),
            Self::Landed { reference } => plain().with("reference", reference),
            Self::Answered { by, subject, on, seen, wrote, asked } => {
                let form = form(match (asked, wrote) {
                    (AskedThen::Closed, _) => "closed",
                    (AskedThen::Open, Wrote::Colleague) => "open",
                    (AskedThen::Open, Wrote::InTheirName) => "unvouched",
                    (AskedThen::Nothing, Wrote::Colleague) => "nothing",
                    (AskedThen::Nothing, Wrote::InTheirName) => "nothing_unvouched",
                });
                let subject = match subject {
                    Some(subject) => Phrase::of("answer_subject.named").with("subject", subject),
                    None => Phrase::of("answer_subject.none"),
                };
                form.with("by", by).with("subject", subject).with("on", Fill::Moment(*on)).with("seen", seen.phrase())
            }
            Self::CorrectionProposed { files } => plain().with("questions", in_a_row(files)),
            Self::Filed { reference, version, .. }
            | Self::Repeated { reference, version }
            | Self::GaveWay { reference, version }
            | Self::TookPlace { reference, version } => plain().with("reference", reference).with("version", *version),
            Self::LetterDecided { letter, held: None } => form("free").with("letter", kind(*letter)),
            Self::LetterDecided { letter, held: Some(held) } => {
                form("held").with("letter", kind(*letter)).with("held", held.phrase())
            }
            Self::Reminded { state, step, held: None } => form("free").with("state", *state).with("step", step),
            Self::Reminded { state, step, held: Some(held) } => {
                form("held").with("state", *state).with("step", step).with("held", held.phrase())
            }
            Self::LetterSent { letter, by } => {
                let form = match by {
                    LeftBy::Folder { file } => form("folder").with("file", file),
                    LeftBy::Server { reply } => form("server").with("reply", reply),
                };
                form.with("letter", kind(*letter))
            }
            Self::LetterEnded { why, remarks } => {
                let given_up = remarks.contains(&Remark::GivenUp);
                form(if given_up { "given_up" } else { "refused" }).with("why", why.remarked(remarks))
            }
            Self::LetterUncertain { why, next } => {
                let form = form(match next {
                    AfterDoubt::Again => "again",
                    AfterDoubt::Asked => "asked",
                });
                form.with("why", why.phrase())
            }
            Self::LetterDropped { letter, why } => {
                form(why.word()).with("letter", kind(*letter)).with("why", why.phrase())
            }
            Self::LetterMoved { letter, to, reason } => {
                let form = match to {
                    LetterMove::Leaves => form("leaves"),
                    LetterMove::LeavesWithOthers { not_before: None } => form("leaves_with_others"),
                    LetterMove::LeavesWithOthers { not_before: Some(at) } => {
                        form("leaves_later").with("at", at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
                    }
                    LetterMove::Discarded => form("discarded"),
                };
                form.with("letter", *letter).with("reason", reason)
            }
            Self::LetterHeld { letter, held } => {
                let form = form(if *held == Hold::Sender { "sender" } else { "other" });
                form.with("letter", *letter).with("held", held.phrase())
            }
            Self::LetterUndone { letter, became } => {
                let form = match became {
                    LetterAfterUndo::Stopped => form("stopped"),
                    LetterAfterUndo::Left { recipient, at } => {
                        form("left").with("recipient", recipient).with("at", Fill::Moment(*at))
                    }
                    LetterAfterUndo::Leaving { recipient, number } => {
                        form("leaving").with("recipient", recipient).with("number", *number)
                    }
                    LetterAfterUndo::MayHaveLeft { recipient } => form("may_have_left").with("recipient", recipient),
                };
                form.with("letter", kind(*letter))
            }
            Self::CopyFailed { why } => plain().with("why", why.phrase()),
            Self::Assigned { states, reason } => plain().with("states", states.as_slice()).with("reason", reason),
            Self::Noted { text } | Self::NoteStruck { text } => plain().with("text", text),
            Self::PutInCharge { name: Some(name) } => form("somebody").with("name", name),
            Self::PutInCharge { name: None } => form("nobody"),
            Self::Downloaded { file, warned } => {
                let taken = match file {
                    Some(file) => form("file").with("file", file),
                    None => form("original"),
                };
                match warned {
                    Some(warned) => form("warned").with("taken", taken).with("warned", warned),
                    None => taken,
                }
            }
            Self::Exported { what } => plain().with("what", what),
            Self::NotAnInput { reason } | Self::SendingStopped { reason } => plain().with("reason", reason),
            Self::Decided { act, reason } => plain().with("act", act.phrase()).with("reason", reason),
            Self::Undone { reason, decision, by, because } => {
                let plain = plain().with("reason", reason).with("decision", decision.phrase());
                plain.with("by", by.name()).with("because", because)
            }
            Self::SenderKnown { address, state }
            | Self::SenderKnownAgain { address, state }
            | Self::SenderForgotten { address, state } => plain().with("address", address).with("state", *state),
            Self::Flagged { state, number } => plain().with("state", *state).with("number", number),
            Self::LetterOvertaken { letter, reference } => plain().with("letter", *letter).with("reference", reference),
            Self::Deadline { day, time, zone, version, authority, reason } => {
                let mut until = form(if time.is_some() { "hour" } else { "day" }).with("day", *day).with("zone", zone);
                if let Some(time) = time {
                    until = until.with("time", time.strftime("%H:%M").to_string());
                }
                let set = until.with("version", *version);
                match (authority, reason) {
                    (Some(authority), Some(reason)) => Phrase::of("event.deadline.by")
                        .with("set", set)
                        .with("authority", authority)
                        .with("reason", reason),
                    (None, Some(reason)) => {
                        Phrase::of("event.deadline.because").with("set", set).with("reason", reason)
                    }
                    _ => set,
                }
            }
            Self::JudgedAgain { reference, version, before, after, deadline } => {
                let what = match version {
                    Some(version) => form("version").with("version", *version),
                    None => form("beside"),
                };
                let standing = |standing: &Standing| Phrase::of(format!("standing.{}", standing.word()));
                let what = what.with("reference", reference).with("before", standing(before));
                what.with("after", standing(after)).with("deadline", *deadline)
            }
            Self::CallsRefused { problems } => plain().with("problems", problems.join("; ")),
            Self::Alarm { path, said } => plain().with("path", path).with("said", said),
            Self::Restored { worked_until, held } => {
                plain().with("worked_until", worked_until.to_string()).with("held", *held)
            }
        }
    }
}

/// What was found in the folders that were looked through.
fn found(missing: u64, changed: u64, short: u64) -> Phrase {
    let mut found = Vec::new();
    // That each is accounted for is said where none is to be taken in by the next look.
    if missing > 0 || changed == 0 {
        found.push(Phrase::counted("count.missing", missing));
    }
    if changed > 0 {
        found.push(Phrase::counted("count.changed", changed));
    }
    if short > 0 {
        found.push(Phrase::counted("count.short", short));
    }
    let join = |before, next| Phrase::of("joined.by_semicolon").with("before", before).with("next", next);
    found.into_iter().reduce(join).unwrap_or_else(|| Phrase::counted("count.missing", 0))
}

/// One question about each file.
fn in_a_row(files: &[ToldWrongly]) -> Phrase {
    let join = |before, next| Phrase::of("joined.by_space").with("before", before).with("next", next);
    files.iter().map(ToldWrongly::phrase).reduce(join).unwrap_or_else(|| Phrase::of("history.erased"))
}

impl ToldWrongly {
    /// What a person is asked about it.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let phrase = Phrase::of(match self.told {
            ToldOf::Damaged => "told_wrongly.damaged",
            ToldOf::NotRead => "told_wrongly.not_read",
        });
        phrase.with(
            "name",
            match &self.name {
                Some(name) => Phrase::of("told_wrongly.name").with("name", name),
                None => Phrase::of("told_wrongly.nameless"),
            },
        )
    }
}

/// The kind of a letter.
fn kind(letter: LetterKind) -> Phrase {
    Phrase::of(format!("letter.{}", letter.name()))
}

impl NotAMessage {
    /// Why it is none.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str, name: &String| Phrase::of(format!("not_a_message.{form}")).with("name", name);
        match self {
            Self::Folder { name } => form("folder", name),
            Self::Special { name } => form("special", name),
            Self::TooLarge { name, mebibytes, most } => {
                form("too_large", name).with("mebibytes", *mebibytes).with("most", *most)
            }
        }
    }
}

impl NotRead {
    /// Why it was not read.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str| Phrase::of(format!("not_read.{form}"));
        match self {
            Self::Erased => form("erased"),
            Self::HeaderOnly { why } => form("header_only").with("why", why),
            Self::Short { why } => form("short").with("why", why),
            Self::TooLarge { most } => form("too_large").with("most", *most),
            Self::Failed { times, why } => form("failed").with("times", *times).with("why", why),
            Self::Interrupted { times } => form("interrupted").with("times", *times),
            Self::Broken => form("broken"),
            Self::Said { what } => form("said").with("what", what),
        }
    }
}

impl Hindrance {
    /// What hinders it.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str| Phrase::of(format!("hindrance.{form}"));
        match self {
            Self::ReadOnly => form("read_only"),
            Self::NoKeyword => form("no_keyword"),
            Self::NoMove => form("no_move"),
            Self::KeywordDropped => form("keyword_dropped"),
            Self::NotMoved => form("not_moved"),
            Self::NoProof => form("no_proof"),
            Self::Said { what } => form("said").with("what", what),
        }
    }
}

impl Hold {
    /// Why the letter is held.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Cap { of, letters } => {
                let cap = match of {
                    Cap::Hour => Phrase::of("hold.hour"),
                    Cap::Day => Phrase::of("hold.day"),
                    Cap::Allowance(allowance) => Phrase::of("hold.allowance").with("whose", allowance.phrase()),
                };
                cap.with("letters", *letters)
            }
            Self::Restored { known_until } => Phrase::of("hold.restored").with("until", Fill::Instant(*known_until)),
            Self::Replaced => Phrase::of("hold.replaced"),
            Self::Sender => Phrase::of("hold.sender"),
            Self::Interrupted { times } => Phrase::of("hold.interrupted").with("times", *times),
            Self::Refused { times, why } => Phrase::of("hold.refused").with("times", *times).with("why", why),
            Self::Left { why } => Phrase::of("hold.left").with("why", why),
            Self::Unrecorded { why } => Phrase::of("hold.unrecorded").with("why", why),
        }
    }
}

impl NotLeft {
    /// Why it did not leave.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str| Phrase::of(format!("not_left.{form}"));
        match self {
            Self::Refused { phase, reply } => form("refused").with("phase", phase.phrase()).with("reply", reply),
            Self::RefusedForNow { phase, reply } => {
                form("refused_for_now").with("phase", phase.phrase()).with("reply", reply)
            }
            Self::Impossible { why } => form("impossible").with("why", why),
            Self::NotSent { phase, why } => form("not_sent").with("phase", phase.phrase()).with("why", why),
            Self::Unanswered { why } => form("unanswered").with("why", why),
            Self::Stopped => form("stopped"),
            Self::NotWritten { why } => form("not_written").with("why", why),
            Self::NotComposed { why } => form("not_composed").with("why", why),
            Self::Dropped(why) => why.phrase(),
        }
    }

    /// Why it did not leave, with what else is to be said of that.
    #[must_use]
    pub fn remarked(&self, remarks: &[Remark]) -> Phrase {
        remarks.iter().fold(self.phrase(), |why, remark| match remark {
            Remark::GivenUp => why,
            Remark::MayHaveLeft => Phrase::of("remark.may_have_left").with("why", why),
            Remark::OthersLeft => Phrase::of("remark.others_left").with("why", why),
        })
    }
}

impl Dropped {
    /// Why it is dropped.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let phrase = Phrase::of(format!("dropped.{}", self.word()));
        match self {
            Self::EntryChanged
            | Self::DecisionUndone
            | Self::MessageGrew
            | Self::MessageRewritten
            | Self::DeadlineMoved => phrase,
            Self::NotToRemind { status } => Phrase::of(format!("dropped.not_to_remind.{}", status.word())),
            Self::DocumentCame { number } => phrase.with("number", number),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::EntryChanged => "entry_changed",
            Self::DecisionUndone => "decision_undone",
            Self::MessageGrew => "message_grew",
            Self::MessageRewritten => "message_rewritten",
            Self::DeadlineMoved => "deadline_moved",
            Self::NotToRemind { .. } => "not_to_remind",
            Self::DocumentCame { .. } => "document_came",
        }
    }
}

impl NoCopy {
    /// Why there is no copy.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Nowhere => Phrase::of("no_copy.nowhere"),
            Self::Refused { folder, why } => Phrase::of("no_copy.refused").with("folder", folder).with("why", why),
        }
    }
}

impl UndoneDecision {
    /// What was decided.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Assigned { states } => Phrase::of("decided.assigned").with("states", states.as_slice()),
            Self::NotAnInput => Phrase::of("decided.not_an_input"),
            Self::Acted { act } => act.phrase(),
            Self::Other { what } => Phrase::of("decided.other").with("what", what),
        }
    }
}
