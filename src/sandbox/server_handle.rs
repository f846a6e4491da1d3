//! A fork server as its parent holds it.
//!
//! Promises that a server and its child end when it is dropped.

use std::{
    io::{self, IoSlice},
    mem::MaybeUninit,
    os::{
        fd::{AsFd as _, OwnedFd},
        unix::{net, process::ExitStatusExt as _},
    },
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::{
    net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg},
    pipe::fcntl_setpipe_size,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixStream, unix::pipe},
    process::{Child, Command},
    time::timeout,
};

use super::{
    apart,
    end::{End, Ended},
    protocol::{CHILD_ARGUMENT, Said},
    streams::{Answers, Streams},
};

/// After so many children another server takes over, with another layout of its memory.
const CHILDREN: u32 = 64;

/// The heap of a short life grows by as much as it mostly needs, in large pages where the kernel has them: every other page
/// would cost it a fault.
const HEAP: (&str, &str) = ("GLIBC_TUNABLES", "glibc.malloc.top_pad=4194304:glibc.malloc.hugetlb=1");

/// Bytes of a message that wait for its reader.
const ROOM: usize = 256 << 10;

/// How long a child has to end once it has said what it had to say, has closed its side, or was told to.
pub(super) const TO_END: Duration = Duration::from_secs(5);

/// A server with a child that waits, or reads.
#[derive(Debug)]
pub struct ServerHandle {
    /// Ended when it is dropped.
    _process: Child,
    server: UnixStream,
    forked: u32,
}

impl ServerHandle {
    /// Starts a server from `program`, which is this program itself.
    pub(super) fn start(program: &Path, terms: [String; 3]) -> io::Result<Self> {
        let (ours, its) = net::UnixStream::pair()?;
        let mut command = Command::new(program);
        command
            .arg(CHILD_ARGUMENT)
            .args(terms)
            .arg(apart::own_number())
            .env_clear()
            .env(HEAP.0, HEAP.1)
            .stdin(Stdio::from(OwnedFd::from(its)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let process = apart::start(&mut command)?;
        ours.set_nonblocking(true)?;
        Ok(Self { _process: process, server: UnixStream::from_std(ours)?, forked: 0 })
    }

    /// Has the server fork a child, which waits for its task. The child before it must have ended.
    pub(super) fn fork(&mut self) -> io::Result<Streams> {
        let (task, ours) = io::pipe()?;
        // Most messages then go over at once. A system that gives no more has them go piece by piece.
        let _given = fcntl_setpipe_size(&ours, ROOM);
        let task_of_ours = pipe::Sender::from_owned_fd(ours.into())?;
        let (ours, answers) = io::pipe()?;
        let answers_of_ours = pipe::Receiver::from_owned_fd(ours.into())?;
        let streams = [task.as_fd(), answers.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut beside = SendAncillaryBuffer::new(&mut space);
        beside.push(SendAncillaryMessage::ScmRights(&streams));
        // The socket holds one word at a time, so that it has room for it.
        sendmsg(&self.server, &[IoSlice::new(&[0])], &mut beside, SendFlags::NOSIGNAL)?;
        self.forked += 1;
        Ok(Streams { task: task_of_ours, answers: Answers::new(answers_of_ours) })
    }

    /// Asks the server to end its child.
    pub(super) async fn end_child(&mut self) {
        // A server that is gone took its child with it.
        drop(self.server.write_all(&[0]).await);
    }

    /// Waits until the child has ended.
    ///
    /// # Errors
    /// There was no child: the system has no process or memory left.
    pub(super) async fn ended(&mut self) -> io::Result<Ended> {
        let mut said = [0; Said::LENGTH];
        match self.server.read_exact(&mut said).await.map(|_| Said::from_bytes(said)) {
            Ok(Said::Ended(status)) => Ok(Ended::So(ExitStatus::from_raw(status))),
            Ok(Said::NotForked(error)) => Err(io::Error::from_raw_os_error(error)),
            Err(_) => Ok(Ended::Unseen),
        }
    }

    /// Whether the child, which has nothing more to say, was ended from outside.
    ///
    /// # Errors
    /// There was no child: the system has no process or memory left.
    pub async fn was_killed(&mut self) -> io::Result<bool> {
        let ended = timeout(TO_END, self.ended()).await.ok().transpose()?;
        Ok(ended.is_some_and(|ended| matches!(End::of(ended), End::Killed)))
    }

    /// Whether another child may come from the same server.
    pub(super) fn may_fork_again(&self) -> bool {
        self.forked < CHILDREN
    }
}
