//! The register and the calls.

use super::super::shape::{
    Shape, by_name, count, day, hour, list, maybe, object, of, pair, state, text, time, truth, word,
};
use crate::{core::calls::status::Status, web::narrowed::STANDINGS};

/// How a receipt stands against the deadline.
pub(super) fn standing() -> Shape {
    word(STANDINGS.map(crate::core::calls::standing::Standing::word))
}

pub(super) fn shapes() -> Vec<(&'static str, Shape)> {
    vec![
        ("Register", register()),
        ("RegisterLine", line()),
        ("RegisterTotal", total()),
        ("Joint", joint()),
        ("Other", other()),
        ("State", one_state()),
        ("DecisionOn", decision_on()),
        (
            "Calls",
            object("All calls.", vec![("calls", list(of("Call")), "In the order of the configuration.")], Vec::new()),
        ),
        ("Call", call()),
        ("Deadline", deadline()),
        ("Extension", extension()),
        ("ReminderDue", reminder()),
    ]
}

fn register() -> Shape {
    let fields = vec![
        (
            "states",
            list(of("RegisterLine")),
            "Every state of the roster, by name: the lines of `docket register --json`.",
        ),
        ("total", of("RegisterTotal"), "What they add up to: the last line of `docket register --json`."),
    ];
    object("How the states of a roster stand towards a call.", fields, Vec::new())
}

fn line() -> Shape {
    let fields = vec![
        ("iso3", state(), "The state."),
        ("name", text(), "Its short name on the day that the register is of."),
        ("formal_name", text(), "Its formal name."),
        ("status", word(Status::ALL.map(Status::word)), "How it stands."),
        ("counts", truth(), "It is among “18 of 56”."),
        ("standing", maybe(standing()), "How what counts first stands against the deadline."),
        ("reference", maybe(text()), "The docket reference of what stands."),
        ("also", list(text()), "Other references under which something of it was filed."),
        ("version", maybe(count()), "The current version."),
        ("received", maybe(time()), "When something was first received under that reference."),
        ("version_received", maybe(time()), "When that version was received."),
        ("words", maybe(count()), "Words of that version."),
        ("day", maybe(day()), "The day that it announced."),
        ("extended_until", maybe(time()), "The first instant that is late for it, where more time was granted."),
        ("joint_with", list(state()), "With whom it sent that version."),
        ("additions", count(), "Annexes, translations and cover letters beside it."),
        ("recorded", maybe(text()), "By which way it came, where no mail brought it."),
        ("reminded", maybe(time()), "When it was reminded last."),
        ("why_not_reminded", maybe(text()), "Why it is not reminded."),
        ("note", maybe(text()), "What else is to be known: then the line may not be all."),
    ];
    object("A state in the register.", fields, Vec::new())
}

fn total() -> Shape {
    let standings = ["on_time", "by_grace", "by_extension", "late", "undetermined"];
    let standings = standings.map(|name| (name, count(), "So many states.")).to_vec();
    let fields = vec![
        ("call", text(), "The call."),
        ("as_of", maybe(time()), "As of which time, where one was asked for."),
        ("known_at", maybe(time()), "As it was known at which time, where one was asked for."),
        ("received", count(), "How many states count."),
        ("of", count(), "How many states there are."),
        ("statuses", by_name(count()), "How many states stand so, by the word for that."),
        ("standings", object("", standings, Vec::new()), "How those that count stand against the deadline."),
        ("joint", list(of("Joint")), "The joint inputs that count, each once."),
        ("others", list(of("Other")), "What counts and is of no state of the roster."),
        ("notes", list(text()), "What of these others cannot be read."),
    ];
    object("What the states add up to.", fields, Vec::new())
}

fn joint() -> Shape {
    let fields = vec![
        ("reference", text(), "The docket reference."),
        ("states", list(state()), "Who sent it."),
        ("names", list(text()), "The same by name."),
        ("version", maybe(count()), "The current version."),
        ("received", time(), "When the first that counts was received."),
        ("standing", standing(), "How that stands against the deadline."),
        ("words", maybe(count()), "Words of the current version."),
    ];
    object("A joint input.", fields, Vec::new())
}

