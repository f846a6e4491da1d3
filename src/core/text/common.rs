//! What two sequences have in common, in their order.
//!
//! Promises pairs that rise on both sides and are equal, in a time that is bounded whatever the sequences are: where it
//! would take longer, less is found in common, and never anything that is not.

use std::{collections::BTreeMap, ops::Range};

/// Up to so many pairs are all compared with each other.
const COMPARED: usize = 250_000;
/// So often each element may be looked at.
const PATIENCE: usize = 64;

/// The places of equal elements, in their order.
pub(super) fn common(one: &[u32], other: &[u32]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut left = PATIENCE * (one.len() + other.len());
    let mut ranges = vec![(0..one.len(), 0..other.len())];
    while let Some((mut a, mut b)) = ranges.pop() {
        while !a.is_empty() && !b.is_empty() && one[a.start] == other[b.start] {
            pairs.push((a.start, b.start));
            (a.start, b.start) = (a.start + 1, b.start + 1);
        }
        while !a.is_empty() && !b.is_empty() && one[a.end - 1] == other[b.end - 1] {
            (a.end, b.end) = (a.end - 1, b.end - 1);
            pairs.push((a.end, b.end));
        }
        if a.is_empty() || b.is_empty() {
            continue;
        }
        if a.len().saturating_mul(b.len()) <= COMPARED {
            longest(one, other, a, b, &mut pairs);
            continue;
        }
        let Some(rest) = left.checked_sub(a.len() + b.len()) else { continue };
        left = rest;
        let (mut from, anchors) = ((a.start, b.start), anchors(one, other, a.clone(), b.clone()));
        if anchors.is_empty() {
            continue;
        }
        for (x, y) in anchors {
            pairs.push((x, y));
            ranges.push((from.0..x, from.1..y));
            from = (x + 1, y + 1);
        }
        ranges.push((from.0..a.end, from.1..b.end));
    }
    pairs.sort_unstable();
    pairs
}

/// The longest that both have in common, by comparing all with all.
fn longest(one: &[u32], other: &[u32], a: Range<usize>, b: Range<usize>, pairs: &mut Vec<(usize, usize)>) {
    let (rows, columns) = (a.len(), b.len());
    let at = |x: usize, y: usize| x * (columns + 1) + y;
    let mut lengths = vec![0_u32; (rows + 1) * (columns + 1)];
    for x in (0..rows).rev() {
        for y in (0..columns).rev() {
            lengths[at(x, y)] = if one[a.start + x] == other[b.start + y] {
                lengths[at(x + 1, y + 1)] + 1
            } else {
                lengths[at(x + 1, y)].max(lengths[at(x, y + 1)])
            };
        }
    }
    let (mut x, mut y) = (0, 0);
    while x < rows && y < columns {
        if one[a.start + x] == other[b.start + y] {
            pairs.push((a.start + x, b.start + y));
            (x, y) = (x + 1, y + 1);
        } else if lengths[at(x + 1, y)] >= lengths[at(x, y + 1)] {
            x += 1;
        } else {
            y += 1;
        }
    }
}

/// The longest rising run of elements that each stand once on both sides.
fn anchors(one: &[u32], other: &[u32], a: Range<usize>, b: Range<usize>) -> Vec<(usize, usize)> {
    let mut places: BTreeMap<u32, [Vec<usize>; 2]> = BTreeMap::new();
    let sides = a.map(|at| (one[at], 0, at)).chain(b.map(|at| (other[at], 1, at)));
    sides.for_each(|(element, side, at)| places.entry(element).or_default()[side].push(at));
    let single = places.into_values().filter_map(|[a, b]| match (&a[..], &b[..]) {
        ([a], [b]) => Some((*a, *b)),
        _ => None,
    });
    let mut rising: Vec<(usize, usize)> = single.collect();
    rising.sort_unstable();
    // By length of a run, where the lowest end is; and what stood before each.
    let (mut ends, mut before) = (Vec::<usize>::new(), vec![None; rising.len()]);
    for (i, (_, y)) in rising.iter().enumerate() {
        let length = ends.partition_point(|&end| rising[end].1 < *y);
        before[i] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = i,
            None => ends.push(i),
        }
    }
    let mut run: Vec<(usize, usize)> =
        std::iter::successors(ends.last().copied(), |&i| before[i]).map(|i| rising[i]).collect();
    run.reverse();
    run
}
