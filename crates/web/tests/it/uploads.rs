//! Learner files over HTTP: by page and by web service, good and hostile, own and foreign.

use testkit::people::{EDITOR, LICENSING_BOARD, OTHER_OWNER, OWNER, VIEWER, provider_id};
use testkit::records::{HEADER, OTHER_ACTIVITY, file, physician, row, work};
use testkit::{Part, TestApp, people, records};

use domain::access::{ProviderRole, Seat};

async fn ready() -> TestApp {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    test
}

async fn token(test: &TestApp) -> String {
    let seat = Seat::Provider(provider_id(), ProviderRole::LearnerData);
    people::token(&test.app, "LMS", seat).await.expose().to_owned()
}

fn form(file: &str) -> [Part<'_>; 2] {
    [Part::File("file", "learners.txt", file.as_bytes()), Part::Text("permission", "held")]
}

#[tokio::test]
async fn a_program_uploads_polls_and_takes_the_result_away() {
    let test = ready().await;
    let mut program = test.bearer(&token(&test).await);
    let sent = file(0..20) + &row("Add", 30, "0.1") + &row("Add", 31, "2").replace("202600001", OTHER_ACTIVITY);
    let answer = program.post_multipart("/api/pars/v1/uploads", &form(&sent)).await.expect(202);
    let receipt = answer.json();
    assert_eq!(receipt["status"], "received");
    let url = receipt["url"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), url);
    work(&test.app).await;
    let progress = program.get(&url).await.expect(200).json();
    assert_eq!((&progress["status"], &progress["rows"]), (&"done".into(), &22.into()));
    assert_eq!((&progress["accepted"], &progress["refused"]), (&20.into(), &2.into()));
    let codes: Vec<&str> = progress["problems"].as_array().unwrap().iter().filter_map(|p| p["code"].as_str()).collect();
    assert_eq!(codes, ["activity_unknown", "amount_not_a_quarter"]);
    let refused = program.get(&format!("{url}/result?rows=refused")).await.expect(200);
    assert!(refused.header("content-disposition").contains("learners-refused.txt"));
    let text = refused.text();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("amount_not_a_quarter") && text.contains(&physician(30).last));
    let all = program.get(&format!("{url}/result?rows=all")).await.expect(200).text();
    assert_eq!(all.lines().count(), 23);
    assert!(all.contains("ccid:0001234:"));
    // the same bytes again are the same upload, and nothing happens twice
    let again = program.post_multipart("/api/pars/v1/uploads", &form(&sent)).await.expect(200).json();
    assert_eq!(again["id"], receipt["id"]);
}

