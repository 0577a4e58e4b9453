//! One pass over the activities that hold the words: which are found, the first of them, and how many each value of
//! each facet would find.
//!
//! A facet's own choice does not narrow its own counts: an activity that fails just one facet still counts for the
//! values of that facet. What fails in two places counts nowhere.

use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::index::SegmentId;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use super::asked::Sort;
use super::facets::Facet;
use super::rows::{Row, Rows};
use super::when::{When, distance};

/// Ways to narrow beside facets, each with a bit behind theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    Dates,
    Amount,
    Fits,
}

impl Range {
    pub const ALL: [Self; 3] = [Self::Dates, Self::Amount, Self::Fits];

    fn bit(self) -> u32 {
        1 << (Facet::ALL.len() + self as usize)
    }
}

/// All ways to narrow.
pub(super) const WAYS: usize = Facet::ALL.len() + Range::ALL.len();

/// What a search wants, in the numbers of the index.
pub(super) struct Plan {
    pub today: i64,
    pub sort: Sort,
    /// Whether there are words to score by.
    pub has_words: bool,
    /// How many of the first are wanted.
    pub first: usize,
    /// By value number: the place of its facet.
    pub facet_of: Vec<u8>,
    /// By value number.
    pub is_chosen: Vec<bool>,
    /// Facets with a choice, as bits of their places.
    pub wanted: u32,
    pub when: Vec<When>,
    pub dates: Option<(i64, i64)>,
    pub amounts: Option<(i32, i32)>,
    /// By value number: whether an activity with it fits; none if all may.
    pub fitting: Option<Vec<bool>>,
    /// First seen after the first of these changes, and not after the second.
    pub shown: Option<(i64, i64)>,
    /// The day that distances are counted from.
    pub near: i64,
}

impl Plan {
    /// What an activity fails of what is wanted, as bits; and when it can be begun.
    #[inline]
    fn failed(&self, row: &Row, values: &[u32]) -> (u32, When) {
        let mut met = 0;
        let mut fits = false;
        for value in values {
            let value = *value as usize;
            if self.is_chosen.get(value).copied().unwrap_or_default() {
                met |= 1 << self.facet_of.get(value).copied().unwrap_or_default();
            }
            if let Some(fitting) = &self.fitting {
                fits |= fitting.get(value).copied().unwrap_or_default();
            }
        }
        let when = When::of_days(i64::from(row.starts) - self.today);
        if self.when.contains(&when) {
            met |= 1 << Facet::When.place();
        }
        let mut failed = self.wanted & !met;
        if let Some((from, to)) = self.dates
            && (i64::from(row.ends) < from || i64::from(row.starts) > to)
        {
            failed |= Range::Dates.bit();
        }
        if let Some((least, most)) = self.amounts
            && (row.credit < least || row.credit > most)
        {
            failed |= Range::Amount.bit();
        }
        if self.fitting.is_some() && !fits {
            failed |= Range::Fits.bit();
        }
        (failed, when)
    }

    /// Small is first; the ID last, so that an order is always the same.
    fn key(&self, row: &Row, score: Score) -> Key {
        let (starts, ends) = (i64::from(row.starts), i64::from(row.ends));
        let soonest = if starts >= self.today { starts - self.today } else { BEGUN + ends - self.today };
        let (first, second) = match self.sort {
            Sort::Relevance => (-score_number(score), soonest),
            Sort::Soonest => (soonest, ends),
            Sort::Nearest => (distance(starts, ends, self.near), ends),
            Sort::Credits => (-i64::from(row.credit), soonest),
            Sort::Newest => (-row.shown, soonest),
        };
        (first, second, row.id)
    }
}

/// What has begun stands behind all that has not.
const BEGUN: i64 = 10_000_000;

/// Scores as numbers that can be ordered, to a ten thousandth.
#[expect(clippy::cast_possible_truncation, reason = "scores are small; what is not is cut at the largest number")]
fn score_number(score: Score) -> i64 {
    (f64::from(score) * 10_000.0) as i64
}

