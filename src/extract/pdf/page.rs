//! One page, rewritten with its text operators alone, in a document of its own.
//!
//! Promises the parser nothing it stumbles on: forms are written in place (with their matrix, a bound on depth, and
//! none within itself), pictures are left out and noted, colours left out, operands are of the right number and kind, fonts are plain.
//! It is long because every text operator passes through one place.

use std::{collections::HashMap, fmt::Write as _};

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

use super::{
    font::{Font, Used, string_object},
    lexer::{Lexer, Operand},
    objects::{Objects, as_dictionary},
};

/// Forms within forms.
const DEEPEST: usize = 16;
/// What shows fewer dots than this in all its pictures shows an ornament: a line, a bullet, a blank that was scanned small.
const FEWEST_DOTS: f64 = 10_000.0;
/// The same in bytes, for pictures that stand in the page itself.
const FEWEST_BYTES: usize = 1_000;
/// From so many curves on, lines of text may have been drawn as outlines; an emblem has some hundred.
const MANY_CURVES: usize = 1_000;
/// A page's rewritten operators.
const MOST_OPERATORS: usize = 3_000_000;

/// The fonts of a document, each read once.
pub(super) type Fonts = HashMap<usize, Font>;

/// A page of plain text operators.
pub(super) struct Page<'f> {
    content: Vec<u8>,
    fonts: Vec<Used<'f>>,
    /// The page's edges: left, bottom, right, top.
    pub(super) edges: Option<[f64; 4]>,
    /// Whether something is drawn on it in which text may stand that is not written: a picture, or very many curves.
    pub(super) shows_a_picture: bool,
}

/// Reads the fonts that a page and its forms name into `fonts`.
pub(super) fn read_fonts(objects: &Objects<'_>, page: ObjectId, fonts: &mut Fonts) {
    let Some(page) = objects.document.objects.get(&page).and_then(as_dictionary) else { return };
    let resources = objects.inherited(page, b"Resources").and_then(as_dictionary);
    let mut seen = Vec::new();
    let mut waiting: Vec<&Dictionary> = resources
        .into_iter()
        .chain(appearances(objects, page).filter_map(|s| objects.dictionary(&s.dict, b"Resources")))
        .collect();
    while let Some(resources) = waiting.pop() {
        let address = std::ptr::from_ref(resources).addr();
        if seen.contains(&address) || seen.len() > 500 {
            continue;
        }
        seen.push(address);
        let mut enter = |font: &Dictionary| {
            fonts.entry(std::ptr::from_ref(font).addr()).or_insert_with(|| Font::read(objects, font));
        };
        for (_, font) in objects.dictionary(resources, b"Font").into_iter().flat_map(Dictionary::iter) {
            if let Some(font) = as_dictionary(objects.resolve(font)) {
                enter(font);
            }
        }
        for (_, state) in objects.dictionary(resources, b"ExtGState").into_iter().flat_map(Dictionary::iter) {
            let state = as_dictionary(objects.resolve(state));
            let font = state.and_then(|s| objects.array(s, b"Font")).and_then(<[Object]>::first);
            if let Some(font) = font.and_then(|f| as_dictionary(objects.resolve(f))) {
                enter(font);
            }
        }
        for (_, form) in objects.dictionary(resources, b"XObject").into_iter().flat_map(Dictionary::iter) {
            if let Some(form) = as_dictionary(objects.resolve(form))
                && objects.name(form, b"Subtype") == Some(b"Form")
            {
                waiting.extend(objects.dictionary(form, b"Resources"));
            }
        }
    }
}

/// What is drawn on top of a page: filled form fields, typed notes, stamps.
fn appearances<'a>(objects: &'a Objects<'_>, page: &'a Dictionary) -> impl Iterator<Item = &'a Stream> {
    let annotations = objects.array(page, b"Annots").unwrap_or_default().iter();
    annotations.filter_map(|annotation| {
        let annotation = as_dictionary(objects.resolve(annotation))?;
        appearance(objects, annotation)
    })
}

fn appearance<'a>(objects: &'a Objects<'_>, annotation: &'a Dictionary) -> Option<&'a Stream> {
    const HIDDEN: i64 = 2 | 32;
    let shown = matches!(objects.name(annotation, b"Subtype")?, b"Widget" | b"FreeText" | b"Stamp");
    let flags = objects.get(annotation, b"F").and_then(|f| f.as_i64().ok()).unwrap_or(0);
    if !shown || flags & HIDDEN != 0 {
        return None;
    }
    let normal = objects.get(objects.dictionary(annotation, b"AP")?, b"N")?;
    match normal {
        Object::Stream(stream) => Some(stream),
        // One appearance for each state of a box to be ticked.
        Object::Dictionary(states) => objects.stream(states, objects.name(annotation, b"AS")?),
        _ => None,
    }
}

