//! The decisions that a form offers: what each asks for, and the order that comes of what was filled in.
//!
//! Promises that everything `docket decide` can decide on an item can be chosen here.

use serde::Serialize;

use super::asked::Asked;
use crate::{
    core::{
        decision::{Answered, CivilEnd, Decision},
        iso3::Iso3,
        judging::matching::Register,
        submission::AdditionKind,
    },
    desk::state_named,
};

/// A decision that can be chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// Its word in the form.
    pub(super) key: &'static str,
    /// What is chosen, in a few words.
    pub(super) title: &'static str,
    /// What its button says.
    pub(super) button: &'static str,
    fields: &'static [Field],
}

/// What a choice asks for.
#[derive(Clone, Copy, Debug)]
struct Field {
    name: &'static str,
    label: &'static str,
    like: &'static str,
    options: &'static [(&'static str, &'static str)],
}

const STATES: Field = field("states", "States, by name or code, with commas between", "Norway, Sweden");
const OF: Field = field("of", "Of which entry", "GCM-ECE-2020-0007 or M-000123");
const VERSION: Field = field("version", "Which version, if not the latest", "2");

const fn field(name: &'static str, label: &'static str, like: &'static str) -> Field {
    Field { name, label, like, options: &[] }
}

const fn choice(key: &'static str, title: &'static str, button: &'static str, fields: &'static [Field]) -> Choice {
    Choice { key, title, button, fields }
}

/// All of them, in the order in which they are offered.
pub(super) const CHOICES: [Choice; 14] = [
    choice("assign", "Another state, or several", "Register for these states", &[STATES]),
    choice("version", "New version of …", "File as that version", &[OF]),
    choice("rendition", "Readable copy of …", "File as the readable copy", &[OF, VERSION]),
    choice("addition", "Addition to …", "File beside it", &[OF, AS, VERSION]),
    choice("duplicate", "Duplicate of …", "Close as a duplicate", &[OF]),
    choice(
        "correspondence",
        "Correspondence",
        "Close as correspondence",
        &[
            field("of", "It belongs to, if to an entry", "GCM-ECE-2020-0007"),
            field("by", "Who has answered it, if somebody has", "Ms Officer"),
            field("how", "How it was answered", "by mail"),
        ],
    ),
    choice(
        "announce",
        "Announces an input",
        "Mark as announced",
        &[
            field("states", "States, where it is not clear", "Norway"),
            field("day", "By which day, if one is named", "2020-10-05"),
        ],
    ),
    choice("decline", "Declines", "Mark as declined", &[field("states", "States, where it is not clear", "Norway")]),
    choice(
        "withdraw",
        "Withdraws",
        "Mark as withdrawn",
        &[field("of", "What is taken back, where this is only the notice", "GCM-ECE-2020-0007")],
    ),
    choice(
        "extend",
        "More time",
        "Grant more time",
        &[
            field("states", "States, where it is not clear", "Norway"),
            field("until", "Until: a day, or a day and an hour", "2020-10-09 or 2020-10-09T12:00"),
            field("authority", "On whose authority", "the Executive Secretary"),
        ],
    ),
    choice(
        "not-an-input",
        "Not an input",
        "Close as not an input",
        &[Field {
            name: "unrelated",
            label: "What it is",
            like: "",
            options: &[("no", "it has to do with a call"), ("yes", "it has nothing to do with any call")],
        }],
    ),
    choice(
        "unreadable",
        "Unreadable, but ours",
        "Register the original",
        &[field("states", "States, where it is not filed for them", "Norway")],
    ),
    choice("ask-sender", "Ask the sender", "Ask the sender", &[]),
    choice("undo", "Undo", "Take it back", &[]),
];

const AS: Field = Field {
    name: "as",
    label: "What it is",
    like: "",
    options: &[("annex", "an annex"), ("translation", "a translation"), ("cover-letter", "a cover letter")],
};

