//! The script: sixty steps, with what is so after each.
//!
//! A line of the register is in short: status, how what counts stands against the deadline, the current version, the last
//! figures of the reference, and behind that how many additions, a day, with whom, by which way. This is long because each step
//! says all that it comes to.

use std::{fmt::Write as _, io::Cursor};

use docket::{
    core::{
        decision::{Answered, Decision},
        submission::AdditionKind,
    },
    desk::NewDeadline,
};
use jiff::civil::date;

use super::happens::Happens::{
    self, Answers, AsOf, Bytes, Comes, Decided, File, FileDiffers, Found, History, Moved, NotReminded, Others,
    Recorded, Refused, Restarted, Tried,
};
use crate::{
    extract::build::pdf_with_a_broken_page,
    fixture::intake::mail_to,
    story::{decisions::iso3, mail::Mail, stage::ADDRESS},
};

/// A step, and what is so once it is done.
pub struct Step {
    pub what: &'static str,
    /// The clock is moved there first.
    pub begins: Option<&'static str>,
    pub happens: Vec<Happens>,
    /// So long it is waited then.
    pub minutes: i64,
    /// How the states stand of which it speaks.
    pub lines: Vec<&'static str>,
    /// How many of 56 have sent something.
    pub count: u64,
    /// The letters that left: kind, and what it says of the input.
    pub letters: Vec<&'static str>,
    /// What is asked about which entry; where nothing is, nothing.
    pub asked: Vec<(&'static str, &'static str)>,
}

/// A step with all that it comes to.
fn step<const L: usize>(what: &'static str, happens: Vec<Happens>, lines: [&'static str; L], count: u64) -> Step {
    Step {
        what,
        begins: None,
        happens,
        minutes: 30,
        lines: lines.to_vec(),
        count,
        letters: Vec::new(),
        asked: Vec::new(),
    }
}

impl Step {
    fn at(self, time: &'static str) -> Self {
        Self { begins: Some(time), ..self }
    }

    /// It is not waited until a letter leaves that a person has decided.
    fn at_once(self) -> Self {
        Self { minutes: 1, ..self }
    }

    fn letters<const L: usize>(self, letters: [&'static str; L]) -> Self {
        Self { letters: letters.to_vec(), ..self }
    }

    fn asked(mut self, number: &'static str, question: &'static str) -> Self {
        self.asked.push((number, question));
        self
    }
}

/// What is done by different people of a state.
#[derive(Clone, Copy)]
struct State {
    name: &'static str,
    ministry: &'static str,
}

const MOLDOVA: State = State { name: "Republic of Moldova", ministry: "post@mfa.gov.md" };
const ITALY: State = State { name: "Italy", ministry: "dgit@esteri.it" };
const SPAIN: State = State { name: "Spain", ministry: "onu@exteriores.gob.es" };
const GERMANY: State = State { name: "Germany", ministry: "post@auswaertiges-amt.de" };
const GREECE: State = State { name: "Greece", ministry: "post@mfa.gr" };
const SWEDEN: State = State { name: "Sweden", ministry: "registrator@gov.se" };
const AUSTRIA: State = State { name: "Austria", ministry: "post@bmeia.gv.at" };
const FINLAND: State = State { name: "Finland", ministry: "kirjaamo@formin.fi" };
const POLAND: State = State { name: "Poland", ministry: "post@msz.gov.pl" };
const SWITZERLAND: State = State { name: "Switzerland", ministry: "mission@eda.admin.ch" };

impl State {
    fn writes(self, subject: &str, body: &str) -> Mail {
        Mail::from(&format!("Ministry of Foreign Affairs <{}>", self.ministry)).subject(subject).body(body)
    }

    /// A text of so many sentences, all different; the same again where it is asked for again.
    fn text(self, sentences: usize) -> String {
        let title = format!("{}: contribution to the regional review of the Global Compact for Migration", self.name);
        (0..sentences).fold(title, |mut text, n| {
            _ = write!(text, "\nMeasure {n} was adopted by the ministry in the year {} after consultations.", n + 7);
            text
        })
    }

    fn input(self) -> Mail {
        let subject = format!("{}: input to the regional review of the GCM", self.name);
        self.writes(&subject, "Please find attached our input to the regional review of the GCM.").text(&self.text(60))
    }

