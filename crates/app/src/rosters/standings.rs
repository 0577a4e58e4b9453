//! How a license stands, put right by hand by the accreditor's staff, and taken back. What boards see follows from the
//! license itself, so a change is there at their next request; why and since when is in its history.
//!
//! A later roster speaks for its board again and may say otherwise.

use domain::access::{Actor, StaffScope};
use domain::check::us_date;
use domain::{PhysicianId, StandingChangeId, State};
use jiff::civil::Date;
use store::identity_changes::held::{self, LicenseRow};
use store::identity_changes::records;
use store::physicians::{self, Certification, Held, License};
use store::standing_changes::{self, Source, Standing, StandingChange};
use store::{ReadTx, WriteTx};

use crate::identity::{reason, staff};
use crate::{App, Error, Fault, Result, audit, retry};

/// The longest word for a status.
const LONGEST_STATUS: usize = 60;
/// The first day that a change can count from.
const FIRST_YEAR: i16 = 1900;

/// Words that boards use; others are taken too.
pub const USUAL: [&str; 8] =
    ["Active", "Inactive", "Expired", "Lapsed", "Suspended", "Surrendered", "Revoked", "Retired"];

/// Status and dates, as people read them.
pub fn words(standing: &Standing) -> String {
    let status = if standing.status.is_empty() { "Not stated" } else { &standing.status };
    let mut words = status.to_owned();
    if let Some(day) = standing.issued_on {
        words.push_str(&format!(", issued {}", us_date(day)));
    }
    if let Some(day) = standing.expires_on {
        words.push_str(&format!(", expires {}", us_date(day)));
    }
    words
}

/// What staff want a license to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    pub status: String,
    pub expires_on: Option<Date>,
    /// The day from which it counts; none yet to come.
    pub effective_on: Option<Date>,
    pub reason: String,
    /// When the license was last changed, as the person saw it (microseconds).
    pub seen_at: i64,
}

/// A license of a physician, to be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub state: State,
    pub number: String,
    pub standing: Standing,
    pub updated_at: i64,
    /// The newest first.
    pub history: Vec<StandingChange>,
}

/// Opens a license of a physician. The physician sees that staff looked.
///
/// Errors: `NotFound` if the record does not hold it; `Forbidden` for anybody but staff.
pub async fn open(app: &App, actor: &Actor, of: PhysicianId, state: State, number: &str) -> Result<Opened> {
    let (scope, _) = staff(actor)?;
    let mut tx = app.store.read().await?;
    let row = held::license(&mut tx, of, state, number).await?.ok_or(Error::NotFound)?;
    let history = standing_changes::history(&mut tx, &scope, of, state.code(), number, 50).await?;
    drop(tx);
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "physician.read", of, Some(of), "").await?;
    tx.commit().await?;
    let standing = standing_of(&row)?;
    Ok(Opened { state, number: number.to_owned(), standing, updated_at: row.updated_at, history })
}

/// Puts a license right.
///
/// Errors: `Invalid` on `status`, `effective_on`, `reason`; `NotFound` if the record does not hold it; `Stale` if it was
/// changed meanwhile.
pub async fn change(
    app: &App,
    actor: &Actor,
    of: PhysicianId,
    state: State,
    number: &str,
    wanted: &ByHand,
) -> Result<()> {
    let (scope, account) = staff(actor)?;
    let effective_on = check(app, wanted)?;
    let why = reason(&wanted.reason)?;
    let by_name = name_of(app, account).await?;
    retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        physicians::lock(&mut tx).await?;
        let row = find(&mut tx, of, state, number).await?;
        if row.updated_at != wanted.seen_at {
            return Err(Error::Stale);
        }
        let before = standing_of(&row)?;
        let after = Standing {
            status: wanted.status.trim().to_owned(),
            expires_on: wanted.expires_on,
            issued_on: before.issued_on,
        };
        if after == before {
            return Err(Error::invalid("status", "This is how the license stands already."));
        }
        let change = StandingChange {
            id: StandingChangeId::new(app.chance.id(app.clock.now())),
            physician: of,
            issuer: state.code().to_owned(),
            number: number.to_owned(),
            before,
            after,
            effective_on,
            at: app.clock.now(),
            source: Source::Hand,
            import: None,
            by: Some(account),
            by_name: by_name.clone(),
            reason: why.to_owned(),
            undoes: None,
        };
        write(app, &mut tx, &scope, actor, &change, "license.change").await?;
        Ok(tx.commit().await?)
    })
    .await?;
    app.registry.refresh(&app.store).await?;
    Ok(())
}

