//! Why a message gets no letter: each reason has its words, and comes back as it was.

use docket::core::{judging::silence::Silence, mail::mail_loop::Over};

/// Every kind of reason.
pub(super) fn samples() -> Vec<Silence> {
    vec![
        Silence::Unrelated,
        Silence::Colleague,
        Silence::PassedOn,
        Silence::NotAnswerable { why: "The message came through a mailing list.".to_owned() },
        Silence::Correspondence,
        Silence::Stray,
        Silence::Stranger,
        Silence::Junk,
        Silence::BeforeTheBeginning,
        Silence::Old,
        Silence::Imported,
        Silence::Recorded,
        Silence::Asked,
        Silence::LoopSuspected(Over::NothingNew),
        Silence::LoopSuspected(Over::Letters { letters: 2 }),
        Silence::AnsweredElsewhere { mailbox: "archive".to_owned(), number: "M-000007".to_owned() },
        Silence::NotWished,
        Silence::NoAddress,
        Silence::NoFocalPoint,
        Silence::HasMoreTime,
        Silence::ToOurselves,
        Silence::NoCall,
        Silence::Other { text: "It was there before.".to_owned() },
    ]
}

#[test]
fn every_reason_comes_back_as_it_was() {
    for silence in samples() {
        assert_eq!(Silence::read(&silence.kept().unwrap()), Ok(silence));
    }
    assert_eq!(Silence::Old.kept().unwrap(), r#"{"kind":"old","v":1}"#);
    assert_eq!(
        Silence::NoCall.told().plain(),
        "Not answered: a letter names the call, and it is not decided yet which one this is for."
    );
}

#[test]
fn a_reason_of_old_is_its_kind_or_stays_word_for_word() {
    for (text, kind) in [
        ("It was in a folder of junk.", Silence::Junk),
        ("It was received before the program began to answer.", Silence::BeforeTheBeginning),
        ("It was old when it was first seen.", Silence::Old),
        ("It was imported, and no letters were asked for.", Silence::Imported),
        ("It is old.", Silence::Other { text: "It is old.".to_owned() }),
        ("", Silence::Other { text: String::new() }),
    ] {
        assert_eq!(Silence::read(text), Ok(kind));
    }
}

#[test]
fn what_cannot_be_read_is_no_leave_to_answer() {
    for broken in [
        "{",
        "{}",
        r#"{"kind":"old"}"#,
        r#"{"kind":"old","v":2}"#,
        r#"{"kind":"young","v":1}"#,
        r#"{"v":1,"kind":"old"}"#,
    ] {
        assert!(Silence::read(broken).is_err_and(|why| !why.is_empty()), "{broken}");
    }
}
