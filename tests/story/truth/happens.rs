//! What can happen in the house of the story, and letting it happen.

use std::{collections::BTreeSet, fs, path::PathBuf};

use docket::{
    core::{
        decision::{Decision, Order},
        recorded::{Recorded, Way},
        submission::View,
    },
    daemon::CallFiles,
    desk::{DeskError, Mode, NewDeadline},
    pipeline::{ToRecord, record},
    reading::Readers,
    store::Stored,
};

use super::{in_short, register};
use crate::story::{
    decisions::iso3,
    mail::Mail,
    stage::{CALL, Stage, at, person},
};

/// Something that happens.
pub enum Happens {
    /// A mail comes; then this is asked about it.
    Comes(Mail, &'static str),
    /// The same, and it answers the letter that left last.
    Answers(Mail, &'static str),
    /// A mail that was received then is found now.
    Found(Mail, &'static str),
    /// Bytes come.
    Bytes(Vec<u8>, &'static str),
    /// A person tries a decision, and is told this; nothing changes.
    Tried(&'static str, Decision, &'static [&'static str]),
    /// A person decides, and is told this.
    Decided(&'static str, Decision, &'static str),
    /// A person decides, and is refused with this.
    Refused(&'static str, Decision, &'static str),
    /// The deadline is moved for all.
    Moved(NewDeadline, &'static str),
    /// The file of the call is written anew.
    File(&'static [(&'static str, &'static str)]),
    /// A person records what the state sent by pouch, and assigns it.
    Recorded(&'static str, &'static str),
    /// The process ends, and another begins.
    Restarted,
    /// As of then the state stood so, and so many had sent something.
    AsOf(&'static str, &'static str, u64),
    /// The state is not reminded, for this reason.
    NotReminded(&'static str, &'static str),
    /// What holds and what the file of the call says differ, or not.
    FileDiffers(bool),
    /// So many inputs are of others than states of the roster.
    Others(u64),
    /// The history of the entry says this.
    History(&'static str, &'static str),
}

/// The house.
pub struct House<'a> {
    pub stage: &'a mut Stage,
    /// The file of the call.
    pub file: PathBuf,
    /// The acts that were taken.
    pub acts: BTreeSet<&'static str>,
    /// What was not as the script says.
    pub wrong: Vec<String>,
}

impl House<'_> {
    pub async fn let_happen(&mut self, happens: &Happens) {
        match happens {
            Happens::Comes(mail, asked) => self.comes(&mail.raw(), asked).await,
            Happens::Answers(mail, asked) => {
                let posted = self.stage.posted();
                let (_, letter) = posted.last_key_value().expect("a letter left");
                let id = letter.message_id.clone().expect("it has a Message-ID");
                self.comes(&mail.clone().field(&format!("In-Reply-To: <{id}>")).raw(), asked).await;
            }
            Happens::Found(mail, received) => {
                let name = format!("{}.found", self.stage.log().await.len() + 1);
                self.stage.deliver(&name, &mail.raw(), at(received));
                self.stage.work().await;
            }
            Happens::Bytes(raw, asked) => self.comes(raw, asked).await,
            Happens::Tried(on, decision, told) => self.tried(on, decision, told).await,
            Happens::Decided(on, decision, told) => {
                self.acts.insert(act(decision));
                let said = self.decide(on, decision, Mode::Do).await;
                self.hold(said.as_ref().is_ok_and(|said| said.contains(told)), on, told, &said);
            }
            Happens::Refused(on, decision, why) => {
                let said = self.decide(on, decision, Mode::Do).await;
                self.hold(said.as_ref().is_err_and(|said| said.contains(why)), on, why, &said);
            }
            Happens::Moved(new, told) => {
                let moved = self.stage.desk().move_deadline(CALL, new, &person("desk"), Mode::Do).await;
                let said = moved.map(|said| said.join("\n")).map_err(|why| why.to_string());
                self.hold(said.as_ref().is_ok_and(|said| said.contains(told)), "the deadline", told, &said);
            }
            Happens::File(changes) => self.written_anew(changes).await,
            Happens::Recorded(code, received) => self.recorded(code, received).await,
            Happens::Restarted => self.stage.restart_with_files().await,
            Happens::AsOf(then, line, count) => {
                let shown = register(self.stage, View::as_of(at(then))).await;
                let short = shown.lines.iter().find(|shown| shown.iso3.as_str() == &line[..3]).map(in_short);
                let right = short.as_deref() == Some(line) && shown.received == *count;
                self.hold(right, then, line, &(short, shown.received));
            }
            Happens::NotReminded(code, why) => {
                let shown = register(self.stage, View::NOW).await;
                let line = shown.lines.iter().find(|line| line.iso3.as_str() == *code).unwrap();
                self.hold(line.why_not_reminded.as_deref() == Some(why), code, why, &line.why_not_reminded);
            }
            Happens::FileDiffers(differs) => {
                let law = self.stage.desk().law_of(CALL).await.unwrap().unwrap();
                self.hold(law.file_differs.is_some() == *differs, "the file", "differs", &law.file_differs);
            }
            Happens::Others(count) => {
                let others = register(self.stage, View::NOW).await.others;
                let right = others.iter().map(|line| line.inputs).sum::<u64>() == *count;
                self.hold(right, "others", "apart", &others);
            }
            Happens::History(number, said) => {
                let history = self.stage.entry(number).await.history;
                let right = history.iter().any(|happening| happening.what.contains(said));
                self.hold(right, number, said, &history);
            }
        }
    }

    fn hold(&mut self, right: bool, on: &str, expected: &str, found: &impl std::fmt::Debug) {
        if !right {
            self.wrong.push(format!("{on}: {expected:?}: {found:#?}"));
        }
    }

    async fn comes(&mut self, raw: &[u8], asked: &'static str) {
        let n = self.stage.log().await.len() + 1;
        self.stage.deliver(&format!("{n}.mail"), raw, self.stage.clock.now());
        self.stage.work().await;
        let number = format!("M-{n:06}");
        let waiting = self.stage.entry(&number).await.items[0].waiting.clone().unwrap_or_default();
        let right = waiting.is_empty() == asked.is_empty() && waiting.contains(asked);
        self.hold(right, &number, asked, &waiting);
    }

    async fn tried(&mut self, on: &str, decision: &Decision, told: &[&str]) {
        let before = register(self.stage, View::NOW).await;
        let said = self.decide(on, decision, Mode::Show).await;
        for part in told {
            self.hold(said.as_ref().is_ok_and(|said| said.contains(part)), on, part, &said);
        }
        let after = register(self.stage, View::NOW).await;
        self.hold(before == after, on, "it was only tried", &after.received);
    }

    async fn decide(&self, on: &str, decision: &Decision, mode: Mode) -> Result<String, String> {
        let order = Order::new(decision.clone(), "for a reason");
        match self.stage.desk().decide(on, &order, &person("desk"), mode).await {
            Ok(decided) => Ok(decided.said.join("\n")),
            Err(DeskError::Refused(why) | DeskError::NotFound(why)) => Err(why),
            Err(other) => panic!("{on}: {other}"),
        }
    }

    async fn written_anew(&mut self, changes: &[(&str, &str)]) {
        let mut files = CallFiles::new(self.stage.shared_instance());
        assert!(!files.look(false).await.unwrap(), "nothing has changed");
        let mut text = fs::read_to_string(&self.file).unwrap();
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        fs::write(&self.file, text).unwrap();
        assert!(!files.look(false).await.unwrap(), "somebody may still be writing");
        assert!(files.look(false).await.unwrap(), "it holds from now on");
    }

    async fn recorded(&mut self, code: &str, received: &str) {
        let readers = Readers::new(env!("CARGO_BIN_EXE_docket").into(), self.stage.instance().config.reading.clone());
        let recorded = Recorded { way: Way::Pouch, authority: "M. Weber, registry".to_owned() };
        let text = "Migration policy measures were adopted and partners were consulted. ".repeat(40);
        let files = [("input.rtf".to_owned(), format!("{{\\rtf1\\ansi Our input\\par {text}}}").into_bytes())];
        let states = [iso3(code)];
        let (received, mailbox) = (at(received), "gcm");
        let what = ToRecord { recorded: &recorded, states: &states, received, files: &files, mailbox };
        let taken = record(self.stage.instance(), &readers, &what, &person("desk")).await.unwrap();
        let Stored::New(number) = taken.stored else { panic!("{taken:?}") };
        let decision = Decision::Assign { states: states.to_vec(), call: Some(CALL.to_owned()), known_sender: false };
        let said = self.decide(&format!("M-{number:06}"), &decision, Mode::Do).await;
        self.hold(said.is_ok(), code, "recorded", &said);
    }
}

/// The act that a decision takes, by its name.
fn act(decision: &Decision) -> &'static str {
    match decision {
        Decision::Assign { states, .. } if states.len() > 1 => "assign jointly",
        Decision::Assign { .. } => "assign",
        Decision::VersionOf { .. } => "version-of",
        Decision::RenditionOf { .. } => "rendition-of",
        Decision::AdditionTo { .. } => "addition-to",
        Decision::DuplicateOf { .. } => "duplicate-of",
        Decision::Correspondence { answered: Some(_), .. } => "correspondence, answered",
        Decision::Correspondence { answered: None, .. } => "correspondence",
        Decision::Announce { .. } => "announce",
        Decision::Decline { .. } => "decline",
        Decision::Withdraw { .. } => "withdraw",
        Decision::Extend { .. } => "extend",
        Decision::NotAnInput { .. } => "not-an-input",
        Decision::UnreadableButOurs { .. } => "unreadable-but-ours",
        Decision::AskSender => "ask-sender",
        Decision::Undo => "undo",
        Decision::Release | Decision::Discard | Decision::Resend => "of a letter",
    }
}
