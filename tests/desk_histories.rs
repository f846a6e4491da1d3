//! Histories of chance at the desk: mail, decisions, what is taken back, letters that leave, deadlines that move.
//!
//! After every step what stands beside the facts is what they come to, and no letter that left has said what does not hold for
//! ever or what its reader could not know. Whatever is decided and taken back at once leaves register and entries byte for
//! byte as they were; what is refused leaves everything so; and what was known at an earlier moment is shown as it was shown
//! then.

use std::collections::BTreeMap;

use docket::{
    core::{
        decision::{Answered, Decision, Order},
        iso3::Iso3,
        submission::{AdditionKind, Becomes, View, stands},
    },
    desk::{DeskError, Mode, NewDeadline},
    letters::facts::Facts,
    store::LetterState,
};
use jiff::{Timestamp, civil::date};
use serde_json::{Value, json};

use crate::{
    fixture::{Database, both, dice::Dice},
    story::{
        decisions::iso3,
        mail::Mail,
        stage::{CALL, Stage, person},
        truth::{in_short, register},
        versions::projected,
    },
};

/// So many histories are played on each database.
const HISTORIES: u64 = 60;
/// So many in one house, one after the other.
const IN_A_HOUSE: u64 = 10;
/// So many things happen in each.
const STEPS: usize = 25;
/// So many mails come in each at most.
const MAILS: usize = 5;
/// After so many steps what is shown is kept, to be looked back at.
const KEPT_AFTER: usize = 5;

/// The states of four kinds of histories, with the ministries that write.
const STATES: [[(&str, &str, &str); 3]; 4] = [
    [("NOR", "Norway", "post@mfa.no"), ("SWE", "Sweden", "registrator@gov.se"), ("AUT", "Austria", "post@bmeia.gv.at")],
    [
        ("MDA", "Republic of Moldova", "post@mfa.gov.md"),
        ("ITA", "Italy", "dgit@esteri.it"),
        ("FIN", "Finland", "kirjaamo@formin.fi"),
    ],
    [
        ("DEU", "Germany", "post@auswaertiges-amt.de"),
        ("GRC", "Greece", "post@mfa.gr"),
        ("POL", "Poland", "post@msz.gov.pl"),
    ],
    [
        ("ESP", "Spain", "onu@exteriores.gob.es"),
        ("CHE", "Switzerland", "mission@eda.admin.ch"),
        ("PRT", "Portugal", "onu@mne.pt"),
    ],
];

/// What a letter that left has told: of which reference, the number of a version, and the message that has it.
type Told = BTreeMap<(String, u32), i64>;

