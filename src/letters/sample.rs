//! Sample facts of every letter: the usual ones, and the extreme ones that reach every branch of a template.
//!
//! Promises each outcome, format, role and standing at least once, and every optional fact both there and missing. The
//! people, files and addresses in them are invented.

use jiff::{
    Timestamp,
    civil::{Time, date, time},
};

use super::{
    facts::{
        Answered, CallFacts, Corrected, EntryFacts, Facts, FileFacts, Granted, LetterKind, Moved, Query, Receipt,
        Registered, Reminder, TakenBack, Unread,
    },
    variants,
};
use crate::core::{
    calls::standing::Standing,
    file::{Format, Outcome, Role},
    iso3::Iso3,
    submission::{AdditionKind, Becomes, Named},
    text::language::Language,
};

/// The hour at which a deadline ends that does not end with its day.
const HOUR: Option<Time> = Some(time(12, 0, 0, 0));

/// All sample facts of one kind of letter; the first is the usual case.
#[must_use]
pub fn facts(kind: LetterKind) -> Vec<Facts> {
    match kind {
        LetterKind::Acknowledgement => receipts(true).into_iter().map(Facts::Acknowledgement).collect(),
        LetterKind::Received => receipts(false).into_iter().map(Facts::Received).collect(),
        LetterKind::Query => queries(),
        LetterKind::Reminder => reminders(),
        LetterKind::ExtensionGranted => extensions(),
        LetterKind::DeadlineMoved => deadlines(),
        LetterKind::Withdrawn => withdrawals(),
        LetterKind::Correction => corrections(),
    }
}

/// The call of the samples.
#[must_use]
pub fn call() -> CallFacts {
    CallFacts {
        title: [
            (Language::En, "Regional Review of the Global Compact for Migration"),
            (Language::Fr, "Examen régional du Pacte mondial sur les migrations"),
        ]
        .map(|(language, text)| (language, text.to_owned()))
        .into(),
        secretariat: [
            (Language::En, "UNECE and IOM secretariat of the regional review"),
            (Language::Fr, "Secrétariat CEE-ONU et OIM de l’examen régional"),
        ]
        .map(|(language, text)| (language, text.to_owned()))
        .into(),
        reference: "GCM-ECE-2020".to_owned(),
        contact: "gcm-contact@example.org".to_owned(),
        last_day: date(2020, 9, 30),
        last_hour: None,
        zone: "Europe/Zurich".to_owned(),
        word_limit: Some(5_000),
    }
}

/// A file that was read without trouble.
#[must_use]
pub fn file(name: &str, format: Format, role: Role, size: u64) -> FileFacts {
    FileFacts {
        name: Some(name.to_owned()),
        size,
        sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned(),
        format,
        role,
        outcome: Outcome::Read,
        pages: None,
        pages_failed: Vec::new(),
        pages_without_text: Vec::new(),
    }
}

/// A PDF of so many pages, some of which could not be read.
#[must_use]
pub fn in_part(pages: u32, failed: &[u32]) -> FileFacts {
    FileFacts {
        outcome: Outcome::Partial,
        pages: Some(pages),
        pages_failed: failed.to_vec(),
        ..file("Contribution.pdf", Format::Pdf, Role::Main, 310_000)
    }
}

/// The usual input: a document and its scanned cover note, in time.
#[must_use]
pub fn receipt() -> Receipt {
    let note = file("Note verbale 123.pdf", Format::Pdf, Role::CoverNote, 1_240_000);
    Receipt {
        call: call(),
        number: "M-000123".to_owned(),
        received: instant(1_601_502_960),
        subject: Some("Contribution of Switzerland".to_owned()),
        unread: None,
        entries: vec![EntryFacts {
            reference: Some("GCM-ECE-2020-0007".to_owned()),
            states: states(&["CHE"]),
            version: Some(1),
            becomes: Some(Becomes::First),
            other_unknown: false,
            withdrawn: false,
            no_input: false,
            duplicate: false,
            in_body: false,
            asked: true,
            standing: Standing::OnTime,
            words: Some(4_711),
            files: vec![
                file("Contribution of Switzerland.docx", Format::Docx, Role::Main, 35_021),
                FileFacts { outcome: Outcome::NoText, ..note },
            ],
        }],
    }
}

