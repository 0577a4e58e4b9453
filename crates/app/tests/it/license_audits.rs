//! A board's audits: the draw, decisions by people at once, letters, and what the physician sees.

use app::license_audits::cases::{self, At};
use app::license_audits::letters::Draft;
use app::license_audits::{self, NewAudit, reports, sample};
use domain::access::Seat;
use domain::license_audit::{ActKind, Decision};
use domain::licensee_list::WhichCycle;
use domain::{AuditCaseId, LicenseAuditId};
use jiff::civil::date;
use store::license_audits::cases::Case;
use testkit::people::{self, OTHER_LICENSING_BOARD, actor};
use testkit::records;

use crate::licensee_lists::{Board, rows};

async fn started(board: &Board, size: &str, seed: &str) -> LicenseAuditId {
    let list = board.list(rows(0..40)).await;
    let new = NewAudit {
        name: "Spring".into(),
        list,
        size: size.into(),
        seed: seed.into(),
        as_of: date(2026, 11, 23),
        which: WhichCycle::Current,
    };
    license_audits::start(&board.world.app, &board.actor, "Cal Mendoza", &board.scope, new).await.unwrap()
}

async fn sample_of(board: &Board, audit: LicenseAuditId) -> Vec<Case> {
    let mut tx = board.world.app.store.read().await.unwrap();
    store::license_audits::cases::of_audit(&mut tx, &board.scope, audit).await.unwrap()
}

fn at(board: &Board, case: AuditCaseId, seen: i64) -> At<'_> {
    At { actor: &board.actor, by: "Cal Mendoza", scope: &board.scope, case, seen }
}

#[tokio::test]
async fn a_sample_is_what_anybody_draws_with_its_seed() {
    let board = Board::new().await;
    let first = started(&board, "25%", "spring 2026").await;
    let again = started(&board, "10", "spring 2026").await;
    let other = started(&board, "10", "autumn 2026").await;
    records::work(&board.world.app).await;
    let numbers = |cases: Vec<Case>| cases.into_iter().map(|case| case.license_number).collect::<Vec<_>>();
    let drawn = numbers(sample_of(&board, first).await);
    assert_eq!(drawn.len(), 10);
    assert_eq!(drawn, numbers(sample_of(&board, again).await));
    assert_ne!(drawn, numbers(sample_of(&board, other).await));
    // by the published rule alone
    let mut by_rule: Vec<(String, String)> =
        rows(0..40).into_iter().map(|row| (sample::draw_digest("spring 2026", &row.number), row.number)).collect();
    by_rule.sort();
    let by_rule: Vec<String> = by_rule.into_iter().take(10).map(|(_, number)| number).collect();
    assert_eq!(drawn, by_rule);
    let (audit, table) = reports::draw(&board.world.app, &board.scope, first).await.unwrap();
    assert_eq!((audit.population, audit.sample_size, table.rows.len()), (40, 10, 40));
    // the sample is compared by the job, each licensee once, and sees it
    assert!(sample_of(&board, first).await.iter().all(|case| case.found.is_some()));
    assert_eq!(board.seen("license_audit.draw").await, 30);
}

#[tokio::test]
async fn of_two_who_decide_at_once_the_second_is_told() {
    let board = Board::new().await;
    let audit = started(&board, "3", "s").await;
    records::work(&board.world.app).await;
    let app = &board.world.app;
    let case = sample_of(&board, audit).await.remove(0);
    let deficient = cases::decide(app, at(&board, case.id, 0), Decision::Compliant, "", None);
    let compliant = cases::decide(app, at(&board, case.id, 0), Decision::Deficient, "Short.", Some(date(2027, 1, 31)));
    let (one, other) = tokio::join!(deficient, compliant);
    let stale = |ended: &app::Result<()>| matches!(ended, Err(app::Error::Stale));
    assert!(one.is_ok() ^ other.is_ok(), "{one:?} {other:?}");
    assert!(stale(&one) ^ stale(&other), "{one:?} {other:?}");
    // whoever has seen the first decision may change it
    cases::decide(app, at(&board, case.id, 1), Decision::Deficient, "Short.", Some(date(2027, 1, 31))).await.unwrap();
    let evidence = cases::evidence(app, &board.actor, &board.scope, case.id).await.unwrap();
    assert_eq!(evidence.case.decision, Some(Decision::Deficient));
    assert_eq!(evidence.acts.len(), 2);
    assert_eq!((board.seen("license_audit.decide").await, board.seen("license_audit.read").await), (2, 1));
}

