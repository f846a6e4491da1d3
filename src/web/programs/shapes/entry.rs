//! One entry.

use super::{
    super::shape::{
        Shape, by_name, count, day, hour, list, maybe, number, object, of, pair, state, text, time, truth, word,
    },
    register::standing,
};

pub(super) fn shapes() -> Vec<(&'static str, Shape)> {
    vec![
        ("Entry", entry()),
        ("Submission", submission()),
        ("Place", place()),
        ("Becomes", becomes()),
        ("Named", named()),
        ("Item", item()),
        ("Evidence", evidence()),
        ("Purpose", purpose()),
        ("Quoted", quoted()),
        ("Decision", decision()),
        ("Undone", undone()),
        ("File", file()),
        ("Tried", tried()),
        ("EntryLetter", letter()),
        ("Note", note()),
        ("Happening", happening()),
    ]
}

fn note() -> Shape {
    let fields = vec![
        ("id", count(), "Its number."),
        ("at", time(), "When it was written."),
        ("by", text(), "Who wrote it."),
        ("text", text(), "What it says."),
        ("struck", maybe(pair(text(), time())), "Who struck it, and when."),
    ];
    object("A note of an officer.", fields, Vec::new())
}

fn entry() -> Shape {
    let fields = vec![
        ("number", text(), "The intake number."),
        ("received", time(), "When it was received."),
        ("clock", text(), "Which rule chose that time."),
        ("zone", text(), "The IANA zone of its call."),
        ("from", maybe(text()), "The sender as written."),
        ("reply_to", maybe(text()), "Reply-To, where it differs."),
        ("subject", maybe(text()), "The subject."),
        ("message_id", maybe(text()), "Its Message-ID."),
        ("date", maybe(time()), "The sender’s own date."),
        ("size", count(), "Bytes of the original."),
        ("announced", maybe(count()), "The size that the mailbox had announced, where it handed over another."),
        ("sha256", text(), "SHA-256 of the original, in hexadecimal."),
        ("body", text(), "The text of the mail."),
        ("state", text(), "`stored`, `read` or `parked`."),
        ("relevance", maybe(text()), "What the mail was taken for."),
        ("defects", list(text()), "What is wrong with the message, a sentence each."),
        ("authentication", maybe(text()), "Whether the sender’s domain vouches for it."),
        ("recorded", maybe(of("Recorded")), "How it came, where no mail brought it."),
        ("answer", maybe(text()), "Why it was answered or not."),
        ("submission", maybe(of("Submission")), "What is filed under the docket reference that was asked for."),
        ("items", list(of("Item")), "Its items."),
        ("names", by_name(text()), "The states that its evidence speaks for, by code."),
        ("files", list(of("File")), "Its files."),
        ("letters", list(of("EntryLetter")), "The letters about it."),
        ("notes", list(of("Note")), "Notes of officers, the oldest first."),
        ("in_charge", maybe(text()), "Who is in charge of it."),
        ("history", list(of("Happening")), "What happened, the oldest first."),
    ];
    let others = vec![("unreadable", list(text()), "Rows of it that cannot be read, a sentence each.")];
    object("One entry in full: `docket show REF --json`.", fields, others)
}

fn states() -> Shape {
    list(pair(state(), text()))
}

fn submission() -> Shape {
    let fields = vec![
        ("reference", text(), "The docket reference."),
        ("call", text(), "The call."),
        ("kind", text(), "The kind of sender."),
        ("states", states(), "Its states, each with its name."),
        ("places", list(of("Place")), "All that is filed under it, in the order of receipt."),
    ];
    object("What a party has filed under one reference.", fields, Vec::new())
}

fn place() -> Shape {
    let fields = vec![
        ("number", text(), "The item."),
        ("message", text(), "Its message."),
        ("received", time(), "When it was received."),
        ("place", text(), "`version`, or what stands beside versions."),
        ("version", maybe(count()), "The version that it makes, or repeats."),
        ("repeats", truth(), "It repeats that version, and makes none."),
        ("current", truth(), "It is the current version."),
        ("withdrawn", maybe(time()), "When the party took it back."),
        ("becomes", of("Becomes"), "What it comes to beside the others."),
        ("standing", standing(), "How its receipt stands."),
        ("words", maybe(count()), "Words that count."),
    ];
    object("What an item is in a submission.", fields, Vec::new())
}

fn becomes() -> Shape {
    let words = ["first", "replaces", "earlier", "under_query", "repeats", "copy", "beside", "kept"];
    let others = vec![
        ("former", of("Named"), "What it replaces."),
        ("current", of("Named"), "What is current."),
        ("version", of("Named"), "What it repeats."),
        ("of", of("Named"), "Of what it is the readable copy."),
        ("kind", text(), "What it is beside versions."),
        ("to", of("Named"), "The version that it came for."),
    ];
    object("What an item comes to beside what stands.", vec![("is", word(words), "Which of these.")], others)
}

fn named() -> Shape {
    let others = vec![("n", count(), "Its number; missing where no letter has told it.")];
    object("A version as others speak of it.", vec![("received", time(), "When it was received.")], others)
}

