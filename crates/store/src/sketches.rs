//! What somebody began to type of an activity that cannot be saved yet, since title, format or a date
//! is missing. It is kept as typed, for the person who typed it, until an activity is made of it.

use domain::access::ProviderScope;
use domain::{AccountId, SketchId};

use crate::error::Result;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json};

/// Names and values of a form, in its order.
pub type Fields = Vec<(String, String)>;

/// A beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    pub id: SketchId,
    pub fields: Fields,
    pub begun_at: i64,
    pub updated_at: i64,
}

/// Adds a sketch or replaces what was typed; tells whether it is this person's.
pub async fn put(
    tx: &mut WriteTx,
    scope: &ProviderScope,
    account: AccountId,
    id: SketchId,
    fields: &Fields,
    now: i64,
) -> Result<bool> {
    let done = exec!(
        tx,
        "insert into activity_sketch (sketch_id, provider_id, account_id, fields, begun_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict (sketch_id) do update set fields = excluded.fields, updated_at = excluded.updated_at
         where activity_sketch.provider_id = excluded.provider_id
         and activity_sketch.account_id = excluded.account_id",
        id.as_uuid(),
        scope.provider().as_str(),
        account.as_uuid(),
        json(fields)?,
        now,
    )?;
    Ok(done > 0)
}

/// This person's sketches for the provider, the newest first.
pub async fn list(tx: &mut ReadTx, scope: &ProviderScope, account: AccountId) -> Result<Vec<Sketch>> {
    let rows = all!(
        tx,
        (uuid::Uuid, String, i64, i64),
        "select sketch_id, fields, begun_at, updated_at from activity_sketch
         where provider_id = $1 and account_id = $2 order by updated_at desc, sketch_id desc",
        scope.provider().as_str(),
        account.as_uuid(),
    )?;
    let one = |(id, fields, begun_at, updated_at): (uuid::Uuid, String, i64, i64)| {
        let fields = from_json(&fields, at("activity_sketch", "fields", &id))?;
        Ok(Sketch { id: SketchId::new(id), fields, begun_at, updated_at })
    };
    rows.into_iter().map(one).collect()
}

/// Drops a sketch of this person; tells whether there was one.
pub async fn delete(tx: &mut WriteTx, scope: &ProviderScope, account: AccountId, id: SketchId) -> Result<bool> {
    let done = exec!(
        tx,
        "delete from activity_sketch where sketch_id = $1 and provider_id = $2 and account_id = $3",
        id.as_uuid(),
        scope.provider().as_str(),
        account.as_uuid(),
    )?;
    Ok(done > 0)
}
