//! Learners checked before any credit exists: by web service and on the page.

use domain::access::{ProviderRole, Seat};
use serde_json::{Value, json};
use testkit::{Answer, Part, TestApp, Visitor, people, records};

const SERVICE: &str = "/api/pars/v1/learner-match";

async fn registry() -> TestApp {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    test
}

async fn program(test: &TestApp) -> Visitor {
    let seat = Seat::Provider(people::provider_id(), ProviderRole::LearnerData);
    test.bearer(people::token(&test.app, "Learning system", seat).await.expose())
}

/// One record: names, birth date, identifiers as domain and value.
fn record(first: &str, last: &str, birth: &str, ids: &[(&str, &str)]) -> Value {
    let ids: Vec<Value> = ids.iter().map(|(domain, value)| json!({ "domain": domain, "value": value })).collect();
    json!({ "Member": {
        "Name": { "GivenName": first, "FamilyName": last }, "PersonalInfo": { "BirthDate": birth }, "UniqueID": ids,
    } })
}

fn of(n: usize, ids: &[(&str, &str)]) -> Value {
    let person = records::physician(n);
    record(&person.first, &person.last, &format!("--{}", person.birth.unwrap().to_string().replace('/', "-")), ids)
}

fn license(n: usize) -> String {
    records::physician(n).licenses[0].number.clone()
}

fn document(records: &[Value]) -> Value {
    json!({ "ACCMELearnerReports": { "ActivityReports": { "ActivityReport": records } } })
}

fn matches(answer: &Answer) -> Vec<Value> {
    answer.json()["LearnerMatches"].as_array().expect("answers").clone()
}

fn words<'a>(matches: &'a [Value], member: &str) -> Vec<&'a str> {
    matches.iter().map(|one| one[member].as_str().unwrap_or("?")).collect()
}

