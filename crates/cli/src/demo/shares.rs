//! What the demo's physician shares, and who has looked at the record lately: through the same doors as everybody.

use anyhow::{Context, Result};
use app::shares::{self, Given, What};
use app::{App, Clock, physicians, transcripts};
use domain::access::{Actor, Seat, Who};
use domain::transcript::Filter;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use store::physicians::Physician;

/// A link that was opened twice, a transcript that was sent to the board, one share that has ended, and looks by the
/// board and the accreditor's staff.
pub(crate) async fn share(
    app: &App,
    today: Date,
    clock: &(dyn Fn(DateTime) -> Result<Clock> + Sync),
    physician: &Physician,
) -> Result<()> {
    let then = |days: i64, hour: i8, minute: i8| -> Result<App> {
        let at = today.saturating_sub(days.days()).at(hour, minute, 0, 0);
        Ok(App { clock: clock(at)?, ..app.clone() })
    };
    let actor = somebody(app, "physician@passport.example").await?;
    let scope = actor.physician().context("the physician has no seat")?;
    let license = physician.licenses.first().context("the first physician holds no license")?;

    let ended = then(34, 8, 15)?;
    let given = Given { name: "Tidewater Staffing".into(), ..Given::proposed("link") };
    let made = shares::create(&ended, &actor, &scope, &given).await?;
    shares::revoke(&then(20, 19, 40)?, &actor, &scope, made.id).await?;

    let given = Given {
        name: "Credentialing, Northbay Regional Hospital".into(),
        ends: "90".into(),
        message: "For my application of this month.".into(),
        ..Given::proposed("link")
    };
    let made = shares::create(&then(12, 18, 5)?, &actor, &scope, &given).await?;
    let link = made.link.context("a bare link is handed back")?;
    let opened = then(11, 9, 22)?;
    let visit = shares::open(&opened, link.expose()).await?;
    for what in [What::Page, What::Pdf] {
        shares::read(&opened, link.expose(), visit.expose(), what, "Edge on Windows").await?;
    }
    let again = then(4, 14, 48)?;
    let visit = shares::open(&again, link.expose()).await?;
    shares::read(&again, link.expose(), visit.expose(), What::Page, "Safari on iPhone").await?;

    let board = format!("licensing@{}.example", license.state.code().to_lowercase());
    let board = somebody(app, &board).await?;
    let at_board = board.licensing_board().context("the board has no seat")?;
    let given = Given {
        state: license.state.code().to_owned(),
        message: "All credit of the last two years, as you asked.".into(),
        ..Given::proposed("board")
    };
    shares::create(&then(6, 7, 50)?, &actor, &scope, &given).await?;
    for (days, minute) in [(9, 5), (9, 20), (3, 44)] {
        transcripts::of_licensee(&then(days, 10, minute)?, &board, &at_board, physician.id, Filter::default()).await?;
    }
    let staff = somebody(app, "staff@accreditor.example").await?;
    let keeps = staff.staff().context("the accreditor has no seat")?;
    physicians::read(&then(15, 16, 30)?, &staff, &keeps, physician.id).await?;
    Ok(())
}

pub(super) async fn somebody(app: &App, email: &str) -> Result<Actor> {
    let mut tx = app.store.read().await?;
    let account =
        store::accounts::find_by_email(&mut tx, email).await?.context("nobody of the demo has this address")?;
    let seats = store::seats::list(&mut tx, account.id).await?;
    let seat: Seat = seats.first().context("an account without a seat")?.seat;
    Ok(Actor { who: Who::Account(account.id), seat })
}