fn other() -> Shape {
    let fields = vec![
        ("kind", text(), "The kind of sender in words."),
        ("inputs", count(), "How many."),
        ("references", list(text()), "Their docket references."),
        ("names", list(text()), "The states among them, by name."),
    ];
    object("Inputs of who is no state of the roster.", fields, Vec::new())
}

fn one_state() -> Shape {
    let fields = vec![
        ("line", of("RegisterLine"), "Its line in the register."),
        ("told", text(), "What it was told last, in words."),
        ("formal_name", text(), "Its formal name."),
        ("zone", text(), "The IANA zone of the call."),
        ("entries", list(of("LogLine")), "Its entries, and those that may be its own."),
        ("focal_points", list(pair(text(), text())), "Name and address of each."),
        ("extended", maybe(text()), "Until when it has more time, in words."),
        ("decisions", list(of("DecisionOn")), "What was decided about it and its entries."),
        ("reminders", list(text()), "Its reminders, in words."),
        ("letters", list(text()), "Other letters to it that answer no message, in words."),
    ];
    object("A state and everything about it in a call: `docket show STATE --json`.", fields, Vec::new())
}

fn decision_on() -> Shape {
    let fields = vec![
        ("on", text(), "The item, or the state by name."),
        ("at", time(), "When."),
        ("what", text(), "What, in words."),
        ("actor", text(), "Who."),
        ("reason", text(), "Why."),
        ("undone", maybe(of("Undone")), "That it was taken back."),
    ];
    object("A decision, and on what it was taken.", fields, Vec::new())
}

fn call() -> Shape {
    let fields = vec![
        ("code", text(), "Its code: what `call` takes."),
        ("reference", text(), "What its docket references begin with."),
        ("title", text(), "Its title in English."),
        ("contact", text(), "The address that answers questions of people."),
        ("issued", day(), "The day it was issued."),
        ("zone", text(), "The IANA zone of its deadline."),
        ("deadline", time(), "The first instant that is late."),
        ("word_limit", maybe(count()), "The words that an input should have at most."),
        ("of", count(), "How many states it is addressed to."),
        ("deadlines", list(of("Deadline")), "The deadlines as they were set; the last holds."),
        ("extensions", list(of("Extension")), "The time that was granted to single states."),
        ("file_differs", maybe(text()), "What the file of the call says, where that does not hold."),
        ("reminders", list(of("ReminderDue")), "When reminders fall due, the first one first."),
    ];
    object("A call.", fields, Vec::new())
}

fn deadline() -> Shape {
    let fields = vec![
        ("n", count(), "Its number among those of the call."),
        ("last_day", day(), "The last day that counts."),
        ("last_hour", maybe(hour()), "The hour of it that ends the time; none where the whole day counts."),
        ("zone", text(), "The IANA zone of that day."),
        ("grace_minutes", count(), "Minutes after it that still count."),
        ("deadline", time(), "The first instant that is late."),
        ("at", time(), "When it was set."),
        ("by", text(), "By whom."),
        ("authority", maybe(text()), "On whose authority."),
        ("reason", maybe(text()), "Why."),
    ];
    object("A deadline as it was set.", fields, Vec::new())
}

fn extension() -> Shape {
    let fields = vec![
        ("iso3", state(), "The state."),
        ("name", text(), "Its name."),
        ("until", time(), "The first instant that is late for it."),
        ("at", time(), "When it was granted."),
        ("by", text(), "By whom."),
        ("authority", text(), "On whose authority."),
        ("reason", text(), "Why."),
    ];
    object("More time for a state.", fields, Vec::new())
}

fn reminder() -> Shape {
    let fields = vec![("step", text(), "The name of the step."), ("due", time(), "When.")];
    object("When a reminder falls due.", fields, Vec::new())
}
