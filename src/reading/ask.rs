//! Asking programs outside about files that our own readers did not read, or not wholly.
//!
//! The bytes of such a file come from a child that takes the message apart once more; a reading is replaced only by a better
//! one, and whatever goes wrong on the way leaves it as it was.

use std::mem;

use tokio::time::{Instant, timeout};

use super::{
    outside,
    progress::{Progress, TRIED_TO_BREAK_OUT},
    protocol::{Line, Task},
    readers::Readers,
};
use crate::{
    core::{
        file::{File, Outcome, Tried},
        mail::{identity, message::Message},
    },
    extract::{Engine, Supplied},
    sandbox::{ATTEMPTS, Child, End, Enforced, SandboxError, give},
};

impl Readers {
    /// Asks the programs outside for what was not read here.
    pub(super) async fn ask_outside(
        &self,
        name: Option<&str>,
        raw: &[u8],
        reading: &mut Progress,
    ) -> Result<(), SandboxError> {
        let all_until = Instant::now() + self.limits.time_outside();
        for n in 0..reading.files.len() {
            let file = &reading.files[n];
            let broke_out = file.reading.detail.as_deref() == Some(TRIED_TO_BREAK_OUT);
            if broke_out || !self.outside.wants(file) {
                continue;
            }
            if Instant::now() >= all_until {
                break;
            }
            let task = Task { contents: true, done: n, list_only: false, ..reading.task(name) };
            let Some(bytes) = self.contents(&task, raw, (file.size, &file.sha256)).await? else { continue };
            let until = all_until.min(Instant::now() + self.limits.time_per_file);
            let file = &mut reading.files[n];
            let ours_ended = matches!(file.reading.outcome, Outcome::Damaged | Outcome::TimedOut);
            if let Some(answer) = self.outside.pdftotext(file, &bytes, until).await {
                let answer = answer.map(|supplied| Supplied { alone: ours_ended, ..supplied });
                self.put_in(file, &bytes, Engine::Pdftotext, answer).await?;
            }
            // A document that our own readers cannot take apart has its pages from one program alone.
            if ours_ended && file.reading.has_text() {
                continue;
            }
            if let Some(answer) = self.outside.recognise(file, &bytes, all_until).await {
                let alone = ours_ended || file.reading.pages.is_none();
                let answer = answer.map(|supplied| Supplied { alone, ..supplied });
                self.put_in(file, &bytes, Engine::Tesseract, answer).await?;
            }
        }
        Ok(())
    }

    /// Has a child put pages that were read outside into the reading of a document, and keeps it where it is better. What
    /// was not taken is said with the reason.
    async fn put_in(
        &self,
        file: &mut File,
        bytes: &[u8],
        engine: Engine,
        answer: Result<Supplied, String>,
    ) -> Result<(), SandboxError> {
        let supplied = match answer {
            Ok(supplied) => supplied,
            Err(_) if self.is_stopping() => return Err(SandboxError::Stopping),
            Err(reason) => {
                file.reading.tried.push(Tried::new(engine.name(), reason));
                return Ok(());
            }
        };
        let with = self.with_pages(file, bytes, &supplied).await?;
        let better = with.filter(|with| outside::is_better(&with.reading, &file.reading));
        if let Some(with) = better {
            let without = mem::replace(&mut file.reading, with.reading);
            let replaced = without.engine.as_deref().filter(|before| Some(*before) != file.reading.engine.as_deref());
            let replaced = replaced.map(|before| Tried::new(before, outside::lacked(&without)));
            file.reading.tried = without.tried.into_iter().chain(replaced).collect();
        } else {
            file.reading.tried.push(Tried::new(engine.name(), "it did no better"));
        }
        Ok(())
    }

    /// A document as a child reads it that is given some of its pages; `None` where none lives to do it.
    async fn with_pages(&self, file: &File, bytes: &[u8], supplied: &Supplied) -> Result<Option<File>, SandboxError> {
        for _ in 0..ATTEMPTS {
            let mut with = Progress::new(self.limits.time_per_file);
            with.message = Some(Ok(Message::default()));
            let name = Some(file.name.as_deref().unwrap_or_default());
            let task = Task { supplied: Some(supplied.clone()), ..with.task(name) };
            if !matches!(self.one_child(&task, bytes, &mut with).await?, End::Killed) {
                return Ok(with.files.into_iter().next());
            }
        }
        Ok(None)
    }

    /// The contents of one file of a message, given its size and its SHA-256; `None` where no child hands them over.
    pub(super) async fn contents(
        &self,
        task: &Task,
        raw: &[u8],
        file: (u64, &str),
    ) -> Result<Option<Vec<u8>>, SandboxError> {
        for _ in 0..ATTEMPTS {
            match self.hand_over(task, raw, file).await? {
                HandOver::Done(bytes) => return Ok(Some(bytes)),
                HandOver::Not => return Ok(None),
                HandOver::Killed => tracing::warn!("a process that hands a file over was ended from outside"),
            }
        }
        Ok(None)
    }

    /// Has a child take the message apart once more, and hand one file of it over.
    async fn hand_over(&self, task: &Task, raw: &[u8], (bytes, sha256): (u64, &str)) -> Result<HandOver, SandboxError> {
        let Ok(size) = usize::try_from(bytes) else { return Ok(HandOver::Not) };
        let Child { mut server, task: input, mut answers } = self.pool.take()?;
        let fetch = async {
            let _ready: Enforced = answers.next().await?;
            match answers.next().await? {
                Line::Contents(there) if there == size => {}
                _ => return None,
            }
            let bytes = answers.bytes(bytes).await?;
            (hex::encode(identity::evidence(&bytes)) == sha256).then_some(bytes)
        };
        let both = async { tokio::join!(give(input, task, raw), fetch) };
        let Ok((given, bytes)) = timeout(self.limits.time_per_file, both).await else { return Ok(HandOver::Not) };
        given?;
        if let Some(bytes) = bytes {
            return Ok(HandOver::Done(bytes));
        }
        drop(answers);
        Ok(if server.was_killed().await? { HandOver::Killed } else { HandOver::Not })
    }
}

/// What came of asking a child for a file.
enum HandOver {
    Done(Vec<u8>),
    Not,
    Killed,
}
