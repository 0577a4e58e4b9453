//! Rosters into the registry: who is new, who is known, who waits for a person.

use std::path::PathBuf;

use app::rosters::{Summary, import_certifications, import_licenses};
use domain::{Board, State};
use matching::{Outcome, Query};
use store::physicians;
use testkit::TestApp;

const LICENSES: &str = "board state\tlicense number\tfirst\tmiddle\tlast\tsuffix\tdegree\tbirth month/day\tstatus\tissued\texpires\tNPI\tformer last names\n";
const BOARDS: &str =
    "board\tdiplomate ID\tfirst\tmiddle\tlast\tsuffix\tbirth month/day\tstatus\tNPI\tlicense state\tlicense number\n";

/// Helena Quistgaard with two licenses, told apart by an NPI; Otto Brandvold with one.
const TWO_PEOPLE: &str = "\
CA\tA10001\tHelena\tMaria\tQuistgaard\t\tMD\t02/16\tActive\t2001-07-01\t2027-12-31\t1234567893\t
NV\t7001\tHelena\tM\tAbernethy\t\tMD\t02/16\tActive\t2011-07-01\t2027-12-31\t1234567893\tQuistgaard
CA\tA10002\tOtto\t\tBrandvold\t\tDO\t11/30\tActive\t2005-07-01\t2027-12-31\t\t
";

fn file(app: &TestApp, name: &str, header: &str, rows: &str) -> PathBuf {
    let path = app.folder().join(name);
    std::fs::write(&path, format!("{header}{rows}")).unwrap();
    path
}

async fn licenses(app: &TestApp, rows: &str) -> Summary {
    import_licenses(&app.app, &file(app, "licenses.tsv", LICENSES, rows), &|_, _| {}).await.unwrap()
}

async fn certifications(app: &TestApp, rows: &str) -> Summary {
    import_certifications(&app.app, &file(app, "boards.tsv", BOARDS, rows), &|_, _| {}).await.unwrap()
}

fn summary(rows: u64) -> Summary {
    Summary { rows, ..Summary::default() }
}

/// The physicians with this license, by last name.
async fn holders(app: &TestApp, state: &str, number: &str) -> Vec<physicians::Physician> {
    let mut tx = app.app.store.read().await.unwrap();
    let key = (State::read(state).unwrap(), number.to_owned());
    let holders = physicians::holders_of_licenses(&mut tx, std::slice::from_ref(&key)).await.unwrap();
    let ids: Vec<_> = holders.get(&key).into_iter().flatten().map(|(id, _)| *id).collect();
    let mut holders = physicians::by_ids(&mut tx, &ids).await.unwrap();
    holders.sort_by(|a, b| a.last.cmp(&b.last));
    holders
}

async fn holder(app: &TestApp, state: &str, number: &str) -> physicians::Physician {
    let mut holders = holders(app, state, number).await;
    assert_eq!(holders.len(), 1, "{state} {number}");
    holders.remove(0)
}

async fn last_names(app: &TestApp, state: &str, number: &str) -> Vec<String> {
    holders(app, state, number).await.into_iter().map(|of| of.last).collect()
}

