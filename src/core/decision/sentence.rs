//! Which sentences tell what a decision comes to, and which name an act: the logic once, for all languages.
//!
//! The words stand under `consequence`, `decided` and `status`, in the words of each language.

use super::{
    consequences::{Consequences, ExtendedThen, FiledThen, LeavesThen, LetterThen, ReferenceIs, Roster, SaidThen},
    kept::{ASK_SENDER, Act, CORRESPONDENCE},
    ruling::{NOT_AN_INPUT, UNDO},
};
use crate::core::{
    calls::{standing::Standing, status::Status},
    event::Event,
    iso3::Iso3,
    letter_kind::LetterKind,
    phrase::{Fill, Phrase},
    question::Questions,
    submission::{AdditionKind, Becomes, Named},
};

fn of(key: &str) -> Phrase {
    Phrase::of(format!("consequence.{key}"))
}

impl Consequences {
    /// The sentences, in the order in which a person asks for them: the act; where the item is filed, for whom and what that
    /// replaces; where it was; how states stand by it; what is asked; the letter and when it leaves; what else happens.
    #[must_use]
    pub fn phrase(&self) -> Vec<Phrase> {
        let number = || self.number.clone().unwrap_or_default();
        let undone = |event: &&Event| matches!(event, Event::Undone { .. });
        let mut all: Vec<Phrase> = self.also.iter().filter(undone).map(Event::phrase).collect();
        all.extend(self.act(&number()));
        if let Some(filed) = &self.filed {
            all.push(filed.phrase(&number()));
            all.extend(filed.whose());
        }
        if let Some(leaves) = &self.leaves {
            all.push(leaves.phrase(self.filed.is_some()));
            all.extend(
                leaves
                    .uncovers
                    .as_ref()
                    .map(|current| of("uncovers").with("reference", &leaves.reference).with("other", called(current))),
            );
        }
        if let Some(withdrawn) = &self.withdrawn {
            let told = of("withdrawn").with("reference", &withdrawn.reference);
            all.push(told.with("until", Fill::Moment(withdrawn.until)).with("of", of_states(&withdrawn.states)));
        }
        all.extend(self.said.iter().map(SaidThen::phrase));
        all.extend(self.extended.iter().map(ExtendedThen::phrase));
        all.extend(self.states.iter().map(|line| {
            let told = of("status").with("state", line.state);
            told.with("before", status(line.before)).with("after", status(line.after))
        }));
        if let Some(relevance) = self.confirmed {
            let relevance = Phrase::of(format!("relevance.{}", relevance.word()));
            all.push(of("confirmed").with("relevance", relevance));
        }
        let asked: Questions = self.asked.iter().cloned().fold(Questions::default(), Questions::and);
        if let Some(asked) = asked.phrase() {
            let form = if self.act == UNDO { "asked.again" } else { "asked.still" };
            all.push(of(form).with("number", number()).with("asked", asked));
        }
        all.extend(self.letter.phrase());
        all.extend(self.act_letter.phrase());
        all.extend(self.also.iter().filter(|event| !undone(event)).map(Event::phrase));
        all
    }

    /// What the act finds about the item, where no place that it takes says so.
    fn act(&self, number: &str) -> Option<Phrase> {
        let form = |form: &str| of(&format!("act.{form}")).with("number", number);
        match self.act.as_str() {
            NOT_AN_INPUT => Some(form("no_input")),
            CORRESPONDENCE => Some(match &self.answered {
                None => form("correspondence"),
                Some(answered) => form("answered").with("by", &answered.by).with(
                    "how",
                    match &answered.how {
                        None => of("how.unknown"),
                        Some(how) => of("how.known").with("how", how),
                    },
                ),
            }),
            ASK_SENDER => Some(form("asked")),
            _ => None,
        }
    }
}

impl FiledThen {
    fn phrase(&self, number: &str) -> Phrase {
        let form = |form: &str| {
            let told = of(&format!("filed.{form}")).with("number", number).with("reference", &self.reference);
            told.with("standing", standing(self.standing))
        };
        let there = |named: &Named| of("there.version").with("other", called(named)).with("reference", &self.reference);
        let sentence = match (&self.becomes, self.place.as_str()) {
            (Becomes::Repeats { version }, "duplicate") => form("duplicate").with("to", there(version)),
            (Becomes::Repeats { version }, _) => form("repeats").with("to", there(version)),
            (Becomes::Copy { of }, _) => form("copy").with("to", there(of)),
            (Becomes::Beside { kind, to }, _) => {
                let nowhere = || of("there.submission").with("reference", &self.reference);
                form(kind.word()).with("to", to.as_ref().map_or_else(nowhere, there))
            }
            (_, "version") => match self.version {
                Some(n) if self.opened == ReferenceIs::Kept => form("kept").with("version", n),
                Some(n) => form("version").with("version", n),
                None => form("unnumbered"),
            },
            (_, place) => form(match place {
                "rendition" => "unread_copy",
                "withdrawal" => "withdrawal",
                "recall" => "recall",
                "duplicate" => "lone_duplicate",
                _ => "correspondence",
            }),
        };
        if self.opened == ReferenceIs::Kept || self.place != "version" {
            return sentence;
        }
        let beside = match &self.becomes {
            Becomes::Replaces { former } => of("beside.replaces").with("other", called(former)),
            Becomes::Earlier { current } => of("beside.earlier").with("other", called(current)),
            Becomes::UnderQuery { current: Some(current) } => of("beside.under_query").with("other", called(current)),
            Becomes::UnderQuery { current: None } => of("beside.unread"),
            Becomes::Kept => of("beside.taken_back"),
            Becomes::First | Becomes::Repeats { .. } | Becomes::Copy { .. } | Becomes::Beside { .. } => {
                return sentence;
            }
        };
        Phrase::of("joined.by_space").with("before", sentence).with("next", beside)
    }

