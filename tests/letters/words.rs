//! The words of each language: all of them there, all of them said, and what is wrong in them named with its line.

use std::collections::{BTreeMap, BTreeSet};

use docket::{
    core::{
        calls::standing::Standing,
        file::{Format, Outcome, Role},
        text::language::Language,
    },
    letters::{
        choices,
        facts::{Facts, LetterKind, Reminder},
        plural::Form,
        sample, variants,
    },
};
use insta::assert_snapshot;

use super::{changed, letters, name, render, shipped, usual};

fn path(language: Language) -> String {
    format!("letters/{language}/words.toml")
}

fn words(language: Language) -> String {
    shipped(&path(language)).expect("the language has words")
}

/// Calls for every text of a file of words, the forms of one phrase under one path.
fn each_text(table: &mut toml::Table, at: &str, visit: &mut dyn FnMut(&str, &mut String)) {
    let by_number = table.contains_key("by");
    for (key, value) in table.iter_mut().filter(|(key, _)| *key != "by") {
        let path = match at {
            "" => key.clone(),
            at if by_number => at.to_owned(),
            at => format!("{at}.{key}"),
        };
        match value {
            toml::Value::Table(table) => each_text(table, &path, visit),
            toml::Value::String(text) => visit(&path, text),
            other => panic!("{path} is {other}"),
        }
    }
}

/// The places for facts in each phrase.
fn places(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut table: toml::Table = words(language).parse().unwrap();
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    each_text(&mut table, "", &mut |path, text| {
        let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        places.entry(path.to_owned()).or_default().extend(names.map(|(name, _)| name.to_owned()));
    });
    places
}

#[test]
fn every_phrase_of_every_language_is_said_and_every_choice_has_one() {
    let languages = letters().languages();
    assert!(languages.len() >= 2);
    for language in languages {
        // Each phrase says its own path first.
        let mut table: toml::Table = words(language).parse().unwrap();
        let mut phrases = BTreeSet::new();
        each_text(&mut table, "", &mut |path, text| {
            *text = format!("<{path}> {text}");
            phrases.insert(path.to_owned());
        });
        let marked = changed(&[(&path(language), Some(&toml::to_string(&table).unwrap()))]).unwrap();
        let mut said = String::new();
        for facts in LetterKind::ALL.into_iter().flat_map(sample::facts) {
            let letter = marked.render(&facts, language, &name).unwrap();
            assert_eq!(letter.language, language);
            said.push_str(&(letter.subject + "\n" + &letter.body));
        }
        let silent: Vec<&String> = phrases.iter().filter(|path| !said.contains(&format!("<{path}>"))).collect();
        assert!(silent.is_empty(), "no letter in “{language}” says {silent:?}");
        for (table, names) in choices() {
            assert!(!names.is_empty(), "{table}");
            for choice in names.iter().map(|name| format!("{table}.{name}")) {
                let below = format!("{choice}.");
                assert!(phrases.iter().any(|path| *path == choice || path.starts_with(&below)), "{language}: {choice}");
            }
        }
    }
}

#[test]
fn a_choice_without_its_word_and_a_word_without_its_choice_are_named() {
    for language in letters().languages() {
        let words = words(language);
        for (table, names) in choices() {
            for choice in names {
                // A table of its own for a letter, a line in the table for the others.
                let (from, to) = if table == "letter" {
                    (format!("[letter.{choice}"), format!("[letter.{choice}_"))
                } else {
                    (format!("\n{choice} = "), format!("\n{choice}_ = "))
                };
                let at = if table == "letter" { 0 } else { words.find(&format!("[{table}]\n")).unwrap() };
                let (before, here) = words.split_at(at);
                let misnamed = format!("{before}{}", here.replacen(&from, &to, if table == "letter" { 9 } else { 1 }));
                let problems = changed(&[(&path(language), Some(&misnamed))]).unwrap_err();
                for expected in [
                    format!("“{table}.{choice}” is missing"),
                    format!("“{choice}_” is unknown in [{table}]; there is {}", names.join(", ")),
                ] {
                    let named = |line: &str| {
                        let place = line.strip_prefix(&path(language)).and_then(|rest| rest.strip_prefix(':'));
                        place.is_some_and(|rest| {
                            rest.starts_with(|c: char| c.is_ascii_digit()) && rest.ends_with(&expected)
                        })
                    };
                    assert!(problems.lines().any(named), "{expected}\n---\n{problems}");
                }
            }
        }
    }
}