#[tokio::test]
async fn reports_as_xml_and_json_go_in_and_come_back_by_page_and_by_program() {
    let report = |n: usize, credits: &str| {
        let person = physician(n);
        serde_json::json!({
            "Member": {
                "Name": {"GivenName": person.first, "FamilyName": person.last},
                "PersonalInfo": {"BirthDate": person.birth.unwrap().to_string()},
            },
            "Activity": {"Module": {
                "ModuleName": {"moduleID": records::ACTIVITY},
                "CompletedDateTime": "2026-11-02T17:00:00Z",
                "CreditCertificate": [{
                    "UniqueID": [{"domain": "CA", "value": person.licenses[0].number}],
                    "CreditReceived": {"activityCertification": "AMA PRA Category 1", "numberOfCredits": credits},
                }],
            }},
            "XtensibleInfo": {"LearnerRecordAction": "add"},
        })
    };
    let reports = serde_json::json!({"ActivityReport": [report(1, "2"), report(2, "0.1")]});
    let json = serde_json::json!({"ACCMELearnerReports": {"ActivityReports": reports}}).to_string();
    let test = ready().await;
    let mut program = test.bearer(&token(&test).await);
    let form =
        |name: &'static str, bytes: &'static [u8]| [Part::File("file", name, bytes), Part::Text("permission", "held")];
    let json: &'static [u8] = json.into_bytes().leak();
    let sent = program.post_multipart("/api/pars/v1/uploads", &form("reports.json", json)).await.expect(202).json();
    let url = sent["url"].as_str().unwrap().to_owned();
    work(&test.app).await;
    let progress = program.get(&url).await.expect(200).json();
    assert_eq!((&progress["accepted"], &progress["refused"]), (&1.into(), &1.into()));
    let result = program.get(&format!("{url}/result")).await.expect(200);
    assert!(result.header("content-type").starts_with("application/json"));
    assert!(result.header("content-disposition").contains("reports-result.json"));
    let results = &result.json()["ACCMELearnerReports"]["ActivityReports"]["ActivityReport"];
    assert_eq!(results[0]["Result"]["result"], "Accepted");
    let problem = &results[1]["Result"]["problem"][0];
    assert_eq!(problem["code"], "amount_not_a_quarter");
    let path =
        "/ACCMELearnerReports/ActivityReports/ActivityReport/1/Activity/Module/CreditCertificate/0/CreditReceived";
    assert!(problem["place"].as_str().unwrap().ends_with(&format!(", {path}/numberOfCredits")), "{problem}");

    // the example to start from names an activity that this provider does not have: it waits, and its page says where
    let mut owner = test.sign_in(OWNER).await;
    let example: &'static [u8] =
        owner.get("/provider/uploads/templates/learners.xml").await.expect(200).body.to_vec().leak();
    let page = owner.post_multipart("/provider/uploads/new", &form("reports.xml", example)).await.expect(303);
    let page = page.location().to_owned();
    work(&test.app).await;
    let rows = owner.get(&format!("{page}/rows")).await.expect(200).text();
    assert!(rows.contains("Row 1: Ana Muñoz") && rows.contains("See line 5, column "), "{rows}");
    let refused = owner.get(&format!("{page}/result?rows=refused")).await.expect(200);
    assert!(refused.header("content-type").starts_with("application/xml"));
    assert!(refused.text().contains("<Result"), "{}", refused.text());
    let hostile =
        b"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><ACCMELearnerReports>&b;</ACCMELearnerReports>";
    let page = owner.post_multipart("/provider/uploads/new", &form("reports.xml", hostile)).await.expect(303);
    work(&test.app).await;
    let shown = owner.get(page.location()).await.expect(200).text();
    assert!(shown.contains("The document has a document type. It stands at line 1, column 1."), "{shown}");
}

#[tokio::test]
async fn without_permission_or_file_nothing_is_stored() {
    let test = ready().await;
    let mut program = test.bearer(&token(&test).await);
    let content = file(0..1);
    let no_permission = [Part::File("file", "a.txt", content.as_bytes())];
    let answer = program.post_multipart("/api/pars/v1/uploads", &no_permission).await.expect(422).json();
    assert_eq!(answer["errors"][0]["field"], "permission");
    let no_file = [Part::Text("permission", "held")];
    let answer = program.post_multipart("/api/pars/v1/uploads", &no_file).await.expect(422).json();
    assert_eq!(answer["errors"][0]["field"], "file");
    let left = std::fs::read_dir(test.app.config.uploads()).map_or(0, Iterator::count);
    assert_eq!(left, 0, "a refused file stays on the disk");
}

#[tokio::test]
async fn hostile_files_get_a_clear_answer() {
    let test = ready().await;
    let mut program = test.bearer(&token(&test).await);
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty.txt", b"", "file_empty"),
        ("picture.png", b"\x89PNG\r\n\x1a\n0000000000000000", "file_wrong_type"),
        ("paper.pdf", b"%PDF-1.7 not a learner file at all", "file_wrong_type"),
        ("broken.xlsx", b"PK\x03\x04\x14\x00\x00\x00broken zip that ends here", "file_unreadable"),
        ("page.html", b"<!DOCTYPE html><html><body>learners</body></html>", "file_wrong_type"),
    ];
    for (name, bytes, code) in cases {
        let parts = [Part::File("file", name, bytes), Part::Text("permission", "held")];
        let answer = program.post_multipart("/api/pars/v1/uploads", &parts).await;
        let status = answer.status;
        let body = answer.json();
        if status == 422 {
            assert_eq!(body["problems"][0]["code"], code, "{name}: {body}");
        } else {
            assert_eq!(status, 202, "{name}: {body}");
            work(&test.app).await;
            let progress = program.get(body["url"].as_str().unwrap()).await.expect(200).json();
            assert_eq!(progress["status"], "failed", "{name}");
            assert_eq!(progress["problems"][0]["code"], code, "{name}: {progress}");
        }
    }
}