fn receipts(named: bool) -> Vec<Receipt> {
    let mut receipts = vec![receipt()];
    for (index, standing) in variants::all::<Standing>().into_iter().enumerate() {
        let mut other = receipt();
        let entry = &mut other.entries[0];
        entry.standing = standing;
        entry.version = [Some(1), Some(2), None][index % 3];
        entry.duplicate = index % 2 == 1;
        entry.words = [Some(5_312), None, Some(5_000)][index % 3];
        entry.files = every_file();
        if index % 2 == 0 {
            other.subject = None;
            other.call = CallFacts { zone: "UTC".to_owned(), word_limit: None, ..call() };
        }
        receipts.push(Receipt { call: CallFacts { last_hour: HOUR, ..other.call.clone() }, ..other.clone() });
        receipts.push(other);
    }
    for becomes in every_becomes() {
        let mut other = receipt();
        let entry = &mut other.entries[0];
        (entry.version, entry.becomes) = (Some(3), Some(becomes));
        let mut unknown = other.clone();
        unknown.entries[0].other_unknown = true;
        receipts.extend([other, unknown]);
    }
    let mut withdrawn = receipt();
    (withdrawn.entries[0].withdrawn, withdrawn.entries[0].becomes) = (true, Some(Becomes::Kept));
    receipts.push(withdrawn);
    let mut duplicate = receipt();
    duplicate.entries[0].duplicate = true;
    duplicate.entries[0].version = Some(2);
    receipts.push(duplicate);
    for why in [Unread::Kept, Unread::HeaderOnly] {
        let mut unread = Receipt { unread: Some(why), ..receipt() };
        let entry = &mut unread.entries[0];
        (entry.words, entry.files) = (None, Vec::new());
        receipts.push(unread);
    }
    let mut several = receipt();
    let second = EntryFacts {
        reference: None,
        version: None,
        states: states(&["AUT", "LIE"]),
        words: Some(5_312),
        ..several.entries[0].clone()
    };
    several.entries.push(second);
    several.entries.push(EntryFacts { states: Vec::new(), files: Vec::new(), ..several.entries[0].clone() });
    receipts.push(several);
    let mut joint_annex = receipt();
    let entry = &mut joint_annex.entries[0];
    entry.states = states(&["AUT", "LIE"]);
    (entry.version, entry.becomes) = (None, Some(Becomes::Beside { kind: AdditionKind::Annex, to: None }));
    receipts.push(joint_annex);
    let mut body = receipt();
    let entry = &mut body.entries[0];
    (entry.in_body, entry.files) = (true, Vec::new());
    receipts.push(body);
    let mut looked_at = receipt();
    (looked_at.entries[0].asked, looked_at.entries[0].files) = (false, every_file());
    receipts.push(looked_at);
    if !named {
        // What is registered for a sender who is no state bears a reference, and what waits does not.
        let registered: Vec<Receipt> = receipts.iter().map(without_states).collect();
        for entry in receipts.iter_mut().flat_map(|receipt| &mut receipt.entries) {
            *entry = EntryFacts { reference: None, states: Vec::new(), version: None, becomes: None, ..entry.clone() };
        }
        receipts.extend(registered);
    }
    receipts
}

/// The same for a sender who is no state.
fn without_states(receipt: &Receipt) -> Receipt {
    let mut other = receipt.clone();
    other.entries.iter_mut().for_each(|entry| entry.states.clear());
    other
}

/// Everything that an input may come to beside another, whether its reader knows the other's number or not.
fn every_becomes() -> Vec<Becomes> {
    let others = [Some(2), None].map(|n| Named { n, received: instant(1_600_000_000) });
    let about = others.into_iter().flat_map(|other| {
        let to = || Some(other.clone());
        [
            Becomes::Replaces { former: other.clone() },
            Becomes::Earlier { current: other.clone() },
            Becomes::UnderQuery { current: to() },
            Becomes::Repeats { version: other.clone() },
            Becomes::Copy { of: other.clone() },
            Becomes::Beside { kind: AdditionKind::Annex, to: to() },
            Becomes::Beside { kind: AdditionKind::Translation, to: to() },
            Becomes::Beside { kind: AdditionKind::CoverLetter, to: to() },
        ]
    });
    let alone = Becomes::Beside { kind: AdditionKind::Annex, to: None };
    about.chain([alone, Becomes::First, Becomes::UnderQuery { current: None }, Becomes::Kept]).collect()
}

/// Every outcome in every role, and every format.
fn every_file() -> Vec<FileFacts> {
    let outcomes: Vec<Outcome> = variants::all();
    let roles: Vec<Role> = variants::all();
    let by_role = roles.into_iter().flat_map(|role| {
        outcomes.iter().map(move |outcome| FileFacts { outcome: *outcome, ..file("a.docx", Format::Docx, role, 812) })
    });
    let formats: Vec<Format> = variants::all();
    let by_format =
        formats.into_iter().map(|format| FileFacts { name: None, ..file("", format, Role::Main, 2_000_000_000) });
    let unlisted = FileFacts { name: None, sha256: String::new(), ..file("", Format::Unknown, Role::Ignored, 0) };
    by_role.chain(by_format).chain([unlisted, in_part(3, &[2]), in_part(60, &[2, 4, 5, 6, 60])]).collect()
}

