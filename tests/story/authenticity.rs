//! A sender whose domain does not vouch for the message: nothing is filed, nothing is answered, and a person sees it.

use docket::{
    config::Shipped,
    core::{
        calls::status::Status,
        judging::matching::{Decision, Source},
    },
};

use super::{
    decisions::{assign, iso3, status},
    mail::Mail,
    stage::Stage,
};
use crate::fixture::{Database, both};

const RECEIVED: &str = "Received: from out.example by mx1.example.org with ESMTPS; Wed, 02 Sep 2020 08:59:00 +0200";
const NORWAY: &str = "Ministry <post@mfa.no>";

async fn stage(db: Database, names: &[&str]) -> Stage {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    Stage::set_with(db, "2020-09-02T09:00:00+02:00", Shipped::embedded(), |config| {
        config.mailboxes[0].trusted_authserv = names;
    })
    .await
}

/// A message with an input, below what the relay wrote.
fn judged(from: &str, result: &str) -> Mail {
    let domain = from.rsplit_once('@').expect("an address").1.trim_end_matches('>');
    let field = format!("Authentication-Results: mx1.example.org; dmarc={result} header.from={domain}");
    Mail::from(from).document(&format!("Input of {from}, {result}")).above(RECEIVED).above(&field)
}

both!(mail_that_its_domain_does_not_vouch_for_waits_for_a_person, async |db: Database| {
    let mut stage = stage(db, &["mx1.example.org"]).await;
    stage.deliver("1.mail", &judged(NORWAY, "fail (p=none)").raw(), stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0, "nobody is answered who may have written nothing");
    let line = &stage.log().await[0];
    assert_eq!((line.reference.as_ref(), line.states.as_slice()), (None, [].as_slice()));
    let waiting = line.waiting.as_deref().unwrap_or_default();
    assert!(waiting.starts_with("Is it genuine?"), "{waiting}");
    assert!(waiting.contains("mx1.example.org: dmarc=fail header.from=mfa.no"), "{waiting}");
    assert!(waiting.contains("Norway"), "the candidate is kept: {waiting}");
    let entry = stage.entry("M-000001").await;
    assert!(entry.authentication.unwrap_or_default().contains("does not vouch"));
    assert!(entry.answer.unwrap_or_default().contains("dmarc=fail"));
    let item = &entry.items[0];
    assert_eq!(item.decision, Decision::Review);
    let found = item.evidence.iter().find(|evidence| evidence.source == Source::Authentication).expect("it is shown");
    assert_eq!((found.iso3, found.text.as_str()), (iso3("NOR"), "mx1.example.org: dmarc=fail header.from=mfa.no"));
    assert!(item.evidence.iter().all(|evidence| evidence.source != Source::SenderDomain), "{:?}", item.evidence);
    let register = stage.register(None).await;
    assert_eq!(register.waiting.len(), 1);
    assert_eq!(register.waiting[0].candidates, [iso3("NOR")], "and the state is not reminded meanwhile");
    // A person who asked there by another way decides as always.
    assign(&stage, "M-000001", "NOR", false).await;
    stage.wait(60).await;
    assert_eq!(status(&stage, "NOR").await, Status::Received);
    assert_eq!(stage.posted().len(), 0, "still no answer to an address that may be forged");
});

both!(a_contact_that_is_forged_is_no_evidence, async |db: Database| {
    let mut stage = stage(db, &["mx1.example.org"]).await;
    let people = "iso3,name,address,language,from,until\nKGZ,Third Secretary,third.secretary@bluewin.ch,en,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    let from = "Third Secretary <third.secretary@bluewin.ch>";
    stage.deliver("1.mail", &judged(from, "fail").raw(), stage.clock.now());
    stage.wait(1).await;
    let line = &stage.log().await[0];
    assert!(line.states.is_empty() && line.waiting.as_deref().unwrap_or_default().contains("Kyrgyzstan"), "{line:?}");
    let evidence = &stage.entry("M-000001").await.items[0].evidence;
    assert!(evidence.iter().all(|evidence| evidence.source != Source::Contact), "{evidence:?}");
    // The same, vouched for.
    stage.deliver("2.mail", &judged(from, "pass").raw(), stage.clock.now());
    stage.wait(1).await;
    assert_eq!(stage.log().await[1].states, [iso3("KGZ")]);
    assert_eq!(stage.posted().len(), 1);
});

