//! The addresses that old clients call: credentials in three places, answers as today's calls give them.

use axum::body::Body;
use axum::http::Request;
use axum_extra::headers::Authorization;
use axum_extra::headers::authorization::Credentials;
use domain::access::{ProviderRole, Seat};
use testkit::{Answer, TestApp, people, records};

const LEARNERS: &str = "/services/ACCMELearnerService.svc";
const ACTIVITIES: &str = "/services/ACCMEActivityService.svc";
const USER: &str = "Campus LMS";

struct Old {
    test: TestApp,
    token: String,
}

/// Where credentials stand.
#[derive(Clone, Copy, Debug)]
enum In {
    Basic,
    Headers,
    Body,
}

impl Old {
    async fn new() -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        let seat = Seat::Provider(people::provider_id(), ProviderRole::Editor);
        let token = people::token(&test.app, USER, seat).await.expose().to_owned();
        Self { test, token }
    }

    /// Calls with these credentials; `<!-- -->` in the body is where elements of credentials go.
    async fn with(&self, place: In, who: [&str; 3], path: &str, body: &str) -> Answer {
        let [provider, user, password] = who;
        let mut request = Request::post(path).header("content-type", "text/xml; charset=utf-8");
        let mut elements = String::new();
        match place {
            In::Basic => {
                let basic = Authorization::basic(&format!("{provider}\\{user}"), password);
                request = request.header("authorization", basic.0.encode());
            }
            In::Headers => {
                request = request.header("ProviderId", provider).header("User", user).header("Password", password);
            }
            In::Body => {
                elements =
                    format!("<ProviderId>{provider}</ProviderId><User>{user}</User><Password>{password}</Password>");
            }
        }
        let body = body.replace("<!-- -->", &elements);
        self.test.anonymous().send(request.body(Body::from(body)).expect("a request")).await
    }

    async fn call(&self, place: In, path: &str, body: &str) -> Answer {
        self.with(place, [people::PROVIDER, &USER.to_lowercase(), &self.token], path, body).await
    }
}

fn learner(n: usize) -> String {
    let person = records::physician(n);
    let birth = person.birth.unwrap().to_string().replace('/', "-");
    let number = &person.licenses[0].number;
    format!(
        "<LearnerReports><!-- --><ActivityReports><ActivityReport><Member><Name><GivenName>{}</GivenName><FamilyName>{}\
         </FamilyName></Name><PersonalInfo><BirthDate>--{birth}</BirthDate></PersonalInfo></Member><Activity>\
         <ProviderOrganization>0001234</ProviderOrganization><Module><ModuleName moduleID=\"202600001\">T</ModuleName>\
         <Status>Completed</Status><CompletedDateTime>2026-11-02T10:00:00</CompletedDateTime><CreditCertificate>\
         <UniqueID domain=\"CA\">{number}</UniqueID><CreditReceived><activityCertification>AMA PRA Category 1\
         </activityCertification><creditUnit>Point</creditUnit><numberOfCredits>2</numberOfCredits></CreditReceived>\
         <CreditID>ccid:campus:{n}</CreditID></CreditCertificate></Module></Activity><XtensibleInfo>\
         <LearnerRecordAction>add</LearnerRecordAction></XtensibleInfo></ActivityReport></ActivityReports></LearnerReports>",
        person.first, person.last
    )
}

