//! Reading ahead: children read messages while earlier ones are filed, and every reading comes in its turn.
//!
//! Promises no more children at work than the configuration says, and no more readings in memory than a few times as many.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use tokio::task::JoinSet;

use super::readout::Readout;
use crate::{office::Office, pipeline::PipelineError, sandbox::Sandbox, store::Claimed};

/// How many readings there may be for each child that are not taken yet.
const AHEAD: usize = 4;

/// What reading a message came to, or why it could not be tried.
pub(super) type Read = Result<Readout, PipelineError>;

/// Claimed messages on their way through the children.
#[derive(Debug)]
pub(super) struct Ahead {
    office: Arc<Office>,
    sandbox: Arc<Sandbox>,
    children: usize,
    coming: VecDeque<Claimed>,
    started: usize,
    under_way: JoinSet<(usize, Read)>,
    unfiled: VecDeque<Claimed>,
    read: BTreeMap<usize, Read>,
    next: usize,
}

impl Ahead {
    pub(super) fn new(office: Arc<Office>, sandbox: Arc<Sandbox>) -> Self {
        let children = office.config.reading.children.max(1);
        Self {
            office,
            sandbox,
            children,
            coming: VecDeque::new(),
            started: 0,
            under_way: JoinSet::new(),
            unfiled: VecDeque::new(),
            read: BTreeMap::new(),
            next: 0,
        }
    }

    /// How many messages have been claimed for each child that were not handed on.
    pub(super) fn for_each_child(&self) -> usize {
        (self.coming.len() + self.unfiled.len()).div_ceil(self.children)
    }

    pub(super) fn push(&mut self, claimed: Vec<Claimed>) {
        self.coming.extend(claimed);
        self.start();
    }

    /// The next messages in their order with their readings: as many as are there and `most` at the most, but at least one
    /// if any was claimed.
    pub(super) async fn next(&mut self, most: usize) -> Vec<(Claimed, Read)> {
        let mut together = Vec::new();
        together.extend(self.first().await);
        while let Some(ended) = self.under_way.try_join_next() {
            self.read.extend(ended.ok());
        }
        while !together.is_empty()
            && together.len() < most
            && let Some(read) = self.read.remove(&self.next)
        {
            together.extend(self.hand_on(read));
        }
        self.start();
        together
    }

    async fn first(&mut self) -> Option<(Claimed, Read)> {
        loop {
            self.start();
            if let Some(read) = self.read.remove(&self.next) {
                return self.hand_on(read);
            }
            match self.under_way.join_next().await {
                Some(Ok((place, read))) => _ = self.read.insert(place, read),
                // Whose reading broke is known when no other is left.
                Some(Err(_)) => {}
                None => return self.hand_on(Ok(Readout::unreadable("Reading it broke the program.", &[]))),
            }
        }
    }

    fn hand_on(&mut self, read: Read) -> Option<(Claimed, Read)> {
        let claimed = self.unfiled.pop_front()?;
        self.next += 1;
        Some((claimed, read))
    }

    fn start(&mut self) {
        while self.under_way.len() < self.children
            && self.started < self.next + AHEAD * self.children
            && let Some(message) = self.coming.pop_front()
        {
            let (office, sandbox) = (Arc::clone(&self.office), Arc::clone(&self.sandbox));
            let (place, read) = (self.started, message.clone());
            self.under_way.spawn(async move { (place, Readout::of(&office, &sandbox, &read).await) });
            self.unfiled.push_back(message);
            self.started += 1;
        }
    }
}
