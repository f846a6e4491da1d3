//! An invented desk: what no state did, and everything that a stranger may write.
//!
//! Long, because it fills every field of what a person sees.

use std::collections::BTreeMap;

use docket::{
    core::{
        actor::Actor,
        calls::standing::Standing,
        event::payload::Happened,
        file::{Format, Outcome, Role},
        iso3::Iso3,
        judging::matching::{Decision, Evidence, Kind, Source},
        purpose::{self, Quoted},
        recorded::{Recorded, Way},
        text::comparable,
    },
    desk::{
        DeskError, Queue, ToDecide,
        view::{
            self, CallRegister, DecisionOn, Entry, EntryFile, EntryItem, EntryLetter, EntryPurpose, Frame, Happening,
            LogFilter, LogLine, LogPage, MailboxSeen, RegisterLine, StatePage, Status, Undone, Waiting,
        },
    },
};
use jiff::{Timestamp, civil::date};

pub const ZONE: &str = "Europe/Zurich";
pub const SCRIPT: &str = "<script>alert(1)</script>";
pub const OVERRIDE: &str = "Beitrag\u{202e}fdp.exe";

/// A desk as it stands at a certain time.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a test turns on")]
pub struct Sample {
    pub now: Timestamp,
    pub with_map: bool,
    pub two_calls: bool,
    pub overdue: bool,
    pub empty: bool,
    /// What stands under M-000047.
    pub entry: Entry,
    pub failing: Option<fn(String) -> DeskError>,
    /// What stands otherwise in the register.
    pub also: Option<fn(&mut RegisterLine)>,
}

impl Sample {
    pub fn at(now: &str) -> Self {
        let now = now.parse().unwrap();
        Self {
            now,
            with_map: true,
            two_calls: false,
            overdue: false,
            empty: false,
            entry: undecided(),
            failing: None,
            also: None,
        }
    }

    /// The states with what they were told and where they stand on the map.
    fn states(&self) -> Vec<(RegisterLine, String, (u8, u8))> {
        let mut table = csv::ReaderBuilder::new().delimiter(b';').from_reader(include_str!("states.csv").as_bytes());
        let mut states: Vec<_> = table
            .records()
            .map(|row| {
                let row = row.unwrap();
                let received = (!row[5].is_empty()).then(|| local(&row[5]));
                let filed = !self.empty && received.is_some_and(|at| at <= self.now);
                let (status, standing) = match &row[4] {
                    "PossiblyReceived" if !self.empty => (Status::PossiblyReceived, None),
                    "OnTime" if filed => (Status::Received, Some(Standing::OnTime)),
                    "Corrected" if filed => (Status::Corrected, Some(Standing::OnTime)),
                    "Late" if filed => (Status::Received, Some(Standing::Late)),
                    _ => (Status::NothingReceived, None),
                };
                let line = RegisterLine {
                    iso3: row[0].parse().unwrap(),
                    name: row[1].to_owned(),
                    formal_name: format!("the Republic of {}", &row[1]),
                    status,
                    counts: filed,
                    standing,
                    received: received.filter(|_| filed),
                    version_received: received.filter(|_| filed),
                    reference: filed.then(|| format!("GCM-ECE-2020-{}", &row[6])),
                    also: Vec::new(),
                    version: filed.then(|| row[7].parse().unwrap()),
                    words: filed.then(|| row[8].parse().unwrap()),
                    day: None,
                    extended_until: None,
                    joint_with: Vec::new(),
                    additions: 0,
                    recorded: None,
                    reminded: None,
                    why_not_reminded: None,
                    note: None,
                };
                let told = if received.is_some() && !filed { String::new() } else { row[9].to_owned() };
                (line, told, (row[2].parse().unwrap(), row[3].parse().unwrap()))
            })
            .collect();
        if let Some(also) = &self.also {
            for (line, ..) in &mut states {
                also(line);
            }
        }
        states.sort_by(|(a, ..), (b, ..)| a.name.cmp(&b.name));
        states
    }

