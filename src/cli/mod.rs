//! The commands, one file each: what a person at a terminal, or a script, can ask for.
//!
//! Output goes to standard output and diagnostics to standard error. Exit status 0: done; 1: the work failed, or found
//! something to report; 2: wrong arguments or configuration.

mod at_hand;
mod call;
mod check;
mod coverage;
mod decide;
mod demo;
mod diff;
mod export_folder;
mod extract;
mod import;
mod init;
mod inspect;
mod journal;
mod letters;
mod log;
mod match_cases;
mod original;
mod people;
mod readable;
mod reconcile;
mod record;
mod register;
mod remind;
mod reread;
mod run;
mod sending;
mod show;
mod signals;
mod table;
mod terminal;
mod user;
mod waiting;
mod why;
mod workplace;

use std::{io, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use self::{
    at_hand::{config_if_any, mailbox_named},
    terminal::{Reported, WrongArgument, complain, person, say, this_program},
    workplace::Workplace,
};
use crate::{
    causes,
    config::{ConfigProblems, LogLevel},
    desk::DeskError,
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
    Record(record::Record),
    Waiting(waiting::Waiting),
    Log(log::Log),
    Register(register::RegisterCommand),
    Show(show::Show),
    Original(original::Original),
    Diff(diff::Diff),
    Coverage(coverage::CoverageCommand),
    Export(export_folder::Export),
    Decide(decide::Decide),
    Call(call::Call),
    Reread(reread::Reread),
    Letters(letters::Letters),
    Remind(remind::Remind),
    Reconcile(reconcile::Reconcile),
    People(people::People),
    User(user::UserCommand),
    StopSending(sending::StopSending),
    ResumeSending(sending::ResumeSending),
}

/// How long is waited for what nobody waits for any more.
const LEFTOVERS: Duration = Duration::from_secs(1);

/// What holds for every command.
const ABOUT_ALL: &str = "\
A log begins with “run”, “import”, “people import” or “user add”. Where none was begun, every other command says so and makes nothing.

Exit status: 0 done; 1 the work failed, or something is to be reported; 2 wrong arguments or configuration, or there is \
no log.";

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
            let unknown =
                error.is::<WrongArgument>() || matches!(error.downcast_ref::<DeskError>(), Some(DeskError::NoState(_)));
            let configuration = error.is::<ConfigProblems>() || instance.is_some_and(InstanceError::is_configuration);
            if configuration || unknown { ExitCode::from(2) } else { ExitCode::FAILURE }
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
        Command::Record(command) => command.run(place).await,
        Command::Waiting(command) => command.run(place).await,
        Command::Log(command) => command.run(place).await,
        Command::Register(command) => command.run(place).await,
        Command::Show(command) => command.run(place).await,
        Command::Original(command) => command.run(place).await,
        Command::Diff(command) => command.run(place).await,
        Command::Coverage(command) => command.run(place).await,
        Command::Export(command) => command.run(place).await,
        Command::Decide(command) => command.run(place).await,
        Command::Call(command) => command.run(place).await,
        Command::Reread(command) => command.run(place).await,
        Command::Letters(command) => command.run(place).await,
        Command::Remind(command) => command.run(place).await,
        Command::Reconcile(command) => command.run(place).await,
        Command::People(command) => command.run(place).await,
        Command::User(command) => command.run(place).await,
        Command::StopSending(command) => command.run(place).await,
        Command::ResumeSending(command) => command.run(place).await,
    }
}

/// Whoever read the output has read enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