    /// A corrected text, with so many sentences more.
    fn revised(self, more: usize) -> Mail {
        let subject = format!("{}: revised input", self.name);
        let body = "Please find attached our revised input to the regional review of the GCM.";
        self.writes(&subject, body).text(&self.text(60 + more))
    }
}

fn by_nobody(text: &str) -> Mail {
    Mail::from("Somebody <somebody@mail.test>").document(&format!("A contribution to the review, {text}"))
}

/// A Word document with a password.
fn locked() -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap();
    file.into_inner().into_inner()
}

/// What Portugal sends: of three pages nobody can unpack the second.
fn with_a_broken_page() -> Vec<u8> {
    let page = |text: &str| format!("BT /F1 12 Tf 72 700 Td ({text}) Tj ET");
    let first = page("Portugal: contribution to the regional review of the Global Compact for Migration");
    let last = page("Measures were adopted by the ministry after consultations with its partners.");
    let pdf = pdf_with_a_broken_page(&first, &last);
    let from = "Ministry of Foreign Affairs <onu@mne.pt>";
    mail_to(ADDRESS, "pages", from, "Portugal: input to the regional review", &[("input.pdf", &pdf)])
}

fn assign(codes: &[&str]) -> Decision {
    Decision::Assign { states: codes.iter().map(|code| iso3(code)).collect(), call: None, known_sender: false }
}

fn beside(of: &str, kind: AdditionKind) -> Decision {
    Decision::AdditionTo { of: of.to_owned(), kind, version: None }
}

fn named(of: &str) -> String {
    format!("GCM-ECE-2020-{of}")
}

const NO_INPUT: Decision = Decision::NotAnInput { unrelated: false };
const LOOKS: &str = "received: a member of the secretariat will look at it";
const UNREAD: &str = "The main document could not be read in full";
const COPY: &str = "Is it the readable copy of GCM-ECE-2020-0001, version 3 (M-000003), which could not be read?";

/// All of it.
pub fn script() -> Vec<Step> {
    let parts = [versions(), additions(), order(), decisions(), of_states(), deadlines(), others()];
    parts.into_iter().flatten().collect()
}

/// What could not be read, and its readable copy.
fn versions() -> Vec<Step> {
    let of = || named("0001");
    vec![
        step("an input", vec![Comes(MOLDOVA.input(), "")], ["MDA received on_time v1 0001"], 1)
            .letters(["acknowledgement: Registered as the input of: Republic of Moldova"]),
        step("a revised one", vec![Comes(MOLDOVA.revised(6), "")], ["MDA corrected on_time v2 0001"], 1)
            .letters(["acknowledgement: Recorded as version 2, which replaces version 1."]),
        step(
            "another, which was cut off",
            vec![Comes(MOLDOVA.revised(0).cut("a revised text"), UNREAD)],
            ["MDA under_query on_time v2 0001"],
            1,
        )
        .letters(["acknowledgement: Recorded as version 3. It could not be read automatically: version 2 stays"]),
        step(
            "its sender is asked",
            vec![Decided("M-000003", Decision::AskSender, "The query to post@mfa.gov.md leaves")],
            ["MDA under_query on_time v2 0001"],
            1,
        )
        .letters(["query: This file could not be opened; it may have been damaged on its way. Please send it again."])
        .asked("M-000003", UNREAD),
        step(
            "a readable copy comes",
            vec![Answers(
                MOLDOVA
                    .writes("Re: your letter", "As requested, the same document once more in a readable format.")
                    .text(&MOLDOVA.text(72)),
                COPY,
            )],
            ["MDA under_query on_time v2 0001"],
            1,
        )
        .letters([LOOKS]),
        step(
            "it is confirmed",
            vec![Decided(
                "M-000004",
                Decision::RenditionOf { of: of(), version: None },
                "M-000004 is the readable copy of version 3 of GCM-ECE-2020-0001, and has its date.",
            )],
            ["MDA corrected on_time v3 0001"],
            1,
        )
        .letters(["acknowledgement: Recorded as the readable copy of version 3, whose time of receipt counts."])
        .asked("M-000004", ""),
        step(
            "that is taken back",
            vec![Decided("M-000004", Decision::Undo, "Taken back (for a reason): ")],
            ["MDA under_query on_time v2 0001"],
            1,
        )
        .asked("M-000004", COPY),
        step(
            "it is a version of its own",
            vec![Decided(
                "M-000004",
                Decision::VersionOf { of: of() },
                "M-000004 is GCM-ECE-2020-0001, version 4, received on time. It replaces version 2.",
            )],
            ["MDA corrected on_time v4 0001"],
            1,
        )
        .letters(["correction: Recorded as version 4, which replaces version 2."])
        .asked("M-000004", ""),
        step(
            "a first input with a password",
            vec![Bytes(
                mail_to(
                    ADDRESS,
                    "locked",
                    "Ministry of Foreign Affairs <contact@diplomatie.gouv.fr>",
                    "France: input to the regional review of the GCM",
                    &[("input.docx", &locked())],
                ),
                UNREAD,
            )],
            ["FRA under_query on_time v1 0002"],
            1,
        )
        .letters([
            "acknowledgement: It could not be read automatically. The time at which it was received is on record.",
        ]),
        step(
            "a person has opened it",
            vec![Decided("M-000005", assign(&["FRA"]), "France: “under query” before, “received” from now on.")],
            ["FRA received on_time v1 0002"],
            2,
        )
        .asked("M-000005", ""),
        step(
            "that is taken back",
            vec![Decided("M-000005", Decision::Undo, "France: “received” before, “under query” from now on.")],
            ["FRA under_query on_time v1 0002"],
            1,
        )
        .asked("M-000005", UNREAD),
    ]
}

