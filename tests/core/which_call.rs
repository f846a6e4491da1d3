//! Which of several calls a message is for: what says most decides, and what points to two decides nothing.

use docket::core::judging::which_call::{Pointers, which_call};

const NONE: [bool; 2] = [false, false];
const BOTH: [bool; 2] = [true, true];
const FIRST: [bool; 2] = [true, false];
const SECOND: [bool; 2] = [false, true];

#[test]
fn what_says_most_decides() {
    for (case, addressed, answered, named, subject, text, expected) in [
        ("nothing points anywhere", NONE, None, NONE, [0, 0], [0, 0], None),
        ("the text uses words of one", NONE, None, NONE, [0, 0], [3, 1], Some(0)),
        ("as many words of both", NONE, None, NONE, [0, 0], [3, 3], None),
        ("the subject before the text", NONE, None, NONE, [0, 1], [3, 1], Some(1)),
        ("a subject that speaks of both leaves it to the text", NONE, None, NONE, [1, 1], [3, 1], Some(0)),
        ("a reference in the subject before its words", NONE, None, FIRST, [0, 2], [0, 9], Some(0)),
        ("both references in the subject", NONE, None, BOTH, [0, 2], [9, 0], Some(1)),
        ("the letter that it answers before the subject", NONE, Some(1), FIRST, [4, 0], [9, 0], Some(1)),
        ("the address before the letter that it answers", SECOND, Some(0), FIRST, [4, 0], [9, 0], Some(1)),
        ("to the addresses of both", BOTH, Some(0), SECOND, [0, 4], [0, 9], Some(0)),
    ] {
        let pointers = Pointers { addressed: &addressed, answered, named: &named, subject: &subject, text: &text };
        assert_eq!(which_call(pointers), expected, "{case}");
    }
    let alone = Pointers { addressed: &[false], answered: None, named: &[false], subject: &[0], text: &[0] };
    assert_eq!(which_call(alone), Some(0), "a mailbox that receives for one call says it");
    let none = Pointers { addressed: &[], answered: None, named: &[], subject: &[], text: &[] };
    assert_eq!(which_call(none), None);
}