/// One history.
struct History<'a> {
    stage: &'a mut Stage,
    dice: Dice,
    states: [(&'static str, &'static str, &'static str); 3],
    /// The first message of it, by its number.
    first: usize,
    mails: usize,
    told: Told,
    /// So many letters have left and were looked at.
    left: usize,
    moments: Vec<(Timestamp, Vec<String>)>,
    done: Vec<String>,
    /// Decisions that were taken, and those that were taken back.
    taken: [usize; 2],
}

both!(whatever_happens_at_the_desk, async |db: Database| {
    let (mut taken, mut numbers) = ([0; 2], 0);
    for house in 0..HISTORIES / IN_A_HOUSE {
        let mut stage = Stage::set(Database::fresh(db.kind()).await, "2020-09-28T09:00:00+02:00").await;
        let (mut told, mut left) = (Told::new(), 0);
        for n in 0..IN_A_HOUSE {
            let seed = house * IN_A_HOUSE + n;
            let first = stage.log().await.len() + 1;
            let states = STATES[usize::try_from(seed).unwrap() % STATES.len()];
            let mut history = History {
                stage: &mut stage,
                dice: Dice::new(seed),
                states,
                first,
                mails: 0,
                told,
                left,
                moments: Vec::new(),
                done: vec![format!("history {seed}")],
                taken: [0; 2],
            };
            for step in 0..STEPS {
                history.step(step).await;
                history.check(step).await;
            }
            history.look_back().await;
            (told, left) = (history.told, history.left);
            taken = [taken[0] + history.taken[0], taken[1] + history.taken[1]];
        }
        numbers += told.len();
    }
    println!("decisions taken, and taken back: {taken:?}; numbers told: {numbers}");
    assert!(taken[0] > 200 && taken[1] > 60 && numbers > 60, "{taken:?} {numbers}");
});

impl History<'_> {
    /// Lets something happen.
    async fn step(&mut self, step: usize) {
        match self.dice.below(12) {
            _ if step == 0 => self.mail().await,
            0..=2 if self.mails < MAILS => self.mail().await,
            0..=4 => self.decide(true).await,
            5..=7 => self.decide(false).await,
            8 => self.take_back().await,
            9 | 10 => {
                let minutes = [1, 3, 30, 700][self.dice.below(4)];
                self.done.push(format!("{minutes} minutes go by"));
                self.stage.wait(minutes).await;
            }
            _ => self.move_deadline().await,
        }
        self.stage.wait(1).await;
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.dice.below(of.len())]
    }

    fn about(&self, what: &str) -> String {
        format!("{what}\n{}", self.done.join("\n"))
    }

    /// A mail of some kind comes, some of them found later than they were received.
    async fn mail(&mut self) {
        let (_, name, ministry) = self.one(&self.states.clone());
        let key = self.dice.below(4);
        let n = self.stage.log().await.len() + 1;
        let from = format!("Ministry of Foreign Affairs <{ministry}>");
        let input = |subject: &str, body: &str| {
            Mail::from(&from).subject(&format!("{name}: {subject}")).body(body).text(&text(name, key))
        };
        let attached = "Please find attached our input to the regional review of the GCM.";
        let revised = "Please find attached our revised input to the regional review of the GCM.";
        let (what, mail) = match self.dice.below(9) {
            0 | 1 => ("an input", input("input to the regional review of the GCM", attached)),
            2 | 3 => ("a revised input", input("revised input", revised)),
            4 => ("one that was cut off", input("revised input", revised).cut("a text")),
            5 => {
                let table = "Annex\nResidence permits 2017, 2018, 2019. Source: the office. ".repeat(12);
                let mail = Mail::from(&from).subject("Annex to the input");
                ("an annex", mail.body("Annex to the input, does not replace the input.").text(&table))
            }
            6 => {
                let note = "Thank you very much for your confirmation.\n\nKind regards,\nEva Gruber";
                ("thanks", Mail::from(&from).subject("Re: Receipt").body(note))
            }
            7 => {
                let text = format!("A contribution to the review, text {key}");
                ("a mail of nobody's", Mail::from("Somebody <somebody@mail.test>").document(&text))
            }
            _ => {
                let text = format!("Our input to the regional review, text {key}");
                ("an organisation's", Mail::from("Migrants at Home <post@ngo.example>").document(&text))
            }
        };
        let before = [0, 0, 0, 90, 2000][self.dice.below(5)];
        let received = self.stage.clock.now() - jiff::SignedDuration::from_mins(before);
        self.done.push(format!("M-{n:06} {name}: {what}, text {key}, received {received}"));
        let raw = mail.field(&format!("X-Number: {n}")).raw();
        self.stage.deliver(&format!("{n}.mail"), &raw, received);
        self.stage.work().await;
        self.mails += 1;
    }

    /// The number of a message of this history.
    fn number(&mut self) -> String {
        format!("M-{:06}", self.first + self.dice.below(self.mails))
    }

    /// A state of this history.
    fn state(&mut self) -> Iso3 {
        let (code, ..) = self.one(&self.states.clone());
        iso3(code)
    }

    /// What an act may name: a message, or the reference of what is filed of one.
    async fn of(&mut self) -> String {
        let number = self.number();
        let entry = self.stage.entry(&number).await;
        let reference = entry.items[0].reference.clone().filter(|_| self.dice.below(3) > 0);
        reference.unwrap_or(number)
    }

    /// On what something is decided, and what.
    async fn decision(&mut self) -> (String, Decision) {
        let (number, of) = (self.number(), self.of().await);
        let (state, other) = (self.state(), self.state());
        let call = || None;
        let version = [None, None, Some(1), Some(2)][self.dice.below(4)];
        let kind = self.one(&[AdditionKind::Annex, AdditionKind::Translation, AdditionKind::CoverLetter]);
        let some = if self.dice.below(2) == 0 { vec![state] } else { Vec::new() };
        let more = |states: Vec<Iso3>, hour: usize| Decision::Extend {
            states,
            until: format!("2020-10-{:02}T12:00", 1 + hour).parse().unwrap(),
            authority: "the Bureau".to_owned(),
            call: None,
        };
        let decision = match self.dice.below(18) {
            0..=2 => Decision::Assign { states: vec![state], call: call(), known_sender: false },
            3 => {
                let mut states = vec![state, other];
                states.dedup();
                Decision::Assign { states, call: call(), known_sender: false }
            }
            4 | 5 => Decision::VersionOf { of },
            6 => Decision::RenditionOf { of, version },
            7 | 8 => Decision::AdditionTo { of, kind, version },
            9 => Decision::DuplicateOf { of },
            10 => {
                let answered = (self.dice.below(2) == 0).then(|| Answered { by: "Ana".to_owned(), how: None });
                Decision::Correspondence { answered, of: (self.dice.below(2) == 0).then_some(of) }
            }
            11 => Decision::Announce { states: vec![state], day: Some(date(2020, 12, 5)), call: call() },
            12 => Decision::Decline { states: vec![state], call: call() },
            13 => Decision::Withdraw { of: (self.dice.below(2) == 0).then_some(of) },
            14 => more(some, self.dice.below(20)),
            15 => Decision::NotAnInput { unrelated: self.dice.below(4) == 0 },
            16 => Decision::UnreadableButOurs { states: some, call: call() },
            _ => Decision::AskSender,
        };
        let on_state = matches!(
            decision,
            Decision::Announce { .. }
                | Decision::Decline { .. }
                | Decision::Extend { .. }
                | Decision::Withdraw { of: None }
        );
        let on = if on_state && self.dice.below(2) == 0 { state.to_string() } else { number };
        (on, decision)
    }

    /// A person decides; perhaps that is taken back at once, and then nothing has changed.
    async fn decide(&mut self, and_back: bool) {
        let (on, decision) = self.decision().await;
        let order = Order::new(decision, "for a reason");
        let before = if and_back { Some(self.seen().await) } else { None };
        let rows = self.rows().await;
        match self.stage.desk().decide(&on, &order, &person("desk"), Mode::Do).await {
            Ok(_) => {
                self.taken[0] += 1;
                self.done.push(format!("{on}: {:?}, back {and_back}", order.decision));
            }
            Err(DeskError::Refused(why) | DeskError::NotFound(why)) => {
                assert_eq!(self.rows().await, rows, "{}", self.about(&format!("{on}: {order:?}: {why}")));
                return;
            }
            Err(other) => panic!("{}", self.about(&format!("{on}: {order:?}: {other}"))),
        }
        let Some(before) = before else { return };
        let undo = Order::new(Decision::Undo, "a mistake");
        // What was taken back for a state is found by what it had filed.
        let back = self.stage.desk().decide(&self.undone_on(&on, &order).await, &undo, &person("desk"), Mode::Do).await;
        assert!(back.is_ok(), "{}", self.about(&format!("{back:?}")));
        self.taken[1] += 1;
        let after = self.seen().await;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after, "{}", self.about("taken back at once"));
        }
        assert_eq!(before.len(), after.len());
    }

    /// Where a decision is taken back: a withdrawal that was decided on a state lies on what it had filed.
    async fn undone_on(&self, on: &str, order: &Order) -> String {
        if on.starts_with("M-") || order.decision != (Decision::Withdraw { of: None }) {
            return on.to_owned();
        }
        let query =
            "SELECT m.number FROM decision d JOIN item i ON i.id = d.item_id JOIN message m ON m.id = i.message_id
                     ORDER BY d.id DESC LIMIT 1";
        format!("M-{:06}", self.stage.number(query).await)
    }

    async fn take_back(&mut self) {
        let on = if self.dice.below(4) == 0 { self.state().to_string() } else { self.number() };
        let rows = self.rows().await;
        match self.stage.desk().decide(&on, &Order::new(Decision::Undo, "a mistake"), &person("desk"), Mode::Do).await {
            Ok(_) => {
                self.taken[1] += 1;
                self.done.push(format!("{on}: taken back"));
            }
            Err(DeskError::Refused(why) | DeskError::NotFound(why)) => {
                assert_eq!(self.rows().await, rows, "{}", self.about(&format!("{on}: {why}")));
            }
            Err(other) => panic!("{}", self.about(&format!("{on}: {other}"))),
        }
    }

    async fn move_deadline(&mut self) {
        let new = NewDeadline {
            day: date(2020, 9, 25).saturating_add(jiff::Span::new().days(i64::try_from(self.dice.below(20)).unwrap())),
            time: None,
            zone: None,
            grace_minutes: Some(self.one(&[0, 60])),
            authority: "the Bureau".to_owned(),
            reason: "floods".to_owned(),
            tell: false,
        };
        let moved = self.stage.desk().move_deadline(CALL, &new, &person("desk"), Mode::Do).await;
        assert!(matches!(moved, Ok(_) | Err(DeskError::Refused(_))), "{}", self.about(&format!("{moved:?}")));
        self.done.push(format!("deadline {} and {:?} minutes: {}", new.day, new.grace_minutes, moved.is_ok()));
    }

    /// So many rows are there of all that a decision writes.
    async fn rows(&self) -> i64 {
        let tables = ["decision", "place", "event", "letter", "submission", "withdrawal", "finding", "item_past"];
        let counts = tables.map(|table| format!("(SELECT COUNT(*) FROM {table})"));
        self.stage.number(&format!("SELECT {}", counts.join(" + "))).await
    }

    /// The register and the entries of this history as `register --json` and `show --json` print them, but for history,
    /// letters, and what was decided and taken back.
    async fn seen(&self) -> Vec<String> {
        let now = register(self.stage, View::NOW).await;
        let mut seen: Vec<String> = now.lines.iter().map(|line| serde_json::to_string(line).unwrap()).collect();
        let sums = json!([now.received, now.statuses, now.standings, now.joint, now.others, now.notes]);
        seen.push(sums.to_string());
        for n in self.first..self.first + self.mails {
            let mut entry = serde_json::to_value(self.stage.entry(&format!("M-{n:06}")).await).unwrap();
            let fields = entry.as_object_mut().unwrap();
            fields.retain(|name, _| name != "history" && name != "letters");
            for item in fields["items"].as_array_mut().unwrap() {
                item.as_object_mut().unwrap().remove("decisions");
            }
            seen.push(Value::to_string(&entry));
        }
        seen
    }

    /// What holds after every step.
    async fn check(&mut self, step: usize) {
        projected(self.stage).await;
        self.letters_tell_what_holds().await;
        self.numbers_stay().await;
        if step.is_multiple_of(KEPT_AFTER) {
            let now = register(self.stage, View::NOW).await;
            self.moments.push((self.stage.clock.now(), now.lines.iter().map(in_short).collect()));
        }
    }

    /// A letter that left names only versions that it tells itself or that one before it has told, and tells a number of one
    /// message alone.
    async fn letters_tell_what_holds(&mut self) {
        let letters = self.stage.letters().await;
        let mut sent: Vec<_> = letters.iter().filter(|letter| letter.state == LetterState::Sent).collect();
        sent.sort_by_key(|letter| (letter.sent_at, letter.id));
        for letter in &sent[self.left..] {
            let facts = self.stage.instance().db.snapshot().await.unwrap().letter_facts(letter.id).await.unwrap();
            let facts: Facts = serde_json::from_str(&facts).unwrap();
            let (Some(receipt), Some(number)) = (facts.receipt(), letter.number) else { continue };
            for entry in &receipt.entries {
                let (Some(reference), Some(becomes)) = (entry.reference.clone(), &entry.becomes) else { continue };
                if let Some(n) = becomes.other().and_then(|other| other.n) {
                    let told = self.told.contains_key(&(reference.clone(), n));
                    assert!(told, "{}", self.about(&format!("{:?} names version {n}", letter.id)));
                }
                let is_version = !matches!(
                    becomes,
                    Becomes::Repeats { .. } | Becomes::Copy { .. } | Becomes::Beside { .. } | Becomes::Kept
                );
                if let Some(n) = entry.version.filter(|_| is_version) {
                    let of = *self.told.entry((reference.clone(), n)).or_insert(number);
                    assert_eq!(of, number, "{}", self.about(&format!("version {n} of {reference} is told of two")));
                }
            }
        }
        self.left = sent.len();
    }

    /// A number that was told is given to nothing else.
    async fn numbers_stay(&self) {
        let open = self.stage.instance().call(None).unwrap();
        let mut tx = self.stage.instance().db.snapshot().await.unwrap();
        for party in tx.parties_of(open.known.id, &[], View::NOW).await.unwrap() {
            for version in stands(&party.filed, &party.withdrawals, View::NOW).versions {
                let reference = party.submission.reference.clone();
                let (n, number) = (version.filed.n.unwrap(), version.filed.receipt.number);
                let told = self.told.get(&(reference.clone(), n)).copied().unwrap_or(number);
                assert_eq!(told, number, "{}", self.about(&format!("version {n} of {reference}")));
                let own = self.told.iter().filter(|((of, _), item)| *of == reference && **item == number);
                let own: Vec<u32> = own.map(|((_, n), _)| *n).collect();
                let right = own.is_empty() || own.contains(&n);
                assert!(right, "{}", self.about(&format!("M-{number:06} was told {own:?} and is version {n}")));
            }
        }
    }

    /// What was known at these moments is shown as it was then.
    async fn look_back(&self) {
        for (then, was) in &self.moments {
            let known = register(self.stage, View { received_before: *then, known_before: *then }).await;
            let known: Vec<String> = known.lines.iter().map(in_short).collect();
            let differ: Vec<_> = known.iter().zip(was).filter(|(known, was)| known != was).collect();
            assert!(differ.is_empty(), "{}", self.about(&format!("known and shown at {then}: {differ:?}")));
        }
    }
}

/// A text of a state; four of them have most sentences in common.
fn text(name: &str, key: usize) -> String {
    let title = format!("{name}: contribution to the regional review of the Global Compact for Migration");
    let common = (0..16).map(|n| format!("Measure {n} was adopted by the ministry in the year {} after talks.", n + 7));
    let own = (0..3).map(|n| format!("In part {key} measure {n} was amended by law number {}.", 10 * key + n));
    [title].into_iter().chain(common).chain(own).collect::<Vec<_>>().join("\n")
}
