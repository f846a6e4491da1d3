//! Reading ahead: messages are read and judged while earlier ones are filed, and every conclusion comes in its turn.
//!
//! Promises no more children at work than the configuration says, and no more readings in memory than a few times as many.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use tokio::{sync::Semaphore, task::JoinSet};

use super::{conclusion::Conclusion, readout::Readout};
use crate::{core::event::NotRead, instance::Instance, pipeline::PipelineError, reading::Readers, store::Claimed};

/// How many readings there may be for each child that are not taken yet.
const AHEAD: usize = 4;

/// What is concluded about a message, or why that could not be tried.
pub(super) type Read = Result<Conclusion, PipelineError>;

/// Claimed messages on their way through the children.
#[derive(Debug)]
pub(super) struct Ahead {
    instance: Arc<Instance>,
    readers: Arc<Readers>,
    children: usize,
    /// As many as there may be children at work.
    turns: Arc<Semaphore>,
    coming: VecDeque<Claimed>,
    started: usize,
    under_way: JoinSet<(usize, Read)>,
    unfiled: VecDeque<Claimed>,
    read: BTreeMap<usize, Read>,
    next: usize,
}

impl Ahead {
    pub(super) fn new(instance: Arc<Instance>, readers: Arc<Readers>) -> Self {
        let children = instance.config.reading.children.max(1);
        Self {
            instance,
            readers,
            children,
            turns: Arc::new(Semaphore::new(children)),
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

    /// Takes on what was claimed. What is on its way already, because its claim ran out, goes on under the new claim.
    pub(super) fn push(&mut self, claimed: Vec<Claimed>) {
        for claimed in claimed {
            match self.unfiled.iter_mut().chain(&mut self.coming).find(|known| known.id == claimed.id) {
                Some(known) => *known = claimed,
                None => self.coming.push_back(claimed),
            }
        }
        self.start();
    }

    /// The next messages in their order with what is concluded about them: as many as are there and `most` at the most,
    /// but at least one if any was claimed.
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
            together.extend(self.hand_on().map(|claimed| (claimed, read)));
        }
        self.start();
        together
    }

    async fn first(&mut self) -> Option<(Claimed, Read)> {
        loop {
            self.start();
            if let Some(read) = self.read.remove(&self.next) {
                return self.hand_on().map(|claimed| (claimed, read));
            }
            match self.under_way.join_next().await {
                Some(Ok((place, read))) => _ = self.read.insert(place, read),
                // Whose reading broke is known when no other is left.
                Some(Err(_)) => {}
                None => {
                    let claimed = self.hand_on()?;
                    let broken = Readout::unreadable(NotRead::Broken, &[]);
                    return Some((claimed.clone(), Conclusion::of(&self.instance, claimed, broken).await));
                }
            }
        }
    }

    fn hand_on(&mut self) -> Option<Claimed> {
        let claimed = self.unfiled.pop_front()?;
        self.next += 1;
        Some(claimed)
    }

    fn start(&mut self) {
        while self.started < self.next + AHEAD * self.children
            && let Some(message) = self.coming.pop_front()
        {
            let (instance, readers, turns) =
                (Arc::clone(&self.instance), Arc::clone(&self.readers), Arc::clone(&self.turns));
            let (place, claimed) = (self.started, message.clone());
            self.under_way.spawn(async move {
                let room = instance.room_for(u64::try_from(claimed.size).ok()).await;
                let turn = turns.acquire_owned().await;
                let readout = Readout::of(&instance, &readers, &claimed).await;
                drop((room, turn));
                match readout {
                    Ok(readout) => (place, Conclusion::of(&instance, claimed, readout).await),
                    Err(error) => (place, Err(error)),
                }
            });
            self.unfiled.push_back(message);
            self.started += 1;
        }
    }
}
