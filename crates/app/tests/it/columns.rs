//! Files with one column wrong as a whole: one message, one code for its rows, and nobody's credit on another's record.

use domain::upload::{Counts, RowResult};
use domain::{Code, Field, Problem, Stretch};
use store::physicians::NewPhysician;
use store::uploads::Upload;
use testkit::records::{ACTIVITY, HEADER, physician};

use crate::world::World;

const PEOPLE: usize = 300;

/// The n-th of three hundred more physicians. Their license numbers are too different for a slip of the keyboard.
fn person(n: usize) -> store::physicians::Physician {
    let mut person = physician(n);
    person.id = domain::PhysicianId::new(uuid::Uuid::from_u128(n as u128 + 10_000));
    person.last = format!("{}{}", ["Ober", "Unter", "Hinter", "Vorder"][n / 75], person.last.to_lowercase());
    person.licenses[0].number = format!("C{}", 100_000 + n * 7_919 % 900_000);
    person.certifications[0].diplomate_id = format!("{}", 400_000 + n * 6_007 % 500_000);
    person
}

async fn world() -> World {
    let world = World::new().await;
    let mut tx = world.app.store.write().await.unwrap();
    let new: Vec<NewPhysician> =
        (0..PEOPLE).map(|n| NewPhysician { physician: person(n), ledger_key: [n as u8; 32] }).collect();
    store::physicians::insert(&mut tx, &new, 0).await.unwrap();
    tx.commit().await.unwrap();
    world
}

/// Cells of a file's rows; row 2 is the first.
struct Sheet {
    rows: Vec<Vec<String>>,
}

const FIRST: usize = 3;
const LAST: usize = 4;
const BIRTH: usize = 5;
const LICENSE: usize = 7;

impl Sheet {
    /// A row for each of so many people, again from the first when all had one.
    fn of(rows: usize) -> Self {
        let row = |n: usize| {
            let person = person(n % PEOPLE);
            let birth = person.birth.unwrap().to_string();
            let cells = ["Add", ACTIVITY, "11/02/2026", &person.first, &person.last, &birth, "CA"];
            let rest = [&person.licenses[0].number, "2", "", "", "", "", ""];
            cells.into_iter().chain(rest.map(|cell: &str| cell)).map(str::to_owned).collect()
        };
        Self { rows: (0..rows).map(row).collect() }
    }

    /// The values of these learners' rows stand `by` rows below them.
    fn shift(mut self, column: usize, from: usize, to: usize, by: isize) -> Self {
        let values: Vec<String> = (from..=to).map(|row| std::mem::take(&mut self.rows[row - 2][column])).collect();
        for (row, value) in (from - 2..).zip(values) {
            self.rows[row.checked_add_signed(by).unwrap()][column] = value;
        }
        self
    }

    fn text(&self) -> String {
        self.rows.iter().fold(HEADER.to_owned(), |text, row| text + &row.join("\t") + "\n")
    }
}

fn stretch(field: Field, column: usize, from: i64, to: i64) -> Option<Stretch> {
    Some(Stretch { field, column, from, to, records: None })
}

async fn codes(world: &World, upload: &Upload) -> Vec<(Code, i64)> {
    let mut tx = world.app.store.read().await.unwrap();
    store::upload_rows::problem_counts(&mut tx, &world.scope(), upload.id).await.unwrap()
}

/// Every accepted row is on the record of the physician whose name it bears.
async fn assert_nobody_elses(world: &World) {
    let sql = "select c.last_name from completion c join physician p on p.physician_id = c.physician_id
               where p.last_name <> c.last_name or p.first_name <> c.first_name";
    assert_eq!(testkit::database::texts(&world.test.address, sql).await, Vec::<String>::new());
    world.assert_sound().await;
}

fn only(upload: &Upload) -> &Problem {
    let [problem] = &upload.problems[..] else { panic!("{:?}", upload.problems) };
    problem
}

