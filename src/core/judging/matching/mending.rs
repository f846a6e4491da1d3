//! Text that was damaged on its way, mended before it is read: bytes decoded twice, and letters that a scanner took for
//! digits.
//!
//! Promises to change only what cannot be meant: a line whose letters are the bytes of valid UTF-8, and a
//! word with a digit among its letters. What is quoted from a mended text is quoted as it was mended.

use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};

use super::case::Case;
use crate::core::text::fold::head_of;

/// How much of a page is looked at for a scanner's mistakes: its letterhead and title.
const SCANNED: usize = 1_500;

/// The case with its damaged texts mended; nothing where none is.
pub(super) fn mended(case: &Case) -> Option<Case> {
    let mut mended = case.clone();
    let mut changed = false;
    let mut mend = |text: &mut String, by: fn(&str) -> Option<String>| {
        if let Some(better) = by(text) {
            *text = better;
            changed = true;
        }
    };
    for text in [&mut mended.subject, &mut mended.body, &mut mended.from.display] {
        mend(text, decoded);
    }
    for file in &mut mended.attachments {
        mend(&mut file.filename, decoded);
        mend(&mut file.first_page_text, decoded);
        mend(&mut file.first_page_text, scanned);
    }
    changed.then_some(mended)
}

/// The text with those lines decoded once more that were encoded twice.
fn decoded(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut changed = false;
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let better = decoded_line(line);
            changed |= better.is_some();
            better.unwrap_or_else(|| line.to_owned())
        })
        .collect();
    changed.then(|| lines.join("\n"))
}

fn decoded_line(line: &str) -> Option<String> {
    [WINDOWS_1252, WINDOWS_1251].into_iter().find_map(|encoding| {
        // The second byte of à and Р is a space without a break, which many programs make a plain one.
        once_more(line, encoding).or_else(|| once_more(&with_second_bytes(line), encoding))
    })
}

fn once_more(line: &str, encoding: &'static Encoding) -> Option<String> {
    let (bytes, _, unmappable) = encoding.encode(line);
    if unmappable || bytes.is_ascii() {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok().filter(|better| better.chars().count() < line.chars().count())
}

fn with_second_bytes(line: &str) -> String {
    ['Ã', 'Р', 'Â']
        .into_iter()
        .fold(line.to_owned(), |line, lead| line.replace(&format!("{lead} "), &format!("{lead}\u{a0}")))
}

/// The head of a page with capitals for the digits and the small L that a scanner saw in them.
fn scanned(page: &str) -> Option<String> {
    let head = head_of(page, SCANNED);
    let mut better = String::with_capacity(page.len());
    let mut word = String::new();
    for c in head.chars().chain(std::iter::once(' ')) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        better.push_str(&lettered(&word));
        word.clear();
        better.push(c);
    }
    better.pop();
    if better == head {
        return None;
    }
    better.push_str(&page[head.len()..]);
    Some(better)
}

/// A word with a letter for each digit, or small L among capitals, that stands where only a letter can.
fn lettered(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    let known = letters.iter().filter(|c| c.is_alphabetic() && **c != 'l').count();
    if word == "0F" {
        return "OF".to_owned();
    }
    // A name that ends in a number is one: COVID19, H2020. A long word in capitals ends in no single 5.
    if let ([.., before, '5'], true) = (&letters[..], capitals + 1 == letters.len() && capitals >= 5)
        && before.is_uppercase()
    {
        return format!("{}S", lettered(&word[..word.len() - 1]));
    }
    let end = letters.len() - letters.iter().rev().take_while(|c| c.is_ascii_digit() && **c != '0').count();
    if known < 3 || end < letters.len() {
        return word.to_owned();
    }
    let in_capitals = capitals + 1 >= known;
    let like = |c: char| match (c, in_capitals) {
        ('0', true) => 'O',
        ('0', false) => 'o',
        ('1' | 'l', true) => 'I',
        ('1', false) => 'l',
        ('5', true) => 'S',
        ('5', false) => 's',
        (other, _) => other,
    };
    letters.iter().map(|c| like(*c)).collect()
}
