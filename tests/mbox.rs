//! An mbox as programs write it: where its messages begin, and what they were before.

use docket::mailbox::mbox::messages;

/// The messages of an mbox as texts, each with the time of its separator.
fn read(text: &str) -> Option<Vec<(String, String)>> {
    let read = messages(text.as_bytes())?;
    let message = |raw: docket::mailbox::RawMessage| {
        (raw.internal_date.unwrap().to_string(), String::from_utf8(raw.bytes).unwrap())
    };
    Some(read.into_iter().map(message).collect())
}

const ONE: &str = "Subject: one\n\nFirst.\n";
const TWO: &str = "Subject: two\n\nSecond.\n";

#[test]
fn the_separators_that_programs_write() {
    for (separator, expected) in [
        ("From post@mfa.no Wed Sep 30 21:56:00 2020", "2020-09-30T21:56:00Z"),
        ("From post@mfa.no  Wed Sep  2 21:56:00 2020", "2020-09-02T21:56:00Z"),
        // Thunderbird.
        ("From - Mon Sep 28 10:11:12 2020", "2020-09-28T10:11:12Z"),
        ("From MAILER-DAEMON Fri Jul  8 12:08:34 2011", "2011-07-08T12:08:34Z"),
        // Google Takeout.
        ("From 1518371486542107513@xxx Fri Nov 27 14:13:37 +0000 2015", "2015-11-27T14:13:37Z"),
        ("From 1518371486542107513@xxx Fri Nov 27 14:13:37 -0330 2015", "2015-11-27T17:43:37Z"),
        // Older mailers: no seconds, a zone by name, the zone behind the year, the host that it came from.
        ("From jdoe@machine.example Thu Aug 11 13:55 EDT 1994", "1994-08-11T17:55:00Z"),
        ("From jdoe@machine.example Tue Jul 23 19:39:23 2002 +0200", "2002-07-23T17:39:23Z"),
        ("From jdoe Tue Jan  1 00:00:00 1980 remote from machine", "1980-01-01T00:00:00Z"),
        // Eudora, git, list archives, an address in quotes, none.
        ("From ???@??? Mon Jan 01 00:00:00 2001", "2001-01-01T00:00:00Z"),
        ("From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001", "2001-09-17T00:00:00Z"),
        ("From post at mfa.no  Wed Sep 30 21:56:00 2020", "2020-09-30T21:56:00Z"),
        ("From \"Third Secretary\"@mfa.no Wed Sep 30 21:56:00 2020", "2020-09-30T21:56:00Z"),
        ("From Wed Sep 30 21:56:00 2020", "2020-09-30T21:56:00Z"),
        ("From post@mfa.no Wed Sep 30 21:56:00 2020\r", "2020-09-30T21:56:00Z"),
    ] {
        let at = expected.to_owned();
        let mbox = format!("{separator}\n{ONE}\n{separator}\n{TWO}\n");
        let expected = [(at.clone(), ONE.to_owned()), (at, TWO.to_owned())];
        assert_eq!(read(&mbox).as_deref(), Some(&expected[..]), "{separator}");
        let windows = read(&mbox.replace('\n', "\r\n")).unwrap();
        assert_eq!(windows[0].1, ONE.replace('\n', "\r\n"), "{separator}");
        assert_eq!(windows[1].1, TWO.replace('\n', "\r\n"), "{separator}");
    }
}

