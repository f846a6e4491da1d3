//! To whom an answer goes where servers, groups and certified mail have written other names into a message.

use docket::core::mail::{
    automatic::{Answerable, Beside, Own, answerable, original_author},
    message::parse,
};

const FROM: &str = "From: Officer <officer@siseministeerium.ee>";

fn own() -> Own {
    Own { addresses: vec!["gcm-review@review.test".to_owned()], ..Own::default() }
}

fn judge(header: &str, own: &Own) -> Answerable {
    let raw = format!("{header}\r\nTo: gcm-review@review.test\r\n\r\ntext\r\n");
    answerable(&parse(raw.as_bytes()).expect("a message").message, own, Beside::default())
}

#[test]
fn a_rewritten_return_path_is_nobody_s_address() {
    for path in [
        "SRS0=abcd=EF=siseministeerium.ee=officer@forward.example.net",
        "srs0+abcd=ef=siseministeerium.ee=officer@forward.example.net",
        "SRS0-abcd=EF=siseministeerium.ee=officer@forward.example.net",
        "SRS1=xy=forward.example.net==abcd=EF=siseministeerium.ee=officer@second.example.com",
        "SRS1=xy=forward.example.net=+abcd=EF=siseministeerium.ee=officer@second.example.com",
        "anna+SRS=abcd=EF=siseministeerium.ee=officer@tenant.example.com",
        "bounces+SRS=Ab1cD=EF@unece.onmicrosoft.com",
        "prvs=1234567890=officer@siseministeerium.ee",
        "btv1==0123abcd==officer@siseministeerium.ee",
        "msprvs1=18541abc=bounces-123456@mailer.example.com",
        "secretariat+caf_=gcm-review=review.test@gmail.com",
        "bounces+123456-abcd-gcm-review=review.test@em1234.example.com",
        "bounce+3a1f.9c2b-gcm-review=review.test@mg.example.com",
        "a1b2c3.bounce.siseministeerium.ee@bnc3.mailjet.com",
        "0100017abcdef-1234-000000@amazonses.com",
        "0102017abcdef@eu-west-1.amazonses.com",
        "bounce-md_30112948.55a02731.v1-163e@mandrillapp.com",
        "officer@siseministeerium.onmicrosoft.com",
        "gcm-review+bncBDUM@review.test",
        "officer@rik.ee",
    ] {
        let found = judge(&format!("Return-Path: <{path}>\r\n{FROM}"), &Own::default());
        assert_eq!(found.recipient.as_deref(), Some("officer@siseministeerium.ee"), "{path}: {}", found.reason);
    }
}

#[test]
fn what_stands_inside_is_judged_as_what_it_was() {
    for (path, recipient) in [
        ("SRS0=abcd=EF=other.example=b@forward.example.net", Some("b@other.example")),
        ("SRS0=abcd=EF=other.example=MAILER-DAEMON@forward.example.net", None),
        ("prvs=1234567890=owner-list@other.example", None),
        ("b@other.example", Some("b@other.example")),
    ] {
        let found = judge(&format!("Return-Path: <{path}>\r\n{FROM}"), &Own::default());
        assert_eq!(found.recipient.as_deref(), recipient, "{path}: {}", found.reason);
    }
    let nobody = judge("Return-Path: <x+caf_=a=b.example@gmail.com>\r\nSubject: x", &Own::default());
    assert!(!nobody.send, "a rewritten path alone names no person: {:?}", nobody.recipient);
    let inside = judge("Return-Path: <SRS0=ab=EF=mfa.ee=ana@f.example>\r\nSubject: x", &Own::default());
    assert_eq!(inside.recipient.as_deref(), Some("ana@mfa.ee"));
}

#[test]
fn a_sender_into_which_a_server_wrote_is_the_mailbox_inside_or_nobody() {
    for (from, recipient) in [
        ("prvs=1234abcdef=officer@mfa.ee", Some("officer@mfa.ee")),
        ("btv1==1234abcd==officer@mfa.ee", Some("officer@mfa.ee")),
        ("officer+caf_=gcm-review=review.test@mfa.ee", Some("officer@mfa.ee")),
        ("officer+gcm@mfa.ee", Some("officer+gcm@mfa.ee")),
        ("officer@ministry.onmicrosoft.com", Some("officer@ministry.onmicrosoft.com")),
        // Anyone may write another's address into it.
        ("SRS0=ab12=DX=mfa.ee=officer@forwarder.example", None),
        ("SRS1=zz=other.example==ab12=DX=mfa.ee=officer@forwarder.example", None),
        ("anna+SRS=ab12=DX=mfa.ee=officer@tenant.onmicrosoft.com", None),
        ("0100017f3c2e-1a2b3c4d-000000@amazonses.com", None),
        ("em-123=officer=mfa.ee@u1.wl.sendgrid.net", None),
    ] {
        let found = judge(&format!("From: Officer <{from}>"), &own());
        assert_eq!(found.recipient.as_deref(), recipient, "{from}: {}", found.reason);
        if recipient.is_none() {
            let found = judge(&format!("Return-Path: <other@mfa.ee>\r\nFrom: Officer <{from}>"), &own());
            assert!(!found.send && found.reason.contains("does not tell whose"), "{from}: {}", found.reason);
        }
    }
}

