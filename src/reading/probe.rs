//! What a reader would do that a stranger's document has taken over: the acts of the tests, in development builds alone.
//!
//! A document whose first line begins with `docket-probe` names an act and what it is about. What the kernel refused stands
//! in its text; what ends the process ends it.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::{
        net::{UnixListener, UnixStream},
        process::CommandExt as _,
    },
    process::Command,
    thread,
    time::{Duration, Instant},
};

use super::protocol::Line;
use crate::core::file::{Outcome, Reading};

const MARK: &[u8] = b"docket-probe ";

/// The act that a document asks for.
pub(super) fn asked(bytes: &[u8]) -> Option<&str> {
    let line = bytes.strip_prefix(MARK)?.split(|&byte| byte == b'\n').next()?;
    std::str::from_utf8(line).ok().map(str::trim)
}

/// Does it, and tells what came of it.
pub(super) fn act(asked: &str) -> Reading {
    let (act, about) = asked.split_once(' ').unwrap_or((asked, ""));
    let done: io::Result<()> = match act {
        "open" => File::open(about).map(drop),
        "remove" => fs::remove_file(about),
        "create" => File::create(about).map(drop),
        "connect" => TcpStream::connect(about).map(drop),
        "listen" => TcpListener::bind(about).map(drop),
        "datagram" => UdpSocket::bind(about).map(drop),
        "socket" => UnixStream::connect(about).map(drop),
        "socket-file" => UnixListener::bind(about).map(drop),
        "become" => Err(Command::new(about).exec()),
        "start" => {
            let mut words = about.split(' ');
            Command::new(words.next().unwrap_or_default()).args(words).spawn().map(drop)
        }
        "thread" => thread::Builder::new().spawn(|| {}).map(drop),
        "trace" => nix::sys::ptrace::traceme().map_err(io::Error::from),
        "signal" => {
            let parent = nix::unistd::Pid::parent();
            nix::sys::signal::kill(parent, None).map_err(io::Error::from)
        }
        "raise" => rlimit::Resource::AS.set(rlimit::INFINITY, rlimit::INFINITY),
        "allocate" => {
            let bytes: Vec<u8> = Vec::with_capacity(1 << 40);
            Err(io::Error::other(format!("{} bytes were given", bytes.capacity())))
        }
        "deep" => {
            let top = 0_u8;
            walk(std::ptr::from_ref(&top).addr());
            Ok(())
        }
        "overflow" => Err(io::Error::other(format!("{} deep", deeper(1)))),
        "loop" => loop {
            std::hint::black_box(());
        },
        "busy" => {
            let until = Instant::now() + Duration::from_millis(about.parse().unwrap_or(0));
            while Instant::now() < until {
                std::hint::black_box(());
            }
            Ok(())
        }
        "linger" => loop {
            thread::park();
        },
        "flood" => flood(b"more and more "),
        "flood-of-answers" => {
            let answer = serde_json::to_vec(&Line::Reading(Box::new(Reading::without_text(Outcome::NotRead, ""))));
            answer.map_err(io::Error::other).and_then(|line| flood(&[line.as_slice(), b"\n"].concat()))
        }
        _ => Err(io::Error::other("no such act")),
    };
    let text = done.map_or_else(|error| format!("refused: {error}"), |()| "done".to_owned());
    Reading { outcome: Outcome::Read, text, ..Reading::without_text(Outcome::Read, "A probe.") }
}

fn flood(what: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    loop {
        out.write_all(what)?;
    }
}

/// Goes down a stack that began there, by as much as nested documents may need.
fn walk(top: usize) {
    let room = std::hint::black_box([0_u8; 4096]);
    if top - room.as_ptr().addr() < 48 << 20 {
        walk(top);
    }
    std::hint::black_box(room);
}

#[expect(unconditional_recursion, reason = "the end of the stack is what is looked for")]
fn deeper(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 64]);
    deeper(room[0] + 1) + room[1]
}