#[tokio::test]
async fn rows_of_one_person_in_one_file_meet_each_other() {
    let app = TestApp::new().await;
    assert_eq!(licenses(&app, TWO_PEOPLE).await, Summary { new: 2, attached: 1, ..summary(3) });
    let helena = holder(&app, "NV", "7001").await;
    assert_eq!(helena.id, holder(&app, "CA", "A10001").await.id);
    assert_eq!(helena.former_last, ["Abernethy"]);
    assert_eq!((helena.middle.as_str(), helena.npi.as_deref()), ("Maria", Some("1234567893")));
    assert_eq!(helena.licenses.len(), 2);
    assert_eq!(app.app.registry.len(), 2);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let app = TestApp::new().await;
    let namesake = "TX\tM5500\tOtto\t\tBrandvold\t\tDO\t11/30\tActive\t\t\t\t\n";
    let rows = format!("{TWO_PEOPLE}{namesake}");
    let first = licenses(&app, &rows).await;
    assert_eq!(first, Summary { new: 2, attached: 1, review: 1, newly_in_review: 1, ..summary(4) });
    let mut tx = app.app.store.read().await.unwrap();
    let before = store::counters::taken(&mut tx, store::counters::Counter::RegistryChange).await.unwrap();
    drop(tx);
    let again = licenses(&app, &rows).await;
    assert_eq!(again, Summary { unchanged: 3, review: 1, ..summary(4) });
    assert!(again.changed_nothing());
    let mut tx = app.app.store.read().await.unwrap();
    let after = store::counters::taken(&mut tx, store::counters::Counter::RegistryChange).await.unwrap();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_new_status_is_set_at_once() {
    let app = TestApp::new().await;
    licenses(&app, TWO_PEOPLE).await;
    let suspended = TWO_PEOPLE.replace("11/30\tActive", "11/30\tSuspended");
    assert_eq!(licenses(&app, &suspended).await, Summary { updated: 1, unchanged: 2, ..summary(3) });
    assert_eq!(holder(&app, "CA", "A10002").await.licenses[0].status, "Suspended");
}

#[tokio::test]
async fn a_number_is_held_by_two_if_they_are_surely_two() {
    let app = TestApp::new().await;
    licenses(&app, TWO_PEOPLE).await;
    let twice = "CA\tA10002\tWilhelmina\t\tOstrander\t\tMD\t04/09\tActive\t\t\t\t\n";
    assert_eq!(licenses(&app, twice).await, Summary { new: 1, shared: 1, ..summary(1) });
    assert_eq!(last_names(&app, "CA", "A10002").await, ["Brandvold", "Ostrander"]);
    let suspended = twice.replace("Active", "Suspended");
    assert_eq!(licenses(&app, &suspended).await, Summary { updated: 1, ..summary(1) });
    let otto = holders(&app, "CA", "A10002").await.into_iter().find(|of| of.last == "Brandvold").unwrap();
    assert_eq!(otto.licenses[0].status, "Active");
    assert_eq!(licenses(&app, TWO_PEOPLE).await, Summary { unchanged: 3, ..summary(3) });
    // whoever reports the number is told apart by name
    let reported = |first: &str, last: &str, birth: &str| Query {
        first: first.into(),
        last: last.into(),
        birth: birth.parse().ok(),
        state: State::read("CA"),
        identifier: Some("A10002".into()),
        ..Query::default()
    };
    let decided = app.app.registry.decide(&reported("Otto", "Brandvold", "11/30"));
    assert_eq!(decided.outcome, Outcome::Matched(otto.id));
    let decided = app.app.registry.decide(&reported("Ada", "Quistgaard", "01/01"));
    assert_eq!(decided.outcome, Outcome::Conflict);
}

#[tokio::test]
async fn an_npi_says_that_a_number_was_given_twice() {
    let app = TestApp::new().await;
    licenses(&app, TWO_PEOPLE).await;
    // Helena with the NPI holds it; a Helena of another NPI and day is another one
    let other = "CA\tA10001\tHelena\t\tFarnsworth\t\tDO\t09/01\tActive\t\t\t1999999984\t\n";
    assert_eq!(licenses(&app, other).await, Summary { new: 1, shared: 1, ..summary(1) });
    assert_eq!(last_names(&app, "CA", "A10001").await, ["Farnsworth", "Quistgaard"]);
}

#[tokio::test]
async fn a_known_number_that_may_be_its_holders_waits_for_staff() {
    let app = TestApp::new().await;
    licenses(&app, TWO_PEOPLE).await;
    let unclear = [
        // a twin, or Otto under another name
        "CA\tA10002\tNora\t\tBrandvold\t\tDO\t11/30\tActive\t\t\t\t\n",
        // his twin sister, or a number in the wrong row
        "CA\tA10001\tHerta\t\tQuistgaard\t\tMD\t02/16\tActive\t\t\t\t\n",
    ];
    assert_eq!(licenses(&app, &unclear.concat()).await, Summary { review: 2, newly_in_review: 2, ..summary(2) });
    assert_eq!(last_names(&app, "CA", "A10002").await, ["Brandvold"]);
    assert_eq!(last_names(&app, "CA", "A10001").await, ["Quistgaard"]);
    let staff = testkit::people::actor(&app.app, testkit::people::ACCREDITOR).await.staff().unwrap();
    let mut tx = app.app.store.read().await.unwrap();
    assert_eq!(store::reviews::count(&mut tx, &staff, &Default::default()).await.unwrap(), 2);
    let waiting = store::reviews::list(&mut tx, &staff, &Default::default(), 10, 0).await.unwrap();
    assert!(waiting.iter().all(|review| review.outcome == "conflict"));
    assert_eq!(waiting.iter().map(|review| review.row_number).sum::<i64>(), 2 + 3);
    assert!(waiting.iter().any(|review| review.row.contains("Nora")));
}

#[tokio::test]
async fn a_certification_finds_its_physician_by_a_shared_license() {
    let app = TestApp::new().await;
    licenses(&app, TWO_PEOPLE).await;
    let rows = "\
ABIM\t300001\tHelena\tMaria\tQuistgaard\t\t02/16\tCertified\t1234567893\t\t
ABIM\t300002\tOtto\t\tBrandvold\t\t11/30\tCertified\t\tCA\tA10002
ABS\t500001\tNathaniel\t\tEverdeen\t\t07/04\tCertified\t\t\t
";
    assert_eq!(certifications(&app, rows).await, Summary { new: 1, attached: 2, ..summary(3) });
    let otto = holder(&app, "CA", "A10002").await;
    assert_eq!(otto.certifications[0].board, Board::read("ABIM").unwrap());
    assert_eq!(otto.certifications[0].diplomate_id, "300002");
    assert_eq!(certifications(&app, rows).await, Summary { unchanged: 3, ..summary(3) });
}

#[tokio::test]
async fn a_row_with_a_problem_is_left_out_and_the_others_go_in() {
    let app = TestApp::new().await;
    let rows = TWO_PEOPLE.replace("11/30", "11/31");
    let found = licenses(&app, &rows).await;
    assert_eq!((found.new, found.attached, found.refused, found.rows), (1, 1, 1, 3));
    let problem = &found.problems[0];
    assert_eq!((problem.row, problem.column.as_str(), problem.given.as_str()), (4, "birth month/day", "11/31"));
    assert!(!problem.remedy.is_empty());
}

#[tokio::test]
async fn a_file_that_is_no_roster_is_refused_whole() {
    let app = TestApp::new().await;
    let path = file(&app, "wrong.tsv", "a\tb\tc\n", "1\t2\t3\n");
    let refused = import_licenses(&app.app, &path, &|_, _| {}).await.unwrap_err();
    assert!(matches!(refused, app::Error::Problems(problems) if problems.len() == 1));
}

#[tokio::test]
async fn what_another_process_imports_is_found_after_a_refresh() {
    let app = TestApp::new().await;
    let other = app::Registry::build(&app.app.store, &|_, _| {}).await.unwrap();
    licenses(&app, TWO_PEOPLE).await;
    let otto = Query {
        first: "Otto".into(),
        last: "Brandvold".into(),
        birth: "11/30".parse().ok(),
        state: State::read("CA"),
        identifier: Some("A10002".into()),
        ..Query::default()
    };
    assert_eq!(other.decide(&otto).outcome, Outcome::None);
    assert_eq!(other.refresh(&app.app.store).await.unwrap(), 2);
    assert_eq!(other.decide(&otto).outcome, Outcome::Matched(holder(&app, "CA", "A10002").await.id));
    assert_eq!(other.refresh(&app.app.store).await.unwrap(), 0);
}

#[tokio::test]
async fn pages_and_changes_tell_the_same_of_everybody() {
    let app = TestApp::new().await;
    licenses(&app, TWO_PEOPLE).await;
    let mut tx = app.app.store.read().await.unwrap();
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = physicians::page_after(&mut tx, after, 1).await.unwrap();
        paged.extend(page.physicians);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut seen = 0;
    let mut changed = Vec::new();
    loop {
        let changes = physicians::changed_since(&mut tx, seen, 1).await.unwrap();
        let Some(last) = changes.last() else { break };
        seen = last.seq;
        changed.extend(changes.into_iter().map(|change| change.physician));
    }
    changed.sort_by_key(|physician| physician.id);
    assert_eq!(paged.len(), 2);
    assert_eq!(paged, changed);
    assert!(paged.iter().any(|physician| physician.licenses.len() == 2));
}
