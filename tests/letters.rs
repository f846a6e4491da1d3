//! What senders are told, letter by letter.

use docket::{
    config::Shipped,
    core::{iso3::Iso3, language::Language},
    letters::{
        Letters,
        facts::{Facts, LetterKind},
        sample,
    },
};

fn letters() -> Letters {
    let shipped = Shipped::embedded();
    Letters::load(&|path| shipped.text(path).expect("shipped files are text")).unwrap_or_else(|e| panic!("{e}"))
}

fn name(state: Iso3, language: Language) -> String {
    match (state.as_str(), language) {
        ("CHE", Language::Fr) => "Suisse".to_owned(),
        ("CHE", _) => "Switzerland".to_owned(),
        ("AUT", Language::Fr) => "Autriche".to_owned(),
        ("AUT", _) => "Austria".to_owned(),
        ("LIE", _) => "Liechtenstein".to_owned(),
        (other, _) => other.to_owned(),
    }
}
#[test]
fn show() {
    let l = letters();
    for language in [Language::En, Language::Fr] {
        for kind in LetterKind::ALL {
            for (i, facts) in sample::facts(kind).iter().enumerate() {
                let r = l.render(facts, language, &name).unwrap();
                println!("=== {language} {kind:?} {i} {}\nSubject: {}\n\n{}", r.template, r.subject, r.body);
            }
        }
    }
}
