//! Documents made from strings.

use std::io::{Cursor, Write as _};

use zip::{ZipWriter, write::SimpleFileOptions};

pub const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A zip file of these entries.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// A Word document to be filled.
pub struct Docx {
    main: String,
    relations: String,
    parts: Vec<(String, Vec<u8>)>,
    kind: &'static str,
}

impl Docx {
    pub fn new(body: &str) -> Self {
        let main = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w" xmlns:r="r" xmlns:mc="mc" xmlns:m="m"><w:body>{body}</w:body></w:document>"#
        );
        Self {
            main,
            relations: String::new(),
            parts: vec![],
            kind: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        }
    }

    /// The main part as it stands, whatever it is.
    pub fn raw(main: &str) -> Self {
        Self { main: main.to_owned(), ..Self::new("") }
    }

    pub fn macros(mut self) -> Self {
        self.kind = "application/vnd.ms-word.document.macroEnabled.main+xml";
        self
    }

    pub fn part(mut self, id: &str, kind: &str, name: &str, xml: &str) -> Self {
        let relation = format!(r#"<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{name}"/>"#);
        self.relations.push_str(&relation);
        self.parts.push((format!("story/{name}"), xml.as_bytes().to_vec()));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes_with_main(self.main.as_bytes())
    }

    /// The main part lies at an unusual name, so that only its relation tells.
    pub fn bytes_with_main(&self, main: &[u8]) -> Vec<u8> {
        let types = format!(r#"<Types><Override PartName="/story/text.xml" ContentType="{}"/></Types>"#, self.kind);
        let package = format!(
            r#"<Relationships><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="/story/text.xml"/></Relationships>"#
        );
        let relations = format!("<Relationships>{}</Relationships>", self.relations);
        let mut entries: Vec<(&str, &[u8])> = vec![
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", package.as_bytes()),
            ("story/text.xml", main),
            ("story/_rels/text.xml.rels", relations.as_bytes()),
        ];
        entries.extend(self.parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
        zip(&entries)
    }
}

/// A paragraph of one run.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A PDF of these objects, numbered from 1; the first is the catalog.
pub fn pdf(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = vec![];
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).bytes());
    out
}

/// A PDF with one page for each content, its font, and objects of one's own from number `4 + 2 * pages` on.
pub fn pdf_pages(contents: &[&str], font: &str, more: &[String]) -> Vec<u8> {
    pdf_of(contents.iter().map(|content| stream("", content)).collect(), font, more)
}

/// A PDF of three pages; nobody can unpack what is written on the second.
pub fn pdf_with_a_broken_page(first: &str, last: &str) -> Vec<u8> {
    let broken = stream("/Filter /FlateDecode", "this was never packed, whatever its filter says");
    pdf_of(vec![stream("", first), broken, stream("", last)], HELVETICA, &[])
}

fn pdf_of(contents: Vec<String>, font: &str, more: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len()).map(|i| format!("{} 0 R", 4 + 2 * i)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), contents.len()),
        font.to_owned(),
    ];
    let form = 4 + 2 * contents.len();
    for (i, content) in contents.into_iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /X {form} 0 R >> >> >>",
            5 + 2 * i
        ));
        objects.push(content);
    }
    objects.extend_from_slice(more);
    pdf(&objects)
}

/// A stream object.
pub fn stream(entries: &str, content: &str) -> String {
    format!("<< /Length {} {entries} >>\nstream\n{content}\nendstream", content.len())
}

pub const HELVETICA: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