#[tokio::test]
async fn a_file_without_header_rows_or_columns_says_what_is_missing() {
    let test = ready().await;
    let mut program = test.bearer(&token(&test).await);
    for (content, code) in [
        (HEADER.to_owned(), "no_rows"),
        ("just\tsome\ttext\nof\tno\tuse\n".to_owned(), "header_missing"),
        (file(0..2).replace("Completion Date", "When"), "column_missing"),
        (file(0..2).replace("First Name", "Last Name"), "column_missing"),
    ] {
        let receipt = program.post_multipart("/api/pars/v1/uploads", &form(&content)).await.expect(202).json();
        work(&test.app).await;
        let progress = program.get(receipt["url"].as_str().unwrap()).await.expect(200).json();
        assert_eq!(progress["status"], "failed", "{code}");
        assert_eq!(progress["problems"][0]["code"], code, "{progress}");
        assert_eq!(progress["accepted"], 0);
    }
}

#[tokio::test]
async fn another_providers_upload_is_as_absent_as_none() {
    let test = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    let sent = file(0..3) + &row("Add", 30, "0.1");
    let shown = owner.post_multipart("/provider/uploads/new", &form(&sent)).await.expect(303);
    let page = shown.location().to_owned();
    work(&test.app).await;
    let mut stranger = test.sign_in(OTHER_OWNER).await;
    let mut other_program = {
        let seat = Seat::Provider(people::other_provider_id(), ProviderRole::LearnerData);
        test.bearer(people::token(&test.app, "other", seat).await.expose())
    };
    for path in ["", "/progress", "/rows", "/result?rows=all"] {
        stranger.get(&format!("{page}{path}")).await.expect(404);
    }
    stranger.post_form(&format!("{page}/resubmit"), &[]).await.expect(404);
    stranger.post_form(&format!("{page}/rows"), &[("5-c8", "1")]).await.expect(404);
    let id = page.rsplit('/').next().unwrap();
    other_program.get(&format!("/api/pars/v1/uploads/{id}")).await.expect(404);
    other_program.get(&format!("/api/pars/v1/uploads/{id}/result")).await.expect(404);
}

#[tokio::test]
async fn roles_that_only_read_and_other_personas_cannot_upload() {
    let test = ready().await;
    let sent = file(0..1);
    for email in [VIEWER, LICENSING_BOARD] {
        let mut visitor = test.sign_in(email).await;
        visitor.post_multipart("/provider/uploads/new", &form(&sent)).await.expect(403);
        visitor.get("/provider/learners/new").await.expect(403);
    }
    let board = Seat::LicensingBoard(domain::State::read("CA").unwrap());
    let mut program = test.bearer(people::token(&test.app, "board", board).await.expose());
    program.post_multipart("/api/pars/v1/uploads", &form(&sent)).await.expect(403);
    test.bearer("crd_wrong").post_multipart("/api/pars/v1/uploads", &form(&sent)).await.expect(401);
    test.anonymous().post_multipart("/api/pars/v1/uploads", &form(&sent)).await.expect(401);
}

#[tokio::test]
async fn refused_rows_are_grouped_corrected_and_sent_again_without_losing_a_word() {
    let test = ready().await;
    let mut editor = test.sign_in(EDITOR).await;
    let sent = file(0..3) + &row("Add", 30, "0.1") + &row("Add", 31, "11");
    let shown = editor.post_multipart("/provider/uploads/new", &form(&sent)).await.expect(303);
    let page = shown.location().to_owned();
    assert!(editor.get(&page).await.expect(200).text().contains("Waiting for its turn"));
    work(&test.app).await;
    let done = editor.get(&page).await.expect(200).text();
    assert!(
        done.contains("An amount is not a multiple of 0.25") && done.contains("More credit than the activity offers")
    );
    let rows = editor.get(&format!("{page}/rows")).await.expect(200).text();
    assert!(rows.contains("Row 5: ") && rows.contains("Row 6: "), "{rows}");
    // row 5 is sent; what was typed in row 6 comes back although it was not
    let typed = [("5-c8", "1.25"), ("6-c8", "9.75"), ("resubmit", "5")];
    let rows = editor.post_form(&format!("{page}/rows"), &typed).await.expect(200).text();
    assert!(rows.contains("1 row settled") && !rows.contains("Row 5: "));
    assert!(rows.contains("value=\"9.75\""));
    let rows = editor.post_form(&format!("{page}/rows"), &[("6-c8", "9.75")]).await.expect(200).text();
    assert!(rows.contains("Nothing to correct here"), "{rows}");
    let learners = editor.get("/provider/learners?q=").await.expect(200).text();
    assert!(learners.contains("9.75 AMA PRA Category 1 Credits"));
}