/// A choice as the form shows it, with what was filled in.
#[derive(Serialize)]
pub(super) struct ShownChoice {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) button: &'static str,
    pub(super) open: bool,
    fields: Vec<ShownField>,
}

#[derive(Serialize)]
struct ShownField {
    name: String,
    label: &'static str,
    like: &'static str,
    value: String,
    options: &'static [(&'static str, &'static str)],
}

impl Choice {
    /// The choice with that word.
    pub(super) fn of(key: &str) -> Option<Self> {
        CHOICES.into_iter().find(|choice| choice.key == key)
    }

    pub(super) fn shown(self, sent: &Asked, open: bool) -> ShownChoice {
        let fields = self.fields.iter().map(|field| {
            let name = format!("{}.{}", self.key, field.name);
            let value = sent.raw(&name).to_owned();
            ShownField { value, label: field.label, like: field.like, options: field.options, name }
        });
        ShownChoice { key: self.key, title: self.title, button: self.button, open, fields: fields.collect() }
    }

    /// What is decided, as it was filled in; or what is missing, in a sentence.
    pub(super) fn decision(self, sent: &Asked, register: &Register) -> Result<Decision, String> {
        let get = |name: &str| sent.get(&format!("{}.{name}", self.key)).map(str::to_owned);
        let of = || get("of").ok_or_else(|| "Write of which entry it is: GCM-ECE-2020-0007, or M-000123.".to_owned());
        let version = || match get("version").map(|text| text.parse::<u32>()) {
            None => Ok(None),
            Some(Ok(version)) => Ok(Some(version)),
            Some(Err(_)) => Err("The version is a number, such as 2.".to_owned()),
        };
        let states = || states_named(&get("states").unwrap_or_default(), register);
        Ok(match self.key {
            "assign" => match states()? {
                none if none.is_empty() => return Err("Write which state it is of.".to_owned()),
                states => Decision::Assign { states, call: None, known_sender: false },
            },
            "version" => Decision::VersionOf { of: of()? },
            "rendition" => Decision::RenditionOf { of: of()?, version: version()? },
            "addition" => {
                let kind = match get("as").as_deref() {
                    Some("translation") => AdditionKind::Translation,
                    Some("cover-letter") => AdditionKind::CoverLetter,
                    _ => AdditionKind::Annex,
                };
                Decision::AdditionTo { of: of()?, kind, version: version()? }
            }
            "duplicate" => Decision::DuplicateOf { of: of()? },
            "correspondence" => {
                let answered = get("by").map(|by| Answered { by, how: get("how") });
                Decision::Correspondence { answered, of: get("of") }
            }
            "announce" => {
                let day = get("day").map(|day| {
                    let wrong = || format!("“{day}” is not a day. Write 2020-10-05.");
                    day.parse().map_err(|_| wrong())
                });
                Decision::Announce { states: states()?, day: day.transpose()?, call: None }
            }
            "decline" => Decision::Decline { states: states()?, call: None },
            "withdraw" => Decision::Withdraw { of: get("of") },
            "extend" => {
                let until =
                    get("until").ok_or_else(|| "Write until when: 2020-10-09, or 2020-10-09T12:00.".to_owned())?;
                let until: CivilEnd = until.parse().map_err(|error| format!("{error}."))?;
                let authority = get("authority").ok_or_else(|| "Write on whose authority.".to_owned())?;
                Decision::Extend { states: states()?, until, authority, call: None }
            }
            "not-an-input" => Decision::NotAnInput { unrelated: get("unrelated").as_deref() == Some("yes") },
            "unreadable" => Decision::UnreadableButOurs { states: states()?, call: None },
            "ask-sender" => Decision::AskSender,
            _ => Decision::Undo,
        })
    }
}

/// The states that a person wrote, with commas between.
fn states_named(text: &str, register: &Register) -> Result<Vec<Iso3>, String> {
    let named = text.split([',', ';']).map(str::trim).filter(|name| !name.is_empty());
    named.map(|name| state_named(register, name).map_err(|error| format!("{error}."))).collect()
}
