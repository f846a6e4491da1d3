//! A call in sixty steps: every status that a state can have, and every act that a secretariat can take, one after the other in
//! one house.
//!
//! The script stands in [`steps`]. Of each step it says what happens, and then how the states stand of which that speaks, how
//! many have sent something, which letters left and what they name, and what a person is asked.

mod happens;
mod steps;

use std::{collections::BTreeSet, fmt::Write as _, fs};

use docket::{
    config::Shipped,
    core::{calls::status::Status, submission::View},
    desk::view::{Register, RegisterLine, RegisterQuery},
    store::LetterState,
};
use jiff::Timestamp;

use self::{
    happens::House,
    steps::{Step, script},
};
use super::{
    papers::{checked, house},
    stage::{CALL, Stage, at},
    versions::projections_are_the_fold,
};
use crate::fixture::{Database, both, program::docket};

/// The acts, in the order in which a person finds them.
const ACTS: [&str; 15] = [
    "assign",
    "assign jointly",
    "version-of",
    "rendition-of",
    "addition-to",
    "duplicate-of",
    "correspondence, answered",
    "announce",
    "decline",
    "withdraw",
    "extend",
    "not-an-input",
    "unreadable-but-ours",
    "ask-sender",
    "undo",
];

/// The register from wherever one looks.
pub async fn register(stage: &Stage, view: View) -> Register {
    let query = RegisterQuery { view, ..RegisterQuery::now(None) };
    stage.desk().register(&query).await.unwrap().unwrap()
}

/// A line of the register in short: `ITA received on_time v1 0003 +2`.
pub fn in_short(line: &RegisterLine) -> String {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let mut short = format!(
        "{} {} {} {} {}",
        line.iso3,
        line.status.word(),
        line.standing.map_or("-", docket::core::calls::standing::Standing::word),
        or_none(line.version.map(|n| format!("v{n}"))),
        or_none(line.reference.as_ref().map(|reference| reference.rsplit('-').next().unwrap().to_owned())),
    );
    if line.additions > 0 {
        _ = write!(short, " +{}", line.additions);
    }
    short.extend(line.day.map(|day| format!(" by {day}")));
    short.extend(line.joint_with.iter().map(|other| format!(" with {other}")));
    short.extend(line.recorded.map(|way| format!(" {}", way.in_words())));
    short
}

/// A line as it is held against what was shown before: in short, whether it counts, when it was received, and its words.
type Kept = (String, bool, [Option<Timestamp>; 2], Option<u64>);

/// A register as it is held against what was shown before: what is of the moment at which one looks is not among it.
fn kept(register: &Register) -> (u64, Vec<Kept>) {
    let line = |line: &RegisterLine| (in_short(line), line.counts, [line.received, line.version_received], line.words);
    (register.received, register.lines.iter().map(line).collect())
}

