//! Whether what a server handed over is all of a message.

use docket::core::mail::delivery::{Delivered, Ending, Fetches, at_once, ending};
use proptest::prelude::*;

const PARTS: &str = "From: a@b.example\r\nContent-Type: multipart/mixed;\r\n\tboundary=\"=-x y\"\r\n\r\npreamble\r\n--=-x y\r\n\r\n\
                     text\r\n--=-x y--\r\n";
const PLAIN: &str = "From: a@b.example\r\n\r\ntext that goes on and on\r\n";

#[test]
fn a_message_says_where_it_ends_or_not() {
    let inner = "Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\r\na\r\n--in--\r\n";
    let outer =
        |tail: &str| format!("Subject: s\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n{inner}{tail}");
    for (raw, expected) in [
        (PARTS.to_owned(), Ending::Closed),
        (PARTS.replace("\r\n", "\n"), Ending::Closed),
        (PARTS.replace("\r\n", "\r"), Ending::Closed),
        (PARTS.trim_end().to_owned(), Ending::Closed),
        (PARTS.replace("y--", "y-- \t"), Ending::Closed),
        (format!("{PARTS}epilogue\r\n"), Ending::Closed),
        (PARTS.replace("y--", "y-"), Ending::Open),
        (PARTS.replace("y--", "y--more"), Ending::Open),
        (PARTS.replace("--=-x y--", ""), Ending::Open),
        (outer("--out--\r\n"), Ending::Closed),
        (outer(""), Ending::Open),
        (
            PARTS
                .replace("multipart/mixed;", "MULTIPART/Mixed ; charset=\"a;b\\\"c\"; x ;")
                .replace("boundary", "BOUNDARY "),
            Ending::Closed,
        ),
        ("Content-Type: multipart/mixed; boundary=b (a comment)\r\n\r\n--b--\r\n".to_owned(), Ending::Closed),
        ("Content-Type: multipart/mixed; boundary=\"b\r\n\r\n--b\r\n".to_owned(), Ending::Open),
        ("Content-Type: multipart/mixed\r\n\r\n--b\r\n".to_owned(), Ending::Unstated),
        ("Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n".to_owned(), Ending::Unstated),
        ("Content-Type: text/plain; boundary=b\r\n\r\ntext\r\n".to_owned(), Ending::Unstated),
        (PLAIN.to_owned(), Ending::Unstated),
        (String::new(), Ending::Unstated),
    ] {
        assert_eq!(ending(raw.as_bytes()), expected, "{raw:?}");
    }
}

/// The fetches of a message in their order, and what they come to: nothing while they settle nothing.
#[test]
fn what_fetches_come_to() {
    let whole = PARTS.len() as u64;
    let (torn, plain) = (&PARTS[..90], PLAIN.len() as u64);
    let more = whole + 7;
    let short = Delivered::Short { announced: Some(whole) };
    let otherwise = |announced| Delivered::Otherwise { announced };
    let table: &[(Option<u64>, &[&str], Option<Delivered>)] = &[
        (Some(whole), &[PARTS], Some(Delivered::AsAnnounced)),
        // Exchange: more was announced, or less.
        (Some(more), &[PARTS], None),
        (Some(more), &[PARTS, PARTS], Some(otherwise(more))),
        (Some(9), &[PARTS], Some(otherwise(9))),
        // Short once, and whole in another way.
        (Some(whole), &[torn, PARTS], Some(Delivered::AsAnnounced)),
        (Some(more), &[torn, PARTS], None),
        (Some(more), &[torn, PARTS, PARTS], Some(otherwise(more))),
        // Short for good.
        (Some(whole), &[torn, torn], Some(short)),
        // Never closed, and the server has no more of it.
        (Some(90), &[torn], None),
        (Some(90), &[torn, torn], Some(Delivered::AsAnnounced)),
        (Some(80), &[torn, torn], Some(Delivered::Short { announced: Some(80) })),
        (None, &[PARTS], Some(Delivered::AsAnnounced)),
        (None, &[torn, torn], Some(Delivered::Short { announced: None })),
        // Without parts nothing but the size tells.
        (Some(plain), &[PLAIN], Some(Delivered::AsAnnounced)),
        (Some(plain), &[&PLAIN[..30], PLAIN], Some(Delivered::AsAnnounced)),
        (Some(plain), &[&PLAIN[..30], &PLAIN[..30]], Some(Delivered::Short { announced: Some(plain) })),
        (Some(plain - 5), &[PLAIN], None),
        (Some(plain - 5), &[PLAIN, PLAIN], Some(otherwise(plain - 5))),
        (None, &[PLAIN], Some(Delivered::AsAnnounced)),
    ];
    for (announced, given, expected) in table {
        let mut fetches = Fetches::of(*announced);
        assert!(fetches.is_empty());
        let (last, before) = given.split_last().unwrap();
        for bytes in before {
            assert_eq!(fetches.judge(bytes.as_bytes().to_vec()), None, "{announced:?} {given:?}");
        }
        let settled = fetches.judge(last.as_bytes().to_vec());
        assert_eq!(settled, expected.map(|delivered| (last.as_bytes().to_vec(), delivered)), "{announced:?} {given:?}");
    }
    let mut fetches = Fetches::of(Some(whole));
    for bytes in [torn, &PARTS[..100], &PARTS[..95]] {
        assert_eq!(fetches.judge(bytes.as_bytes().to_vec()), None);
    }
    assert_eq!(fetches.unsettled(), Some((PARTS.as_bytes()[..100].to_vec(), short)), "the most that came is kept");
    assert_eq!(Fetches::of(Some(1)).unsettled(), None);
}

#[test]
fn what_is_short_is_said_with_both_sizes() {
    let said = Delivered::Short { announced: Some(4_100_000) }.shortness(300_000).unwrap();
    assert!(said.contains("announced 4100000 bytes and handed over 300000"), "{said}");
    let said = Delivered::Short { announced: None }.shortness(300_000).unwrap();
    assert!(said.contains("stops after 300000 bytes"), "{said}");
    assert_eq!(Delivered::Otherwise { announced: 5 }.shortness(4), None);
    assert_eq!(Delivered::Otherwise { announced: 5 }.announced(), Some(5));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is cut off of a message before its last boundary, no fetch of it is taken for the whole.
    #[test]
    fn nothing_torn_is_whole(cut in 72_usize..PARTS.len() - 4, announced in prop::option::of(0_u64..400)) {
        let torn = &PARTS.as_bytes()[..cut];
        prop_assume!(announced != Some(cut as u64));
        prop_assert_eq!(at_once(announced, torn), None);
        let mut fetches = Fetches::of(announced);
        prop_assert_eq!(fetches.judge(torn.to_vec()), None);
        let (_, delivered) = fetches.judge(torn.to_vec()).unwrap();
        prop_assert_eq!(delivered, Delivered::Short { announced });
    }

    /// Any bytes: an answer.
    #[test]
    fn any_bytes_end_somehow(raw in prop::collection::vec(any::<u8>(), 0..300), head in "(Content-Type: multipart/m; ?[ -~]{0,30}\r\n\r\n)?") {
        let raw = [head.as_bytes(), &raw].concat();
        prop_assert!(matches!(ending(&raw), Ending::Closed | Ending::Open | Ending::Unstated));
    }
}
