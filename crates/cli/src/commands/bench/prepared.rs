//! What a finished upload has written, read back into memory in the chunks in which it was written:
//! the rows that the bare loop writes once more, elsewhere.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use app::uploads::ROWS_PER_CHUNK;
use domain::access::ProviderScope;
use domain::credit::{CreditStatus, Kind};
use domain::upload::Counts;
use domain::{Amount, CompletionId, CreditId, UploadId};
use store::completions::{self, NewCompletion, NewCredit};
use store::events::{EventKind, NewEvent};
use store::ledger::{Leaf, LedgerEvent};
use store::proof::Evidence;
use store::upload_rows::{self, ResultRow, SettledRow};
use store::uploads::{self, Upload};
use store::{ReadTx, Store};

/// Rows read at a time.
const PAGE: i64 = 10_000;

pub(super) struct Prepared {
    pub(super) upload: Upload,
    /// The ledger's size before the upload.
    pub(super) first_leaf: i64,
    pub(super) chunks: Vec<Chunk>,
}

/// Everything that one transaction writes.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) rows: Vec<SettledRow>,
    pub(super) counts: Counts,
    pub(super) completions: Vec<NewCompletion>,
    pub(super) credits: Vec<NewCredit>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) events: Vec<NewEvent>,
}

impl Prepared {
    pub(super) async fn read(store: &Store, id: UploadId) -> Result<Self> {
        let all = Self::read_all(store, &[id]).await?;
        all.into_iter().next().with_context(|| format!("there is no upload {id}"))
    }

    /// Several uploads, in the order in which they came into the ledger.
    pub(super) async fn read_all(store: &Store, ids: &[UploadId]) -> Result<Vec<Self>> {
        let mut tx = store.read().await?;
        let mut of_all = recorded(&mut tx, ids).await?;
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            all.push(Self::of(&mut tx, *id, of_all.remove(id).unwrap_or_default()).await?);
        }
        all.sort_by_key(|prepared| prepared.first_leaf);
        Ok(all)
    }

    async fn of(tx: &mut ReadTx, id: UploadId, mut recorded: Recorded) -> Result<Self> {
        let upload = uploads::find_for_work(tx, id).await?.with_context(|| format!("there is no upload {id}"))?;
        let scope = ProviderScope::of_record(upload.provider);
        let first_leaf = recorded.values().flatten().map(|(_, leaf)| leaf.index).min().unwrap_or_default();
        let mut chunks = Vec::new();
        for rows in results(tx, &scope, id).await?.chunks(ROWS_PER_CHUNK) {
            let ids: Vec<CompletionId> = rows.iter().filter_map(|row| row.completion).collect();
            let mut chunk = Chunk { completions: completions::find_many(tx, &scope, &ids).await?, ..Chunk::default() };
            // a row that was reported already names a completion of another chunk or upload
            let (first, last) = (rows.first().map(|row| row.number), rows.last().map(|row| row.number));
            let is_here = |number| first <= Some(number) && Some(number) <= last;
            chunk.completions.retain(|completion| completion.upload == id && is_here(completion.row_number));
            chunk.completions.sort_by_key(|completion| completion.row_number);
            let of_chunk = chunk.completions.iter().filter_map(|completion| recorded.remove(&completion.id));
            let mut of_chunk: Vec<(NewCredit, Leaf)> = of_chunk.flatten().collect();
            of_chunk.sort_by_key(|(_, leaf)| leaf.index);
            chunk.events = of_chunk.iter().filter_map(|(credit, _)| event(&upload, credit)).collect();
            (chunk.credits, chunk.leaves) = of_chunk.into_iter().unzip();
            rows.iter().for_each(|row| chunk.counts.count(row.result));
            chunk.rows = rows.iter().cloned().map(settled).collect();
            chunks.push(chunk);
        }
        if !recorded.is_empty() {
            bail!("{} completions stand beside no row of the upload", recorded.len());
        }
        Ok(Self { upload, first_leaf, chunks })
    }
}

async fn results(tx: &mut ReadTx, scope: &ProviderScope, id: UploadId) -> Result<Vec<ResultRow>> {
    let mut rows: Vec<ResultRow> = Vec::new();
    loop {
        let after = rows.last().map_or(0, |row| row.number);
        let page = upload_rows::list_results(tx, scope, id, after, PAGE).await?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}

/// Credits with their leaves, by completion.
type Recorded = HashMap<CompletionId, Vec<(NewCredit, Leaf)>>;

/// What each of these uploads has put on record.
async fn recorded(tx: &mut ReadTx, uploads: &[UploadId]) -> Result<HashMap<UploadId, Recorded>> {
    let mut recorded: HashMap<UploadId, Recorded> = uploads.iter().map(|id| (*id, Recorded::new())).collect();
    let mut from = 0;
    loop {
        let page = store::proof::evidence(tx, from, PAGE).await?;
        let Some(last) = page.last() else { return Ok(recorded) };
        from = last.leaf_index + 1;
        for evidence in &page {
            let upload = evidence.upload_id.map(UploadId::new);
            let Some(of_upload) = upload.and_then(|upload| recorded.get_mut(&upload)) else { continue };
            let read = read(evidence).with_context(|| format!("leaf {} cannot be repeated", evidence.leaf_index))?;
            of_upload.entry(read.0.completion).or_default().push(read);
        }
    }
}

/// `None` for what a plain report of learners does not write: withdrawals and decisions.
fn read(evidence: &Evidence) -> Option<(NewCredit, Leaf)> {
    if evidence.event != "report" || evidence.withdrawn_at.is_some() {
        return None;
    }
    let id = CreditId::new(evidence.credit_id);
    let types: Vec<(String, Amount)> = serde_json::from_str(evidence.types.as_deref()?).ok()?;
    let credit = NewCredit {
        id,
        completion: CompletionId::new(evidence.completion_id?),
        kind: Kind::read(evidence.kind.as_deref()?)?,
        part: domain::credit::Part::Whole,
        amount: Amount::new(evidence.amount?),
        types,
        diplomate_id: evidence.diplomate_id.clone()?,
        status: CreditStatus::read(evidence.status.as_deref()?)?,
        derived_from: evidence.derived_from.map(CreditId::new),
        reported_at: evidence.reported_at?,
        leaf_index: evidence.leaf_index,
        withdrawn: None,
    };
    let hash = evidence.leaf_hash.as_slice().try_into().ok()?;
    Some((credit, Leaf { index: evidence.leaf_index, hash, event: LedgerEvent::Report, credit: id, at: evidence.at }))
}

fn event(upload: &Upload, credit: &NewCredit) -> Option<NewEvent> {
    Some(NewEvent {
        kind: EventKind::CreditReported,
        at: credit.reported_at,
        provider: upload.provider,
        board: Some(credit.kind.board()?),
        credit: Some(credit.id),
        upload: Some(upload.id),
    })
}

/// What is told last.
pub(super) fn finished(upload: &Upload) -> NewEvent {
    NewEvent {
        kind: EventKind::UploadFinished,
        at: upload.received_at,
        provider: upload.provider,
        board: None,
        credit: None,
        upload: Some(upload.id),
    }
}

fn settled(row: ResultRow) -> SettledRow {
    let ResultRow { number, result, completion, cells, problems } = row;
    SettledRow { number, result, completion, refused: cells.map(|cells| (cells, problems)) }
}
