//! Which rows of rosters are merged without an identifier in common and which never are. Rare names
//! are only rare among many: these registries hold thousands of strangers.

use std::collections::{BTreeMap, BTreeSet};

use app::rosters::{Summary, import_certifications, import_licenses};
use domain::PhysicianId;
use store::physicians::{self, License, NewPhysician, Physician};
use testkit::TestApp;
use uuid::Uuid;

const LICENSES: &str =
    "board state\tlicense number\tfirst\tmiddle\tlast\tsuffix\tdegree\tbirth month/day\tNPI\tformer last names\n";
const BOARDS: &str = "board\tdiplomate ID\tfirst\tmiddle\tlast\tbirth month/day\tNPI\tlicense state\tlicense number\n";
const STRANGERS: u32 = 60_000;

/// Somebody of a name that nobody else bears.
fn stranger(n: u32) -> Physician {
    let letter = |place: u32| char::from(b'a' + (n / 26u32.pow(place) % 26) as u8);
    let letters: String = (0..4).map(letter).collect();
    Physician {
        id: PhysicianId::new(Uuid::from_u128(u128::from(n) + 1)),
        first: format!("Xo{letters}"),
        middle: String::new(),
        last: format!("Yv{letters}"),
        suffix: String::new(),
        former_last: Vec::new(),
        degree: "MD".into(),
        birth: domain::MonthDay::new((n % 12 + 1) as u8, (n / 12 % 28 + 1) as u8),
        npi: None,
        licenses: Vec::new(),
        certifications: Vec::new(),
    }
}

/// An application whose registry holds many people of other names.
async fn among_strangers() -> TestApp {
    let app = TestApp::new().await;
    let strangers: Vec<NewPhysician> =
        (0..STRANGERS).map(|n| NewPhysician { physician: stranger(n), ledger_key: [0; 32] }).collect();
    let mut tx = app.app.store.write().await.unwrap();
    physicians::insert(&mut tx, &strangers, 0).await.unwrap();
    tx.commit().await.unwrap();
    app
}

/// Writes fields separated by spaces; two spaces leave one empty.
async fn import(app: &TestApp, header: &str, rows: &[&str]) -> Summary {
    let path = app.folder().join("roster.tsv");
    let lines: Vec<String> = rows.iter().map(|row| row.replace(' ', "\t") + "\n").collect();
    std::fs::write(&path, header.to_owned() + &lines.concat()).unwrap();
    let imported = match header {
        LICENSES => import_licenses(&app.app, &path, &|_, _| {}).await,
        _ => import_certifications(&app.app, &path, &|_, _| {}).await,
    };
    imported.unwrap()
}

async fn licenses(app: &TestApp, rows: &[&str]) -> Summary {
    import(app, LICENSES, rows).await
}

async fn boards(app: &TestApp, rows: &[&str]) -> Summary {
    import(app, BOARDS, rows).await
}

/// Which licenses and certifications stand together.
async fn together(app: &TestApp) -> BTreeSet<BTreeSet<String>> {
    let held = "select cast(physician_id as text) || ' ' || state || number from license
                union all select cast(physician_id as text) || ' ' || board || diplomate_id from certification";
    let held = if app.address.starts_with("sqlite:") {
        held.replace("cast(physician_id as text)", "hex(physician_id)")
    } else {
        held.into()
    };
    let mut by_person: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in testkit::database::texts(&app.address, &held).await {
        let (person, record) = line.split_once(' ').unwrap();
        by_person.entry(person.to_owned()).or_default().insert(record.to_owned());
    }
    by_person.into_values().collect()
}

fn groups(groups: &[&[&str]]) -> BTreeSet<BTreeSet<String>> {
    groups.iter().map(|group| group.iter().map(|record| (*record).to_owned()).collect()).collect()
}

fn found(rows: u64) -> Summary {
    Summary { rows, ..Summary::default() }
}

#[tokio::test]
async fn a_rare_name_with_its_middle_name_and_birthday_is_one_person() {
    let app = among_strangers().await;
    let rows = ["CA A1 Otto Sigurd Brandvold  DO 11/30", "TX T1 Otto Sigurd Brandvold  DO 11/30"];
    assert_eq!(licenses(&app, &rows).await, Summary { new: 1, attached: 1, ..found(2) });
    assert_eq!(together(&app).await, groups(&[&["CAA1", "TXT1"]]));
    assert_eq!(licenses(&app, &rows).await, Summary { unchanged: 2, ..found(2) });
    assert_eq!(boards(&app, &["ABIM 7 Otto Sigurd Brandvold 11/30"]).await, Summary { attached: 1, ..found(1) });
}

