//! Passport accounts of records that are merged, split or parted again. One physician is one account,
//! so of two one must close; a seat that moves or closes ends its sessions.

use domain::PhysicianId;
use store::identity_changes::Moved;
use store::identity_changes::records::{self, SeatRow};
use store::{ReadTx, WriteTx};

use super::{AccountHolder, KeptAccount};
use crate::mail::{self, Letter};
use crate::{App, Error, Result};

/// Who signs in for a record.
pub(super) async fn holder(tx: &mut ReadTx, physician: PhysicianId) -> Result<Option<AccountHolder>> {
    let Some(seat) = records::seat(tx, physician).await? else { return Ok(None) };
    let account = store::accounts::find(tx, seat.account()).await?;
    Ok(account.map(|account| AccountHolder { account: account.id, name: account.name, email: account.email }))
}

/// Gives the merged record's account to the other, or closes one of two.
///
/// Errors: `Invalid` on `keep` if there are two and nobody said which stays.
pub(super) async fn merge(
    app: &App,
    tx: &mut WriteTx,
    from: PhysicianId,
    into: PhysicianId,
    keep: Option<KeptAccount>,
    moved: &mut Moved,
) -> Result<()> {
    let (of_from, of_into) = (records::seat(tx, from).await?, records::seat(tx, into).await?);
    let (stays, closes) = match (of_from, of_into) {
        (None, _) => return Ok(()),
        (Some(seat), None) => (Some(seat), None),
        (Some(of_from), Some(of_into)) => match keep {
            Some(KeptAccount::From) => (Some(of_from), Some(of_into)),
            Some(KeptAccount::Into) => (None, Some(of_from)),
            None => return Err(Error::invalid("keep", "Choose which of the two Passport accounts stays.")),
        },
    };
    if let Some(closes) = &closes {
        records::close_seat(tx, closes.seat_id).await?;
        tell(app, tx, closes, true).await?;
    }
    if let Some(stays) = &stays {
        records::move_seat(tx, stays.seat_id, into).await?;
    }
    moved.closed_seat = closes;
    moved.moved_seat = stays;
    Ok(())
}

/// Gives a split record's account to the other.
pub(super) async fn split(tx: &mut WriteTx, from: PhysicianId, into: PhysicianId, moved: &mut Moved) -> Result<()> {
    if let Some(seat) = records::seat(tx, from).await? {
        records::move_seat(tx, seat.seat_id, into).await?;
        moved.moved_seat = Some(seat);
    }
    Ok(())
}

/// What undoing does to the accounts.
#[derive(Debug, Clone, Default)]
pub(super) struct Back {
    pub(super) moves: Option<SeatRow>,
    pub(super) reopens: Option<SeatRow>,
    pub(super) stays: Vec<String>,
}

/// Looks at what can go back: an account that moved and is still there, and one that was closed, if its
/// person has no other record by now.
pub(super) async fn look_back(tx: &mut ReadTx, from: PhysicianId, into: PhysicianId, moved: &Moved) -> Result<Back> {
    let mut back = Back::default();
    let (of_from, of_into) = (records::seat(tx, from).await?, records::seat(tx, into).await?);
    let is_there = |seat: &SeatRow| of_into.as_ref().is_some_and(|now| now.seat_id == seat.seat_id);
    match &moved.moved_seat {
        Some(seat) if is_there(seat) && of_from.is_none() => back.moves = Some(seat.clone()),
        Some(_) => back.stays.push("The Passport account that moved: it has changed since.".to_owned()),
        None => {}
    }
    if let Some(seat) = &moved.closed_seat {
        let is_free = match seat.organization == into.to_string() {
            true => of_into.is_none() || back.moves.is_some(),
            false => of_from.is_none(),
        };
        if is_free && !records::has_seat(tx, seat.account()).await? {
            back.reopens = Some(seat.clone());
        } else {
            back.stays.push("The Passport account that was closed: its person has another record by now.".to_owned());
        }
    }
    Ok(back)
}

pub(super) async fn go_back(app: &App, tx: &mut WriteTx, from: PhysicianId, back: &Back) -> Result<()> {
    if let Some(seat) = &back.moves {
        records::move_seat(tx, seat.seat_id, from).await?;
    }
    if let Some(seat) = &back.reopens {
        records::restore_seat(tx, seat).await?;
        tell(app, tx, seat, false).await?;
    }
    Ok(())
}

async fn tell(app: &App, tx: &mut WriteTx, seat: &SeatRow, is_closed: bool) -> Result<()> {
    let Some(account) = store::accounts::find(tx, seat.account()).await? else { return Ok(()) };
    let name = &account.name;
    let letter = if is_closed { Letter::RecordJoined { name } } else { Letter::RecordReturned { name } };
    mail::queue(app, tx, &account.email, &letter).await
}
