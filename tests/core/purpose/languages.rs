//! Every purpose is found in every language of the roster and of the United Nations.

use std::collections::{BTreeMap, BTreeSet};

use docket::core::purpose::Kind;
use jiff::civil::date;

use super::{document, judged, letter};

/// Sentences by language and purpose.
type Sentences = BTreeMap<String, BTreeMap<String, String>>;

fn sentences() -> Sentences {
    toml::from_str(include_str!("languages.toml")).expect("the sentences are TOML")
}

#[test]
fn every_language_of_the_roster_is_there() {
    let wanted = "ar az be bg cs da de el es et fi fr he hr hu hy is it ka kk ky lt lv mk nl no pl pt ro ru sk sl sq sr sv \
                  tg tk tr uk uz zh";
    let there: BTreeSet<String> = sentences().into_keys().collect();
    assert_eq!(there, wanted.split_whitespace().map(str::to_owned).collect());
}

#[test]
fn every_purpose_is_found_in_every_language() {
    let kinds = [
        ("input", Kind::Input),
        ("extension", Kind::Extension),
        ("declination", Kind::Declination),
        ("announcement", Kind::Announcement),
        ("correction", Kind::Correction),
        ("automatic", Kind::Automatic),
        ("nomination", Kind::Nomination),
        ("question", Kind::Question),
    ];
    let mut wrong = Vec::new();
    for (language, said) in sentences() {
        let paper = format!("{}\n\n{}", said["title"], "Lorem ipsum dolor sit amet, consectetur elit. ".repeat(30));
        let paper = [document("1.docx", &paper)];
        for (key, kind) in kinds {
            let carries = matches!(kind, Kind::Input | Kind::Correction);
            let found = judged(&letter("GCM", &said[key], if carries { &paper } else { &[] }));
            let asked = !(carries || kind == Kind::Automatic);
            if found.kind != kind || found.proposed != asked {
                wrong.push(format!("{language} {key}: {:?}, proposed {}", found.kind, found.proposed));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_day_is_found_in_every_language() {
    for (language, said) in sentences() {
        for (key, day) in [("extension", date(2020, 10, 15)), ("announcement", date(2020, 10, 12))] {
            let found = judged(&letter("GCM", &said[key], &[]));
            let named = said[key].chars().any(char::is_numeric);
            assert_eq!(found.day, named.then_some(day), "{language}: {}", said[key]);
        }
    }
}