#[tokio::test]
async fn all_refused_rows_go_in_once_the_activity_is_mended() {
    let test = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    let sent = HEADER.to_owned() + &row("Add", 40, "11") + &row("Add", 41, "12");
    let page = owner.post_multipart("/provider/uploads/new", &form(&sent)).await.expect(303).location().to_owned();
    work(&test.app).await;
    let changed =
        testkit::database::tamper(&test.address, "update activity set credit = 2000 where activity_id = '202600001'")
            .await;
    assert_eq!(changed, 1);
    owner.post_form(&format!("{page}/resubmit"), &[]).await.expect(303);
    assert!(owner.get(&page).await.expect(200).text().contains("Sending the refused rows again"));
    work(&test.app).await;
    let done = owner.get(&page).await.expect(200).text();
    assert!(done.contains("All rows are settled. 2 accepted, 0 refused."), "{done}");
}

#[tokio::test]
async fn one_learner_by_form_is_checked_reported_and_refused_beside_the_field() {
    let test = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    owner.get("/provider/learners/new").await.expect(200);
    let person = physician(50);
    let (month, day) = (person.birth.unwrap().month().to_string(), person.birth.unwrap().day().to_string());
    let fields = |credits: &'static str| {
        vec![
            ("activity", records::ACTIVITY),
            ("completed", "2026-11-02"),
            ("first", person.first.as_str()),
            ("last", person.last.as_str()),
            ("birth_month", month.as_str()),
            ("birth_day", day.as_str()),
            ("state", "CA"),
            ("identifier", person.licenses[0].number.as_str()),
            ("credits", credits),
            ("permission", "yes"),
        ]
    };
    let checked = owner.post_form("/provider/learners/check", &fields("")).await.expect(200).text();
    assert!(checked.contains("mean one physician"), "{checked}");
    let mut stranger = fields("");
    stranger[3].1 = "Nobody";
    stranger[2].1 = "Zenith";
    let checked = owner.post_form("/provider/learners/check", &stranger).await.expect(200).text();
    assert!(!checked.contains("mean one physician") && !checked.contains(&person.last), "{checked}");
    let refused = owner.post_form("/provider/learners/new", &fields("0.1")).await.expect(422).text();
    assert!(refused.contains("0.1 is not a multiple of 0.25") && refused.contains("value=\"0.1\""));
    let done = owner.post_form("/provider/learners/new", &fields("1.5")).await.expect(303);
    assert_eq!(done.location(), "/provider/learners/new?done=accepted");
    let again = owner.post_form("/provider/learners/new", &fields("1.5")).await.expect(303);
    assert_eq!(again.location(), "/provider/learners/new?done=already");
    let differs = owner.post_form("/provider/learners/new", &fields("2")).await.expect(422).text();
    assert!(differs.contains("1.5 credits are on record where 2 are reported"));
}

#[tokio::test]
async fn templates_come_back_as_files_that_the_reader_takes() {
    let test = ready().await;
    let mut owner = test.sign_in(OWNER).await;
    let xlsx = owner.get("/provider/uploads/templates/learners.xlsx").await.expect(200);
    assert!(xlsx.body.starts_with(b"PK"));
    let text = owner.get("/provider/uploads/templates/learners.txt").await.expect(200).text();
    assert!(text.contains("ACCME Activity ID"));
    owner.get("/provider/uploads/templates/other.bin").await.expect(404);
    let xml = owner.get("/provider/uploads/templates/learners.xml").await.expect(200);
    assert!(xml.header("content-type").starts_with("application/xml"));
    assert!(xml.text().contains("<ACCMELearnerReports>"));
    let json = owner.get("/provider/uploads/templates/learners.json").await.expect(200);
    assert!(json.header("content-type").starts_with("application/json"));
    assert!(json.text().contains("\"ActivityReport\""));
    let form = owner.get("/provider/uploads/new").await.expect(200).text();
    assert!(form.contains(".xml,.json") && form.contains("templates/learners.json"), "{form}");
}

#[tokio::test]
async fn a_provider_not_in_good_standing_may_not_submit() {
    let test = ready().await;
    let sql = "update provider set standing = 'lapsed' where provider_id = '0001234'";
    testkit::database::tamper(&test.address, sql).await;
    let mut program = test.bearer(&token(&test).await);
    let content = file(0..1);
    program.post_multipart("/api/pars/v1/uploads", &form(&content)).await.expect(403);
}
