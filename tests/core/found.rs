//! Words found where they stand, in the letters of several scripts.

use docket::core::text::{comparable, found};
use proptest::prelude::*;

fn marked<'t>(text: &'t str, words: &str) -> Vec<&'t str> {
    found(text, &comparable(words)).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn words_are_found_in_any_letters() {
    for (text, words, expected) in [
        ("Contribution of Norway", "NORWAY", vec!["Norway"]),
        ("una migración y Migraciones", "migracion", vec!["migración", "Migracion"]),
        ("decomposed migracio\u{301}n", "migración", vec!["migracio\u{301}n"]),
        ("ends in a\u{301}", "á", vec!["a\u{301}"]),
        ("Δημοκρατία", "δημοκρατια", vec!["Δημοκρατία"]),
        ("Вклад Республики", "РЕСПУБЛИКИ", vec!["Республики"]),
        ("Ներդրում Հայաստանի", "հայաստան", vec!["Հայաստան"]),
        ("საქართველოს წვლილი", "საქართველო", vec!["საქართველო"]),
        ("מדינת ישראל", "ישראל", vec!["ישראל"]),
        ("الْهِجْرَة الآمنة", "الهجرة", vec!["الْهِجْرَة"]),
        ("中国就移民问题", "移民", vec!["移民"]),
        ("Straße 5", "strasse", vec!["Straße"]),
        ("one and two and one", "one two", vec!["one", "two", "one"]),
        ("overlapping", "overlap lapping", vec!["overlapping"]),
        ("M-000015", "M-000015", vec!["M", "000015"]),
        ("nothing of that", "else", vec![]),
        ("nothing asked", "!!", vec![]),
        ("", "x", vec![]),
    ] {
        assert_eq!(marked(text, words), expected, "{words} in {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is looked for: each place is a stretch of the text, in order, apart from the others, and holds a word.
    #[test]
    fn what_is_found_is_there(text in "[a-cA-CéİßſΣς0-2 \u{301}<&移民عر]{0,40}", words in "[a-cé0-2移 ]{0,6}") {
        let words = comparable(&words);
        let mut end = 0;
        for (n, range) in found(&text, &words).into_iter().enumerate() {
            prop_assert!(range.start < range.end && (n == 0 || range.start > end));
            let held = comparable(&text[range.clone()]);
            prop_assert!(words.split_whitespace().any(|word| held.contains(word)), "{held} holds none of {words}");
            end = range.end;
        }
        let folded = comparable(&text);
        let any = words.split_whitespace().any(|word| folded.contains(word));
        prop_assert_eq!(any, !found(&text, &words).is_empty());
    }
}
