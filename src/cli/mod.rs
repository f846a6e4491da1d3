//! The commands, one file each: what a person at a terminal, or a script, can ask for.
//!
//! Output goes to standard output and diagnostics to standard error. Exit status 0: done; 1: the work failed, or found
//! something to report; 2: wrong arguments or configuration.

mod check;
mod decide;
mod demo;
mod export;
mod extract;
mod import;
mod init;
mod inspect;
mod journal;
mod letters;
mod log;
mod match_cases;
mod people;
mod readable;
mod reconcile;
mod remind;
mod reread;
mod run;
mod show;
mod signals;
mod table;
mod why;
mod workplace;

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use self::workplace::Workplace;
use crate::{
    causes,
    config::{Config, ConfigProblems, Loaded, LogLevel},
    core::actor::Actor,
    instance::InstanceError,
};

/// Watches the mailbox to which governments send their written inputs, and keeps the intake log: who has sent what, when,
/// against which deadline, and what they were told.
#[derive(Debug, Parser)]
#[command(name = "docket", version, max_term_width = 100, after_help = ABOUT_ALL)]
struct Arguments {
    /// The configuration; without it ./docket.toml, then /etc/docket/docket.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Run(run::Run),
    Check(check::Check),
    Inspect(inspect::Inspect),
    Extract(extract::Extract),
    Match(match_cases::MatchCases),
    Import(import::Import),
    Log(log::Log),
    Show(show::Show),
    Decide(decide::Decide),
    Reread(reread::Reread),
    Letters(letters::Letters),
    Remind(remind::Remind),
    Reconcile(reconcile::Reconcile),
    People(people::People),
}

/// How long is waited for what nobody waits for any more.
const LEFTOVERS: Duration = Duration::from_secs(1);

/// What holds for every command.
const ABOUT_ALL: &str = "\
A log begins with “run”, “import” or “people import”. Where none was begun, every other command says so and makes nothing.

Exit status: 0 done; 1 the work failed, or something is to be reported; 2 wrong arguments or configuration, or there is \
no log.";

/// A command found something to report, and has said it.
#[derive(Debug, thiserror::Error)]
#[error("see above")]
struct Reported;

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The daemon says as much as its configuration asks for.
    if !matches!(arguments.command, Command::Run(_)) {
        journal::begin(LogLevel::Warn);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("docket: the system gave no threads: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let place = Workplace::with(arguments.config);
    let done = runtime.block_on(async {
        let done = dispatch(arguments.command, &place).await;
        place.leave().await;
        done
    });
    // A name server, or a file, that does not answer keeps no process that has done its work.
    runtime.shutdown_timeout(LEFTOVERS);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is::<Reported>() {
                complain(&format!("docket: {}", causes::in_words(error.as_ref())));
            }
            let instance = error.downcast_ref::<InstanceError>();
            let configuration = error.is::<ConfigProblems>() || instance.is_some_and(InstanceError::is_configuration);
            if configuration { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

async fn dispatch(command: Command, place: &Workplace) -> anyhow::Result<()> {
    let config = place.config();
    match command {
        Command::Demo(command) => command.run(place).await,
        Command::Init(command) => command.run(),
        Command::Run(command) => command.run(place).await,
        Command::Check(command) => command.run(place).await,
        Command::Inspect(command) => command.run(config).await,
        Command::Extract(command) => command.run(config).await,
        Command::Match(command) => command.run(config),
        Command::Import(command) => command.run(place).await,
        Command::Log(command) => command.run(place).await,
        Command::Show(command) => command.run(place).await,
        Command::Decide(command) => command.run(place).await,
        Command::Reread(command) => command.run(place).await,
        Command::Letters(command) => command.run(place).await,
        Command::Remind(command) => command.run(place).await,
        Command::Reconcile(command) => command.run(place).await,
        Command::People(command) => command.run(place).await,
    }
}

/// A configuration if there is one: the file that is named must be there, and one in its usual place counts.
fn config_if_any(config: Option<&Path>) -> anyhow::Result<Loaded> {
    match config {
        Some(path) => Ok(Config::load(Some(path))?),
        None if Config::is_at_hand() => Ok(Config::load(None)?),
        None => Ok(Loaded::defaults()),
    }
}

/// The name of a mailbox of the configuration, as a command names it; the first where it names none.
fn mailbox_named(config: &Config, name: Option<&str>) -> anyhow::Result<String> {
    let mut names = config.mailboxes.iter().map(|mailbox| &mailbox.name);
    let Some(name) = name else {
        return names.next().cloned().context("the configuration has no mailbox to import for");
    };
    if let Some(known) = names.find(|known| *known == name) {
        return Ok(known.clone());
    }
    let known: Vec<&str> = config.mailboxes.iter().map(|mailbox| mailbox.name.as_str()).collect();
    if known.is_empty() {
        anyhow::bail!("there is no mailbox “{name}”, for there is no configuration with one; name it with --config");
    }
    anyhow::bail!("there is no mailbox “{name}”; there are: {}", known.join(", "))
}

/// This program, from which children are started: the running one, even when its file has been replaced meanwhile.
fn this_program() -> anyhow::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_owned());
    }
    std::env::current_exe().context("the program does not know where it lies")
}

/// Writes a line to standard output.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a line to standard error; if nobody listens there, there is nobody left to tell.
fn complain(lines: &str) {
    let mut err = io::stderr().lock();
    let priority = if journal::is_there() { "<3>" } else { "" };
    for line in lines.lines() {
        drop(writeln!(err, "{priority}{line}"));
    }
}

/// Whoever read the output has read enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Who is at the terminal: the name under which decisions are recorded.
fn person() -> Actor {
    #[expect(clippy::disallowed_methods, reason = "the name of the person at the terminal stands in the environment")]
    let name = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    Actor::person(name.unwrap_or_else(|_| "terminal".to_owned()))
}
