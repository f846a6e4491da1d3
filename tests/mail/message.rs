//! Raw bytes → message and files, one habit of real mail a test.

use docket::core::mail::message::{Disposition, NotAMessage, Parsed, ReturnPath, parse};

const HEAD: &str = "From: Ana <ana@MFA.example>\r\nTo: review@example.org\r\nSubject: Input\r\n\
                    Date: Wed, 30 Sep 2020 23:59:59 +0200\r\nMessage-ID: <a@mfa.example>\r\nMIME-Version: 1.0\r\n";

fn parsed(rest: impl AsRef<[u8]>) -> Parsed {
    parse(&[HEAD.as_bytes(), rest.as_ref()].concat()).expect("a message")
}

fn with_header(header: impl AsRef<[u8]>) -> Parsed {
    parse(&[header.as_ref(), b"\r\n\r\ntext\r\n"].concat()).expect("a message")
}

/// Path, name and decoded bytes of each file.
fn files(parsed: &Parsed) -> Vec<(&str, Option<&str>, &[u8])> {
    parsed.parts.iter().map(|p| (p.path.as_str(), p.name.as_deref(), p.bytes.as_slice())).collect()
}

fn attachment(header: &str, body: &str) -> Parsed {
    parsed(format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nDear all\r\n--b\r\n{header}\r\n\r\n{body}\r\n--b--\r\n"
    ))
}

#[test]
fn an_ordinary_message() {
    let found = parsed("Return-Path: <ana@mfa.example>\r\n\r\nDear all,\r\nplease find\u{0} below.\r\n").message;
    assert_eq!(found.from.clone().unwrap().name.as_deref(), Some("Ana"));
    assert_eq!(found.from.unwrap().address.as_deref(), Some("ana@mfa.example"));
    assert_eq!(found.recipients, ["review@example.org"]);
    assert_eq!(found.return_path, ReturnPath::Address("ana@mfa.example".into()));
    assert_eq!(found.date.unwrap().to_string(), "2020-09-30T21:59:59Z");
    assert_eq!(found.message_id.as_deref(), Some("a@mfa.example"));
    assert_eq!(found.body, "Dear all,\nplease find below.\n");
    assert_eq!(found.defects, [""; 0]);
}

#[test]
fn what_is_no_message_says_so() {
    assert_eq!(parse(b""), Err(NotAMessage::Empty));
    assert_eq!(parse(b" \r\n\r\n"), Err(NotAMessage::Empty));
    assert_eq!(parse(b"%PDF-1.4\n1 0 obj\n"), Err(NotAMessage::NoHeader));
}

#[test]
fn blank_lines_envelope_lines_and_carriage_returns_above_the_header() {
    for raw in
        ["\r\n\r\nSubject: S\r\n\r\nx", "From a@b Sat\nSubject: S\n\nx", "Subject: S\r\rx", "junk\nSubject: S\n\nx"]
    {
        assert_eq!(parse(raw.as_bytes()).unwrap().message.subject.as_deref(), Some("S"), "{raw:?}");
    }
}

