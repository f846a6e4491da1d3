//! The fork server: a process that is restricted once, and forks a child for each message.
//!
//! A fork costs a third of a start, because nothing is loaded and linked again. Promises that the server itself looks at
//! nothing that a stranger wrote, stands [apart](super::apart) from its parent and ends with it; that a child has two pipes
//! of its own and nothing else, and ends with its server at the latest; and that the server tells how each child ended. The
//! children of one server share the layout of its memory: the parent takes another server after a while, and after every
//! child that did not end well.

use std::{
    io::{self, IoSliceMut},
    mem::MaybeUninit,
    os::{
        fd::{BorrowedFd, OwnedFd},
        unix::process::ExitStatusExt as _,
    },
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendFlags, recv, recvmsg, send},
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
    stdio::{dup2_stdin, dup2_stdout, stdin},
};

use super::{
    apart,
    child::{self, Terms, Work},
    protocol::{Said, WEAKER},
    restrict,
};

/// Runs the server, as its arguments say: bytes of address space, seconds of processor time, whether the children are to
/// read on a weaker kernel, too, and the number of its parent. Its standard input is the socket of its parent. A child
/// does the work, and returns from here as well.
///
/// # Errors
/// The arguments are none, the restrictions cannot be made, or the parent is gone or speaks another protocol.
pub fn run(arguments: &[String], work: Work) -> io::Result<()> {
    let [memory, cpu_per_file, weaker, parent] = arguments else {
        return Err(io::Error::other("not the arguments of a fork server"));
    };
    let number = |text: &str| text.parse::<u64>().map_err(io::Error::other);
    let (memory, cpu_per_file) = (number(memory)?, number(cpu_per_file)?);
    apart::stand(parent.parse().map_err(io::Error::other)?)?;
    restrict::limits(memory, cpu_per_file)?;
    restrict::stack()?;
    restrict::privileges()?;
    let files = restrict::files(&[], &[])?;
    let terms = Terms { cpu_per_file, weaker: weaker == WEAKER, files };
    let (parent, server) = (stdin(), std::process::id());
    while let Some([task, answers]) = streams(parent)? {
        match safe_fork::fork() {
            Ok(None) => {
                apart::end_with(server)?;
                dup2_stdin(&task)?;
                dup2_stdout(&answers)?;
                drop([task, answers]);
                return child::run(terms, work);
            }
            Ok(Some(forked)) => {
                drop([task, answers]);
                until_its_end(parent, &forked)?;
                let status = forked.join()?;
                say(parent, Said::Ended(status.into_raw()))?;
            }
            Err(error) => say(parent, Said::NotForked(error.raw_os_error().unwrap_or_default()))?,
        }
    }
    Ok(())
}

/// Waits for the streams of the next child; `None` once the parent is gone.
fn streams(parent: BorrowedFd<'_>) -> io::Result<Option<[OwnedFd; 2]>> {
    loop {
        let mut word = [0];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let came = recvmsg(parent, &mut [IoSliceMut::new(&mut word)], &mut beside, RecvFlags::CMSG_CLOEXEC)?;
        if came.bytes == 0 {
            return Ok(None);
        }
        let mut streams = Vec::new();
        for message in beside.drain() {
            if let RecvAncillaryMessage::ScmRights(descriptors) = message {
                streams.extend(descriptors);
            }
        }
        // A word without streams asks to end a child that had just ended by itself.
        if let Ok(streams) = streams.try_into() {
            return Ok(Some(streams));
        }
    }
}

/// Waits until a child ends, and ends it where the parent asks for that or is gone.
fn until_its_end(parent: BorrowedFd<'_>, child: &safe_fork::Child) -> io::Result<()> {
    let pid = i32::try_from(child.pid()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidData)?;
    let child = pidfd_open(pid, PidfdFlags::empty())?;
    let mut watched = [PollFd::new(&child, PollFlags::IN), PollFd::from_borrowed_fd(parent, PollFlags::IN)];
    poll(&mut watched, None)?;
    let [ended, spoken] = watched.map(|of| !of.revents().is_empty());
    if spoken && !ended {
        recv(parent, &mut [0; 1], RecvFlags::empty())?;
        pidfd_send_signal(&child, Signal::KILL)?;
    }
    Ok(())
}

fn say(parent: BorrowedFd<'_>, what: Said) -> io::Result<()> {
    // Whoever does not listen any more needs no answer.
    send(parent, &what.to_bytes(), SendFlags::NOSIGNAL)?;
    Ok(())
}