/// Takes a change back: the license or certification stands as before it.
///
/// Errors: `NotFound`; `Invalid` on `change` if it was taken back already, or it stands otherwise by now; `Invalid` on
/// `reason`.
pub async fn take_back(app: &App, actor: &Actor, of: PhysicianId, change: StandingChangeId, why: &str) -> Result<()> {
    let (scope, account) = staff(actor)?;
    let why = reason(why)?;
    let by_name = name_of(app, account).await?;
    retry::on_race(|| async {
        let mut tx = app.store.write().await?;
        physicians::lock(&mut tx).await?;
        let taken = standing_changes::find(&mut tx, &scope, change).await?.ok_or(Error::NotFound)?;
        if taken.source == Source::Undo || standing_changes::is_undone(&mut tx, &scope, change).await? {
            return Err(Error::invalid("change", "This change was taken back already."));
        }
        let stands = stands(&mut tx, of, &taken).await?.ok_or(Error::NotFound)?;
        if stands != taken.after {
            let words = format!("It stands otherwise by now: {}. Put it right by hand instead.", words(&stands));
            return Err(Error::invalid("change", words));
        }
        let back = StandingChange {
            id: StandingChangeId::new(app.chance.id(app.clock.now())),
            physician: of,
            before: taken.after.clone(),
            after: taken.before.clone(),
            effective_on: app.clock.today(),
            at: app.clock.now(),
            source: Source::Undo,
            import: None,
            by: Some(account),
            by_name: by_name.clone(),
            reason: why.to_owned(),
            undoes: Some(taken.id),
            issuer: taken.issuer,
            number: taken.number,
        };
        write(app, &mut tx, &scope, actor, &back, "license.take_back").await?;
        Ok(tx.commit().await?)
    })
    .await?;
    app.registry.refresh(&app.store).await?;
    Ok(())
}

fn check(app: &App, wanted: &ByHand) -> Result<Date> {
    let mut faults = Vec::new();
    let status = wanted.status.trim();
    if status.is_empty() {
        faults.push(Fault::new("status", "Write the status, in the board’s word."));
    } else if status.chars().count() > LONGEST_STATUS || status.chars().any(char::is_control) {
        faults.push(Fault::new("status", format!("Write at most {LONGEST_STATUS} characters, on one line.")));
    }
    let today = app.clock.today();
    match wanted.effective_on {
        None => faults.push(Fault::new("effective_on", "Enter the day from which it counts.")),
        Some(day) if day > today => {
            faults.push(Fault::new(
                "effective_on",
                "Enter today or an earlier day. What is to come is entered on its day.",
            ));
        }
        Some(day) if day.year() < FIRST_YEAR => {
            faults.push(Fault::new("effective_on", format!("Enter a day from {FIRST_YEAR} on.")));
        }
        Some(_) => {}
    }
    match wanted.effective_on {
        Some(day) if faults.is_empty() => Ok(day),
        _ => Err(Error::Invalid(faults)),
    }
}

async fn name_of(app: &App, account: domain::AccountId) -> Result<String> {
    let mut tx = app.store.read().await?;
    Ok(store::accounts::find(&mut tx, account).await?.map(|account| account.name).unwrap_or_default())
}

async fn find(tx: &mut ReadTx, of: PhysicianId, state: State, number: &str) -> Result<LicenseRow> {
    if records::merged_into(tx, of).await?.is_some() {
        return Err(Error::NotFound);
    }
    held::license(tx, of, state, number).await?.ok_or(Error::NotFound)
}

fn standing_of(row: &LicenseRow) -> Result<Standing> {
    let date = |text: &Option<String>, column| {
        let corrupt = |_| Error::Store(store::Error::corrupt("license", column, &row.number));
        text.as_deref().map(str::parse).transpose().map_err(corrupt)
    };
    Ok(Standing {
        status: row.status.clone(),
        issued_on: date(&row.issued_on, "issued_on")?,
        expires_on: date(&row.expires_on, "expires_on")?,
    })
}

/// How what a change is about stands now with this record.
async fn stands(tx: &mut ReadTx, of: PhysicianId, change: &StandingChange) -> Result<Option<Standing>> {
    let Some(physician) = physicians::find(tx, of).await? else { return Ok(None) };
    let license = physician
        .licenses
        .into_iter()
        .find(|held| held.state.code() == change.issuer && held.number == change.number)
        .map(|held| Standing { status: held.status, issued_on: held.issued_on, expires_on: held.expires_on });
    let certification = physician
        .certifications
        .into_iter()
        .find(|held| held.board.code() == change.issuer && held.diplomate_id == change.number)
        .map(|held| Standing { status: held.status, ..Standing::default() });
    Ok(license.or(certification))
}

/// Writes a change down and makes it so.
async fn write(
    app: &App,
    tx: &mut WriteTx,
    _scope: &StaffScope,
    actor: &Actor,
    change: &StandingChange,
    action: &'static str,
) -> Result<()> {
    let after = change.after.clone();
    let number = change.number.clone();
    if let Some(state) = State::read(&change.issuer).filter(|_| change.issuer.len() == 2) {
        let Standing { status, issued_on, expires_on } = after;
        let held = License { state, number, status, issued_on, expires_on };
        physicians::put_licenses(tx, &[Held::new(change.physician, held)], change.at).await?;
    } else if let Some(board) = domain::Board::read(&change.issuer) {
        let held = Certification { board, diplomate_id: number, status: after.status };
        physicians::put_certifications(tx, &[Held::new(change.physician, held)], change.at).await?;
    }
    physicians::touch(tx, &[change.physician]).await?;
    standing_changes::insert(tx, std::slice::from_ref(change)).await?;
    let from = words(&change.before);
    let detail = format!("{} {}: {from}; now {}", change.issuer, change.number, words(&change.after));
    audit::record(app, tx, actor, action, change.id, Some(change.physician), &detail).await
}
