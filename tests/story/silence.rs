//! Mail that is never answered: whatever document it brings, a person sees it, and no letter leaves.

use super::{
    mail::Mail,
    stage::{ADDRESS, Stage},
};
use crate::fixture::{Database, both};

/// What makes a message with a document one that must not be answered.
fn unanswered() -> Vec<(&'static str, Mail)> {
    let ministry = || Mail::from("Ministry <dept@mfa.gov.me>").document("Montenegro: input");
    vec![
        ("a null return path", ministry().above("Return-Path: <>")),
        ("an absence note", ministry().field("Auto-Submitted: auto-replied")),
        ("list mail", ministry().field("List-Id: <migration.lists.example.org>").field("Precedence: list")),
        ("bulk mail", ministry().field("Precedence: bulk")),
        ("a robot", Mail::from("MAILER-DAEMON@mfa.gov.me").document("Montenegro: input")),
        ("no answers there", Mail::from("No Reply <noreply@mfa.gov.me>").document("Montenegro: input")),
        ("ourselves", Mail::from(ADDRESS).document("Montenegro: input")),
        ("our own letter come back", ministry().field(&format!("X-Loop: {ADDRESS}"))),
        ("a blind copy", ministry().to("somebody@example.org")),
        ("a colleague", Mail::from("Colleague <colleague@unece.org>").document("Montenegro: input")),
    ]
}

both!(nobody_is_answered_who_must_not_be, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    for ((what, mail), n) in unanswered().into_iter().zip(1..) {
        stage.deliver(&format!("{n:02}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(30).await;
        let log = stage.log().await;
        let line = log.last().expect("it is logged");
        assert_eq!((line.number.clone(), line.letters.len()), (format!("M-{n:06}"), 0), "{what}");
        let seen =
            line.waiting.is_some() || line.reference.is_some() || line.relevance.as_deref() == Some("correspondence");
        assert!(seen, "{what}: its document is in sight: {line:?}");
        let reason = stage.entry(&line.number).await.answer.unwrap_or_default();
        assert!(!reason.is_empty(), "{what}: the silence has a reason");
    }
    assert_eq!((stage.letters().await.len(), stage.posted().len()), (0, 0));
    // The same ministry, by itself, is answered: it was not the address that kept the letters back.
    let mail = Mail::from("Ministry <dept@mfa.gov.me>").document("Montenegro: input, corrected");
    stage.deliver("99.mail", &mail.raw(), stage.clock.now());
    stage.work().await;
    assert_eq!(stage.posted().len(), 1);
});
