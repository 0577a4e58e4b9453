//! The staff's pages about background work, letters and the trail, what everybody reads of the system's health, and
//! metrics for who has the token.

use domain::JobId;
use store::mails::Mail;
use testkit::{TestApp, people, records};
use uuid::Uuid;

async fn failed_job(test: &TestApp) -> JobId {
    let id = JobId::new(Uuid::from_u128(5));
    let now = test.app.clock.now();
    let mut tx = test.app.store.write().await.unwrap();
    store::jobs::enqueue(&mut tx, id, app::uploads::PROCESS_UPLOAD, "no upload <i>", now, now).await.unwrap();
    let job = store::jobs::claim(&mut tx, now, now + 1).await.unwrap().unwrap();
    store::jobs::fail(&mut tx, &job, "the disk <b>is gone</b>", now + 600_000_000).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_failed_job_is_shown_with_its_error_started_again_and_given_up() {
    let test = TestApp::new().await;
    let id = failed_job(&test).await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    let page = staff.get("/admin/jobs").await.expect(200).text();
    assert!(page.contains("Settle an upload") && page.contains("Failed, to be tried again"), "{page}");
    assert!(page.contains("&#60;b&#62;is gone") && !page.contains("<b>is gone"));
    let again = staff.post_form(&format!("/admin/jobs/{id}/start"), &[]).await.expect(303);
    assert_eq!(again.location(), "/admin/jobs?done=start");
    let up = staff.post_form(&format!("/admin/jobs/{id}/give-up"), &[]).await.expect(303);
    assert_eq!(up.location(), "/admin/jobs?done=give-up");
    let up = staff.post_form(&format!("/admin/jobs/{id}/give-up"), &[]).await.expect(303);
    assert_eq!(up.location(), "/admin/jobs?done=stale");
    let page = staff.get("/admin/jobs?show=given-up&kind=process_upload").await.expect(200).text();
    assert!(page.contains("Start again") && !page.contains("id=\"running\""));
    assert!(!app::jobs::run_next(&test.app).await.unwrap(), "what is given up is not taken");
    let nonsense = staff.get("/admin/jobs?show=%00&kind=%27or%201=1").await.expect(200).text();
    assert!(nonsense.contains("Given up"));
    let trail = staff.get("/admin/audit?act=job.").await.expect(200).text();
    assert!(trail.contains("Job started again") && trail.contains("Job given up"));
    assert_eq!(staff.post_form("/admin/jobs/x/start", &[]).await.status, 400);
}

async fn failed_letter(test: &TestApp) -> Uuid {
    let id = Uuid::from_u128(6);
    let mut tx = test.app.store.write().await.unwrap();
    let mail = Mail {
        mail_id: id,
        to_address: "ines@harborview.example".into(),
        subject: "Join Harborview".into(),
        body: "Hello,\nhttp://127.0.0.1/invitation/q7Zb0rN4y-VwEo_1u3H8kPdTfXcMjLs9aGiR2e5WvB6\nCode 402913.\n".into(),
        created_at: test.app.clock.now(),
        ..Mail::default()
    };
    store::mails::insert(&mut tx, &mail).await.unwrap();
    store::mails::mark_failed(&mut tx, id, test.app.clock.now(), "550 no such box").await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_letters_words_are_shown_without_what_opens_anything_and_it_is_sent_again() {
    let test = TestApp::new().await;
    let id = failed_letter(&test).await;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    let list = staff.get("/admin/mails?to=INES&show=failed").await.expect(200).text();
    assert!(list.contains("Join Harborview") && list.contains("550 no such box") && !list.contains("402913"));
    assert!(staff.get("/admin/mails?to=somebody-else").await.text().contains("Nothing found"));
    let page = staff.get(&format!("/admin/mails/{id}")).await.expect(200).text();
    assert!(page.contains("/invitation/[removed]") && page.contains("Code [removed]."), "{page}");
    assert!(!page.contains("q7Zb0rN4y") && !page.contains("402913"));
    staff.post_form(&format!("/admin/mails/{id}/send-again"), &[]).await.expect(303);
    let mut tx = test.app.store.read().await.unwrap();
    assert!(store::mails::list_waiting(&mut tx, 9).await.unwrap().iter().any(|mail| mail.mail_id == id));
    drop(tx);
    let again = staff.post_form(&format!("/admin/mails/{id}/send-again"), &[]).await.expect(303);
    assert!(again.location().ends_with("?done=stale"));
    let trail = staff.get("/admin/audit?act=mail.").await.expect(200).text();
    assert!(trail.contains("Letter read, without its secrets") && trail.contains("Letter sent again"));
    assert_eq!(staff.get(&format!("/admin/mails/{}", Uuid::from_u128(1))).await.status, 404);
}

#[tokio::test]
async fn a_search_of_the_trail_is_in_the_trail_and_the_physician_reads_that_it_was_about_them() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let physician = records::physician(3).id;
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    staff.get(&format!("/admin/physicians/{physician}")).await.expect(200);
    let found = staff.get(&format!("/admin/audit?physician={physician}&who=ada")).await.expect(200).text();
    assert!(found.contains("Record opened") && found.contains(people::ACCREDITOR), "{found}");
    assert!(!found.contains(&records::physician(3).last), "the trail names no physician");
    let searched = staff.get("/admin/audit?act=audit.").await.expect(200).text();
    assert!(searched.contains("This trail searched") && searched.contains("who “ada”"), "{searched}");
    assert!(staff.get("/admin/audit?place=0001234&act=session.").await.expect(200).text().contains("Nothing found"));
    let refused = staff.get("/admin/audit?physician=somebody").await.expect(422).text();
    assert!(refused.contains("Enter the record ID of a physician") && refused.contains("value=\"somebody\""));
    assert!(staff.get("/admin/audit?from=yesterday").await.expect(422).text().contains("Write a day"));
    let file = staff.get("/admin/audit/download?act=physician.&from=").await.expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.text().contains("physician.read") && !file.text().contains("session.start"));
    let seat = domain::access::Seat::Physician(physician);
    people::add(&test.app, "own@physician.example", "Own Er", seat).await;
    let mut own = test.sign_in("own@physician.example").await;
    assert!(own.get("/passport/access").await.text().contains("Searched the trail of who looked at your record"));
}