#[test]
fn a_sentence_is_no_separator() {
    for sentence in [
        "From what we know, the number has grown since 2019.",
        "From Monday on, Sep 28 10:11:12 2020 is the deadline.",
        "From the ministry on Wed Sep 30 21:56:00 2020",
        "From post@mfa.no",
        "From post@mfa.no Wed Sep 30 2020",
        "From post@mfa.no Wed Sep 30 21:56:00 2020 we wrote",
        "From post@mfa.no Wed Sep 30 21:56:00 20",
        "From post@mfa.no Wed Sep 31 21:56:00 2020",
        "From post@mfa.no Wed Sep 30 21:56:00 2020 remote from a machine",
        "From: post@mfa.no Wed Sep 30 21:56:00 2020",
        "from post@mfa.no Wed Sep 30 21:56:00 2020",
        "Fromage Wed Sep 30 21:56:00 2020",
    ] {
        let mbox = format!("From - Mon Sep 28 10:11:12 2020\n{ONE}\n{sentence}\nMore.\n\n");
        let read = read(&mbox).unwrap();
        assert_eq!(read.len(), 1, "{sentence}");
        assert_eq!(read[0].1, format!("{ONE}\n{sentence}\nMore.\n"), "{sentence}");
        assert_eq!(messages(format!("{sentence}\n{ONE}\n").as_bytes()).map(|read| read.len()), None, "{sentence}");
    }
    // A whole separator that stands in the middle of a paragraph is quoted.
    let quoted = "Subject: s\n\nThe file says\nFrom post@mfa.no Wed Sep 30 21:56:00 2020\nand no more.\n";
    let mbox = format!("From - Mon Sep 28 10:11:12 2020\n{quoted}\nFrom - Mon Sep 28 10:11:13 2020\n{TWO}\n");
    let read = read(&mbox).unwrap();
    assert_eq!(read.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), [quoted, TWO]);
}

#[test]
fn marks_are_taken_off_where_they_were_put_on() {
    let mbox = |text: &str| {
        let mbox = format!(
            "From - Mon Sep 28 10:11:12 2020\nSubject: s\n>From old@relay Mon Sep 28 10:11:12 2020\n\n{text}\n"
        );
        let mut read = read(&mbox).unwrap();
        assert_eq!(read.len(), 1, "{text}");
        read.remove(0).1.split_once("\n\n").unwrap().1.to_owned()
    };
    for (marked, plain) in [
        ("A.\n\n>From what we know.\n", "A.\n\nFrom what we know.\n"),
        ("A.\n>From what we know.\n", "A.\nFrom what we know.\n"),
        // mboxrd: one mark is taken off, however many there are.
        (">>From what we know.\n>>>From it.\n", ">From what we know.\n>>From it.\n"),
        ("> From what we know.\n>Frommage\n", "> From what we know.\n>Frommage\n"),
        // Its writer does not mark: what looks like a mark is the sender's.
        ("From what we know.\n>From what they know.\n", "From what we know.\n>From what they know.\n"),
    ] {
        assert_eq!(mbox(marked), plain, "{marked}");
    }
}

/// mboxcl writes how long each message is, and a mailer that changes one forgets to change that.
#[test]
fn what_a_message_says_of_its_length_hides_nothing() {
    let second = "From - Mon Sep 28 10:11:13 2020\n";
    for length in [0, 7, 8, 9, 8 + second.len() + TWO.len(), 9_999_999] {
        let mbox = format!("From - Mon Sep 28 10:11:12 2020\nContent-Length: {length}\n{ONE}\n{second}{TWO}\n");
        let read = read(&mbox).unwrap();
        assert_eq!(read.len(), 2, "{length}");
        assert_eq!(read[0].1, format!("Content-Length: {length}\n{ONE}"));
        assert_eq!(read[1].1, TWO);
    }
}

#[test]
fn what_begins_otherwise_is_no_mbox() {
    for bytes in [
        &b""[..],
        b"\n",
        b"Subject: s\n\ntext\n",
        b"\nFrom - Mon Sep 28 10:11:12 2020\n",
        b"From \xff\xfe\n",
        b"PK\x03\x04",
    ] {
        assert!(messages(bytes).is_none(), "{bytes:?}");
    }
    let alone = messages(b"From - Mon Sep 28 10:11:12 2020").unwrap();
    assert_eq!((alone.len(), alone[0].bytes.len()), (1, 0));
}
