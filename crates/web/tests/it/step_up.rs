//! Acts that ask again who it is, when the last proof is older than 15 minutes.

use jiff::SignedDuration;
use testkit::factors::code;
use testkit::{TestApp, people};
use uuid::Uuid;

use crate::second_factors::set_up;

fn later(test: &TestApp) {
    test.app.clock.advance(SignedDuration::from_secs(15 * 60 + 1));
}

#[tokio::test]
async fn each_such_act_asks_again_after_fifteen_minutes() {
    let test = TestApp::new().await;
    let id = Uuid::nil();
    let of_owner = [
        "/provider/api-clients".to_owned(),
        "/provider/team/invitations".to_owned(),
        format!("/provider/team/invitations/{id}/withdraw"),
        format!("/provider/team/{id}/role"),
        format!("/provider/team/{id}/remove"),
        format!("/provider/team/lost/{id}"),
        "/account/email".to_owned(),
        "/account/second-factor/authenticator".to_owned(),
        "/account/second-factor/authenticator/off".to_owned(),
        "/account/second-factor/codes".to_owned(),
        "/account/second-factor/passkeys".to_owned(),
        format!("/account/second-factor/passkeys/{id}/remove"),
    ];
    let of_staff = [
        format!("/admin/changes/{id}/confirm"),
        format!("/admin/changes/{id}/undo"),
        format!("/admin/claims/{id}"),
        format!("/admin/claims/lost/{id}"),
        format!("/admin/boards/licensing/CA/clients/{id}/revoke"),
        "/admin/providers/new".to_owned(),
        "/admin/providers/0001234/decisions".to_owned(),
        format!("/admin/providers/0001234/decisions/{id}/take-back"),
        "/admin/users/invitations".to_owned(),
        format!("/admin/users/invitations/{id}/again"),
        format!("/admin/users/invitations/{id}/withdraw"),
        format!("/admin/users/seats/{id}/role"),
        format!("/admin/users/seats/{id}/remove"),
        format!("/admin/users/{id}/disable"),
        format!("/admin/users/{id}/enable"),
    ];
    let of_board = ["/board/api-clients".to_owned()];
    for (email, acts) in
        [(people::OWNER, &of_owner[..]), (people::ACCREDITOR, &of_staff), (people::LICENSING_BOARD, &of_board)]
    {
        let mut fresh = test.sign_in(email).await;
        for act in acts {
            let answer = fresh.clone().post_form(act, &[]).await;
            assert!(!answer.text().contains("Is it still you?"), "{act} right after signing in");
        }
        fresh.get("/account").await.expect(200);
    }
    for (email, acts) in
        [(people::OWNER, &of_owner[..]), (people::ACCREDITOR, &of_staff), (people::LICENSING_BOARD, &of_board)]
    {
        let mut visitor = test.sign_in(email).await;
        later(&test);
        for act in acts {
            let answer = visitor.post_form(act, &[]).await.expect(403);
            assert!(answer.text().contains("Is it still you?"), "{act}");
        }
        visitor.get("/account").await.expect(200);
    }
}

#[tokio::test]
async fn what_was_typed_is_carried_along_and_done_with_the_proof() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    later(&test);
    let typed = [("email", "new.\"colleague\"@harborview.example"), ("role", "viewer")];
    let page = owner.post_form("/provider/team/invitations", &typed).await.expect(403).text();
    assert!(page.contains("name=\"role\" value=\"viewer\"") && page.contains("colleague"), "{page}");
    let with = |proof| [("email", "colleague@harborview.example"), ("role", "viewer"), ("proof", proof)];
    let wrong = owner.post_form("/provider/team/invitations", &with("not the right one")).await.expect(422).text();
    assert!(wrong.contains("This is not your password") && !wrong.contains("not the right one"), "{wrong}");
    let done = owner.post_form("/provider/team/invitations", &with(people::PASSWORD)).await.expect(303);
    assert_eq!(done.location(), "/provider/team?done=invited");
    test.letter_to("colleague@harborview.example").await;
    // the proof counts for a while, for other acts too
    let token = [("name", "LMS"), ("scope", "learners:read"), ("days", "30")];
    let answer = owner.post_form("/provider/api-clients", &token).await;
    assert!(!answer.text().contains("Is it still you?"));
    later(&test);
    owner.post_form("/provider/api-clients", &token).await.expect(403);
}

#[tokio::test]
async fn who_has_a_second_factor_proves_with_it() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    let (key, codes) = set_up(&test, &mut owner).await;
    later(&test);
    let mut off = async |proof: &str| owner.post_form("/account/second-factor/codes", &[("proof", proof)]).await;
    off(people::PASSWORD).await.expect(422);
    off("000000").await.expect(422);
    let now = code(&test.app, &key);
    off(&now).await.expect(200);
    later(&test);
    off(&now).await.expect(422);
    // the codes made just now ended these
    off(&codes[0]).await.expect(422);
}

#[tokio::test]
async fn proofs_are_limited_and_others_are_asked_nothing() {
    let test = TestApp::new().await;
    let mut owner = test.sign_in(people::OWNER).await;
    later(&test);
    let wrong = [("proof", "not the right one")];
    for _ in 0..5 {
        owner.post_form("/provider/team/invitations", &wrong).await.expect(422);
    }
    owner.post_form("/provider/team/invitations", &wrong).await.expect(429);
    owner.post_form("/provider/team/invitations", &[("proof", people::PASSWORD)]).await.expect(429);
    let answer = test.anonymous().post_form("/provider/team/invitations", &wrong).await.expect(303);
    assert!(answer.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn another_seat_is_no_proof() {
    let test = TestApp::new().await;
    let id = people::account_id(&test.app, people::OWNER).await;
    let seat = Uuid::from_u128(77);
    let mut tx = test.app.store.write().await.unwrap();
    let other = domain::access::Seat::Provider(people::other_provider_id(), domain::access::ProviderRole::Owner);
    store::seats::insert(&mut tx, seat, id, other, test.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut owner = test.sign_in(people::OWNER).await;
    later(&test);
    owner.post_form(&format!("/account/seats/{seat}"), &[]).await.expect(303);
    owner.post_form("/provider/team/invitations", &[]).await.expect(403);
}
