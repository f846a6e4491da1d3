//! One part of a Word document (a *story*: body, notes, a header) turned into text.
//!
//! Promises each visible run once: one branch of each `AlternateContent`, the results of fields and not their
//! instructions, insertions without deletions. Elements are known by their local names, so strict and transitional
//! documents read alike. Nesting costs no stack.

use quick_xml::events::BytesStart;

use super::super::{
    Limits,
    xml::{Fault, Node, Nodes, attribute},
};

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
    /// The XML broke off; the text before is there.
    pub(super) truncated: bool,
}

impl Story {
    /// Reads a part.
    pub(super) fn read(xml: &str, limits: &Limits) -> Result<Self, Fault> {
        let (story, open_field) = Walk::over(xml, limits, true)?;
        // A field that is never closed would swallow the rest of the document: read it again as plain text.
        if open_field { Ok(Walk::over(xml, limits, false)?.0) } else { Ok(story) }
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
}

/// An `AlternateContent`: what had been written before it, and whether a branch has given text.
struct Alternative {
    before: usize,
    taken: bool,
}

struct Walk {
    story: Story,
    frames: Vec<Frame>,
    alternatives: Vec<Alternative>,
    /// For each open field, whether its instruction is being read.
    fields: Vec<bool>,
    follow_fields: bool,
    /// The element that is skipped with all it holds, and how many are open within.
    skipped: Option<(String, usize)>,
    in_text: bool,
    /// Characters written in all.
    written: usize,
}

impl Walk {
    fn over(xml: &str, limits: &Limits, follow_fields: bool) -> Result<(Story, bool), Fault> {
        let mut walk = Self {
            story: Story::default(),
            frames: vec![Frame::default()],
            alternatives: Vec::new(),
            fields: Vec::new(),
            follow_fields,
            skipped: None,
            in_text: false,
            written: 0,
        };
        let mut nodes = Nodes::new(xml, limits.nesting);
        loop {
            match nodes.next() {
                Ok(Some(Node::Start(element))) => walk.start(&element),
                Ok(Some(Node::End(name))) => walk.end(&name),
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
        self.written += text.len();
        self.frame().text.push_str(text);
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name().into_inner();
        if let Some((root, open)) = &mut self.skipped {
            *open += 1;
            let root = root.clone();
            self.look_into_skipped(&root, name, element);
            return;
        }
        match name {
            "t" => self.in_text = true,
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
            "Choice" | "Fallback" if self.alternatives.last().is_some_and(|a| a.taken) => self.skip(name),
            "fldChar" => self.field(element),
            "footnote" | "endnote" if attribute(element, "type").is_some_and(|t| t != "normal") => self.skip(name),
            "headerReference" | "footerReference" => self.head(element),
            "oMath" | "oMathPara" => {
                self.story.formulas = true;
                self.skip(name);
            }
            "del" | "moveFrom" | "pPr" | "rPr" | "trPr" | "sdtPr" | "tblPr" | "tcPr" | "instrText" | "delInstrText"
            | "delText" | "rt" => self.skip(name),
            _ => {}
        }
    }

    fn skip(&mut self, name: &str) {
        self.skipped = Some((name.to_owned(), 1));
    }

    /// What matters even where the text does not.
    fn look_into_skipped(&mut self, root: &str, name: &str, element: &BytesStart<'_>) {
        match (root, name) {
            (_, "headerReference" | "footerReference") => self.head(element),
            ("del" | "moveFrom", "t" | "delText") => self.story.deletions = true,
            ("pPr", "del" | "moveFrom") => {
                self.story.deletions = true;
                self.frame().runs_on = true;
            }
            ("pPr", "ins" | "moveTo") => self.story.insertions = true,
            // A drop cap is a paragraph of its own, and the first letter of the next.
            ("pPr", "framePr") if attribute(element, "dropCap").is_some_and(|drop| drop != "none") => {
                self.frame().runs_on = true;
            }
            ("trPr", "del") => {
                self.story.deletions = true;
                if let Some(row) = self.frame().rows.last_mut() {
                    row.1 = true;
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((_, open)) = &mut self.skipped {
            *open -= 1;
            if *open == 0 {
                self.skipped = None;
            }
            return;
        }
        match name {
            "t" => self.in_text = false,
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

    fn end_paragraph(&mut self) {
        let frame = self.frame();
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
