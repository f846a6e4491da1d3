//! How many requests were answered, and how long that took, by route.
//!
//! Promises that no stranger makes the list longer: what is at no address, and a method that nobody knows, count as one each.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::Method;

/// The edges of the histogram, in milliseconds.
const EDGES: [u64; 10] = [5, 15, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/// What was counted since the program started.
#[derive(Debug, Default)]
pub(in crate::web) struct Counted(Mutex<Counts>);

/// The counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// Requests, by method, route and status.
    pub(super) requests: BTreeMap<(&'static str, String, u16), u64>,
    /// How long they took, by route.
    pub(super) took: BTreeMap<String, Took>,
}

/// How long requests took.
#[derive(Clone, Debug, Default)]
pub(super) struct Took {
    /// How many took no longer than each edge, and longer than the one before.
    within: [u64; EDGES.len()],
    /// In all.
    pub(super) sum: Duration,
    /// How many.
    pub(super) count: u64,
}

impl Counted {
    /// The counts as they are now.
    pub(super) fn now(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts an answer.
    pub(super) fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            _ => "other",
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.requests.entry((method, route.to_owned(), status)).or_default() += 1;
        counts.took.entry(route.to_owned()).or_default().add(took);
    }
}

impl Took {
    fn add(&mut self, took: Duration) {
        self.sum += took;
        self.count += 1;
        if let Some(at) = EDGES.iter().position(|edge| took <= Duration::from_millis(*edge)) {
            self.within[at] += 1;
        }
    }

    /// Each edge in seconds, and how many took no longer.
    pub(super) fn up_to(&self) -> impl Iterator<Item = (f64, u64)> {
        let edges = EDGES.map(|edge| Duration::from_millis(edge).as_secs_f64());
        edges.into_iter().zip(self.within).scan(0, |all, (edge, within)| {
            *all += within;
            Some((edge, *all))
        })
    }
}