#[test]
fn serde_knows_every_variant() {
    assert_eq!(variants::all::<LetterKind>(), LetterKind::ALL);
    assert_eq!(variants::all::<Language>(), Language::ALL);
    assert_eq!(LetterKind::ALL.map(LetterKind::name), *variants::names::<LetterKind>());
    let standings =
        [Standing::OnTime, Standing::ByGrace, Standing::ByExtension, Standing::Late, Standing::Undetermined];
    assert_eq!(variants::all::<Standing>(), standings);
    assert_eq!(variants::names::<Standing>(), ["on_time", "by_grace", "by_extension", "late", "undetermined"]);
    assert!(variants::all::<Outcome>().contains(&Outcome::NotRead) && variants::names::<Outcome>().len() == 10);
    assert!(variants::all::<Format>().contains(&Format::Unknown) && variants::all::<Role>().contains(&Role::Ignored));
    assert!(variants::names::<String>().is_empty() && variants::all::<u8>().is_empty());
}

#[test]
fn all_languages_state_the_same_facts() {
    let english = places(Language::En);
    for language in letters().languages() {
        assert_eq!(places(language), english, "{language}");
    }
}

#[test]
fn bad_words_are_named_with_file_and_line_all_at_once() {
    let french = words(Language::Fr)
        .replace("\npartial = ", "\npartail = ")
        .replace("docx = \"document Word\"\n", "")
        .replace("\nstate = \"Enregistrée", "\ncountry = \"Enregistrée")
        .replace("Référence\u{a0}: {reference}", "Référence\u{a0}: {{ reference }}")
        .replace("remplace la version\u{a0}{other}", "remplace la version\u{a0}{othre}")
        .replace("\nunnamed = \"(sans nom)\"", "\nunnamed = 7")
        .replace("by = \"words\"", "by = \"size\"")
        .replace("by = \"days\"\n", "")
        .replace("by = \"limit\"\none = ", "by = \"limit\"\nfew = ");
    let english = words(Language::En)
        .replace("late = \"Received after the deadline of {day}", "latte = \"Received after the deadline of {day}");
    let problems =
        changed(&[("letters/fr/words.toml", Some(&french)), ("letters/en/words.toml", Some(&english))]).unwrap_err();
    assert_snapshot!(problems, @r"
    letters/en/words.toml:69: “standing.late” is missing
    letters/en/words.toml:73: “latte” is unknown in [standing]; there is on_time, by_grace, by_extension, late, undetermined
    letters/fr/words.toml:26: “entry.state” is missing
    letters/fr/words.toml:28: “entry.reference”: “{{ reference }}” is no place for a fact: that is its name in braces, such as {day}
    letters/fr/words.toml:29: “entry.country” is unknown; letters/en/words.toml has no such phrase
    letters/fr/words.toml:36: “entry.replaces”: “{othre}” is no fact here; there is other, version
    letters/fr/words.toml:83: “length.within”: “by” names “size”, which is no number here; there is limit, words
    letters/fr/words.toml:97: “file.unnamed”: should be a text in quotes
    letters/fr/words.toml:111: “format.docx” is missing
    letters/fr/words.toml:132: “outcome.partial” is missing
    letters/fr/words.toml:134: “partail” is unknown in [outcome]; there is read, partial, no_text, encrypted, damaged, unsupported, too_large, timed_out, infected, not_read
    letters/fr/words.toml:207: “letter.reminder.in_days”: has no “by”, which names the number that the form goes by
    letters/fr/words.toml:215: “letter.reminder.until.in_days”: has no “by”, which names the number that the form goes by
    letters/fr/words.toml:219: “letter.reminder.length”: “few” is no form of “fr”, which has one, other
    letters/fr/words.toml:259: “letter.withdrawn.state” is missing
    letters/fr/words.toml:262: “letter.withdrawn.country” is unknown; letters/en/words.toml has no such phrase
    ");
}

#[test]
fn what_is_wrong_with_a_phrase_is_said_by_the_file_that_is_wrong() {
    let parts = shipped("letters/parts.txt.j2").unwrap();
    let said = |path: &str, text: Option<&str>| changed(&[(path, text)]).unwrap_err();
    assert_snapshot!(said("letters/parts.txt.j2", Some(&parts.replace("entry.files\") }}", "entry.fiels\") }}"))), @"letters/parts.txt.j2:194: invalid operation: there is no phrase “entry.fiels”");
    assert_snapshot!(said("letters/parts.txt.j2", Some(&parts.replace(", other=other.version", ""))), @r"
    letters/en/words.toml:34: “entry.replaces”: “{other}” is no fact here; there is version
    letters/en/words.toml:37: “entry.earlier”: “{other}” is no fact here; there is version
    letters/en/words.toml:40: “entry.under_query”: “{other}” is no fact here; there is version
    letters/en/words.toml:44: “entry.copy”: “{other}” is no fact here; there is none
    letters/en/words.toml:50: “entry.came_for”: “{other}” is no fact here; there is none
    letters/fr/words.toml:36: “entry.replaces”: “{other}” is no fact here; there is version
    letters/fr/words.toml:39: “entry.earlier”: “{other}” is no fact here; there is version
    letters/fr/words.toml:42: “entry.under_query”: “{other}” is no fact here; there is version
    letters/fr/words.toml:46: “entry.copy”: “{other}” is no fact here; there is none
    letters/fr/words.toml:52: “entry.came_for”: “{other}” is no fact here; there is none
    ");
    assert_snapshot!(said("letters/parts.txt.j2", Some(&parts.replace("other=other.version", "other=entry"))), @r"
    letters/parts.txt.j2:133: invalid operation: “other” is neither a text nor a number
    letters/parts.txt.j2:141: invalid operation: “other” is neither a text nor a number
    letters/parts.txt.j2:147: invalid operation: “other” is neither a text nor a number
    ");
    assert_snapshot!(said("letters/parts.txt.j2", Some(&parts.replace("title=call.title", "title=call.titel"))), @r"
    letters/parts.txt.j2:40: undefined value: what “title” stands for is undefined
    letters/parts.txt.j2:112: undefined value: what “title” stands for is undefined
    ");
    assert_snapshot!(said("letters/en/words.toml", None), @"letters/en/words.toml: is missing, and every letter falls back to English");
    assert_snapshot!(said("letters/fr/words.toml", Some("[message]\ncall = \"Appel\nreceived = 1")), @r##"letters/fr/words.toml:2: this is not TOML: invalid basic string, expected `"`"##);
    let silent = words(Language::Fr)
        .replace("\nsubject = \"Rappel\u{a0}: contributions attendues jusqu’au {day} – {title}\"", "\nsubject = \"\"");
    assert_snapshot!(said("letters/fr/words.toml", Some(&silent)), @"letters/reminder/subject.txt.j2: is empty in “fr”");
    let with_es = changed(&[
        ("letters/es/received/subject.txt.j2", Some("Recibido")),
        ("letters/es/received/body.txt.j2", Some("{{ say(\"file.scan\") }}")),
    ]);
    assert_snapshot!(with_es.unwrap_err(), @"letters/es/received/body.txt.j2:1: invalid operation: there is no letters/es/words.toml");
}

#[test]
fn an_empty_phrase_says_nothing_and_leaves_no_line() {
    let english =
        words(Language::En).replace("by_grace = \"", "by_grace = \"\" #").replace("damaged = \"", "damaged = \"\" #");
    let letters = changed(&[("letters/en/words.toml", Some(&english))]).unwrap();
    let mut receipt = sample::receipt();
    receipt.entries[0].standing = Standing::ByGrace;
    receipt.entries[0].files[0].outcome = Outcome::Damaged;
    let body = letters.render(&Facts::Acknowledgement(receipt), Language::En, &name).unwrap().body;
    assert!(body.contains("\nRegistered as the input of: Switzerland\nLength: 4,711 words"), "{body}");
    assert!(body.contains("852b855\n\n2. Note verbale"), "{body}");
}

#[test]
fn a_single_word_is_counted_as_one() {
    let mut receipt = sample::receipt();
    receipt.entries[0].words = Some(1);
    let facts = Facts::Received(receipt);
    let said = |language| render(&facts, language).body.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(said(Language::En).contains("\nLength: 1 word was counted; the call asks for at most 5,000.\n"));
    assert!(said(Language::Fr).contains("\nLongueur : 1 mot a été compté ; l’appel en demande 5 000 au plus.\n"));
}

#[test]
fn a_language_is_added_by_a_file_of_words_alone() {
    let days = |days_left| {
        let Facts::Reminder(reminder) = usual(LetterKind::Reminder) else { panic!("not a reminder") };
        Facts::Reminder(Reminder { days_left, ..reminder })
    };
    // The shipped words of English, with the forms of another language beside numbers.
    let forms = |language: Language, forms: &[(&str, &str)]| {
        let mut table: toml::Table = words(Language::En).parse().unwrap();
        let table_of = |forms: &[(&str, &str)], by: &str| {
            let texts = forms.iter().map(|(form, text)| ((*form).to_owned(), (*text).to_owned().into()));
            toml::Value::Table(texts.chain([("by".to_owned(), by.to_owned().into())]).collect())
        };
        let reminder = table["letter"]["reminder"].as_table_mut().unwrap();
        reminder.insert("in_days".to_owned(), table_of(forms, "days"));
        reminder["until"].as_table_mut().unwrap().insert("in_days".to_owned(), table_of(forms, "days"));
        reminder.insert("length".to_owned(), "не более {limit}".into());
        table["length"].as_table_mut().unwrap().insert("within".to_owned(), "{words}".into());
        table["file"].as_table_mut().unwrap().insert("pages".to_owned(), "{pages}".into());
        changed(&[(&path(language), Some(&toml::to_string(&table).unwrap()))]).unwrap()
    };
    let russian = forms(Language::Ru, &[("one", "{days} день"), ("few", "{days} дня"), ("many", "{days} дней")]);
    assert_eq!(russian.languages(), BTreeSet::from([Language::En, Language::Fr, Language::Ru]));
    for (count, said) in [(2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (112, "112 дней")]
    {
        let letter = russian.render(&days(count), Language::Ru, &name).unwrap();
        assert_eq!(letter.language, Language::Ru);
        assert!(letter.body.contains(&format!("\n{said}\nSend to")), "{}", letter.body);
        assert!(letter.body.contains("\nне более 5\u{202f}000\n"), "{}", letter.body);
    }
    let arabic = [
        ("zero", "0"),
        ("one", "1"),
        ("two", "يومان"),
        ("few", "{days} أيام"),
        ("many", "{days} يوما"),
        ("other", "{days} يوم"),
    ];
    let arabic = forms(Language::Ar, &arabic);
    for (count, said) in [(2, "يومان"), (3, "3 أيام"), (11, "11 يوما"), (100, "100 يوم"), (103, "103 أيام")]
    {
        let letter = arabic.render(&days(count), Language::Ar, &name).unwrap();
        assert!(letter.body.contains(&format!("\n{said}\nSend to")), "{}", letter.body);
    }
    let chinese = forms(Language::Zh, &[("other", "{days}天")]);
    assert!(chinese.render(&days(2), Language::Zh, &name).unwrap().body.contains("\n2天\n"));
    let spanish = forms(Language::Es, &[("one", "{days} día"), ("other", "{days} días")]);
    assert!(spanish.render(&days(2), Language::Es, &name).unwrap().body.contains("\n2 días\n"));
}

#[test]
fn a_language_may_have_a_text_of_its_own_for_a_letter() {
    // As it stood where each language had all texts of its own, and may stand in a folder of configuration.
    let own = "{% import \"parts.txt.j2\" as parts %}\nCeci est le nôtre.\n\n{{ parts.message(call, received, subject, number) }}\n\
               {% if files %}\n{{ parts.list(files) }}\n{% endif %}\n{{ call.secretariat }}\n";
    let letters = changed(&[("letters/fr/query/body.txt.j2", Some(own))]).unwrap();
    let french = letters.render(&usual(LetterKind::Query), Language::Fr, &name).unwrap();
    assert_eq!(french.subject, render(&usual(LetterKind::Query), Language::Fr).subject);
    assert!(french.body.starts_with("Ceci est le nôtre.\n\nAppel à contributions\u{a0}: Examen"), "{}", french.body);
    let english = letters.render(&usual(LetterKind::Query), Language::En, &name).unwrap();
    assert_eq!(english, render(&usual(LetterKind::Query), Language::En));
}

#[test]
fn numbers_ask_for_the_forms_of_the_unicode_tables() {
    // The samples of the CLDR for whole numbers.
    let samples: [(Language, Form, &[u64]); 17] = [
        (Language::En, Form::One, &[1]),
        (Language::En, Form::Other, &[0, 2, 16, 100, 1_000, 1_000_000]),
        (Language::Es, Form::One, &[1]),
        (Language::Es, Form::Many, &[1_000_000, 3_000_000]),
        (Language::Es, Form::Other, &[0, 2, 16, 1_000, 1_000_001]),
        (Language::Fr, Form::One, &[0, 1]),
        (Language::Fr, Form::Many, &[1_000_000]),
        (Language::Fr, Form::Other, &[2, 17, 100, 10_000, 1_000_001]),
        (Language::Ru, Form::One, &[1, 21, 31, 81, 101, 1_001]),
        (Language::Ru, Form::Few, &[2, 3, 4, 22, 24, 32, 62, 102, 1_002]),
        (Language::Ru, Form::Many, &[0, 5, 19, 100, 11, 12, 14, 111, 112, 1_000, 1_000_000]),
        (Language::Ar, Form::Zero, &[0]),
        (Language::Ar, Form::One, &[1]),
        (Language::Ar, Form::Two, &[2]),
        (Language::Ar, Form::Few, &[3, 10, 103, 110, 1_003]),
        (Language::Ar, Form::Many, &[11, 26, 99, 111, 1_011]),
        (Language::Ar, Form::Other, &[100, 101, 102, 200, 202, 1_000, 1_000_000]),
    ];
    for (language, form, numbers) in samples {
        assert!(Form::needed(language).contains(&form) || Form::spare(language).contains(&form));
        for number in numbers {
            assert_eq!(Form::of(*number, language), form, "{number} in “{language}”");
        }
    }
    for language in Language::ALL {
        // What is never asked for is not needed.
        let asked: BTreeSet<Form> = (0..2_000).map(|number| Form::of(number, language)).collect();
        assert_eq!(asked, Form::needed(language).iter().copied().collect(), "{language}");
    }
}