/// What stands beside.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn additions() -> Vec<Step> {
    let of = || named("0003");
    let body = "Please find our input below.\n\n".to_owned() + &ITALY.text(60);
    let table = "Annex\nResidence permits 2017, 2018, 2019. Source: the national statistical office. ".repeat(12);
    let french = (0..60).fold(
        "Italie : contribution a l'examen regional du Pacte mondial pour les migrations".to_owned(),
        |mut text, n| {
            _ = write!(
                text,
                "\nLa mesure {n} a ensuite ete adoptee par le ministere dans le cadre de la loi {}.",
                n + 7
            );
            text
        },
    );
    let note = "The Permanent Mission of Italy presents its compliments to the Secretariat and has the honour to transmit \
                the input of Italy to the regional review of the Global Compact for Migration.";
    vec![
        step(
            "an input in the mail itself",
            vec![Comes(ITALY.writes("Italy: input to the regional review of the GCM", &body), "")],
            ["ITA received on_time v1 0003"],
            2,
        )
        .letters(["acknowledgement: The text of the message itself has been recorded as the input."]),
        step(
            "an annex by itself",
            vec![Comes(
                ITALY.writes("Annex to the input", "Annex to the input, does not replace the input.").text(&table),
                "Is it an annex to GCM-ECE-2020-0003, version 1 (M-000006)?",
            )],
            ["ITA received on_time v1 0003"],
            2,
        )
        .letters([LOOKS]),
        step(
            "it joins the input",
            vec![Decided("M-000007", beside(&of(), AdditionKind::Annex), "is an annex to version 1 of GCM-ECE-2020-0003")],
            ["ITA received on_time v1 0003 +1"],
            2,
        )
        .letters(["acknowledgement: Recorded as an annex. It stands beside version 1, and replaces nothing."])
        .asked("M-000007", ""),
        step(
            "a courtesy translation",
            vec![Comes(
                ITALY
                    .writes("Courtesy translation", "A courtesy translation of our input to the regional review of the GCM.")
                    .text(&french),
                "Is it a translation of GCM-ECE-2020-0003, version 1 (M-000006)?",
            )],
            ["ITA received on_time v1 0003 +1"],
            2,
        )
        .letters([LOOKS]),
        step(
            "it joins the input",
            vec![Decided(
                "M-000008",
                beside(&of(), AdditionKind::Translation),
                "is a translation of version 1 of GCM-ECE-2020-0003",
            )],
            ["ITA received on_time v1 0003 +2"],
            2,
        )
        .letters(["acknowledgement: Recorded as a translation. It stands beside version 1, and replaces nothing."])
        .asked("M-000008", ""),
        step(
            "the letter that goes with it",
            vec![
                Comes(
                    ITALY.writes("Note verbale", "The signed note verbale for our input.").text(note),
                    "Is it the letter that goes with GCM-ECE-2020-0003, version 1 (M-000006)?",
                ),
                Decided("M-000009", beside(&of(), AdditionKind::CoverLetter), "is a cover letter to version 1 of"),
            ],
            ["ITA received on_time v1 0003 +3"],
            2,
        )
        .letters([
            LOOKS,
            "acknowledgement: Recorded as a cover letter. It stands beside version 1, and replaces nothing.",
        ])
        .asked("M-000009", ""),
        step(
            "an annex, and no input",
            vec![Comes(
                SPAIN
                    .writes(
                        "Annex to our input on the GCM",
                        "Please find attached the annex to our input to the regional review.",
                    )
                    .text(
                        &"Statistical annex to the contribution of Spain to the regional review of the GCM. Permits 2017, 2018. "
                            .repeat(10),
                    ),
                "To which input does this annex belong? Nothing stands for its party:",
            )],
            ["ESP possibly_received - - -"],
            2,
        )
        .letters([LOOKS]),
        step(
            "the input is announced",
            vec![
                Comes(
                    SPAIN.writes("Regional review of the GCM", "We will send our input by 5 October."),
                    "Does it announce an input of Spain by 5 October 2020?",
                ),
                Decided(
                    "M-000011",
                    Decision::Announce { states: vec![iso3("ESP")], day: Some(date(2020, 10, 5)), call: None },
                    "Spain will send an input by 5 October 2020, and is not reminded.",
                ),
            ],
            ["ESP possibly_received - - -"],
            2,
        )
        .asked("M-000011", ""),
        step(
            "the annex is none of its",
            vec![
                Decided("M-000010", NO_INPUT, "Spain: “possibly received” before, “announced” from now on."),
                NotReminded("ESP", "it has announced its input by 2020-10-05"),
            ],
            ["ESP announced - - - by 2020-10-05"],
            2,
        )
        .asked("M-000010", ""),
        step("the input comes", vec![Comes(SPAIN.input(), "")], ["ESP received on_time v1 0004"], 3)
            .letters(["acknowledgement: Registered as the input of: Kingdom of Spain"]),
    ]
}

