//! Every address against everybody: who must be refused is refused. An address that is missing here
//! fails the test.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use domain::PhysicianId;
use domain::access::{ProviderRole, Seat};
use testkit::{TestApp, Visitor, people};
use uuid::Uuid;

/// Who may use an address.
#[derive(Debug, Clone, Copy, PartialEq)]
enum For {
    Everybody,
    SignedIn,
    Team(ProviderRole),
    Physician,
    LicensingBoard,
    CertifyingBoard,
    Accreditor,
    /// A provider's program, in at least this role.
    Program(ProviderRole),
    CertifyingProgram,
    LicensingProgram,
    /// Who shows the credentials of an old client: nobody of those who try here.
    OldClient,
}

use For::*;

const OWNER: For = Team(ProviderRole::Owner);
const EDITOR: For = Team(ProviderRole::Editor);
const REPORTER: For = Team(ProviderRole::LearnerData);
const VIEWER: For = Team(ProviderRole::Viewer);

/// Method, path as the router knows it, and who may use it.
const ADDRESSES: &[(&str, &str, For)] = &[
    ("get", "/", Everybody),
    ("get", "/healthz", Everybody),
    ("get", "/assets/{*path}", Everybody),
    ("get", "/mailbox", Everybody),
    ("get", "/sign-in", Everybody),
    ("post", "/sign-in", Everybody),
    ("post", "/sign-out", Everybody),
    ("get", "/sign-in/second-factor", Everybody),
    ("post", "/sign-in/second-factor", Everybody),
    ("post", "/sign-in/passkey", Everybody),
    ("post", "/sign-in/passkey/options", Everybody),
    ("get", "/sign-in/help", Everybody),
    ("post", "/sign-in/help", Everybody),
    ("get", "/sign-in/help/stop/{secret}", Everybody),
    ("post", "/sign-in/help/stop/{secret}", Everybody),
    ("get", "/forgot", Everybody),
    ("post", "/forgot", Everybody),
    ("get", "/reset/{secret}", Everybody),
    ("post", "/reset/{secret}", Everybody),
    ("get", "/invitation/{secret}", Everybody),
    ("post", "/invitation/{secret}", Everybody),
    ("get", "/account", SignedIn),
    ("post", "/account/password", SignedIn),
    ("post", "/account/sessions/{id}/end", SignedIn),
    ("post", "/account/sessions/end-others", SignedIn),
    ("post", "/account/email", SignedIn),
    ("get", "/account/email/confirm/{secret}", Everybody),
    ("post", "/account/email/confirm/{secret}", Everybody),
    ("get", "/account/email/undo/{secret}", Everybody),
    ("post", "/account/email/undo/{secret}", Everybody),
    ("get", "/account/second-factor", SignedIn),
    ("get", "/account/second-factor/authenticator", SignedIn),
    ("post", "/account/second-factor/authenticator", SignedIn),
    ("post", "/account/second-factor/authenticator/confirm", SignedIn),
    ("post", "/account/second-factor/authenticator/off", SignedIn),
    ("post", "/account/second-factor/passkeys", SignedIn),
    ("post", "/account/second-factor/passkeys/add", SignedIn),
    ("post", "/account/second-factor/passkeys/{passkey}/remove", SignedIn),
    ("post", "/account/second-factor/codes", SignedIn),
    ("post", "/account/seats/{seat}", SignedIn),
    ("get", "/provider/activities", VIEWER),
    ("get", "/provider/activities/download", VIEWER),
    ("get", "/provider/activities/files", VIEWER),
    ("get", "/provider/activities/files/new", EDITOR),
    ("post", "/provider/activities/files/new", EDITOR),
    ("get", "/provider/activities/files/templates/{name}", EDITOR),
    ("get", "/provider/activities/files/download", VIEWER),
    ("get", "/provider/activities/files/{id}", VIEWER),
    ("get", "/provider/activities/files/{id}/progress", VIEWER),
    ("get", "/provider/activities/files/{id}/result", VIEWER),
    ("get", "/provider/activities/new", EDITOR),
    ("post", "/provider/activities/new", EDITOR),
    ("post", "/provider/activities/new/keep", EDITOR),
    ("post", "/provider/activities/sketches/{sketch}/discard", EDITOR),
    ("post", "/provider/activities/close", EDITOR),
    ("post", "/provider/activities/{id}/keep", EDITOR),
    ("get", "/provider/activities/{id}/repeat", EDITOR),
    ("post", "/provider/activities/{id}/repeat", EDITOR),
    ("post", "/provider/activities/{id}/delete", EDITOR),
    ("get", "/provider/activities/{id}", VIEWER),
    ("get", "/provider/activities/{id}/edit", EDITOR),
    ("post", "/provider/activities/{id}/edit", EDITOR),
    ("post", "/provider/activities/{id}/copy", EDITOR),
    ("post", "/provider/activities/{id}/close", EDITOR),
    ("post", "/provider/activities/{id}/reopen", EDITOR),
    ("get", "/provider/activities/{id}/moc", EDITOR),
    ("get", "/provider/activities/{id}/moc/{board}", EDITOR),
    ("post", "/provider/activities/{id}/moc/{board}", EDITOR),
    ("post", "/provider/activities/{id}/moc/{board}/remove", EDITOR),
    ("get", "/provider/years", VIEWER),
    ("get", "/provider/years/{year}", VIEWER),
    ("post", "/provider/years/{year}/agree", OWNER),
    ("post", "/provider/years/{year}/entered", EDITOR),
    ("post", "/provider/years/{year}/enduring", EDITOR),
    ("post", "/provider/years/{year}/income", EDITOR),
    ("post", "/provider/years/{year}/submit", OWNER),
    ("get", "/provider/team", OWNER),
    ("post", "/provider/team/invitations", OWNER),
    ("post", "/provider/team/invitations/{invitation}/withdraw", OWNER),
    ("post", "/provider/team/{seat}/role", OWNER),
    ("post", "/provider/team/{seat}/remove", OWNER),
    ("get", "/provider/team/lost/{request}", OWNER),
    ("post", "/provider/team/lost/{request}", OWNER),
    ("get", "/provider/api-clients", OWNER),
    ("post", "/provider/api-clients", OWNER),
    ("post", "/provider/api-clients/{client}/revoke", OWNER),
    ("get", "/provider/api-clients/sandbox", VIEWER),
    ("post", "/provider/api-clients/sandbox", OWNER),
    ("post", "/provider/api-clients/sandbox/tokens/{client}/revoke", OWNER),
    ("post", "/provider/api-clients/sandbox/reset", OWNER),
    ("get", "/provider/uploads", VIEWER),
    ("get", "/provider/uploads/new", REPORTER),
    ("post", "/provider/uploads/new", REPORTER),
    ("get", "/provider/uploads/templates/{name}", REPORTER),
    ("get", "/provider/uploads/{id}", VIEWER),
    ("get", "/provider/uploads/{id}/progress", VIEWER),
    ("get", "/provider/uploads/{id}/result", VIEWER),
    ("post", "/provider/uploads/{id}/resubmit", REPORTER),
    ("get", "/provider/uploads/{id}/rows", REPORTER),
    ("post", "/provider/uploads/{id}/rows", REPORTER),
    ("get", "/provider", VIEWER),
    ("get", "/provider/learners", VIEWER),
    ("get", "/provider/learners/download", VIEWER),
    ("get", "/provider/learners/rejected", VIEWER),
    ("post", "/provider/learners/rejected", REPORTER),
    ("get", "/provider/learners/{id}", VIEWER),
    ("get", "/provider/learners/{id}/correct", REPORTER),
    ("post", "/provider/learners/{id}/correct", REPORTER),
    ("get", "/provider/learners/{id}/delete", REPORTER),
    ("post", "/provider/learners/{id}/delete", REPORTER),
    ("get", "/provider/activities/{id}/learners", VIEWER),
    ("get", "/provider/learners/new", REPORTER),
    ("post", "/provider/learners/new", REPORTER),
    ("post", "/provider/learners/check", REPORTER),
    ("get", "/provider/validate", REPORTER),
    ("post", "/provider/validate", REPORTER),
    ("post", "/provider/validate/download", REPORTER),
    ("get", "/provider/reports", VIEWER),
    ("get", "/provider/reports/download", VIEWER),
    ("get", "/activities", Everybody),
    ("get", "/activities/calendar.ics", Everybody),
    ("get", "/activities/saved", Physician),
    ("post", "/activities/saved", Physician),
    ("post", "/activities/saved/remove", Physician),
    ("get", "/activities/saved/calendar.ics", Physician),
    ("get", "/activities/searches", Physician),
    ("post", "/activities/searches", Physician),
    ("get", "/activities/searches/new", Physician),
    ("post", "/activities/searches/{id}", Physician),
    ("post", "/activities/searches/{id}/remove", Physician),
    ("get", "/searches/stop/{key}", Everybody),
    ("post", "/searches/stop/{key}", Everybody),
    ("get", "/activities/{id}", Everybody),
    ("get", "/activities/{id}/calendar.ics", Everybody),
    ("get", "/passport", Physician),
    ("get", "/passport/requirements", Physician),
    ("get", "/requirements", Everybody),
    ("get", "/requirements/{state}", Everybody),
    ("get", "/board/requirements", LicensingBoard),
    ("get", "/board/requirements/edit", LicensingBoard),
    ("post", "/board/requirements/edit", LicensingBoard),
    ("get", "/board/requirements/take-back", LicensingBoard),
    ("post", "/board/requirements/take-back", LicensingBoard),
    ("get", "/passport/access", Physician),
    ("get", "/passport/access.csv", Physician),
    ("get", "/passport/sharing", Physician),
    ("post", "/passport/sharing/letters", Physician),
    ("get", "/passport/sharing/data.json", Physician),
    ("get", "/passport/sharing/new", Physician),
    ("post", "/passport/sharing/new", Physician),
    ("get", "/passport/sharing/{share}", Physician),
    ("post", "/passport/sharing/{share}/revoke", Physician),
    ("post", "/passport/sharing/{share}/extend", Physician),
    ("post", "/passport/sharing/{share}/renew", Physician),
    ("get", "/shared/{secret}", Everybody),
    ("post", "/shared/{secret}", Everybody),
    ("post", "/shared/{secret}/code", Everybody),
    ("post", "/shared/{secret}/confirm", Everybody),
    ("get", "/shared/{secret}/transcript", Everybody),
    ("get", "/shared/{secret}/transcript.pdf", Everybody),
    ("get", "/shared/{secret}/transcript.json", Everybody),
    ("get", "/unsubscribe/{secret}", Everybody),
    ("post", "/unsubscribe/{secret}", Everybody),
    ("get", "/board/received", LicensingBoard),
    ("get", "/board/received/{share}", LicensingBoard),
    ("get", "/passport/claim", Everybody),
    ("post", "/passport/claim", Everybody),
    ("post", "/passport/claim/review", Everybody),
    ("get", "/passport/claim/stop/{secret}", Everybody),
    ("post", "/passport/claim/stop/{secret}", Everybody),
    ("get", "/passport/claim/{secret}", Everybody),
    ("post", "/passport/claim/{secret}", Everybody),
    ("get", "/passport/missing", Physician),
    ("get", "/passport/missing/new", Physician),
    ("post", "/passport/missing/new", Physician),
    ("get", "/passport/missing/{id}", Physician),
    ("post", "/passport/missing/{id}", Physician),
    ("get", "/passport/missing/{id}/evidence", Physician),
    ("get", "/passport/own-credit", Physician),
    ("get", "/passport/own-credit/download", Physician),
    ("get", "/passport/own-credit/new", Physician),
    ("post", "/passport/own-credit/new", Physician),
    ("get", "/passport/own-credit/{id}", Physician),
    ("post", "/passport/own-credit/{id}", Physician),
    ("post", "/passport/own-credit/{id}/delete", Physician),
    ("get", "/passport/own-credit/{id}/evidence", Physician),
    ("get", "/provider/missing-credit", VIEWER),
    ("get", "/provider/missing-credit/{id}", VIEWER),
    ("post", "/provider/missing-credit/{id}", REPORTER),
    ("get", "/provider/missing-credit/{id}/evidence", VIEWER),
    ("get", "/provider/missing-credit/{id}/report", REPORTER),
    ("post", "/provider/missing-credit/{id}/report", REPORTER),
    ("get", "/admin/missing-credit", Accreditor),
    ("get", "/admin/missing-credit/{id}", Accreditor),
    ("post", "/admin/missing-credit/{id}", Accreditor),
    ("get", "/admin/missing-credit/{id}/evidence", Accreditor),
    ("get", "/passport/transcript", Physician),
    ("get", "/passport/transcript.pdf", Physician),
    ("get", "/passport/transcript.json", Physician),
    ("get", "/passport/transcript.csv", Physician),
    ("get", "/passport/transcript.xlsx", Physician),
    ("get", "/passport/transcript/credential", Physician),
    ("get", "/passport/transcript/credential.jwt", Physician),
    ("get", "/passport/completions/{completion}", Physician),
    ("get", "/passport/completions/{completion}/certificate.pdf", Physician),
    ("get", "/passport/completions/{completion}/credential.jwt", Physician),
    ("get", "/board/lists", LicensingBoard),
    ("post", "/board/lists", LicensingBoard),
    ("get", "/board/lists/new", LicensingBoard),
    ("post", "/board/lists/registry", LicensingBoard),
    ("get", "/board/lists/template.xlsx", LicensingBoard),
    ("get", "/board/lists/template.txt", LicensingBoard),
    ("get", "/board/lists/{list}", LicensingBoard),
    ("get", "/board/lists/{list}/rows.xlsx", LicensingBoard),
    ("get", "/board/lists/{list}/rows.csv", LicensingBoard),
    ("post", "/board/lists/{list}/checks", LicensingBoard),
    ("get", "/board/lists/checks/{check}", LicensingBoard),
    ("get", "/board/lists/checks/{check}/progress", LicensingBoard),
    ("get", "/board/lists/checks/{check}/results.xlsx", LicensingBoard),
    ("get", "/board/lists/checks/{check}/results.csv", LicensingBoard),
    ("get", "/board/lists/checks/{check}/licensees/{licensee}", LicensingBoard),
    ("get", "/board/audits", LicensingBoard),
    ("get", "/board/audits/new", LicensingBoard),
    ("post", "/board/audits/new", LicensingBoard),
    ("get", "/board/audits/{audit}", LicensingBoard),
    ("get", "/board/audits/{audit}/draw.csv", LicensingBoard),
    ("get", "/board/audits/{audit}/report", LicensingBoard),
    ("get", "/board/audits/{audit}/report.xlsx", LicensingBoard),
    ("post", "/board/audits/{audit}/close", LicensingBoard),
    ("get", "/board/audits/cases/{case}", LicensingBoard),
    ("post", "/board/audits/cases/{case}/decide", LicensingBoard),
    ("post", "/board/audits/cases/{case}/note", LicensingBoard),
    ("post", "/board/audits/cases/{case}/recheck", LicensingBoard),
    ("post", "/board/audits/cases/{case}/resolve", LicensingBoard),
    ("get", "/board/audits/cases/{case}/letter", LicensingBoard),
    ("post", "/board/audits/cases/{case}/letter", LicensingBoard),
    ("get", "/board/audits/cases/{case}/reminder", LicensingBoard),
    ("post", "/board/audits/cases/{case}/reminder", LicensingBoard),
    ("get", "/board/audits/cases/{case}/letters/{number}", LicensingBoard),
    ("get", "/board/statistics", LicensingBoard),
    ("get", "/passport/audits", Physician),
    ("get", "/board", LicensingBoard),
    ("post", "/board", LicensingBoard),
    ("get", "/board/licensees/{licensee}", LicensingBoard),
    ("get", "/board/licensees/{licensee}/completions/{completion}", LicensingBoard),
    ("get", "/provider/api-clients/webhooks", OWNER),
    ("post", "/provider/api-clients/webhooks", OWNER),
    ("get", "/provider/api-clients/webhooks/{webhook}", OWNER),
    ("post", "/provider/api-clients/webhooks/{webhook}/replay", OWNER),
    ("post", "/provider/api-clients/webhooks/{webhook}/remove", OWNER),
    ("get", "/certifying/webhooks", CertifyingBoard),
    ("post", "/certifying/webhooks", CertifyingBoard),
    ("get", "/certifying/webhooks/{webhook}", CertifyingBoard),
    ("post", "/certifying/webhooks/{webhook}/replay", CertifyingBoard),
    ("post", "/certifying/webhooks/{webhook}/remove", CertifyingBoard),
    ("get", "/certifying/rules", CertifyingBoard),
    ("post", "/certifying/rules", CertifyingBoard),
    ("post", "/certifying/rules/apply", CertifyingBoard),
    ("get", "/certifying/statistics", CertifyingBoard),
    ("get", "/certifying/download", CertifyingBoard),
    ("get", "/certifying", CertifyingBoard),
    ("post", "/certifying", CertifyingBoard),
    ("get", "/admin", Accreditor),
    ("get", "/admin/reviews", Accreditor),
    ("get", "/admin/claims", Accreditor),
    ("get", "/admin/claims/{claim}", Accreditor),
    ("post", "/admin/claims/{claim}", Accreditor),
    ("get", "/admin/claims/lost/{request}", Accreditor),
    ("post", "/admin/claims/lost/{request}", Accreditor),
    ("get", "/admin/reviews/settled", Accreditor),
    ("get", "/admin/reviews/{review}", Accreditor),
    ("post", "/admin/reviews/{review}", Accreditor),
    ("post", "/admin/reviews/{review}/undo", Accreditor),
    ("get", "/admin/physicians", Accreditor),
    ("post", "/admin/physicians", Accreditor),
    ("get", "/admin/physicians/{physician}", Accreditor),
    ("get", "/admin/explain", Accreditor),
    ("post", "/admin/explain", Accreditor),
    ("get", "/admin/explain/rows", Accreditor),
    ("get", "/admin/changes/merge", Accreditor),
    ("post", "/admin/changes/merge", Accreditor),
    ("get", "/admin/changes/split", Accreditor),
    ("post", "/admin/changes/split", Accreditor),
    ("get", "/admin/changes", Accreditor),
    ("get", "/admin/changes/{change}", Accreditor),
    ("post", "/admin/changes/{change}/confirm", Accreditor),
    ("post", "/admin/changes/{change}/decline", Accreditor),
    ("get", "/admin/changes/{change}/undo", Accreditor),
    ("post", "/admin/changes/{change}/undo", Accreditor),
    ("get", "/admin/reference", Accreditor),
    ("get", "/admin/reference/lists/{list}", Accreditor),
    ("get", "/admin/reference/lists/{list}/download", Accreditor),
    ("get", "/admin/reference/lists/{list}/add", Accreditor),
    ("post", "/admin/reference/lists/{list}/add", Accreditor),
    ("get", "/admin/reference/lists/{list}/item", Accreditor),
    ("get", "/admin/reference/lists/{list}/item/{act}", Accreditor),
    ("post", "/admin/reference/lists/{list}/item/{act}", Accreditor),
    ("get", "/admin/reference/boards", Accreditor),
    ("get", "/admin/reference/boards/new", Accreditor),
    ("post", "/admin/reference/boards/new", Accreditor),
    ("get", "/admin/reference/boards/{board}", Accreditor),
    ("get", "/admin/reference/boards/{board}/change", Accreditor),
    ("post", "/admin/reference/boards/{board}/change", Accreditor),
    ("get", "/admin/reference/boards/{board}/take-back", Accreditor),
    ("post", "/admin/reference/boards/{board}/take-back", Accreditor),
    ("get", "/admin/reference/settings", Accreditor),
    ("get", "/admin/reference/settings/{setting}", Accreditor),
    ("get", "/admin/reference/settings/{setting}/change", Accreditor),
    ("post", "/admin/reference/settings/{setting}/change", Accreditor),
    ("get", "/admin/reference/settings/{setting}/take-back", Accreditor),
    ("post", "/admin/reference/settings/{setting}/take-back", Accreditor),
    ("get", "/verify", Everybody),
    ("get", "/verify/{code}", Everybody),
    ("post", "/verify", Everybody),
    ("get", "/.well-known/did.json", Everybody),
    ("get", "/.well-known/jwks.json", Everybody),
    ("get", "/credentials/status/{list}", Everybody),
    ("get", "/api", Everybody),
    ("get", "/api/openapi.json", Everybody),
    ("get", "/api/pars/v1/activity-search", Everybody),
    ("get", "/api/pars/v1/activities", Program(ProviderRole::Viewer)),
    ("post", "/api/pars/v1/activities", Program(ProviderRole::Editor)),
    ("get", "/api/pars/v1/activities/{activityId}", Program(ProviderRole::Viewer)),
    ("get", "/api/pars/v1/activities/files/{id}", Program(ProviderRole::Viewer)),
    ("get", "/api/pars/v1/activities/files/{id}/result", Program(ProviderRole::Viewer)),
    ("get", "/api/pars/v1/events", Program(ProviderRole::Viewer)),
    ("post", "/api/pars/v1/learner-match", Program(ProviderRole::LearnerData)),
    ("post", "/services/ACCMELearnerService.svc/SaveLearnerActivity", OldClient),
    ("post", "/services/ACCMELearnerService.svc/GetLearnerMatch", OldClient),
    ("post", "/services/ACCMELearnerService.svc/GetLearnerStatusByLearner", OldClient),
    ("post", "/services/ACCMELearnerService.svc/GetLearnerStatusByCreditId", OldClient),
    ("post", "/services/ACCMEActivityService.svc/SaveActivity", OldClient),
    ("post", "/services/ACCMEActivityService.svc/GetActivity", OldClient),
    ("get", "/board/api-clients", LicensingBoard),
    ("post", "/board/api-clients", LicensingBoard),
    ("post", "/board/api-clients/{client}/revoke", LicensingBoard),
    ("get", "/board/access-log", LicensingBoard),
    ("get", "/board/access-log/download", LicensingBoard),
    ("get", "/certifying/api-clients", CertifyingBoard),
    ("post", "/certifying/api-clients", CertifyingBoard),
    ("post", "/certifying/api-clients/{client}/revoke", CertifyingBoard),
    ("get", "/api/pars/v1/GetLearnerTranscriptbyLearner", LicensingProgram),
    ("get", "/api/pars/v1/GetLearnerTranscriptbyLearnerPDF", LicensingProgram),
    ("get", "/api/pars/v1/GetLearnerTranscriptCreditsByDate", LicensingProgram),
    ("get", "/api/pars/v1/moc/completions", CertifyingProgram),
    ("post", "/api/pars/v1/moc/decisions", CertifyingProgram),
    ("post", "/api/pars/v1/learner-activities", Program(ProviderRole::LearnerData)),
    ("get", "/api/pars/v1/learner-activities/status", Program(ProviderRole::Viewer)),
    ("get", "/api/pars/v1/learner-activities/{learnerId}", Program(ProviderRole::Viewer)),
    ("delete", "/api/pars/v1/learner-activities/{learnerId}", Program(ProviderRole::LearnerData)),
    ("post", "/api/pars/v1/uploads", Program(ProviderRole::LearnerData)),
    ("get", "/api/pars/v1/uploads/{id}", Program(ProviderRole::Viewer)),
    ("get", "/api/pars/v1/uploads/{id}/result", Program(ProviderRole::Viewer)),
];