#[tokio::test]
async fn a_shifted_column_is_one_message_and_one_code() {
    for (by, code, fact) in
        [(1, Code::IdentifierColumnShifted, "one row too low"), (-1, Code::IdentifierColumnShifted, "one row too high")]
    {
        let world = world().await;
        let upload = world.upload(&Sheet::of(200).shift(LICENSE, 12, 180, by).text()).await;
        assert_eq!(upload.status, domain::upload::UploadStatus::Done);
        let problem = only(&upload);
        assert_eq!((problem.code, problem.fact.as_str()), (code, fact));
        assert_eq!(problem.stretch().copied(), stretch(Field::Identifier, 7, 12, 180));
        let rows = codes(&world, &upload).await;
        // of the row whose own number was pasted over nothing more is known than that it is another's
        assert_eq!(rows, [(code, 169), (Code::IdentityConflict, 1)]);
        assert_eq!(upload.counts, Counts { rows: 200, accepted: 30, refused: 170, ..Counts::default() });
        assert_nobody_elses(&world).await;
    }
}

#[tokio::test]
async fn shifted_birthdays_are_told_of_their_own_column() {
    let world = world().await;
    let mut sheet = Sheet::of(100).shift(BIRTH, 12, 90, 1);
    sheet.rows[10][BIRTH] = "06/30".into();
    sheet.rows.iter_mut().for_each(|row| row[LICENSE].clear());
    let upload = world.upload(&sheet.text()).await;
    let problem = only(&upload);
    assert_eq!((problem.code, problem.fact.as_str()), (Code::BirthColumnShifted, "one row too low"));
    assert_eq!(problem.stretch().copied(), stretch(Field::Birth, 5, 12, 90));
    assert_nobody_elses(&world).await;
}

#[tokio::test]
async fn a_stretch_over_several_chunks_is_one_message() {
    let world = world().await;
    let upload = world.upload(&Sheet::of(3_200).shift(LICENSE, 996, 2_500, 1).text()).await;
    assert_eq!(only(&upload).stretch().copied(), stretch(Field::Identifier, 7, 996, 2_500));
    assert_eq!(codes(&world, &upload).await[0], (Code::IdentifierColumnShifted, 2_500 - 996 + 1));
    assert_nobody_elses(&world).await;
    for (from, to) in [(990, 1_003), (1_000, 1_006), (995, 1_001)] {
        let upload = world.upload(&Sheet::of(1_500).shift(LICENSE, from, to, 1).text()).await;
        assert_eq!(only(&upload).stretch().copied(), stretch(Field::Identifier, 7, from as i64, to as i64));
    }
}

#[tokio::test]
async fn a_crash_within_a_stretch_changes_nothing() {
    let sheet = Sheet::of(6_500).shift(LICENSE, 700, 5_200, -1).text();
    let world = world().await;
    let id = world.receive(&sheet).await.upload.id;
    let app = &world.app;
    let mut tx = app.store.write().await.unwrap();
    let now = app.clock.now();
    let job = store::jobs::claim(&mut tx, now, now + 60_000_000).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let mut crashes = 0;
    loop {
        let before = world.find(id).await.rows_done;
        let work = app::uploads::process(app, &job, id);
        let settled_more = async {
            while world.find(id).await.rows_done == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            ended = work => {
                ended.unwrap();
                break;
            }
            () = settled_more => crashes += 1, // what worked on it is dropped where it stood
        }
    }
    assert!(crashes > 2, "{crashes}");
    let upload = world.find(id).await;
    assert_eq!(upload.counts.rows, 6_500);
    assert_eq!(only(&upload).stretch().copied(), stretch(Field::Identifier, 7, 700, 5_200));
    assert_eq!(codes(&world, &upload).await[0], (Code::IdentifierColumnShifted, 5_200 - 700 + 1));
    assert_nobody_elses(&world).await;
}

