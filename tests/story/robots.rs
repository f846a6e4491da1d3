//! What programs send: never answered, never registered by itself, and never lost where it brings a document.

use super::{
    mail::Mail,
    stage::{Stage, field},
};
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
    // A person may have written it, who is not to be lost.
    stage.deliver("1.mail", &absence("Re: Reminder: inputs to the regional review"), stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0);
    let register = stage.register(None).await;
    assert_eq!(register.waiting.len(), 1);
    assert!(register.waiting[0].candidates.is_empty(), "no state waits for it: {:?}", register.waiting[0].candidates);
    let waiting = stage.log().await[0].waiting.clone().unwrap_or_default();
    assert!(waiting.starts_with("Is it an automatic answer?"), "{waiting}");
});

both!(a_short_answer_within_minutes_is_asked_unless_words_tell_who_wrote_it, async |db: Database| {
    for (what, body, kind) in [
        ("only how soon it came", "Noted by the registry.", Some("automatic answer")),
        ("a phrase of absence", "I am out of the office until Monday.", None),
        ("an announcement", "We will send our input on 5 October.", Some("announcement")),
        ("a refusal", "Norway will not submit an input.", Some("no input")),
        ("thanks", "Thank you very much.", None),
    ] {
        let mut stage = Stage::set(Database::fresh(db.kind()).await, "2020-09-02T09:00:00+02:00").await;
        let input = Mail::from("Ana <ana@mfa.no>").document("Norway: input");
        stage.deliver("0.mail", &input.raw(), stage.clock.now());
        stage.work().await;
        let posted = stage.posted();
        let [receipt] = posted.values().collect::<Vec<_>>()[..] else { panic!("{what}: {posted:?}") };
        let id = field(receipt, "Message-ID").unwrap();
        let answer =
            Mail::from("Ana <ana@mfa.no>").subject("Re: Receipt").body(body).field(&format!("In-Reply-To: {id}"));
        stage.wait(2).await;
        stage.deliver("1.mail", &answer.raw(), stage.clock.now());
        stage.wait(60).await;
        assert_eq!(stage.posted().len(), 1, "{what}: no letter");
        let register = stage.register(None).await;
        let waiting = stage.log().await[1].waiting.clone();
        assert_eq!(register.waiting.len(), usize::from(kind.is_some()), "{what}: {waiting:?}");
        let Some(kind) = kind else { continue };
        let asked = waiting.unwrap_or_default();
        assert!(asked.to_lowercase().contains(kind), "{what}: {asked}");
        // Reminders go to the focal points of states of which nothing waits.
        let holds = !register.waiting[0].candidates.is_empty();
        assert!(!(holds && kind == "automatic answer"), "{what}: {:?}", register.waiting[0].candidates);
        assert!(holds || kind != "announcement" && kind != "no input", "{what} is its state's");
    }
});