struct Persona {
    name: &'static str,
    visitor: Visitor,
    seat: Option<Seat>,
    is_program: bool,
}

async fn personas(app: &TestApp) -> Vec<Persona> {
    let physician = Seat::Physician(PhysicianId::new(Uuid::from_u128(1)));
    people::add(&app.app, "amara@physician.example", "Amara Whitfield", physician).await;
    let mut all = vec![Persona { name: "stranger", visitor: app.anonymous(), seat: None, is_program: false }];
    for name in [
        people::OWNER,
        people::EDITOR,
        people::LEARNER_DATA,
        people::VIEWER,
        people::LICENSING_BOARD,
        people::CERTIFYING_BOARD,
        people::ACCREDITOR,
        "amara@physician.example",
    ] {
        let seat = people::actor(&app.app, name).await.seat;
        all.push(Persona { name, visitor: app.sign_in(name).await, seat: Some(seat), is_program: false });
    }
    let seats = [
        ("reporting program", Seat::Provider(people::provider_id(), ProviderRole::LearnerData)),
        ("reading program", Seat::Provider(people::provider_id(), ProviderRole::Viewer)),
        ("licensing board's program", people::actor(&app.app, people::LICENSING_BOARD).await.seat),
        ("certifying board's program", people::actor(&app.app, people::CERTIFYING_BOARD).await.seat),
    ];
    for (name, seat) in seats {
        let token = people::token(&app.app, name, seat).await;
        all.push(Persona { name, visitor: app.bearer(token.expose()), seat: Some(seat), is_program: true });
    }
    all
}

