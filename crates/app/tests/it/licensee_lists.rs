//! A board's lists and their checks: who is found, what is found of them, and that a check is done once.

use app::licensee_lists::{self, Given, checks, tables};
use domain::access::{Actor, LicensingBoardScope};
use domain::licensee_list::{RowOutcome, WhichCycle};
use domain::requirement::{CycleRule, FirstRenewal, Requirement, Standing};
use domain::{Amount, ComplianceCheckId, LicenseeListId, MonthDay, State};
use formats::licensees::LicenseeRow;
use jiff::civil::date;
use store::licensee_lists::RegistryFilter;
use store::licensee_lists::results::{self, Sort, Wanted};
use testkit::people::{LICENSING_BOARD, OTHER_LICENSING_BOARD, actor};
use testkit::records;

use crate::world::World;

pub struct Board {
    pub world: World,
    pub actor: Actor,
    pub scope: LicensingBoardScope,
}

impl Board {
    /// California's board with a requirement of its own: 4 credits in cycles of two years that end with 2026.
    pub async fn new() -> Self {
        let world = World::new().await;
        let actor = actor(&world.app, LICENSING_BOARD).await;
        let scope = actor.licensing_board().unwrap();
        let requirement = Requirement {
            state: State::read("CA").unwrap(),
            is_example: false,
            hours: Amount::new(400),
            cycle: CycleRule::FixedDate { ends: MonthDay::new(12, 31).unwrap(), years: 2, anchor_year: 2026 },
            topics: vec![],
            caps: vec![],
            carry_over: Amount::ZERO,
            first_renewal: FirstRenewal::Full,
            grace_days: 0,
            certified_statuses: vec![],
            exempt_statuses: vec![],
            note: String::new(),
        };
        let seen = {
            let mut tx = world.app.store.read().await.unwrap();
            app::requirements::seen(&mut tx, scope.state()).await.unwrap()
        };
        app::requirements::put(&world.app, &actor, seen, date(2026, 11, 23), requirement).await.unwrap();
        Self { world, actor, scope }
    }

    pub async fn list(&self, rows: Vec<LicenseeRow>) -> LicenseeListId {
        let given = Given::Pasted(rows);
        licensee_lists::make(&self.world.app, &self.actor, "Cal Mendoza", &self.scope, "Spring", given).await.unwrap()
    }

    pub async fn ask(&self, list: LicenseeListId) -> ComplianceCheckId {
        let (app, day) = (&self.world.app, date(2026, 11, 23));
        checks::ask(app, &self.actor, "Cal Mendoza", &self.scope, list, day, WhichCycle::Current).await.unwrap()
    }

    pub async fn check(&self, list: LicenseeListId) -> store::licensee_lists::checks::Check {
        let id = self.ask(list).await;
        records::work(&self.world.app).await;
        checks::find(&self.world.app, &self.scope, id).await.unwrap()
    }

    /// Audit rows that name a physician, by what was done.
    pub async fn seen(&self, action: &str) -> usize {
        let sql = format!("select action from audit where action = '{action}' and physician_id is not null");
        testkit::database::texts(&self.world.test.address, &sql).await.len()
    }
}

pub fn rows(physicians: impl IntoIterator<Item = usize>) -> Vec<LicenseeRow> {
    let row = |(row, n): (u64, usize)| {
        let person = records::physician(n);
        let number = person.licenses[0].number.clone();
        LicenseeRow { row, number, first: person.first, last: person.last, npi: String::new() }
    };
    (2..).zip(physicians).map(row).collect()
}

fn all() -> Wanted {
    Wanted { standing: None, words: String::new(), sort: Sort::Row }
}

