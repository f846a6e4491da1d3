//! What was received, given out byte for byte.

use std::{fs, os::unix::fs::PermissionsExt as _};

use crate::fixture::{intake::good_mail, program::House};

#[test]
fn what_was_received_is_given_out_byte_for_byte() {
    let house = House::with("");
    let raw = good_mail("a");
    house.deliver("1.a", &raw);
    // Larger than one piece of the log, and of every byte that there is.
    let big = [
        &b"From: Bob <bob@shop.test>\r\nSubject: all bytes\r\n\r\n"[..],
        &(0..=255).cycle().take(3 << 20).collect::<Vec<u8>>(),
    ]
    .concat();
    house.deliver("2.b", &big);
    let mut daemon = house.start(&[]);
    daemon.until("all is read", || house.number("SELECT COUNT(*) FROM message WHERE state <> 'stored'") == Some(2));
    assert!(daemon.stop().success());

    for reference in ["M-000001", "m-1", "M-000001/1", "GCM-ECE-2020-0001"] {
        assert_eq!(house.docket(&["original", reference]).done().as_bytes(), raw, "{reference}");
    }
    let said = house.docket(&["original", "M-000002", "-o", "big.eml"]).done();
    let file = house.folder().join("big.eml");
    assert!(fs::read(&file).unwrap() == big);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(said.starts_with("M-000002: 3,145,777 bytes in big.eml\nSHA-256 "), "{said}");

    let refused = |arguments: &[&str], why: &str| {
        let ran = house.docket(&[&["original"][..], arguments].concat());
        assert_eq!((ran.status, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
        assert!(ran.err.contains(why) && !ran.err.contains("panicked"), "{why}: {}", ran.err);
    };
    refused(&["M-000001", "-o", "big.eml"], "big.eml: File exists");
    assert!(fs::read(&file).unwrap() == big, "what is there stays");
    for unknown in ["M-000009", "GCM-ECE-2020-0099", "NOR"] {
        refused(&[unknown], &format!("there is no entry {unknown}; `docket log` lists them"));
    }
    // A piece that is another message's.
    house.run(
        "UPDATE original_piece SET bytes = (SELECT p.bytes FROM original_piece p JOIN message m ON m.sha256 = p.sha256 \
         WHERE m.number = 2 AND p.n = 0) WHERE sha256 = (SELECT sha256 FROM message WHERE number = 1)",
    );
    refused(&["M-000001"], "the original of M-000001 is damaged");
    house.run("UPDATE original SET purged_at = 1 WHERE sha256 = (SELECT sha256 FROM message WHERE number = 1)");
    refused(&["M-000001"], "the original of M-000001 has been erased");
    // What is there of it is given out, and why it is not all is said.
    house.run("UPDATE message SET header_only = 'It is larger than 35 MiB.' WHERE number = 2");
    let ran = house.docket(&["original", "M-000002", "-o", "header.eml"]);
    assert_eq!(ran.status, Some(1), "{}", ran.out);
    assert!(ran.err.contains("only the header of M-000002 was taken in: It is larger than 35 MiB."), "{}", ran.err);
    assert!(fs::read(house.folder().join("header.eml")).unwrap() == big);
}