/// The order of the receipt clock.
fn order() -> Vec<Step> {
    let of = || named("0005");
    vec![
        step("an input", vec![Comes(GERMANY.input(), "")], ["DEU received on_time v1 0005"], 4)
            .letters(["acknowledgement: Registered as the input of: Federal Republic of Germany"]),
        step(
            "an older mail is found later",
            vec![Found(GERMANY.revised(3), "2020-09-05T10:00:00+02:00")],
            ["DEU corrected on_time v1 0005"],
            4,
        )
        .letters([
            "acknowledgement: Recorded as version 2. It was received earlier than version 1, which stays the current one.",
        ])
        .asked("M-000014", ""),
        step(
            "the same once more",
            vec![Comes(GERMANY.input().body("Once more."), "")],
            ["DEU corrected on_time v1 0005"],
            4,
        )
        .letters(["acknowledgement: The same input had been received before."]),
        step(
            "the same in other words",
            vec![
                Comes(GERMANY.revised(1), ""),
                Decided(
                    "M-000016",
                    Decision::DuplicateOf { of: of() },
                    "M-000016 is a duplicate of version 1 of GCM-ECE-2020-0005; no new version.",
                ),
            ],
            ["DEU corrected on_time v1 0005"],
            4,
        )
        .at_once()
        .letters(["acknowledgement: Recorded as version 3, which replaces version 1."]),
        step(
            "that is taken back",
            vec![Decided("M-000016", Decision::Undo, "Taken back (for a reason): ")],
            ["DEU corrected on_time v3 0005"],
            4,
        )
        .asked("M-000016", ""),
    ]
}