#[tokio::test]
async fn a_decision_says_why_and_by_when() {
    let board = Board::new().await;
    let audit = started(&board, "1", "s").await;
    let case = sample_of(&board, audit).await.remove(0);
    let app = &board.world.app;
    for (decision, reason, due, fields) in [
        (Decision::Deficient, "", Some(date(2027, 1, 1)), vec!["reason"]),
        (Decision::Deficient, "Short.", None, vec!["due_on"]),
        (Decision::NeedsInformation, "", Some(date(2026, 11, 23)), vec!["reason", "due_on"]),
        (Decision::Exempt, "\u{7}", None, vec!["reason"]),
        (Decision::Deficient, "Short.", Some(date(2030, 1, 1)), vec!["due_on"]),
    ] {
        let Err(app::Error::Invalid(faults)) = cases::decide(app, at(&board, case.id, 0), decision, reason, due).await
        else {
            panic!("{decision:?} is refused")
        };
        assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), fields);
    }
    cases::decide(app, at(&board, case.id, 0), Decision::Compliant, "", None).await.unwrap();
}

#[tokio::test]
async fn a_letter_goes_to_the_account_or_to_the_printer_and_the_physician_reads_it() {
    let board = Board::new().await;
    let audit = started(&board, "2", "s").await;
    records::work(&board.world.app).await;
    let app = &board.world.app;
    let sample = sample_of(&board, audit).await;
    let [with, without] = [&sample[0], &sample[1]];
    let physician = people::add(app, "dr@clinic.example", "A Physician", Seat::Physician(with.physician)).await;
    for case in [with, without] {
        let letter = Draft { subject: "Missing".into(), body: "Text".into() };
        let early = cases::send(app, at(&board, case.id, 0), ActKind::Letter, &letter).await;
        assert!(matches!(early, Err(app::Error::Invalid(_))), "a letter tells a decision");
        cases::decide(app, at(&board, case.id, 0), Decision::Deficient, "Short.", Some(date(2027, 1, 31)))
            .await
            .unwrap();
        let (_, draft) = cases::draft(app, "The Board", &board.scope, case.id, ActKind::Letter).await.unwrap();
        assert!(draft.body.contains(&case.license_number) && draft.body.contains("by 01/31/2027"), "{}", draft.body);
        cases::send(app, at(&board, case.id, 1), ActKind::Letter, &draft).await.unwrap();
    }
    let (subject, body) = board.world.test.letter_to("dr@clinic.example").await;
    assert!(subject.contains("credit is missing") && body.contains("/passport/audits"), "{subject}\n{body}");
    let how = |acts: &[store::license_audits::acts::Act]| acts.last().unwrap().sent_by.clone();
    let mut tx = app.store.read().await.unwrap();
    let acts = store::license_audits::acts::of_case(&mut tx, &board.scope, with.id).await.unwrap();
    assert_eq!(how(&acts), "mail");
    let acts = store::license_audits::acts::of_case(&mut tx, &board.scope, without.id).await.unwrap();
    assert_eq!(how(&acts), "print");
    drop(tx);
    let own = cases::own(app, &physician.physician().unwrap()).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].board.as_str(), own[0].letters.len()), ("Medical Board of California", 1));
}