/// The letters that left since so many had, in the order in which they did: kind, and text on one line.
async fn left(stage: &Stage, before: usize) -> Vec<(String, String)> {
    let posted = stage.posted();
    let mut sent: Vec<_> =
        stage.letters().await.into_iter().filter(|letter| letter.state == LetterState::Sent).collect();
    sent.sort_by_key(|letter| (letter.sent_at, letter.id));
    let letters = sent.into_iter().skip(before).map(|letter| {
        let body = &posted[&format!("L-{:06}.eml", letter.id)].body;
        (letter.kind.name().to_owned(), body.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    letters.collect()
}

/// What is told apart in receipts: each is said where it is so, and nowhere else.
const TOLD: [&str; 7] = [
    "Recorded as version",
    "which replaces",
    "received earlier than",
    "could not be read automatically",
    "readable copy of",
    "had been received before",
    "replaces nothing",
];

/// What of a step is not as the script says.
async fn differs(stage: &Stage, n: usize, step: &Step, before: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    let now = register(stage, View::NOW).await;
    for expected in &step.lines {
        let shown = now.lines.iter().find(|line| line.iso3.as_str() == &expected[..3]).map(in_short);
        if shown.as_deref() != Some(expected) {
            wrong.push(format!("{expected}: {shown:?}"));
        }
    }
    if now.received != step.count {
        wrong.push(format!("{} of 56, and not {}", now.received, step.count));
    }
    let letters = left(stage, before).await;
    let as_told = step.letters.len() == letters.len()
        && step.letters.iter().zip(&letters).all(|(expected, (kind, body))| {
            let (of, fragment) = expected.split_once(": ").unwrap();
            let only = TOLD.iter().all(|told| fragment.contains(told) || !receipt_of(body).contains(told));
            kind == of && body.contains(fragment) && only
        });
    if !as_told {
        wrong.push(format!("letters {:?}: {letters:#?}", step.letters));
    }
    for (number, question) in &step.asked {
        let waiting = stage.entry(number).await.items[0].waiting.clone().unwrap_or_default();
        if waiting.is_empty() != question.is_empty() || !waiting.contains(question) {
            wrong.push(format!("{number} is asked {question:?}: {waiting:?}"));
        }
    }
    wrong.into_iter().map(|what| format!("step {n}, {}: {what}", step.what)).collect()
}

/// What a letter says of the inputs, before it lists their files.
fn receipt_of(body: &str) -> &str {
    body.split("Files, each with").next().unwrap_or_default()
}

both!(sixty_steps_in_one_house, async |db: Database| {
    let folder = db.folder().join("config");
    fs::create_dir_all(folder.join("calls")).unwrap();
    let file = folder.join(format!("calls/{CALL}.toml"));
    fs::copy(format!("config/calls/{CALL}.toml"), &file).unwrap();
    let mut stage = Stage::set_with(db, "2020-09-07T09:00:00+02:00", Shipped::overridden_by(&folder), |_| {}).await;
    let people = "iso3,name,address,language,from,until\nESP,,focal@exteriores.gob.es,,,\n";
    stage.desk().import_focal_points(people).await.unwrap();
    let mut house = House { stage: &mut stage, file, acts: BTreeSet::new(), wrong: Vec::new() };
    let script = script();
    assert_eq!(script.len(), 60);
    let mut statuses = BTreeSet::new();
    let mut moments = Vec::new();
    let (mut wrong, mut told): (Vec<String>, usize) = (Vec::new(), 0);
    for (step, n) in script.iter().zip(1..) {
        if let Some(begins) = step.begins {
            house.stage.until(at(begins)).await;
        }
        let before = left(house.stage, 0).await.len();
        for happens in &step.happens {
            house.let_happen(happens).await;
        }
        wrong.extend(house.wrong.drain(..).map(|what| format!("step {n}, {}: {what}", step.what)));
        house.stage.wait(step.minutes).await;
        wrong.extend(differs(house.stage, n, step, before).await);
        for what in wrong.iter().skip(told) {
            println!("{what}");
        }
        told = wrong.len();
        projections_are_the_fold(house.stage).await;
        // What is known from this moment on is not among it.
        let now = register(house.stage, View::NOW).await;
        statuses.extend(now.lines.iter().map(|line| line.status));
        moments.push((n, house.stage.clock.now(), kept(&now)));
    }
    for (n, then, was) in &moments {
        let view = View { received_before: *then, known_before: *then };
        let known = kept(&register(house.stage, view).await);
        let differ: Vec<_> = known.1.iter().zip(&was.1).filter(|(known, was)| known != was).collect();
        if known.0 != was.0 || !differ.is_empty() {
            wrong.push(format!("as it was known after step {n}, {then}: {} of 56, {differ:#?}", known.0));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(house.acts.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from(ACTS), "every act is taken");
    assert_eq!(statuses, BTreeSet::from(Status::ALL), "every status is seen");
    let sentence = register(house.stage, View::NOW).await.sentence();
    assert!(sentence.starts_with("As of ") && sentence.contains(", 12 of 56 States have submitted"), "{sentence}");
    is_handed_on(&stage).await;
});

/// What was received is handed on as it came, with sums that are right.
async fn is_handed_on(stage: &Stage) {
    let folder = house(stage);
    docket(&folder, &["export", "given"]).done();
    let given = folder.join("given");
    let sums = checked(&given);
    assert_eq!(sums.status, Some(0), "{}{}", sums.out, sums.err);
    for path in [
        "MDA_Republic of Moldova/GCM-ECE-2020-0001/v4_current/M-000004.eml",
        "ITA_Italy/GCM-ECE-2020-0003/v1_current/M-000006.eml",
        "FRA_France/GCM-ECE-2020-0002/v1_unread/M-000005.eml",
    ] {
        let number = path.rsplit(['/', '.']).nth(1).unwrap();
        let original = stage.desk().original(number).await.unwrap();
        let handed = fs::read(given.join(path)).unwrap_or_else(|why| panic!("{path}: {why}"));
        assert!(handed == original.bytes && original.lacks.is_none(), "{path}");
    }
}
