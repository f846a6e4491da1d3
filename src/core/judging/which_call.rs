//! Which of several calls a message is for.
//!
//! By what says most, in this order: the mailbox, which receives for certain calls only; the address that it was sent to; the
//! letter of ours that it answers; its subject; else its text. Promises that what points to two calls decides nothing, and
//! that where nothing does a person is asked.

/// What points to which of the calls that the mailbox receives for, each list in their order.
#[derive(Clone, Copy, Debug)]
pub struct Pointers<'a> {
    /// It was sent to an address of that call.
    pub addressed: &'a [bool],
    /// The place of the call whose letter it answers.
    pub answered: Option<usize>,
    /// Its subject names the reference of that call.
    pub named: &'a [bool],
    /// How many words of each call the subject uses.
    pub subject: &'a [usize],
    /// How many words of each call the whole text uses.
    pub text: &'a [usize],
}

/// The place of the call that a message is for; none where a person must say it.
#[must_use]
pub fn which_call(pointers: Pointers<'_>) -> Option<usize> {
    let Pointers { addressed, answered, named, subject, text } = pointers;
    if text.len() == 1 {
        return Some(0);
    }
    only(addressed).or(answered).or_else(|| only(named)).or_else(|| only_most(subject)).or_else(|| only_most(text))
}

/// The one that is pointed to, where no other is.
fn only(pointed: &[bool]) -> Option<usize> {
    let mut places = pointed.iter().enumerate().filter(|(_, pointed)| **pointed).map(|(place, _)| place);
    places.next().filter(|_| places.next().is_none())
}

/// The one that most words are of, where no other has as many.
fn only_most(used: &[usize]) -> Option<usize> {
    let most = used.iter().copied().max().filter(|most| *most > 0)?;
    only(&used.iter().map(|used| *used == most).collect::<Vec<_>>())
}