#[tokio::test]
async fn each_place_of_credentials_opens_each_call() {
    let old = Old::new().await;
    for (n, place) in [(1, In::Basic), (2, In::Headers), (3, In::Body)] {
        let saved = old.call(place, &format!("{LEARNERS}/SaveLearnerActivity"), &learner(n)).await;
        assert_eq!(saved.status, 201, "{place:?}: {}", saved.text());
        assert!(saved.header("content-type").starts_with("application/xml"), "{place:?}");
        assert!(saved.text().contains("<result>accepted</result>"), "{}", saved.text());
        assert!(saved.header("ratelimit").starts_with("\"requests\";r="), "{place:?}");

        let found = old.call(place, &format!("{LEARNERS}/GetLearnerMatch"), &learner(n)).await.expect(200).text();
        assert!(found.contains("<outcome>matched</outcome>"), "{found}");

        let asked = format!("<Ask><!-- --><CreditId>ccid:campus:{n}</CreditId></Ask>");
        let status = old.call(place, &format!("{LEARNERS}/GetLearnerStatusByCreditId"), &asked).await.expect(200);
        assert!(status.text().contains(&format!("<submissionId>ccid:campus:{n}</submissionId>")), "{}", status.text());
        let person = records::physician(n);
        let asked = format!(
            "<Ask><!-- --><ModuleID>202600001</ModuleID><BirthDate>{}</BirthDate><CompletionDate>2026-11-02\
             </CompletionDate><UniqueID domain=\"CA\">{}</UniqueID></Ask>",
            person.birth.unwrap(),
            person.licenses[0].number
        );
        let status = old.call(place, &format!("{LEARNERS}/GetLearnerStatusByLearner"), &asked).await.expect(200);
        assert!(status.text().contains("<moduleID>202600001</moduleID>"), "{}", status.text());

        let asked = "<Ask><!-- --><ActivityId>202600001</ActivityId></Ask>";
        let found = old.call(place, &format!("{ACTIVITIES}/GetActivity"), asked).await.expect(200).text();
        assert!(found.contains("Care of the Heart"), "{found}");
        let asked = "<Ask><!-- --><ProviderActivityId>HEART-1</ProviderActivityId></Ask>";
        let found = old.call(place, &format!("{ACTIVITIES}/GetActivity"), asked).await.expect(200).text();
        assert!(found.contains("Care of the Heart"), "{found}");
        // what was read can be sent again, with the credentials around it
        let again = match place {
            In::Body => found.replacen("<MedicalEducationMetrics", "<!-- --><MedicalEducationMetrics", 1),
            _ => found,
        };
        let saved = old.call(place, &format!("{ACTIVITIES}/SaveActivity"), &again).await.expect(200).text();
        assert!(saved.contains("<result>Unchanged</result>"), "{place:?}: {saved}");
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_credentials_is_told_alike() {
    let old = Old::new().await;
    let path = format!("{LEARNERS}/GetLearnerMatch");
    let mut told = Vec::new();
    for who in [
        [people::PROVIDER, USER, "crd_wrong"],
        [people::PROVIDER, "Other LMS", &old.token],
        [people::OTHER_PROVIDER, USER, &old.token],
        ["", USER, &old.token],
    ] {
        for place in [In::Basic, In::Headers, In::Body] {
            let answer = old.with(place, who, &path, &learner(1)).await.expect(401);
            assert!(answer.header("www-authenticate").starts_with("Basic "));
            assert_eq!(answer.header("content-type"), "application/problem+xml");
            let text = answer.text();
            let (start, rest) = text.split_once("<request_id>").expect("an id");
            told.push(format!("{start}{}", rest.split_once("</request_id>").unwrap().1));
        }
    }
    // two complete places, one of them right
    let twice = Request::post(&path)
        .header("ProviderId", people::PROVIDER)
        .header("User", USER)
        .header("Password", &old.token)
        .body(Body::from(learner(1).replace(
            "<!-- -->",
            &format!("<ProviderId>0001234</ProviderId><User>{USER}</User><Password>{}</Password>", old.token),
        )));
    old.test.anonymous().send(twice.unwrap()).await.expect(401);
    // a token as bearer is none of the three places
    old.test.bearer(&old.token).post_form(&path, &[]).await.expect(401);
    // a revoked one, a board's
    let board = people::actor(&old.test.app, people::CERTIFYING_BOARD).await.seat;
    let board = people::token(&old.test.app, "Board", board).await;
    old.with(In::Headers, ["ABIM", "Board", board.expose()], &path, &learner(1)).await.expect(401);
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[tokio::test]
async fn scopes_and_limits_are_those_of_the_program() {
    let old = Old::new().await;
    let seat = Seat::Provider(people::provider_id(), ProviderRole::Viewer);
    let reader = people::token(&old.test.app, "Reader", seat).await;
    let who = [people::PROVIDER, "Reader", reader.expose()];
    let refused = old.with(In::Body, who, &format!("{LEARNERS}/SaveLearnerActivity"), &learner(1)).await.expect(403);
    assert!(refused.text().contains("<scope>learners:write</scope>"), "{}", refused.text());
    let bad = old.call(In::Headers, &format!("{LEARNERS}/SaveLearnerActivity"), "<a><b></a>").await.expect(422);
    assert!(bad.text().contains("document_malformed"), "{}", bad.text());
    let asked = "<a><ActivityId>999999999</ActivityId></a>";
    old.call(In::Headers, &format!("{ACTIVITIES}/GetActivity"), asked).await.expect(404);
}

#[tokio::test]
async fn credentials_of_a_body_are_kept_nowhere() {
    let old = Old::new().await;
    // so many that they become a file
    let one = learner(1);
    let (start, rest) = one.split_once("<ActivityReport>").unwrap();
    let (report, end) = rest.split_once("</ActivityReport>").unwrap();
    let many = format!("<ActivityReport>{report}</ActivityReport>").repeat(1_001);
    let body = format!("{start}{many}{end}");
    old.call(In::Body, &format!("{LEARNERS}/SaveLearnerActivity"), &body).await.expect(202);
    let mut kept = 0;
    for entry in std::fs::read_dir(old.test.app.config.uploads()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(&old.token));
        kept += 1;
    }
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn a_sandboxs_token_leads_into_the_sandbox() {
    let old = Old::new().await;
    let seat = Seat::Provider(people::provider_id(), ProviderRole::Editor);
    let (client, token) = app::api_clients::new_of_sandbox(&old.test.app, "Trial", seat, 30);
    let mut tx = old.test.app.store.write().await.unwrap();
    store::api_clients::insert(&mut tx, &client).await.unwrap();
    tx.commit().await.unwrap();
    let who = [people::PROVIDER, "trial", token.expose()];
    let answer = old.with(In::Body, who, &format!("{LEARNERS}/GetLearnerMatch"), &learner(1)).await.expect(200);
    assert_eq!(answer.header("credence-sandbox"), "true");
    assert!(answer.text().contains("<outcome>no_match</outcome>"), "nobody real is there: {}", answer.text());
}
