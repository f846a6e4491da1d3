//! The program: reads its arguments and hands them over. Called by itself as a child, it reads one message and ends,
//! before any runtime exists.

use std::process::ExitCode;

use docket::{cli, sandbox};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    if let [_, kind, memory, cpu] = arguments.as_slice()
        && kind == sandbox::CHILD_ARGUMENT
    {
        let (Ok(memory), Ok(cpu)) = (memory.parse(), cpu.parse()) else { return ExitCode::from(2) };
        return if sandbox::child::run(memory, cpu).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    cli::main()
}
