//! What programs send: never answered, never registered by itself, and never lost where it brings a document.

use super::{mail::Mail, stage::Stage};
use crate::fixture::{Database, both};

both!(a_program_s_document_is_matched_and_asked, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let scanner =
        Mail::from("Scan <notification@mfa.no>").document("Input of Norway").field("Auto-Submitted: auto-generated");
    stage.deliver("1.mail", &scanner.raw(), stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0);
    let line = &stage.log().await[0];
    assert_eq!(line.reference, None, "nothing is registered by itself");
    assert!(line.waiting.as_deref().unwrap_or_default().contains("must not be answered"), "{:?}", line.waiting);
    let item = &stage.entry("M-000001").await.items[0];
    assert!(item.evidence.iter().any(|evidence| evidence.iso3.to_string() == "NOR"), "{:?}", item.evidence);
});

both!(an_absence_in_words_is_asked_and_holds_no_reminder, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let absence = |subject: &str| {
        Mail::from("Ana <ana@mfa.no>")
            .subject(subject)
            .body("I have moved to a new role and no longer monitor this mailbox.")
            .raw()
    };
    // In answer to a letter it is a program's; by itself it is only likely one.
    let answer = absence("Re: Reminder: inputs to the regional review");
    stage.deliver("0.mail", &answer, stage.clock.now());
    stage.wait(60).await;
    assert_eq!((stage.posted().len(), stage.register(None).await.waiting.len()), (0, 0));
    stage.deliver("1.mail", &absence("Inputs to the regional review"), stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0);
    let register = stage.register(None).await;
    assert_eq!(register.waiting.len(), 1);
    assert!(register.waiting[0].candidates.is_empty(), "no state waits for it: {:?}", register.waiting[0].candidates);
    let waiting = stage.log().await[1].waiting.clone().unwrap_or_default();
    assert!(waiting.starts_with("Is it an automatic answer?"), "{waiting}");
});
