//! Words in all letters: the cases of people who had not seen the code, and what holds of every text.

use std::collections::BTreeSet;

use docket::core::search::{Key, Search, Unsearchable, index_words, passage, units};
use proptest::prelude::*;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

#[derive(Deserialize)]
struct Case {
    id: String,
    entry: Entry,
    query: String,
    found: bool,
    why: String,
}

#[derive(Deserialize)]
struct Entry {
    subject: String,
    from: String,
    file_name: String,
    text: String,
    number: Option<String>,
}

/// Other cases by `DOCKET_SEARCH_CASES`, the path of a file of the same form.
fn cases() -> Vec<Case> {
    let other = std::env::var_os("DOCKET_SEARCH_CASES").map(|path| std::fs::read_to_string(path).unwrap());
    let text = other.unwrap_or_else(|| include_str!("search_cases.jsonl").to_owned());
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    index_words(text, &mut words);
    words
}

#[test]
fn what_people_look_for_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    for Case { id, entry, query, found, why } in cases() {
        let texts: Vec<&str> = entry
            .number
            .iter()
            .map(String::as_str)
            .chain([entry.subject.as_str(), &entry.from, &entry.file_name, &entry.text])
            .collect();
        let search = match Search::of(&query) {
            Ok(search) => search,
            Err(_) if !found => continue,
            Err(error) => panic!("{id}: {error}"),
        };
        let held: BTreeSet<String> = texts.iter().flat_map(|text| words(text)).collect();
        let holds = |key: &Key| match key {
            Key::Is(word) => held.contains(word),
            Key::Begins(word) => held.iter().any(|held| held.starts_with(word)),
        };
        let by_index = search.keys().iter().all(holds);
        let by_text = search.finds(texts.iter().copied());
        if by_text && !by_index {
            wrong.push(format!("{id}: the index lacks what the text has: {why}"));
        }
        if (by_index && (by_text || !search.needs_the_text())) != found {
            wrong.push(format!("{id}: “{query}” should {}be found: {why}", if found { "" } else { "not " }));
        }
        let marked = texts.iter().any(|text| !search.hits(text).is_empty());
        if found && !marked {
            wrong.push(format!("{id}: nothing is marked"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn words_are_marked_in_any_letters() {
    for (text, words, expected) in [
        ("Contribution of Norway", "NORWAY", vec!["Norway"]),
        ("una migración y Migraciones", "migracion", vec!["migración"]),
        ("decomposed migracio\u{301}n", "migración", vec!["migracio\u{301}n"]),
        ("ends in a\u{301}", "á", vec!["a\u{301}"]),
        ("Δημοκρατία", "δημοκρατια", vec!["Δημοκρατία"]),
        ("Вклад Республики", "РЕСПУБЛИКИ", vec!["Республики"]),
        ("Ներդրում Հայաստանի", "հայաստանի", vec!["Հայաստանի"]),
        ("საქართველოს წვლილი", "საქართველოს", vec!["საქართველოს"]),
        ("מדינת ישראל", "ישראל", vec!["ישראל"]),
        ("الْهِجْرَة الآمنة", "الهجرة", vec!["الْهِجْرَة"]),
        ("中国就移民问题", "移民", vec!["移民"]),
        ("Straße 5", "strasse", vec!["Straße"]),
        ("one and two and one", "one two", vec!["one", "two", "one"]),
        ("nothing of that", "else", vec![]),
        ("", "x", vec![]),
    ] {
        let marked: Vec<&str> = Search::of(words).unwrap().hits(text).into_iter().map(|hit| &text[hit]).collect();
        assert_eq!(marked, expected, "{words} in {text}");
    }
}

#[test]
fn several_words_of_one_character_are_words() {
    let sign = "\u{FDFA}";
    assert_eq!(units(sign).len(), 4);
    let search = Search::of(sign).unwrap();
    let hits = search.hits(sign);
    assert_eq!((hits.len(), hits.first()), (1, Some(&(0..sign.len()))));
    assert_eq!(passage(&search, sign).as_deref(), Some(sign));
}

#[test]
fn a_search_says_what_it_asks_for() {
    assert_eq!(Search::of(" !! … "), Err(Unsearchable::Nothing));
    let many = (0..17).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    assert_eq!(Search::of(&many), Err(Unsearchable::TooMany));
    let found = |query: &str, text: &str| Search::of(query).unwrap().finds([text]);
    for (query, text, expected) in [
        ("contrib*", "Contributions", true),
        ("contrib", "Contributions", false),
        ("\"free movement\"", "the free movement of persons", true),
        ("\"free persons\"", "the free movement of persons", false),
        ("free persons", "the free movement of persons", true),
        ("regular", "safe and regu-\nlar migration", true),
        ("well-known", "a well-\nknown fact", true),
        ("йод", "иод", false),
        ("ёлка", "елка", true),
        ("이민정책", "이민정책을", true),
        ("M-15", "M-000015", true),
        ("M-1", "M-000015", false),
    ] {
        assert_eq!(found(query, text), expected, "{query} in {text}");
    }
}

#[test]
fn the_line_around_a_hit_is_whole_words() {
    let text = format!("{} the portability of pension rights {}", "before ".repeat(40), "after ".repeat(60));
    let line = passage(&Search::of("pension").unwrap(), &text).unwrap();
    assert!(line.starts_with("… before") && line.contains("pension rights") && line.ends_with("after …"), "{line}");
    assert_eq!(passage(&Search::of("nothing").unwrap(), &text), None);
}

proptest! {
    #[test]
    fn words_are_the_same_however_they_are_written(text in "\\PC{0,60}") {
        let of = |text: &str| units(text).into_iter().map(|unit| unit.word).collect::<Vec<_>>();
        prop_assert_eq!(of(&text.nfc().collect::<String>()), of(&text.nfd().collect::<String>()));
        for unit in units(&text) {
            prop_assert!(text.get(unit.range.clone()).is_some(), "{:?} of {:?}", unit, text);
            let again = of(&unit.word);
            prop_assert_eq!(again.concat(), unit.word);
        }
    }

    #[test]
    fn whatever_is_written_can_be_looked_through(text in "\\PC{0,60}", words in "\\PC{1,12}") {
        for search in [Search::of(&text), Search::of(&words), Search::of("sallallahu")].into_iter().flatten() {
            let mut at = 0;
            for hit in search.hits(&text) {
                prop_assert!(at <= hit.start && text.get(hit.clone()).is_some(), "{:?} of {:?}", hit, text);
                at = hit.end;
            }
            let _ = passage(&search, &text);
        }
    }

    #[test]
    fn capitals_make_no_difference(text in "[a-zA-Zà-þÀ-ÞΑ-Ωα-ωА-Яа-я ]{0,60}") {
        let of = |text: &str| units(text).into_iter().map(|unit| unit.word).collect::<Vec<_>>();
        prop_assert_eq!(of(&text.to_uppercase()), of(&text.to_lowercase()));
    }

    #[test]
    fn what_stands_in_a_text_is_found_in_it(text in "[a-zéж中文ا /.\n-]{1,60}", from in 0_usize..60) {
        let words: Vec<&str> = text.split_whitespace().collect();
        if let Some(word) = words.get(from % words.len().max(1))
            && let Ok(search) = Search::of(word)
            && !word.contains(['.'])
        {
            prop_assert!(search.finds([text.as_str()]), "{:?} in {:?}", word, text);
        }
    }
}