#[tokio::test]
async fn everybody_reads_whether_things_work_and_nothing_more() {
    let test = TestApp::new().await;
    let page = test.anonymous().get("/status").await.expect(200).text();
    assert!(page.contains("Everything works"));
    let told = test.anonymous().get("/status.json").await.expect(200).json();
    assert_eq!(told["status"], "ok");
    for secret in ["SQLite", "PostgreSQL", env!("CARGO_PKG_VERSION"), "leaves"] {
        assert!(!page.contains(secret), "{secret}");
    }
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    let health = staff.get("/admin/health").await.expect(200).text();
    for word in ["Database", "Free space", "Index of physicians", "Letters", "Nothing can be changed"] {
        let is_there = health.contains(word);
        assert_eq!(is_there, word != "Nothing can be changed", "{word}");
    }
}

#[tokio::test]
async fn metrics_are_for_who_has_the_token_and_name_no_person() {
    let test = TestApp::with(|config| config.metrics_token = "a-token-of-thirty-signs-at-least".into()).await;
    records::fill(&test.app).await;
    let physician = records::physician(3);
    let mut staff = test.sign_in(people::ACCREDITOR).await;
    staff.get(&format!("/admin/physicians/{}", physician.id)).await.expect(200);
    failed_job(&test).await;
    assert_eq!(test.anonymous().get("/metrics").await.status, 401);
    assert_eq!(test.bearer("another").get("/metrics").await.status, 401);
    assert_eq!(staff.get("/metrics").await.status, 401, "a session is no token");
    let answer = test.bearer("a-token-of-thirty-signs-at-least").get("/metrics").await.expect(200);
    let text = answer.text();
    for line in [
        "credence_http_requests_total{method=\"GET\",route=\"/admin/physicians/{physician}\",status=\"200\"} 1",
        "credence_http_request_duration_seconds_count{method=\"GET\",route=\"/admin/physicians/{physician}\"} 1",
        "credence_jobs{kind=\"process_upload\",standing=\"retrying\"} 1",
        "credence_read_only 0",
        "credence_mails_waiting 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(&physician.id.to_string()) && !text.contains(&physician.last));
    let closed = TestApp::new().await;
    assert_eq!(closed.bearer("").get("/metrics").await.status, 404, "without a token there is no such address");
}