/// What is decided and taken back.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn decisions() -> Vec<Step> {
    let both = || vec!["NOR received on_time v1 0007 with SWE", "SWE received on_time v1 0008"];
    let mut steps = vec![
        step(
            "a mail of nobody's, and what it would come to",
            vec![
                Comes(by_nobody("cheap loans"), "Which state?"),
                Tried(
                    "M-000017",
                    assign(&["GRC"]),
                    &[
                        "M-000017 is GCM-ECE-2020-0006, version 1, received on time.",
                        "For Greece, on the roster of the call.",
                        "Greece: “nothing received” before, “received” from now on.",
                        "The acknowledgement to somebody@mail.test leaves 2020-09-07 ",
                    ],
                ),
            ],
            ["GRC nothing_received - - -"],
            4,
        )
        .letters([LOOKS])
        .asked("M-000017", "Which state?"),
        step(
            "it is assigned",
            vec![Decided(
                "M-000017",
                assign(&["GRC"]),
                "M-000017 is GCM-ECE-2020-0006, version 1, received on time.",
            )],
            ["GRC received on_time v1 0006"],
            5,
        )
        .at_once(),
        step(
            "that is taken back before a letter has left",
            vec![Decided("M-000017", Decision::Undo, "Taken back (for a reason): ")],
            ["GRC nothing_received - - -"],
            4,
        )
        .asked("M-000017", "Which state?"),
        step("its own input", vec![Comes(GREECE.input(), "")], ["GRC received on_time v1 0006"], 5)
            .letters(["acknowledgement: Registered as the input of: Hellenic Republic"]),
        step(
            "the mail of nobody's is assigned again",
            vec![Decided(
                "M-000017",
                assign(&["GRC"]),
                "M-000017 is GCM-ECE-2020-0006, version 2, received on time. It was received earlier than version 1",
            )],
            ["GRC corrected on_time v1 0006"],
            5,
        )
        .letters([
            "acknowledgement: Recorded as version 2. Something else was received later, which stays the current version.",
        ]),
        step(
            "that is taken back once the letter has left",
            vec![Decided("M-000017", Decision::Undo, "cannot be called back")],
            ["GRC received on_time v1 0006"],
            5,
        ),
        step("its correction", vec![Comes(GREECE.revised(4), "")], ["GRC corrected on_time v3 0006"], 5)
            .letters(["acknowledgement: Recorded as version 3, which replaces version 1."]),
        step(
            "the first is no input",
            vec![Decided("M-000018", NO_INPUT, "M-000018 is no input.")],
            ["GRC received on_time v3 0006"],
            5,
        )
        .letters(["correction: It is not registered as an input."])
        .asked("M-000019", "named another version of GCM-ECE-2020-0006 that is none any more"),
        step(
            "that is taken back",
            vec![Decided("M-000018", Decision::Undo, "M-000018 is GCM-ECE-2020-0006, version 1")],
            ["GRC corrected on_time v3 0006"],
            5,
        )
        .asked("M-000018", "Tell the sender?")
        .asked("M-000019", ""),
        step(
            "an input of two states",
            vec![
                Comes(by_nobody("of two states"), "Which state?"),
                Decided("M-000020", assign(&["NOR", "SWE"]), "For Norway, Sweden, on the roster of the call."),
            ],
            ["NOR received on_time v1 0007 with SWE", "SWE received on_time v1 0007 with NOR"],
            7,
        )
        .letters([LOOKS, "acknowledgement: Registered as the joint input of: "]),
        step("one of them sends its own", vec![Comes(SWEDEN.input(), "")], [], 7)
            .letters(["acknowledgement: Registered as the input of: Kingdom of Sweden"]),
        step(
            "what both had sent is taken back",
            vec![
                Refused("Norway", Decision::Withdraw { of: None }, "and one of them cannot take it back"),
                Decided("GCM-ECE-2020-0007", Decision::Withdraw { of: None }, "filed for Norway, Sweden; nothing is deleted."),
            ],
            ["NOR withdrawn - - 0007 with SWE", "SWE received on_time v1 0008"],
            6,
        )
        .letters(["withdrawn: has been withdrawn"]),
        step(
            "that is taken back",
            vec![Decided("GCM-ECE-2020-0007", Decision::Undo, "Taken back (for a reason): ")],
            [],
            7,
        ),
    ];
    steps[10].lines = both();
    steps[12].lines = both();
    steps
}

