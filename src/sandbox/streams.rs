//! The parent's ends of what a child reads and writes: a task on one line and the raw bytes after it; an answer on each
//! line.
//!
//! Promises that no child can fill the memory of its parent: neither with one line nor with many.

use std::io;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::unix::pipe,
};

/// Bytes that one line of a child may have: the longest text, escaped.
const MOST_LINE: usize = 48 << 20;
/// Bytes that a child may say in all.
const MOST_LINES: usize = 3 * MOST_LINE;

/// Both ends.
#[derive(Debug)]
pub(super) struct Streams {
    pub(super) task: pipe::Sender,
    pub(super) answers: Answers,
}

/// What a child says.
#[derive(Debug)]
pub struct Answers {
    from: BufReader<pipe::Receiver>,
    /// How many bytes it may say from here on.
    left: usize,
}

impl Answers {
    /// Whether the child still holds its end: one that waits for its task and does not has died.
    pub(super) fn are_held(&self) -> bool {
        let mut watched = [PollFd::new(self.from.get_ref(), PollFlags::empty())];
        let asked = poll(&mut watched, Some(&Timespec::default()));
        asked.is_ok() && !watched[0].revents().intersects(PollFlags::HUP | PollFlags::ERR)
    }

    pub(super) fn new(from: pipe::Receiver) -> Self {
        Self { from: BufReader::new(from), left: MOST_LINES }
    }

    /// The next line of a child; `None` when it closed its side, or wrote what it should not, or more than it may.
    pub async fn next<T: DeserializeOwned>(&mut self) -> Option<T> {
        let mut line = Vec::new();
        loop {
            let available = self.from.fill_buf().await.ok()?;
            if available.is_empty() {
                return None;
            }
            let end = available.iter().position(|&byte| byte == b'\n');
            let taken = end.map_or(available.len(), |end| end + 1);
            self.left = self.left.checked_sub(taken)?;
            line.extend_from_slice(&available[..taken]);
            self.from.consume(taken);
            if end.is_some() {
                return serde_json::from_slice(&line).ok();
            }
            if line.len() > MOST_LINE {
                return None;
            }
        }
    }

    /// What follows as it is, up to that many bytes; `None` where the child closed its side badly.
    pub async fn bytes(&mut self, most: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        (&mut self.from).take(most).read_to_end(&mut bytes).await.ok()?;
        Some(bytes)
    }
}

/// Gives a child its task.
///
/// # Errors
/// The task cannot be written down. A child that ends early is none: what it answered until then still counts.
pub async fn give(mut child: pipe::Sender, task: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let mut line = serde_json::to_vec(task).map_err(io::Error::other)?;
    line.push(b'\n');
    if child.write_all(&line).await.is_ok() && child.write_all(bytes).await.is_ok() {
        drop(child.shutdown().await);
    }
    Ok(())
}
