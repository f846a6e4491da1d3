//! One part of a Word document (a *story*: body, notes, a header) turned into text.
//!
//! Promises each visible run once: one branch of each `AlternateContent`, the results of fields and not their
//! instructions, insertions without deletions, the numbers that Word puts before paragraphs. Elements are known by their
//! local names, so strict and transitional documents read alike. Nesting costs no stack.

use quick_xml::events::BytesStart;

use super::{
    super::{
        limits::Limits,
        xml::{Fault, Node, Nodes, attribute},
    },
    numbering::{Counts, Numbering, Style, index, is_on},
};
use crate::core::text::words;

/// The text of a part, and what was noticed on the way.
#[expect(clippy::struct_excessive_bools, reason = "remarks that go together in any way")]
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) text: String,
    /// The relation ids of the headers and footers in use.
    pub(super) heads: Vec<String>,
    pub(super) insertions: bool,
    pub(super) deletions: bool,
    /// There are formulas, whose parts make no words and are left out.
    pub(super) formulas: bool,
    pub(super) comments: bool,
    /// What the text holds of hidden runs: it stays in the text, where a person sees it, and does not count.
    pub(super) hidden: String,
    /// Words of the text that are numbers put before paragraphs.
    pub(super) numbers: u64,
    /// The XML broke off; the text before is there.
    pub(super) truncated: bool,
}

impl Story {
    /// Reads a part.
    pub(super) fn read(xml: &str, limits: &Limits, numbering: &Numbering) -> Result<Self, Fault> {
        let (story, open_field) = Walk::over(xml, limits, numbering, true)?;
        // A field that is never closed would swallow the rest of the document: read it again as plain text.
        if open_field { Ok(Walk::over(xml, limits, numbering, false)?.0) } else { Ok(story) }
    }
}

/// A text that is being put together: the part itself, or a text box within it.
#[derive(Default)]
struct Frame {
    text: String,
    /// Text boxes anchored in the paragraph at hand; they follow it.
    boxes: String,
    /// For each open table row, where its text begins, and whether the row was deleted.
    rows: Vec<(usize, bool)>,
    /// The paragraph's end was deleted, so the next paragraph goes on.
    runs_on: bool,
    /// The number of the paragraph at hand, until there is text to put it before.
    number: Option<String>,
}

/// An `AlternateContent`: what had been written before it, and whether a branch has given text.
struct Alternative {
    before: usize,
    taken: bool,
}

/// An element that is skipped with all it holds, as far as it matters which.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Skipped {
    ParagraphProperties,
    RunProperties,
    RowProperties,
    Deletion,
    Other,
}

impl Skipped {
    /// What a skipped element is; `None` for one that is walked through.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "pPr" => Self::ParagraphProperties,
            "rPr" => Self::RunProperties,
            "trPr" => Self::RowProperties,
            "del" | "moveFrom" => Self::Deletion,
            "sdtPr" | "tblPr" | "tcPr" | "instrText" | "delInstrText" | "delText" | "rt" => Self::Other,
            _ => return None,
        })
    }
}

struct Walk<'n> {
    story: Story,
    counts: Counts<'n>,
    frames: Vec<Frame>,
    alternatives: Vec<Alternative>,
    /// For each open field, whether its instruction is being read.
    fields: Vec<bool>,
    follow_fields: bool,
    /// The element that is skipped with all it holds, and how many are open within.
    skipped: Option<(Skipped, usize)>,
    /// Of those open, the one that tells what had been before a tracked change.
    before_change: Option<usize>,
    /// The style of the paragraph at hand, and its own list and level.
    style: Option<String>,
    list: Style,
    /// Open runs, and the one that is hidden.
    runs: usize,
    hidden: Option<usize>,
    in_text: bool,
    /// Characters written in all.
    written: usize,
}