/// What states say, and what nobody could read at all.
fn of_states() -> Vec<Step> {
    let answered = Some(Answered { by: "Ana".to_owned(), how: Some("by telephone".to_owned()) });
    vec![
        step(
            "a state declines",
            vec![
                Comes(
                    AUSTRIA.writes("Regional review of the GCM", "Austria will not submit an input."),
                    "Does it say that no input of Austria will come?",
                ),
                Decided(
                    "M-000022",
                    Decision::Decline { states: vec![iso3("AUT")], call: None },
                    "Austria will send no input, and is not reminded.",
                ),
            ],
            ["AUT declined - - -"],
            7,
        )
        .asked("M-000022", ""),
        step(
            "and once more by telephone",
            vec![Refused(
                "Austria",
                Decision::Decline { states: Vec::new(), call: None },
                "Austria has said so before, and that stands.",
            )],
            ["AUT declined - - -"],
            7,
        ),
        step("it sends one all the same", vec![Comes(AUSTRIA.input(), "")], ["AUT received on_time v1 0009"], 8)
            .letters(["acknowledgement: Registered as the input of: Republic of Austria"]),
        step(
            "it thanks for the receipt",
            vec![
                Answers(
                    AUSTRIA.writes(
                        "Re: Receipt",
                        "Thank you very much for your confirmation.\n\nKind regards,\nEva Gruber",
                    ),
                    "",
                ),
                History("M-000024", "It only thanks: closed without a question."),
            ],
            ["AUT received on_time v1 0009"],
            8,
        ),
        step(
            "a question, which a colleague has answered",
            vec![
                Comes(
                    FINLAND.writes(
                        "Regional review of the GCM",
                        "May the input be written in Swedish, or must it be in English?",
                    ),
                    "question",
                ),
                Decided(
                    "M-000025",
                    Decision::Correspondence { answered, of: None },
                    "M-000025 is correspondence, and Ana has answered it (by telephone).",
                ),
            ],
            ["FIN nothing_received - - -"],
            8,
        )
        .asked("M-000025", ""),
        step(
            "what nobody could read at all",
            vec![
                Bytes(b"Once upon a time there was a file\nwithout any header.\n".to_vec(), "It could not be read: "),
                Decided(
                    "M-000026",
                    Decision::UnreadableButOurs { states: vec![iso3("BEL")], call: None },
                    "M-000026 is GCM-ECE-2020-0010, version 1, received on time. Nobody has read it.",
                ),
            ],
            ["BEL under_query on_time v1 0010"],
            8,
        )
        .asked("M-000026", ""),
    ]
}

/// Deadlines.
fn deadlines() -> Vec<Step> {
    let more = Decision::Extend {
        states: Vec::new(),
        until: "2020-10-02".parse().unwrap(),
        authority: "the Bureau".to_owned(),
        call: None,
    };
    let bureau = NewDeadline {
        day: date(2020, 10, 5),
        time: None,
        zone: None,
        grace_minutes: None,
        authority: "the Bureau".to_owned(),
        reason: "floods".to_owned(),
        tell: false,
    };
    vec![
        step("an hour too late", vec![Comes(POLAND.input(), "")], ["POL received late v1 0011"], 9)
            .at("2020-10-01T01:00:00+02:00")
            .letters(["acknowledgement: Received after the deadline of 30 September 2020"]),
        step(
            "more time for that state",
            vec![Decided(
                "M-000027",
                more,
                "was judged again by version 1 of the deadline: late before, by extension now.",
            )],
            ["POL received by_extension v1 0011"],
            9,
        )
        .letters(["extension_granted: Extended until: the end of 2 October 2020 (Geneva time)"]),
        step(
            "that is taken back",
            vec![Decided(
                "M-000027",
                Decision::Undo,
                "was judged again by version 1 of the deadline: by extension before, late now.",
            )],
            ["POL received late v1 0011"],
            9,
        ),
        step(
            "the deadline is moved for all",
            vec![
                Moved(bureau, "was judged again by version 2 of the deadline: late before, on time now."),
                FileDiffers(true),
            ],
            ["POL received on_time v1 0011", "AUT received on_time v1 0009"],
            9,
        )
        .at("2020-10-01T09:00:00+02:00"),
        step(
            "as of a time before that",
            vec![
                AsOf("2020-10-01T03:00:00+02:00", "POL received late v1 0011", 9),
                AsOf("2020-10-01T00:30:00+02:00", "POL nothing_received - - -", 8),
            ],
            ["POL received on_time v1 0011"],
            9,
        ),
        step(
            "the file says another day, and grace",
            vec![
                File(&[("day = 2020-09-30", "day = 2020-10-06"), ("grace_minutes = 0", "grace_minutes = 120")]),
                FileDiffers(false),
            ],
            ["POL received on_time v1 0011"],
            9,
        ),
        step("half an hour too late", vec![Comes(SWITZERLAND.input(), "")], ["CHE received by_grace v1 0012"], 10)
            .at("2020-10-07T00:30:00+02:00")
            .letters(["acknowledgement: Received after the end of 6 October 2020"]),
        step(
            "an annex that is late",
            vec![
                Comes(
                    ITALY
                        .writes("Second annex to the input", "Second annex to the input, does not replace the input.")
                        .text(&"Annex\nReturns 2017, 2018, 2019. Source: the ministry of the interior. ".repeat(12)),
                    "Is it an annex to GCM-ECE-2020-0003, version 1 (M-000006)?",
                ),
                Decided("M-000029", beside(&named("0003"), AdditionKind::Annex), "GCM-ECE-2020-0003, received late."),
            ],
            ["ITA received on_time v1 0003 +4"],
            10,
        )
        .at("2020-10-07T09:00:00+02:00")
        .letters([LOOKS, "acknowledgement: Recorded as an annex. It stands beside version 1, and replaces nothing."]),
    ]
}