#[tokio::test]
async fn each_row_ends_by_itself_and_whoever_is_found_sees_it() {
    let board = Board::new().await;
    let mut given = rows([3, 4, 3]);
    given.push(LicenseeRow { row: 5, number: "A40005".into(), last: "Nobody".into(), ..LicenseeRow::default() });
    given.push(LicenseeRow { row: 6, number: "A99999".into(), ..LicenseeRow::default() });
    given.push(LicenseeRow { row: 7, ..LicenseeRow::default() });
    let list = board.list(given).await;
    let mut tx = board.world.app.store.read().await.unwrap();
    let rows = store::licensee_lists::rows(&mut tx, &board.scope, list, None, 0, 100).await.unwrap();
    let outcomes: Vec<RowOutcome> = rows.iter().map(|row| row.outcome).collect();
    use RowOutcome::*;
    assert_eq!(outcomes, [Matched, Matched, Repeated, AnotherName, NotFound, Unreadable]);
    assert!(rows.iter().skip(2).all(|row| row.name.is_empty() && row.physician.is_none()));
    let found = store::licensee_lists::find(&mut tx, &board.scope, list).await.unwrap().unwrap();
    assert_eq!((found.rows_given, found.licensees), (6, 2));
    drop(tx);
    assert_eq!(board.seen("licensee_list.match").await, 2);
}

#[tokio::test]
async fn a_license_of_another_state_is_nobodys_here() {
    let board = Board::new().await;
    let nevada = actor(&board.world.app, OTHER_LICENSING_BOARD).await;
    let scope = nevada.licensing_board().unwrap();
    let given = Given::Pasted(rows([3]));
    let list = licensee_lists::make(&board.world.app, &nevada, "Neva Stone", &scope, "", given).await.unwrap();
    let mut tx = board.world.app.store.read().await.unwrap();
    let counts = store::licensee_lists::outcomes(&mut tx, &scope, list).await.unwrap();
    assert_eq!(counts, [(RowOutcome::NotFound, 1)]);
    // and each board's list is as absent for the other as none
    assert_eq!(store::licensee_lists::find(&mut tx, &board.scope, list).await.unwrap(), None);
    drop(tx);
    let nobody = RegistryFilter::default();
    let made = licensee_lists::make(&board.world.app, &nevada, "Neva", &scope, "", Given::Registry(nobody)).await;
    assert!(matches!(made, Err(app::Error::Invalid(faults)) if faults[0].field == "expires"));
    let asked =
        checks::ask(&board.world.app, &board.actor, "", &board.scope, list, date(2026, 11, 23), WhichCycle::Current);
    assert!(matches!(asked.await, Err(app::Error::NotFound)));
}

#[tokio::test]
async fn a_check_tells_met_from_missing_and_keeps_what_it_found() {
    let board = Board::new().await;
    board.world.upload(&records::file([1])).await;
    let more = records::HEADER.to_owned() + &records::row("Add", 2, "5");
    board.world.upload(&more).await;
    let list = board.list(rows([1, 2, 7])).await;
    let check = board.check(list).await;
    assert_eq!((check.settled, check.total), (3, 3));
    assert!(check.finished_at.is_some() && check.ledger_size == Some(2));
    let mut tx = board.world.app.store.read().await.unwrap();
    let found = results::list(&mut tx, &check, &all(), 10, 0).await.unwrap();
    let told: Vec<(Standing, i64, i64)> = found
        .iter()
        .map(|row| (row.found.standing, row.found.counted.hundredths(), row.found.missing.hundredths()))
        .collect();
    assert_eq!(
        told,
        [(Standing::NotYetDue, 200, 200), (Standing::Met, 500, 0), (Standing::NotYetDue, 0, 400)],
        "{found:?}"
    );
    drop(tx);
    assert_eq!(board.seen("compliance.check").await, 3);

    // what comes later shows in the next check and not in this one
    let later = records::HEADER.to_owned() + &records::row("Add", 7, "4");
    board.world.upload(&later).await;
    let again = board.check(list).await;
    let mut tx = board.world.app.store.read().await.unwrap();
    let before = store::licensee_lists::checks::before(&mut tx, &board.scope, &again).await.unwrap().unwrap();
    assert_eq!(before.id, check.id);
    let changed = results::changed(&mut tx, &before, &again, 10).await.unwrap();
    assert_eq!(changed.len(), 1);
    assert_eq!((changed[0].before.0, changed[0].now.0), (Standing::NotYetDue, Standing::Met));
    assert_eq!(results::list(&mut tx, &check, &all(), 10, 0).await.unwrap(), found);
}