/// The text state that fonts come and go with.
#[derive(Clone, Copy, Default)]
struct State {
    font: Option<usize>,
}

struct Rewriter<'a, 'f> {
    objects: &'a Objects<'a>,
    fonts: &'f Fonts,
    used: Vec<Used<'f>>,
    /// The number of each font on this page.
    numbers: HashMap<usize, usize>,
    out: String,
    state: State,
    operators: usize,
    /// Dots of its pictures.
    dots: f64,
    /// Bytes of pictures that stand in it.
    inline: usize,
    curves: usize,
    /// The forms at hand, by address.
    open: Vec<usize>,
}

impl<'f> Page<'f> {
    /// Rewrites a page; `None` where there is no such page, or where nothing of what is written on it can be unpacked.
    pub(super) fn rewrite(objects: &Objects<'_>, page: ObjectId, fonts: &'f Fonts) -> Option<Self> {
        let page = objects.document.objects.get(&page).and_then(as_dictionary)?;
        let empty = Dictionary::new();
        let resources = objects.inherited(page, b"Resources").and_then(as_dictionary).unwrap_or(&empty);
        let mut rewriter = Rewriter {
            objects,
            fonts,
            used: Vec::new(),
            numbers: HashMap::new(),
            out: String::new(),
            state: State::default(),
            operators: 0,
            dots: 0.0,
            inline: 0,
            curves: 0,
            open: Vec::new(),
        };
        let mut content = Vec::new();
        let streams = match page.get(b"Contents").ok().map(|contents| (contents, objects.resolve(contents))) {
            Some((_, Object::Array(streams))) => streams.iter().map(|s| objects.resolve(s)).collect(),
            Some((Object::Null, _)) | None => Vec::new(),
            Some((_, one)) => vec![one],
        };
        for stream in &streams {
            if let Object::Stream(stream) = stream
                && let Some(bytes) = objects.content(stream)
            {
                content.extend(bytes);
                content.push(b'\n');
            }
        }
        if content.is_empty() && !streams.is_empty() {
            return None;
        }
        rewriter.stream(&content, resources);
        for annotation in objects.array(page, b"Annots").unwrap_or_default() {
            let Some(annotation) = as_dictionary(objects.resolve(annotation)) else { continue };
            if let Some(stream) = appearance(objects, annotation) {
                rewriter.state = State::default();
                rewriter.annotation(annotation, stream, resources);
            }
        }
        let edges = objects.inherited(page, b"MediaBox").and_then(|b| b.as_array().ok()).and_then(|b| {
            let corners: Vec<f64> = b.iter().filter_map(|n| objects.number(n)).collect();
            let [x1, y1, x2, y2] = corners.try_into().ok()?;
            Some([f64::min(x1, x2), f64::min(y1, y2), f64::max(x1, x2), f64::max(y1, y2)])
        });
        let shows_a_picture = rewriter.shows_a_picture();
        Some(Self { content: rewriter.out.into_bytes(), fonts: rewriter.used, edges, shows_a_picture })
    }

    /// Whether nothing is written on the page.
    pub(super) fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The page as a document for the parser.
    pub(super) fn document(&self, with_programs: bool) -> Document {
        let mut document = Document::with_version("1.7");
        let mut fonts = Dictionary::new();
        for (number, used) in self.fonts.iter().enumerate() {
            fonts.set(format!("F{number}"), Object::Dictionary(used.dictionary(with_programs)));
        }
        let mut resources = Dictionary::new();
        resources.set("Font", Object::Dictionary(fonts));
        let content = document.add_object(Object::Stream(Stream::new(Dictionary::new(), self.content.clone())));
        let pages_id = document.new_object_id();
        let mut page = Dictionary::new();
        page.set("Type", Object::Name(b"Page".to_vec()));
        page.set("Parent", Object::Reference(pages_id));
        page.set("MediaBox", Object::Array([0, 0, 612, 792].map(Object::Integer).to_vec()));
        page.set("Resources", Object::Dictionary(resources));
        page.set("Contents", Object::Reference(content));
        let page = document.add_object(Object::Dictionary(page));
        let mut pages = Dictionary::new();
        pages.set("Type", Object::Name(b"Pages".to_vec()));
        pages.set("Kids", Object::Array(vec![Object::Reference(page)]));
        pages.set("Count", 1);
        document.objects.insert(pages_id, Object::Dictionary(pages));
        let mut catalog = Dictionary::new();
        catalog.set("Type", Object::Name(b"Catalog".to_vec()));
        catalog.set("Pages", Object::Reference(pages_id));
        let catalog = document.add_object(Object::Dictionary(catalog));
        document.trailer.set("Root", Object::Reference(catalog));
        document
    }
}

