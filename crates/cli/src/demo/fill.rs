//! Filling an empty demo, in the order in which it would have happened: organizations, physicians,
//! people, activities, then month after month of uploads and the boards' answers.

use anyhow::{Context, Result};
use app::{App, Chance, Clock, Config, CurrentReference, jobs, uploads};
use domain::access::ProviderScope;
use domain::activity::Activity;
use futures::stream;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use store::Store;
use store::activities::Attested;

use super::activities::{Planned, activities};
use super::contract::{Contract, Listed};
use super::months::{Delivery, deliveries};
use super::people::{LISTED, Population};
use super::sign_ins::{Owner, People, create_people, create_tokens, invite_somebody};
use super::{
    answers, cases, help, help_pages, imports, lists, notices, operations, registry, sample, searches, shares,
    standings, waiting, year_reports,
};
use crate::commands::{address, open};
use crate::progress::Step;

/// The seed of ids, tokens and keys that are invented too.
const SEED: u64 = 20;

/// Days for which certifying boards let credit gather before they look at it.
const BOARDS_ANSWER_AFTER: i64 = 6;

pub(crate) struct Filled {
    pub(crate) app: App,
    pub(crate) contract: Contract,
}

/// Fills the empty database that the settings name, and opens it.
pub(crate) async fn fill(config: Config, size: u64) -> Result<Filled> {
    let today = Clock::system(&config.time_zone).today();
    let population = Population { size, today };
    let days = Days { zone: config.time_zone.clone() };
    let begun = days.clock(today.saturating_sub(600.days()).at(9, 0, 0, 0))?;
    write_registry(&config, population, &begun).await?;
    let app = open(config).await?;
    let invented = App { chance: Chance::seeded(SEED), ..app.clone() };

    let physician = population.physician(0);
    let past = App { clock: begun, ..invented.clone() };
    let people = create_people(&past, &physician).await?;
    let planned = activities(&app.reference.get(), today);
    write_activities(&invented, &days, &planned, &people.owners).await?;
    write_months(&invented, &days, &planned, &people, &population).await?;
    if let Some(delivery) = waiting::delivery(&planned, &population)? {
        let then = App { clock: days.clock(delivery.at)?, ..invented.clone() };
        send(&then, &people.owners, delivery).await?;
    }
    let lately = App { clock: days.clock(today.saturating_sub(3.days()).at(9, 40, 0, 0))?, ..invented.clone() };
    waiting::put_on_list(&lately, &population).await?;
    let rosters = App { chance: Chance::seeded(SEED + 25), ..invented.clone() };
    let licensed_in = physician.licenses.first().context("the first physician holds no license")?.state;
    imports::send(&rosters, today, &|at| days.clock(at), &population, licensed_in).await?;
    let yesterday = App { clock: days.clock(today.saturating_sub(1.day()).at(15, 20, 0, 0))?, ..invented.clone() };
    invite_somebody(&yesterday, &people.owners).await?;
    help::ask(&yesterday, &population.physician(40)).await?;
    // a seed of its own, so that what others draw stays as it is
    let sharing = App { chance: Chance::seeded(SEED + 2), ..invented.clone() };
    shares::share(&sharing, today, &|at| days.clock(at), &physician).await?;
    let missing = App { chance: Chance::seeded(SEED + 7), ..invented.clone() };
    let owner = people.owners.first().context("nobody owns a provider")?;
    let physicians = (today, "physician@passport.example");
    cases::open(&missing, |at| days.clock(at), physicians, &physician, owner, &planned).await?;
    let keeping = App { clock: app.clock.clone(), chance: Chance::seeded(SEED + 9), ..invented.clone() };
    searches::keep(&keeping, "physician@passport.example").await?;
    let boards = App { chance: Chance::seeded(SEED + 8), ..invented.clone() };
    let state = physician.licenses.first().context("the first physician holds no license")?.state;
    lists::make(&boards, today, &|at| days.clock(at), &population, state).await?;
    let reading = App { chance: Chance::seeded(SEED + 32), ..invented.clone() };
    help_pages::fill(&reading, today, &|at| days.clock(at), physician.id).await?;
    operations::happen(&App { chance: Chance::seeded(SEED + 23), ..yesterday.clone() }).await?;
    let publishing = App { chance: Chance::seeded(SEED + 34), ..invented.clone() };
    notices::write(&publishing, today, &|at| days.clock(at), "staff@accreditor.example").await?;
    year_reports::publish(&publishing, today, &|at| days.clock(at), "staff@accreditor.example").await?;
    let deciding = App { clock: app.clock.clone(), chance: Chance::seeded(SEED + 21), ..invented.clone() };
    standings::keep(&deciding, today, "staff@accreditor.example").await?;
    let tokens = create_tokens(&App { clock: app.clock.clone(), ..invented }, &people.owners, &physician).await?;

    let reserved: Vec<&Activity> = planned.iter().filter(|p| p.is_reserved).map(|p| &p.activity).collect();
    let first = reserved.first().context("no activity is reserved")?;
    sample::write(&app.config.data, first, &population)?;
    let contract = Contract {
        base: app.config.link(""),
        provider_id: first.provider.to_string(),
        activities: reserved.iter().map(|activity| activity.id.to_string()).collect(),
        physicians: (0..LISTED).filter_map(|place| Listed::of(&population.physician(place))).collect(),
        sign_ins: people.sign_ins,
        tokens,
    };
    Ok(Filled { app, contract })
}

