//! Whether two texts are one text.

use docket::core::judging::duplicate::{content_key, renditions, same_text};
use proptest::prelude::*;

#[test]
fn what_does_not_make_another_text() {
    for (one, other) in [
        ("Migration Policy", "migration   policy\r\n"),
        ("co-operation, in full.", "cooperation in full"),
        ("ﬁnal text", "final text"),
        ("cafe\u{301}", "café"),
        ("Глобальный договор", "ГЛОБАЛЬНЫЙ ДОГОВОР"),
        ("移民 全球契约", "移民全球契约"),
    ] {
        assert_eq!(content_key(one), content_key(other), "{one} = {other}");
    }
    for (one, other) in [("5 measures", "6 measures"), ("not adopted", "adopted"), ("", "text"), ("été", "ete")] {
        assert_ne!(content_key(one), content_key(other), "{one} ≠ {other}");
    }
}

#[test]
fn renditions_agree_in_nine_words_of_ten() {
    let words: Vec<String> = (0..100).map(|n| format!("word{n}")).collect();
    let text = words.join(" ");
    for (changed, same) in [(0, true), (5, true), (10, true), (11, false), (50, false)] {
        let other: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(n, word)| if n < changed { format!("other{n}") } else { word.clone() })
            .collect();
        assert_eq!(same_text(&text, &other.join(" ")), same, "{changed} words of 100 changed");
        assert_eq!(same_text(&other.join("\n"), &text), same, "either way round");
    }
    assert!(!same_text("", ""), "nothing is no rendition of nothing");
    assert!(
        same_text("安全有序和正常移民全球契约", "安全 有序 和 正常 移民 全球 契约"),
        "a letter of Chinese is a word"
    );
}

proptest! {
    #[test]
    fn spacing_case_and_punctuation_make_no_other_text(
        words in proptest::collection::vec("[a-zа-я0-9]{1,9}", 1..40),
        between in proptest::collection::vec("[ \\t\\r\\n.,;:–-]{1,3}", 40),
    ) {
        let plain = words.join(" ");
        let spaced: String = words.iter().zip(&between).flat_map(|(word, gap)| [word.to_uppercase(), gap.clone()]).collect();
        prop_assert_eq!(content_key(&plain), content_key(&spaced));
        prop_assert!(same_text(&plain, &spaced));
    }

    #[test]
    fn other_letters_make_another_text(one in "[a-z]{1,20}", other in "[a-z]{1,20}") {
        prop_assert_eq!(content_key(&one) == content_key(&other), one == other);
    }

    #[test]
    fn sameness_goes_both_ways(one in "([a-e]{1,2} ){0,20}", other in "([a-e]{1,2} ){0,20}") {
        prop_assert_eq!(same_text(&one, &other), same_text(&other, &one));
    }
}

/// A text that calls itself another's is no rendition, however much of it agrees; a name that a reader of PDF mistook, a
/// letterhead in one of the two and another layout make no other.
#[test]
fn what_names_another_in_its_title_is_no_rendition() {
    let text =
        |head: &str| format!("{head} to the regional review\n{}", "measures were taken in many fields ".repeat(40));
    for (one, other, same) in [
        ("Contribution of Denmark", "Contribution of Greenland", false),
        ("Contribution of Denmark", "Contribution of the Faroe Islands", false),
        ("Contribution of the Netherlands", "Contribution of Aruba", false),
        ("Материалы Российской Федерации", "Материалы Абхазии", false),
        ("תרומת ישראל", "תרומת גרמניה", false),
        ("Contribution of Denmark", "CONTRIBUTION OF DENMARK", true),
        ("Contribution of Denmark", "Contribution of Denrnark", true),
        ("Contribution of Denmark", "KINGDOM OF DENMARK\nMinistry of the Interior\nContribution of Denmark", true),
        ("Beitrag zur Überprüfung Österreichs", "Beitrag zur Über-\nprüfung Österreichs", true),
        ("Contribution of Denmark, final", "Contribution of Denmark, signed", true),
    ] {
        assert_eq!(renditions(&text(one), &text(other)), same, "{one} | {other}");
    }
}
