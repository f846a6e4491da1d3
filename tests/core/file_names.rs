//! Names of strangers' files, made safe for every file system.

use docket::core::text::file_names::{FileNames, safe};
use proptest::prelude::*;

#[test]
fn no_name_leads_elsewhere_hides_or_is_a_device() {
    for (wanted, expected) in [
        ("Contribution de la France.docx", "Contribution de la France.docx"),
        ("Вклад Республики Беларусь.pdf", "Вклад Республики Беларусь.pdf"),
        ("../../etc/passwd", "_.._.._etc_passwd"),
        ("C:\\Windows\\input.doc", "C__Windows_input.doc"),
        ("..", "unnamed"),
        ("", "unnamed"),
        (" . ", "unnamed"),
        (".bashrc", "_.bashrc"),
        ("-rf", "_-rf"),
        ("input. ", "input"),
        ("CON", "_CON"),
        ("con.tar.docx", "_con.tar.docx"),
        ("Com1 .txt", "_Com1 .txt"),
        ("lpt².pdf", "_lpt².pdf"),
        ("COM10.pdf", "COM10.pdf"),
        ("contribution.docx", "contribution.docx"),
        ("a\nb\tc\u{7}.pdf", "a b c.pdf"),
        ("input\u{202e}fdp.exe", "inputfdp.exe"),
        ("what? \"this\" <is> a|b*.odt", "what_ _this_ _is_ a_b_.odt"),
        ("e\u{301}tude.pdf", "étude.pdf"),
    ] {
        assert_eq!(safe(wanted), expected, "{wanted:?}");
    }
}

#[test]
fn long_names_keep_their_ending_and_are_cut_between_letters() {
    let long = safe(&format!("{}.docx", "ж".repeat(300)));
    assert!(long.len() <= 100 && long.ends_with("ж.docx"), "{long}");
    assert!(safe(&"x".repeat(5_000)).len() <= 100);
    assert_eq!(safe("A sentence. With a stop that is no ending"), "A sentence. With a stop that is no ending");
}

#[test]
fn no_two_names_of_a_folder_are_the_same_to_any_file_system() {
    let mut names = FileNames::default();
    let added: Vec<String> = ["input.docx", "INPUT.docx", "ｉnput.docx", "input (2).docx", "e\u{301}.pdf", "É.pdf"]
        .map(|name| names.add(name))
        .to_vec();
    assert_eq!(added, ["input.docx", "INPUT (2).docx", "ｉnput (3).docx", "input (2) (2).docx", "é.pdf", "É (2).pdf"]);
    let long = "y".repeat(200) + ".pdf";
    let (one, other) = (names.add(&long), names.add(&long));
    assert!(one != other && other.len() <= 100 && other.ends_with(" (2).pdf"), "{other}");
}

proptest! {
    #[test]
    fn whatever_a_name_is_it_is_one_step_and_stays_as_it_is(wanted in "\\PC{0,80}|[./\\\\: a-zA-Z\u{0}-\u{1f}\u{202e}]{0,40}") {
        let name = safe(&wanted);
        prop_assert!(!name.is_empty() && name.len() <= 100, "{name:?}");
        prop_assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) && !name.chars().any(char::is_control));
        prop_assert!(!name.starts_with(['.', '-', ' ']) && !name.ends_with(['.', ' ']), "{name:?}");
        prop_assert_eq!(safe(&name), name.clone());
        let mut names = FileNames::default();
        let many: std::collections::BTreeSet<String> = (0..5).map(|_| names.add(&wanted).to_lowercase()).collect();
        prop_assert_eq!(many.len(), 5);
    }
}
