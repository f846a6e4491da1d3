//! Rich Text Format: its text.
//!
//! Promises paragraphs, tables and notes in the order they stand, in Unicode or the document's code page; pictures,
//! styles and other tables of the format are left out. Nesting costs no stack.

use encoding_rs::Encoding;

use super::{Found, Limits, Refusal};
use crate::core::file::Outcome;

/// Groups whose content is no text of the document.
const SKIPPED: [&str; 25] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "xmlnstbl",
    "fldinst",
    "filetbl",
    "pntext",
    "nonshppict",
    "bkmkstart",
    "bkmkend",
    "annotation",
    "atnid",
    "atnauthor",
];

/// What a group inherits.
#[derive(Clone, Copy)]
struct Group {
    skipped: bool,
    head: bool,
    note: bool,
    /// How many characters after `\u` stand in for it.
    stand_ins: usize,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    let mut reader = Reader {
        found: Found { engine: "rtf", ..Found::default() },
        encoding: encoding_rs::WINDOWS_1252,
        pending: Vec::new(),
        high: None,
        to_skip: 0,
        groups: vec![Group { skipped: false, head: false, note: false, stand_ins: 1 }],
    };
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' => {
                reader.flush();
                if reader.groups.len() > limits.nesting {
                    return Err(Refusal::new(
                        Outcome::TooLarge,
                        format!("This document nests more than {} levels deep: a person must open it.", limits.nesting),
                    ));
                }
                reader.groups.push(reader.group());
            }
            b'}' => {
                reader.flush();
                if reader.groups.len() > 1 {
                    reader.groups.pop();
                }
            }
            b'\\' => at = reader.control(bytes, at),
            b'\r' | b'\n' => {}
            byte => reader.byte(byte),
        }
        if reader.found.body.len() > limits.text_bytes {
            break;
        }
    }
    reader.flush();
    Ok(reader.found)
}

struct Reader {
    found: Found,
    encoding: &'static Encoding,
    /// Bytes of the code page not yet decoded: a character may have two.
    pending: Vec<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    to_skip: usize,
    groups: Vec<Group>,
}

impl Reader {
    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or(Group { skipped: true, head: false, note: false, stand_ins: 1 })
    }

    fn set(&mut self, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.last_mut() {
            change(group);
        }
    }

    fn write(&mut self, text: &str) {
        let group = self.group();
        if group.skipped {
            return;
        }
        let out = match group {
            Group { head: true, .. } => &mut self.found.running_heads,
            Group { note: true, .. } => &mut self.found.notes,
            _ => &mut self.found.body,
        };
        out.push_str(text);
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            let bytes = std::mem::take(&mut self.pending);
            self.write(&self.encoding.decode_without_bom_handling(&bytes).0);
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else {
            self.pending.push(byte);
        }
    }

    /// Reads what follows a backslash; returns where to go on.
    fn control(&mut self, bytes: &[u8], mut at: usize) -> usize {
        let Some(&first) = bytes.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            at += 1;
            match first {
                b'\'' => {
                    let hex = bytes.get(at..at + 2).and_then(|h| std::str::from_utf8(h).ok());
                    if let Some(byte) = hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
                        self.byte(byte);
                    }
                    at += 2;
                }
                b'~' => self.byte(b' '),
                b'_' => self.byte(b'-'),
                b'*' => self.set(|g| g.skipped = true),
                b'\\' | b'{' | b'}' => self.byte(first),
                b'\r' | b'\n' => self.word("par", None),
                _ => {}
            }
            return at;
        }
        let begin = at;
        while bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            at += 1;
        }
        let word = String::from_utf8_lossy(&bytes[begin..at]).into_owned();
        let number_at = at;
        if bytes.get(at) == Some(&b'-') {
            at += 1;
        }
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        let number: Option<i64> = std::str::from_utf8(&bytes[number_at..at]).ok().and_then(|n| n.parse().ok());
        if bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        match (word.as_str(), number) {
            ("bin", Some(n)) => at.saturating_add(usize::try_from(n).unwrap_or(0)),
            (word, number) => {
                self.word(word, number);
                at
            }
        }
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        if word == "u" {
            self.unicode(number.unwrap_or(0));
            return;
        }
        self.flush();
        match word {
            "par" | "line" | "sect" | "page" | "row" | "nestrow" => self.write("\n"),
            "tab" | "cell" | "nestcell" => self.write("\t"),
            "emdash" => self.write("—"),
            "endash" => self.write("–"),
            "lquote" => self.write("‘"),
            "rquote" => self.write("’"),
            "ldblquote" => self.write("“"),
            "rdblquote" => self.write("”"),
            "bullet" => self.write("•"),
            "emspace" | "enspace" => self.write(" "),
            "uc" => self.set(|g| g.stand_ins = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16)),
            "deleted" => self.set(|g| g.skipped = number != Some(0)),
            "ansicpg" => {
                let label = number.map(|n| {
                    if n == 932 {
                        "shift_jis".to_owned()
                    } else if n == 936 {
                        "gbk".to_owned()
                    } else {
                        format!("windows-{n}")
                    }
                });
                self.encoding = label.and_then(|l| Encoding::for_label(l.as_bytes())).unwrap_or(self.encoding);
            }
            "shptxt" | "fldrslt" => self.set(|g| g.skipped = false),
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf" => {
                self.set(|g| g.head = true);
            }
            "footnote" => self.set(|g| g.note = true),
            word if SKIPPED.contains(&word) => self.set(|g| g.skipped = true),
            _ => {}
        }
    }

    /// A UTF-16 unit, written as a signed number.
    fn unicode(&mut self, number: i64) {
        self.flush();
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or(0xFFFD);
        let units: Vec<u16> = self.high.take().into_iter().chain([unit]).collect();
        if (0xD800..0xDC00).contains(&unit) {
            self.high = Some(unit);
        } else {
            self.write(&String::from_utf16_lossy(&units));
        }
        self.to_skip = self.group().stand_ins;
    }
}
