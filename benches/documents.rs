//! What reading documents costs: our CPU beside pdftotext's and pandoc's on the same files, and the most memory one takes.
//!
//! `cargo bench --bench documents -- FOLDER` reads the PDF and DOCX files of a folder, those of the demo without it, each in a
//! process of its own that is forked from one that waits, as the daemon does. Prints a table; the targets stand beside what was measured, and nothing fails
//! by them. A program that is not installed is left out, and said to be.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the files that it is pointed to")]

use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use docket::extract::{self, Limits};

/// The argument by which this program, started by itself, reads files.
const READ: &str = "--read-files";
/// The kernel counts the CPU time of processes in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [first, paths @ ..] = &arguments[..]
        && first == READ
    {
        return read_each(paths);
    }
    // Cargo adds `--bench` to the arguments.
    let folder = arguments.iter().find(|argument| !argument.starts_with("--")).map(String::as_str);
    let folder = Path::new(folder.unwrap_or("config/demo/documents"));
    let build = if cfg!(debug_assertions) { "a development build" } else { "a release build" };
    println!("docket, {build}, the documents in {}\n", folder.display());
    println!("{:<44} {:>12}  {:<20}", "", "measured", "target");
    kind(folder, "pdf", "1.3 times pdftotext's", |path| {
        let mut command = Command::new("pdftotext");
        command.args(["-q"]).arg(path).arg("-");
        command
    });
    kind(folder, "docx", "5 % of pandoc's", |path| {
        let mut command = Command::new("pandoc");
        command.args(["--to", "plain", "--from", "docx"]).arg(path);
        command
    });
}

/// Reads files, a child for each.
fn read_each(paths: &[String]) {
    for (n, path) in paths.iter().enumerate() {
        // A file on which its reader ends says nothing; the tests are for that.
        let _status = safe_fork::fork_join(|| {
            read(n, Path::new(path));
            0
        })
        .unwrap();
    }
}

/// Reads one file, and prints its place, the most memory that took, and its words.
fn read(n: usize, path: &Path) {
    let bytes = fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    let format = extract::sniff(&bytes, Some(&name), "application/octet-stream");
    let reading = extract::read(format, &bytes, &Limits::default());
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
    println!("{n} {} {}", peak.trim(), reading.words.unwrap_or(0));
}

/// Reads all files of a kind with our reader and with another program, and prints what both took.
fn kind(folder: &Path, extension: &str, target: &str, other: fn(&Path) -> Command) {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension)));
    files.sort();
    let Ok(count) = u32::try_from(files.len()) else { return };
    if count == 0 {
        return row(&format!("{extension}: no files"), "", "");
    }
    let (mut words, mut largest) = (0u64, (0u64, String::new()));
    let before = cpu_of_children();
    let run = Command::new(env::current_exe().unwrap()).arg(READ).args(&files).stderr(Stdio::null()).output().unwrap();
    for line in String::from_utf8(run.stdout).unwrap().lines() {
        let said: Vec<u64> = line.split(' ').map(|n| n.parse().unwrap()).collect();
        let [n, peak, read] = said[..] else { panic!("{line}") };
        words += read;
        let path = &files[usize::try_from(n).unwrap()];
        largest = largest.max((peak >> 10, path.file_name().unwrap().to_string_lossy().into_owned()));
    }
    let ours = cpu_of_children().saturating_sub(before);
    row(&format!("{extension}: {count} files, words read"), &words.to_string(), "");
    row(&format!("{extension}: our CPU a file"), &format!("{:.1} ms", milliseconds(ours / count)), "");
    row(&format!("{extension}: peak memory ({})", largest.1), &format!("{} MiB", largest.0), "320 MiB");
    let before = cpu_of_children();
    for path in &files {
        let mut command = other(path);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let program = command.get_program().to_string_lossy().into_owned();
                return row(&format!("{extension}: {program} is not installed"), "", target);
            }
            // A file that the other program refuses has cost it what it cost.
            status => drop(status.unwrap()),
        }
    }
    let theirs = cpu_of_children().saturating_sub(before);
    row(
        &format!("{extension}: the other program's CPU a file"),
        &format!("{:.1} ms", milliseconds(theirs / count)),
        "",
    );
    let share = milliseconds(ours) / milliseconds(theirs.max(TICK));
    row(&format!("{extension}: our CPU by theirs"), &format!("{share:.3}"), target);
}

fn row(what: &str, measured: &str, target: &str) {
    println!("{what:<44} {measured:>12}  {target}");
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// What the processes that this one has started, and that have ended, have taken of CPU.
fn cpu_of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name, in brackets, may hold blanks; behind it the 14th and 15th fields are user and system time of children.
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u32 = fields[13..15].iter().map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    TICK * ticks
}