#[tokio::test]
async fn name_and_birthday_alone_wait_for_a_person() {
    let app = among_strangers().await;
    let rows = ["CA A1 Otto  Brandvold   11/30", "TX T1 Otto  Brandvold   11/30"];
    assert_eq!(licenses(&app, &rows).await, Summary { new: 1, review: 1, newly_in_review: 1, ..found(2) });
    assert_eq!(licenses(&app, &rows).await, Summary { unchanged: 1, review: 1, ..found(2) });
    assert_eq!(together(&app).await.len(), 1);
}

#[tokio::test]
async fn whatever_contradicts_keeps_two_records_apart() {
    for (what, other) in [
        ("a twin", "TX T1 Nora Sigurd Brandvold  DO 11/30"),
        ("a twin with a like name", "TX T1 Ottilie Sigurd Brandvold  DO 11/30"),
        ("a son", "TX T1 Otto Sigurd Brandvold JR DO 11/30"),
        ("another middle name", "TX T1 Otto Ragnar Brandvold  DO 11/30"),
        ("another initial", "TX T1 Otto R Brandvold  DO 11/30"),
        ("another birthday", "TX T1 Otto Sigurd Brandvold  DO 11/29"),
        ("another degree", "TX T1 Otto Sigurd Brandvold  MD 11/30"),
        ("another number of the same state", "CA A2 Otto Sigurd Brandvold  DO 11/30"),
        ("another NPI", "TX T1 Otto Sigurd Brandvold  DO 11/30 1999999984"),
        ("a slip in the last name", "TX T1 Otto Sigurd Brandvald  DO 11/30"),
        ("no birthday", "TX T1 Otto Sigurd Brandvold  DO "),
    ] {
        let app = TestApp::new().await;
        let otto = "CA A1 Otto Sigurd Brandvold  DO 11/30 1234567893";
        licenses(&app, &[otto, other]).await;
        assert!(together(&app).await.iter().all(|group| group.len() == 1), "{what}");
    }
}

#[tokio::test]
async fn contradictions_stop_even_the_rarest_name() {
    let app = among_strangers().await;
    let rows = [
        "CA A1 Otto Sigurd Brandvold  DO 11/30 1234567893",
        "TX T1 Otto Sigurd Brandvold JR DO 11/30",
        "NV N1 Otto Ragnar Brandvold  DO 11/30",
        "OR O1 Otto Sigurd Brandvold  MD 11/30",
        "CA A2 Otto Sigurd Brandvold  DO 11/30",
        "WA W1 Otto Sigurd Brandvold  DO 11/30 1999999984",
    ];
    let summary = licenses(&app, &rows).await;
    assert!(together(&app).await.iter().all(|group| group.len() == 1));
    // the other NPI is another person's for sure; with two to choose from all others wait
    assert_eq!((summary.new, summary.attached, summary.review), (2, 0, 4));
}

#[tokio::test]
async fn a_spouses_license_on_a_row_does_not_merge() {
    let app = among_strangers().await;
    licenses(&app, &["CA A1 Otto Sigurd Brandvold  DO 11/30"]).await;
    for row in [
        "ABIM 7 Wilma Inga Brandvold 03/03  CA A1",
        // a twin's
        "ABIM 8 Nora Inga Brandvold 11/30  CA A1",
    ] {
        assert_eq!(boards(&app, &[row]).await, Summary { review: 1, newly_in_review: 1, ..found(1) }, "{row}");
    }
    assert_eq!(together(&app).await, groups(&[&["CAA1"]]));
}

#[tokio::test]
async fn a_former_name_joins_the_records_of_before_and_after() {
    let app = among_strangers().await;
    let rows = [
        "CA A1 Helena Maria Quistgaard  MD 02/16 1234567893",
        // the same NPI under the name she married into
        "NV N1 Helena M Abernethy  MD 02/16 1234567893 Quistgaard",
        // whoever else has borne one of her names is not counted: without a middle name that is not enough
        "WA W1 Helena  Abernethy  MD 02/16",
    ];
    assert_eq!(licenses(&app, &rows).await.review, 1);
    assert_eq!(together(&app).await, groups(&[&["CAA1", "NVN1"]]));
}

