//! A provider's team: invitations, roles, removal.

use domain::access::Seat;
use jiff::SignedDuration;
use testkit::{TestApp, people};

const NEWCOMER: &str = "newcomer@harborview.example";

async fn seat_of(app: &TestApp, email: &str) -> String {
    let id = people::account_id(&app.app, email).await;
    let mut tx = app.app.store.read().await.unwrap();
    store::seats::list(&mut tx, id).await.unwrap()[0].seat_id.to_string()
}

#[tokio::test]
async fn an_invited_person_chooses_name_and_password_and_is_in() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let fields = [("email", NEWCOMER), ("role", "learner_data")];
    owner.post_form("/provider/team/invitations", &fields).await.expect(303);
    assert!(owner.get("/provider/team").await.text().contains(NEWCOMER));

    let link = app.link_to(NEWCOMER).await;
    let mut newcomer = app.anonymous();
    let page = newcomer.get(&link).await.expect(200).text();
    assert!(page.contains("Harborview Medical Society") && page.contains("learner data"), "{page}");
    let refused = newcomer.post_form(&link, &[("name", "Nora Quill"), ("password", "short")]).await.expect(422);
    assert!(refused.text().contains("value=\"Nora Quill\""), "{}", refused.text());

    let accepted = [("name", "Nora Quill"), ("password", "violet lantern harbor")];
    let answer = newcomer.post_form(&link, &accepted).await.expect(303);
    assert_eq!(answer.location(), "/provider");
    newcomer.get("/account").await.expect(200);
    newcomer.get("/provider/team").await.expect(403);
    newcomer.get(&link).await.expect(410);
    assert!(owner.get("/provider/team").await.text().contains("Nora Quill"));
}

#[tokio::test]
async fn an_invitation_expires_after_a_week_and_a_newer_one_takes_its_place() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let fields = [("email", NEWCOMER), ("role", "viewer")];
    owner.post_form("/provider/team/invitations", &fields).await.expect(303);
    let first = app.link_to(NEWCOMER).await;
    app.app.clock.advance(SignedDuration::from_secs(1));
    owner.post_form("/provider/team/invitations", &fields).await.expect(303);
    let second = app.link_to(NEWCOMER).await;
    app.anonymous().get(&first).await.expect(410);
    app.anonymous().get(&second).await.expect(200);
    app.app.clock.advance(SignedDuration::from_hours(7 * 24));
    app.anonymous().get(&second).await.expect(410);
    app.anonymous().post_form(&second, &[("name", "N"), ("password", "violet lantern harbor")]).await.expect(410);
}

#[tokio::test]
async fn a_withdrawn_invitation_opens_nothing_and_only_its_provider_withdraws_it() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    owner.post_form("/provider/team/invitations", &[("email", NEWCOMER), ("role", "owner")]).await.expect(303);
    let link = app.link_to(NEWCOMER).await;
    let page = owner.get("/provider/team").await.text();
    let path = page.split("action=\"").find(|rest| rest.contains("/withdraw\"")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    app.sign_in(people::OTHER_OWNER).await.post_form(&path, &[]).await.expect(404);
    app.anonymous().get(&link).await.expect(200);
    owner.post_form(&path, &[]).await.expect(303);
    app.anonymous().get(&link).await.expect(410);
}

#[tokio::test]
async fn somebody_with_an_account_only_gains_a_seat() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let fields = [("email", people::OTHER_OWNER), ("role", "editor")];
    owner.post_form("/provider/team/invitations", &fields).await.expect(303);
    let link = app.link_to(people::OTHER_OWNER).await;
    assert_eq!(app.anonymous().post_form(&link, &[]).await.expect(303).location(), "/sign-in");
    let mut visitor = app.sign_in(people::OTHER_OWNER).await;
    let page = visitor.get("/account").await.expect(200).text();
    assert!(page.contains("Harborview Medical Society"), "{page}");
    let path = page.split("action=\"").find(|rest| rest.starts_with("/account/seats/")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    let mut copy = visitor.clone();
    visitor.post_form(&path, &[]).await.expect(303);
    assert!(visitor.get("/account").await.text().contains("Provider editor, Harborview Medical Society"));
    copy.get("/account").await.expect(303);
}

#[tokio::test]
async fn a_member_is_not_invited_twice_and_a_bad_address_is_kept_for_correction() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    for (email, role, why) in [
        (people::EDITOR, "viewer", "on your team already"),
        ("not-an-address", "viewer", "such as name@example.org"),
        ("two@lines.example\r\nBcc: all@lines.example", "viewer", "such as name@example.org"),
        (NEWCOMER, "emperor", "Choose a role"),
    ] {
        let answer = owner.post_form("/provider/team/invitations", &[("email", email), ("role", role)]).await;
        let text = answer.expect(422).text();
        assert!(text.contains(why), "{email}: {text}");
    }
    let mut tx = app.app.store.read().await.unwrap();
    assert!(store::mails::list_newest(&mut tx, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_role_holds_at_once_and_the_old_session_ends() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let mut editor = app.sign_in(people::EDITOR).await;
    editor.get("/provider/team").await.expect(403);
    let seat = seat_of(&app, people::EDITOR).await;
    owner.post_form(&format!("/provider/team/{seat}/role"), &[("role", "owner")]).await.expect(303);
    editor.get("/account").await.expect(303);
    app.sign_in(people::EDITOR).await.get("/provider/team").await.expect(200);
}

#[tokio::test]
async fn a_removed_member_is_out_at_once_and_cannot_sign_in() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let mut viewer = app.sign_in(people::VIEWER).await;
    let seat = seat_of(&app, people::VIEWER).await;
    app.sign_in(people::OTHER_OWNER).await.post_form(&format!("/provider/team/{seat}/remove"), &[]).await.expect(404);
    viewer.get("/account").await.expect(200);
    owner.post_form(&format!("/provider/team/{seat}/remove"), &[]).await.expect(303);
    viewer.get("/account").await.expect(303);
    let fields = [("email", people::VIEWER), ("password", people::PASSWORD)];
    let text = app.anonymous().post_form("/sign-in", &fields).await.expect(422).text();
    assert!(text.contains("does not belong to an organization"), "{text}");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in(people::OWNER).await;
    let seat = seat_of(&app, people::OWNER).await;
    let remove = format!("/provider/team/{seat}/remove");
    let role = format!("/provider/team/{seat}/role");
    let text = owner.post_form(&remove, &[]).await.expect(422).text();
    assert!(text.contains("A team needs an owner"), "{text}");
    owner.post_form(&role, &[("role", "viewer")]).await.expect(422);
    let second = seat_of(&app, people::EDITOR).await;
    owner.post_form(&format!("/provider/team/{second}/role"), &[("role", "owner")]).await.expect(303);
    owner.post_form(&remove, &[]).await.expect(303);
}

#[tokio::test]
async fn two_owners_cannot_remove_each_other_at_the_same_moment() {
    let app = TestApp::new().await;
    let first = people::actor(&app.app, people::OWNER).await;
    let editor = seat_of(&app, people::EDITOR).await.parse().unwrap();
    app::team::change_role(&app.app, &first, editor, domain::access::ProviderRole::Owner).await.unwrap();
    let second = people::actor(&app.app, people::EDITOR).await;
    assert!(matches!(second.seat, Seat::Provider(..)));
    let own = seat_of(&app, people::OWNER).await.parse().unwrap();
    let (one, two) =
        tokio::join!(app::team::remove(&app.app, &first, editor), app::team::remove(&app.app, &second, own));
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|done| **done).count(), 1, "{one:?} {two:?}");
}
