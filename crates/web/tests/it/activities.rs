//! Activities as editors enter them, from a draft to points for a board.

use domain::ActivityId;
use domain::activity::Undertaking;
use testkit::{Answer, TestApp, Visitor, people};

const DRAFT: [(&str, &str); 5] = [
    ("title", "Care of the Heart"),
    ("format", "live_course"),
    ("starts_on", "2026-11-01"),
    ("ends_on", "2026-12-15"),
    ("country", "USA"),
];

/// What makes [`DRAFT`] active.
const COMPLETE: [(&str, &str); 5] = [
    ("deliveries", "live_streamed"),
    ("credit", "7.5"),
    ("description", "Rhythm, rate & rest."),
    ("providership", "direct"),
    ("in_passport", "no"),
];

fn version(version: &str) -> [(&'static str, &str); 1] {
    [("version", version)]
}

async fn entered(editor: &mut Visitor, fields: &[(&str, &str)]) -> String {
    let answer = editor.post_form("/provider/activities/new", fields).await.expect(303);
    let place = answer.location().trim_end_matches("?done=created").to_owned();
    let id = place.rsplit('/').next().unwrap_or_default();
    assert!(id.parse::<ActivityId>().is_ok(), "{place}");
    place
}

#[track_caller]
fn holds(answer: &Answer, parts: &[&str]) {
    let page = answer.text();
    for part in parts {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
}

#[tokio::test]
async fn a_draft_says_what_it_lacks_and_becomes_active_when_nothing_is_missing() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    holds(&editor.get("/provider/activities").await.expect(200), &["No activity was entered yet"]);
    let place = entered(&mut editor, &DRAFT).await;
    let page = editor.get(&format!("{place}?done=created")).await.expect(200);
    let credit = format!("{place}/edit#credit");
    holds(&page, &["Draft", "Missing before learners can be reported", &credit, "Choose how learners take part."]);
    assert!(!page.text().contains("Report a learner"));
    let all = [&version("1")[..], &DRAFT, &COMPLETE].concat();
    editor.post_form(&format!("{place}/edit"), &all).await.expect(303);
    let page = editor.get(&place).await.expect(200);
    holds(
        &page,
        &["Active", "<dd>7.5</dd>", "Rhythm, rate &#38; rest.", "Report a learner", "Missing before it can be closed"],
    );
    let form = editor.get(&format!("{place}/edit")).await.expect(200);
    holds(&form, &["value=\"7.5\"", "name=\"version\" value=\"2\"", "value=\"live_streamed\" checked"]);
}

#[tokio::test]
async fn a_refused_form_keeps_every_letter_and_names_each_fault_beside_its_field() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let typed = [
        ("title", "  "),
        ("format", "live_course"),
        ("starts_on", "2026-02-30"),
        ("ends_on", ""),
        ("credit", "0.1"),
        ("description", "<b>bold</b>"),
        ("support_source_1", "Acme Pharma"),
    ];
    let page = editor.post_form("/provider/activities/new", &typed).await.expect(422);
    let parts = [
        "href=\"#starts_on\"",
        "href=\"#ends_on\"",
        "href=\"#credit\"",
        "href=\"#title\"",
        "value=\"0.1\"",
        "&#60;b&#62;bold&#60;/b&#62;",
        "Acme Pharma",
        "Write a multiple of 0.25.",
        "Error: New activity",
    ];
    holds(&page, &parts);
    assert_eq!(page.text().matches("class=\"field-error\"").count(), 4);
}

#[tokio::test]
async fn whoever_saves_second_sees_what_differs_and_loses_nothing() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let mut owner = app.sign_in(people::OWNER).await;
    let place = entered(&mut editor, &DRAFT).await;
    let address = format!("{place}/edit");
    let by_owner = [&version("1")[..], &DRAFT[1..], &[("title", "Renamed by the owner")]].concat();
    owner.post_form(&address, &by_owner).await.expect(303);
    let by_editor = [&version("1")[..], &DRAFT[1..], &[("title", "Renamed by the editor"), ("city", "Reno")]].concat();
    let page = editor.post_form(&address, &by_editor).await.expect(409);
    holds(&page, &["differs from the saved activity in: Title, City.", "Renamed by the editor", "value=\"Reno\""]);
    holds(&page, &["name=\"version\" value=\"2\""]);
    holds(&owner.get(&place).await, &["Renamed by the owner"]);
}

#[tokio::test]
async fn another_providers_activity_is_not_found() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let place = entered(&mut editor, &[&DRAFT[..], &COMPLETE].concat()).await;
    let mut stranger = app.sign_in(people::OTHER_OWNER).await;
    for path in [place.clone(), format!("{place}/edit"), format!("{place}/moc/ABIM")] {
        stranger.get(&path).await.expect(404);
    }
    let all = [&version("1")[..], &DRAFT].concat();
    stranger.get(&format!("{place}/repeat")).await.expect(404);
    for path in ["edit", "keep", "copy", "close", "reopen", "delete", "repeat", "moc/ABIM", "moc/ABIM/remove"] {
        stranger.post_form(&format!("{place}/{path}"), &all).await.expect(404);
    }
    let id = place.rsplit('/').next().unwrap_or_default();
    let answer = stranger.post_form("/provider/activities/close", &[("ids", id)]).await.expect(200);
    holds(&answer, &["No activity was closed", "There is no such activity."]);
    assert!(!answer.text().contains("Care of the Heart"));
    assert!(!stranger.get("/provider/activities").await.text().contains("Care of the Heart"));
    assert!(!stranger.get("/provider/activities/download").await.text().contains("Care of the Heart"));
    editor.get("/provider/activities/nonsense").await.expect(404);
}

