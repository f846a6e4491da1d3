//! Who gets a letter, and where it goes: each rule with a message of its own, through the command as people run it.

use std::fs;

use crate::fixture::{
    intake::{ADDRESS, mail},
    program::House,
};

/// What is wrong with no message by itself.
const OFFICER: &str = "From: Officer <officer@mfa.no>";
/// A rule for what the letter must be.
type Letter = Result<&'static str, &'static str>;

/// A message with the input of a ministry under this header.
fn input(header: &str) -> Vec<u8> {
    let document = crate::fixture::intake::document(120);
    let written = String::from_utf8(mail(
        "x",
        "x@mfa.no",
        "Input of Norway to the regional review",
        &[("input.docx", &document)],
    ));
    let written = written.expect("it is text");
    let (head, body) = written.split_once("\r\n\r\n").expect("a header");
    let kept = |line: &&str| !["return-path:", "from:", "to:"].iter().any(|name| line.to_lowercase().starts_with(name));
    let head: Vec<&str> = head.lines().filter(kept).collect();
    let to = if header.contains("\r\nTo: ") { String::new() } else { format!("To: {ADDRESS}\r\n") };
    format!("{header}\r\n{to}{}\r\n\r\n{body}", head.join("\r\n")).into_bytes()
}

/// Headers, and to whom the letter goes, or why there is none.
fn rules() -> Vec<(String, Letter)> {
    let silent = |fields: &[&str], why: &'static str| -> Vec<(String, Letter)> {
        fields.iter().map(|field| (format!("{OFFICER}\r\n{field}"), Err(why))).collect()
    };
    let sender = |paths: &[&str]| -> Vec<(String, Letter)> {
        paths.iter().map(|path| (format!("Return-Path: <{path}>\r\n{OFFICER}"), Ok("officer@mfa.no"))).collect()
    };
    let mut rules = silent(&["X-MS-Exchange-Inbox-Rules-Loop: officer@mfa.no", "X-Loop: officer@mfa.no"], "loop");
    rules.extend(silent(
        &[
            "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
            "X-OTRS-Loop: yes",
            "X-ServiceNow-Generated: true",
            "X-Boxbe-Challenge: 1",
        ],
        "a program sent it",
    ));
    rules.extend(silent(
        &["X-Yandex-Autoreply: yes", "X-FreeScout-Mail-Type: auto.reply", "X-Autoreply: yes"],
        "automatic answer",
    ));
    rules.extend(silent(&["X-Freshdesk-Ticket: 88123", "X-FreeScout-Number: 7"], "ticket system"));
    rules.extend(silent(&["X-Delivery-Agent: TMDA/1.1.12", "X-TMDA-Fingerprint: TMDA"], "confirm themselves"));
    rules.extend(silent(&["X-Ricevuta: accettazione", "X-TipoRicevuta: breve"], "certified mail"));
    rules.extend(sender(&[
        "SRS0=abcd=EF=mfa.no=officer@forward.example.net",
        "SRS1=xy=forward.example.net==abcd=EF=mfa.no=officer@second.example.com",
        "bounces+SRS=Ab1cD=EF@unece.onmicrosoft.com",
        "officer+SRS=Ab1cD=EF=mfa.no=officer@tenant.example.com",
        "prvs=1234567890=officer@mfa.no",
        "btv1==0123abcd==officer@mfa.no",
        "bounces+123456-abcd-gcm=secretariat.test@em1234.example.com",
        "secretariat+caf_=gcm=secretariat.test@gmail.com",
        "0102017abcdef@eu-west-1.amazonses.com",
        "a1b2c3.bounce.mfa.no@bnc3.mailjet.com",
        "bounces+1-ab-gcm=secretariat.test@u1.wl.sendgrid.net",
    ]));
    let certified = "Return-Path: <posta-certificata@legalmail.example.it>\r\nX-Trasporto: posta-certificata\r\nFrom: \
                     \"Per conto di: dlci@pecdlci.interno.it\" <posta-certificata@legalmail.example.it>";
    rules.push((certified.to_owned(), Ok("dlci@pecdlci.interno.it")));
    let group = format!("From: \"Ana Duarte via GCM\" <{ADDRESS}>\r\nList-Id: <gcm.secretariat.test>");
    for named in ["X-Original-From: Ana Duarte <ana@mne.pt>", "Reply-To: Ana Duarte <ana@mne.pt>"] {
        rules.push((format!("{group}\r\n{named}"), Ok("ana@mne.pt")));
    }
    rules.push((format!("From: us <{ADDRESS}>\r\nReply-To: victim@example.com"), Err("our own addresses")));
    for own in [
        "gcm+list@secretariat.test",
        "GCM@Secretariat.TEST",
        "gcm@bücher.test",
        "gcm@xn--bcher-kva.test",
        "post@alias.test",
    ] {
        rules.push((format!("From: us <{own}>"), Err("our own addresses")));
        rules.push((format!("{OFFICER}\r\nTo: {own}"), Ok("officer@mfa.no")));
    }
    for (from, letter) in [
        ("prvs=1234abcdef=officer@mfa.no", Ok("officer@mfa.no")),
        ("SRS0=ab12=DX=mfa.no=officer@forwarder.example", Err("does not tell whose")),
        ("svara-ej@mfa.no", Err("takes no answers")),
        ("scanner@mfa.no", Err("a device")),
    ] {
        rules.push((format!("From: {from}"), letter));
    }
    rules.push((format!("{OFFICER}\r\nTo: gcm@elsewhere.test"), Err("not addressed to us")));
    for disguise in [
        "post@regjeringen-no.com",
        "mission@auswaertiges-amt.com",
        "mission@mfa-gov.ge",
        "x@598871%mfa.gov.rs",
        "un@mfagov.rs",
        "desk@secretariat.example",
    ] {
        rules.push((format!("From: Permanent Mission <{disguise}>"), Err("looks like")));
    }
    let nameless = |result: &str| {
        format!("Authentication-Results: spf=pass smtp.mailfrom=mfa.no; dmarc={result} action=none header.from=mfa.no")
    };
    let by = |host: &str| format!("Received: from a.example by {host}; Wed, 30 Sep 2020 10:00:00 +0000");
    let outlook = by("AM0PR08MB1.eurprd08.prod.outlook.com");
    rules.push((format!("{outlook}\r\n{}\r\n{OFFICER}", nameless("fail")), Err("may be forged")));
    let strange = by("mx.attacker.example");
    rules.push((format!("{outlook}\r\n{strange}\r\n{}\r\n{OFFICER}", nameless("fail")), Ok("officer@mfa.no")));
    let path = "Return-Path: <other@provider.example>";
    rules.push((format!("{path}\r\n{outlook}\r\n{}\r\n{OFFICER}", nameless("pass")), Ok("officer@mfa.no")));
    for forged in [
        format!("{outlook}\r\n{strange}\r\n{}", nameless("pass")),
        format!("{outlook}\r\n{}\r\n{}", nameless("none"), nameless("pass")),
        format!("{}\r\n{}", by("outlook.com.attacker.example"), nameless("pass")),
    ] {
        rules.push((format!("{path}\r\n{forged}\r\n{OFFICER}"), Ok("other@provider.example")));
    }
    rules
}