    fn waiting(&self) -> Vec<Waiting> {
        let case = |number: &str, question: &str, since: &str, subject: &str, candidates: &[&str]| Waiting {
            number: number.to_owned(),
            question: question.to_owned(),
            since: local(since),
            subject: Some(subject.to_owned()),
            candidates: candidates.iter().map(|c| iso3(c)).collect(),
            names: candidates.iter().map(|&c| c.to_owned()).collect(),
        };
        if self.empty {
            return Vec::new();
        }
        vec![
            case(
                "M-000047",
                "Which state? Moldova or Romania",
                "2020-09-25 16:12",
                "Contribution écrite nationale – examen régional du Pacte mondial",
                &["MDA", "ROU"],
            ),
            case("M-000051/2", "New version, or an annex?", "2020-09-27 19:40", "Annex 2 (revised)", &["ESP"]),
            case(
                "M-000052",
                "Input, or only correspondence?",
                "2020-09-28 07:58",
                "תשובה: תרומה בכתב לסקירה האזורית",
                &["ISR"],
            ),
            case(
                "M-000054",
                "Cloud link only, no document",
                "2020-09-28 08:31",
                &format!("{SCRIPT} {OVERRIDE} {{{{777*777}}}}"),
                &["GEO"],
            ),
        ]
    }

    fn knows(&self, call: Option<&str>) -> bool {
        call.is_none_or(|code| code == "unece-gcm-2020" || (self.two_calls && code == "ecosoc & 2021"))
    }

    /// What the desk yields, or why it does not.
    fn told<T>(&self, value: T) -> Result<T, DeskError> {
        self.failing.map_or(Ok(value), |error| Err(error("the disk with ministry@example.org is gone".to_owned())))
    }

    fn lines(&self) -> Vec<LogLine> {
        let blank = LogLine {
            number: String::new(),
            reference: None,
            received: self.now,
            clock: "received_header".to_owned(),
            from: None,
            subject: None,
            relevance: Some("input".to_owned()),
            states: Vec::new(),
            names: Vec::new(),
            kind: None,
            standing: None,
            deadline: Some(date(2020, 9, 30)),
            words: None,
            version: None,
            current: None,
            letters: Vec::new(),
            waiting: None,
            recorded: None,
            place: None,
            in_charge: None,
            withdrawn: false,
            found: None,
        };
        vec![
            LogLine {
                number: "M-000054".to_owned(),
                received: local("2020-09-28 08:31"),
                from: Some(format!("{SCRIPT} <mission@stranger.example>")),
                subject: Some(format!("{OVERRIDE} {{{{777*777}}}} & more")),
                kind: Some(Kind::Ambiguous),
                waiting: Some("cloud link only, no document".to_owned()),
                recorded: Some(Recorded { way: Way::Portal, authority: SCRIPT.to_owned() }),
                ..blank.clone()
            },
            LogLine {
                number: "M-000053".to_owned(),
                received: local("2020-09-28 08:15"),
                reference: Some("GCM-ECE-2020-0031".to_owned()),
                from: Some("Permanente Vertegenwoordiging Genève <gev@netherlands.example>".to_owned()),
                subject: Some(
                    "Dutch input for the regional review of the Global Compact for Safe, Orderly and Regular Migration"
                        .to_owned(),
                ),
                states: vec![iso3("NLD")],
                names: vec!["Netherlands (Kingdom of the)".to_owned()],
                kind: Some(Kind::MemberState),
                standing: Some(Standing::OnTime),
                words: Some(4560),
                version: Some(1),
                current: Some(true),
                letters: vec!["acknowledgement: sent".to_owned()],
                ..blank.clone()
            },
            LogLine {
                number: "M-000052".to_owned(),
                received: local("2020-09-28 07:58"),
                from: Some("משרד החוץ <mfa@israel.example>".to_owned()),
                subject: Some("תשובה: תרומה בכתב לסקירה האזורית".to_owned()),
                relevance: Some("correspondence".to_owned()),
                waiting: Some("input, or only correspondence?".to_owned()),
                ..blank.clone()
            },
            LogLine {
                number: "M-000050".to_owned(),
                received: local("2020-09-26 11:02"),
                from: Some("office@migrants.example".to_owned()),
                subject: Some("Civil society statement".to_owned()),
                kind: Some(Kind::NotAState),
                standing: Some(Standing::Late),
                words: Some(2310),
                letters: vec!["receipt: sent".to_owned(), "reminder: held, may have written".to_owned()],
                ..blank.clone()
            },
            LogLine {
                number: "M-000021/1".to_owned(),
                received: local("2020-09-17 18:03"),
                reference: Some("GCM-ECE-2020-0021".to_owned()),
                from: Some("Misión Permanente de España <mision@spain.example>".to_owned()),
                subject: Some("Contribución de España (versión corregida)".to_owned()),
                states: vec![iso3("PRT"), iso3("ESP")],
                names: vec!["Portugal".to_owned(), "Spain".to_owned()],
                kind: Some(Kind::Joint),
                standing: Some(Standing::OnTime),
                words: Some(5204),
                version: Some(3),
                current: Some(true),
                letters: vec!["acknowledgement: sent".to_owned()],
                ..blank
            },
        ]
    }
}