#[tokio::test]
async fn a_deficiency_is_reminded_of_checked_again_and_resolved() {
    let board = Board::new().await;
    let audit = started(&board, "40", "s").await;
    records::work(&board.world.app).await;
    let app = &board.world.app;
    let case = sample_of(&board, audit).await.into_iter().find(|case| case.license_number == "A40007").unwrap();
    let due = Some(date(2027, 1, 31));
    cases::decide(app, at(&board, case.id, 0), Decision::Deficient, "Short.", due).await.unwrap();
    let (_, draft) = cases::draft(app, "The Board", &board.scope, case.id, ActKind::Reminder).await.unwrap();
    cases::send(app, at(&board, case.id, 1), ActKind::Reminder, &draft).await.unwrap();
    board.world.upload(&(records::HEADER.to_owned() + &records::row("Add", 7, "4"))).await;
    cases::recheck(app, at(&board, case.id, 2)).await.unwrap();
    let case = sample_of(&board, audit).await.into_iter().find(|one| one.id == case.id).unwrap();
    assert!(case.found.as_ref().unwrap().missing.is_zero());
    assert!(matches!(cases::resolve(app, at(&board, case.id, 3), " ").await, Err(app::Error::Invalid(_))));
    cases::resolve(app, at(&board, case.id, 3), "Reported since.").await.unwrap();
    assert!(matches!(cases::resolve(app, at(&board, case.id, 4), "Again.").await, Err(app::Error::Invalid(_))));
    cases::note(app, at(&board, case.id, 4), "Thanked by telephone.").await.unwrap();
    let report = reports::report(app, &board.scope, audit).await.unwrap();
    assert_eq!((report.reminders, report.resolved, report.compliance), (1, 1, Some(0)));
    assert!(!reports::workbook(app, "The Board", &report).unwrap().is_empty());
}

#[tokio::test]
async fn a_closed_audit_is_not_changed_any_more() {
    let board = Board::new().await;
    let audit = started(&board, "1", "s").await;
    let app = &board.world.app;
    let case = sample_of(&board, audit).await.remove(0);
    let early = license_audits::close(app, &board.actor, "Cal", &board.scope, audit).await;
    assert!(matches!(early, Err(app::Error::Invalid(faults)) if faults[0].field == "close"));
    cases::decide(app, at(&board, case.id, 0), Decision::Compliant, "", None).await.unwrap();
    license_audits::close(app, &board.actor, "Cal", &board.scope, audit).await.unwrap();
    let again = license_audits::close(app, &board.actor, "Cal", &board.scope, audit).await;
    assert!(matches!(again, Err(app::Error::Stale)));
    let late = cases::note(app, at(&board, case.id, 1), "Late").await;
    assert!(matches!(late, Err(app::Error::Stale)));
}

#[tokio::test]
async fn another_boards_audit_is_as_absent_as_none() {
    let board = Board::new().await;
    let audit = started(&board, "1", "s").await;
    let case = sample_of(&board, audit).await.remove(0);
    let app = &board.world.app;
    let nevada = actor(app, OTHER_LICENSING_BOARD).await;
    let scope = nevada.licensing_board().unwrap();
    let not_found = |ended: app::Result<()>| assert!(matches!(ended, Err(app::Error::NotFound)), "{ended:?}");
    let at = At { actor: &nevada, by: "Neva", scope: &scope, case: case.id, seen: 0 };
    not_found(license_audits::find(app, &scope, audit).await.map(|_| ()));
    not_found(license_audits::close(app, &nevada, "", &scope, audit).await);
    not_found(reports::report(app, &scope, audit).await.map(|_| ()));
    not_found(reports::draw(app, &scope, audit).await.map(|_| ()));
    not_found(cases::evidence(app, &nevada, &scope, case.id).await.map(|_| ()));
    not_found(cases::draft(app, "", &scope, case.id, ActKind::Letter).await.map(|_| ()));
    not_found(cases::decide(app, at, Decision::Compliant, "", None).await);
    not_found(cases::note(app, at, "x").await);
    not_found(cases::recheck(app, at).await);
    not_found(cases::resolve(app, at, "x").await);
}
