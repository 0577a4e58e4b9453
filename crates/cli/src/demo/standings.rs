//! What the demo's accreditor keeps of providers and boards: decisions with their days, what is published, further
//! contacts, and how boards take part. One provider's probation is planned to end.

use anyhow::{Context, Result};
use app::App;
use app::organizations::people::account_of;
use domain::access::{Actor, StaffScope, Who};
use domain::organization::{ContactRole, Participation};
use domain::{AccountId, Organization, ProviderId};
use jiff::ToSpan;
use jiff::civil::Date;
use store::WriteTx;
use store::organizations::profiles::{self, BoardProfile, Contact, TakesPart};
use store::organizations::standings::{self, NewDecision};
use store::organizations::{self, Standing};

use super::providers::PROVIDERS;

pub(crate) async fn keep(app: &App, today: Date, email: &str) -> Result<()> {
    let mut tx = app.store.write().await?;
    let account = store::accounts::find_by_email(&mut tx, email).await?.context("the staff have no account")?;
    let seats = store::seats::list(&mut tx, account.id).await?;
    let seat = seats.first().context("the staff have no seat")?.seat;
    let actor = Actor { who: Who::Account(account.id), seat };
    let scope = actor.staff().context("the account is not of the staff")?;
    let by = account_of(&actor).context("people have accounts")?;
    for (place, provider) in (0_u32..).zip(PROVIDERS) {
        let id: ProviderId = provider.id.parse()?;
        let mut listed = profiles::find(&mut tx, id).await?.context("the provider is missing")?;
        listed.website = format!("https://www.{}", provider.domain);
        listed.contact_phone = format!("({}) 555-01{:02}", 201 + place * 31, place);
        listed.is_contact_public = place % 4 != 3;
        profiles::save(&mut tx, &scope, &listed).await?;
        let begun = today.saturating_sub((700 + i64::from(place) * 83).days());
        let first = ("Accreditation", Standing::Good, begun, Some(begun.saturating_add(6.years())), "");
        decide(app, &mut tx, by, id, first).await?;
        let later = match provider.standing {
            Standing::Good if place % 3 == 1 => {
                Some(("Accreditation with commendation", Standing::Good, 200, "All commendation criteria were met."))
            }
            Standing::Good => None,
            Standing::Probation => Some((
                "Probation",
                Standing::Probation,
                70,
                "Outcomes of three activities were not measured. A progress report is due within six months.",
            )),
            Standing::Lapsed => {
                Some(("Voluntary withdrawal", Standing::Lapsed, 240, "The organization no longer offers education."))
            }
        };
        if let Some((decision, standing, days_ago, reason)) = later {
            let from = today.saturating_sub(i64::from(days_ago).days());
            decide(app, &mut tx, by, id, (decision, standing, from, None, reason)).await?;
        }
        standings::mark_applied(&mut tx, id, today, app.clock.now()).await?;
        if provider.standing == Standing::Probation {
            let from = today.saturating_add(45.days());
            let back = ("Restored to good standing", Standing::Good, from, None, "If the progress report is accepted.");
            decide(app, &mut tx, by, id, back).await?;
        }
    }
    let lakemont: ProviderId = PROVIDERS.first().context("there is no provider")?.id.parse()?;
    for (role, name, mailbox) in [
        (ContactRole::LearnerCredit, "Patience Oduya", "credit"),
        (ContactRole::Technical, "Henrik Vasquez", "systems"),
        (ContactRole::Billing, "Lucinda Farrow", "accounts"),
    ] {
        let now = app.clock.now();
        let (email, phone) = (format!("{mailbox}@lakemont.example"), "(414) 555-0188".to_owned());
        let contact = Contact { id: app.chance.id(now), role, name: name.to_owned(), email, phone, created_at: now };
        profiles::insert_contact(&mut tx, &scope, lakemont, &contact).await?;
    }
    boards(app, &mut tx, (&scope, by), today).await?;
    Ok(tx.commit().await?)
}

async fn decide(
    app: &App,
    tx: &mut WriteTx,
    by: AccountId,
    provider: ProviderId,
    (decision, standing, starts_on, term_until, reason): (&str, Standing, Date, Option<Date>, &str),
) -> Result<()> {
    let recorded_at = app.clock.start_of(starts_on.min(app.clock.today())) + 10 * 3_600_000_000;
    let decision = NewDecision {
        id: app.chance.id(recorded_at),
        provider,
        starts_on,
        standing,
        decision: decision.to_owned(),
        term_until,
        reason: reason.to_owned(),
        recorded_at,
        recorded_by: Some(by),
    };
    Ok(standings::insert(tx, &decision).await?)
}

async fn boards(app: &App, tx: &mut WriteTx, (scope, by): (&StaffScope, AccountId), today: Date) -> Result<()> {
    let now = app.clock.now();
    let part = |level, starts_on, note: &str| TakesPart {
        id: app.chance.id(now),
        starts_on,
        level,
        note: note.to_owned(),
        recorded_at: now,
        recorded_by: String::new(),
    };
    let since = today.saturating_sub(500.days());
    for (place, board) in (0_usize..).zip(organizations::list_licensing_boards(tx).await?) {
        let organization = Organization::LicensingBoard(board.state);
        // every seventh board is still to be heard of, every ninth stays away
        let level = match place {
            place if place % 7 == 5 => continue,
            place if place % 9 == 8 => Participation::NotTakingPart,
            place if place % 3 == 0 => Participation::ReceivesData,
            _ => Participation::ViewsTranscripts,
        };
        profiles::insert_participation(tx, scope, organization, &part(level, since, ""), Some(by)).await?;
        if place % 9 == 8 {
            let joins = part(Participation::ViewsTranscripts, today.saturating_add(60.days()), "Agreement signed.");
            profiles::insert_participation(tx, scope, organization, &joins, Some(by)).await?;
        }
        let code = board.state.code().to_lowercase();
        let profile = BoardProfile {
            website: format!("https://medboard-{code}.example"),
            contact_name: "Licensing office".to_owned(),
            contact_email: format!("licensing@medboard-{code}.example"),
            contact_phone: String::new(),
        };
        profiles::save_board(tx, scope, organization, &profile).await?;
    }
    for board in organizations::list_certifying_boards(tx).await? {
        let organization = Organization::CertifyingBoard(board.board);
        let takes = part(Participation::TakesCredit, since, "");
        profiles::insert_participation(tx, scope, organization, &takes, Some(by)).await?;
        let code = board.board.code().to_lowercase();
        let profile = BoardProfile {
            website: format!("https://{code}.example"),
            contact_name: "Continuing certification".to_owned(),
            contact_email: format!("moc@{code}.example"),
            contact_phone: String::new(),
        };
        profiles::save_board(tx, scope, organization, &profile).await?;
    }
    Ok(())
}
