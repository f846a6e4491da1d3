//! Reading ahead: children read messages while earlier ones are filed, and every reading comes in its turn.
//!
//! Promises no more children at work than the configuration says, and no more readings in memory than a few times as many.

use std::{collections::BTreeMap, sync::Arc, vec};

use tokio::task::JoinSet;

use super::{Reader, readout::Readout};
use crate::{pipeline::PipelineError, store::Claimed};

/// How many readings there may be for each child that are not taken yet.
const AHEAD: usize = 4;

/// What reading a message came to, or why it could not be tried.
pub(super) type Read = Result<Readout, PipelineError>;

/// Claimed messages on their way through the children.
pub(super) struct Ahead<'a> {
    reader: &'a Reader,
    children: usize,
    coming: vec::IntoIter<Claimed>,
    started: usize,
    under_way: JoinSet<(usize, Read)>,
    read: BTreeMap<usize, Read>,
    next: usize,
}

impl<'a> Ahead<'a> {
    pub(super) fn new(reader: &'a Reader, children: usize, claimed: Vec<Claimed>) -> Self {
        let (under_way, read) = (JoinSet::new(), BTreeMap::new());
        Self { reader, children, coming: claimed.into_iter(), started: 0, under_way, read, next: 0 }
    }

    /// The readings of the next messages in their order, as many as are there and `most` at the most, but at least one;
    /// for each message that was claimed there is one.
    pub(super) async fn next(&mut self, most: usize) -> Vec<Read> {
        let mut together = vec![self.first().await];
        while let Some(ended) = self.under_way.try_join_next() {
            self.read.extend(ended.ok());
        }
        while together.len() < most
            && let Some(read) = self.read.remove(&self.next)
        {
            self.next += 1;
            together.push(read);
        }
        self.start();
        together
    }

    async fn first(&mut self) -> Read {
        loop {
            self.start();
            if let Some(read) = self.read.remove(&self.next) {
                self.next += 1;
                return read;
            }
            match self.under_way.join_next().await {
                Some(Ok((place, read))) => _ = self.read.insert(place, read),
                // Whose reading broke is known when no other is left.
                Some(Err(_)) => {}
                None => {
                    self.next += 1;
                    return Ok(Readout::unreadable("Reading it broke the program.", &[]));
                }
            }
        }
    }

    fn start(&mut self) {
        while self.under_way.len() < self.children
            && self.started < self.next + AHEAD * self.children
            && let Some(message) = self.coming.next()
        {
            let (office, sandbox) = (Arc::clone(&self.reader.office), Arc::clone(&self.reader.sandbox));
            let place = self.started;
            self.under_way.spawn(async move { (place, Readout::of(&office, &sandbox, &message).await) });
            self.started += 1;
        }
    }
}
