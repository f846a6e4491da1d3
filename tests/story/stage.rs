//! A secretariat on a stage: mailboxes, a database, letters into a folder, and a clock that stands until it is moved.
//!
//! Everything runs as in the daemon, except that the steps are called by hand; mail is read by children of the real
//! program. What ends with a process is in [`Crew`], so that a test can let it end and begin again.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use docket::{
    clock::Clock,
    config::{Config, MailboxConfig, Shipped, load_call},
    core::{
        actor::Actor,
        mail::message::{Message, parse},
        submission::View,
    },
    desk::{
        Desk,
        view::{CallRegister, Entry, LogFilter, LogLine},
    },
    instance::Instance,
    pipeline::{Outcome, PipelineError, Post, Reader, Received, Receiver},
    reading::Readers,
    store::LetterRow,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::fixture::Database;

pub const CALL: &str = "unece-gcm-2020";
pub const ADDRESS: &str = "gcm-review@example.org";

/// A person without an account.
pub fn person(name: &str) -> Actor {
    Actor::person(name)
}

/// A time as the tests write it.
pub fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

/// The sample mail, and what the log must say of it.
#[derive(Deserialize)]
pub struct Sample {
    pub message: Vec<Scene>,
}

/// One message of the sample mail.
#[derive(Clone, Deserialize)]
pub struct Scene {
    pub file: String,
    pub arrives: Timestamp,
    pub expect: Expect,
}

/// What the log must say of a message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub relevance: String,
    pub states: Vec<String>,
    pub kind: Option<String>,
    pub standing: Option<String>,
    pub version: Option<u32>,
    pub letter: String,
    #[serde(default)]
    pub outcomes: BTreeMap<String, String>,
    #[serde(default)]
    pub duplicate: bool,
    pub why: String,
}

impl Sample {
    /// All of it, in the order of arrival.
    pub fn mail() -> Vec<Scene> {
        let text = fs::read_to_string(sample_file("index.toml")).unwrap();
        let mut scenes = toml::from_str::<Self>(&text).expect("the index of the sample mail").message;
        scenes.sort_by_key(|scene| scene.arrives);
        scenes
    }

    /// Some of it, by the numbers that the files begin with.
    pub fn some(numbers: &[&str]) -> Vec<Scene> {
        let mut scenes = Self::mail();
        scenes.retain(|scene| numbers.iter().any(|number| scene.file.starts_with(number)));
        assert_eq!(scenes.len(), numbers.len(), "{numbers:?} are sample mail");
        scenes
    }
}

impl Scene {
    pub fn raw(&self) -> Vec<u8> {
        fs::read(sample_file(&self.file)).unwrap()
    }
}

fn sample_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo/mail").join(name)
}

/// What ends with a process.
struct Crew {
    instance: Arc<Instance>,
    receivers: Vec<Receiver>,
    reader: Reader,
    post: Post,
    desk: Desk,
}

/// The stage. What it keeps when a crew leaves is what a disk keeps.
pub struct Stage {
    pub db: Database,
    pub clock: Clock,
    config: Config,
    shipped: Shipped,
    crew: Option<Crew>,
}

impl Stage {
    /// Sets the stage for the sample mail, at a time.
    pub async fn set(db: Database, now: &str) -> Self {
        Self::set_with(db, now, Shipped::embedded(), |_| {}).await
    }

    /// Sets the stage with other files and settings.
    pub async fn set_with(db: Database, now: &str, shipped: Shipped, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.store.url = db.url().to_owned();
        config.letters.folder = db.folder().join("letters");
        ADDRESS.clone_into(&mut config.letters.from_address);
        config.calls = vec![load_call(&shipped, CALL).expect("the shipped call")];
        config.mailboxes = vec![mailbox(&db, "gcm", ADDRESS, &[CALL])];
        change(&mut config);
        for mailbox in &config.mailboxes {
            for part in ["new", "cur", "tmp"] {
                fs::create_dir_all(crate::fixture::maildir_of(mailbox).join(part)).unwrap();
            }
        }
        let mut stage = Self { db, clock: Clock::by_hand(at(now)), config, shipped, crew: None };
        stage.restart().await;
        stage
    }