fn may(whose: For, persona: &Persona) -> bool {
    let at_least = |least| matches!(persona.seat, Some(Seat::Provider(_, role)) if role >= least);
    let person = !persona.is_program;
    match whose {
        Everybody => true,
        SignedIn => person && persona.seat.is_some(),
        Team(least) => person && at_least(least),
        Physician => person && matches!(persona.seat, Some(Seat::Physician(_))),
        LicensingBoard => person && matches!(persona.seat, Some(Seat::LicensingBoard(_))),
        CertifyingBoard => person && matches!(persona.seat, Some(Seat::CertifyingBoard(_))),
        Accreditor => person && persona.seat == Some(Seat::Accreditor),
        Program(least) => !person && at_least(least),
        OldClient => false,
        CertifyingProgram => !person && matches!(persona.seat, Some(Seat::CertifyingBoard(_))),
        LicensingProgram => !person && matches!(persona.seat, Some(Seat::LicensingBoard(_))),
    }
}

/// An address with something in the place of each parameter.
fn filled(path: &str) -> String {
    let parts =
        path.split('/').map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_address_refuses_everybody_else() {
    let app = TestApp::new().await;
    let mut personas = personas(&app).await;
    let mut wrong = Vec::new();
    for (method, path, whose) in ADDRESSES {
        for persona in &mut personas {
            // what a person does here must not end the session for the next address
            let mut visitor = persona.visitor.clone();
            // and half a sign-in, which nobody here has, is asked for at the sign-in
            if matches!(*path, "/sign-out" | "/sign-in" | "/sign-in/second-factor" | "/sign-in/help") {
                continue;
            }
            let answer = match *method {
                "get" => visitor.get(&filled(path)).await,
                "post" => visitor.post_form(&filled(path), &[]).await,
                "delete" => {
                    let request = Request::delete(filled(path)).body(Body::empty()).unwrap();
                    visitor.send(request).await
                }
                other => panic!("{other} is not a method of this test"),
            };
            let to_sign_in = answer.status == 303 && answer.location().starts_with("/sign-in");
            let refused = to_sign_in || matches!(answer.status, 401 | 403);
            if refused == may(*whose, persona) || (refused && !answer.header("set-cookie").is_empty()) {
                wrong.push(format!("{} at {method} {path}: {}", persona.name, answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_address_of_the_router_is_in_the_list() {
    let listed: BTreeSet<&str> = ADDRESSES.iter().map(|(_, path, _)| *path).collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut routed = BTreeSet::new();
    collect_routes(&source, &mut routed);
    assert!(routed.len() >= 20, "the source is read: {routed:?}");
    let missing: Vec<&String> = routed.iter().filter(|path| !listed.contains(path.as_str())).collect();
    assert!(missing.is_empty(), "name them in ADDRESSES: {missing:?}");
    let gone: Vec<&&str> = listed.iter().filter(|path| !routed.contains(**path)).collect();
    assert!(gone.is_empty(), "no such addresses any more: {gone:?}");
}

fn collect_routes(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_routes(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text: String = std::fs::read_to_string(&path).unwrap().split_whitespace().collect();
            // pages name their address to the router, web services in what describes them
            for rest in text.split(".route(\"").skip(1) {
                found.insert(rest.split('"').next().unwrap_or_default().to_owned());
            }
            for rest in text.split("path=\"/").skip(1) {
                found.insert(format!("/{}", rest.split('"').next().unwrap_or_default()));
            }
        }
    }
}
