//! `docket demo`: the whole system on shipped sample mail, without a server or a configuration.
//!
//! The mail is set in September and October 2020, and so is the clock: it jumps to the next instant at which something is
//! due whenever nothing is left to do.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use anyhow::Context as _;
use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use rust_embed::RustEmbed;
use serde::Deserialize;
use tokio::{net::TcpListener, sync::watch};

use super::{say, table, this_program};
use crate::{
    clock::Clock,
    config::{Config, Enforce, FolderForm, MailSource, MailboxConfig, Shipped, database_url, load_call},
    core::calls::reminder,
    desk::{Desk, view::LogFilter},
    files::{self, OWN_FILE, OWN_FOLDER},
    instance::Instance,
    pipeline::{self, Outcome, Post, Reader, Receiver},
    reading::Readers,
    web::{self, Site},
};

const CALL: &str = "unece-gcm-2020";
const ADDRESS: &str = "gcm-review@example.org";
/// Our own relays in the sample mail.
const RELAYS: [&str; 2] = ["mx1.example.org", "store.example.org"];

/// Shows the whole system on shipped sample mail.
///
/// Mail comes into a Maildir in a new temporary folder, the log is kept in SQLite, letters go into a folder, and the pages
/// are served on this machine. Nothing leaves it.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where the pages are served.
    #[arg(long, default_value_t = 8480, value_name = "N")]
    port: u16,
    /// Stop when all is handled, and serve no pages.
    #[arg(long)]
    once: bool,
}

#[derive(RustEmbed)]
#[folder = "config/demo/"]
#[include = "mail/*"]
#[include = "focal_points.csv"]
struct Sample;

/// The order of the sample mail.
#[derive(Deserialize)]
struct Index {
    message: Vec<Arrival>,
}

#[derive(Deserialize)]
struct Arrival {
    file: String,
    arrives: Timestamp,
}

/// What the demo runs.
struct Stage {
    instance: Arc<Instance>,
    receiver: Receiver,
    reader: Reader,
    post: Post,
    desk: Desk,
    zone: TimeZone,
    maildir: PathBuf,
    shown: usize,
}

impl Demo {
    /// Runs the command.
    pub async fn run(&self) -> anyhow::Result<()> {
        let own = fs::Permissions::from_mode(OWN_FOLDER);
        let folder = tempfile::Builder::new().prefix("docket-demo-").permissions(own).tempdir()?.keep();
        let arrivals = index()?;
        let first = arrivals.first().map(|arrival| arrival.arrives).context("there is no sample mail")?;
        let clock = Clock::by_hand(first.saturating_sub(jiff::SignedDuration::from_hours(24))?);
        let shipped = Shipped::embedded();
        let config = config(&folder, &shipped)?;
        let instance = Arc::new(Instance::open(config, shipped, clock).await?);
        say("docket demo: sample mail of autumn 2020; nothing leaves this machine.")?;
        let (stop, stopped) = watch::channel(false);
        let pages = if self.once { None } else { Some(self.serve(&instance, stopped).await?) };
        let mut stage = Stage::set(Arc::clone(&instance), &folder).await?;
        stage.play(arrivals).await?;
        stage.conclude(&folder).await?;
        if let Some((address, serving)) = pages {
            say(&format!("The pages are at http://{address}/ until you press Ctrl-C."))?;
            tokio::signal::ctrl_c().await?;
            stop.send_replace(true);
            serving.await??;
        }
        Ok(())
    }

    /// Serves the pages.
    async fn serve(
        &self,
        instance: &Arc<Instance>,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<(std::net::SocketAddr, tokio::task::JoinHandle<std::io::Result<()>>)> {
        let listener = TcpListener::bind(("127.0.0.1", self.port))
            .await
            .with_context(|| format!("the pages cannot be served at port {}; choose another with --port", self.port))?;
        let address = listener.local_addr()?;
        let stopped = async move {
            // A closed channel means that the demo is over, too.
            drop(stop.wait_for(|stop| *stop).await);
        };
        let serving = web::serve(listener, Site::new()?, Arc::new(Desk::new(Arc::clone(instance))), stopped);
        say(&format!("Pages: http://{address}/"))?;
        Ok((address, tokio::spawn(serving)))
    }
}

/// The sample mail in the order of its arrival.
fn index() -> anyhow::Result<Vec<Arrival>> {
    let index = Sample::get("mail/index.toml").context("the sample mail has no index")?;
    let index: Index = toml::from_str(std::str::from_utf8(&index.data)?)?;
    let mut arrivals = index.message;
    arrivals.sort_by_key(|arrival| arrival.arrives);
    Ok(arrivals)
}

fn config(folder: &Path, shipped: &Shipped) -> anyhow::Result<Config> {
    let call = load_call(shipped, CALL)?;
    let issued = call.issued.to_zoned_datetime(TimeZone::get(&call.deadline.zone)?)?.timestamp();
    let mut config = Config::default();
    config.store.url = database_url(&folder.join("docket.db"));
    config.store.mark = folder.join("docket.mark");
    config.letters.folder = folder.join("letters");
    config.letters.form = FolderForm::Files;
    ADDRESS.clone_into(&mut config.letters.from_address);
    config.mailboxes = vec![MailboxConfig {
        name: "gcm".to_owned(),
        source: MailSource::Maildir(folder.join("mail")),
        addresses: vec![ADDRESS.to_owned()],
        calls: vec![CALL.to_owned()],
        poll: Duration::from_mins(1),
        acknowledge_since: Some(issued),
        trusted_hops: RELAYS.map(str::to_owned).to_vec(),
        trusted_authserv: Vec::new(),
    }];
    config.reading.sandbox = Enforce::Best;
    config.calls = vec![call];
    Ok(config)
}

impl Stage {
    async fn set(instance: Arc<Instance>, folder: &Path) -> anyhow::Result<Self> {
        let maildir = folder.join("mail");
        for part in ["new", "cur", "tmp"] {
            files::make_folder(&maildir.join(part), OWN_FOLDER)?;
        }
        let desk = Desk::new(Arc::clone(&instance));
        if let Some(people) = Sample::get("focal_points.csv") {
            desk.import_focal_points(std::str::from_utf8(&people.data)?).await?;
        }
        let sandbox = Arc::new(Readers::new(this_program()?, instance.config.reading.clone()));
        if let Some(lacking) = sandbox.try_out().await?.lacking() {
            say(&lacking)?;
        }
        sandbox.prepare()?;
        let receiver = Receiver::new(Arc::clone(&instance), instance.config.mailboxes[0].clone()).await?;
        let zone = TimeZone::get(&instance.calls[0].deadline.zone)?;
        Ok(Self {
            receiver,
            reader: Reader::new(Arc::clone(&instance), sandbox),
            post: Post::new(Arc::clone(&instance)),
            desk,
            zone,
            maildir,
            instance,
            shown: 0,
        })
    }

