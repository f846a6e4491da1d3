//! The difference in words between two texts.

use docket::core::text::difference::{
    Difference,
    Part::{self, Added, Changed, Removed, Same},
    Piece,
};
use proptest::prelude::*;

use crate::fixture::dice::Dice;

fn between(before: &str, after: &str) -> Difference {
    Difference::between(before, after)
}

/// The text before or after, put together again.
fn told(difference: &Difference, after: bool) -> String {
    let mut lines = Vec::new();
    for part in &difference.parts {
        match part {
            Same { paragraphs, .. } => lines.extend(paragraphs.iter().cloned()),
            Changed { pieces, .. } => lines.push(
                pieces
                    .iter()
                    .filter_map(|piece| match piece {
                        Piece::Same(text) => Some(text.as_str()),
                        Piece::Removed(text) => (!after).then_some(text.as_str()),
                        Piece::Added(text) => after.then_some(text.as_str()),
                    })
                    .collect(),
            ),
            Removed { paragraph, .. } => lines.extend((!after).then(|| paragraph.clone())),
            Added { paragraph, .. } => lines.extend(after.then(|| paragraph.clone())),
        }
    }
    lines.join("\n")
}

#[test]
fn paragraphs_are_the_same_changed_added_or_removed() {
    let before = "One.\n\nTwo is here.\nPeople found 1,240 places in the centres.\nOld paragraph that goes.\nLast.";
    let after = "One.\nTwo  is here.\nPeople found 1,420 places in the centres.\nLast.\nA word more.";
    let piece = |text: &str| text.to_owned();
    assert_eq!(
        between(before, after).parts,
        [
            Same { before: 1, after: 1, paragraphs: vec![piece("One."), piece("Two is here.")] },
            Changed {
                before: 3,
                after: 3,
                pieces: vec![
                    Piece::Same(piece("People found")),
                    Piece::Removed(piece(" 1,240")),
                    Piece::Added(piece(" 1,420")),
                    Piece::Same(piece(" places in the centres.")),
                ],
            },
            Removed { before: 4, paragraph: piece("Old paragraph that goes.") },
            Same { before: 5, after: 4, paragraphs: vec![piece("Last.")] },
            Added { after: 5, paragraph: piece("A word more.") },
        ]
    );
    let difference = between(before, after);
    assert_eq!((difference.added, difference.removed, difference.same), (4, 5, 11));
}

#[test]
fn equal_texts_have_no_difference_and_lines_broken_elsewhere_are_none() {
    let text = "The state has done much.\nIt will do more, and better.";
    assert!(between(text, text).is_none());
    assert!(between("", "").is_none() && between("", "").parts.is_empty());
    let broken = "The state has\ndone much. It will\ndo more, and better.";
    let difference = between(text, broken);
    assert!(difference.is_none(), "{difference:?}");
    assert_eq!(told(&difference, true), broken);
    assert_eq!(between("", "Two words").added, 2);
    assert_eq!(between("Two words", "").removed, 2);
}

#[test]
fn texts_without_spaces_differ_by_their_signs() {
    let difference = between("安全有序和正常移民全球契约", "安全、有序和正常移民全球契约");
    assert_eq!((difference.added, difference.removed, difference.same), (1, 0, 13));
    assert_eq!(told(&difference, true), "安全、有序和正常移民全球契约");
}

#[test]
fn a_short_line_is_not_tied_to_a_long_one_by_a_word() {
    let difference = between("Migration", "In this part we speak of migration, Migration and nothing else at all.");
    assert!(matches!(difference.parts[..], [Removed { .. }, Added { .. }]), "{difference:?}");
}

#[test]
fn long_texts_are_compared_in_time_whatever_they_are() {
    let mut dice = Dice::new(7);
    let mut line =
        |words: usize, most: usize| (0..words).map(|_| format!("w{}", dice.below(most))).collect::<Vec<_>>().join(" ");
    let before: Vec<String> = (0..2_000).map(|_| line(30, 5_000)).collect();
    let mut after = before.clone();
    (0..after.len()).step_by(50).for_each(|at| after[at] = format!("{} and more", after[at]));
    after.swap(100, 1_900);
    let difference = between(&before.join("\n"), &after.join("\n"));
    assert!(difference.added < 250 && difference.added >= 80, "{} added", difference.added);
    assert_eq!((told(&difference, false), told(&difference, true)), (before.join("\n"), after.join("\n")));
    // The worst there is: two words, in no order.
    let (one, other) = (line(30_000, 2), line(30_000, 2));
    let difference = between(&one, &other);
    assert_eq!((told(&difference, false), told(&difference, true)), (one, other));
}

proptest! {
    #[test]
    fn both_texts_are_shown_word_for_word(before in "[abc \n]{0,120}", after in "[abc \n]{0,120}") {
        let difference = between(&before, &after);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let lines = |text: &str| text.lines().map(words).filter(|words| !words.is_empty()).collect::<Vec<_>>();
        prop_assert_eq!(words(&told(&difference, false)), words(&before));
        prop_assert_eq!(lines(&told(&difference, true)), lines(&after));
        prop_assert_eq!(difference.same + difference.removed, words(&before).len() as u64);
        prop_assert_eq!(difference.same + difference.added, words(&after).len() as u64);
        let numbers = difference.parts.iter().filter_map(|part| match part {
            Same { after, .. } | Changed { after, .. } | Part::Added { after, .. } => Some(*after),
            Removed { .. } => None,
        });
        let numbers: Vec<usize> = numbers.collect();
        prop_assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    }
}
