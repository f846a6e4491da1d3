//! What our relay says of a sender: believed where only it can have written, and nowhere else.

use docket::core::mail::{
    authenticity::{Authenticity, Relay, Verdict, authenticity},
    automatic::{Beside, Own, answerable},
    message::{Message, parse},
};
use proptest::prelude::*;

const FROM: &str = "From: Ana <ana@eda.admin.ch>\r\nTo: review@example.org";
const BY_US: &str = "Received: from out.admin.ch by mx.example.org with ESMTPS; Wed, 30 Sep 2020 10:00:00 +0000";
const OUTLOOK: &str = "Received: from a.eurprd08.prod.outlook.com by AM0PR08MB1.eurprd08.prod.outlook.com; Wed, 30 Sep 2020 \
                       10:00:00 +0000";
const BY_OTHERS: &str = "Received: from pc by out.admin.ch; Wed, 30 Sep 2020 10:00:00 +0000";

fn relay() -> Relay {
    Relay {
        names: vec!["mx.example.org".into()],
        hops: vec!["store.example.org".into(), "mx.example.org".into()],
        microsoft365: false,
    }
}

fn message(header: &str) -> Message {
    parse(format!("{header}\r\n\r\ntext\r\n").as_bytes()).expect("a message").message
}

fn judge(header: &str) -> Authenticity {
    authenticity(&message(header), &relay())
}

/// What a field says that stands above everything.
fn on_top(value: &str) -> Verdict {
    judge(&format!("Authentication-Results: {value}\r\n{BY_US}\r\n{BY_OTHERS}\r\n{FROM}")).verdict
}

#[test]
fn the_field_as_servers_write_it() {
    for (value, expected) in [
        ("mx.example.org; dmarc=pass header.from=eda.admin.ch", Verdict::Passed),
        ("mx.example.org 1; dmarc=pass (p=reject dis=none) header.from=eda.admin.ch", Verdict::Passed),
        (
            "MX.Example.Org;\r\n\tspf=fail smtp.mailfrom=x.example;\r\n\tdmarc=PASS\r\n header.from=EDA.admin.ch",
            Verdict::Passed,
        ),
        ("\"mx.example.org\" (our; relay) ; dmarc/1 = pass (a \\) b) header.from = \"eda.admin.ch\"", Verdict::Passed),
        (
            "mx.example.org; dkim=pass header.d=eda.admin.ch; dmarc=fail (p=none) header.from=eda.admin.ch",
            Verdict::Failed,
        ),
        ("mx.example.org; dmarc=fail", Verdict::Failed),
        ("mx.example.org; dmarc=fail header.from=other.example", Verdict::Failed),
        ("mx.example.org; dmarc=pass header.from=eda.admin.ch; dmarc=fail header.from=x.example", Verdict::Failed),
        // For another domain than the one that a person reads, or for none.
        ("mx.example.org; dmarc=pass header.from=admin.ch", Verdict::Unknown),
        ("mx.example.org; dmarc=pass", Verdict::Unknown),
        ("mx.example.org; dmarc=pass reason=\"header.from=eda.admin.ch\"", Verdict::Unknown),
        // A record that is broken or away is no forgery.
        ("mx.example.org; dmarc=permerror header.from=eda.admin.ch", Verdict::Unknown),
        ("mx.example.org; dmarc=temperror header.from=eda.admin.ch", Verdict::Unknown),
        ("mx.example.org; dmarc=none header.from=eda.admin.ch", Verdict::Unknown),
        ("mx.example.org; spf=pass smtp.mailfrom=eda.admin.ch; dkim=pass header.d=eda.admin.ch", Verdict::Unknown),
        ("mx.example.org; none", Verdict::Unknown),
        // Our name, but not where the name stands.
        ("mx.evil.example (mx.example.org); dmarc=pass header.from=eda.admin.ch", Verdict::Unknown),
        ("(mx.example.org;) mx.evil.example; dmarc=pass header.from=eda.admin.ch", Verdict::Unknown),
        ("mx.evil.example; x=\"mx.example.org; dmarc=pass header.from=eda.admin.ch\"", Verdict::Unknown),
        ("mx.example.org.evil.example; dmarc=pass header.from=eda.admin.ch", Verdict::Unknown),
        ("dmarc=pass header.from=eda.admin.ch; mx.example.org", Verdict::Unknown),
        // A result that stands in a comment or in quotes is none.
        ("mx.example.org; spf=none (dmarc=pass header.from=eda.admin.ch)", Verdict::Unknown),
        ("mx.example.org; spf=none (; dmarc=fail", Verdict::Unknown),
        ("mx.example.org; spf=none reason=\"; dmarc=fail header.from=eda.admin.ch\"", Verdict::Unknown),
        ("", Verdict::Unknown),
    ] {
        assert_eq!(on_top(value), expected, "{value}");
    }
}

