//! What tesseract recognised on a page, from its table of words: the text in its lines, and how sure it was.

/// A page as it was recognised.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Recognised {
    pub text: String,
    pub words: u32,
    /// The sum of the words' confidences, in hundredths each.
    confidence: f64,
}

impl Recognised {
    /// Counts the words of another page in.
    pub(super) fn add(&mut self, other: &Self) {
        self.words += other.words;
        self.confidence += other.confidence;
    }

    /// How sure it was of a word on average, in hundredths.
    pub(super) fn confidence(&self) -> f64 {
        if self.words == 0 { 0.0 } else { self.confidence / f64::from(self.words) }
    }
}

/// Reads the table; a line of it that is none is left out.
pub(super) fn read(table: &str) -> Recognised {
    let mut page = Recognised::default();
    let mut before = None;
    for line in table.lines() {
        let columns: Vec<&str> = line.splitn(12, '\t').collect();
        let [level, _, block, paragraph, line, .., confidence, word] = columns.as_slice() else { continue };
        let (word, Ok(confidence)) = (word.trim(), confidence.parse::<f64>()) else { continue };
        if *level != "5" || word.is_empty() || !(0.0..=100.0).contains(&confidence) {
            continue;
        }
        let (here, at) = ((block.to_owned(), paragraph.to_owned()), line.to_owned());
        match &before {
            None => {}
            Some((there, _)) if *there != here => page.text.push_str("\n\n"),
            Some((_, line)) if *line != at => page.text.push('\n'),
            Some(_) if page.text.ends_with(is_unspaced) && word.starts_with(is_unspaced) => {}
            Some(_) => page.text.push(' '),
        }
        page.text.push_str(word);
        page.words += 1;
        page.confidence += confidence;
        before = Some((here, at));
    }
    page
}

/// Characters of scripts that put no space between words.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x3000..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}