#[test]
fn a_tagged_address_for_returned_mail_tells_nothing_of_the_sender() {
    for path in ["bounce-x@mailer.example", "bounces.ab@mailer.example", "bounce+77@mailer.example"] {
        let found = judge(&format!("Return-Path: <{path}>\r\n{FROM}"), &own());
        assert_eq!(found.recipient.as_deref(), Some("officer@siseministeerium.ee"), "{path}: {}", found.reason);
    }
    for path in ["bounces@mailer.example", "gcm-bounces@mailer.example"] {
        let found = judge(&format!("Return-Path: <{path}>\r\n{FROM}"), &own());
        assert!(!found.send && found.automatic, "{path}: {}", found.reason);
    }
}

#[test]
fn what_a_group_rewrote_to_our_address_is_its_author_s() {
    let group = "From: 'Maria Duarte' via GCM review <gcm-review@review.test>\r\nReturn-Path: \
                 <gcm-review+bncBDUM@review.test>\r\nPrecedence: list\r\nList-ID: <gcm-review.review.test>\r\nMailing-list: \
                 list gcm-review@review.test; contact gcm-review+owners@review.test";
    for named in [
        "X-Original-From: Maria Duarte <maria.duarte@mne.pt>",
        "X-Original-Sender: maria.duarte@mne.pt",
        "Reply-To: Maria Duarte <maria.duarte@mne.pt>",
    ] {
        let found = judge(&format!("{group}\r\n{named}"), &own());
        assert!(!found.automatic, "{named}: {}", found.reason);
        assert_eq!(found.recipient.as_deref(), Some("maria.duarte@mne.pt"), "{named}: {}", found.reason);
    }
    // Who is nobody's list, and only says where answers are to go, would have us write to strangers.
    for header in [
        "From: us <gcm-review@review.test>\r\nReply-To: victim@example.com",
        "From: us <gcm-review@review.test>\r\nReply-To: gcm-review+x@review.test\r\nList-Id: <gcm-review.review.test>",
    ] {
        let found = judge(header, &own());
        assert!(!found.send && found.automatic, "{header}: {}", found.reason);
    }
    let stranger = "From: ana@mfa.example\r\nX-Original-From: victim@example.com";
    assert_eq!(judge(stranger, &own()).recipient.as_deref(), Some("ana@mfa.example"), "From is nobody's to replace");
    let elsewhere = format!("{FROM}\r\nList-Id: <other.review.test>");
    assert!(!judge(&elsewhere, &own()).send, "another's list stays a list");
}

#[test]
fn certified_mail_is_answered_to_its_author() {
    let envelope = "Return-Path: <posta-certificata@legalmail.example.it>\r\nX-Trasporto: posta-certificata\r\n";
    for from in [
        "From: \"Per conto di: dlci@pecdlci.interno.it\" <posta-certificata@legalmail.example.it>",
        "From: Ministero <posta-certificata@legalmail.example.it>\r\nReply-To: dlci@pecdlci.interno.it",
    ] {
        let found = judge(&format!("{envelope}{from}"), &own());
        assert_eq!(found.recipient.as_deref(), Some("dlci@pecdlci.interno.it"), "{from}: {}", found.reason);
    }
    let receipt = judge("From: posta-certificata@legalmail.example.it\r\nX-Ricevuta: accettazione", &own());
    assert!(!receipt.send && receipt.automatic, "{}", receipt.reason);
}

#[test]
fn a_name_with_an_address_is_no_disguise_within_a_country() {
    for name in
        ["officer@sisemin.gov.ee", "Officer (minister@valitsus.ee)", "Officer on behalf of minister@valitsus.ee"]
    {
        let found = judge(&format!("From: \"{name}\" <officer@siseministeerium.ee>"), &own());
        assert_eq!(found.recipient.as_deref(), Some("officer@siseministeerium.ee"), "{name}: {}", found.reason);
    }
    let disguised = judge("From: \"minister@valitsus.ee\" <x@attacker.example>", &own());
    assert!(!disguised.send && disguised.reason.contains("display name"));
}

#[test]
fn the_original_author_is_never_ourselves() {
    let raw = "From: gcm-review@review.test\r\nX-Original-From: gcm-review+x@review.test\r\n\r\ntext";
    assert_eq!(original_author(&parse(raw.as_bytes()).unwrap().message, &own()), None);
}
