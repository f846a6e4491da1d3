//! The numbers of versions: told ones for ever, others free again.

use docket::core::submission::{ItemId, Numbered, Receipt, Told, numbers};

use super::hour;

/// Versions by row, which is their item, too: the number each had, whether it stood before, and when it was received.
fn numbered(versions: &[(i64, Option<u32>, bool, i64)], told: &[(u32, Option<i64>)]) -> Vec<(i64, u32)> {
    let version = |&(row, had, was, received): &(i64, Option<u32>, bool, i64)| Numbered {
        row,
        item: ItemId(row),
        had,
        was,
        receipt: Receipt { at: hour(received), number: row, n: 1 },
    };
    let versions: Vec<Numbered> = versions.iter().map(version).collect();
    let told: Vec<Told> = told.iter().map(|&(n, item)| Told { n, item: item.map(ItemId) }).collect();
    let mut given = numbers(&versions, &told);
    given.sort_unstable();
    given
}

#[test]
fn versions_take_the_next_number_in_the_order_of_filing() {
    assert_eq!(numbered(&[(1, None, false, 10)], &[]), [(1, 1)]);
    // An older mail that is found later takes the next number, and keeps it.
    assert_eq!(numbered(&[(1, Some(1), true, 10), (2, None, false, 5)], &[]), [(1, 1), (2, 2)]);
    assert_eq!(numbered(&[(1, Some(1), true, 10), (2, Some(2), true, 5)], &[]), [(1, 1), (2, 2)]);
    assert_eq!(
        numbered(&[(1, None, false, 10), (2, None, false, 5)], &[]),
        [(1, 2), (2, 1)],
        "two at once, by receipt"
    );
}

#[test]
fn a_number_that_a_letter_told_is_given_to_nothing_else() {
    // It was told of item 1, which is gone: assigned by mistake, told, taken back.
    assert_eq!(numbered(&[(2, None, false, 20)], &[(1, Some(1))]), [(2, 2)]);
    // Item 1 comes back and has it again.
    assert_eq!(numbered(&[(1, None, false, 10), (2, Some(2), true, 20)], &[(1, Some(1))]), [(1, 1), (2, 2)]);
    // Whoever has it without having been told it gives it back.
    assert_eq!(numbered(&[(1, None, false, 10), (2, Some(1), true, 20)], &[(1, Some(1))]), [(1, 1), (2, 2)]);
    assert_eq!(numbered(&[(2, Some(1), true, 20)], &[(1, Some(1))]), [(2, 2)]);
    // What a lost letter told is nobody's.
    assert_eq!(numbered(&[(1, Some(1), true, 10), (2, None, false, 20)], &[(1, Some(1)), (2, None)]), [(1, 1), (2, 3)]);
}

#[test]
fn a_number_that_no_letter_told_is_free_again() {
    // Assigned by mistake and taken back before a letter left: who writes then has written once.
    assert_eq!(numbered(&[(2, None, false, 20)], &[]), [(2, 1)]);
    // Not an input, and taken back: it has the number it had.
    assert_eq!(numbered(&[(1, Some(1), false, 10)], &[]), [(1, 1)]);
    // Meanwhile another took it: who stood before the change keeps it.
    assert_eq!(numbered(&[(1, Some(1), false, 10), (2, Some(1), true, 20)], &[]), [(1, 2), (2, 1)]);
}

#[test]
fn no_version_is_without_a_number_even_where_letters_contradict_each_other() {
    let given = numbered(&[(1, None, true, 10), (2, None, true, 20)], &[(1, Some(1)), (1, Some(2))]);
    assert_eq!(given, [(1, 1), (2, 2)]);
}