fn item() -> Shape {
    let fields = vec![
        ("number", text(), "M-000123/1."),
        ("call", maybe(text()), "The call that it belongs to."),
        ("reference", maybe(text()), "The docket reference, once filed."),
        ("states", states(), "The states it is registered for."),
        ("candidates", states(), "Those it may be of while that is not decided, the likeliest first."),
        ("named", states(), "Those that the program names."),
        ("decision", word(["matched", "review", "none"]), "What the matcher decided."),
        ("kind", text(), "The kind of sender."),
        ("reason", text(), "Why the matcher decided so."),
        ("evidence", list(of("Evidence")), "What that rests on."),
        ("purpose", maybe(of("Purpose")), "What it is for."),
        ("standing", maybe(standing()), "How it stands against the deadline."),
        ("deadline", maybe(day()), "The last day that it was judged by."),
        ("deadline_hour", maybe(hour()), "The hour of it that ended the time."),
        ("version", maybe(count()), "The version of the submission."),
        ("becomes", maybe(of("Becomes")), "What it comes to beside what else its party has filed."),
        ("words", maybe(count()), "Words that count."),
        ("waiting", maybe(text()), "Why it waits for a person."),
        ("decided", maybe(text()), "The decision of a person that stands, in words."),
        ("decisions", list(of("Decision")), "All decisions about it, the oldest first."),
    ];
    object("A part of a message that makes one input.", fields, Vec::new())
}

fn evidence() -> Shape {
    let fields = vec![
        ("source", text(), "Where it was found."),
        ("text", text(), "The words themselves."),
        ("iso3", state(), "The state that it speaks for."),
        ("weight", number(), "How much it weighs; the scale is the matcher’s own."),
    ];
    object("A piece of evidence for a state.", fields, Vec::new())
}

fn purpose() -> Shape {
    let fields = vec![
        ("kind", text(), "What it is for."),
        ("proposed", truth(), "A person must confirm it."),
        ("day", maybe(day()), "The day that it names."),
        ("evidence", list(of("Quoted")), "What speaks for that and against it."),
        ("said", text(), "The same in a few words."),
    ];
    object("What an item is for, as the program found it.", fields, Vec::new())
}

fn quoted() -> Shape {
    let fields = vec![
        ("text", text(), "As it was written, or what was observed."),
        ("where", text(), "Where it stands."),
        ("for", text(), "The purpose that it speaks for."),
        ("observed", truth(), "It is no quotation."),
    ];
    object("What speaks for a purpose.", fields, Vec::new())
}

fn decision() -> Shape {
    let fields = vec![
        ("at", time(), "When."),
        ("what", text(), "What, in words."),
        ("actor", text(), "Who."),
        ("reason", text(), "Why."),
        ("undone", maybe(of("Undone")), "That it was taken back."),
    ];
    object("What a person decided.", fields, Vec::new())
}

fn undone() -> Shape {
    let fields = vec![("at", time(), "When."), ("actor", text(), "By whom."), ("reason", text(), "Why.")];
    object("That a decision was taken back.", fields, Vec::new())
}

fn file() -> Shape {
    let fields = vec![
        ("path", text(), "Its path in the MIME tree."),
        ("name", maybe(text()), "The sender’s name for it."),
        ("size", count(), "Bytes."),
        ("sha256", text(), "SHA-256 in hexadecimal."),
        ("format", text(), "What it is, by its content."),
        ("role", text(), "What it is for."),
        ("outcome", text(), "How far it could be read."),
        ("engine", maybe(text()), "What read it."),
        ("pages", maybe(count()), "Pages, where the format has pages."),
        ("pages_without_text", list(count()), "The pages that hold no text."),
        ("pages_failed", list(count()), "The pages that could not be read."),
        ("words", maybe(count()), "Words that count."),
        ("words_in_notes", count(), "Words of its notes."),
        ("words_in_running_heads", count(), "Words of its headers and footers."),
        ("language", maybe(text()), "Its language."),
        ("detail", maybe(text()), "One sentence for a person."),
        ("tried", list(of("Tried")), "What was asked, too, and why its answer was not taken."),
        ("text", text(), "Its text, at most the first 20,000 characters."),
    ];
    object("A file of an entry.", fields, Vec::new())
}

fn tried() -> Shape {
    let fields = vec![("engine", text(), "Its name."), ("reason", text(), "Why not.")];
    object("An engine whose answer was not taken.", fields, Vec::new())
}

fn letter() -> Shape {
    let fields = vec![
        ("id", count(), "Its number."),
        ("kind", text(), "Its kind."),
        ("recipient", text(), "To whom."),
        ("subject", text(), "Its subject."),
        ("body", text(), "Its text."),
        ("state", text(), "Where it stands, in words."),
        ("sent", maybe(time()), "When it left."),
        ("reason", maybe(text()), "Why it has not left, or how it failed."),
    ];
    object("A letter about an entry.", fields, Vec::new())
}

fn happening() -> Shape {
    let facts = maybe(by_name(serde_json::json!({})));
    let fields = vec![
        ("at", time(), "When."),
        ("kind", text(), "The word of its kind."),
        ("what", text(), "What, in a sentence."),
        ("actor", text(), "Who."),
        ("by", word(["program", "import", "person"]), "What that is."),
        ("facts", facts, "What, as facts where they were kept; they depend on the kind."),
    ];
    object("Something that happened.", fields, Vec::new())
}