#[tokio::test]
async fn results_are_filtered_found_by_name_or_number_and_sorted() {
    let board = Board::new().await;
    board.world.upload(&(records::HEADER.to_owned() + &records::row("Add", 2, "5"))).await;
    let list = board.list(rows(0..60)).await;
    let check = board.check(list).await;
    let mut tx = board.world.app.store.read().await.unwrap();
    let person = records::physician(2);
    for words in [person.last.clone(), format!("{}, {}", person.last, person.first), "a 40002".to_owned()] {
        let wanted = Wanted { words: words.clone(), standing: Some(Standing::Met), sort: Sort::Name };
        let found = results::list(&mut tx, &check, &wanted, 10, 0).await.unwrap();
        assert_eq!(found.iter().map(|row| row.license_number.as_str()).collect::<Vec<_>>(), ["A40002"], "{words}");
        assert_eq!(results::count(&mut tx, &check, &wanted).await.unwrap(), 1);
    }
    let nobody = Wanted { words: "…".into(), ..all() };
    assert_eq!(results::count(&mut tx, &check, &nobody).await.unwrap(), 0);
    let worst = Wanted { sort: Sort::Missing, ..all() };
    let found = results::list(&mut tx, &check, &worst, 60, 0).await.unwrap();
    assert_eq!(found.last().unwrap().license_number, "A40002");
    let names = Wanted { sort: Sort::Name, ..all() };
    let found: Vec<String> =
        results::list(&mut tx, &check, &names, 60, 0).await.unwrap().into_iter().map(|row| row.name).collect();
    let mut sorted = found.clone();
    sorted.sort();
    assert_eq!(found, sorted);
    drop(tx);
    let tally = tables::tally(&board.world.app, &check).await.unwrap();
    assert_eq!(tally.iter().map(|(_, count)| count).sum::<i64>(), 60);
    let table = tables::of_check(&board.world.app, &check, &all()).await.unwrap();
    let csv = String::from_utf8(tables::written(table, &[], "csv").unwrap()).unwrap();
    assert_eq!(csv.lines().count(), 61);
}

#[tokio::test]
async fn a_check_that_was_broken_off_or_runs_twice_settles_everybody_once() {
    let board = Board::new().await;
    let list = board.list(rows(0..20)).await;
    let id = board.ask(list).await;
    // a worker that got as far as the fifth licensee and was killed
    let app = &board.world.app;
    let unfinished = checks::find(app, &board.scope, id).await.unwrap();
    let mut tx = app.store.write().await.unwrap();
    let subjects = store::licensee_lists::checks::subjects(&mut tx, list, 0, 5).await.unwrap();
    let done: Vec<results::ResultRow> = subjects
        .into_iter()
        .map(|one| results::ResultRow {
            row: one.row,
            physician: one.physician,
            license_number: one.license_number,
            name: one.name,
            found: results::Standings {
                standing: Standing::NotKnown,
                cycle: None,
                required: Amount::ZERO,
                counted: Amount::ZERO,
                missing: Amount::ZERO,
                topics: vec![("Ethics".into(), Amount::new(100))],
            },
        })
        .collect();
    let through = done.last().unwrap().row;
    assert!(store::licensee_lists::checks::advance(&mut tx, &unfinished, through, 5, 0).await.unwrap());
    results::insert(&mut tx, id, &done).await.unwrap();
    // the second of two workers with one stretch is told that it was done
    assert!(!store::licensee_lists::checks::advance(&mut tx, &unfinished, through, 5, 0).await.unwrap());
    tx.commit().await.unwrap();
    records::work(app).await;
    let check = checks::find(app, &board.scope, id).await.unwrap();
    assert_eq!((check.settled, check.ledger_size), (20, Some(0)));
    let mut tx = app.store.write().await.unwrap();
    assert_eq!(results::count(&mut tx, &check, &all()).await.unwrap(), 20);
    assert_eq!(tables::missing_topics(app, &check).await.unwrap(), [("Ethics".to_owned(), 5)]);
    // the same job once more
    let now = app.clock.now();
    let again = domain::JobId::new(app.chance.id(now));
    store::jobs::enqueue(&mut tx, again, checks::CHECK_LICENSEE_LIST, &id.to_string(), now, now).await.unwrap();
    tx.commit().await.unwrap();
    records::work(app).await;
    assert_eq!(checks::find(app, &board.scope, id).await.unwrap(), check);
    assert_eq!(board.seen("compliance.check").await, 15);
}