type Key = (i64, i64, u32);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub total: u64,
    /// IDs of the first, in order.
    pub first: Vec<u32>,
    /// By value number.
    pub counts: Vec<u32>,
    pub when: [u32; When::ALL.len()],
    /// By facet, then [`Range`]: how many more would be found without it.
    pub more_without: [u64; WAYS],
}

pub(super) struct Counting {
    pub plan: Arc<Plan>,
    pub segments: HashMap<SegmentId, Arc<Rows>>,
}

pub(super) struct CountingSegment {
    plan: Arc<Plan>,
    rows: Arc<Rows>,
    counted: Counted,
    /// The largest key on top.
    first: BinaryHeap<Key>,
}

impl Collector for Counting {
    type Fruit = Counted;
    type Child = CountingSegment;

    fn for_segment(&self, _ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<CountingSegment> {
        let rows = self.segments.get(&segment.segment_id());
        let rows = rows.ok_or_else(|| TantivyError::InternalError("a segment without rows".to_owned()))?;
        let counted = Counted { counts: vec![0; self.plan.facet_of.len()], ..Counted::default() };
        Ok(CountingSegment { plan: self.plan.clone(), rows: rows.clone(), counted, first: BinaryHeap::new() })
    }

    fn requires_scoring(&self) -> bool {
        self.plan.has_words && self.plan.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<(Counted, Vec<Key>)>) -> tantivy::Result<Counted> {
        let mut all = Counted { counts: vec![0; self.plan.facet_of.len()], ..Counted::default() };
        let mut keys = Vec::new();
        for (counted, first) in segments {
            all.total += counted.total;
            keys.extend(first);
            all.counts.iter_mut().zip(counted.counts).for_each(|(sum, one)| *sum += one);
            all.when.iter_mut().zip(counted.when).for_each(|(sum, one)| *sum += one);
            all.more_without.iter_mut().zip(counted.more_without).for_each(|(sum, one)| *sum += one);
        }
        keys.sort_unstable();
        all.first = keys.into_iter().take(self.plan.first).map(|(_, _, id)| id).collect();
        Ok(all)
    }
}

impl SegmentCollector for CountingSegment {
    type Fruit = (Counted, Vec<Key>);

    #[inline]
    fn collect(&mut self, doc: DocId, score: Score) {
        let Some((row, values)) = self.rows.get(doc) else { return };
        let plan = &*self.plan;
        if i64::from(row.ends) < plan.today {
            return;
        }
        if plan.shown.is_some_and(|(after, until)| row.shown <= after || row.shown > until) {
            return;
        }
        let (failed, when) = plan.failed(row, values);
        match failed.count_ones() {
            0 => {
                self.counted.total += 1;
                for value in values {
                    if let Some(count) = self.counted.counts.get_mut(*value as usize) {
                        *count += 1;
                    }
                }
                if let Some(count) = self.counted.when.get_mut(when as usize) {
                    *count += 1;
                }
                let key = plan.key(row, score);
                if self.first.len() < plan.first {
                    self.first.push(key);
                } else if self.first.peek().is_some_and(|last| key < *last) {
                    self.first.pop();
                    self.first.push(key);
                }
            }
            1 => {
                let place = failed.trailing_zeros() as usize;
                if let Some(count) = self.counted.more_without.get_mut(place) {
                    *count += 1;
                }
                if place == Facet::When.place() {
                    if let Some(count) = self.counted.when.get_mut(when as usize) {
                        *count += 1;
                    }
                    return;
                }
                for value in values {
                    let value = *value as usize;
                    if plan.facet_of.get(value).is_some_and(|facet| usize::from(*facet) == place)
                        && let Some(count) = self.counted.counts.get_mut(value)
                    {
                        *count += 1;
                    }
                }
            }
            _ => {}
        }
    }

    fn harvest(self) -> Self::Fruit {
        (self.counted, self.first.into_vec())
    }
}
