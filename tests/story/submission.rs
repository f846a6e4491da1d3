//! What a party has filed under one reference: all of it is shown, in the order of receipt.

use docket::desk::view::Place;

use super::{
    mail::Mail,
    stage::{Stage, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";

/// Each place in short: the message, its version, and whether it repeats that, is current.
fn in_short(places: &[Place]) -> Vec<(&str, Option<u32>, bool, bool)> {
    places.iter().map(|place| (place.number.as_str(), place.version, place.repeats, place.current)).collect()
}

both!(all_that_is_filed_under_a_reference_is_shown, async |db: Database| {
    let mut stage = Stage::set(db, "2020-09-02T09:00:00+02:00").await;
    let first = Mail::from(MINISTRY).subject("Norway: input").document("Norway: contribution to the regional review");
    let second = Mail::from(MINISTRY)
        .subject("Norway: corrected input")
        .body("Please find attached a corrected version of our contribution.")
        .document("Norway: corrected contribution to the regional review");
    let again = second.clone().subject("Norway: corrected input (resent)");
    for (n, mail) in [(1, &first), (2, &second), (3, &again)] {
        stage.deliver(&format!("{n}.mail"), &mail.raw(), stage.clock.now());
        stage.wait(1).await;
    }
    let entry = stage.entry("gcm-ece-2020-0001").await;
    let submission = entry.submission.expect("a reference was asked for");
    assert_eq!((entry.number.as_str(), submission.reference.as_str()), ("M-000002", "GCM-ECE-2020-0001"));
    assert_eq!(submission.states, [("NOR".parse().unwrap(), "Norway".to_owned())]);
    let expected =
        [("M-000001", Some(1), false, false), ("M-000002", Some(2), false, true), ("M-000003", Some(2), true, false)];
    assert_eq!(in_short(&submission.places), expected);
    assert!(submission.places.is_sorted_by_key(|place| place.received));
    assert!(stage.entry("M-000001").await.submission.is_none(), "a message was asked for");

    stage.desk().not_an_input("M-000002", false, &person("desk"), "a draft").await.unwrap();
    stage.desk().not_an_input("M-000003", false, &person("desk"), "a draft").await.unwrap();
    let entry = stage.entry("GCM-ECE-2020-0001").await;
    let submission = entry.submission.expect("a reference was asked for");
    assert_eq!(in_short(&submission.places), [("M-000001", Some(1), false, true)], "what was taken out has no place");
});
