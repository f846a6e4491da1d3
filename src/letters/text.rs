//! The shape of a letter's text: what a sender wrote made safe for one line, and lines of at most 76 columns.
//!
//! Promises that no control or bidi character reaches a letter, whatever a file is called.

use crate::core::text::invisible::turns_or_hides;

/// Columns of a line; mail programs quote such lines without breaking them.
const WIDTH: usize = 76;

/// Characters of the sender's subject or of a file name; more says nothing more.
const CLIP: usize = 200;

/// A text on one line and of bounded length: what a sender wrote, or a subject.
pub(super) fn one_line(text: &str) -> String {
    clip(&squeeze(text), CLIP)
}

/// White space and what must not be shown become single spaces. No-break spaces are ours to keep.
fn squeeze(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let shown = text.chars().map(|c| if is_breaking(c) { ' ' } else { c });
    for c in shown.filter(|c| !turns_or_hides(*c)) {
        if c != ' ' || !(line.is_empty() || line.ends_with(' ')) {
            line.push(c);
        }
    }
    line.trim().to_owned()
}

fn is_breaking(c: char) -> bool {
    c.is_control() || (c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}'))
}

fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// A rendered body as it is sent: long lines broken, at most one empty line in a row, one newline at the end.
pub(super) fn body(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let clean: String =
            line.chars().map(|c| if is_breaking(c) { ' ' } else { c }).filter(|c| !turns_or_hides(*c)).collect();
        let clean = clean.trim_end_matches(' ');
        if clean.is_empty() {
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
        } else {
            wrap(clean, &mut lines);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n") + "\n"
}

/// Breaks one line at spaces. What follows is indented like its beginning; a word longer than a line stands alone.
fn wrap(line: &str, lines: &mut Vec<String>) {
    let text = line.trim_start_matches(' ');
    let margin = line.len() - text.len();
    let indent = " ".repeat(margin + bullet(text));
    let mut current = " ".repeat(margin);
    let mut width = margin;
    let mut words = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if words > 0 && width + 1 + length > WIDTH {
            lines.push(std::mem::replace(&mut current, indent.clone()));
            width = indent.len();
            words = 0;
        }
        if words > 0 {
            current.push(' ');
            width += 1;
        }
        current.push_str(word);
        width += length;
        words += 1;
    }
    lines.push(current);
}

/// The width of a list's mark at the beginning of a line: `- `, `1. `.
fn bullet(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match &text[digits..] {
        rest if digits == 0 && rest.starts_with("- ") => 2,
        rest if (1..=3).contains(&digits) && rest.starts_with(". ") => digits + 2,
        _ => 0,
    }
}
