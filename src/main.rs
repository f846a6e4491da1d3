//! The program: reads its arguments and hands them over. Called by itself as a child, it reads one message and ends, or
//! becomes another program, before any runtime exists.

use std::process::ExitCode;

#[cfg(debug_assertions)]
use docket::failpoint;
use docket::{cli, reading, sandbox};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    if let [_, kind, terms @ ..] = arguments.as_slice()
        && kind == sandbox::CHILD_ARGUMENT
    {
        return if sandbox::fork_server::run(terms, reading::read_one).is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    if let [_, kind, program @ ..] = arguments.as_slice()
        && kind == sandbox::LAUNCH_ARGUMENT
    {
        return ExitCode::from(sandbox::launch::run(program));
    }
    #[cfg(debug_assertions)]
    {
        #[expect(clippy::disallowed_methods, reason = "the crash tests tell a development build where to end")]
        let told = std::env::var("DOCKET_FAILPOINT");
        if told.is_ok_and(|told| failpoint::arm(&told).is_err()) {
            return ExitCode::from(2);
        }
    }
    cli::main()
}
