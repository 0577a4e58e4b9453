//! How many requests a program may send: a bucket of tokens each, refilled all the time.
//!
//! Buckets live in memory; [`ApiLimits::save`] writes those that changed every few seconds and at the end, never a
//! request by itself, so that a restart gives nobody a fresh allowance. Several processes on one database keep a
//! bucket each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ApiClientId;
use store::api_allowances::{self, Allowance};

use crate::{App, Result};

/// Thousandths of a request, in which buckets are counted.
const WHOLE: i64 = 1_000;
/// The window that answers name, in seconds: an empty bucket is full again after it.
pub const WINDOW: i64 = 60;
const SECOND: i64 = 1_000_000;

/// The buckets of one process. Cloning shares them.
#[derive(Debug, Clone, Default)]
pub struct ApiLimits {
    buckets: Arc<Mutex<HashMap<ApiClientId, Bucket>>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left_millis: i64,
    at: i64,
    is_changed: bool,
}

/// What became of one request, and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Requests of a full bucket.
    pub most: i64,
    /// Whole requests left.
    pub left: i64,
    /// Seconds until the bucket is full again.
    pub full_in: i64,
    /// Seconds to wait, if this request was one too many.
    pub refused_for: Option<i64>,
}

impl Bucket {
    /// As it is now: what has come back since.
    fn refilled(self, per_minute: i64, now: i64) -> Self {
        let most = per_minute * WHOLE;
        // a minute fills any bucket, so a longer time need not be multiplied
        let passed = (now - self.at).clamp(0, WINDOW * SECOND);
        let back = i64::try_from(i128::from(passed) * i128::from(most) / i128::from(WINDOW * SECOND)).unwrap_or(most);
        Self { left_millis: self.left_millis.saturating_add(back).min(most), at: now, ..self }
    }

    /// Seconds until so much is there.
    fn seconds_until(self, wanted: i64, per_minute: i64) -> i64 {
        let missing = (wanted - self.left_millis).max(0) * WINDOW;
        let a_minute = per_minute * WHOLE;
        (missing + a_minute - 1) / a_minute
    }
}

impl ApiLimits {
    fn buckets(&self) -> MutexGuard<'_, HashMap<ApiClientId, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one request off a program's allowance. The first one since the start reads what was left then.
    pub async fn take(&self, app: &App, client: ApiClientId) -> Result<Taken> {
        let per_minute = i64::from(app.config.api_requests_per_minute.max(1));
        let now = app.clock.now();
        if !self.buckets().contains_key(&client) {
            let kept = api_allowances::find(&mut app.store.read().await?, client).await?;
            let (left_millis, at) = kept.map_or((per_minute * WHOLE, now), |kept| (kept.left_millis, kept.at));
            self.buckets().entry(client).or_insert(Bucket { left_millis, at, is_changed: false });
        }
        let mut buckets = self.buckets();
        let bucket = buckets.entry(client).or_insert(Bucket { left_millis: 0, at: now, is_changed: false });
        *bucket = bucket.refilled(per_minute, now);
        let refused_for = (bucket.left_millis < WHOLE).then(|| bucket.seconds_until(WHOLE, per_minute).max(1));
        if refused_for.is_none() {
            bucket.left_millis -= WHOLE;
            bucket.is_changed = true;
        }
        Ok(Taken {
            most: per_minute,
            left: bucket.left_millis / WHOLE,
            full_in: bucket.seconds_until(per_minute * WHOLE, per_minute),
            refused_for,
        })
    }

    /// Writes down what changed since the last time, in one transaction.
    pub async fn save(&self, app: &App) -> Result<()> {
        let changed: Vec<Allowance> = {
            let mut buckets = self.buckets();
            let changed = buckets.iter_mut().filter(|(_, bucket)| bucket.is_changed).map(|(client, bucket)| {
                bucket.is_changed = false;
                Allowance { client: *client, left_millis: bucket.left_millis, at: bucket.at }
            });
            changed.collect()
        };
        if changed.is_empty() {
            return Ok(());
        }
        let saved = self.write(app, &changed).await;
        if saved.is_err() {
            let mut buckets = self.buckets();
            for one in &changed {
                if let Some(bucket) = buckets.get_mut(&one.client) {
                    bucket.is_changed = true; // next time
                }
            }
        }
        saved
    }

    async fn write(&self, app: &App, changed: &[Allowance]) -> Result<()> {
        let mut tx = app.store.write().await?;
        api_allowances::save(&mut tx, changed).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_fills_evenly_and_never_over() {
        let empty = Bucket { left_millis: 0, at: 0, is_changed: false };
        assert_eq!(empty.refilled(60, 30 * SECOND).left_millis, 30 * WHOLE);
        assert_eq!(empty.refilled(60, i64::MAX).left_millis, 60 * WHOLE);
        // a clock that goes back takes nothing away
        assert_eq!(Bucket { left_millis: 5, at: 9 * SECOND, ..empty }.refilled(60, 0).left_millis, 5);
        assert_eq!((empty.seconds_until(WHOLE, 60), empty.seconds_until(60 * WHOLE, 60)), (1, 60));
        assert_eq!((empty.seconds_until(WHOLE, 1), empty.seconds_until(6_000 * WHOLE, 6_000)), (60, 60));
    }
}
