//! Files that physicians show: what is kept of each beside its bytes. Which case or entry holds a file decides who may
//! have it, so files are read with those.

use domain::access::PhysicianScope;
use domain::{EvidenceId, PhysicianId};
use uuid::Uuid;

use crate::error::Result;
use crate::identity_changes::records::merged_here;
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, word};

/// What a file is, as its first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceKind {
    Pdf,
    Jpeg,
    Png,
}

impl EvidenceKind {
    pub fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Pdf, Self::Jpeg, Self::Png].into_iter().find(|kind| kind.code() == code)
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    pub file_name: String,
    pub kind: EvidenceKind,
    pub bytes: i64,
    /// Hex SHA-256.
    pub digest: String,
}

/// The columns of a file where it is joined from the left: all empty, or none.
#[derive(sqlx::FromRow)]
pub(crate) struct EvidenceRow {
    evidence_id: Option<Uuid>,
    evidence_name: Option<String>,
    evidence_kind: Option<String>,
    evidence_bytes: Option<i64>,
    evidence_digest: Option<String>,
}

impl EvidenceRow {
    pub fn read(self) -> Result<Option<Evidence>> {
        let Some(id) = self.evidence_id.map(EvidenceId::new) else { return Ok(None) };
        let kind = EvidenceKind::read(&self.evidence_kind.unwrap_or_default());
        Ok(Some(Evidence {
            id,
            file_name: self.evidence_name.unwrap_or_default(),
            kind: word(kind, at("evidence", "kind", &id))?,
            bytes: self.evidence_bytes.unwrap_or_default(),
            digest: self.evidence_digest.unwrap_or_default(),
        }))
    }
}

pub async fn insert(tx: &mut WriteTx, scope: &PhysicianScope, evidence: &Evidence, now: i64) -> Result<()> {
    exec!(
        tx,
        "insert into evidence (evidence_id, physician_id, file_name, kind, bytes, digest, received_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        evidence.id.as_uuid(),
        scope.physician().as_uuid(),
        evidence.file_name.as_str(),
        evidence.kind.code(),
        evidence.bytes,
        evidence.digest.as_str(),
        now,
    )?;
    Ok(())
}

/// Forgets a file that no case and no entry holds any more. `false`: one still does.
pub async fn delete_unused(tx: &mut WriteTx, id: EvidenceId) -> Result<bool> {
    let deleted = exec!(
        tx,
        "delete from evidence where evidence_id = $1
         and not exists (select 1 from missing_credit where missing_credit.evidence_id = evidence.evidence_id)
         and not exists (select 1 from own_credit where own_credit.evidence_id = evidence.evidence_id)",
        id.as_uuid(),
    )?;
    Ok(deleted == 1)
}

/// How many bytes of files a physician has here.
pub async fn bytes_of(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<i64> {
    let mut sum = 0;
    for record in records_of(tx, scope).await? {
        let (bytes,): (i64,) = one!(
            tx,
            (i64,),
            "select cast(coalesce(sum(bytes), 0) as bigint) from evidence where physician_id = $1",
            record,
        )?;
        sum += bytes;
    }
    Ok(sum)
}

/// The physician's record and those merged into it: what a person wrote follows the person.
pub(crate) async fn records_of(tx: &mut ReadTx, scope: &PhysicianScope) -> Result<Vec<Uuid>> {
    let mut all = vec![scope.physician()];
    all.extend(merged_here(tx, scope.physician()).await?);
    Ok(all.into_iter().map(PhysicianId::as_uuid).collect())
}
