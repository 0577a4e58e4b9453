//! Rosters in the demo: one of a licensing board that was let in, with news and a few slips, and one that would end
//! so many licenses that it is held.

use std::convert::Infallible;

use anyhow::{Context, Result};
use app::rosters::Kind;
use app::rosters::imports::{self, Sending};
use app::{App, Clock, jobs};
use domain::State;
use domain::access::{Actor, Seat, Who};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use store::physicians::{License, Physician};

use super::people::Population;

/// Physicians among whom licensees are looked for.
const FROM: u64 = 300;
const UNTIL: u64 = 1_900;
/// Rows of the roster that was let in.
const ROWS: usize = 40;
/// Licenses of a state that the held roster still names.
const STILL_NAMED: usize = 6;
const HEADER: &str = "board state\tlicense number\tfirst\tmiddle\tlast\tdegree\tbirth month/day\tstatus\texpires\n";

/// Sends both, as people would have done it.
pub(crate) async fn send(
    app: &App,
    today: Date,
    clock: &impl Fn(DateTime) -> Result<Clock>,
    population: &Population,
    state: State,
) -> Result<()> {
    if population.size < UNTIL {
        return Ok(());
    }
    let people: Vec<Physician> = (FROM..UNTIL).map(|place| population.physician(place)).collect();
    let then = today.saturating_sub(12.days());
    let board = format!("licensing@{}.example", state.code().to_lowercase());
    let past = App { clock: clock(then.at(10, 12, 0, 0))?, ..app.clone() };
    let name = format!("{} licenses, {}.tsv", state.code(), then.strftime("%B %Y"));
    let actor = actor(&past, &board, Seat::LicensingBoard(state)).await?;
    let import = sent(&past, &actor, &name, &news(&people, state), false).await?;
    let sender = imports::sender(&actor.0).context("a board sends rosters")?;
    let soon = App { clock: clock(then.at(10, 19, 0, 0))?, ..app.clone() };
    imports::approve(&soon, &actor.0, &sender, &actor.1, import, None).await?;
    work(&soon).await?;

    let yesterday = App { clock: clock(today.saturating_sub(1.day()).at(16, 40, 0, 0))?, ..app.clone() };
    let staff = self::actor(&yesterday, "staff@accreditor.example", Seat::Accreditor).await?;
    let other = State::read(if state.code() == "TX" { "NY" } else { "TX" }).context("a state")?;
    sent(&yesterday, &staff, &format!("{} whole roster.tsv", other.code()), &few(&people, other), true).await?;
    Ok(())
}

async fn actor(app: &App, email: &str, seat: Seat) -> Result<(Actor, String)> {
    let mut tx = app.store.read().await?;
    let account =
        store::accounts::find_by_email(&mut tx, email).await?.with_context(|| format!("nobody is {email}"))?;
    Ok((Actor { who: Who::Account(account.id), seat }, account.name))
}

async fn sent(
    app: &App,
    (actor, by): &(Actor, String),
    name: &str,
    text: &str,
    is_whole: bool,
) -> Result<domain::RegistryImportId> {
    let bytes = futures::stream::iter([Ok::<_, Infallible>(text.as_bytes().to_vec())]);
    let staged = imports::stage(app, app.config.upload_bytes, bytes).await?;
    let sender = imports::sender(actor).context("who sends rosters")?;
    let sending = Sending { sender: &sender, by, name, kind: Kind::Licenses, is_whole };
    let received = imports::receive(app, actor, sending, staged).await?;
    work(app).await?;
    Ok(received.import.id)
}

async fn work(app: &App) -> Result<()> {
    while jobs::run_next(app).await? {}
    Ok(())
}

fn of_state(people: &[Physician], state: State) -> impl Iterator<Item = (&Physician, &License)> {
    people.iter().filter_map(move |of| Some((of, of.licenses.iter().find(|held| held.state == state)?)))
}

/// Most rows are as they stand; some are renewed, one ends, one name is new, and two hold a slip.
fn news(people: &[Physician], state: State) -> String {
    let mut text = HEADER.to_owned();
    // one of fewer would be more than a roster may end without a second look
    let one_may_end = of_state(people, state).count() >= ROWS;
    for (n, (of, license)) in of_state(people, state).take(ROWS).enumerate() {
        let expires = license.expires_on.map(|day| day.to_string()).unwrap_or_default();
        let renewed = license.expires_on.map(|day| day.saturating_add(2.years()).to_string()).unwrap_or_default();
        match n {
            3 | 11 | 19 | 27 => text += &line(of, license, &license.status, &renewed),
            7 if one_may_end => text += &line(of, license, "Retired", &expires),
            15 => {
                let married = Physician { last: format!("{} Lindqvist", of.last), ..of.clone() };
                text += &line(&married, license, &license.status, &expires);
            }
            22 => text += &line(of, license, &license.status, "2027-02-30"),
            31 => text += &line(&Physician { last: String::new(), ..of.clone() }, license, &license.status, &expires),
            _ => text += &line(of, license, &license.status, &expires),
        }
    }
    text
}

/// The beginning of a state's roster, as a file that was cut off holds it.
fn few(people: &[Physician], state: State) -> String {
    let rows = of_state(people, state).take(STILL_NAMED);
    let rows = rows.map(|(of, license)| {
        let expires = license.expires_on.map(|day| day.to_string()).unwrap_or_default();
        line(of, license, &license.status, &expires)
    });
    HEADER.to_owned() + &rows.collect::<String>()
}

fn line(of: &Physician, license: &License, status: &str, expires: &str) -> String {
    let birth = of.birth.map(|day| day.to_string()).unwrap_or_default();
    format!(
        "{}\t{}\t{}\t{}\t{}\t{}\t{birth}\t{status}\t{expires}\n",
        license.state, license.number, of.first, of.middle, of.last, of.degree
    )
}