#[test]
fn base64_survives_what_happens_on_the_way() {
    let kind = "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64";
    for body in ["JVBERi0xLjQK", "JVBE\r\n Ri0x!LjQK", "JVBERi0xLjQK==", "JVBERi0=\r\nMS40Cg==", "JVBERi0xLjQKAA"] {
        let found = attachment(kind, body);
        assert!(found.parts[0].bytes.starts_with(b"%PDF-1.4"), "{body:?}: {:?}", found.parts[0].bytes);
    }
    let footer = attachment(kind, "JVBERi0xLg==\r\n____________\r\nThis list is archived.");
    assert_eq!(footer.parts[0].bytes, b"%PDF-1.");
    let unclosed =
        parsed(format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{kind}\r\n\r\nJVBERi0xLjQK\r\n"));
    assert_eq!(unclosed.parts[0].bytes, b"%PDF-1.4\n");
    let mislabelled = attachment(kind, "{\"this\": \"is\", \"no\": [\"base64\", {}]}");
    assert!(mislabelled.parts[0].bytes.starts_with(b"{\"this\""));
    assert!(mislabelled.message.defects[0].contains("not encoded as it claims"));
}

#[test]
fn a_boundary_that_begins_another_is_not_taken_for_it() {
    let found = parsed(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n\
         --b1\r\n\r\nplain\r\n--b1\r\nContent-Type: text/html\r\n\r\n<p>plain</p>\r\n--b1--\r\n--b\r\n\
         Content-Type: application/pdf\r\n\r\n%PDF\r\n--bx\r\n--b--\r\n",
    );
    assert_eq!(files(&found), [("1.2", None, b"%PDF\r\n--bx".as_slice())]);
    assert_eq!(found.message.body.trim(), "plain");
}

#[test]
fn a_missing_boundary_is_found_or_said() {
    let kind = "Content-Type: multipart/mixed\r\n\r\n";
    let found =
        parsed(format!("{kind}--xyzw\r\n\r\ntext\r\n--xyzw\r\nContent-Type: image/png\r\n\r\np\r\n--xyzw--\r\n"));
    assert_eq!(files(&found), [("1.2", None, b"p".as_slice())]);
    let none = parsed(format!("{kind}just text\r\n")).message;
    assert_eq!(none.body.trim(), "just text");
    assert!(none.defects[0].contains("no boundary"));
}

#[test]
fn raw_eight_bit_headers() {
    let gbk =
        b"\xd7\xaa\xb7\xa2\xa3\xba\xd5\xfb\xcc\xe5\xcc\xe1\xc9\xfd\xc6\xf3\xd2\xb5\xb7\xfe\xce\xf1\xcb\xae\xc6\xbd";
    let koi8 = b"\xf7\xcb\xcc\xc1\xc4 \xf2\xcf\xd3\xd3\xc9\xca\xd3\xcb\xcf\xca \xe6\xc5\xc4\xc5\xd2\xc1\xc3\xc9\xc9";
    for (kind, raw, expected) in [
        ("", "Réponse".as_bytes(), "Réponse"),
        ("", b"R\xe9ponse".as_slice(), "Réponse"),
        ("Content-Type: text/plain; charset=koi8-r\r\n", koi8, "Вклад Российской Федерации"),
        ("Content-Type: text/plain; charset=iso-8859-1\r\n", gbk, "转发：整体提升企业服务水平"),
    ] {
        let header = [kind.as_bytes(), b"Subject: ", raw].concat();
        assert_eq!(with_header(header).message.subject.unwrap().replace(':', "："), expected.replace(':', "："));
    }
}

#[test]
fn encoded_words() {
    for (raw, expected) in [
        ("=?utf-8?B?UsOp?= =?utf-8?Q?ponse?=", "Réponse"),
        ("=?utf-8?B?UsM=?=\r\n =?utf-8?B?qXBvbnNl?=", "Réponse"),
        ("=?utf-8?Q?R=C3?= =?utf-8?Q?=A9ponse?=", "Réponse"),
        ("=?utf-8?B?UsOpcG9?= =?utf-8?B?uc2U=?=", "Réponse"),
        ("=?iso-8859-1?Q?R=E9ponse de la France?=", "Réponse de la France"),
        ("=?utf-8?Q?a=0D=0ABcc:_evil@x?=", "a Bcc: evil@x"),
        ("=?utf-8?Q?=E2=80=AEfdp?=", "fdp"),
        ("=?x?= 1=2?", "=?x?= 1=2?"),
        ("=?utf-8?Q?R=E9ponse?=", "Réponse"),
    ] {
        assert_eq!(with_header(format!("Subject: {raw}")).message.subject.as_deref(), Some(expected), "{raw}");
    }
}

#[test]
fn the_first_of_two_fields_counts_and_is_named() {
    let found = with_header("From: a@x.example\r\nFrom: b@x.example\r\nSubject: one\r\nSubject: two").message;
    assert_eq!(found.from.unwrap().address.as_deref(), Some("a@x.example"));
    assert_eq!(found.subject.as_deref(), Some("one"));
    assert_eq!(found.defects.len(), 2);
}

const NO_ZONE: &str = "Wed, 30 Sep 2020 23:59:59";

#[test]
fn dates_as_mailers_write_them() {
    for (raw, expected) in [
        ("Wed, 30 Sep 2020 23:59:59 +0200 (CEST)", Some("2020-09-30T21:59:59Z")),
        ("30 Sep 20 23:59 GMT", Some("2020-09-30T23:59:00Z")),
        ("Wed Sep 30 23:59:59 2020 -0400", Some("2020-10-01T03:59:59Z")),
        ("Wed Sep 30 23:59:59 EST 2020", Some("2020-10-01T04:59:59Z")),
        (NO_ZONE, Some("2020-09-30T23:59:59Z")),
        ("Wed, 30 Sep 2020 23:59:59 -600", Some("2020-10-01T05:59:59Z")),
        ("Wed, 30 Sep 2020 23:59:59 GMT+0200", Some("2020-09-30T21:59:59Z")),
        ("30-Sep-2020 11:59 PM +00:00", Some("2020-09-30T23:59:00Z")),
        ("2020-09-30T23:59:59Z", Some("2020-09-30T23:59:59Z")),
        ("Wed, 30 Sep 2020 24:00:00 +0000", Some("2020-10-01T00:00:00Z")),
        ("Sat, 31 Dec 2016 23:59:60 +0000", Some("2016-12-31T23:59:59Z")),
        ("Fri, 1 Jan 99 00:00 +0000", Some("1999-01-01T00:00:00Z")),
        ("Wed, 31 Sep 2020 23:59:59 +0200", None),
        ("yesterday", None),
    ] {
        let found = with_header(format!("Date: {raw}")).message;
        assert_eq!(found.date.map(|d| d.to_string()).as_deref(), expected, "{raw}");
        assert_eq!(found.defects.is_empty(), expected.is_some() && raw != NO_ZONE, "{raw}: {:?}", found.defects);
    }
}

#[test]
fn addresses_as_mailers_write_them() {
    for (raw, name, address) in [
        ("\"Müller, Hans\" <h@A.example>", Some("Müller, Hans"), Some("h@a.example")),
        ("h@a.example (Hans)", Some("Hans"), Some("h@a.example")),
        ("Hans h@a.example", Some("Hans"), Some("h@a.example")),
        ("=?utf-8?Q?M=C3=BCller=2C_Hans?= <h@a.example>", Some("Müller, Hans"), Some("h@a.example")),
        ("=?utf-8?B?TcO8bGxlciwgSGFucw==?= <h@a.example>, b@b.example", Some("Müller, Hans"), Some("h@a.example")),
        ("\"evil@b.example\" <h@a.example>", Some("evil@b.example"), Some("h@a.example")),
        ("<@relay.example:h@a.example>", None, Some("h@a.example")),
        ("h(the boss)@a.example", Some("the boss"), Some("h@a.example")),
        ("Mission: h@a.example;", None, Some("h@a.example")),
        ("MAILER-DAEMON", None, Some("MAILER-DAEMON")),
        ("Permanent Mission", Some("Permanent Mission"), None),
        ("\"unclosed <h@a.example>", Some("unclosed"), Some("h@a.example")),
    ] {
        let from = with_header(format!("From: {raw}")).message.from.unwrap_or_default();
        assert_eq!((from.name.as_deref(), from.address.as_deref()), (name, address), "{raw}");
    }
    let all = with_header(
        "From: a@a.example\r\nTo: G: X@b.example, c@c.example;\r\nCc: \"d\" <d@D.example>\r\nResent-To: e@e.example",
    );
    assert_eq!(all.message.recipients, ["x@b.example", "c@c.example", "d@d.example", "e@e.example"]);
}

#[test]
fn file_names() {
    for (header, expected) in [
        ("Content-Disposition: attachment; filename=\"Input of Chad.pdf\"", Some("Input of Chad.pdf")),
        ("Content-Disposition: attachment; filename*=utf-8''R%C3%A9ponse.pdf", Some("Réponse.pdf")),
        (
            "Content-Disposition: attachment; filename*0*=koi8-r''%F7%CB; filename*1*=%CC%C1%C4; filename*2=.pdf",
            Some("Вклад.pdf"),
        ),
        ("Content-Disposition: attachment; filename*0*=utf-8''R%C3; filename*1*=%A9ponse.pdf", Some("Réponse.pdf")),
        (
            "Content-Disposition: attachment; filename=\"=?utf-8?B?UsM=?= =?utf-8?B?qXBvbnNlLnBkZg==?=\"",
            Some("Réponse.pdf"),
        ),
        ("Content-Type: application/pdf; name=\"=?utf-8?Q?R=C3=A9ponse=2Epdf?=\"", Some("Réponse.pdf")),
        ("Content-Disposition: attachment; filename=\"../../etc/passwd\"", Some("passwd")),
        ("Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fx%00.pdf", Some("x.pdf")),
        ("Content-Disposition: attachment; filename=\"a\r\n Bcc: b@x.pdf\"", Some("a Bcc: b@x.pdf")),
        ("Content-Disposition: attachment; filename=\"\"", None),
        ("Content-Disposition: attachment; filename=\"..\"", None),
    ] {
        let found = attachment(header, "x");
        assert_eq!(found.parts.len(), 1, "{header}");
        assert_eq!(found.parts[0].name.as_deref(), expected, "{header}");
    }
    let long = attachment(&format!("Content-Disposition: attachment; filename=\"{}.docx\"", "é".repeat(900)), "x");
    let name = long.parts[0].name.clone().unwrap();
    assert!(name.chars().count() <= 200 && name.ends_with("….docx"), "{name}");
}

#[test]
fn body_or_file() {
    let nameless = "Content-Type: text/plain";
    assert_eq!(attachment(nameless, "more").message.body.trim(), "Dear all\n\nmore");
    for file in [
        "Content-Type: text/plain\r\nContent-Disposition: attachment",
        "Content-Type: text/plain; name=input.txt",
        "Content-Type: application/octet-stream",
        "Content-Type: application/pdf\r\nContent-Disposition: inline",
        "Content-Type: image/png\r\nContent-Disposition: inline\r\nContent-ID: <logo@x>",
        "Content-Type: text/calendar; method=REQUEST",
    ] {
        let found = attachment(file, "x");
        assert_eq!((found.parts.len(), found.message.body.trim()), (1, "Dear all"), "{file}");
    }
    let image = attachment("Content-Type: image/png\r\nContent-Disposition: inline\r\nContent-ID: <logo@x>", "x");
    assert_eq!(image.parts[0].content_id.as_deref(), Some("logo@x"));
    assert_eq!(image.parts[0].disposition, Disposition::Inline);
    let mistyped = parsed("Content-Type: text/plain; name=input.pdf\r\n\r\n%PDF-1.4");
    assert_eq!(files(&mistyped), [("1", Some("input.pdf"), b"%PDF-1.4".as_slice())]);
}

#[test]
fn the_text_that_a_reader_sees() {
    let alternative = |plain: &str, html: &str| {
        parsed(format!(
            "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html; \
             charset=utf-8\r\n\r\n{html}\r\n--b--\r\n"
        ))
    };
    let both = alternative("Our input follows.", "<style>p{}</style><p>Our <b>input</b> follows.</p>");
    assert_eq!((both.message.body.trim(), both.parts.len()), ("Our input follows.", 0));
    let html = alternative("", "<p>Notre réponse&nbsp;suit.</p>").message.body;
    assert_eq!(html.trim().replace('\u{a0}', " "), "Notre réponse suit.");
    let stub =
        alternative("See HTML.", "<p>The Government of Chad has the honour to transmit its input.</p>").message.body;
    assert!(stub.contains("honour"), "{stub}");
    let flowed = parsed(
        "Content-Type: text/plain; format=flowed\r\n\r\nOne \r\nparagraph.\r\n> quoted \r\n> too\r\n-- \r\nAna\r\n",
    );
    assert_eq!(flowed.message.body, "One paragraph.\n> quoted too\n-- \nAna\n");
    let chinese = parsed(b"Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=D6=D0=\r\n=B9=FA\r\n");
    assert_eq!(chinese.message.body.trim(), "中国");
    let lying = parsed("Content-Type: text/plain; charset=iso-8859-1\r\n\r\nRéponse\r\n");
    assert_eq!(lying.message.body.trim(), "Réponse");
    let utf7 = parsed("Content-Type: text/plain; charset=utf-7\r\n\r\nR+AOk-ponse\r\n");
    assert_eq!(utf7.message.body.trim(), "Réponse");
}

#[test]
fn uuencode_in_the_text_is_unpacked() {
    let found = parsed("\r\nDear all\r\n\r\nbegin 644 a/cat.txt\r\n#0V%T\r\n`\r\nend\r\nbye\r\n");
    assert_eq!(files(&found), [("1.1", Some("cat.txt"), b"Cat".as_slice())]);
    assert_eq!(found.message.body, "Dear all\n\nbye\n");
    let prose = parsed("\r\nbegin 644 reasons\r\nto endorse the Compact, said the minister.\r\nend\r\n");
    assert!(prose.parts.is_empty() && prose.message.body.contains("reasons"));
}

#[test]
fn attached_messages_are_walked() {
    let found = attachment(
        "Content-Type: message/rfc822",
        "From: b@b.example\r\nSubject: Inner\r\nMessage-ID: <i@b>\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n\
         inner text\r\n--c\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\n%PDF\r\n--c--\r\n",
    );
    let paths: Vec<_> = found.parts.iter().map(|p| (p.path.as_str(), p.media_type.as_str())).collect();
    assert_eq!(paths, [("1.2", "message/rfc822"), ("1.2.1.2", "application/pdf")]);
    let inner = &found.message.attached[0];
    assert_eq!(
        (inner.path.as_str(), inner.subject.as_deref(), inner.body.trim()),
        ("1.2", Some("Inner"), "inner text")
    );
    assert_eq!(inner.message_id.as_deref(), Some("i@b"));
    assert_eq!(found.message.body.trim(), "Dear all");
    let encoded =
        attachment("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", "U3ViamVjdDogSW5uZXINCg0KeA==");
    assert_eq!(encoded.message.attached[0].subject.as_deref(), Some("Inner"));
}

#[test]
fn what_is_not_opened_is_named() {
    for (header, body, words) in [
        (
            "Content-Type: message/external-body; access-type=URL",
            "Content-Type: application/pdf\r\n\r\n",
            "not fetched",
        ),
        ("Content-Type: message/partial; number=1; total=3; id=x", "Subject: x\r\n\r\n", "one piece"),
        ("Content-Type: application/pkcs7-mime; name=smime.p7m", "x", "S/MIME"),
        (
            "Content-Type: multipart/encrypted; boundary=e",
            "--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nx\r\n--e--",
            "encrypted",
        ),
    ] {
        let found = attachment(header, body);
        assert_eq!(found.parts.len(), 1, "{header}");
        assert!(found.message.defects.iter().any(|d| d.contains(words)), "{header}: {:?}", found.message.defects);
    }
    for (text, words) in [("-----BEGIN PGP MESSAGE-----\r\nx", "PGP"), ("=ybegin line=128 size=1 name=a\r\nx", "yEnc")]
    {
        assert!(parsed(format!("\r\n{text}\r\n")).message.defects[0].contains(words), "{text}");
    }
}

#[test]
fn limits_are_kept_and_said() {
    let many = "--b\r\nContent-Type: image/png\r\n\r\nx\r\n".repeat(300);
    let found = parsed(format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{many}--b--\r\n"));
    assert_eq!(found.parts.len(), 200);
    assert!(found.message.defects[0].contains("more than 200 files"));
    let nested = parsed(format!("{}Subject: in\r\n\r\nx", "Content-Type: message/rfc822\r\n\r\n".repeat(20_000)));
    assert_eq!(nested.message.attached.len(), 16);
    assert!(nested.message.defects.iter().any(|d| d.contains("more than 16 deep")));
    let long = parsed(format!("\r\n{}", "word ".repeat(500_000)));
    assert!(long.message.body.len() <= 1_000_000);
}
