//! When a message without a document is owed a letter soon after another.

use docket::core::mail::mail_loop::{Over, Turn, numbers, over};
use proptest::prelude::*;

/// A letter of ours, and the text that it answered.
fn turn() -> Turn {
    Turn {
        subject: "Received: GCM-ECE-2020-0001 – Norway: input".to_owned(),
        letter: "This is an automatic receipt. It confirms what the secretariat has received from you; it is not a \
                 reply to the contents.\n\nReceived on time: the deadline is the end of 30 September 2020."
            .to_owned(),
        answered: "Please find attached our input to the regional review.".to_owned(),
    }
}

/// Words that stand nowhere else.
fn words(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn before_any_letter_everything_is_owed_one() {
    for text in ["", "Please find attached our input.", &words(0, 400)] {
        assert_eq!(over(text, &[]), None, "{text}");
    }
}

#[test]
fn little_that_is_new_is_owed_none() {
    let nothing_new = Some(Over::NothingNew);
    let repeated = words(0, 400);
    let wrote = Turn { answered: repeated.clone(), ..turn() };
    for (text, lately) in [
        ("", turn()),
        ("Thank you. Ticket 4711 was opened; please find attached our terms.", turn()),
        ("谢谢。请查收附件。", turn()),
        (&turn().letter.repeat(9), turn()),
        (&turn().letter.replace(' ', "\n").to_uppercase().repeat(9), turn()),
        (&repeated, wrote.clone()),
        (&format!("Ticket 4711.\n{repeated}\n{}", words(1000, 100)), wrote),
    ] {
        assert_eq!(over(text, &[lately]), nothing_new, "{text}");
    }
    let reason = Over::NothingNew.phrase().plain();
    assert!(reason.ends_with('.') && !reason.contains("  "), "{reason}");
}

#[test]
fn a_new_text_is_owed_one_and_after_two_letters_none() {
    let new = words(0, 250);
    assert_eq!(over(&new, &[turn()]), None);
    assert_eq!(over(&new.replace(' ', "\n"), &[turn()]), None);
    assert_eq!(over(&"移民政策".repeat(60), &[turn()]), None, "each letter of a script without spaces is a word");
    assert_eq!(over(&new, &[turn(), turn()]), Some(Over::Letters { letters: 2 }));
    assert!(Over::Letters { letters: 2 }.phrase().plain().contains("2 letters"));
}

#[test]
fn the_numbers_of_our_letters_are_found() {
    let text = "Intake number: M-000123\n> M-000123, (M-1234567); M-12345 IM-000009x M-é M-";
    assert_eq!(numbers(text), [9, 123, 1_234_567]);
    assert_eq!(numbers("M-99999999999999999999999 "), Vec::<i64>::new());
}

proptest! {
    #[test]
    fn what_comes_back_is_never_owed_one(
        text in "[a-zа-я ]{0,3000}", above in "[a-z ]{0,200}", below in "[a-z0-9 ]{0,200}",
    ) {
        let lately = [Turn { letter: text.clone(), ..turn() }];
        let echo = format!("{above}\n{}\n{below}", text.replace(' ', "\n"));
        prop_assert_eq!(over(&echo, &lately), Some(Over::NothingNew));
        prop_assert_eq!(over(&echo, &[]), None);
    }
}
