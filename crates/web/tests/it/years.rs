//! The year-end over HTTP: what each role may do, what each step says, late and locked years.

use jiff::SignedDuration;
use testkit::records::{ACTIVITY, fill};
use testkit::{Answer, TestApp, people};

#[track_caller]
fn holds(answer: &Answer, parts: &[&str]) {
    let page = answer.text();
    for part in parts {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
}

#[track_caller]
fn version(answer: &Answer) -> String {
    let page = answer.text();
    let rest = page.split_once("name=\"version\" value=\"").unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

fn days(app: &TestApp, days: i64) {
    app.app.clock.advance(SignedDuration::from_hours(days * 24));
}

const YEAR: &str = "/provider/years/2026";

const INCOME: [(&str, &str); 4] = [
    ("advertising_and_exhibits", "$12,000"),
    ("registration_fees", "0"),
    ("government_grants", "0"),
    ("private_donations", "50"),
];

#[tokio::test]
async fn a_year_is_closed_in_five_steps() {
    let app = TestApp::new().await;
    fill(&app.app).await;
    days(&app, 43);
    let mut owner = app.sign_in(people::OWNER).await;
    assert_eq!(owner.get("/provider/years").await.expect(303).location(), YEAR);
    let page = owner.get(YEAR).await.expect(200);
    holds(&page, &["March 31, 2027, 11:59 PM CDT", "4 of 4 amounts to give", "Care of the Heart", "1 left"]);
    let refused = owner.post_form(&format!("{YEAR}/submit"), &[("version", &version(&page))]).await.expect(422);
    holds(&refused, &["href=\"#agreement\"", "href=\"#entered\"", "href=\"#enduring\"", "href=\"#private_donations\""]);
    owner.post_form(&format!("{YEAR}/agree"), &[]).await.expect(303);
    owner.post_form(&format!("{YEAR}/entered"), &[("are_entered", "yes")]).await.expect(303);
    let (physicians, others) = (format!("physicians_{ACTIVITY}"), format!("others_{ACTIVITY}"));
    let half = [(physicians.as_str(), "<40>"), (others.as_str(), "")];
    let page = owner.post_form(&format!("{YEAR}/enduring"), &half).await.expect(422);
    holds(&page, &["write both totals as whole numbers", "value=\"&#60;40&#62;\""]);
    let both = [(physicians.as_str(), "1,040"), (others.as_str(), "0")];
    owner.post_form(&format!("{YEAR}/enduring"), &both).await.expect(303);
    let page = owner.get(YEAR).await;
    holds(&page, &["data-label=\"Now\">1,040</td>", "value=\"1040\""]);
    let version_now = version(&page);
    let seen = [("version", version_now.as_str())];
    let typed = [&seen[..], &INCOME[..3], &[("private_donations", "many")]].concat();
    let page = owner.post_form(&format!("{YEAR}/income"), &typed).await.expect(422);
    holds(&page, &["value=\"many\"", "value=\"$12,000\"", "href=\"#private_donations\""]);
    owner.post_form(&format!("{YEAR}/income"), &[&seen[..], &INCOME].concat()).await.expect(303);
    // on an older version nothing is lost and nothing is saved
    let late = owner.post_form(&format!("{YEAR}/income"), &[&seen[..], &[("registration_fees", "77")]].concat()).await;
    holds(&late.expect(409), &["Somebody else worked on this year meanwhile", "value=\"77\""]);
    let page = owner.get(YEAR).await;
    owner.post_form(&format!("{YEAR}/submit"), &[("version", &version(&page))]).await.expect(303);
    let page = owner.get(YEAR).await;
    holds(&page, &["Submitted", "As submitted", "Submit again"]);
    assert!(!page.text().contains("after the deadline"));
    // what changes afterwards takes the submission back
    let more = [(physicians.as_str(), "1050"), (others.as_str(), "0")];
    owner.post_form(&format!("{YEAR}/enduring"), &more).await.expect(303);
    assert!(!owner.get(YEAR).await.text().contains("As submitted"));
}

#[tokio::test]
async fn a_year_that_is_not_over_waits_and_a_late_one_says_so() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    holds(&owner.get(YEAR).await.expect(200), &["The year is not over yet"]);
    owner.post_form(&format!("{YEAR}/submit"), &[("version", "0")]).await.expect(403);
    days(&app, 150);
    // the session is over by then
    let mut owner = app.sign_in(people::OWNER).await;
    holds(&owner.get(YEAR).await, &["The deadline has passed", "What is submitted now is marked as late."]);
    owner.post_form(&format!("{YEAR}/agree"), &[]).await.expect(303);
    owner.post_form(&format!("{YEAR}/entered"), &[("are_entered", "yes")]).await.expect(303);
    let seen = version(&owner.get(YEAR).await);
    owner
        .post_form(&format!("{YEAR}/income"), &[&[("version", seen.as_str())][..], &INCOME].concat())
        .await
        .expect(303);
    let seen = version(&owner.get(YEAR).await);
    owner.post_form(&format!("{YEAR}/submit"), &[("version", &seen)]).await.expect(303);
    holds(&owner.get(YEAR).await, &["after the deadline"]);
}

#[tokio::test]
async fn only_owners_answer_for_a_year_and_viewers_only_look() {
    let app = TestApp::new().await;
    fill(&app.app).await;
    days(&app, 43);
    let mut viewer = app.sign_in(people::VIEWER).await;
    let page = viewer.get(YEAR).await.expect(200);
    holds(&page, &["Care of the Heart", "An owner of your team accepts it."]);
    assert!(!page.text().contains("<button class=\"button secondary\">"), "{}", page.text());
    for act in ["agree", "entered", "enduring", "income", "submit"] {
        viewer.post_form(&format!("{YEAR}/{act}"), &[]).await.expect(403);
    }
    let mut editor = app.sign_in(people::EDITOR).await;
    editor.post_form(&format!("{YEAR}/agree"), &[]).await.expect(403);
    editor.post_form(&format!("{YEAR}/submit"), &[]).await.expect(403);
    // another provider has a year of its own, and cannot speak of ours
    let mut stranger = app.sign_in(people::OTHER_OWNER).await;
    assert!(!stranger.get(YEAR).await.text().contains(ACTIVITY));
    let ours = [(format!("physicians_{ACTIVITY}"), "5"), (format!("others_{ACTIVITY}"), "5")];
    let ours: Vec<(&str, &str)> = ours.iter().map(|(name, given)| (name.as_str(), *given)).collect();
    let refused = stranger.post_form(&format!("{YEAR}/enduring"), &ours).await.expect(422);
    holds(&refused, &["is not enduring material that ran past the year"]);
    assert!(!refused.text().contains("value=\"5\""));
    for nonsense in ["0", "20260", "-2026", "twenty", "+999"] {
        viewer.get(&format!("/provider/years/{nonsense}")).await.expect(404);
    }
}