/// What the desk would yield.
impl Sample {
    pub fn frame(&self, call: Option<&str>) -> Result<Option<Frame>, DeskError> {
        let mut calls = vec![("unece-gcm-2020".to_owned(), "Regional review of the Global Compact".to_owned())];
        if self.two_calls {
            calls.push(("ecosoc & 2021".to_owned(), "Second call".to_owned()));
        }
        let read = Timestamp::from_second(self.now.as_second() - if self.overdue { 1680 } else { 40 }).unwrap();
        self.told(self.knows(call).then(|| Frame {
            call: call.unwrap_or("unece-gcm-2020").to_owned(),
            calls,
            zone: ZONE.to_owned(),
            now: self.now,
            pulse: "7.7".to_owned(),
            waiting: u64::try_from(self.waiting().len()).unwrap(),
            mailboxes: vec![MailboxSeen {
                name: "inputs".to_owned(),
                read: Some(read),
                overdue: self.overdue,
                why: self.overdue.then(|| "The mailbox inputs cannot be read: <b>no</b> route.".to_owned()),
                reconciled: Some(read),
                missing: 0,
            }],
            stopped: None,
            troubles: if self.overdue { vec![("No letter can leave: <i>x</i>.".to_owned(), read)] } else { Vec::new() },
        }))
    }

    /// What waits, as the queue shows it.
    pub fn queue(&self) -> Queue {
        let now = self.now;
        let to_decide = self.waiting().into_iter().map(|case| ToDecide {
            number: case.number,
            from: None,
            subject: case.subject,
            since: case.since,
            age: now.duration_since(case.since).as_secs(),
            question: case.question,
            states: case.candidates,
            names: case.names,
            unblocks: Vec::new(),
            open_with: Vec::new(),
            in_charge: None,
            later: None,
        });
        let cases: Vec<ToDecide> = to_decide.collect();
        Queue { in_all: cases.len(), later: 0, before: 0, previous: None, next: None, cases }
    }

