//! Inputs that no mail brought: recorded by a person, read as any other, marked wherever they are shown, never answered.

use docket::{
    core::{
        calls::{standing::Standing, status::Status},
        decision::{Decision, Order},
        judging::matching::Kind,
        recorded::{Recorded, Way},
    },
    desk::Mode,
    pipeline::{TakenIn, ToRecord, record},
    reading::Readers,
    store::Stored,
};

use super::{
    decisions::{iso3, status},
    mail::Mail,
    stage::{CALL, Stage, at, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const NOW: &str = "2020-10-02T09:00:00+02:00";

fn by_pouch() -> Recorded {
    Recorded { way: Way::Pouch, authority: "M. Weber, registry".to_owned() }
}

fn document() -> (String, Vec<u8>) {
    let text = "Migration policy measures were adopted and partners were consulted. ".repeat(40);
    ("input.rtf".to_owned(), format!("{{\\rtf1\\ansi Input to the regional review\\par {text}}}").into_bytes())
}

/// Records what a state sent, and assigns it as the command does.
async fn recorded(stage: &Stage, codes: &[&str], received: &str, files: &[(String, Vec<u8>)]) -> TakenIn {
    let states: Vec<_> = codes.iter().map(|code| iso3(code)).collect();
    let taken = taken_in(stage, codes, received, files).await;
    if let Stored::New(number) = taken.stored {
        let decision = Decision::Assign { states, call: Some(CALL.to_owned()), known_sender: false };
        let order = Order::new(decision, "recorded");
        stage.desk().decide(&format!("M-{number:06}"), &order, &person("desk"), Mode::Do).await.unwrap();
    }
    taken
}

async fn taken_in(stage: &Stage, codes: &[&str], received: &str, files: &[(String, Vec<u8>)]) -> TakenIn {
    let states: Vec<_> = codes.iter().map(|code| iso3(code)).collect();
    let readers = Readers::new(env!("CARGO_BIN_EXE_docket").into(), stage.instance().config.reading.clone());
    let what = ToRecord { recorded: &by_pouch(), states: &states, received: at(received), files, mailbox: "gcm" };
    record(stage.instance(), &readers, &what, &person("desk")).await.unwrap()
}

both!(what_came_by_pouch_is_read_filed_and_marked, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let taken = recorded(&stage, &["ARM"], "2020-09-29T16:00:00+02:00", &[document()]).await;
    assert_eq!(taken, TakenIn { stored: Stored::New(1), read: true });
    stage.wait(24 * 60).await;
    assert!(stage.posted().is_empty(), "nothing is answered");
    let line = stage.log().await.remove(0);
    assert_eq!((line.reference.as_deref(), line.version), (Some("GCM-ECE-2020-0001"), Some(1)));
    assert_eq!(
        (&line.states, line.kind, line.standing),
        (&vec![iso3("ARM")], Some(Kind::MemberState), Some(Standing::OnTime))
    );
    assert_eq!((line.received, line.clock.as_str()), (at("2020-09-29T16:00:00+02:00"), "recorded"));
    assert_eq!((line.from, line.subject.as_deref()), (None, Some("Armenia: by pouch")));
    assert_eq!((line.recorded, line.waiting), (Some(by_pouch()), None));
    assert!(line.words.is_some_and(|words| words > 300), "it was read: {:?}", line.words);
    let entry = stage.entry("M-000001").await;
    assert_eq!(
        (entry.recorded, entry.files.len(), entry.files[0].name.as_deref()),
        (Some(by_pouch()), 1, Some("input.rtf"))
    );
    let answer = entry.answer.unwrap_or_default();
    assert!(answer.contains("recorded by a person, and no mail brought it"), "{answer}");
    let first = &entry.history[0];
    assert_eq!((&first.actor, first.kind.as_str()), (&person("desk"), "recorded"));
    assert!(first.what.starts_with("Recorded: it came by pouch, on the word of M. Weber, registry;"), "{}", first.what);
    assert_eq!(status(&stage, "ARM").await, Status::Received);
    let register = stage.register(None).await;
    let of_armenia = register.states.iter().find(|line| line.iso3 == iso3("ARM")).unwrap();
    assert_eq!(of_armenia.recorded, Some(Way::Pouch));
    assert_eq!(register.told[&iso3("ARM")], "recorded by pouch");
    let original = stage.desk().original("M-000001").await.unwrap();
    assert!(original.lacks.is_none() && original.bytes.starts_with(b"Subject: Armenia: by pouch\r\n"));

    // A correction by mail is the next version, as of any input.
    let mail = Mail::from("Ministry <post@mfa.am>")
        .subject("Armenia: corrected input")
        .body("Please find attached a corrected version of our contribution.")
        .document("Armenia: corrected contribution to the regional review");
    stage.deliver("1.mail", &mail.raw(), stage.clock.now());
    stage.wait(1).await;
    assert!(stage.log().await[1].recorded.is_none());

    // Taken back, it waits for a person.
    stage.desk().undo("M-000001", &person("chief"), "the wrong state").await.unwrap();
    let line = stage.log().await.remove(0);
    let asked = "It was recorded as what Armenia sent by pouch, and not assigned: assign it.";
    assert_eq!((line.reference, line.waiting.as_deref()), (None, Some(asked)));
});

both!(what_was_recorded_before_is_not_recorded_again, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let taken = recorded(&stage, &["ARM"], "2020-09-29T16:00:00+02:00", &[document()]).await;
    assert_eq!(taken.stored, Stored::New(1));
    let again = recorded(&stage, &["ARM"], "2020-09-29T16:00:00+02:00", &[document()]).await;
    assert_eq!(again, TakenIn { stored: Stored::Known(1), read: true });
    assert_eq!(stage.log().await.len(), 1);
});

both!(paper_alone_is_an_input_without_words, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    recorded(&stage, &["NOR", "SWE"], "2020-10-01T00:00:00+02:00", &[]).await;
    let line = stage.log().await.remove(0);
    assert_eq!((line.names, line.kind), (vec!["Norway".to_owned(), "Sweden".to_owned()], Some(Kind::Joint)));
    assert_eq!((line.standing, line.words, line.waiting), (Some(Standing::Late), None, None));
    assert_eq!(line.subject.as_deref(), Some("Norway, Sweden: by pouch"));
});

both!(what_cannot_be_read_is_recorded_all_the_same, async |db: Database| {
    let stage = Stage::set(db, NOW).await;
    let broken = ("input.docx".to_owned(), b"PK\x03\x04torn".to_vec());
    recorded(&stage, &["ARM"], "2020-09-29T16:00:00+02:00", &[broken]).await;
    let line = stage.log().await.remove(0);
    assert_eq!((line.reference.as_deref(), line.standing), (Some("GCM-ECE-2020-0001"), Some(Standing::OnTime)));
    assert_eq!(line.words, None);
});

both!(what_is_not_assigned_waits_for_a_person, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    // The process ends before it has assigned it.
    taken_in(&stage, &["ARM"], "2020-09-29T16:00:00+02:00", &[document()]).await;
    stage.restart().await;
    stage.wait(60).await;
    let line = stage.log().await.remove(0);
    let asked = "It was recorded as what Armenia sent by pouch, and not assigned: assign it.";
    assert_eq!((line.reference, line.waiting.as_deref()), (None, Some(asked)));
    assert!(stage.posted().is_empty());
});
