//! What this process has done since it started, for metrics: requests by route and status, how long they took, rows
//! of uploads settled. Routes are templates (`/board/lists/{list}`), so no number says anything about a person.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the histogram's buckets, in seconds.
pub const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Counts of one process. Cloning shares them.
#[derive(Clone, Default)]
pub struct Meter {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// By route, then by method.
    requests: Mutex<HashMap<String, HashMap<&'static str, Series>>>,
    rows: AtomicU64,
}

/// Requests of one method and route.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    pub by_status: Vec<(u16, u64)>,
    /// Answers that took at most as long as the bucket of [`BUCKETS`] says, and longer than the one before.
    pub buckets: [u64; BUCKETS.len()],
    pub count: u64,
    pub seconds: f64,
}

impl Series {
    fn add(&mut self, status: u16, latency: Duration) {
        match self.by_status.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count += 1,
            None => self.by_status.push((status, 1)),
        }
        let seconds = latency.as_secs_f64();
        if let Some(bucket) =
            BUCKETS.iter().position(|end| seconds <= *end).and_then(|place| self.buckets.get_mut(place))
        {
            *bucket += 1;
        }
        self.count += 1;
        self.seconds += seconds;
    }
}

impl Meter {
    /// Counts an answer. `route` is the router's template; `method` one of few words.
    pub fn answered(&self, method: &'static str, route: &str, status: u16, latency: Duration) {
        let mut requests = self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if !requests.contains_key(route) {
            requests.insert(route.to_owned(), HashMap::new());
        }
        if let Some(methods) = requests.get_mut(route) {
            methods.entry(method).or_default().add(status, latency);
        }
    }

    /// Counts rows of uploads that were just settled.
    pub fn settled(&self, rows: usize) {
        self.shared.rows.fetch_add(rows as u64, Ordering::Relaxed);
    }

    pub fn rows(&self) -> u64 {
        self.shared.rows.load(Ordering::Relaxed)
    }

    /// All that was counted: route, method, series; in order.
    pub fn requests(&self) -> Vec<(String, &'static str, Series)> {
        let requests = self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let each = requests.iter().flat_map(|(route, methods)| {
            methods.iter().map(move |(method, series)| (route.clone(), *method, series.clone()))
        });
        let mut all: Vec<_> = each.collect();
        all.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_counted_once_in_its_bucket_and_by_its_status() {
        let meter = Meter::default();
        for (status, milliseconds) in [(200, 4), (200, 5), (404, 30), (200, 60_000)] {
            meter.answered("GET", "/board", status, Duration::from_millis(milliseconds));
        }
        let [(route, method, series)] = &meter.requests()[..] else { panic!("one route") };
        assert_eq!((route.as_str(), *method, series.count), ("/board", "GET", 4));
        assert_eq!(series.by_status, [(200, 3), (404, 1)]);
        assert_eq!(
            series.buckets,
            [2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
            "what takes longest is in no bucket but the last"
        );
    }
}
