//! What the parent reads, the receipt clock, and the identity of a message.

use docket::core::mail::{
    header::{ClockRule, read, receipt_clock},
    identity::{evidence, identity, may_be_written_anew},
};
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

const RAW: &str = "Received: by store.example.org (Dovecot); Wed, 30 Sep 2020 22:05:00 +0000\r\n\
    Received: from mx.example.org ([10.0.0.1] helo=by)\r\n\tby MX2.example.org. with ESMTP; Wed, 30 Sep 2020 21:58:00 +0000\r\n\
    Received: from mail.mfa.example by elsewhere.example; Wed, 30 Sep 2020 01:00:00 +0000\r\n\
    Received: from x by mx2.example.org; Tue, 29 Sep 2020 01:00:00 +0000\r\n\
    From: =?utf-8?Q?Mission_fran=C3=A7aise?= <Mission@MFA.example>\r\nSubject: Entr\u{e9}e\r\nDate: Mon, 1 Jun 2020 10:00:00 +0000\r\n\
    Message-ID: <1@mfa.example>\r\n\r\nbody\r\n";

#[test]
fn the_parent_reads_what_it_needs() {
    let headers = read(RAW.as_bytes());
    let from = headers.from.unwrap();
    assert_eq!(from.name.as_deref(), Some("Mission française"));
    assert_eq!(from.address.as_deref(), Some("Mission@mfa.example"));
    assert_eq!(headers.subject.as_deref(), Some("Entrée"));
    assert_eq!(headers.message_id.as_deref(), Some("1@mfa.example"));
    let by: Vec<_> = headers.received.iter().map(|r| r.by.as_deref().unwrap()).collect();
    assert_eq!(by, ["store.example.org", "mx2.example.org", "elsewhere.example", "mx2.example.org"]);
    assert_eq!(read(b"").from, None);
}

#[test]
fn the_receipt_clock_believes_our_own_hops_then_the_mailbox() {
    let headers = read(RAW.as_bytes());
    let (internal, seen) = (at("2020-09-30T22:05:01Z"), at("2020-10-02T08:00:00Z"));
    let judge = |hops: &[&str], internal| {
        let hops: Vec<String> = hops.iter().map(ToString::to_string).collect();
        receipt_clock(&headers, &hops, internal, seen)
    };
    let ours = judge(&["store.example.org", "mx2.EXAMPLE.org"], Some(internal));
    assert_eq!((ours.at, ours.rule), (at("2020-09-30T21:58:00Z"), ClockRule::ReceivedHeader));
    assert_eq!(ours.internal_date, Some(internal));
    let broken_at_the_top = judge(&["mx2.example.org"], Some(internal));
    assert_eq!((broken_at_the_top.at, broken_at_the_top.rule), (internal, ClockRule::InternalDate));
    let none = judge(&[], Some(internal));
    assert_eq!((none.rule, none.received_header), (ClockRule::InternalDate, None));
    let nothing = judge(&[], None);
    assert_eq!((nothing.at, nothing.rule), (seen, ClockRule::FirstSeen));
}

#[test]
fn identity_passes_over_the_trace_at_the_top_only() {
    let own = "From: a@x.example\r\nReceived: by inner; 1 Jan 2020 00:00 +0000\r\n\r\nbody";
    let trace = "Return-Path: <a@x.example>\r\nReceived: by us;\r\n\t1 Jan 2020 00:00 +0000\r\nDelivered-To: r@example.org\r\n\
                 ARC-Seal: i=1\r\nAuthentication-Results: us; spf=pass\r\n";
    let delivered = format!("{trace}{own}");
    assert_ne!(evidence(own.as_bytes()), evidence(delivered.as_bytes()));
    assert!(identity(own.as_bytes()).is_some());
    assert_eq!(identity(own.as_bytes()), identity(delivered.as_bytes()));
    assert_ne!(identity(own.as_bytes()), identity(own.replace("by inner", "by other").as_bytes()));
    for nothing in ["", "\r\n\r\n", "%PDF-1.4", "Received: by us; 1 Jan 2020 00:00 +0000\r\n\r\n"] {
        assert_eq!(identity(nothing.as_bytes()), None, "{nothing:?}");
    }
}

#[test]
fn a_file_written_anew_is_the_same_message_unless_its_header_names_another() {
    let anew = |before: &str, now: &str| may_be_written_anew(before.as_bytes(), now.as_bytes());
    let whole =
        "From: A <a@mfa.no>\nSubject: Input\nDate: Wed, 30 Sep 2020 10:00:00 +0200\nMessage-ID: <1@mfa.no>\n\ntext\n";
    for (before, same) in [
        ("Subject: another\nMessage-ID: <1@mfa.no>\n\nanother text\n", true),
        ("Subject: Input\nMessage-ID: <2@mfa.no>\n\ntext\n", false),
        // Cut off in its last field, which says nothing then.
        ("Received: by mx\nFrom: A <a@mfa.no>\nMessage-ID: <1@m", true),
        ("Received: by mx\nFrom: A <a@mfa.no>\nSubj", true),
        ("Received: by mx\nFrom: A <a@m", true),
        // Without a Message-ID, whatever both say must be the same.
        ("X-By: me\nFrom: a <A@MFA.no>\nSubject: Input\n\ntext\n", true),
        ("X-By: me\nFrom: b@mfa.no\nSubject: Input\n\ntext\n", false),
        ("X-By: me\nFrom: A <a@mfa.no>\nSubject: Lunch\n\n", false),
        ("Date: Thu, 1 Oct 2020 10:00:00 +0200\r\n\r\n", false),
        ("", true),
        ("no header at all", true),
    ] {
        assert_eq!((anew(before, whole), anew(whole, before)), (same, same), "{before:?}");
    }
}
