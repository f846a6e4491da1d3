//! Mail written for a test: plain messages, with or without a document.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A message to be delivered.
#[derive(Clone)]
pub struct Mail {
    from: String,
    to: String,
    subject: String,
    body: String,
    above: String,
    own: String,
    document: Option<String>,
    cut: bool,
}

impl Mail {
    /// A message to the mailbox of the stage.
    pub fn from(from: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: super::stage::ADDRESS.to_owned(),
            subject: "Regional review of the GCM".to_owned(),
            body: "Please find our contribution attached.".to_owned(),
            above: String::new(),
            own: String::new(),
            document: None,
            cut: false,
        }
    }

    /// A message whose sender is still to be named.
    pub fn new() -> Self {
        Self::from("")
    }

    pub fn sender(mut self, from: &str) -> Self {
        from.clone_into(&mut self.from);
        self
    }

    /// Its text; the bytes are sent as they are, so lines are ended as mail ends them.
    pub fn body(mut self, body: &str) -> Self {
        self.body = body.lines().collect::<Vec<_>>().join("\r\n");
        self
    }

    pub fn to(mut self, address: &str) -> Self {
        address.clone_into(&mut self.to);
        self
    }

    pub fn subject(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }

    /// A field that a server writes on top.
    pub fn above(mut self, field: &str) -> Self {
        self.above = format!("{field}\r\n{}", self.above);
        self
    }

    /// A field of the sender's own.
    pub fn field(mut self, field: &str) -> Self {
        self.own.push_str(field);
        self.own.push_str("\r\n");
        self
    }

    /// A document of some hundred words, `about` among them.
    pub fn document(mut self, about: &str) -> Self {
        let text = "Migration policy measures were adopted and partners were consulted. ".repeat(40);
        self.document = Some(format!("{{\\rtf1\\ansi {about}\\par {text}}}"));
        self
    }

    /// A document with this text, a paragraph a line.
    pub fn text(mut self, text: &str) -> Self {
        let paragraphs: Vec<&str> = text.lines().collect();
        self.document = Some(format!("{{\\rtf1\\ansi {}}}", paragraphs.join("\\par ")));
        self
    }

    /// A Word document of which only the beginning has come, so that nobody can read it.
    pub fn cut(mut self, about: &str) -> Self {
        self.document = Some(STANDARD.encode(format!("PK\u{3}\u{4}\u{14}\0\u{6}\0\u{8}\0word/document.xml {about}")));
        self.cut = true;
        self
    }

    /// The bytes as a server hands them over. Messages that differ have different Message-IDs.
    pub fn raw(&self) -> Vec<u8> {
        let Self { from, to, subject, body, above, own, document, cut } = self;
        let (kind, name, coded) = if *cut {
            let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
            (word, "input.docx", "Content-Transfer-Encoding: base64\r\n")
        } else {
            ("application/rtf", "input.rtf", "")
        };
        let digest =
            docket::core::judging::duplicate::content_key(&format!("{from}{to}{subject}{body}{own}{document:?}"));
        let id = &digest[..16];
        let head = format!(
            "{above}From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{id}@sender.example>\r\n{own}\
             MIME-Version: 1.0\r\n"
        );
        let text = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n");
        let mail = match document {
            None => format!("{head}{text}"),
            Some(document) => format!(
                "{head}Content-Type: multipart/mixed; boundary=\"{id}\"\r\n\r\n--{id}\r\n{text}--{id}\r\n\
                 Content-Type: {kind}; name=\"{name}\"\r\n{coded}\
                 Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{document}\r\n--{id}--\r\n"
            ),
        };
        mail.into_bytes()
    }
}
