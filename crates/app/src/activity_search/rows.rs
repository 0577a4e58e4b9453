//! The numbers of a segment's activities, taken out of its columns once, so that counting reads plain memory.
//!
//! A segment never changes but for deletions, which the engine itself leaves out, so its rows hold for as long as it
//! lives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

/// One activity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub id: u32,
    pub starts: i32,
    pub ends: i32,
    pub credit: i32,
    pub shown: i64,
    /// Where its values end; they begin where those of the one before end.
    values_end: u32,
}

/// The activities of a segment, by its own numbers for them.
pub(super) struct Rows {
    rows: Vec<Row>,
    values: Vec<u32>,
}

impl Rows {
    fn of(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let (id, values) = (columns.u64("id")?, columns.u64("values")?);
        let (starts, ends) = (columns.i64("starts")?, columns.i64("ends")?);
        let (credit, shown) = (columns.i64("credit")?, columns.i64("shown")?);
        let small = |value: Option<i64>| i32::try_from(value.unwrap_or_default()).unwrap_or(i32::MAX);
        let mut all = Self { rows: Vec::with_capacity(segment.max_doc() as usize), values: Vec::new() };
        for doc in 0..segment.max_doc() {
            all.values.extend(values.values_for_doc(doc).map(|value| u32::try_from(value).unwrap_or(u32::MAX)));
            all.rows.push(Row {
                id: id.first(doc).and_then(|id| u32::try_from(id).ok()).unwrap_or_default(),
                starts: small(starts.first(doc)),
                ends: small(ends.first(doc)),
                credit: small(credit.first(doc)),
                shown: shown.first(doc).unwrap_or_default(),
                values_end: u32::try_from(all.values.len()).unwrap_or(u32::MAX),
            });
        }
        Ok(all)
    }

    /// An activity and the numbers of its values.
    #[inline]
    pub fn get(&self, doc: u32) -> Option<(&Row, &[u32])> {
        let place = doc as usize;
        let row = self.rows.get(place)?;
        let begin = place.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |row| row.values_end);
        Some((row, self.values.get(begin as usize..row.values_end as usize)?))
    }
}

/// The rows of all segments that are searched.
#[derive(Default)]
pub(super) struct Segments {
    known: Mutex<HashMap<SegmentId, Arc<Rows>>>,
}

impl Segments {
    /// The rows of a searcher's segments. Those of segments that are gone are let go.
    pub fn of(&self, searcher: &Searcher) -> tantivy::Result<HashMap<SegmentId, Arc<Rows>>> {
        let mut of_searcher = HashMap::new();
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let known = self.lock().get(&id).cloned();
            let rows = match known {
                Some(rows) => rows,
                None => {
                    let rows = Arc::new(Rows::of(segment)?);
                    self.lock().insert(id, rows.clone());
                    rows
                }
            };
            of_searcher.insert(id, rows);
        }
        Ok(of_searcher)
    }

    /// Lets go of segments that this searcher, the newest, does not have.
    pub fn keep_only(&self, searcher: &Searcher) {
        let readers = searcher.segment_readers();
        self.lock().retain(|id, _| readers.iter().any(|segment| segment.segment_id() == *id));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SegmentId, Arc<Rows>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
