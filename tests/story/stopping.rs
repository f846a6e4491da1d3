//! Stopping all letters to outsiders, and letting them leave again.

use docket::{core::role::Role, desk::DeskError};
use jiff::SignedDuration;
use proptest::prelude::*;

use super::stage::{ADDRESS, Sample, Stage, person};
use crate::fixture::{
    Database, Kind, both,
    browser::{Browser, PASSWORD},
    intake::{document, mail_to},
    on,
};

const NOW: &str = "2020-09-01T09:00:00+02:00";

both!(nothing_leaves_while_sending_is_stopped_and_no_letter_grows_too_old, async |db: Database| {
    let mut stage = Stage::set(db, NOW).await;
    let secret = stage.desk().add_account("Officer C", Role::Officer, &person("root")).await.unwrap();
    let mut officer = Browser::before(&stage.shared_instance());
    officer.enter("Officer C", secret.shown()).await;
    officer.get("/stop").await;
    let why = officer.send("/stop", &[("do", "stop"), ("reason", "  ")]).await;
    assert_eq!((why.status, why.body.contains("Write why")), (409, true));
    let reason = "a wrong <b>template</b>";
    assert_eq!(officer.send("/stop", &[("do", "stop"), ("reason", reason)]).await.to.as_deref(), Some("/stop"));
    stage.play(&Sample::some(&["01"])).await;
    stage.wait(30).await;
    officer.log_in("Officer C", PASSWORD).await;
    assert_eq!(stage.posted().len(), 0, "nothing leaves");
    assert!(stage.entry("M-000001").await.items[0].reference.is_some(), "mail is received and filed all the same");
    for path in ["/", "/log", "/decide", "/entry/M-000001", "/me"] {
        let page = officer.get(path).await.body;
        assert!(page.contains("by <bdi>Officer C</bdi>: “<bdi>a wrong &lt;b&gt;template&lt;"), "{path}: {page}");
        assert!(page.contains("1 letter waits"), "{path}");
    }
    let twice = stage.desk().stop_sending("again", &person("root")).await;
    assert!(matches!(twice, Err(DeskError::Refused(said)) if said.contains("Officer C has stopped it already")));
    let health = stage.desk().health();
    assert!(health.ready, "that letters wait is no trouble while they shall: {}", health.in_words());
    // Longer than a letter is tried.
    stage.wait(60 * 24 * 10).await;
    assert_eq!(stage.posted().len(), 0);
    officer.log_in("Officer C", PASSWORD).await;
    let page = officer.get("/stop").await.body;
    assert!(page.contains("Resuming lets 1 letter go"), "{page}");
    assert_eq!(officer.send("/stop", &[("do", "resume")]).await.status, 303);
    stage.wait(1).await;
    assert_eq!(stage.posted().len(), 1, "it leaves, once");
    assert!(matches!(stage.desk().resume_sending(&person("root")).await, Err(DeskError::Refused(_))));
    assert!(!officer.get("/").await.body.contains("Sending is stopped"));
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever is done in whatever order: nothing leaves while sending is stopped, and each letter leaves once.
    #[test]
    fn letters_leave_once_and_only_while_they_may(steps in prop::collection::vec(0..4_u8, 4..24)) {
        on(Kind::Sqlite, async |db: Database| {
            let mut stage = Stage::set(db, NOW).await;
            let (mut stopped, mut mails) = (false, 0);
            for step in steps {
                let before = stage.posted().len();
                match step {
                    0 => {
                        let done = stage.desk().stop_sending("for now", &person("root")).await;
                        assert_eq!(done.is_ok(), !stopped);
                        stopped = true;
                    }
                    1 => {
                        assert_eq!(stage.desk().resume_sending(&person("root")).await.is_ok(), stopped);
                        stopped = false;
                    }
                    2 => {
                        mails += 1;
                        let id = format!("mail-{mails}");
                        let from = "Ministry <post@mfa.no>";
                        let raw = mail_to(ADDRESS, &id, from, "Norway: input", &[("input.docx", &document(40 + mails))]);
                        stage.deliver(&format!("{id}.mail"), &raw, stage.clock.now());
                        stage.receive().await;
                        stage.read().await;
                    }
                    _ => {
                        stage.clock.move_to(stage.clock.now() + SignedDuration::from_mins(30));
                        stage.post().await;
                    }
                }
                assert!(!stopped || stage.posted().len() == before, "nothing leaves while sending is stopped");
            }
            drop(stage.desk().resume_sending(&person("root")).await);
            stage.wait(120).await;
            let left = stage.posted().len();
            let sent = stage.letters().await.iter().filter(|letter| letter.sent_at.is_some()).count();
            assert_eq!(left, sent, "each letter that has left lies in the folder once");
        });
    }
}