impl<'n> Walk<'n> {
    fn over(xml: &str, limits: &Limits, numbering: &'n Numbering, follow_fields: bool) -> Result<(Story, bool), Fault> {
        let mut walk = Self {
            story: Story::default(),
            counts: Counts::new(numbering),
            frames: vec![Frame::default()],
            alternatives: Vec::new(),
            fields: Vec::new(),
            follow_fields,
            skipped: None,
            before_change: None,
            style: None,
            list: Style::default(),
            runs: 0,
            hidden: None,
            in_text: false,
            written: 0,
        };
        let mut nodes = Nodes::new(xml, limits.nesting);
        loop {
            match nodes.next() {
                Ok(Some(Node::Start(element))) => walk.start(&element),
                Ok(Some(Node::End(end))) => walk.end(end.local_name().into_inner()),
                Ok(Some(Node::Text(text))) => walk.text(&text),
                Ok(None) => break,
                Err(Fault::Malformed) if walk.written > 0 => {
                    walk.story.truncated = true;
                    break;
                }
                Err(fault) => return Err(fault),
            }
            // What is over the limit of text is cut later; reading on would only cost memory.
            if walk.written > limits.text_bytes {
                break;
            }
        }
        while walk.frames.len() > 1 {
            walk.end_box();
        }
        let frame = walk.frames.pop().unwrap_or_default();
        walk.story.text = frame.text + &frame.boxes;
        Ok((walk.story, walk.fields.contains(&true)))
    }

    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn write(&mut self, text: &str) {
        if self.follow_fields && self.fields.contains(&true) {
            return;
        }
        if self.hidden.is_some() {
            self.story.hidden.push_str(text);
        } else if !self.story.hidden.is_empty() && !self.story.hidden.ends_with(' ') {
            self.story.hidden.push(' ');
        }
        let blank = text.trim_start().is_empty();
        if let Some(number) = self.frame().number.take_if(|_| !blank) {
            // What the number would be as a part of the first word is that word's.
            self.story.numbers += words::count(&format!("{number}x")) - 1;
            self.frame().text.push_str(&number);
        }
        self.written += text.len();
        self.frame().text.push_str(text);
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name().into_inner();
        if let Some((root, open)) = &mut self.skipped {
            *open += 1;
            let (root, open) = (*root, *open);
            if self.before_change.is_none() && name.ends_with("PrChange") {
                self.before_change = Some(open);
            }
            self.look_into_skipped(root, name, element);
            return;
        }
        match name {
            "t" => self.in_text = true,
            "r" => self.runs += 1,
            "p" => (self.style, self.list) = (None, Style::default()),
            "tab" | "ptab" => self.write("\t"),
            "br" | "cr" => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            "sym" => self.symbol(element),
            "ins" | "moveTo" => self.story.insertions = true,
            "tr" => {
                let frame = self.frame();
                frame.rows.push((frame.text.len(), false));
            }
            "txbxContent" => self.frames.push(Frame::default()),
            "AlternateContent" => self.alternatives.push(Alternative { before: self.written, taken: false }),
            "Choice" | "Fallback" if self.alternatives.last().is_some_and(|a| a.taken) => self.skip(Skipped::Other),
            "fldChar" => self.field(element),
            "footnote" | "endnote" if attribute(element, "type").is_some_and(|t| t != "normal") => {
                self.skip(Skipped::Other);
            }
            "commentReference" => self.story.comments = true,
            "headerReference" | "footerReference" => self.head(element),
            "oMath" | "oMathPara" => {
                self.story.formulas = true;
                self.skip(Skipped::Other);
            }
            name => {
                if let Some(skipped) = Skipped::named(name) {
                    self.skip(skipped);
                }
            }
        }
    }

    fn skip(&mut self, skipped: Skipped) {
        self.skipped = Some((skipped, 1));
    }

