//! The log, what waits, and the letters.

use super::{
    super::shape::{Shape, count, day, list, maybe, object, of, state, text, time, truth, word},
    register::standing,
};
use crate::core::letter_kind::LetterKind;

pub(super) fn shapes() -> Vec<(&'static str, Shape)> {
    let waiting = vec![(
        "waiting",
        list(of("ToDecide")),
        "What holds reminders back first, then the oldest; behind all that, what is left for later.",
    )];
    vec![
        ("Log", log()),
        ("LogLine", line()),
        ("FoundAt", found_at()),
        ("Recorded", recorded()),
        ("Waiting", object("What must be decided.", waiting, Vec::new())),
        ("ToDecide", to_decide()),
        ("Later", later()),
        ("Letters", letters()),
        ("Letter", letter()),
    ]
}

fn log() -> Shape {
    let fields = vec![
        (
            "lines",
            list(of("LogLine")),
            "The newest first. A message with several items is not cut in two, so a page may have some lines more.",
        ),
        ("next", maybe(text()), "`after` of the page with older lines; none if this is the last."),
        ("newer", maybe(text()), "`before` of the page with newer lines; none if this is the first."),
        (
            "looked_through",
            maybe(count()),
            "After so many lines, of which few or none fit, nobody looked further: go on with `next`.",
        ),
        ("behind", count(), "Entries whose words are not searched yet."),
    ];
    object("A page of the log.", fields, Vec::new())
}

fn line() -> Shape {
    let fields = vec![
        ("number", text(), "The intake number, M-000123 or M-000123/2."),
        ("reference", maybe(text()), "The docket reference, once filed."),
        ("received", time(), "When it was received."),
        ("clock", text(), "Which rule chose that time."),
        ("from", maybe(text()), "The sender as written."),
        ("subject", maybe(text()), "The subject."),
        (
            "relevance",
            maybe(word(["input", "correspondence", "unrelated"])),
            "What the mail was taken for; none while it is not read.",
        ),
        ("states", list(state()), "The states it is registered for."),
        ("names", list(text()), "Their short names."),
        ("kind", maybe(text()), "The kind of sender."),
        ("standing", maybe(standing()), "How it stands against the deadline."),
        ("deadline", maybe(day()), "The last day that it was judged by."),
        ("words", maybe(count()), "Words that count."),
        ("version", maybe(count()), "The version of the submission."),
        ("current", maybe(truth()), "Whether that version stands."),
        ("letters", list(text()), "The letters about it, and where each stands."),
        ("waiting", maybe(text()), "Why it waits for a person."),
        ("recorded", maybe(of("Recorded")), "How it came, where no mail brought it."),
        ("place", maybe(text()), "What it is under its reference."),
        ("in_charge", maybe(text()), "Who is in charge of its entry."),
        ("withdrawn", truth(), "Its party has taken it back."),
    ];
    let others =
        vec![("found", of("FoundAt"), "Where it holds the words of a search, besides what stands here itself.")];
    object("A line of the log: `docket log --json`.", fields, others)
}

fn found_at() -> Shape {
    let fields = vec![
        ("file", maybe(text()), "The name of the file; none of the text of the mail."),
        ("line", maybe(text()), "The line of its text; none where only the name holds any."),
    ];
    object("Where an entry holds the words of a search.", fields, Vec::new())
}

fn recorded() -> Shape {
    let fields = vec![
        ("way", text(), "By which way."),
        ("authority", text(), "On whose word that, and when it came, is known."),
    ];
    object("An input that no mail brought.", fields, Vec::new())
}

fn to_decide() -> Shape {
    let fields = vec![
        ("number", text(), "M-000123 or M-000123/2; the number of a letter that answers no message."),
        ("from", maybe(text()), "The sender as written."),
        ("subject", maybe(text()), "The subject."),
        ("since", time(), "Since when it waits."),
        ("age", count(), "For how many seconds."),
        ("question", text(), "What is asked."),
        ("states", list(state()), "The states it may be of."),
        ("names", list(text()), "Their names."),
        ("unblocks", list(state()), "The states whose reminders it holds back now."),
        ("open_with", list(text()), "Who has it open in the pages."),
        ("in_charge", maybe(text()), "Who is in charge of it."),
        ("later", maybe(of("Later")), "That it is left for later."),
    ];
    object("Something that must be decided: `docket waiting --json`.", fields, Vec::new())
}

fn later() -> Shape {
    let fields = vec![("until", time(), "Until when."), ("by", text(), "Who left it."), ("reason", text(), "Why.")];
    object("That something is left for later.", fields, Vec::new())
}

fn letters() -> Shape {
    let fields = vec![
        ("letters", list(of("Letter")), "The newest first."),
        ("next", maybe(count()), "`before` of the page with older ones; none if this is the last."),
        ("unreadable", list(text()), "Why letters among these cannot be read."),
    ];
    object("A page of letters.", fields, Vec::new())
}

fn letter() -> Shape {
    let fields = vec![
        ("id", count(), "Its number."),
        ("kind", word(LetterKind::ALL.map(LetterKind::name)), "Its kind."),
        ("state", word(["waiting", "released", "sending", "sent", "held", "failed", "discarded"]), "Where it stands."),
        ("number", maybe(text()), "The intake number of the message that it answers."),
        ("iso3", maybe(state()), "The state that is reminded, or told something."),
        ("step", maybe(text()), "The step of the reminder."),
        ("recipient", text(), "To whom."),
        ("language", text(), "Its language."),
        ("subject", text(), "Its subject."),
        ("body", text(), "Its text."),
        ("not_before", time(), "It does not leave earlier."),
        ("decided", time(), "When it was decided."),
        ("sent", maybe(time()), "When it was handed over."),
        ("attempts", count(), "How often it was tried."),
        ("reason", maybe(text()), "Why it has not left, or how it failed."),
        ("held_for", maybe(text()), "For what it is held."),
        ("copy", maybe(text()), "What became of its copy in the mailbox."),
        ("copy_reason", maybe(text()), "Why there is no copy yet."),
    ];
    object("A letter: `docket letters --json`.", fields, Vec::new())
}