#[test]
fn a_pass_counts_only_where_the_sender_cannot_have_written() {
    let pass = "Authentication-Results: mx.example.org; dmarc=pass header.from=eda.admin.ch";
    let stored = "Received: from mx.example.org by store.example.org; Wed, 30 Sep 2020 10:00:01 +0000";
    for (header, expected) in [
        (format!("{pass}\r\n{BY_US}\r\n{BY_OTHERS}"), Verdict::Passed),
        (format!("{stored}\r\n{pass}\r\n{BY_US}\r\n{BY_OTHERS}"), Verdict::Passed),
        // Some relays write it below their own line.
        (format!("{BY_US}\r\n{pass}\r\n{BY_OTHERS}"), Verdict::Passed),
        (format!("{BY_US}\r\n{BY_OTHERS}\r\n{pass}"), Verdict::Unknown),
        (format!("{BY_OTHERS}\r\n{pass}\r\n{BY_US}"), Verdict::Unknown),
        // The relay's own stands above what the sender wrote, and the worse counts.
        (format!("Authentication-Results: mx.example.org; dmarc=none\r\n{BY_US}\r\n{pass}"), Verdict::Unknown),
        (format!("{pass}\r\n{BY_US}\r\nAuthentication-Results: mx.example.org; dmarc=none"), Verdict::Unknown),
        (format!("Authentication-Results: mx.example.org; dmarc=fail\r\n{BY_US}\r\n{pass}"), Verdict::Failed),
        (
            format!("{pass}\r\n{BY_US}\r\n{BY_OTHERS}\r\nAuthentication-Results: mx.example.org; dmarc=fail"),
            Verdict::Failed,
        ),
        // What others sign is theirs.
        (pass.replace("mx.example.org", "mx.admin.ch"), Verdict::Unknown),
        (format!("ARC-{pass}\r\n{BY_US}"), Verdict::Unknown),
        (format!("X-{pass}\r\n{BY_US}"), Verdict::Unknown),
        (pass.replace("Results:", "Results-Original:"), Verdict::Unknown),
    ] {
        let said = judge(&format!("{header}\r\n{FROM}"));
        assert_eq!(said.verdict, expected, "{header}");
        assert_eq!(said.said.is_some(), expected != Verdict::Unknown);
    }
}

#[test]
fn without_hops_it_must_stand_above_every_received_line() {
    let pass = "Authentication-Results: mx.example.org; dmarc=pass header.from=eda.admin.ch";
    let relay = Relay { hops: Vec::new(), ..relay() };
    let verdict = |header: &str| authenticity(&message(&format!("{header}\r\n{FROM}")), &relay).verdict;
    assert_eq!(verdict(&format!("{pass}\r\n{BY_US}")), Verdict::Passed);
    assert_eq!(verdict(&format!("{BY_US}\r\n{pass}")), Verdict::Unknown);
    let fail = pass.replace("pass", "fail");
    assert_eq!(verdict(&format!("{BY_US}\r\n{fail}")), Verdict::Failed, "a failure is believed all the same");
}

#[test]
fn nothing_counts_where_no_relay_is_named() {
    let nobody = Relay { names: Vec::new(), ..relay() };
    for result in ["pass", "fail"] {
        let header =
            format!("Authentication-Results: mx.example.org; dmarc={result} header.from=eda.admin.ch\r\n{FROM}");
        assert_eq!(authenticity(&message(&header), &nobody), Authenticity::default());
        assert!(answerable(&message(&header), &Own::default(), Beside::default()).send);
    }
}

#[test]
fn it_says_what_the_relay_said() {
    let said = judge(&format!(
        "Authentication-Results: mx.example.org;\r\n dmarc=fail (p=reject; dis=none) header.from=eda.admin.ch\r\n{FROM}"
    ));
    assert_eq!(said.failure(), Some("mx.example.org: dmarc=fail header.from=eda.admin.ch"));
    let words = said.in_words().unwrap();
    assert!(words.contains("does not vouch") && words.contains("dmarc=fail header.from=eda.admin.ch"), "{words}");
}

