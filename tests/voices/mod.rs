//! What the program says of itself: at its start, while it works, when something is wrong, and when it is told to end.

mod refused;
mod signals;
mod start;
mod work;

use std::{fs, process::Command};

use crate::fixture::{
    intake::PROGRAM,
    program::{Daemon, House},
};

/// Starts the daemon of a house with a variable in its environment.
fn start_with(house: &House, name: &str, value: &str) -> Daemon {
    let mut program = Command::new(PROGRAM);
    program.env_remove("RUST_LOG").env(name, value);
    house.start_as(program, &[])
}

/// Adds lines to the end of the configuration.
fn configure(house: &House, lines: &str) {
    let file = house.folder().join("docket.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{text}\n{lines}\n")).unwrap();
}

/// The lines of the log from behind time and level.
fn lines(said: &str) -> Vec<&str> {
    said.lines().map(|line| line.splitn(3, ' ').nth(2).unwrap_or(line).trim_start()).collect()
}
