//! A certifying board's people at their pages: the queue with its filters and files, the automatic rules, the figures.

use app::App;
use domain::access::{ProviderRole, Seat};
use testkit::people::{self, CERTIFYING_BOARD, OTHER_CERTIFYING_BOARD, provider_id};
use testkit::{Answer, TestApp, Visitor, records};

use crate::moc_api::{program, upload};
use crate::reference_editor::make;

/// Six learners with ABIM points, reported and settled.
async fn reported() -> (TestApp, Visitor) {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let mut provider = program(&test, Seat::Provider(provider_id(), ProviderRole::LearnerData)).await;
    let rows: String = (0..6).map(|n| records::row_with_points(n, "2", "1.5")).collect();
    upload(&test, &mut provider, &format!("{}{rows}", records::HEADER)).await;
    let board = test.sign_in(CERTIFYING_BOARD).await;
    (test, board)
}

async fn settle(app: &App) {
    while app::consequences::round(app).await.unwrap() {}
    records::work(app).await;
}

/// The values of a hidden or checked field in a page.
fn values(page: &Answer, name: &str) -> Vec<String> {
    let mark = format!("name=\"{name}\" value=\"");
    page.text().split(&mark).skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

#[tokio::test]
async fn the_queue_is_narrowed_by_diplomate_provider_and_activity() {
    let (_test, mut board) = reported().await;
    let shown = async |board: &mut Visitor, filter: &str| {
        values(&board.get(&format!("/certifying?status=pending&{filter}")).await.expect(200), "credit").len()
    };
    assert_eq!(shown(&mut board, "").await, 6);
    assert_eq!(shown(&mut board, "diplomate=300003").await, 1);
    assert_eq!(shown(&mut board, &format!("diplomate={}", records::physician(2).last)).await, 1);
    assert_eq!(shown(&mut board, "diplomate=Nobody").await, 0);
    assert_eq!(shown(&mut board, "provider=harborview").await, 6);
    assert_eq!(shown(&mut board, "provider=lakeside").await, 0);
    assert_eq!(shown(&mut board, &format!("activity={}", records::ACTIVITY)).await, 6);
    assert_eq!(shown(&mut board, &format!("activity={}", records::OTHER_ACTIVITY)).await, 0);
    assert_eq!(shown(&mut board, "activity=%27%20or%201%3D1").await, 0);
    // what is answered from a narrowed list comes back to it
    let page = board.get("/certifying?status=pending&diplomate=300003").await.expect(200);
    let credit = values(&page, "credit").remove(0);
    let answer = [("credit", credit.as_str()), ("answer", "accept")];
    let done = board.post_form("/certifying?status=pending&diplomate=300003", &answer).await.expect(303);
    assert_eq!(done.location(), "/certifying?done=accepted&count=1&late=0&diplomate=300003");
    assert_eq!(shown(&mut board, "diplomate=300003").await, 0);
}

#[tokio::test]
async fn lists_are_taken_away_as_text_and_workbook_with_the_filters_of_the_page() {
    let (test, mut board) = reported().await;
    let csv = board.get("/certifying/download?status=pending&as=csv").await.expect(200);
    assert!(csv.header("content-disposition").contains("ABIM pending 2026-11-23.csv"));
    let text = csv.text();
    assert_eq!(text.lines().count(), 7);
    assert!(text.contains("1.5 Medical Knowledge") || text.contains("Medical Knowledge"), "{text}");
    let one = board.get("/certifying/download?status=pending&as=csv&diplomate=300003").await.expect(200).text();
    assert_eq!(one.lines().count(), 2);
    let workbook = board.get("/certifying/download?status=pending&as=xlsx").await.expect(200);
    assert!(workbook.body.starts_with(b"PK"));
    board.get("/certifying/download?as=exe").await.expect(404);
    let mut surgery = test.sign_in(OTHER_CERTIFYING_BOARD).await;
    let empty = surgery.get("/certifying/download?status=pending&as=csv").await.expect(200).text();
    assert_eq!(empty.lines().count(), 1);
}

#[tokio::test]
async fn rules_are_set_answer_what_comes_and_on_demand_what_waits() {
    let (test, mut board) = reported().await;
    let page = board.get("/certifying/rules").await.expect(200);
    assert!(page.text().contains("They are off") && page.text().contains("No rules were ever set"));
    let rules = |seen: &str| {
        vec![
            ("seen", seen.to_owned()),
            ("diplomate_unknown", "diplomate_unknown".to_owned()),
            ("name_differs", String::new()),
            ("type_not_valid", String::new()),
            ("passed", "accept".to_owned()),
        ]
    };
    let send = async |board: &mut Visitor, rules: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = rules.iter().map(|(name, value)| (*name, value.as_str())).collect();
        board.post_form("/certifying/rules", &fields).await
    };
    test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    assert_eq!(send(&mut board, rules("")).await.expect(303).location(), "/certifying/rules?done=saved");
    let page = board.get("/certifying/rules").await.expect(200);
    assert!(page.text().contains("accept 6") && page.text().contains("Abe Innes"), "{}", page.text());
    // whoever saw other rules is told, and may save then
    let stale = send(&mut board, rules("")).await.expect(422);
    assert!(stale.text().contains("Nothing was saved"));
    let seen = values(&stale, "seen").remove(0);
    let mut wrong = rules(&seen);
    wrong[1].1 = "because".into();
    assert!(send(&mut board, wrong).await.expect(422).text().contains("Choose one of the reasons."));
    send(&mut board, rules(&seen)).await.expect(303);
    settle(&test.app).await;
    assert_eq!(values(&board.get("/certifying").await, "credit").len(), 6);
    board.post_form("/certifying/rules/apply", &[]).await.expect(303);
    assert!(board.get("/certifying/rules").await.text().contains("Being answered now"));
    settle(&test.app).await;
    assert_eq!(values(&board.get("/certifying").await, "credit").len(), 0);
    let figures = board.get("/certifying/statistics").await.expect(200).text();
    assert!(figures.contains("November 2026") && figures.contains(r#"<td class="number">6</td>"#), "{figures}");
    let mut surgery = test.sign_in(OTHER_CERTIFYING_BOARD).await;
    assert!(surgery.get("/certifying/rules").await.expect(200).text().contains("They are off"));
    assert!(surgery.get("/certifying/statistics").await.expect(200).text().contains("No answers yet"));
}

#[tokio::test]
async fn the_accreditors_list_of_reasons_is_what_boards_choose_from() {
    let (test, mut board) = reported().await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    let list = staff.get("/admin/reference/lists/rejection_reasons").await.expect(200).text();
    assert!(list.contains("Name and diplomate ID do not agree"), "{list}");
    let new = [("code", "seen_elsewhere"), ("name", "The points were claimed elsewhere"), ("from", "2026-11-23")];
    make(&mut staff, "/admin/reference/lists/rejection_reasons/add", &new).await;
    for path in ["/certifying", "/certifying/rules"] {
        let page = board.get(path).await.expect(200).text();
        assert!(page.contains("seen_elsewhere") && page.contains("The points were claimed elsewhere"), "{path}");
    }
}