#[tokio::test]
async fn an_activity_is_registered_with_a_board_by_the_boards_own_rules() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let place = entered(&mut editor, &[&DRAFT[..], &COMPLETE].concat()).await;
    let chosen = editor.get(&format!("{place}/moc?board=ABA")).await.expect(303);
    let address = format!("{place}/moc/ABA");
    assert_eq!(chosen.location(), address);
    let form = editor.get(&address).await.expect(200);
    holds(&form, &["American Board of Anesthesiology", "Lifelong Learning", "Pain Medicine", "value=\"7.5\""]);
    let typed = [("version", "1"), ("points", "5"), ("claim_until", "2026-12-31"), ("practice_areas", "Pain Medicine")];
    let page = editor.post_form(&address, &typed).await.expect(422);
    holds(
        &page,
        &["href=\"#points\"", "href=\"#credit_types\"", "href=\"#undertakings\"", "value=\"Pain Medicine\" checked"],
    );
    let types = [("credit_types", "Lifelong Learning"), ("credit_types", "Patient Safety")];
    let given = Undertaking::ALL.iter().map(|one| ("undertakings", one.code())).collect::<Vec<_>>();
    let typed = [&[("version", "1"), ("points", "7.5")][..], &typed[2..], &types].concat();
    let page = editor.post_form(&address, &[&typed[..], &given[1..]].concat()).await.expect(422);
    holds(&page, &["href=\"#undertakings\"", "meets the board&#39;s requirements"]);
    let typed = [&typed[..], &given].concat();
    let done = editor.post_form(&address, &typed).await.expect(303);
    assert_eq!(done.location(), format!("{place}?done=registered#moc"));
    let page = editor.get(&place).await;
    holds(&page, &["American Board of Anesthesiology (ABA)", "Lifelong Learning, Patient Safety", "12/31/2026"]);
    editor.post_form(&format!("{address}/remove"), &version("1")).await.expect(409);
    editor.post_form(&format!("{address}/remove"), &version("2")).await.expect(303);
    holds(&editor.get(&place).await, &["The activity is not registered with a board."]);
}

#[tokio::test]
async fn the_list_filters_sorts_and_downloads_the_same_activities() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    entered(&mut editor, &[&DRAFT[..], &COMPLETE].concat()).await;
    entered(&mut editor, &[&[("title", "=HYPERLINK(\"x\")"), ("internal_id", "Knee-7")][..], &DRAFT[1..]].concat())
        .await;
    let mut viewer = app.sign_in(people::VIEWER).await;
    let page = viewer.get("/provider/activities").await.expect(200);
    let counts = ["Draft <span class=\"count\">1</span>", "Active <span class=\"count\">1</span>"];
    holds(&page, &["2 activities", counts[0], counts[1], "/provider/activities/download"]);
    assert!(!page.text().contains("New activity"));
    let drafts = viewer.get("/provider/activities?status=draft&sort=title").await.expect(200);
    holds(&drafts, &["1 activity", "Knee-7", "/provider/activities/download?status=draft&#38;sort=title"]);
    assert!(!drafts.text().contains("Care of the Heart"));
    holds(&viewer.get("/provider/activities?q=knee+hyper&page=99").await.expect(200), &["1 activity"]);
    holds(&viewer.get("/provider/activities?q=100%25_&format=nonsense").await.expect(200), &["Nothing fits"]);
    let file = viewer.get("/provider/activities/download?status=draft").await.expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    holds(&file, &["\"'=HYPERLINK(\"\"x\"\")\"", "\"Knee-7\"", "\"Draft\""]);
    assert_eq!(file.text().lines().count(), 2);
}

#[tokio::test]
async fn an_ended_activity_is_closed_when_nothing_is_missing_and_reopened() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let dates = [("starts_on", "2026-03-01"), ("ends_on", "2026-03-02")];
    let ended = [&DRAFT[..2], &dates, &COMPLETE].concat();
    let place = entered(&mut editor, &ended).await;
    holds(&editor.get(&place).await, &["Ready to Close", "Choose at least one measured outcome."]);
    let refused = editor.post_form(&format!("{place}/close"), &version("1")).await.expect(422);
    holds(&refused, &["The activity cannot be closed yet", "Choose at least one measured outcome."]);
    let rest = [
        ("outcomes", "knowledge_objective"),
        ("has_support", "no"),
        ("physician_total", "0"),
        ("other_total", "12"),
        ("url", "https://harborview.example/heart"),
        ("fee", "free"),
        ("registration", "open"),
    ];
    editor.post_form(&format!("{place}/edit"), &[&version("1")[..], &ended, &rest].concat()).await.expect(303);
    editor.post_form(&format!("{place}/close"), &version("2")).await.expect(303);
    holds(&editor.get(&format!("{place}?done=closed")).await, &["Closed", "Reopen the activity"]);
    editor.get(&format!("{place}/edit")).await.expect(303);
    editor.post_form(&format!("{place}/reopen"), &version("3")).await.expect(303);
    holds(&editor.get(&place).await, &["Ready to Close", "Close the activity"]);
    let copy = editor.post_form(&format!("{place}/copy"), &[]).await.expect(303);
    holds(&editor.get(copy.location()).await, &["This is the copy", "Copy of Care of the Heart", "Draft"]);
}