    pub fn register(&self, call: Option<&str>) -> Result<Option<CallRegister>, DeskError> {
        self.told(self.knows(call).then(|| CallRegister {
            as_of: None,
            known_at: None,
            reminded: Vec::new(),
            rounds: Vec::new(),
            call: "unece-gcm-2020".to_owned(),
            reference: "GCM-ECE-2020".to_owned(),
            title: "Written inputs to the regional review of the Global Compact for Migration".to_owned(),
            issued: date(2020, 7, 15),
            last_day: date(2020, 9, 30),
            last_hour: None,
            deadline: local("2020-10-01 00:00"),
            zone: ZONE.to_owned(),
            word_limit: Some(5000),
            now: self.now,
            received: self.states().iter().filter(|(line, ..)| line.counts).count() as u64,
            told: self.states().into_iter().map(|(line, told, _)| (line.iso3, told)).collect(),
            tiles: self.states().into_iter().filter(|_| self.with_map).map(|(line, _, at)| (line.iso3, at)).collect(),
            states: self.states().into_iter().map(|(line, ..)| line).collect(),
            waiting: self.waiting(),
            waiting_in_all: self.waiting().len(),
            letters_waiting: 2,
            letters_sent: 23,
            others: vec![("organisations".to_owned(), 2), ("outside the region".to_owned(), 1)],
            mailboxes: Vec::new(),
        }))
    }

    pub fn state(&self, call: Option<&str>, iso3: Iso3) -> Result<Option<StatePage>, DeskError> {
        let line = self.states().into_iter().find(|(line, ..)| self.knows(call) && line.iso3 == iso3);
        self.told(line.map(|(line, told, _)| StatePage {
            told,
            formal_name: format!("the Republic of {}", line.name),
            zone: ZONE.to_owned(),
            entries: self.lines().into_iter().filter(|l| l.states.contains(&iso3)).collect(),
            focal_points: vec![(format!("Ms {SCRIPT}"), "focal.point@state.example".to_owned())],
            reminders: vec![
                "first: sent 16 Sep to focal.point@state.example".to_owned(),
                "second: held, may have written".to_owned(),
            ],
            extended: Some("15 October 2020, 12:00".to_owned()),
            decisions: vec![DecisionOn {
                on: line.name.clone(),
                decision: view::Decision {
                    at: self.now,
                    what: format!("more time granted {SCRIPT}"),
                    actor: Actor::person(SCRIPT),
                    reason: format!("the mission asked {SCRIPT}"),
                    undone: None,
                },
            }],
            letters: vec![format!("extension granted: sent 16 Sep to {SCRIPT}")],
            line,
        }))
    }

    pub fn log(&self, filter: &LogFilter) -> Result<LogPage, DeskError> {
        let lines: Vec<_> = if self.empty { Vec::new() } else { self.lines() };
        let lines = lines
            .into_iter()
            .filter(|l| filter.state.is_none_or(|s| l.states.contains(&s)))
            .filter(|l| filter.standing.is_none_or(|s| l.standing == Some(s)))
            .filter(|l| {
                let words = filter.words.as_deref().map(comparable);
                words.is_none_or(|words| l.subject.as_deref().is_some_and(|s| comparable(s).contains(&words)))
            })
            .filter(|l| filter.after.as_deref().is_none_or(|after| l.number.as_str() < after));
        let lines: Vec<_> = lines.collect();
        let next = (filter.after.is_none() && lines.len() == 5).then(|| "M-000052".to_owned());
        let states = self.states().into_iter().map(|(line, ..)| (line.iso3, line.name)).collect();
        self.told(LogPage { lines, next, newer: None, looked_through: None, behind: 0, states })
    }

    pub fn entry(&self, reference: &str) -> Result<Option<Entry>, DeskError> {
        self.told(match reference {
            "M-000047" | "M-000047/1" => Some(self.entry.clone()),
            "M-000054" => Some(hostile()),
            _ => None,
        })
    }
}

pub fn local(civil: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = civil.parse().unwrap();
    civil.in_tz(ZONE).unwrap().timestamp()
}

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

pub fn speaks(source: Source, text: &str, state: &str, weight: f64) -> Evidence {
    Evidence { source, text: text.to_owned(), iso3: iso3(state), weight }
}

fn file(name: &str, role: Role, text: &str) -> EntryFile {
    EntryFile {
        path: "1.2".to_owned(),
        name: Some(name.to_owned()),
        size: 214_230,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        format: Format::Docx,
        role,
        outcome: Outcome::Read,
        engine: Some("docx".to_owned()),
        pages: Some(9),
        pages_without_text: Vec::new(),
        pages_failed: Vec::new(),
        words: Some(4812),
        words_in_notes: 0,
        words_in_running_heads: 0,
        language: Some("fr".to_owned()),
        detail: None,
        tried: Vec::new(),
        text: text.to_owned(),
    }
}

