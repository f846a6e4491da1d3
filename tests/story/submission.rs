//! What a party has filed under one reference: all of it is shown, in the order of receipt.

use docket::desk::view::Place;

use super::{
    mail::Mail,
    stage::{Stage, person},
};
use crate::fixture::{Database, both, deciding::Deciding as _};

const MINISTRY: &str = "Ministry of Foreign Affairs <post@mfa.no>";

/// Each place in short: the message, its version, and whether it repeats that, is current, was withdrawn.
fn in_short(places: &[Place]) -> Vec<(&str, u32, bool, bool, bool)> {
    let place = |place: &Place| (place.version, place.repeats, place.current, place.withdrawn.is_some());
    places
        .iter()
        .map(|one| {
            let (version, repeats, current, withdrawn) = place(one);
            (one.number.as_str(), version, repeats, current, withdrawn)
        })
        .collect()
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
    let expected = [
        ("M-000001", 1, false, false, false),
        ("M-000002", 2, false, true, false),
        ("M-000003", 2, true, false, false),
    ];
    assert_eq!(in_short(&submission.places), expected);
    assert!(submission.places.is_sorted_by_key(|place| place.received));
    assert!(stage.entry("M-000001").await.submission.is_none(), "a message was asked for");

    stage.desk().not_an_input("M-000002", false, &person("desk"), "a draft").await.unwrap();
    stage.desk().not_an_input("M-000003", false, &person("desk"), "a draft").await.unwrap();
    let entry = stage.entry("GCM-ECE-2020-0001").await;
    let submission = entry.submission.expect("a reference was asked for");
    let current: Vec<&str> =
        submission.places.iter().filter(|place| place.current).map(|place| place.number.as_str()).collect();
    assert_eq!(current, ["M-000001"], "{:?}", submission.places);
    let withdrawn = |number: &str| submission.places.iter().any(|p| p.number == number && p.withdrawn.is_some());
    assert!(withdrawn("M-000002") && withdrawn("M-000003"), "what was withdrawn is told: {:?}", submission.places);
});
