//! What is named to be imported: messages wherever they lie, and what is none, told by its name.

use std::{fs, os::unix::fs::symlink};

use crate::fixture::{
    intake::{good_mail, make_maildir},
    program::House,
};

/// What no mail program wrote.
fn no_messages() -> [(&'static str, &'static [u8], &'static str); 6] {
    [
        ("hostname", b"secretariat\n", "it is no message"),
        ("passwd", b"root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/bin/sh\n", "it is no message"),
        ("report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "it is no message"),
        ("input.docx", b"PK\x03\x04\x14\0\x06\0\x08\0", "it is no message"),
        ("notes.eml", b"Minutes\n\nSubject: the review\nDate: Monday\n", "it is no message"),
        ("empty.eml", b"", "it is empty"),
    ]
}

#[test]
fn what_is_no_message_is_refused_by_name_and_the_others_come() {
    let house = House::with("");
    let mut paths = Vec::new();
    for (name, bytes, _) in no_messages() {
        fs::write(house.folder().join(name), bytes).unwrap();
        paths.push(name);
    }
    let nothing = house.docket(&[&["import"][..], &paths].concat());
    assert_eq!(nothing.status, Some(1), "{}{}", nothing.out, nothing.err);
    assert!(!house.folder().join("docket.db").exists(), "a slip of the pen begins no log");
    for (name, id) in [("a.eml", "a"), ("z.eml", "z")] {
        fs::write(house.folder().join(name), good_mail(id)).unwrap();
    }
    let some = house.docket(&[&["import", "a.eml"][..], &paths, &["z.eml"]].concat());
    assert_eq!(some.status, Some(1), "{}{}", some.out, some.err);
    for ran in [&nothing, &some] {
        assert_eq!(ran.err.lines().count(), no_messages().len(), "{}", ran.err);
        for (name, _, why) in no_messages() {
            let said = ran.err.lines().find(|line| line.contains(&format!("/{name}: ")));
            assert!(said.is_some_and(|said| said.contains(why)), "{name}: {}", ran.err);
        }
    }
    assert!(some.out.ends_with("2 of 2 messages are new in the log; the daemon reads them.\n"), "{}", some.out);
    assert_eq!(house.number("SELECT COUNT(*) FROM message"), Some(2));
}

#[test]
fn one_of_an_mbox_that_is_none_costs_no_other() {
    let house = House::with("");
    let good = |id: &str| String::from_utf8(good_mail(id)).unwrap().replace("\r\n", "\n");
    let from = "From post@mfa.no Wed Sep 30 21:59:00 2020\n";
    let mbox = format!("{from}{}\n{from}no header\n\n{from}{}\n", good("a"), good("b"));
    fs::write(house.folder().join("archive.mbox"), mbox).unwrap();
    let ran = house.docket(&["import", "archive.mbox"]);
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("archive.mbox#2: it is no message") && ran.err.lines().count() == 1, "{}", ran.err);
    assert!(ran.out.contains("archive.mbox#3\n") && ran.out.contains("2 of 2 messages are new"), "{}", ran.out);
}

#[test]
fn folders_are_walked_to_any_depth_and_what_is_left_out_is_said() {
    let house = House::with("");
    let archive = house.folder().join("archive");
    let put = |path: &str, bytes: &[u8]| {
        let path = archive.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let deep = (0..40).map(|n| n.to_string()).collect::<Vec<_>>().join("/");
    put("1.eml", &good_mail("1"));
    put(&format!("{deep}/2.EML"), &good_mail("2"));
    put("2020/notes.txt", b"no mail");
    put("2020/report.pdf", b"%PDF-1.7\n");
    put(".trash/gone.eml", &good_mail("trash"));
    put("2020/.draft.eml", &good_mail("draft"));
    make_maildir(&archive.join("2020/box"));
    put("2020/box/cur/3:2,S", &good_mail("3"));
    put("2020/box/new/4", &good_mail("4"));
    put("2020/box/tmp/half", &good_mail("half"));
    put("2020/box/.Sent/cur/5:2,S", &good_mail("5"));
    put("2020/box/below/6.eml", &good_mail("6"));
    symlink(archive.join("1.eml"), archive.join("2020/link.eml")).unwrap();
    symlink(&archive, archive.join("2020/round")).unwrap();
    let ran = house.docket(&["import", "archive"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.ends_with("5 of 5 messages are new in the log; the daemon reads them.\n"), "{}", ran.out);
    for (path, why) in [
        (".trash", "it is hidden"),
        ("2020/.draft.eml", "it is hidden"),
        ("2020/box/.Sent", "it is hidden"),
        ("2020/box/tmp", "it holds what was not delivered in full"),
        ("2020/link.eml", "it is a link"),
        ("2020/round", "it is a link"),
    ] {
        assert_eq!(
            ran.out.matches(&format!("archive/{path} was left out: {why}.\n")).count(),
            1,
            "{path}: {}",
            ran.out
        );
    }
    assert_eq!(ran.out.matches("was left out").count(), 6, "{}", ran.out);
    assert!(ran.out.contains("2 other files were left out: they are named neither .eml nor .mbox.\n"), "{}", ran.out);
    // Named by itself, a hidden folder is what was meant.
    let ran = house.docket(&["import", "archive/2020/box/.Sent/cur/5:2,S", "archive/.trash"]);
    assert!(ran.status == Some(0) && ran.out.contains("2 of 2 messages are new"), "{}{}", ran.out, ran.err);
}
