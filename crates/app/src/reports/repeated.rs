//! A sender's own IDs (Submission ID, CreditID): one ID stands for one completion of the provider's.
//!
//! The same ID again on the same learner, activity and date is no matter, also on another row: a report of
//! several boards is several rows, and one that was refused comes again. A report may bring several, one for each
//! certificate. The ID of a record that was withdrawn is free.

use std::collections::HashMap;

use domain::access::ProviderScope;
use domain::report::Action;
use domain::upload::RowResult;
use domain::{Code, Field, Problem};
use store::{ReadTx, submissions};

use super::book::{Book, Key};
use super::judge::Judged;
use super::record::Recorded;
use crate::Result;

/// What is on record under the IDs of a batch, and what its rows make of it one by one.
#[derive(Default)]
pub(super) struct Repeated {
    under: HashMap<String, Vec<Key>>,
}

impl Repeated {
    /// One query, or none where no row gives an ID.
    pub async fn find(tx: &mut ReadTx, scope: &ProviderScope, rows: &[(i64, &Judged)]) -> Result<Self> {
        let added = rows.iter().map(|(_, judged)| &judged.report).filter(|report| report.action == Some(Action::Add));
        let mut ids: Vec<String> = added.flat_map(|report| report.own_ids().cloned()).collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        ids.sort_unstable();
        ids.dedup();
        let mut under: HashMap<String, Vec<Key>> = HashMap::new();
        for named in submissions::named(tx, scope, &ids).await? {
            let key = (named.activity, named.person, named.completed_on);
            under.entry(named.submission_id).or_default().push(key);
        }
        Ok(Self { under })
    }

    /// Settles a row with its ID in mind: one that stands for another learner, activity or date refuses it.
    pub fn around(&mut self, book: &mut Book, judged: &Judged, settle: impl FnOnce(&mut Book) -> Recorded) -> Recorded {
        let Some(key) = key_of(judged) else { return settle(book) };
        match judged.report.action {
            Some(Action::Add) => self.add(book, judged, key, settle),
            Some(Action::Delete) => {
                let recorded = settle(book);
                if book.completion(&key).is_none() {
                    // what is not on record any more has no ID
                    self.under.values_mut().for_each(|keys| keys.retain(|known| *known != key));
                }
                recorded
            }
            None => settle(book),
        }
    }

    fn add(
        &mut self,
        book: &mut Book,
        judged: &Judged,
        key: Key,
        settle: impl FnOnce(&mut Book) -> Recorded,
    ) -> Recorded {
        let of = |id: &String| self.under.get(id).map_or(&[] as &[Key], Vec::as_slice);
        let repeated = |id: &String| Problem::field(Code::IdentifierRepeated, Field::SubmissionId).given(id.as_str());
        if let Some(id) = judged.report.own_ids().find(|id| of(id).iter().any(|known| *known != key)) {
            return Recorded { result: RowResult::Refused, completion: None, problems: vec![repeated(id)] };
        }
        let known = judged.report.own_ids().find(|id| !of(id).is_empty()).cloned();
        let mut recorded = settle(book);
        match known {
            Some(id) if recorded.problems.iter().any(|problem| problem.code == Code::CreditDiffers) => {
                recorded.problems.push(repeated(&id));
            }
            _ => {}
        }
        if let (RowResult::Accepted, Some(completion)) = (recorded.result, recorded.completion) {
            for id in judged.report.own_ids() {
                let keys = self.under.entry(id.clone()).or_default();
                if !keys.contains(&key) {
                    keys.push(key.clone());
                    book.name(completion, id);
                }
            }
        }
        recorded
    }
}

/// The key of a good row.
fn key_of(judged: &Judged) -> Option<Key> {
    let report = Some(&judged.report).filter(|report| report.problems.is_empty())?;
    Some((report.activity?, judged.person.clone()?, report.completed_on?))
}
