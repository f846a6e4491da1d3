//! What a message is to the secretariat, by its signs.

use docket::core::judging::relevance::{
    Relevance::{self, Correspondence, Input, Unrelated},
    Signs, relevance,
};

/// All 512 sets of signs.
fn all() -> impl Iterator<Item = Signs> {
    (0_u16..512).map(|bits| {
        let sign = |n: u16| bits & (1 << n) != 0;
        Signs {
            text: sign(0),
            document: sign(1),
            missing_document: sign(2),
            state: sign(3),
            words: sign(4),
            reply: sign(5),
            automatic: sign(6),
            input: sign(7),
            spoken: sign(8),
        }
    })
}

#[test]
fn unrelated_is_what_nothing_ties_to_a_call() {
    for signs in all() {
        let tied = signs.state || signs.words || signs.reply || signs.document || signs.spoken;
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
            Signs { input: true, ..signs },
            Signs { spoken: true, ..signs },
        ] {
            assert!(relevance(more) >= relevance(signs), "{signs:?} and {more:?}");
        }
    }
}

#[test]
fn cases_from_the_mailbox() {
    let none = Signs::default();
    let cases: [(&str, Signs, Relevance); 10] = [
        ("an input of a state", Signs { text: true, document: true, state: true, input: true, ..none }, Input),
        ("another document of a state", Signs { text: true, document: true, state: true, ..none }, Correspondence),
        ("an input of nobody", Signs { text: true, document: true, input: true, ..none }, Correspondence),
        ("a refusal of nobody", Signs { spoken: true, ..none }, Correspondence),
        ("a document of somebody", Signs { text: true, document: true, ..none }, Correspondence),
        ("a forgotten attachment", Signs { missing_document: true, words: true, input: true, ..none }, Input),
        (
            "thanks, see your attached letter",
            Signs { missing_document: true, reply: true, input: true, ..none },
            Correspondence,
        ),
        ("a question in answer to us", Signs { reply: true, state: true, ..none }, Correspondence),
        ("an absence note of a ministry", Signs { automatic: true, state: true, ..none }, Correspondence),
        ("a newsletter", Signs { automatic: true, text: true, ..none }, Unrelated),
    ];
    for (what, signs, expected) in cases {
        assert_eq!(relevance(signs), expected, "{what}");
    }
}
