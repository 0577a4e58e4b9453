//! A status changes at midnight without a row being written: whatever asks the database by SQL says the
//! same as the domain says of each activity, for any activities on any day.

use std::collections::BTreeSet;

use domain::access::ProviderScope;
use domain::activity::{Activity, Delivery, Format, Providership, Status};
use domain::{ActivityId, Amount};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use store::ReadTx;
use store::activities::{self, Attested, Counts, Filter, Save, Sort};
use store::organizations::{Provider, Standing};
use testkit::{TestStore, people};

/// A small generator of our own (xorshift), so that a failure can be run again.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.next(of) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.next(of.len() as u64) as usize]
    }

    fn day(&mut self) -> Date {
        date(2024, 1, 1).saturating_add((self.next(1_100) as i64).days())
    }
}

/// Anything that a save lets in, and what it does not: whatever is missing, or wrong, makes a draft.
fn any_activity(chance: &mut Chance, number: usize) -> Activity {
    let id = format!("{number:09}").parse().unwrap();
    let starts_on = chance.day();
    let ends_on = if chance.one_in(3) { starts_on } else { starts_on.saturating_add((chance.next(400) as i64).days()) };
    let format = chance.pick(Format::ALL);
    let text = |is_there: bool| if is_there { "Knots" } else { " " }.to_owned();
    let mut deliveries = format.deliveries().to_vec();
    if chance.one_in(9) {
        deliveries.clear();
    }
    if chance.one_in(20) {
        deliveries.push(chance.pick(Delivery::ALL));
    }
    Activity {
        deliveries,
        city: text(!chance.one_in(9)),
        state: if chance.one_in(5) { String::new() } else { "NV".into() },
        country: chance.pick(&["USA", "CAN", ""]).to_owned(),
        credit: (!chance.one_in(8)).then(|| Amount::new(100)),
        description: text(!chance.one_in(12)),
        providership: if chance.one_in(12) { None } else { Some(chance.pick(Providership::ALL)) },
        in_passport: if chance.one_in(12) { None } else { Some(chance.one_in(4)) },
        url: text(!chance.one_in(2)),
        fee: Some(domain::activity::Fee::Free).filter(|_| !chance.one_in(3)),
        registration: Some(domain::activity::Registration::Open).filter(|_| !chance.one_in(3)),
        is_closed: chance.one_in(6),
        ..Activity::draft(id, people::provider_id(), "Knots", format, starts_on, ends_on)
    }
}

fn counted<'a>(all: impl Iterator<Item = &'a Activity>, today: Date) -> Counts {
    let mut counts = Counts::default();
    for activity in all {
        match activity.status(today) {
            Status::Draft => counts.draft += 1,
            Status::Active => counts.active += 1,
            Status::ReadyToClose => counts.ready_to_close += 1,
            Status::Closed => counts.closed += 1,
        }
    }
    counts
}

fn ids<'a>(all: impl Iterator<Item = &'a Activity>) -> BTreeSet<ActivityId> {
    all.map(|activity| activity.id).collect()
}

/// Everything that says a status by SQL, beside what the domain says.
async fn compare(tx: &mut ReadTx, scope: &ProviderScope, all: &[Activity], today: Date, format: Format) {
    let most = all.len() as i64 + 1;
    let of_format = Filter { format: Some(format), ..Filter::default() };
    // counted from rows, where a filter is more than a format
    let by_rows = Filter { starts_in: Some(2025), ..Filter::default() };
    assert_eq!(activities::counts(tx, scope, &Filter::default(), today).await.unwrap(), counted(all.iter(), today));
    let few = || all.iter().filter(|one| one.format == format);
    assert_eq!(activities::counts(tx, scope, &of_format, today).await.unwrap(), counted(few(), today), "{today}");
    let begun = || all.iter().filter(|one| one.starts_on.year() == 2025);
    assert_eq!(activities::counts(tx, scope, &by_rows, today).await.unwrap(), counted(begun(), today), "{today}");
    for status in Status::ALL {
        let filter = Filter { status: Some(*status), ..Filter::default() };
        let wanted = ids(all.iter().filter(|one| one.status(today) == *status));
        let found = activities::list_ids(tx, scope, &filter, today, most).await.unwrap();
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), wanted, "{today} {status}");
        let page = activities::list(tx, scope, &filter, today, Sort::NewestEnd, 40, 0).await.unwrap();
        assert_eq!(page.len(), wanted.len().min(40), "{today} {status}");
        assert!(page.iter().all(|one| one.stored.activity.status(today) == *status), "{today} {status}");
    }
    let offered = activities::choices(tx, scope, today).await.unwrap();
    let accepts = |status| matches!(status, Status::Active | Status::ReadyToClose);
    assert_eq!(offered.len(), all.iter().filter(|one| accepts(one.status(today))).count().min(500), "{today}");
    for (id, _, status) in offered {
        let one = all.iter().find(|one| one.id.as_str() == id).unwrap();
        assert_eq!(one.status(today), status, "{today} {id}");
    }
}

#[tokio::test]
async fn sql_and_the_domain_agree_about_thousands_of_statuses_on_any_day() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let provider = Provider {
        id: people::provider_id(),
        name: "Harborview".into(),
        organization_type: "Hospital".into(),
        city: "Oakland".into(),
        state: "CA".into(),
        standing: Standing::Good,
        contact_name: String::new(),
        contact_email: String::new(),
        created_at: 0,
    };
    store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    let scope = ProviderScope::of_record(people::provider_id());
    let mut chance = Chance(20_261_123);
    let mut all: Vec<Activity> = (1..=3_000).map(|number| any_activity(&mut chance, number)).collect();
    let at = Attested { by: None, at: 1 };
    for some in all.chunks(500) {
        let saves: Vec<Save<'_>> = some.iter().map(|activity| Save { activity, version: None }).collect();
        assert!(activities::save_many(&mut tx, &scope, &saves, at).await.unwrap());
    }
    // saved again as something else, closed, reopened, deleted
    for (n, activity) in all.iter_mut().enumerate().filter(|(n, _)| n % 7 == 0) {
        *activity = Activity { id: activity.id, ..any_activity(&mut chance, n + 1) };
    }
    let changed: Vec<Save<'_>> = all.iter().step_by(7).map(|activity| Save { activity, version: Some(1) }).collect();
    assert!(activities::save_many(&mut tx, &scope, &changed, at).await.unwrap());
    for n in (0..200).rev().map(|n| n * 11 + 1) {
        let version = if n % 7 == 0 { 2 } else { 1 };
        let gone = all.remove(n);
        assert!(activities::delete(&mut tx, &scope, gone.id, version).await.unwrap());
    }
    let seen = counted(all.iter(), date(2025, 6, 1));
    let fewest = seen.draft.min(seen.active).min(seen.ready_to_close).min(seen.closed);
    assert!(fewest > 100, "{seen:?}");
    let ends: Vec<Date> = all.iter().map(|activity| activity.ends_on).collect();
    for _ in 0..12 {
        // the last day of one of them, where the status turns
        let last = chance.pick(&ends);
        let format = chance.pick(Format::ALL);
        compare(&mut tx, &scope, &all, last, format).await;
        compare(&mut tx, &scope, &all, last.tomorrow().unwrap(), format).await;
    }
    for today in [date(2023, 12, 31), date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2030, 1, 1)] {
        compare(&mut tx, &scope, &all, today, Format::LiveCourse).await;
    }
}