    /// What matters even where the text does not.
    fn look_into_skipped(&mut self, root: Skipped, name: &str, element: &BytesStart<'_>) {
        let now = self.before_change.is_none();
        match (root, name) {
            (_, "headerReference" | "footerReference") => self.head(element),
            (Skipped::Deletion, "t" | "delText") => self.story.deletions = true,
            (Skipped::ParagraphProperties, "del" | "moveFrom") => {
                self.story.deletions = true;
                self.frame().runs_on = true;
            }
            (Skipped::ParagraphProperties, "ins" | "moveTo") => self.story.insertions = true,
            // A drop cap is a paragraph of its own, and the first letter of the next.
            (Skipped::ParagraphProperties, "framePr")
                if attribute(element, "dropCap").is_some_and(|drop| drop != "none") =>
            {
                self.frame().runs_on = true;
            }
            (Skipped::ParagraphProperties, "pStyle") if now => self.style = attribute(element, "val"),
            (Skipped::ParagraphProperties, "numId") if now => self.list.list = attribute(element, "val"),
            (Skipped::ParagraphProperties, "ilvl") if now => self.list.level = index(element, "val"),
            (Skipped::RunProperties, "vanish") if now && self.runs > 0 && is_on(element) => {
                self.hidden.get_or_insert(self.runs);
            }
            (Skipped::RowProperties, "del") => {
                self.story.deletions = true;
                if let Some(row) = self.frame().rows.last_mut() {
                    row.1 = true;
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((root, open)) = &mut self.skipped {
            self.before_change.take_if(|change| change == open);
            *open -= 1;
            if *open == 0 {
                let root = *root;
                self.skipped = None;
                if root == Skipped::ParagraphProperties {
                    self.number();
                }
            }
            return;
        }
        match name {
            "t" => self.in_text = false,
            "r" => {
                self.hidden.take_if(|run| *run == self.runs);
                self.runs = self.runs.saturating_sub(1);
            }
            "p" => self.end_paragraph(),
            "tc" => {
                let frame = self.frame();
                while frame.text.ends_with('\n') {
                    frame.text.pop();
                }
                frame.text.push('\t');
            }
            "tr" => {
                let frame = self.frame();
                if let Some((begin, deleted)) = frame.rows.pop() {
                    if deleted {
                        frame.text.truncate(begin);
                    } else if frame.text.ends_with('\t') {
                        frame.text.pop();
                        frame.text.push('\n');
                    }
                }
            }
            "txbxContent" => self.end_box(),
            "Choice" => {
                let written = self.written;
                if let Some(alternative) = self.alternatives.last_mut() {
                    alternative.taken |= written > alternative.before;
                }
            }
            "AlternateContent" => {
                self.alternatives.pop();
            }
            _ => {}
        }
    }

    /// Counts the paragraph at hand; one whose end was deleted is a part of the next.
    fn number(&mut self) {
        if self.frame().runs_on {
            return;
        }
        let number = self.counts.next(self.style.as_deref(), &self.list);
        let frame = self.frame();
        let goes_on = !frame.text.is_empty() && !frame.text.ends_with(['\n', '\t']);
        frame.number = number.filter(|_| !goes_on);
    }

    fn end_paragraph(&mut self) {
        let frame = self.frame();
        frame.number = None;
        if std::mem::take(&mut frame.runs_on) {
            return;
        }
        frame.text.push('\n');
        let boxes = std::mem::take(&mut frame.boxes);
        frame.text.push_str(&boxes);
    }

    fn end_box(&mut self) {
        if self.frames.len() > 1
            && let Some(inner) = self.frames.pop()
        {
            let frame = self.frame();
            frame.boxes.push_str(&inner.text);
            frame.boxes.push_str(&inner.boxes);
            frame.boxes.push('\n');
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.skipped.is_none() {
            // A line end within a run is white space to Word.
            if text.contains(['\n', '\r']) {
                self.write(&text.replace(['\n', '\r'], " "));
            } else {
                self.write(text);
            }
        }
    }

    /// A complex field goes begin, instruction, separate, result, end; fields nest in both halves.
    fn field(&mut self, element: &BytesStart<'_>) {
        match attribute(element, "fldCharType").as_deref() {
            Some("begin") => self.fields.push(true),
            Some("separate") => {
                if let Some(instruction) = self.fields.last_mut() {
                    *instruction = false;
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    fn head(&mut self, element: &BytesStart<'_>) {
        if let Some(id) = attribute(element, "id").filter(|id| !self.story.heads.contains(id)) {
            self.story.heads.push(id);
        }
    }

    /// A character by number; those of symbol fonts lie in the private area and say nothing.
    fn symbol(&mut self, element: &BytesStart<'_>) {
        let code = attribute(element, "char").and_then(|code| u32::from_str_radix(&code, 16).ok());
        if let Some(c) = code.and_then(char::from_u32).filter(|c| !matches!(u32::from(*c), 0xE000..=0xF8FF)) {
            self.write(c.encode_utf8(&mut [0; 4]));
        }
    }
}