/// Others, other ways, and the end.
fn others() -> Vec<Step> {
    let registered = "received: has been registered under the reference below.";
    let forwarded = "---------- Forwarded message ---------\nFrom: Ministry of Foreign Affairs <post@mzv.cz>\nDate: Wed, 7 Oct \
                     2020 08:00:00 +0200\nSubject: Czechia: contribution to the regional review\nTo: Paul \
                     <paul@unece.org>\n\nPlease find our contribution attached.\n";
    vec![
        step(
            "an organisation and the European Union",
            vec![
                Comes(Mail::from("NGO <post@ngo.example>").document("Our input to the regional review"), ""),
                Comes(
                    Mail::from("European Union: EEAS <eu@eeas.europa.eu>")
                        .subject("European Union: contribution to the regional review of the GCM")
                        .document("European Union: contribution to the regional review of the GCM"),
                    "",
                ),
                Others(2),
            ],
            [],
            10,
        )
        .letters([registered, registered]),
        step(
            "a colleague passes an input on",
            vec![Comes(
                Mail::from("Paul <paul@unece.org>")
                    .subject("Fwd: Czechia: contribution to the regional review")
                    .body(forwarded)
                    .document("Czechia: contribution to the regional review of the Global Compact"),
                "Has Czechia been told?",
            )],
            ["CZE received late v1 0015"],
            11,
        ),
        step(
            "an input by pouch",
            vec![Recorded("ARM", "2020-09-29T16:00:00+02:00")],
            ["ARM received on_time v1 0016 by pouch"],
            12,
        )
        .asked("M-000033", ""),
        step(
            "a page that nobody can read",
            vec![Bytes(with_a_broken_page(), UNREAD)],
            ["PRT received late v1 0017"],
            13,
        )
        .letters(["acknowledgement: Registered as the input of: Portuguese Republic"]),
        step(
            "a state takes back what it sent, and the process begins anew",
            vec![
                Comes(
                    GREECE.writes("Our input", "Please consider our input null and void."),
                    "Does it withdraw GCM-ECE-2020-0006, version 3 (M-000019)?",
                ),
                Decided(
                    "M-000035",
                    Decision::Withdraw { of: Some(named("0006")) },
                    "Greece: “corrected” before, “withdrawn”",
                ),
                Restarted,
            ],
            ["GRC withdrawn - - 0006"],
            12,
        )
        .letters(["withdrawn: has been withdrawn"])
        .asked("M-000035", ""),
        step(
            "as of a time before that",
            vec![AsOf("2020-10-07T00:30:00+02:00", "GRC corrected on_time v3 0006", 10)],
            ["GRC withdrawn - - 0006", "MDA corrected on_time v4 0001"],
            12,
        ),
        step(
            "the first input is confirmed once more",
            vec![Decided("M-000001", assign(&["MDA"]), "M-000001 stays GCM-ECE-2020-0001, version 1.")],
            ["MDA corrected on_time v4 0001"],
            12,
        ),
    ]
}
