//! What a message is to the secretariat, by its signs.

use docket::core::judging::relevance::{
    Relevance::{self, Correspondence, Input, Unrelated},
    Signs, announces_document, relevance, words_used,
};
use proptest::prelude::*;

/// All 128 sets of signs.
fn all() -> impl Iterator<Item = Signs> {
    (0_u8..128).map(|bits| {
        let sign = |n: u8| bits & (1 << n) != 0;
        Signs {
            text: sign(0),
            document: sign(1),
            missing_document: sign(2),
            state: sign(3),
            words: sign(4),
            reply: sign(5),
            automatic: sign(6),
        }
    })
}

#[test]
fn unrelated_is_what_nothing_ties_to_a_call() {
    for signs in all() {
        let tied = signs.state || signs.words || signs.reply || signs.document;
        assert_eq!(relevance(signs) == Unrelated, !tied, "{signs:?}");
    }
}

#[test]
fn robots_send_no_inputs() {
    for signs in all().filter(|signs| signs.automatic) {
        assert_ne!(relevance(signs), Input, "{signs:?}");
    }
}

#[test]
fn a_further_sign_never_makes_less_of_a_message() {
    for signs in all() {
        for more in [
            Signs { document: true, ..signs },
            Signs { state: true, ..signs },
            Signs { words: true, ..signs },
            Signs { text: true, ..signs },
        ] {
            assert!(relevance(more) >= relevance(signs), "{signs:?} and {more:?}");
        }
    }
}

#[test]
fn cases_from_the_mailbox() {
    let none = Signs::default();
    let cases: [(&str, Signs, Relevance); 7] = [
        ("a document of a state", Signs { text: true, document: true, state: true, ..none }, Input),
        ("a document of somebody", Signs { text: true, document: true, ..none }, Correspondence),
        ("a forgotten attachment", Signs { missing_document: true, words: true, ..none }, Input),
        ("thanks, see your attached letter", Signs { missing_document: true, reply: true, ..none }, Correspondence),
        ("a question in answer to us", Signs { reply: true, state: true, ..none }, Correspondence),
        ("an absence note of a ministry", Signs { automatic: true, state: true, ..none }, Correspondence),
        ("a newsletter", Signs { automatic: true, text: true, ..none }, Unrelated),
    ];
    for (what, signs, expected) in cases {
        assert_eq!(relevance(signs), expected, "{what}");
    }
}

#[test]
fn words_of_a_call_stand_by_themselves() {
    let words: Vec<String> =
        ["GCM", "regional review", "移民契约", "Обзор"].iter().map(|&word| word.to_owned()).collect();
    for (text, used) in [
        ("Our input to the gcm", 1),
        ("GCM: the Regional\r\n  Review", 2),
        ("aes-gcm-256 and gcm2", 1),
        ("agcms", 0),
        ("关于移民契约的材料", 1),
        ("Национальный обзор", 1),
        ("", 0),
    ] {
        assert_eq!(words_used(&words, text), used, "{text}");
    }
    assert_eq!(words_used(&[String::new(), "  ".to_owned()], "anything"), 0);
}

#[test]
fn announcements() {
    for text in ["Please find attached our input", "ci-joint la contribution", "в приложении", "见附件", "مرفق طيه"]
    {
        assert!(announces_document(text), "{text}");
    }
    assert!(!announces_document("When is the deadline?"));
}

proptest! {
    #[test]
    fn any_text_is_looked_through(words in proptest::collection::vec(".{0,6}", 0..4), text in ".{0,60}") {
        prop_assert!(words_used(&words, &text) <= words.len());
        let quoted = format!("{text} GCM {text}");
        prop_assert_eq!(words_used(&["GCM".to_owned()], &quoted), 1);
    }
}
