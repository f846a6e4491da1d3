//! Everything that programs can ask for as JSON, with what may be asked behind the question mark and what is answered: one
//! table for those who read a request and for the description of the interface.

use super::parameter::{
    Parameter,
    Values::{Number, OneOf, Text, Time},
};
use crate::{
    core::{
        calls::standing::Standing,
        narrowing::{EntryKind, Letter, Status},
        text::language::Language,
    },
    desk::LettersThat,
    web::narrowed::STANDINGS,
};

/// So many lines or letters are on a page at most, and where nobody says how many.
const MOST: u32 = 200;
pub(super) const PAGE: u32 = 50;

/// Something that can be asked for.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    /// Its address, as the table of routes has it.
    pub(super) path: &'static str,
    /// By what programs that are made from the description call it.
    pub(super) id: &'static str,
    /// What it yields, in a sentence.
    pub(super) says: &'static str,
    /// What may be asked.
    pub(super) parameters: Vec<Parameter>,
    /// The name of the shape of the answer.
    pub(super) shape: &'static str,
}

/// All of them.
pub(super) fn operations() -> Vec<Operation> {
    let operation = |path, id, shape, says, parameters| Operation { path, id, says, parameters, shape };
    vec![
        operation(
            "/api/v1/register",
            "register",
            "Register",
            "How each state of the roster stands towards a call.",
            seen_from(),
        ),
        operation(
            "/api/v1/state/{iso3}",
            "state",
            "State",
            "One state, and everything about it in a call.",
            vec![call()],
        ),
        operation("/api/v1/log", "log", "Log", "The intake log, the newest first, page by page.", log()),
        operation(
            "/api/v1/entry/{*reference}",
            "entry",
            "Entry",
            "One entry in full, by intake number or docket reference.",
            vec![language()],
        ),
        operation("/api/v1/waiting", "waiting", "Waiting", "What must be decided.", vec![every_call(), language()]),
        operation(
            "/api/v1/letters",
            "letters",
            "Letters",
            "Letters to outsiders, the newest first, page by page.",
            letters(),
        ),
        operation("/api/v1/letters/{id}", "letter", "Letter", "One letter.", Vec::new()),
        operation(
            "/api/v1/calls",
            "calls",
            "Calls",
            "The calls with their deadlines, extensions and reminders.",
            vec![every_call()],
        ),
    ]
}

/// What may be asked at an address of the table.
pub(super) fn parameters(path: &str) -> Vec<Parameter> {
    operations().into_iter().find(|operation| operation.path == path).map(|it| it.parameters).unwrap_or_default()
}

fn call() -> Parameter {
    Parameter::new("call", Text, "The call by its code; the first of the configuration where none is named.")
}

fn every_call() -> Parameter {
    Parameter::new("call", Text, "Only this call, by its code.")
}

fn language() -> Parameter {
    let codes = Language::ALL.map(Language::code).to_vec();
    Parameter::new("language", OneOf(codes), "The language of sentences: en or fr; for any other, English.")
}

fn seen_from() -> Vec<Parameter> {
    let codes = Language::ALL.map(Language::code).to_vec();
    vec![
        call(),
        Parameter::new(
            "as-of",
            Time,
            "Only what was received until the end of that day, or before that hour; in the zone of the call.",
        ),
        Parameter::new("at", Text, "The hour of that day, 18:00, where it does not stand there."),
        Parameter::new("known-at", Time, "Only what was known then."),
        Parameter::new("language", OneOf(codes), "The language of the states’ names."),
    ]
}

fn log() -> Vec<Parameter> {
    let words = |words: Vec<&'static str>| OneOf(words);
    vec![
        call(),
        Parameter::new(
            "q",
            Text,
            "Words, each of which must be there: in sender, subject, number, reference or a state’s name.",
        ),
        Parameter::new("state", Text, "Registered for this state, by its code."),
        Parameter::new(
            "standing",
            words(STANDINGS.map(Standing::word).to_vec()),
            "How it stands against the deadline.",
        ),
        Parameter::new("kind", words(EntryKind::ALL.iter().map(|kind| kind.word()).collect()), "What it is."),
        Parameter::new(
            "status",
            words(Status::ALL.iter().map(|status| status.word()).collect()),
            "Whether its version stands.",
        ),
        Parameter::new("language", OneOf(Language::ALL.map(Language::code).to_vec()), "Written in this language."),
        Parameter::new("since", Time, "Received from the beginning of that day on, or from that hour on."),
        Parameter::new("until", Time, "Received until the end of that day, or before that hour."),
        Parameter::new("waiting", words(vec!["yes"]), "Only what waits for a person."),
        Parameter::new(
            "letter",
            words(Letter::ALL.iter().map(|letter| letter.word()).collect()),
            "With a letter about it, or without one.",
        ),
        Parameter::new("after", Text, "The page behind: the `next` of the page before."),
        Parameter::new("before", Text, "The page before: the `newer` of the page behind."),
        limit("So many lines on a page; 50 where nobody says how many."),
    ]
}

fn letters() -> Vec<Parameter> {
    let states = LettersThat::ALL.map(LettersThat::word).to_vec();
    vec![
        Parameter::new(
            "state",
            OneOf(states),
            "Only those that stand so; “waiting” are those that are being sent, too.",
        ),
        Parameter::new("before", Number(1, u32::MAX), "Only those with a lower number: the `next` of the page before."),
        limit("So many letters on a page; 50 where nobody says how many."),
    ]
}

fn limit(says: &'static str) -> Parameter {
    Parameter::new("limit", Number(1, MOST), says)
}