#[test]
fn what_may_be_forged_is_not_answered_and_who_is_vouched_for_is() {
    let own = Own { relay: relay(), ..Own::default() };
    let top = |result: &str| format!("Authentication-Results: mx.example.org; dmarc={result} header.from=eda.admin.ch");
    let fail = answerable(&message(&format!("{}\r\n{FROM}", top("fail"))), &own, Beside::default());
    assert!(!fail.send && !fail.automatic && fail.recipient.is_none(), "{}", fail.reason);
    assert!(fail.reason.contains("dmarc=fail header.from=eda.admin.ch"), "{}", fail.reason);
    // FINDINGS 4: to From where its domain is aligned with the return path, or vouches for the message.
    for (result, recipient) in [("pass", "ana@eda.admin.ch"), ("none", "ana@provider.example")] {
        let header = format!("{}\r\nReturn-Path: <ana@provider.example>\r\n{FROM}", top(result));
        assert_eq!(answerable(&message(&header), &own, Beside::default()).recipient.as_deref(), Some(recipient));
    }
    // A robot's message stays a robot's.
    let robot = answerable(
        &message(&format!("{}\r\nAuto-Submitted: auto-replied\r\n{FROM}", top("fail"))),
        &own,
        Beside::default(),
    );
    assert!(robot.automatic);
}

proptest! {
    #[test]
    fn no_field_breaks_it(value in "\\PC{0,300}", between in "[ ;=()\"\\\\a-z./\r\n\t]{0,120}") {
        for value in [&value, &between] {
            let value = value.replace(['\r', '\n'], " ");
            judge(&format!("Authentication-Results: {value}\r\nAuthentication-Results: mx.example.org; {value}\r\n{FROM}"));
        }
    }

    /// Whatever a sender writes below the lines of others never makes a pass.
    #[test]
    fn a_sender_never_vouches_for_itself(value in "[ ;=()\"\\\\a-z./]{0,60}", before in "[ ;=()\"\\\\a-z./]{0,20}") {
        let forged = format!("{before}mx.example.org; {value}; dmarc=pass header.from=eda.admin.ch");
        let said = judge(&format!("{BY_US}\r\n{BY_OTHERS}\r\nAuthentication-Results: {forged}\r\n{FROM}"));
        prop_assert_ne!(said.verdict, Verdict::Passed);
        let said = judge(&format!(
            "Authentication-Results: mx.example.org; dmarc=fail header.from=eda.admin.ch\r\n{BY_US}\r\n\
             Authentication-Results: {forged}\r\n{FROM}"
        ));
        prop_assert_eq!(said.verdict, Verdict::Failed);
    }
}

#[test]
fn microsoft_365_signs_with_no_name() {
    let microsoft = Relay { microsoft365: true, ..Relay::default() };
    let field = |result: &str| {
        format!(
            "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=eda.admin.ch; dkim=pass (signature was \
             verified) header.d=eda.admin.ch;dmarc={result} action=none header.from=eda.admin.ch;compauth=pass reason=100"
        )
    };
    let verdict = |header: &str| authenticity(&message(&format!("{header}\r\n{FROM}")), &microsoft).verdict;
    assert_eq!(verdict(&format!("{OUTLOOK}\r\n{}\r\n{BY_OTHERS}", field("pass"))), Verdict::Passed);
    assert_eq!(verdict(&format!("{OUTLOOK}\r\n{}", field("fail"))), Verdict::Failed);
    assert_eq!(verdict(&format!("{OUTLOOK}\r\n{}", field("bestguesspass"))), Verdict::Unknown);
    // Only the topmost, only below hosts of the provider, and none with a name.
    assert_eq!(verdict(&format!("{OUTLOOK}\r\n{}\r\n{}", field("none"), field("pass"))), Verdict::Unknown);
    assert_eq!(verdict(&format!("{OUTLOOK}\r\n{}\r\n{}", field("pass"), field("fail"))), Verdict::Passed);
    assert_eq!(verdict(&format!("{BY_OTHERS}\r\n{}", field("pass"))), Verdict::Unknown);
    assert_eq!(verdict(&format!("{BY_OTHERS}\r\n{}", field("fail"))), Verdict::Unknown);
    let disguised = "Received: from x by outlook.com.attacker.example; Wed, 30 Sep 2020 10:00:00 +0000";
    assert_eq!(verdict(&format!("{disguised}\r\n{}", field("pass"))), Verdict::Unknown);
    let named = "Authentication-Results: mx.example.org; dmarc=pass header.from=eda.admin.ch";
    assert_eq!(verdict(&format!("{OUTLOOK}\r\n{named}")), Verdict::Unknown);
    let untrusted = authenticity(&message(&format!("{OUTLOOK}\r\n{}\r\n{FROM}", field("pass"))), &relay());
    assert_eq!(untrusted.verdict, Verdict::Unknown, "where it is not trusted, no field without a name counts");
}