    /// Lets the process end where it stands, and begins a new one on the same disk as the daemon would.
    pub async fn restart(&mut self) {
        self.crew = None;
        let instance = Instance::open(self.config.clone(), self.shipped.clone(), self.clock.clone()).await;
        let instance = Arc::new(instance.expect("the office opens"));
        let mut tx = instance.db.begin().await.unwrap();
        for gone in tx.others_with_claims(&instance.owner).await.unwrap() {
            tx.owner_is_gone(&gone).await.unwrap();
        }
        tx.commit().await.unwrap();
        let sandbox = Arc::new(Readers::new(env!("CARGO_BIN_EXE_docket").into(), self.config.reading.clone()));
        sandbox.prepare().expect("children start");
        let mut receivers = Vec::new();
        for mailbox in &self.config.mailboxes {
            receivers.push(Receiver::new(Arc::clone(&instance), mailbox.clone()).await.unwrap());
        }
        self.crew = Some(Crew {
            receivers,
            reader: Reader::new(Arc::clone(&instance), sandbox),
            post: Post::new(Arc::clone(&instance)),
            desk: Desk::new(Arc::clone(&instance)),
            instance,
        });
    }

    /// The same, where the files of the calls have been written anew meanwhile.
    pub async fn restart_with_files(&mut self) {
        for call in &mut self.config.calls {
            *call = load_call(&self.shipped, &call.code).expect("the call is right");
        }
        self.restart().await;
    }

    fn crew(&self) -> &Crew {
        self.crew.as_ref().expect("a crew is on the stage")
    }

    pub fn instance(&self) -> &Instance {
        &self.crew().instance
    }

    /// The instance, to share.
    pub fn shared_instance(&self) -> Arc<Instance> {
        Arc::clone(&self.crew().instance)
    }

    /// The desk of another process on the same database, which has just read the files.
    pub async fn beside(&self) -> Desk {
        let calls = vec![load_call(&self.shipped, CALL).expect("the call is right")];
        let config = Config { calls, ..self.config.clone() };
        let instance = Instance::open(config, self.shipped.clone(), self.clock.clone()).await;
        Desk::new(Arc::new(instance.expect("the office opens")))
    }

    /// A number from the database.
    pub async fn number(&self, query: &str) -> i64 {
        self.db.number(query).await
    }

    pub fn desk(&self) -> &Desk {
        &self.crew().desk
    }

    /// Puts a message into a mailbox as its server would have at that time.
    pub fn deliver_to(&self, mailbox: usize, name: &str, raw: &[u8], at: Timestamp) {
        let maildir = crate::fixture::maildir_of(&self.config.mailboxes[mailbox]);
        let partial = maildir.join("tmp").join(name);
        fs::write(&partial, raw).unwrap();
        let since_1970 = Duration::from_secs(u64::try_from(at.as_second()).unwrap());
        File::options().write(true).open(&partial).unwrap().set_modified(SystemTime::UNIX_EPOCH + since_1970).unwrap();
        fs::rename(&partial, maildir.join("new").join(name)).unwrap();
    }

    /// Puts a message into the first mailbox.
    pub fn deliver(&self, name: &str, raw: &[u8], at: Timestamp) {
        self.deliver_to(0, name, raw, at);
    }

    /// Puts a message of the sample mail into the first mailbox, at its own time.
    pub fn deliver_sample(&self, scene: &Scene) {
        self.deliver(&format!("{}.{}", scene.arrives.as_second(), scene.file), &scene.raw(), scene.arrives);
    }

    /// The folder of a mailbox.
    pub fn maildir(&self, mailbox: usize) -> &Path {
        crate::fixture::maildir_of(&self.config.mailboxes[mailbox])
    }