#[tokio::test]
async fn a_row_that_would_match_by_all_else_waits_with_its_stretch() {
    let world = world().await;
    let mut sheet = Sheet::of(60);
    // so the learner of row 33 comes to have none
    sheet.rows[32 - 2][LICENSE].clear();
    let sheet = sheet.shift(LICENSE, 12, 50, 1);
    let alone = Sheet { rows: vec![sheet.rows[33 - 2].clone()] };
    let upload = world.upload(&sheet.text()).await;
    let rows = refused(&world, &upload).await;
    let row = rows.iter().find(|row| row.number == 33).unwrap();
    assert_eq!(row.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::IdentifierColumnShifted]);
    assert_eq!(world.upload(&alone.text()).await.counts.accepted, 1, "alone it would have matched");
    assert_nobody_elses(&world).await;
}

async fn refused(world: &World, upload: &Upload) -> Vec<store::upload_rows::RefusedRow> {
    let mut tx = world.app.store.read().await.unwrap();
    store::upload_rows::list_refused(&mut tx, &world.scope(), upload.id, None, 0, 500).await.unwrap()
}

#[tokio::test]
async fn a_corrected_row_is_judged_alone_and_an_unchanged_one_waits() {
    let world = world().await;
    let sheet = Sheet::of(60).shift(LICENSE, 12, 50, 1);
    let upload = world.upload(&sheet.text()).await;
    let send = |row: usize, license: String| {
        let mut cells = sheet.rows[row - 2].clone();
        cells[LICENSE] = license;
        let corrections = vec![app::uploads::Correction { row: row as i64, cells }];
        app::uploads::correct(&world.app, &world.actor, upload.id, corrections)
    };
    let own = person(20 - 2).licenses[0].number.clone();
    assert_eq!(send(20, own).await.unwrap().settled, [(20, RowResult::Accepted)]);
    let unchanged = sheet.rows[21 - 2][LICENSE].clone();
    assert_eq!(send(21, unchanged).await.unwrap().settled, [(21, RowResult::Refused)]);
    let others = person(40).licenses[0].number.clone();
    assert_eq!(send(22, others).await.unwrap().settled, [(22, RowResult::Refused)]);
    let of = |rows: &[store::upload_rows::RefusedRow], number: i64| {
        let row = rows.iter().find(|row| row.number == number).unwrap();
        row.problems.iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    let rows = refused(&world, &upload).await;
    assert_eq!(of(&rows, 21), [Code::IdentifierColumnShifted]);
    assert_eq!(of(&rows, 22), [Code::IdentityConflict]);
    // all of them sent again as they are: none goes in
    app::uploads::resubmit(&world.app, &world.actor, upload.id).await.unwrap();
    testkit::records::work(&world.app).await;
    assert_eq!(refused(&world, &upload).await, rows_again(rows, &world, &upload).await);
    assert_nobody_elses(&world).await;
}

/// The same rows, corrected when they are now.
async fn rows_again(
    rows: Vec<store::upload_rows::RefusedRow>,
    world: &World,
    upload: &Upload,
) -> Vec<store::upload_rows::RefusedRow> {
    let now = refused(world, upload).await;
    let again = |(row, now): (store::upload_rows::RefusedRow, &store::upload_rows::RefusedRow)| {
        store::upload_rows::RefusedRow { corrected_at: now.corrected_at, ..row }
    };
    rows.into_iter().zip(&now).map(again).collect()
}

#[tokio::test]
async fn copied_filled_and_exchanged_columns_have_a_code_each() {
    let world = world().await;
    let mut copied = Sheet::of(60);
    let mut series = Sheet::of(60);
    let mut exchanged = Sheet::of(60);
    for row in 11..40 {
        copied.rows[row][LICENSE] = copied.rows[10][LICENSE].clone();
        let number: usize = series.rows[10][LICENSE][1..].parse().unwrap();
        series.rows[row][LICENSE] = format!("C{}", number + row - 10);
    }
    exchanged.rows.iter_mut().for_each(|row| row.swap(FIRST, LAST));
    // three of the filled numbers are somebody's
    let mut tx = world.app.store.write().await.unwrap();
    let number: usize = series.rows[10][LICENSE][1..].parse().unwrap();
    let owner = |n: usize| {
        let mut owner = person(250 + n);
        owner.id = domain::PhysicianId::new(uuid::Uuid::from_u128(n as u128 + 20_000));
        owner.first = format!("Gisela{}", "abcdefgh".get(n..=n).unwrap());
        owner.licenses[0].number = format!("C{}", number + 3 * n + 2);
        owner.certifications.clear();
        NewPhysician { physician: owner, ledger_key: [n as u8; 32] }
    };
    store::physicians::insert(&mut tx, &(0..6).map(owner).collect::<Vec<_>>(), 0).await.unwrap();
    tx.commit().await.unwrap();
    let cases = [
        (copied, Code::IdentifierCopiedDown, Field::Identifier, (12, 41)),
        (series, Code::IdentifierSeries, Field::Identifier, (12, 41)),
        (exchanged, Code::NamesExchanged, Field::LastName, (2, 61)),
    ];
    for (sheet, code, field, (from, to)) in cases {
        let upload = world.upload(&sheet.text()).await;
        let problem = only(&upload);
        let found = problem.stretch().unwrap();
        assert_eq!((problem.code, found.field, found.from, found.to), (code, field, from, to));
        assert!(
            codes(&world, &upload).await.iter().all(|(found, _)| *found == code),
            "{:?}",
            codes(&world, &upload).await
        );
    }
}

#[tokio::test]
async fn true_files_tell_of_no_column() {
    let world = world().await;
    let upload = world.upload(&Sheet::of(2_100).text()).await;
    assert_eq!(upload.problems, []);
    let mut sorted = Sheet::of(600);
    sorted.rows.sort_by(|a, b| a[LICENSE].cmp(&b[LICENSE]));
    sorted.rows.iter_mut().step_by(7).for_each(|row| row[LICENSE] = "C100000".into());
    let upload = world.upload(&sorted.text()).await;
    assert!(upload.counts.refused > 10, "{upload:?}");
    assert_eq!(upload.problems, []);
}

#[tokio::test]
async fn the_result_file_says_from_where_to_where() {
    let world = world().await;
    let upload = world.upload(&Sheet::of(60).shift(LICENSE, 12, 50, 2).text()).await;
    let which = app::uploads::Which::Refused;
    let file = app::uploads::result_file(&world.app, &world.scope(), upload.id, which).await.unwrap();
    let text = std::fs::read_to_string(&file.path).unwrap();
    let said = "Column H, Licensing ID or NPI, is two rows too low from row 12 to row 50: each value stands below its \
                learner. Move its cells up by two rows there and upload the file again.";
    assert_eq!(text.matches(said).count(), 39, "{text}");
    assert_eq!(text.matches("identifier_column_shifted").count(), 39);
}

#[tokio::test]
async fn a_shifted_value_in_a_document_is_told_in_its_records() {
    let tabs = Sheet::of(200).shift(LICENSE, 12, 180, 1).text();
    for format in [formats::FileFormat::Xml, formats::FileFormat::Json] {
        let world = world().await;
        let upload = world.upload_bytes(&crate::uploads_documents::written(&tabs, format)).await;
        let problem = only(&upload);
        assert_eq!(
            (problem.code, problem.stretch().unwrap().records),
            (Code::IdentifierColumnShifted, Some((11, 179)))
        );
        let said = "Licensing ID or NPI is one record too low from record 11 to record 179: each value stands below its \
                    learner.";
        assert_eq!(problem.message(), said);
        let which = app::uploads::Which::Refused;
        let file = app::uploads::result_file(&world.app, &world.scope(), upload.id, which).await.unwrap();
        let text = std::fs::read_to_string(&file.path).unwrap();
        assert_eq!(text.matches(said).count(), 169);
        assert_nobody_elses(&world).await;
    }
}