    /// Lets everything happen in its time.
    async fn play(&mut self, arrivals: Vec<Arrival>) -> anyhow::Result<()> {
        let mut arrivals = arrivals.into_iter().peekable();
        let open = &self.instance.calls[0];
        let mut reminders: Vec<Timestamp> =
            open.call.reminders.iter().filter_map(|step| reminder::due(step, &open.deadline)).collect();
        reminders.sort_unstable();
        let mut reminders = reminders.into_iter().peekable();
        loop {
            let now = self.instance.clock.now();
            while let Some(arrival) = arrivals.next_if(|arrival| arrival.arrives <= now) {
                self.deliver(&arrival)?;
            }
            if reminders.next_if(|due| *due <= now).is_some() {
                self.work().await?;
                self.remind().await?;
            }
            self.work().await?;
            let letter = self.instance.db.snapshot().await?.next_letter_due().await?;
            let next = [arrivals.peek().map(|arrival| arrival.arrives), reminders.peek().copied(), letter];
            let Some(next) = next.into_iter().flatten().min() else { return Ok(()) };
            self.instance.clock.move_to(next);
        }
    }

    /// Does what there is to do at this instant, and shows what is new in the log.
    async fn work(&mut self) -> anyhow::Result<()> {
        self.receiver.step().await?;
        while self.reader.step().await? == Outcome::Worked {}
        while self.post.step().await? == Outcome::Worked {}
        let lines = self.desk.log(&LogFilter::default()).await?;
        for line in lines.iter().skip(self.shown) {
            say(&table::arrival(line, &self.zone))?;
        }
        self.shown = lines.len();
        Ok(())
    }

    async fn remind(&self) -> anyhow::Result<()> {
        for reminders in pipeline::remind(&self.instance, false).await? {
            let (reminded, left_out): (Vec<_>, Vec<_>) = reminders.lines.iter().partition(|line| line.letter.is_some());
            let names: Vec<String> = reminded.iter().map(|line| line.iso3.to_string()).collect();
            let due = reminders.due.to_zoned_datetime(self.zone.clone()).strftime("%d %b %H:%M").to_string();
            let said =
                format!("reminder “{}” to {}; {} states left out", reminders.step, names.join(" "), left_out.len());
            say(&table::wrapped(&said, &format!("{due}  ")))?;
        }
        Ok(())
    }

    /// Puts a message into the Maildir as a mail server would have at that time.
    fn deliver(&self, arrival: &Arrival) -> anyhow::Result<()> {
        let mail = Sample::get(&format!("mail/{}", arrival.file))
            .with_context(|| format!("the sample mail {} is missing", arrival.file))?;
        let stem = arrival.file.trim_end_matches(".eml");
        let name = format!("{}.{stem}.demo", arrival.arrives.as_second());
        let partial = self.maildir.join("tmp").join(&name);
        let mut file = files::make_file_anew(&partial, OWN_FILE)?;
        file.write_all(&mail.data)?;
        let at = Duration::from_secs(u64::try_from(arrival.arrives.as_second()).unwrap_or(0));
        file.set_modified(SystemTime::UNIX_EPOCH + at)?;
        fs::rename(&partial, self.maildir.join("new").join(&name))?;
        Ok(())
    }

    async fn conclude(&self, folder: &Path) -> anyhow::Result<()> {
        let register = self.desk.register(None).await?.context("the demo has no call")?;
        let received = register.states.iter().filter(|state| state.received.is_some()).count();
        say("")?;
        say(&table::head())?;
        for line in self.desk.log(&LogFilter::default()).await? {
            say(&table::line(&line, &self.zone))?;
        }
        say("")?;
        say(&format!(
            "{received} of {} states received, {} cases to be decided, {} letters sent, {} not.",
            register.states.len(),
            register.waiting.len(),
            register.letters_sent,
            register.letters_waiting
        ))?;
        say(&format!("Everything lies in {}:", folder.display()))?;
        say("  mail/       the Maildir, left as it was")?;
        say("  letters/    the letters, one file each")?;
        say("  docket.db   the log, with the originals (SQLite)")?;
        Ok(())
    }
}