    /// For whom it is filed: those on the roster, and apart from them those who are not.
    fn whose(&self) -> Vec<Phrase> {
        let mut all = Vec::new();
        if self.opened == ReferenceIs::New {
            all.push(of("new_reference").with("reference", &self.reference));
        }
        for (on, form) in [
            (Roster::OnRoster, "roster.on"),
            (Roster::Observer, "roster.observer"),
            (Roster::Outside, "roster.outside"),
        ] {
            let states: Vec<Iso3> =
                self.states.iter().filter(|state| state.on == on).map(|state| state.state).collect();
            if !states.is_empty() {
                all.push(of(form).with("states", Fill::Together(states)));
            }
        }
        all
    }
}

impl LeavesThen {
    /// Whether the item moves elsewhere makes the sentence.
    fn phrase(&self, moves: bool) -> Phrase {
        let form = match (moves, self.version) {
            (true, Some(_)) => "leaves.moves",
            (true, None) => "leaves.moves_from_beside",
            (false, Some(_)) => "leaves.withdrawn",
            (false, None) => "leaves.beside",
        };
        let told = of(form).with("reference", &self.reference).with("of", of_states(&self.states));
        told.with("version", self.version.unwrap_or_default())
    }
}

impl SaidThen {
    fn phrase(&self) -> Phrase {
        let told = match (self.word.as_str(), self.day) {
            ("declined", _) => of("said.declined"),
            (_, None) => of("said.announced"),
            (_, Some(day)) => of("said.announced_by").with("day", Fill::Day(day)),
        };
        told.with("state", self.state)
    }
}

impl ExtendedThen {
    fn phrase(&self) -> Phrase {
        let told = of("extended").with("state", self.state).with("until", Fill::Moment(self.until));
        told.with("authority", &self.authority)
    }
}

impl LetterThen {
    /// The sentence about it; none where nothing changes.
    #[must_use]
    pub fn phrase(&self) -> Option<Phrase> {
        let form = |form: &str| of(&format!("letter.{form}"));
        Some(match self {
            Self::Unchanged => return None,
            Self::None { why } => why.told(),
            Self::Leaves { letter, to, at } => {
                form("leaves").with("letter", kind(*letter)).with("to", to).with("at", Fill::Moment(*at))
            }
            Self::Held { letter, to, held } => {
                form("held").with("letter", kind(*letter)).with("to", to).with("held", held.phrase())
            }
            Self::Stopped { letter } => form("stopped").with("letter", kind(*letter)),
            Self::LeftBefore { letter } => form("left_before").with("letter", kind(*letter)),
            Self::FailedBefore { letter, number } => {
                form("failed_before").with("letter", kind(*letter)).with("number", *number)
            }
            Self::WrittenSince => form("written_since"),
            Self::Erased => form("erased"),
        })
    }
}

impl Act {
    /// The act, as something that was decided.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let form = |form: &str| Phrase::of(format!("decided.{}{form}", self.kind()));
        let there = |reference: &String, version: &Option<u32>| match version {
            None => of("there.submission").with("reference", reference),
            Some(n) => {
                let version = of("called.number").with("version", *n);
                of("there.version").with("other", version).with("reference", reference)
            }
        };
        match self {
            Self::VersionOf { reference } | Self::Withdraw { reference } => form("").with("reference", reference),
            Self::RenditionOf { reference, version } => form("").with("to", there(reference, version)),
            Self::AdditionTo { reference, addition, version } => {
                let form = match addition {
                    AdditionKind::Annex => form(".annex"),
                    AdditionKind::Translation => form(".translation"),
                    AdditionKind::CoverLetter => form(".cover_letter"),
                };
                form.with("to", there(reference, version))
            }
            Self::DuplicateOf { of } => form("").with("of", of),
            Self::Correspondence { answered: None, .. } => form(".open"),
            Self::Correspondence { answered: Some(answered), .. } => form(".answered").with("by", &answered.by),
            Self::Announce { states, day: None } => form(".open").with("states", states.as_slice()),
            Self::Announce { states, day: Some(day) } => {
                form(".by").with("states", states.as_slice()).with("day", Fill::Day(*day))
            }
            Self::Decline { states } | Self::UnreadableButOurs { states } => form("").with("states", states.as_slice()),
            Self::Extend { states, until, authority } => {
                let told = form("").with("states", states.as_slice()).with("until", Fill::Moment(*until));
                told.with("authority", authority)
            }
            Self::AskSender => form(""),
        }
    }
}

/// A version, as others speak of it.
fn called(named: &Named) -> Phrase {
    match named.n {
        Some(n) => of("called.number").with("version", n),
        None => of("called.received").with("at", Fill::Moment(named.received)),
    }
}

fn of_states(states: &[Iso3]) -> Phrase {
    if states.is_empty() { of("of.nobody") } else { of("of.states").with("states", Fill::Together(states.to_vec())) }
}

fn kind(letter: LetterKind) -> Phrase {
    Phrase::of(format!("letter.{}", letter.name()))
}

fn status(status: Status) -> Phrase {
    Phrase::of(format!("status.{}", status.word()))
}

fn standing(standing: Standing) -> Phrase {
    of(match standing {
        Standing::OnTime => "standing.on_time",
        Standing::ByGrace => "standing.by_grace",
        Standing::ByExtension => "standing.by_extension",
        Standing::Late => "standing.late",
        Standing::Undetermined => "standing.undetermined",
    })
}
