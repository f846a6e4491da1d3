//! The tokens of a content stream or a character map: operands, then their operator.
//!
//! Promises to read on past anything odd; a stream cut short gives what stands before the cut. Inline pictures are
//! stepped over.

/// An operand. What text never needs (dictionaries, booleans) is `Other`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Name(Vec<u8>),
    String(Vec<u8>),
    Array(Vec<Operand>),
    Other,
}

impl Operand {
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(n) = self { Some(*n) } else { None }
    }

    pub(super) fn string(&self) -> Option<&[u8]> {
        if let Self::String(s) = self { Some(s) } else { None }
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(n) = self { Some(n) } else { None }
    }
}

/// More operands than this before one operator are dropped.
const MOST_OPERANDS: usize = 200_000;

/// Operators with their operands, one after the other.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bytes of inline pictures that were stepped over.
    pub(super) pictures: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, pictures: 0 }
    }

    /// The next operator; its operands are left in `operands`.
    pub(super) fn next(&mut self, operands: &mut Vec<Operand>) -> Option<&'a [u8]> {
        operands.clear();
        // Where the array at hand begins among the operands, and how many arrays and dictionaries are open within it:
        // those are flattened, so nesting costs no stack.
        let mut array: Option<(usize, usize)> = None;
        let mut dictionaries = 0usize;
        loop {
            self.skip_blanks();
            let byte = *self.bytes.get(self.at)?;
            let operand = match byte {
                b'[' => {
                    self.at += 1;
                    match &mut array {
                        Some((_, depth)) => *depth += 1,
                        None => array = Some((operands.len(), 0)),
                    }
                    continue;
                }
                b']' => {
                    self.at += 1;
                    match &mut array {
                        Some((begin, 0)) => {
                            let elements = operands.split_off(*begin);
                            array = None;
                            Operand::Array(elements)
                        }
                        Some((_, depth)) => {
                            *depth -= 1;
                            continue;
                        }
                        None => continue,
                    }
                }
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                    self.at += 2;
                    dictionaries += 1;
                    continue;
                }
                b'>' => {
                    self.at += if self.bytes.get(self.at + 1) == Some(&b'>') { 2 } else { 1 };
                    dictionaries = dictionaries.saturating_sub(1);
                    if dictionaries > 0 {
                        continue;
                    }
                    Operand::Other
                }
                b'<' => self.hexadecimal(),
                b'(' => self.literal(),
                b'/' => self.name(),
                b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(),
                b'{' | b'}' | b')' => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    let word = self.word();
                    match word {
                        b"true" | b"false" | b"null" => Operand::Other,
                        b"BI" => {
                            let begin = self.at;
                            self.skip_picture();
                            self.pictures += self.at - begin;
                            operands.clear();
                            continue;
                        }
                        _ if dictionaries > 0 => continue,
                        _ => {
                            if let Some((begin, _)) = array {
                                // The array was never closed.
                                let elements = operands.split_off(begin);
                                operands.push(Operand::Array(elements));
                            }
                            return Some(word);
                        }
                    }
                }
            };
            if dictionaries == 0 && operands.len() < MOST_OPERANDS {
                operands.push(operand);
            }
        }
    }

    fn skip_blanks(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'%' {
                while self.bytes.get(self.at).is_some_and(|b| !matches!(b, b'\r' | b'\n')) {
                    self.at += 1;
                }
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> &'a [u8] {
        let begin = self.at;
        self.at += 1;
        while self.bytes.get(self.at).is_some_and(|b| !is_blank(*b) && !is_delimiter(*b)) {
            self.at += 1;
        }
        &self.bytes[begin..self.at]
    }

    fn number(&mut self) -> Operand {
        let begin = self.at;
        self.at += 1;
        while self.bytes.get(self.at).is_some_and(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+')) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[begin..self.at]).unwrap_or_default();
        let number = text.parse().ok().or_else(|| {
            // `--5`, `1.2.3`, `12-34`: what other readers make of them.
            let negative = text.starts_with('-');
            let text = text.trim_start_matches(['-', '+']);
            let end = text.find(['-', '+']).unwrap_or(text.len());
            let text = &text[..end];
            let end = text.match_indices('.').nth(1).map_or(text.len(), |(i, _)| i);
            let n: f64 = text[..end].parse().ok()?;
            Some(if negative { -n } else { n })
        });
        Operand::Number(number.filter(|n: &f64| n.is_finite()).unwrap_or(0.0).clamp(-1e9, 1e9))
    }

    fn name(&mut self) -> Operand {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(&byte) = self.bytes.get(self.at).filter(|b| !is_blank(**b) && !is_delimiter(**b)) {
            self.at += 1;
            let hex = self.bytes.get(self.at..self.at + 2).and_then(|h| std::str::from_utf8(h).ok());
            match hex.and_then(|h| u8::from_str_radix(h, 16).ok()).filter(|_| byte == b'#') {
                Some(escaped) => {
                    name.push(escaped);
                    self.at += 2;
                }
                None => name.push(byte),
            }
        }
        Operand::Name(name)
    }

    fn hexadecimal(&mut self) -> Operand {
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            if let Some(digit) = char::from(byte).to_digit(16) {
                digits.push(u8::try_from(digit).unwrap_or(0));
            }
        }
        if digits.len() % 2 == 1 {
            digits.push(0);
        }
        Operand::String(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
    }

    fn literal(&mut self) -> Operand {
        self.at += 1;
        let mut string = Vec::new();
        let mut depth = 1usize;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escaped(&mut string);
                    continue;
                }
                _ => {}
            }
            string.push(byte);
        }
        Operand::String(string)
    }

    fn escaped(&mut self, string: &mut Vec<u8>) {
        let Some(&byte) = self.bytes.get(self.at) else { return };
        self.at += 1;
        match byte {
            b'n' => string.push(b'\n'),
            b'r' => string.push(b'\r'),
            b't' => string.push(b'\t'),
            b'b' => string.push(8),
            b'f' => string.push(12),
            b'\r' => {
                if self.bytes.get(self.at) == Some(&b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(&digit) = self.bytes.get(self.at).filter(|b| matches!(b, b'0'..=b'7')) else { break };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                string.push(u8::try_from(code & 0xFF).unwrap_or(0));
            }
            other => string.push(other),
        }
    }

    /// Steps over an inline picture: from `BI` behind its `EI`.
    fn skip_picture(&mut self) {
        let rest = &self.bytes[self.at..];
        let data = rest.windows(2).position(|w| w == b"ID").map_or(rest.len(), |i| i + 3).min(rest.len());
        let mut at = data;
        while let Some(found) = rest[at.min(rest.len())..].windows(2).position(|w| w == b"EI") {
            let begin = at + found;
            let end = begin + 2;
            let before = begin == 0 || is_blank(rest[begin - 1]) || begin == data;
            // What follows an honest EI is text, not more of the picture.
            let after = &rest[end..rest.len().min(end + 12)];
            let readable = after.iter().all(|b| is_blank(*b) || (0x20..0x7F).contains(b));
            if before && after.first().is_none_or(|b| is_blank(*b)) && readable {
                self.at += end;
                return;
            }
            at = end;
        }
        self.at = self.bytes.len();
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}