fn an_input() -> EntryPurpose {
    EntryPurpose {
        kind: purpose::Kind::Input,
        proposed: false,
        day: None,
        evidence: vec![Quoted {
            text: format!("ci-joint la contribution écrite nationale {SCRIPT}"),
            place: "body",
            speaks_for: purpose::Kind::Input,
            observed: false,
        }],
        said: "an input".to_owned(),
    }
}

/// Two states named in strong places: a person decides.
fn undecided() -> Entry {
    Entry {
        number: "M-000047".to_owned(),
        received: local("2020-09-25 16:12:03"),
        clock: "received_header".to_owned(),
        zone: ZONE.to_owned(),
        from: Some("Mission permanente <mission.geneve@courriel.example>".to_owned()),
        reply_to: None,
        subject: Some("Contribution écrite nationale – examen régional du Pacte mondial".to_owned()),
        message_id: Some("<5f6df6a3.1c69fb81@courriel.example>".to_owned()),
        date: Some(local("2020-09-25 16:11:40")),
        size: 214_812,
        announced: None,
        sha256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".to_owned(),
        body: "Madame, Monsieur,\n\nLa Mission permanente de la\nRépublique de Moldova auprès de l’Office des Nations Unies \
               et des autres organisations internationales à Genève présente ses compliments au secrétariat et a \
               l’honneur de lui transmettre ci-joint la contribution écrite nationale.\n\nVeuillez agréer, Madame, \
               Monsieur, les assurances de notre haute considération.\n\nDeuxième secrétaire\nRue de la Servette, \
               Genève · Chișinău +373 22\n"
            .to_owned(),
        state: "read".to_owned(),
        relevance: Some("input".to_owned()),
        defects: vec!["The message names no Date zone.".to_owned()],
        authentication: None,
        answer: Some("A neutral receipt was sent; the acknowledgement waits for the decision.".to_owned()),
        revision: 1,
        recorded: None,
        notes: Vec::new(),
        in_charge: None,
        colleagues: Vec::new(),
        submission: None,
        items: vec![EntryItem {
            candidates: Vec::new(),
            named: Vec::new(),
            number: "M-000047/1".to_owned(),
            call: Some("unece-gcm-2020".to_owned()),
            reference: None,
            states: Vec::new(),
            decision: Decision::Review,
            kind: Kind::Ambiguous,
            reason: "It names more than one state, and they cannot all be its sender.".to_owned(),
            reason_is_asked: false,
            evidence: vec![
                speaks(Source::NoteVerbale, "La Mission permanente de la République de Moldova", "MDA", 4.0),
                speaks(Source::Letterhead, "ROMÂNIA Ministerul Afacerilor Interne", "ROU", 3.6),
                speaks(Source::Signature, "Chișinău +373 22", "MDA", 1.6),
                speaks(Source::Body, "en République de Moldova", "MDA", 0.4),
                speaks(Source::Body, "la Roumanie", "ROU", 0.1),
                speaks(Source::History, "GCM-ECE-2020-0023", "ROU", 0.0),
            ],
            purpose: Some(an_input()),
            standing: Some(Standing::OnTime),
            deadline: Some(date(2020, 9, 30)),
            deadline_hour: None,
            version: None,
            becomes: None,
            words: Some(4812),
            waiting: Some("two states are named in strong places".to_owned()),
            decided: None,
            decisions: Vec::new(),
        }],
        names: BTreeMap::from([(iso3("MDA"), "Republic of Moldova".to_owned()), (iso3("ROU"), "Romania".to_owned())]),
        files: vec![
            file(
                "Contribution_nationale_2020.docx",
                Role::Main,
                "ROMÂNIA\nMinisterul Afacerilor Interne\n\nExamen régional du Pacte mondial pour des migrations sûres, \
                 ordonnées et régulières\n\n1. La présente contribution rend compte des progrès accomplis en République \
                 de Moldova depuis l’adoption du Pacte mondial, conformément à ses principes directeurs. Elle a été \
                 préparée par le Bureau pour les migrations et l’asile, en consultation avec la société civile.\n\n2. La \
                 coopération avec la Roumanie en matière de réadmission et de mobilité de la main-d’œuvre s’est \
                 poursuivie pendant la pandémie de COVID-19.",
            ),
            EntryFile {
                outcome: Outcome::NoText,
                role: Role::Annex,
                format: Format::Pdf,
                words: None,
                words_in_notes: 0,
                words_in_running_heads: 0,
                language: None,
                detail: Some("The pages are pictures; there is no text to read.".to_owned()),
                ..file("Annexe_1_scan.pdf", Role::Annex, "")
            },
        ],
        letters: vec![EntryLetter {
            id: 12,
            kind: "received".to_owned(),
            recipient: "mission.geneve@courriel.example".to_owned(),
            subject: "Reçu : Contribution écrite nationale".to_owned(),
            body: "Madame, Monsieur,\n\nNous avons bien reçu votre message.\n\nLe secrétariat".to_owned(),
            state: "sent".to_owned(),
            sent: Some(local("2020-09-25 16:12:09")),
            reason: None,
        }],
        history: ["stored as M-000047", "read: 2 files, 4,812 words", "left to a person: two states named in strong places"]
            .map(happened)
            .into(),
        unreadable: Vec::new(),
    }
}