fn queries() -> Vec<Facts> {
    let usual = Query {
        call: call(),
        number: "M-000124".to_owned(),
        received: instant(1_600_000_000),
        subject: Some("Input to the regional review".to_owned()),
        cloud_link: false,
        files: Vec::new(),
        unreadable: None,
    };
    let link = Query { cloud_link: true, subject: None, ..usual.clone() };
    let files = Query { files: every_file(), ..usual.clone() };
    let both = Query { cloud_link: true, ..files.clone() };
    let hour = Query { call: CallFacts { last_hour: HOUR, ..call() }, ..usual.clone() };
    let unreadable = Query { unreadable: Some("GCM-ECE-2020-0007".to_owned()), ..files.clone() };
    let unlisted = Query { files: Vec::new(), subject: None, ..unreadable.clone() };
    [usual, link, files, both, hour, unreadable, unlisted].map(Facts::Query).into()
}

fn reminders() -> Vec<Facts> {
    let usual = Reminder {
        call: call(),
        state: states(&["CHE"])[0],
        addressee: Some("Ms Anna Muster".to_owned()),
        send_to: "gcm-input@example.org".to_owned(),
        days_left: 7,
    };
    let without_limit = CallFacts { word_limit: None, ..call() };
    let tomorrow = Reminder { days_left: 1, addressee: None, call: without_limit, ..usual.clone() };
    let today = Reminder { days_left: 0, ..usual.clone() };
    let whole = [usual, tomorrow, today];
    let with_hour =
        |reminder: Reminder| Reminder { call: CallFacts { last_hour: HOUR, ..reminder.call.clone() }, ..reminder };
    whole.clone().into_iter().chain(whole.map(with_hour)).map(Facts::Reminder).collect()
}

fn answered() -> Answered {
    Answered {
        number: "M-000125".to_owned(),
        received: instant(1_600_000_000),
        subject: Some("Extension of the deadline".to_owned()),
    }
}

fn extensions() -> Vec<Facts> {
    let usual = Granted {
        call: call(),
        answered: Some(answered()),
        addressee: None,
        states: states(&["CHE"]),
        // The midnight after the ninth.
        until: instant(1_602_280_800),
        reference: None,
    };
    let joint = Granted {
        answered: Some(Answered { subject: None, ..answered() }),
        states: states(&["AUT", "CHE"]),
        reference: Some("GCM-ECE-2020-0008".to_owned()),
        ..usual.clone()
    };
    let to_focal_point = Granted { answered: None, addressee: Some("Ms Anna Muster".to_owned()), ..usual.clone() };
    // Noon.
    let with_hour = Granted { until: instant(1_602_237_600), addressee: None, ..to_focal_point.clone() };
    [usual, joint, to_focal_point, with_hour].map(Facts::ExtensionGranted).into()
}

fn deadlines() -> Vec<Facts> {
    let usual = Moved {
        call: CallFacts { last_day: date(2020, 10, 9), ..call() },
        state: states(&["CHE"])[0],
        addressee: Some("Ms Anna Muster".to_owned()),
        before: instant(1_601_503_200),
        now: instant(1_602_280_800),
    };
    let with_hours =
        Moved { addressee: None, before: instant(1_601_460_000), now: instant(1_602_237_600), ..usual.clone() };
    [usual, with_hours].map(Facts::DeadlineMoved).into()
}

fn withdrawals() -> Vec<Facts> {
    let usual = TakenBack {
        call: call(),
        answered: Answered { subject: Some("Withdrawal of our contribution".to_owned()), ..answered() },
        reference: "GCM-ECE-2020-0007".to_owned(),
        states: states(&["CHE"]),
        until: instant(1_600_000_000),
    };
    let joint = TakenBack {
        answered: Answered { subject: None, ..answered() },
        states: states(&["AUT", "CHE"]),
        ..usual.clone()
    };
    let no_state = TakenBack { states: Vec::new(), ..usual.clone() };
    [usual, joint, no_state].map(Facts::Withdrawn).into()
}

fn corrections() -> Vec<Facts> {
    let was = |reference: &str, codes: &[&str], version| Registered {
        reference: Some(reference.to_owned()),
        states: states(codes),
        version: Some(version),
    };
    let usual = Corrected {
        told: instant(1_601_503_260),
        before: vec![was("GCM-ECE-2020-0008", &["AUT"], 1)],
        receipt: receipt(),
    };
    let several = Corrected {
        before: vec![
            was("GCM-ECE-2020-0008", &["AUT", "LIE"], 2),
            Registered { reference: None, states: Vec::new(), version: None },
        ],
        ..usual.clone()
    };
    let mut no_input = usual.clone();
    let entry = &mut no_input.receipt.entries[0];
    (entry.reference, entry.version, entry.becomes) = (None, None, None);
    (entry.states, entry.no_input, entry.asked) = (Vec::new(), true, false);
    let all = receipts(true).into_iter().skip(1).map(|receipt| Corrected { receipt, ..usual.clone() });
    [usual.clone(), several, no_input].into_iter().chain(all).map(Facts::Correction).collect()
}

fn states(codes: &[&str]) -> Vec<Iso3> {
    codes.iter().filter_map(|code| code.parse().ok()).collect()
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