impl<'a> Rewriter<'a, '_> {
    fn shows_a_picture(&self) -> bool {
        self.dots >= FEWEST_DOTS || self.inline >= FEWEST_BYTES || self.curves >= MANY_CURVES
    }

    /// How many dots a picture has; one that does not say has enough.
    fn picture(&mut self, picture: &Dictionary) {
        let side = |key| self.objects.number_at(picture, key);
        self.dots += side(b"Width").zip(side(b"Height")).map_or(FEWEST_DOTS, |(width, height)| width * height);
    }

    fn emit(&mut self, numbers: &[f64], operator: &str) {
        for number in numbers {
            // Writing to a String does not fail.
            let _ = write!(self.out, "{number:.4} ");
        }
        self.out.push_str(operator);
        self.out.push('\n');
    }

    /// Draws an annotation's appearance where the annotation stands.
    fn annotation(&mut self, annotation: &'a Dictionary, stream: &'a Stream, resources: &'a Dictionary) {
        let objects = self.objects;
        let Some(place) = objects.numbers::<4>(annotation, b"Rect") else { return };
        let bounds = objects.numbers::<4>(&stream.dict, b"BBox").unwrap_or([0.0; 4]);
        let matrix = objects.numbers::<6>(&stream.dict, b"Matrix").unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let corner =
            |x: f64, y: f64| (matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]);
        let corners = [
            corner(bounds[0], bounds[1]),
            corner(bounds[2], bounds[1]),
            corner(bounds[0], bounds[3]),
            corner(bounds[2], bounds[3]),
        ];
        let left = corners.iter().map(|c| c.0).fold(f64::INFINITY, f64::min);
        let bottom = corners.iter().map(|c| c.1).fold(f64::INFINITY, f64::min);
        self.emit(&[], "q");
        self.emit(&[1.0, 0.0, 0.0, 1.0, place[0].min(place[2]) - left, place[1].min(place[3]) - bottom], "cm");
        self.form(stream, resources);
        self.emit(&[], "Q");
    }

    /// Writes a form in place.
    fn form(&mut self, form: &'a Stream, parent: &'a Dictionary) {
        let address = std::ptr::from_ref(form).addr();
        if self.open.len() >= DEEPEST || self.open.contains(&address) {
            return;
        }
        let Some(content) = self.objects.content(form) else { return };
        let resources = self.objects.dictionary(&form.dict, b"Resources").unwrap_or(parent);
        self.open.push(address);
        let state = self.state;
        self.emit(&[], "q");
        if let Some(matrix) = self.objects.numbers::<6>(&form.dict, b"Matrix") {
            self.emit(&matrix, "cm");
        }
        self.stream(&content, resources);
        self.emit(&[], "Q");
        self.state = state;
        self.open.pop();
    }

    /// Writes a form that is named in place, or notes a picture.
    fn draw(&mut self, name: &[u8], resources: &'a Dictionary) {
        let objects = self.objects;
        let named = objects.dictionary(resources, b"XObject");
        let Some(drawn) = named.and_then(|named| objects.stream(named, name)) else { return };
        match objects.name(&drawn.dict, b"Subtype") {
            Some(b"Form") => self.form(drawn, resources),
            Some(b"Image") => self.picture(&drawn.dict),
            _ => {}
        }
    }

    fn stream(&mut self, content: &[u8], resources: &'a Dictionary) {
        let mut lexer = Lexer::new(content);
        let mut operands = Vec::new();
        let mut saved: Vec<State> = Vec::new();
        while let Some(operator) = lexer.next(&mut operands) {
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                break;
            }
            let numbers: Vec<f64> = operands.iter().rev().map_while(Operand::number).collect();
            // The last so many operands, in their order.
            let last = |n: usize| {
                let mut last = numbers.get(..n)?.to_vec();
                last.reverse();
                Some(last)
            };
            match operator {
                b"q" if saved.len() < 1_000 => {
                    saved.push(self.state);
                    self.emit(&[], "q");
                }
                b"Q" => {
                    if let Some(state) = saved.pop() {
                        self.state = state;
                        self.emit(&[], "Q");
                    }
                }
                b"BT" => self.emit(&[], "BT"),
                b"ET" => self.emit(&[], "ET"),
                b"T*" => self.emit(&[], "T*"),
                b"cm" | b"Tm" => {
                    if let Some(matrix) = last(6) {
                        self.emit(&matrix, if operator == b"cm" { "cm" } else { "Tm" });
                    }
                }
                b"Td" | b"TD" => {
                    if let Some(offset) = last(2) {
                        self.emit(&offset, if operator == b"Td" { "Td" } else { "TD" });
                    }
                }
                b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts" => {
                    if let (Some(number), Ok(operator)) = (last(1), std::str::from_utf8(operator)) {
                        self.emit(&number, operator);
                    }
                }
                b"Tf" => {
                    if let (Some(name), Some(size)) = (operands.iter().find_map(Operand::name), last(1)) {
                        let fonts = self.objects.dictionary(resources, b"Font");
                        let font = fonts.and_then(|fonts| self.objects.dictionary(fonts, name));
                        self.font(font, size[0]);
                    }
                }
                b"gs" => {
                    let states = self.objects.dictionary(resources, b"ExtGState");
                    let name = operands.first().and_then(Operand::name).unwrap_or_default();
                    let state = states.and_then(|states| self.objects.dictionary(states, name));
                    if let Some([font, size]) = state.and_then(|s| self.objects.array(s, b"Font"))
                        && let Some(size) = self.objects.number(size)
                    {
                        self.font(as_dictionary(self.objects.resolve(font)), size);
                    }
                }
                b"Tj" => {
                    if let Some(string) = operands.last().and_then(Operand::string) {
                        self.show(string);
                    }
                }
                b"'" => {
                    self.emit(&[], "T*");
                    if let Some(string) = operands.last().and_then(Operand::string) {
                        self.show(string);
                    }
                }
                b"\"" => {
                    if let [Operand::Number(word), Operand::Number(character), Operand::String(string)] = &operands[..]
                    {
                        self.emit(&[*word], "Tw");
                        self.emit(&[*character], "Tc");
                        self.emit(&[], "T*");
                        self.show(string);
                    }
                }
                b"TJ" => {
                    if let Some(Operand::Array(elements)) = operands.last() {
                        self.show_adjusted(elements);
                    }
                }
                b"Do" => self.draw(operands.last().and_then(Operand::name).unwrap_or_default(), resources),
                b"c" | b"v" | b"y" => self.curves += 1,
                _ => {}
            }
        }
        self.inline += lexer.pictures;
        for _ in saved {
            self.emit(&[], "Q");
        }
    }

    fn font(&mut self, font: Option<&Dictionary>, size: f64) {
        let address = font.map(|f| std::ptr::from_ref(f).addr());
        let Some((address, font)) = address.and_then(|a| Some((a, self.fonts.get(&a)?))) else {
            self.state.font = None;
            return;
        };
        let next = self.used.len();
        let number = *self.numbers.entry(address).or_insert(next);
        if number == next {
            self.used.push(Used::new(font));
        }
        self.state.font = Some(number);
        let _ = writeln!(self.out, "/F{number} {size:.4} Tf");
    }

    fn recode(&mut self, string: &[u8]) -> Option<Object> {
        let used = self.used.get_mut(self.state.font?)?;
        Some(string_object(used.recode(string)))
    }

    fn show(&mut self, string: &[u8]) {
        if let Some(string) = self.recode(string) {
            self.write_string(&string);
            self.out.push_str(" Tj\n");
        }
    }

    fn show_adjusted(&mut self, elements: &[Operand]) {
        if self.state.font.is_none() {
            return;
        }
        self.out.push('[');
        for element in elements {
            match element {
                Operand::String(string) => {
                    if let Some(string) = self.recode(string) {
                        self.write_string(&string);
                    }
                }
                Operand::Number(number) => {
                    let _ = write!(self.out, " {number:.3} ");
                }
                _ => {}
            }
        }
        self.out.push_str("] TJ\n");
    }

    fn write_string(&mut self, string: &Object) {
        self.out.push('<');
        for byte in string.as_str().unwrap_or_default() {
            let _ = write!(self.out, "{byte:02x}");
        }
        self.out.push('>');
    }
}