    /// Looks through all mailboxes.
    pub async fn receive(&mut self) -> Vec<Received> {
        let crew = self.crew.as_mut().expect("a crew is on the stage");
        let mut received = Vec::new();
        for receiver in &mut crew.receivers {
            received.push(receiver.step().await.unwrap());
        }
        received
    }

    /// Reads the next messages.
    pub async fn read(&self) -> Outcome {
        self.try_read().await.unwrap()
    }

    /// The same where that may fail.
    pub async fn try_read(&self) -> Result<Outcome, PipelineError> {
        self.crew().reader.step().await
    }

    /// Hands the next letter over.
    pub async fn post(&self) -> Outcome {
        self.crew().post.step().await.unwrap()
    }

    /// Does all there is to do at this instant.
    pub async fn work(&mut self) {
        self.receive().await;
        while self.read().await == Outcome::Worked {}
        while self.post().await == Outcome::Worked {}
    }

    /// Moves the clock to a time, stopping for each letter that is due on the way.
    pub async fn until(&mut self, time: Timestamp) {
        loop {
            self.work().await;
            let due = self.instance().db.snapshot().await.unwrap().next_letter_due().await.unwrap();
            let next = due.filter(|due| *due > self.clock.now()).map_or(time, |due| due.min(time));
            if next <= self.clock.now() {
                return;
            }
            self.clock.move_to(next);
        }
    }

    /// Lets some time go by.
    pub async fn wait(&mut self, minutes: i64) {
        let then = self.clock.now().checked_add(SignedDuration::from_mins(minutes)).unwrap();
        self.until(then).await;
    }

    /// Plays sample mail, each message at its time.
    pub async fn play(&mut self, scenes: &[Scene]) {
        for scene in scenes {
            self.until(scene.arrives).await;
            self.deliver_sample(scene);
            self.work().await;
        }
    }

    pub async fn log(&self) -> Vec<LogLine> {
        self.desk().log(&LogFilter::default()).await.unwrap()
    }

    pub async fn register(&self, call: Option<&str>) -> CallRegister {
        self.desk().register_page(call, View::NOW).await.unwrap().expect("the call is there")
    }

    pub async fn entry(&self, reference: &str) -> Entry {
        self.desk().entry(reference).await.unwrap().expect("the entry is there")
    }

    /// The outbox.
    pub async fn letters(&self) -> Vec<LetterRow> {
        self.desk().letters().await.unwrap().into_iter().map(Result::unwrap).collect()
    }

    /// The letters in the folder by file name, parsed.
    pub fn posted(&self) -> BTreeMap<String, Message> {
        let Ok(files) = fs::read_dir(&self.config.letters.folder) else { return BTreeMap::new() };
        files
            .map(|file| {
                let file = file.unwrap();
                let parsed = parse(&fs::read(file.path()).unwrap()).expect("a letter is a message");
                (file.file_name().into_string().unwrap(), parsed.message)
            })
            .collect()
    }
}

/// A mailbox in the test's folder, that answers everything it receives.
pub fn mailbox(db: &Database, name: &str, address: &str, calls: &[&str]) -> MailboxConfig {
    MailboxConfig {
        name: name.to_owned(),
        source: docket::config::MailSource::Maildir(db.folder().join(format!("mail-{name}"))),
        addresses: vec![address.to_owned()],
        calls: calls.iter().map(|&call| call.to_owned()).collect(),
        acknowledge_since: Some(at("2020-07-15T00:00:00+02:00")),
        trusted_hops: ["mx1.example.org", "store.example.org"].map(str::to_owned).to_vec(),
        trusted_authserv: Vec::new(),
        ..MailboxConfig::default()
    }
}

/// The value of a header field of a letter.
pub fn field<'a>(letter: &'a Message, name: &str) -> Option<&'a str> {
    let mut fields = letter.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    let field = fields.next().map(|header| header.value.as_str());
    assert!(fields.next().is_none(), "{name} stands once");
    field
}
