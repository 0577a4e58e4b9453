//! The help as people look for it: ranked, forgiving slips, the same in every process.

use app::App;
use app::help::{self, Help, Results, Typed};
use domain::Code;
use domain::help::{Kind, Status};
use testkit::TestApp;
use testkit::people::{ACCREDITOR, actor};

/// Addresses of what is found, the best first.
async fn found(app: &App, typed: &str) -> Vec<String> {
    let shelf = app.help.shelf(app).await.unwrap();
    let Results { hits, .. } = shelf.search(typed);
    hits.iter().map(|hit| shelf.pages()[hit.page].path()).collect()
}

#[tokio::test]
async fn people_find_the_answer_first_with_their_own_words() {
    let test = TestApp::new().await;
    for (typed, expected) in [
        ("what is learner credit data", "/help/questions/what-is-learner-credit-data"),
        ("lost phone", "/help/questions/lost-second-factor"),
        ("fix refused rows", "/help/guides/fix-refused-rows"),
        ("year of birth", "/help/questions/year-of-birth"),
        ("derived", "/help/questions/derived-credit"),
        ("identity_conflict", "/help/problems/identity_conflict"),
        ("credit_type_above_total", "/help/problems/credit_type_above_total"),
        ("provider mark revoked", "/help/questions/mark-revoked"),
        ("rate limit 429", "/help/questions/rate-limits"),
        ("webinar slides", "/help/questions/webinars-where"),
        // slips of the pen
        ("trancript verfy", "/help/questions/how-to-verify"),
        ("derrived credit", "/help/questions/derived-credit"),
        ("sandbx", "/help/questions/what-is-the-sandbox"),
        ("permision statment", "/help/questions/permission-statement"),
        // while one still types
        ("sandb", "/help/questions/what-is-the-sandbox"),
    ] {
        let hits = found(&test.app, typed).await;
        assert_eq!(hits.first().map(String::as_str), Some(expected), "{typed}: {hits:?}");
    }
    for (typed, expected) in [
        ("how do i get a token", "/help/questions/tokens-and-scopes"),
        ("nurses", "/help/questions/not-a-physician"),
        ("what is pass", "/help/questions/what-is-passport"),
        ("why should we enter learner data?", "/help/questions/why-report-learner-credit"),
        ("audit sample", "/help/questions/run-an-audit"),
        ("pending accepted rejected", "/help/questions/what-statuses-mean"),
    ] {
        let hits = found(&test.app, typed).await;
        assert!(hits.iter().take(3).any(|hit| hit == expected), "{typed}: {hits:?}");
    }
}

#[tokio::test]
async fn every_problem_code_is_found_by_its_name() {
    let test = TestApp::new().await;
    let shelf = test.app.help.shelf(&test.app).await.unwrap();
    for code in Code::ALL {
        let page = shelf.find(Kind::Problem, code.as_str()).unwrap_or_else(|| panic!("{code} has no page"));
        assert_eq!(page.entry.content.title, code.title());
        let hits = found(&test.app, code.as_str()).await;
        assert!(hits.iter().take(3).any(|hit| hit.ends_with(code.as_str())), "{code}: {hits:?}");
    }
}

#[tokio::test]
async fn nonsense_finds_nothing_and_hurts_nobody() {
    let test = TestApp::new().await;
    for typed in ["", "   ", "the of", "qqqqzzzzxxxx", "💊💊", "\u{0}", "\"(*", &"a".repeat(10_000), "'--"] {
        assert_eq!(found(&test.app, typed).await, [] as [&str; 0], "{typed:?}");
    }
    assert!(!found(&test.app, &"transcript ".repeat(2_000)).await.is_empty());
}

#[tokio::test]
async fn what_one_process_publishes_another_shows_and_drafts_are_shown_nowhere() {
    let test = TestApp::new().await;
    let app = &test.app;
    // another process on the same database has a copy of its own
    let other = App { help: Help::default(), ..app.clone() };
    let ada = actor(app, ACCREDITOR).await;
    let scope = ada.staff().unwrap();
    let by = (&ada, "Ada Crane");
    assert!(found(&other, "zeppelin").await.is_empty());
    let typed = Typed {
        title: "May we report from a zeppelin?".into(),
        category: "reporting".into(),
        summary: "Yes.".into(),
        body: "From wherever you are.".into(),
        ..Typed::default()
    };
    let id = help::create(app, by, &scope, Kind::Question, &typed).await.unwrap();
    assert!(found(app, "zeppelin").await.is_empty() && found(&other, "zeppelin").await.is_empty(), "a draft");
    help::set_status(app, by, &scope, (id, 1), Status::Published).await.unwrap();
    let expected = ["/help/questions/may-we-report-from-a-zeppelin"];
    assert_eq!(found(&other, "zepelin").await, expected);
    help::set_status(&other, by, &scope, (id, 2), Status::Archived).await.unwrap();
    assert!(found(app, "zeppelin").await.is_empty());
}
