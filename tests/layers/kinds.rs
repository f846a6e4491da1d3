//! The kinds of events, questions, findings and decisions are written in the files of their enums alone: whoever else needs
//! one names its variant.
//!
//! Looks at kinds of more than one word, for those of one are words of everyday as well.

use std::{fs, path::Path};

use super::{is_word, rust_files, tokens};

/// The enums, and what may write their kinds: their own files, and those of the folder beside them.
const ENUMS: [(&str, &str); 5] = [
    ("src/core/event", "Event"),
    ("src/core/question", "Question"),
    ("src/core/finding", "Finding"),
    ("src/core/decision/ruling", "Ruling"),
    ("src/core/decision/kept", "Act"),
];

#[test]
fn no_kind_is_written_as_text_elsewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    let kinds: Vec<String> = ENUMS
        .iter()
        .flat_map(|(file, name)| {
            let source = fs::read_to_string(root.join(file).with_extension("rs")).unwrap();
            let kinds = kinds(&source, name);
            assert!(kinds.len() > 1, "{name} has no kinds that can be read from its file: {kinds:?}");
            kinds
        })
        .filter(|kind| kind.contains('_'))
        .collect();
    assert!(kinds.len() > 40, "{kinds:?}");
    let mut found = Vec::new();
    for path in files {
        let file = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if ENUMS.iter().any(|(own, _)| file.starts_with(own)) {
            continue;
        }
        for (n, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            found.extend(written(line, &kinds).map(|kind| format!("{file}:{} {kind}", n + 1)));
        }
    }
    assert!(found.is_empty(), "kinds that are written as text: {found:#?}");
}

#[test]
fn a_kind_that_is_made_up_is_found() {
    let source = "pub enum Other { A }\n/// It.\npub enum Event {\n/// One.\nLetterSent { at: Time },\nGone,\n}";
    assert_eq!(kinds(source, "Event"), ["letter_sent", "gone"]);
    let kinds = kinds(source, "Event");
    assert_eq!(written("WHERE kind IN ('letter_sent', 'x')", &kinds).count(), 1);
    assert_eq!(written("let kind = \"letter_sent\";", &kinds).count(), 1);
    assert_eq!(written("letter_sent(about_letter_sent)", &kinds).count(), 0);
}

fn written<'a>(line: &'a str, kinds: &'a [String]) -> impl Iterator<Item = &'a String> {
    kinds.iter().filter(move |kind| line.contains(&format!("'{kind}'")) || line.contains(&format!("\"{kind}\"")))
}

/// The variants of an enum, as they are serialised.
fn kinds(source: &str, name: &str) -> Vec<String> {
    let tokens = tokens(source);
    let begin = tokens.windows(3).position(|part| part[0].1 == "enum" && part[1].1 == name && part[2].1 == "{");
    let (mut depth, mut begins, mut kinds) = (0, true, Vec::new());
    for token in &tokens[begin.expect("the enum is there") + 2..] {
        match token.1.as_str() {
            "{" | "(" | "[" | "<" => depth += 1,
            "}" | ")" | "]" | ">" => depth -= 1,
            "," if depth == 1 => begins = true,
            variant if depth == 1 && begins && is_word(token) => {
                kinds.push(snake(variant));
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    kinds
}

fn snake(variant: &str) -> String {
    variant.chars().enumerate().fold(String::new(), |mut word, (n, c)| {
        if c.is_uppercase() && n > 0 {
            word.push('_');
        }
        word.extend(c.to_lowercase());
        word
    })
}
