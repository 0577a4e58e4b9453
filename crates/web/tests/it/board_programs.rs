//! A board's own people make tokens for its programs, see how they are used, and revoke them.

use testkit::people::{CERTIFYING_BOARD, LICENSING_BOARD, OTHER_LICENSING_BOARD, OWNER};
use testkit::{Answer, TestApp};

const LICENSING: &str = "/board/api-clients";
const CERTIFYING: &str = "/certifying/api-clients";

fn token(page: &Answer) -> String {
    let text = page.text();
    let from = text.find("crd_").unwrap_or_else(|| panic!("a token in {text}"));
    text[from..]
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_' || *letter == '-')
        .collect()
}

fn revoking(page: &Answer) -> String {
    let text = page.text();
    let end = text.find("/revoke\"").unwrap_or_else(|| panic!("a revoke button in {text}"));
    let from = text[..end].rfind("action=\"").unwrap() + "action=\"".len();
    format!("{}/revoke", &text[from..end])
}

#[tokio::test]
async fn a_token_of_each_kind_of_board_opens_its_own_calls_until_it_is_revoked() {
    let test = TestApp::new().await;
    for (person, pages, call) in [
        (LICENSING_BOARD, LICENSING, "/api/pars/v1/GetLearnerTranscriptbyLearner?lastName=Wu"),
        (CERTIFYING_BOARD, CERTIFYING, "/api/pars/v1/moc/completions"),
    ] {
        let mut staff = test.sign_in(person).await;
        let made = staff.post_form(pages, &[("name", "registry sync"), ("days", "90")]).await.expect(200);
        let token = token(&made);
        test.bearer(&token).get(call).await.expect(200);
        let listed = staff.get(pages).await.expect(200);
        assert!(listed.text().contains("registry sync") && !listed.text().contains(&token), "shown once");
        staff.post_form(&revoking(&listed), &[]).await.expect(303);
        test.bearer(&token).get(call).await.expect(401);
    }
}

#[tokio::test]
async fn another_board_neither_sees_nor_revokes_it() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(LICENSING_BOARD).await;
    let token = token(&staff.post_form(LICENSING, &[("name", "sync"), ("days", "30")]).await.expect(200));
    let revoking = revoking(&staff.get(LICENSING).await.expect(200));
    let mut other = test.sign_in(OTHER_LICENSING_BOARD).await;
    assert!(!other.get(LICENSING).await.expect(200).text().contains("sync</"));
    other.post_form(&revoking, &[]).await.expect(404);
    test.sign_in(OWNER).await.post_form(&revoking, &[]).await.expect(403);
    test.bearer(&token).get("/api/pars/v1/GetLearnerTranscriptbyLearner?lastName=Wu").await.expect(200);
}

#[tokio::test]
async fn a_form_that_is_not_whole_comes_back_with_what_was_typed() {
    let test = TestApp::new().await;
    let mut staff = test.sign_in(CERTIFYING_BOARD).await;
    for (name, days) in [("", "90"), ("sync", "0"), ("sync", "999"), ("sync", "soon")] {
        let refused = staff.post_form(CERTIFYING, &[("name", name), ("days", days)]).await.expect(422).text();
        assert!(refused.contains(&format!("value=\"{name}\"")) || name.is_empty(), "{refused}");
        assert!(!refused.contains("crd_"), "{refused}");
    }
}