#[tokio::test]
async fn a_row_on_the_list_settles_when_a_later_file_tells_more() {
    let app = among_strangers().await;
    let waiting = "TX T1 Otto  Brandvold  DO 11/30 1234567893";
    licenses(&app, &["CA A1 Otto  Brandvold  DO 11/30"]).await;
    assert_eq!(licenses(&app, &[waiting]).await.review, 1);
    let told = boards(&app, &["ABIM 7 Otto  Brandvold 11/30 1234567893 CA A1"]).await;
    assert_eq!(told, Summary { attached: 1, from_list: 1, ..found(1) });
    assert_eq!(together(&app).await, groups(&[&["ABIM7", "CAA1", "TXT1"]]));
    let ended = "select settlement || ' ' || settled_by from registry_review";
    assert_eq!(testkit::database::texts(&app.address, ended).await, ["import roster.tsv"]);
    assert_eq!(licenses(&app, &[waiting]).await, Summary { unchanged: 1, ..found(1) });
}

#[tokio::test]
async fn what_staff_took_off_the_list_stays_off() {
    let app = among_strangers().await;
    let row = "TX T1 Otto  Brandvold  DO 11/30 1234567893";
    licenses(&app, &["CA A1 Otto  Brandvold  DO 11/30"]).await;
    licenses(&app, &[row]).await;
    testkit::database::tamper(&app.address, "update registry_review set settled_at = 1, settlement = 'dismissed'")
        .await;
    licenses(&app, &["CA A1 Otto  Brandvold  DO 11/30 1234567893"]).await;
    assert_eq!(licenses(&app, &[row]).await, Summary { unchanged: 1, ..found(1) });
    assert_eq!(together(&app).await, groups(&[&["CAA1"]]));
}

#[tokio::test]
async fn two_whom_one_row_names_are_suggested_as_a_pair() {
    let app = among_strangers().await;
    licenses(&app, &["CA A1 Otto  Brandvold  DO 11/30"]).await;
    // a record of the same person, from a time when the first was not known
    let state = domain::State::read("TX").unwrap();
    let license = License { state, number: "T1".into(), status: String::new(), issued_on: None, expires_on: None };
    let otto = Physician {
        first: "Otto".into(),
        last: "Brandvold".into(),
        birth: domain::MonthDay::new(11, 30),
        npi: Some("1234567893".into()),
        licenses: vec![license],
        ..stranger(STRANGERS)
    };
    let mut tx = app.app.store.write().await.unwrap();
    physicians::insert(&mut tx, &[NewPhysician { physician: otto, ledger_key: [0; 32] }], 0).await.unwrap();
    tx.commit().await.unwrap();
    let both = "ABIM 7 Otto  Brandvold 11/30 1234567893 CA A1";
    let summary = boards(&app, &[both]).await;
    assert_eq!((summary.pairs, summary.review), (1, 1));
    assert_eq!(boards(&app, &[both]).await, Summary { review: 1, ..found(1) });
    assert_eq!(together(&app).await, groups(&[&["CAA1"], &["TXT1"]]));
}

#[tokio::test]
async fn the_order_of_rows_changes_no_sure_merge() {
    let mut rows = vec![
        // one person, told by an NPI, by a middle name, and by both
        "CA A1 Otto Sigurd Brandvold  DO 11/30",
        "TX T1 Otto Sigurd Brandvold  DO 11/30 1234567893",
        "NV N1 Otto S Brandvold  DO 11/30 1234567893",
        // his namesake with the same birthday and another NPI
        "OR O1 Otto Ragnar Brandvold  MD 11/30 1999999984",
        "WA W1 Otto Ragnar Brandvold  MD 11/30 1999999984",
        // twins, one row of each without an NPI
        "CA A3 Ida Inga Quistgaard  MD 05/05 1111111112",
        "TX T3 Ida Inga Quistgaard  MD 05/05",
        "CA A4 Ada Inga Quistgaard  MD 05/05 1222222220",
        "TX T4 Ada Inga Quistgaard  MD 05/05",
    ];
    let people: [&[&str]; 4] = [&["CAA1", "NVN1", "TXT1"], &["ORO1", "WAW1"], &["CAA3", "TXT3"], &["CAA4", "TXT4"]];
    let dice = app::Chance::seeded(5);
    for _ in 0..4 {
        let app = among_strangers().await;
        // before any board was read only what is surer still is attached
        boards(&app, &["ABIM 1 Wilma Inga Abernethy 03/03"]).await;
        licenses(&app, &rows).await;
        let found = together(&app).await;
        let (merged, alone): (BTreeSet<_>, BTreeSet<_>) = found.into_iter().partition(|group| group.len() > 1);
        assert_eq!(merged, groups(&people), "{rows:?}");
        assert_eq!(alone, groups(&[&["ABIM1"]]), "{rows:?}");
        for place in (1..rows.len()).rev() {
            let other = u64::from_le_bytes(dice.bytes()) as usize % (place + 1);
            rows.swap(place, other);
        }
    }
}