/// Days of the past as clocks that stand still on them.
struct Days {
    zone: String,
}

impl Days {
    fn clock(&self, at: DateTime) -> Result<Clock> {
        let zoned = at.in_tz(&self.zone).with_context(|| format!("{at} does not exist in {}", self.zone))?;
        Ok(Clock::fixed(zoned.timestamp()))
    }
}

/// Organizations and physicians go in before the index is built, so that it is built once.
async fn write_registry(config: &Config, population: Population, begun: &Clock) -> Result<()> {
    let store = Store::open(&address(config)?).await?;
    CurrentReference::open(&store, begun.clone()).await?;
    registry::write_organizations(&store, begun.now()).await?;
    let step = Step::begin("Physicians", population.size);
    let chance = Chance::seeded(SEED + 1);
    let told = |done| step.at(done, population.size);
    registry::write_physicians(&store, population, &chance, begun.now(), &told).await?;
    step.end();
    store.close().await;
    Ok(())
}

async fn write_activities(app: &App, days: &Days, planned: &[Planned], owners: &[Owner]) -> Result<()> {
    let step = Step::begin("Activities", planned.len() as u64);
    let morning = |day: Date| days.clock(day.at(10, 0, 0, 0)).map(|clock| clock.now());
    let mut tx = app.store.write().await?;
    for (done, Planned { activity, entered_on, closed_on, .. }) in (1..).zip(planned) {
        let scope = ProviderScope::of_record(activity.provider);
        let by = owners.iter().find(|owner| owner.provider == activity.provider).map(|owner| owner.account);
        let entered = Attested { by, at: morning(*entered_on)? };
        store::activities::insert(&mut tx, &scope, activity, entered).await?;
        if let Some(day) = closed_on {
            let closed = Activity { is_closed: true, ..activity.clone() };
            store::activities::update(&mut tx, &scope, &closed, 1, Attested { by, at: morning(*day)? }).await?;
        }
        step.at(done, planned.len() as u64);
    }
    tx.commit().await?;
    step.end();
    Ok(())
}

/// Every file in the order of its day, through the same door as everybody's.
async fn write_months(
    app: &App,
    days: &Days,
    planned: &[Planned],
    people: &People,
    population: &Population,
) -> Result<()> {
    let deliveries = deliveries(planned, population)?;
    let total = deliveries.len() as u64;
    let step = Step::begin("Uploads of past months", total);
    let mut answered = population.today.saturating_sub(600.days());
    for (done, delivery) in (1..).zip(deliveries) {
        let then = App { clock: days.clock(delivery.at)?, ..app.clone() };
        if answered.saturating_add(BOARDS_ANSWER_AFTER.days()) < delivery.at.date() {
            answered = delivery.at.date();
            answers::answer(&then, &people.boards).await?;
        }
        send(&then, &people.owners, delivery).await?;
        step.at(done, total);
    }
    step.end();
    Ok(())
}

/// One upload, received and settled.
async fn send(app: &App, owners: &[Owner], delivery: Delivery) -> Result<()> {
    let owner = owners.iter().find(|owner| owner.provider == delivery.provider).context("a provider has no owner")?;
    let bytes = stream::iter([Ok::<_, std::io::Error>(delivery.bytes)]);
    let staged = uploads::stage(app, bytes).await?;
    uploads::receive(app, &owner.actor(), owner.name, &delivery.name, staged).await?;
    while jobs::run_next(app).await? {}
    Ok(())
}
