//! How much of one text stands in another.

use docket::core::text::shingles::{Shared, Sketch};
use proptest::prelude::*;

use crate::fixture::dice::Dice;

/// A text of some words of chance, of a language that has a thousand.
fn text(words: usize, language: &str, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    (0..words).map(|_| format!("{language}{}", dice.below(1_000))).collect()
}

fn shared(one: &[String], other: &[String]) -> Shared {
    Sketch::of(&one.join(" ")).shared(&Sketch::of(&other.join(" ")))
}

#[test]
fn a_revision_goes_back_to_its_text_and_a_translation_or_an_annex_does_not() {
    for words in [300, 5_310, 60_000] {
        let input = text(words, "en", 1);
        let mut revised = input.clone();
        (0..words).step_by(10).for_each(|at| revised[at] = format!("new{at}"));
        assert_eq!(shared(&input, &input), Shared { of_one: 100, of_other: 100 });
        let back = shared(&revised, &input);
        assert!(back.of_one > 60 && back.of_other > 60, "a word in ten changed of {words}: {back:?}");
        assert!(shared(&text(words, "fr", 2), &input).most() < 10, "a translation of {words}");
        let mut annex = text(150, "xx", 3);
        annex[..20].clone_from_slice(&input[..20]);
        assert!(shared(&annex, &input).most() < 20, "an annex to {words}");
        let piece = shared(&input[..words / 4], &input);
        assert!(piece.of_one > 90 && (15..35).contains(&piece.of_other), "a quarter of {words}: {piece:?}");
    }
}

#[test]
fn spacing_and_capitals_make_no_difference_and_nothing_is_like_nothing() {
    let of = |text: &str| Sketch::of(text);
    assert_eq!(of("Safe, orderly and regular"), of("SAFE   orderly\nand regular"));
    assert_eq!(of("移民全球契约").shared(&of("移民 全球 契约")).most(), 100);
    assert_eq!(of("").shared(&of("")).most(), 0);
    assert_eq!(of("two words").shared(&of("two words")).most(), 100, "a text shorter than a shingle");
    let (once, thrice) = (of("one two three four "), of(&"one two three four ".repeat(3)));
    assert_eq!(
        (once.shared(&thrice), thrice.length()),
        (Shared { of_one: 100, of_other: 20 }, 10),
        "what repeats counts"
    );
    assert_eq!((of("").length(), of("one two three four").length()), (0, 2));
}

proptest! {
    #[test]
    fn the_measure_is_the_same_from_both_sides(one in "[a-d ]{0,200}", other in "[a-d ]{0,200}") {
        let (one, other) = (Sketch::of(&one), Sketch::of(&other));
        let (there, back) = (one.shared(&other), other.shared(&one));
        prop_assert_eq!((there.of_one, there.of_other), (back.of_other, back.of_one));
        prop_assert!(there.most() <= 100);
    }
}
