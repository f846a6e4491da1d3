//! The mail that comes while the program is killed, and what must become of each message.

use crate::{
    extract::build::{Docx, p},
    fixture::{
        dice::Dice,
        intake::{ADDRESS, mail},
    },
};

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An input in a Word document.
    Document,
    /// An input in the message itself.
    Text,
    /// An input with the Message-ID of one before, and other bytes.
    Twin,
    /// The answer of a robot.
    Robot,
    /// More than is read.
    Large,
    /// A document that names no state.
    Nobodys,
}

impl Kind {
    /// How many letters answer it before a person has decided anything.
    pub fn letters(self) -> usize {
        match self {
            Self::Document | Self::Text | Self::Twin | Self::Nobodys => 1,
            Self::Robot | Self::Large => 0,
        }
    }
}

/// A message that was delivered.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// A word that no other message holds; it stands in its subject.
    pub marker: String,
    pub kind: Kind,
    /// The one address that an answer may go to.
    pub sender: String,
    message_id: String,
    pub bytes: Vec<u8>,
    /// A person has said whose it is: it gets one more letter.
    pub decided: bool,
}

/// Makes messages, each unlike all others.
#[derive(Debug, Default)]
pub struct Mail {
    pub delivered: Vec<Delivered>,
}

const GOVERNMENTS: &[(&str, &str)] = &[
    ("Norway", "mfa.no"),
    ("Switzerland", "eda.admin.ch"),
    ("Armenia", "mfa.am"),
    ("Azerbaijan", "mfa.gov.az"),
    ("France", "diplomatie.gouv.fr"),
    ("Italy", "esteri.it"),
];
const TEXT: &str = "The Government contributes to the regional review of the Global Compact for Migration. ";

impl Mail {
    /// The next message, by chance; now and then one that was delivered before, once more.
    pub fn next(&mut self, dice: &mut Dice) -> Vec<u8> {
        let kind = match dice.below(20) {
            0..8 => Kind::Document,
            8..12 => Kind::Text,
            12..14 => Kind::Twin,
            14..17 => Kind::Robot,
            17 => Kind::Nobodys,
            _ => {
                let before = self.delivered.len();
                if before > 0 {
                    return self.delivered[dice.below(before)].bytes.clone();
                }
                Kind::Document
            }
        };
        self.make(kind, dice)
    }

    /// A message of that kind.
    pub fn make(&mut self, kind: Kind, dice: &mut Dice) -> Vec<u8> {
        let n = self.delivered.len();
        let marker = format!("mark{n:05}x");
        let (country, domain) = GOVERNMENTS[dice.below(GOVERNMENTS.len())];
        let sender = match kind {
            Kind::Nobodys => format!("somebody{n}@mail.test"),
            _ => format!("desk{n}@{domain}"),
        };
        let earlier = self.delivered.iter().rev().find(|earlier| earlier.kind == Kind::Document);
        let message_id = match (kind, earlier) {
            (Kind::Twin, Some(earlier)) => earlier.message_id.clone(),
            _ => format!("{marker}@ministry.test"),
        };
        let text = TEXT.repeat(20 + dice.below(40));
        let bytes = match kind {
            Kind::Text => {
                plain(&sender, &format!("{country}: input to the regional review {marker}"), &message_id, &text)
            }
            Kind::Robot => {
                let raw =
                    plain(&sender, &format!("Away from my desk {marker}"), &message_id, "I am away until Monday.");
                [b"Auto-Submitted: auto-replied\r\n".as_slice(), &raw].concat()
            }
            Kind::Large => {
                let subject = format!("{country}: input to the regional review {marker}");
                plain(&sender, &subject, &message_id, &"All of it.\r\n".repeat(110_000))
            }
            Kind::Document | Kind::Twin | Kind::Nobodys => {
                let author = if kind == Kind::Nobodys { "An office" } else { country };
                let document = Docx::new(&(p(author) + &p(&marker) + &p(&text))).bytes();
                let subject = match kind {
                    Kind::Nobodys => format!("Input to the regional review {marker}"),
                    _ => format!("{country}: input to the regional review {marker}"),
                };
                let raw = mail("ID", &format!("An office <{sender}>"), &subject, &[("input.docx", &document)]);
                replaced(&raw, b"ID@ministry.test", message_id.as_bytes())
            }
        };
        self.delivered.push(Delivered { marker, kind, sender, message_id, bytes: bytes.clone(), decided: false });
        bytes
    }
}

fn plain(sender: &str, subject: &str, message_id: &str, text: &str) -> Vec<u8> {
    format!(
        "Return-Path: <{sender}>\r\nFrom: An office <{sender}>\r\nTo: <{ADDRESS}>\r\nSubject: {subject}\r\n\
         Message-ID: <{message_id}>\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

/// The bytes with the one place where something stands put otherwise.
fn replaced(raw: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let at = raw.windows(what.len()).position(|part| part == what).expect("it stands there");
    [&raw[..at], by, &raw[at + what.len()..]].concat()
}
