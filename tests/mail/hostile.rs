//! Any bytes: never a panic, never an unbounded answer, never an unclean text.

use docket::core::{
    mail::{
        automatic::{Beside, Own, answerable},
        header::{self, read, receipt_clock},
        identity::identity,
        message::parse,
        quoting::{forwarded, own_words},
    },
    text::links,
};
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*, sample::select};

/// Pieces that lead into every corner of the parser.
const PIECES: [&str; 44] = [
    "From: ",
    "To: ",
    "Subject: ",
    "Date: ",
    "Received: ",
    "Message-ID: ",
    "Content-Type: ",
    "Content-Disposition: ",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "Content-Transfer-Encoding: x-uuencode\r\n",
    "multipart/mixed; boundary=b",
    "multipart/alternative; boundary=\"b\"",
    "multipart/digest; boundary=b",
    "message/rfc822",
    "text/html; charset=gbk",
    "text/plain; format=flowed; delsp=yes",
    "attachment; filename*0*=utf-8''%C3; filename*1=x",
    "; name=\"=?utf-8?B?w?=\"",
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "\r\n ",
    "--b\r\n",
    "--b--\r\n",
    "=?utf-8?Q?=C3?=",
    "=?gbk?B?/w==?= ",
    "=?",
    "?=",
    "(",
    ")",
    "<",
    ">",
    "\"",
    "\\",
    "@",
    ";",
    "by us; 1 Jan 2020 24:00 +99999",
    "begin 644 a\r\n#0V%T\r\n",
    "end\r\n",
    "=3D=\r\n",
    "é\u{202e}\u{0}",
    "On 1 x wrote:\n> From: a\n> Date: b\n> To: c\n",
];

fn check(raw: &[u8]) {
    let headers = read(raw);
    let head = header::message(raw);
    assert!(head.headers.iter().all(|field| !field.value.contains(char::is_control)));
    let _ = answerable(&head, &Own::default(), Beside::default());
    let seen = Timestamp::UNIX_EPOCH;
    let _ = receipt_clock(&headers, &["us".to_owned()], None, seen);
    let _ = identity(raw);
    let Ok(parsed) = parse(raw) else { return };
    let message = &parsed.message;
    let _ = answerable(message, &Own::default(), Beside::default());
    let _ = (own_words(&message.body), forwarded(&message.body), links(&message.body));
    assert!(parsed.parts.len() <= 200 && message.body.len() <= 1_000_000 && message.attached.len() <= 200);
    let names = parsed.parts.iter().filter_map(|p| p.name.as_ref());
    for line in names.clone().chain(&message.subject).chain(message.headers.iter().map(|h| &h.value)) {
        assert!(!line.contains(|c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}')), "{line:?}");
    }
    for name in names {
        assert!(!name.is_empty() && !name.contains(['/', '\\']) && name.chars().count() <= 200, "{name:?}");
    }
    assert!(!message.body.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')));
}

/// Each would take hours if the work grew with the square of the length.
#[test]
fn large_inputs_end() {
    let half = 500_000;
    for raw in [
        format!("From: {}\r\n\r\nx", "\"\\".repeat(half)),
        format!("{}\r\nx", format!("To: {}\r\n", "( ".repeat(30_000)).repeat(30)),
        format!("{}\r\nx", format!("X: {}\r\n", "=?a?Q?".repeat(10_000)).repeat(30)),
        format!("A: b\n{}B: c\n\nx", " \n".repeat(half)),
        format!("From: {}\r\n\r\nx", "<".repeat(half)),
        format!("A: b\r\n\r\n{}", "begin 644 a\r\n#0V%T\r\n".repeat(half / 10)),
        format!("A: b\r\n\r\n{}", "____________\r\n\r\n".repeat(half / 10)),
        format!("A: b\r\n\r\n{}", "On 1.1.20 a\r\nFrom: x\r\n".repeat(half / 10)),
        format!("Content-Transfer-Encoding: base64\r\nContent-Type: a/b\r\n\r\n{}", "AA==".repeat(half)),
        format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n".repeat(half)),
    ] {
        check(raw.as_bytes());
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes(raw in vec(any::<u8>(), 0..2_000)) {
        check(&raw);
    }

    #[test]
    fn arbitrary_arrangements_of_mail(pieces in vec(select(&PIECES[..]), 0..60)) {
        check(pieces.concat().as_bytes());
    }

    #[test]
    fn a_message_with_bytes_changed(changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..20), cut in any::<prop::sample::Index>()) {
        let mut raw = MESSAGE.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(raw.len());
            raw[at] = byte;
        }
        check(&raw);
        check(&raw[..cut.index(raw.len())]);
    }

    #[test]
    fn bodies_are_taken_apart_whatever_they_hold(body in "(\\PC|\n|> |From: |To: |Date: |://|_){0,300}") {
        let _ = (own_words(&body), forwarded(&body), links(&body));
    }
}

const MESSAGE: &str = "Return-Path: <a@x.example>\r\nReceived: from x by us (y); Wed, 30 Sep 2020 10:00:00 +0200\r\n\
    From: =?utf-8?Q?M=C3=BCller=2C?= \"H\" <h@x.example> (c)\r\nTo: g: r@example.org;\r\nSubject: =?utf-8?B?UsM=?= =?utf-8?B?qQ==?=\r\n\
    Date: Wed, 30 Sep 2020 10:00:00 +0200\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\
    Content-Type: text/html; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=F7&nbsp;=\r\n</p>\r\n--b\r\n\
    Content-Type: message/rfc822\r\n\r\nSubject: i\r\nContent-Type: application/pdf; name*=utf-8''%C3%A9\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n";