#[test]
fn each_rule_says_who_gets_the_letter() {
    let house = House::with("");
    let place = house.folder().join("docket.toml");
    let config = fs::read_to_string(&place).unwrap().replace(
        &format!("addresses = [\"{ADDRESS}\"]"),
        &format!(
            "addresses = [\"{ADDRESS}\", \"gcm@bücher.test\", \"post@alias.test\"]\ntrusted_authserv = \"microsoft365\""
        ),
    );
    fs::write(&place, config).unwrap();
    let rules = rules();
    let names: Vec<String> = (0..rules.len()).map(|n| format!("{n:03}.eml")).collect();
    for (name, (header, _)) in names.iter().zip(&rules) {
        fs::write(house.folder().join(name), input(header)).unwrap();
    }
    let arguments: Vec<&str> = ["inspect", "--json"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let answers = house.docket(&arguments).json();
    assert_eq!(answers.len(), rules.len());
    for ((header, letter), answer) in rules.iter().zip(&answers) {
        let found = &answer["acknowledgement"];
        let reason = found["reason"].as_str().unwrap();
        match letter {
            Ok(to) => {
                assert_eq!(found["send"], true, "{header}: {reason}");
                assert_eq!(found["to"], *to, "{header}: {reason}");
            }
            Err(why) => {
                assert_eq!(found["send"], false, "{header}: {reason}");
                assert!(reason.contains(why), "{header}: {reason}");
                assert_ne!(answer["filing"], "registered", "{header}: a person sees it");
            }
        }
    }
}
