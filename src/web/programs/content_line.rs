//! The lines of iCalendar (RFC 5545, 3.1): none is longer than 75 bytes, and no letter is cut in two.

/// Bytes of a line without its end.
const LONGEST: usize = 75;

/// What is written so far.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// A line as it stands, folded where it is too long.
    pub(super) fn line(&mut self, line: &str) {
        let (mut rest, mut room) = (line, LONGEST);
        while rest.len() > room {
            let cut = (1..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
            self.0.push_str(&rest[..cut]);
            self.0.push_str("\r\n ");
            // The space that goes on with a line counts.
            (rest, room) = (&rest[cut..], LONGEST - 1);
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }

    /// A property whose value is text (3.3.11).
    pub(super) fn text(&mut self, name: &str, text: &str) {
        let mut value = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '\\' | ';' | ',' => value.extend(['\\', letter]),
                '\n' => value.push_str("\\n"),
                letter if letter.is_control() => {}
                letter => value.push(letter),
            }
        }
        self.line(&format!("{name}:{value}"));
    }

    pub(super) fn written(self) -> String {
        self.0
    }
}