#[tokio::test]
async fn each_learner_is_answered_in_order_and_alike_in_shape() {
    let test = registry().await;
    let mut program = program(&test).await;
    let of_another = license(63); // no digit-slip of the one whose name is given
    let body = document(&[
        of(1, &[("CA", &license(1))]),
        of(2, &[("CA", "")]),
        record("Nobody", "Atall", "--01-02", &[("CA", "")]),
        of(7, &[("CA", &of_another)]),
        record("", "Ashdown", "someday", &[]),
        of(3, &[("ABIM", &records::physician(3).certifications[0].diplomate_id)]),
    ]);
    let answer = program.post_json(SERVICE, &body).await.expect(200);
    let told = matches(&answer);
    assert_eq!(words(&told, "outcome"), ["matched", "matched", "no_match", "conflict", "not_checked", "matched"]);
    assert_eq!(told[0]["reason"], json!(["identifier_agrees"]));
    assert_eq!(told[1]["reason"], json!(["name_and_birth_agree"]));
    assert_eq!(told[2]["reason"], json!(["identity_not_found"]));
    assert_eq!(told[3]["reason"], json!(["identity_conflict"]));
    assert_eq!(told[4]["reason"][0], "first_name_missing");
    let shape = |one: &Value| one.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(told.iter().all(|one| shape(one) == shape(&told[0])), "{told:#?}");
    assert_eq!(told.iter().map(|one| one["number"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    // nothing of the registry: not the license of the one whose name was given, nor whose the other one is
    let text = answer.text();
    for secret in [&license(7), &license(2), &records::physician(63).last, &records::physician(7).id.to_string()] {
        assert!(!text.contains(secret.as_str()), "{secret}: {text}");
    }
    // asked again, the same answers
    assert_eq!(program.post_json(SERVICE, &body).await.expect(200).text(), text);
}

#[tokio::test]
async fn xml_says_the_same() {
    let test = registry().await;
    let mut program = program(&test).await;
    let person = records::physician(4);
    let xml = |birth: &str| {
        format!(
            "<ACCMELearnerReports><ActivityReports><ActivityReport><Member><Name><GivenName>{}</GivenName><FamilyName>{}\
             </FamilyName></Name><PersonalInfo><BirthDate>{birth}</BirthDate></PersonalInfo>\
             <UniqueID domain=\"CA\">{}</UniqueID></Member></ActivityReport></ActivityReports></ACCMELearnerReports>",
            person.first,
            person.last,
            license(4)
        )
    };
    let birth = format!("1961-{}", person.birth.unwrap().to_string().replace('/', "-"));
    program.set_header("content-type", "application/xml");
    let post = |body: String| axum::http::Request::post(SERVICE).body(axum::body::Body::from(body)).expect("a request");
    let answer = program.send(post(xml(&birth))).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    assert_eq!(
        answer.text(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LearnerMatches>\n<LearnerMatch><number>1</number><outcome>matched\
         </outcome><reason>identifier_agrees</reason><message>One physician, by an ID that was given.</message><remedy>\
         </remedy></LearnerMatch>\n</LearnerMatches>\n"
    );
    program.set_header("accept", "application/json");
    let answer = program.send(post(xml(&birth))).await.expect(200);
    assert_eq!(words(&matches(&answer), "outcome"), ["matched"]);
    program.set_header("accept", "image/png");
    program.send(post(xml(&birth))).await.expect(406);
    program.set_header("content-type", "text/plain");
    program.send(post(xml(&birth))).await.expect(415);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_place_and_a_thousand_are_the_most() {
    let test = registry().await;
    let mut program = program(&test).await;
    let many = |n: usize| document(&(0..n).map(|one| of(one % 100, &[("CA", "")])).collect::<Vec<_>>());
    assert_eq!(matches(&program.post_json(SERVICE, &many(1_000)).await.expect(200)).len(), 1_000);
    let refused = program.post_json(SERVICE, &many(1_001)).await.expect(422).json();
    assert_eq!(refused["problems"][0]["code"], "file_too_large");
    assert_eq!(program.post_json(SERVICE, &document(&[])).await.expect(422).json()["problems"][0]["code"], "no_rows");
    program.set_header("content-type", "application/json");
    for (body, code) in
        [("", "file_empty"), ("{\"ActivityReport\": [", "document_truncated"), ("[1 2]", "document_malformed")]
    {
        let request = axum::http::Request::post(SERVICE).body(axum::body::Body::from(body)).expect("a request");
        let answer = program.send(request).await.expect(422);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["problems"][0]["code"], code, "{}", answer.text());
    }
}

#[tokio::test]
async fn beyond_the_limits_one_learner_is_held_back_and_a_day_that_is_used_up_says_when() {
    let test = TestApp::with(|config| config.validations_per_day = 40).await;
    records::fill(&test.app).await;
    let mut program = program(&test).await;
    let person = records::physician(9);
    let guess = |day: u8| record(&person.first, &person.last, &format!("--11-{day:02}"), &[("CA", "")]);
    let guesses: Vec<Value> = (1..=21).map(guess).chain([of(10, &[("CA", &license(10))])]).collect();
    let told = matches(&program.post_json(SERVICE, &document(&guesses)).await.expect(200));
    assert_eq!(told[20]["reason"], json!(["too_many_tries"]));
    assert_eq!((told[20]["outcome"].as_str(), told[21]["outcome"].as_str()), (Some("not_checked"), Some("matched")));
    assert!(words(&told[..20], "outcome").iter().all(|outcome| !["matched", "not_checked"].contains(outcome)));
    let answer = program.post_json(SERVICE, &document(&guesses)).await.expect(429);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 1);

    let sql = "select action || ' ' || detail from audit where action = 'identity.check'";
    let audit = testkit::database::texts(&test.address, sql).await;
    assert_eq!(audit, ["identity.check 22 asked, 1 matched, 1 held back"]);
    let stored = testkit::database::texts(&test.address, "select cast(count(*) as text) from identity_try").await;
    assert_eq!(stored, ["40"], "each guess at a name and at whoever was likeliest meant");
}

#[tokio::test]
async fn the_page_takes_what_is_pasted_and_gives_it_back_with_answers() {
    let test = registry().await;
    let mut staff = test.sign_in(people::LEARNER_DATA).await;
    let form = staff.get("/provider/validate").await.expect(200).text();
    assert!(form.contains("name=\"pasted\"") && form.contains("type=\"file\""), "{form}");
    let person = records::physician(5);
    let pasted = format!(
        "{}\t{}\t{}\tCA\t{}\n=Nobody\tAtall\t01/02\tCA\t\nQuentin\tAtall\t01/02\tCA\t\n<b>\tAtall\t\tCA\t\n",
        person.first,
        person.last,
        person.birth.unwrap(),
        license(5)
    );
    let page = staff.post_multipart("/provider/validate", &[Part::Text("pasted", &pasted)]).await.expect(200).text();
    for words in ["1 of 4", "Matched", "No match", "Not checked", "First Name", "&#60;b&#62;"] {
        assert!(page.contains(words), "{words}: {}", page.split("<main").nth(1).unwrap_or_default());
    }
    assert!(!page.contains("Atall, <b>"), "{page}");
    // nothing is kept here, so the page itself carries what the download is made of
    let table = page.split("name=\"table\"").nth(1).and_then(|rest| rest.split('>').nth(1)).expect("the table");
    let table = table.split("</textarea").next().unwrap().replace("&#60;", "<").replace("&#62;", ">");
    let csv = staff
        .post_multipart("/provider/validate/download", &[Part::Text("table", &table), Part::Text("format", "csv")])
        .await
        .expect(200);
    assert!(csv.header("content-disposition").contains("learners-checked.csv"));
    let csv = csv.text();
    assert!(csv.lines().count() == 5 && csv.contains("no_match") && csv.contains("'=Nobody"), "{csv}");
    let xlsx = staff
        .post_multipart("/provider/validate/download", &[Part::Text("table", &table), Part::Text("format", "xlsx")])
        .await
        .expect(200);
    assert!(xlsx.body.starts_with(b"PK"));
}

#[tokio::test]
async fn the_page_takes_any_learner_file_and_says_what_is_wrong_with_one() {
    let test = registry().await;
    let mut staff = test.sign_in(people::OWNER).await;
    let tsv = records::file(0..30);
    let json = document(&[of(1, &[("CA", &license(1))]), of(2, &[("CA", "A999")])]).to_string();
    for (name, bytes, words) in
        [("learners.tsv", tsv.as_bytes(), "30 of 30"), ("learners.json", json.as_bytes(), "of 2")]
    {
        let parts = [Part::Text("pasted", ""), Part::File("file", name, bytes)];
        let page = staff.post_multipart("/provider/validate", &parts).await.expect(200).text();
        assert!(page.contains(words), "{name}: {page}");
    }
    let uploads = std::fs::read_dir(test.app.config.uploads()).map(|all| all.count()).unwrap_or_default();
    assert_eq!(uploads, 0, "no file is kept");
    let many = records::HEADER.to_owned() + &records::row("Add", 1, "2").repeat(5_001);
    for (parts, words) in [
        (vec![], "Paste your learners, or choose a file"),
        (vec![Part::File("file", "a.txt", b"First Name\tLast Name\tDate of Birth\nA\tB\t01/02\n")], "Licensing"),
        (vec![Part::File("file", "a.tsv", many.as_bytes())], "5,000 learners"),
        (vec![Part::Text("pasted", "First Name\tLast Name\tDate of Birth\nA\tB\t01/02\n")], "Licensing"),
    ] {
        let page = staff.post_multipart("/provider/validate", &parts).await.expect(422).text();
        assert!(page.contains(words), "{words}: {page}");
    }
}