#[tokio::test]
async fn all_licensees_of_the_registry_make_a_list() {
    let board = Board::new().await;
    let filter = RegistryFilter { only_active: true, expires: None };
    let given = Given::Registry(filter);
    let list = licensee_lists::make(&board.world.app, &board.actor, "Cal", &board.scope, "", given).await.unwrap();
    let found = licensee_lists::find(&board.world.app, &board.scope, list).await.unwrap();
    assert_eq!(found.licensees, records::PHYSICIANS as i64);
    assert_eq!(found.name, "All active licensees on 11/23/2026");
    let month = RegistryFilter { only_active: true, expires: Some((date(2026, 11, 1), date(2026, 11, 30))) };
    let given = Given::Registry(month);
    let made = licensee_lists::make(&board.world.app, &board.actor, "Cal", &board.scope, "", given).await;
    assert!(matches!(made, Err(app::Error::Invalid(_))));
}

#[tokio::test]
async fn a_list_file_is_read_whatever_its_format_and_a_bad_one_is_told() {
    let board = Board::new().await;
    let app = &board.world.app;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    let mut read = Vec::new();
    for bytes in [
        b"Licensees due\n\nLast name,License Number,Fee\nMu\xc3\xb1oz,\"A 1\",$5\n,,\n".to_vec(),
        b"\xef\xbb\xbflicense\r\n=\"00017\"\r\n".to_vec(),
        formats::licensees::template_xlsx().unwrap(),
        b"Name\tCity\nAna\tReno\n".to_vec(),
        b"%PDF-1.7".to_vec(),
        b"".to_vec(),
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>".to_vec(),
        b"PK\x03\x04 not a workbook".to_vec(),
    ] {
        std::fs::write(&path, bytes).unwrap();
        read.push(licensee_lists::read_file(app, &path).await);
    }
    let numbers: Vec<String> = read.iter().take(2).map(|read| read.as_ref().unwrap()[0].number.clone()).collect();
    assert_eq!(numbers, ["A 1", "00017"]);
    assert_eq!(read[0].as_ref().unwrap()[0].row, 4);
    for refused in &read[2..] {
        assert!(matches!(refused, Err(app::Error::Invalid(faults)) if faults[0].field == "file"), "{refused:?}");
    }
    assert!(matches!(licensee_lists::read_pasted(app, " "), Err(app::Error::Invalid(_))));
}

#[tokio::test]
async fn a_check_needs_licensees_and_a_day_that_can_be_looked_at() {
    let board = Board::new().await;
    let empty = board.list(vec![LicenseeRow { row: 1, ..LicenseeRow::default() }]).await;
    let full = board.list(rows([1])).await;
    let app = &board.world.app;
    for (list, day, which, field) in [
        (empty, date(2026, 11, 23), WhichCycle::Current, "list"),
        (full, date(2026, 11, 24), WhichCycle::Ended, "as_of"),
        (full, date(1950, 1, 1), WhichCycle::Ended, "as_of"),
        (full, date(9000, 1, 1), WhichCycle::Current, "as_of"),
    ] {
        let asked = checks::ask(app, &board.actor, "", &board.scope, list, day, which).await;
        assert!(matches!(asked, Err(app::Error::Invalid(faults)) if faults[0].field == field), "{day}");
    }
}
