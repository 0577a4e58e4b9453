//! A file with a shifted column over HTTP: the page, the worklist and the web service say it once.

use domain::access::{ProviderRole, Seat};
use testkit::people::{OWNER, VIEWER, provider_id};
use testkit::records::{self, HEADER, physician, row, work};
use testkit::{Part, TestApp, people};

const SAID: &str = "Column H, Licensing ID or NPI, is one row too low from row 12 to row 50: each value stands below its \
                    learner.";
const REMEDY: &str = "Move its cells up by one row there and upload the file again.";

/// Sixty learners; the license of each of rows 12 to 50 stands one row below.
fn shifted_file() -> String {
    // neighbours whose licenses differ by more than a slip
    let people: Vec<usize> = (0..60).map(|n| n * 41 % 100).collect();
    let license = |row: usize| physician(people[row - 2]).licenses[0].number.clone();
    let mut file = HEADER.to_owned();
    for number in 2..62 {
        let own = license(number);
        let given = match number {
            12 => String::new(),
            13..=51 => license(number - 1),
            _ => own.clone(),
        };
        file += &row("Add", people[number - 2], "2").replace(&format!("\t{own}\t"), &format!("\t{given}\t"));
    }
    file
}

fn form(file: &str) -> [Part<'_>; 2] {
    [Part::File("file", "learners.txt", file.as_bytes()), Part::Text("permission", "held")]
}

async fn ready() -> TestApp {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    test
}

#[tokio::test]
async fn the_page_of_an_upload_says_once_which_column_is_shifted() {
    let test = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    let sent = shifted_file();
    let page = owner.post_multipart("/provider/uploads/new", &form(&sent)).await.expect(303).location().to_owned();
    work(&test.app).await;
    for path in [page.clone(), format!("{page}/progress"), format!("{page}/rows")] {
        let text = owner.get(&path).await.expect(200).text();
        assert_eq!(text.matches(&format!("{SAID} {REMEDY}")).count(), 1, "{path}: {text}");
    }
    let shown = owner.get(&page).await.expect(200).text();
    assert!(shown.contains("All rows are settled. 20 accepted, 40 refused."), "{shown}");
    // of many refusals one line is left, and one for the row whose own license is gone
    assert_eq!(shown.matches("/rows?code=").count(), 2, "{shown}");
    let rows = owner.get(&format!("{page}/rows?code=identifier_column_shifted")).await.expect(200).text();
    assert!(rows.contains("In this part of the file, Licensing ID or NPI is one row too low."), "{rows}");
    let mut viewer = test.sign_in(VIEWER).await;
    assert!(viewer.get(&page).await.expect(200).text().contains(SAID));
}

#[tokio::test]
async fn once_the_last_row_is_mended_nothing_is_said_of_the_column() {
    let test = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    let sent = shifted_file();
    let page = owner.post_multipart("/provider/uploads/new", &form(&sent)).await.expect(303).location().to_owned();
    work(&test.app).await;
    let license = |row: usize| physician((row - 2) * 41 % 100).licenses[0].number.clone();
    for numbers in [12..32, 32..51] {
        let fields: Vec<(String, String)> = numbers.map(|row| (format!("{row}-c7"), license(row))).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        owner.post_form(&format!("{page}/rows"), &fields).await.expect(200);
    }
    let shown = owner.get(&page).await.expect(200).text();
    assert!(shown.contains("59 accepted, 1 refused") && !shown.contains("Column H"), "{shown}");
}

#[tokio::test]
async fn the_web_service_says_it_once_with_column_and_rows() {
    let test = ready().await;
    let seat = Seat::Provider(provider_id(), ProviderRole::LearnerData);
    let mut program = test.bearer(people::token(&test.app, "LMS", seat).await.expose());
    let sent = shifted_file();
    let receipt = program.post_multipart("/api/pars/v1/uploads", &form(&sent)).await.expect(202).json();
    let url = receipt["url"].as_str().unwrap().to_owned();
    assert_eq!(program.get(&url).await.expect(200).json()["column_problems"], serde_json::json!([]));
    work(&test.app).await;
    let answer = program.get(&url).await.expect(200).json();
    assert_eq!(answer["status"], "done");
    let said = serde_json::json!([{
        "code": "identifier_column_shifted",
        "column": "H",
        "field": "Licensing ID or NPI",
        "from_row": 12,
        "to_row": 50,
        "message": SAID,
        "remedy": REMEDY,
    }]);
    assert_eq!(answer["column_problems"], said);
    let counts: Vec<(&str, i64)> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (problem["code"].as_str().unwrap(), problem["count"].as_i64().unwrap()))
        .collect();
    assert_eq!(counts, [("identifier_column_shifted", 39), ("identity_conflict", 1)]);
    let refused = program.get(&format!("{url}/result?rows=refused")).await.expect(200).text();
    assert_eq!(refused.matches(SAID).count(), 39, "{refused}");
}