/// Every text that a stranger can choose tries something.
fn hostile() -> Entry {
    let text = format!("{SCRIPT}\n{OVERRIDE}\n{{{{777*777}}}} {{% raw %}} \u{0}\u{1b}[31m</div></mark>");
    let mut entry = undecided();
    "M-000054".clone_into(&mut entry.number);
    for place in [&mut entry.from, &mut entry.reply_to, &mut entry.subject, &mut entry.message_id, &mut entry.answer] {
        *place = Some(text.clone());
    }
    entry.body.clone_from(&text);
    entry.defects = vec![text.clone()];
    entry.recorded = Some(Recorded { way: Way::Pouch, authority: text.clone() });
    entry.unreadable = vec![text.clone()];
    entry.names.clear();
    for item in &mut entry.items {
        item.evidence = vec![
            speaks(Source::Body, "<script>alert(1)</script>", "GEO", 1.0),
            speaks(Source::Subject, "777*777", "GEO", 0.5),
            speaks(Source::FileName, &text, "FRA", 0.25),
        ];
        item.waiting = Some(text.clone());
        item.decided = Some(text.clone());
        let undone = Undone { at: entry.received, actor: Actor::person(&*text), reason: text.clone() };
        item.decisions.push(view::Decision {
            at: entry.received,
            what: "assigned to Romania".to_owned(),
            actor: Actor::person(&*text),
            reason: text.clone(),
            undone: Some(undone),
        });
    }
    for file in &mut entry.files {
        file.name = Some(text.clone());
        file.text.clone_from(&text);
        file.detail = Some(text.clone());
    }
    for event in &mut entry.history {
        event.what.clone_from(&text);
        event.actor = Actor::person(&*text);
        // Of a row whose time cannot be read.
        event.at = Timestamp::MAX;
    }
    for letter in &mut entry.letters {
        letter.recipient.clone_from(&text);
        letter.subject.clone_from(&text);
        letter.body.clone_from(&text);
        letter.reason = Some(text.clone());
    }
    entry
}

fn happened(what: &str) -> Happening {
    Happening {
        at: local("2020-09-25 16:12:03"),
        kind: "read".to_owned(),
        what: what.to_owned(),
        actor: Actor::Program,
        event: Happened::Prose(what.to_owned()),
    }
}