both!(what_is_forged_on_behalf_of_a_colleague_or_of_an_ngo_is_seen, async |db: Database| {
    let mut stage = stage(db, &["mx1.example.org"]).await;
    let forward = "FYI\n\n---------- Forwarded message ----------\nFrom: Ana <ana@mfa.no>\nTo: us\nSubject: \
                   Input\n\nAttached.";
    let colleague = judged("Paul <paul@unece.org>", "fail").subject("Fwd: Input").body(forward);
    stage.deliver("1.mail", &colleague.raw(), stage.clock.now());
    stage.deliver("2.mail", &judged("NGO <post@ngo.example>", "fail").raw(), stage.clock.now());
    stage.deliver("3.mail", &judged("Odd <odd@spam.example>", "fail").raw(), stage.clock.now());
    stage.wait(60).await;
    assert_eq!(stage.posted().len(), 0);
    for line in stage.log().await {
        assert_eq!((line.reference, line.states.as_slice()), (None, [].as_slice()), "{}", line.number);
        assert!(line.waiting.unwrap_or_default().starts_with("Is it genuine?"), "{}", line.number);
    }
});

both!(who_is_vouched_for_is_answered_though_the_return_path_is_another, async |db: Database| {
    let mut stage = stage(db, &["mx1.example.org"]).await;
    let pass = judged(NORWAY, "pass").above("Return-Path: <post@provider.example>");
    stage.deliver("1.mail", &pass.raw(), stage.clock.now());
    let none = judged(NORWAY, "none").above("Return-Path: <post@provider.example>");
    stage.deliver("2.mail", &none.raw(), stage.clock.now());
    stage.wait(1).await;
    let to: Vec<String> = stage.letters().await.into_iter().map(|letter| letter.recipient).collect();
    assert_eq!(to, ["post@mfa.no", "post@provider.example"]);
    let said = stage.entry("M-000001").await.authentication.unwrap_or_default();
    assert!(said.contains("vouches for the message (mx1.example.org: dmarc=pass header.from=mfa.no)"), "{said}");
    assert_eq!(stage.entry("M-000002").await.authentication, None);
});

both!(what_a_sender_writes_in_the_relay_s_name_changes_nothing, async |db: Database| {
    let mut stage = stage(db, &["mx1.example.org"]).await;
    let forged = "Authentication-Results: mx1.example.org; dmarc=pass header.from=mfa.no";
    // Below the relay's own word, and below the lines of others.
    let below = judged(NORWAY, "fail").field(forged);
    stage.deliver("1.mail", &below.raw(), stage.clock.now());
    let strange = "Received: from pc by out.example; Wed, 02 Sep 2020 08:58:00 +0200";
    let alone = Mail::from(NORWAY)
        .document("Norway: input")
        .above(forged)
        .above(strange)
        .above(RECEIVED)
        .above("Return-Path: <thief@elsewhere.example>");
    stage.deliver("2.mail", &alone.raw(), stage.clock.now());
    stage.wait(1).await;
    let log = stage.log().await;
    assert!(log[0].states.is_empty() && log[0].waiting.is_some());
    let to: Vec<String> = stage.letters().await.into_iter().map(|letter| letter.recipient).collect();
    assert_eq!(to, ["thief@elsewhere.example"], "no letter goes to Norway, which wrote nothing");
});

both!(without_a_relay_nothing_of_the_kind_counts, async |db: Database| {
    let mut stage = stage(db, &[]).await;
    stage.deliver("1.mail", &judged(NORWAY, "fail").raw(), stage.clock.now());
    stage.wait(1).await;
    assert_eq!(stage.log().await[0].states, [iso3("NOR")]);
    assert_eq!(stage.posted().len(), 1);
    assert_eq!(stage.entry("M-000001").await.authentication, None);
});
