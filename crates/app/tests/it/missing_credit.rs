//! Credit that a physician misses, from the question to the answer: what is known at once, the clock, and who may act.

use app::missing_credit::{self, Asked, Standing};
use app::reports::{self, Correction};
use app::{Error, evidence};
use domain::access::{Actor, PhysicianScope, Seat};
use domain::missing_credit::{CaseState, Finding, Step};
use domain::{Amount, CompletionId, MissingCreditId, PhysicianId};
use jiff::SignedDuration;
use jiff::civil::date;
use store::missing_credit::Case;
use store::physicians::Physician;
use testkit::people::{self, ACCREDITOR, OTHER_OWNER, OWNER, VIEWER, actor};
use testkit::records::{self, ACTIVITY, HEADER, OTHER_ACTIVITY, physician, row, row_with_points};

use crate::world::World;

const ALMA: &str = "alma@physician.example";

/// The provider's world, and the first physician with an account.
struct Missing {
    world: World,
    alma: Actor,
}

impl Missing {
    async fn new() -> Self {
        let world = World::new().await;
        let alma = people::add(&world.app, ALMA, "Alma Ashdown", Seat::Physician(physician(0).id)).await;
        Self { world, alma }
    }

    fn scope(&self) -> PhysicianScope {
        self.alma.physician().unwrap()
    }

    async fn open(&self, asked: &Asked) -> app::Result<Case> {
        let opening = missing_credit::open(&self.world.app, &self.alma, &self.scope(), asked, None).await?;
        self.world.settle_events().await;
        Ok(self.case(opening.id).await)
    }

    async fn case(&self, id: MissingCreditId) -> Case {
        missing_credit::of_physician(&self.world.app, &self.scope(), id).await.unwrap().case
    }

    async fn steps(&self, id: MissingCreditId) -> Vec<Step> {
        let seen = missing_credit::of_physician(&self.world.app, &self.scope(), id).await.unwrap();
        seen.steps.into_iter().map(|step| step.step).collect()
    }

    async fn look(&self) -> Vec<Finding> {
        let provider = people::provider_id();
        let activity = Some(records::activity_id());
        missing_credit::look(&self.world.app, &self.scope(), provider, activity, date(2026, 11, 2)).await.unwrap()
    }

    async fn send(&self, row: &str) {
        self.world.upload(&format!("{HEADER}{row}")).await;
        self.world.settle_events().await;
    }

    fn advance_days(&self, days: i64) {
        self.world.app.clock.advance(SignedDuration::from_hours(24 * days));
    }

    async fn letters(&self, like: &str) -> Vec<String> {
        let sql = format!("select to_address from mail where subject like '{like}%' order by to_address");
        testkit::database::texts(&self.world.test.address, &sql).await
    }
}

impl World {
    async fn settle_events(&self) {
        while app::consequences::round(&self.app).await.unwrap() {}
    }
}

/// What a physician fills in for the activity of the tests.
fn asked() -> Asked {
    Asked {
        activity: ACTIVITY.into(),
        completed: "2026-11-02".into(),
        amount: "2".into(),
        note: "I have the certificate.".into(),
        identifier: "license-0".into(),
        consent: "yes".into(),
        ..Asked::default()
    }
}

fn fields(result: app::Result<Case>) -> Vec<&'static str> {
    match result {
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("{other:?}"),
    }
}

fn kinds(findings: &[Finding]) -> Vec<String> {
    let name = |finding: &Finding| serde_json::to_value(finding).unwrap()["finding"].as_str().unwrap().to_owned();
    findings.iter().map(name).collect()
}

#[tokio::test]
async fn what_is_known_is_said_at_once() {
    let missing = Missing::new().await;
    assert_eq!(missing.look().await, [Finding::NotReported]);
    missing.send(&row_with_points(0, "2", "2")).await;
    assert_eq!(kinds(&missing.look().await), ["on_record", "pending"]);
    assert_eq!(fields(missing.open(&asked()).await), ["amount"], "nothing is missing");
    // more than is on record may be asked for
    let more = missing.open(&Asked { amount: "3".into(), ..asked() }).await.unwrap();
    assert_eq!((more.state, kinds(&more.known)), (CaseState::Open, vec!["on_record".into(), "pending".into()]));

    let board = actor(&missing.world.app, people::CERTIFYING_BOARD).await;
    let sql = "select cast(credit_id as text) from credit where kind = 'ABIM'";
    let sql = if missing.world.test.address.starts_with("sqlite") {
        "select lower(hex(credit_id)) from credit where kind = 'ABIM'"
    } else {
        sql
    };
    let credit = testkit::database::texts(&missing.world.test.address, sql).await.remove(0).parse().unwrap();
    let decision = app::decisions::Decision {
        credit,
        status: domain::credit::CreditStatus::Rejected,
        reason: "Name and diplomate ID do not agree".into(),
    };
    app::decisions::decide_many(&missing.world.app, &board, &[decision]).await.unwrap();
    let known = missing.look().await;
    assert_eq!(kinds(&known), ["on_record", "rejected"]);
    assert!(known[1].words().contains("Name and diplomate ID do not agree"), "{}", known[1].words());
}

#[tokio::test]
async fn a_refused_row_is_told_only_where_it_clearly_means_the_physician() {
    let missing = Missing::new().await;
    let why = |findings: &[Finding]| match findings.first() {
        Some(Finding::Refused { why, .. }) => why.clone(),
        other => panic!("{other:?}"),
    };
    // the license and the last name are theirs, the birthday is not
    let birth = physician(0).birth.unwrap().to_string();
    let wrong_birth = row("Add", 0, "2").replace("Alma", "Almaa").replace(&birth, "12/27");
    missing.send(&wrong_birth).await;
    let known = missing.look().await;
    assert_eq!(why(&known), ["the first name did not agree", "the month and day of birth did not agree"]);
    assert!(!known[0].words().contains("12/27"), "{}", known[0].words());
    // a faulty amount of the right person
    let missing = Missing::new().await;
    missing.send(&row("Add", 0, "200")).await;
    assert_eq!(why(&missing.look().await), ["it was more credit than the activity gives"]);
    // somebody of the same last name and another license
    let missing = Missing::new().await;
    let other = row("Add", 0, "2").replace("Alma", "Alonzo").replace(&birth, "12/27").replace("A40000", "A49999");
    missing.send(&other).await;
    assert_eq!(missing.look().await, [Finding::NotReported]);
    // a relative, whose row holds the physician's license by a slip
    let relative = row("Add", 0, "2").replace("Alma", "Bertram").replace(&birth, "12/27");
    missing.send(&relative).await;
    assert_eq!(missing.look().await, [Finding::NotReported]);
    // another provider's rows are not looked at
    let missing = Missing::new().await;
    let other = actor(&missing.world.app, OTHER_OWNER).await;
    let file = format!("{HEADER}{}", wrong_birth.replace(ACTIVITY, OTHER_ACTIVITY));
    let bytes = futures::stream::iter([Ok::<_, std::io::Error>(file.into_bytes())]);
    let staged = app::uploads::stage(&missing.world.app, bytes).await.unwrap();
    app::uploads::receive(&missing.world.app, &other, "Wanda Sorel", "x.txt", staged).await.unwrap();
    records::work(&missing.world.app).await;
    assert_eq!(missing.look().await, [Finding::NotReported]);
}

#[tokio::test]
async fn a_case_answers_itself_when_the_credit_lands_however_it_comes() {
    let missing = Missing::new().await;
    let case = missing.open(&asked()).await.unwrap();
    assert_eq!(case.shown.last, physician(0).last);
    assert_eq!(missing.letters("A physician misses credit").await, [people::LEARNER_DATA, OWNER]);
    assert_eq!(missing.letters("Your case about missing credit").await, [ALMA]);
    // another's credit, and another day's, answer nothing
    missing.send(&row("Add", 1, "2")).await;
    missing.send(&row("Add", 0, "2").replace("11/02/2026", "11/03/2026")).await;
    assert_eq!(missing.case(case.id).await.state, CaseState::Open);
    missing.send(&row("Add", 0, "2")).await;
    let answered = missing.case(case.id).await;
    assert_eq!((answered.state, answered.next_at), (CaseState::Answered, None));
    assert!(answered.completion.is_some());
    assert_eq!(missing.letters("Your missing credit is on record").await, [ALMA]);
    assert_eq!(missing.steps(case.id).await, [Step::Opened, Step::Answered]);
    missing.world.assert_sound().await;
}

#[tokio::test]
async fn letters_name_neither_the_physician_nor_what_was_written() {
    let missing = Missing::new().await;
    let described = Asked {
        activity: String::new(),
        title: "Grand rounds about <b>gout</b>, secretly".into(),
        provider: people::PROVIDER.into(),
        ..asked()
    };
    let case = missing.open(&described).await.unwrap();
    let app = &missing.world.app;
    missing_credit::ask(app, &missing.world.actor, "Marisol Okafor", case.id, 1, "Which <i>room</i>?").await.unwrap();
    missing_credit::reply(app, &missing.alma, &missing.scope(), case.id, 2, "Room 4, with Dr. Greyling").await.unwrap();
    let all = testkit::database::texts(&missing.world.test.address, "select body from mail").await.join("\n");
    for secret in ["Ashdown,", "A40000", "certificate", "gout", "Room 4", "room", "Greyling"] {
        let told = all.lines().filter(|line| !line.starts_with("Hello ")).any(|line| line.contains(secret));
        assert!(!told, "{secret} in {all}");
    }
    assert_eq!(missing.steps(case.id).await, [Step::Opened, Step::Asked, Step::Replied]);
}

#[tokio::test]
async fn the_clock_reminds_once_and_passes_on_once() {
    let missing = Missing::new().await;
    let case = missing.open(&asked()).await.unwrap();
    assert_eq!(missing.world.app.clock.day_of(case.due_at - 1).unwrap(), date(2026, 12, 23));
    missing.advance_days(22);
    missing.world.settle_events().await;
    assert_eq!(missing.steps(case.id).await, [Step::Opened]);
    missing.advance_days(1);
    for _ in 0..3 {
        missing.world.settle_events().await;
    }
    assert_eq!(missing.steps(case.id).await, [Step::Opened, Step::Reminded]);
    assert_eq!(missing.letters("Seven days left").await.len(), 3, "both of the team, and the physician");
    missing.advance_days(8);
    // two workers at once: the second finds it done
    let (one, two) =
        tokio::join!(missing_credit::tick_due(&missing.world.app), missing_credit::tick_due(&missing.world.app));
    one.unwrap();
    two.unwrap();
    missing.world.settle_events().await;
    let overdue = missing.case(case.id).await;
    assert!(overdue.overdue_at.is_some() && overdue.next_at.is_none() && overdue.state == CaseState::Open);
    assert_eq!(missing.steps(case.id).await, [Step::Opened, Step::Reminded, Step::Overdue]);
    assert_eq!(missing.letters("Overdue").await.len(), 3);
    // late is better than never
    missing.send(&row("Add", 0, "2")).await;
    assert_eq!(missing.case(case.id).await.state, CaseState::Answered);
}

#[tokio::test]
async fn the_setting_of_the_day_decides_how_long_a_provider_has() {
    let missing = Missing::new().await;
    missing
        .world
        .tamper("update reference_entry set value = '5' where list = 'settings' and code = 'missing_credit_days'")
        .await;
    missing.world.tamper("update counter set value = value + 1 where name = 'reference'").await;
    missing.world.app.reference.refresh(&missing.world.app.store).await.unwrap();
    let case = missing.open(&asked()).await.unwrap();
    assert_eq!(missing.world.app.clock.day_of(case.due_at - 1).unwrap(), date(2026, 11, 28));
    assert_eq!(case.next_at, Some(case.due_at), "too short for a reminder");
}

#[tokio::test]
async fn the_same_is_open_once_and_again_after_it_ended() {
    let missing = Missing::new().await;
    let case = missing.open(&asked()).await.unwrap();
    assert_eq!(fields(missing.open(&asked()).await), ["completed"]);
    missing.open(&Asked { completed: "2026-11-03".into(), ..asked() }).await.unwrap();
    missing_credit::withdraw(&missing.world.app, &missing.alma, &missing.scope(), case.id, case.version).await.unwrap();
    missing.open(&asked()).await.unwrap();
    assert_eq!(missing.letters("A case about missing credit is withdrawn").await.len(), 2);
}

#[tokio::test]
async fn two_who_answer_at_once_do_not_both_answer() {
    let missing = Missing::new().await;
    let case = missing.open(&asked()).await.unwrap();
    let app = &missing.world.app;
    let decline = || {
        let reason = ("not_attended", "You are on no list of ours.");
        missing_credit::decline(app, &missing.world.actor, "Marisol Okafor", case.id, case.version, reason)
    };
    let (one, two) = tokio::join!(decline(), decline());
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|done| **done).count(), 1, "{one:?} {two:?}");
    assert!(matches!([one, two].into_iter().find(Result::is_err), Some(Err(Error::Stale))));
    let declined = missing.case(case.id).await;
    assert_eq!(
        (declined.state, declined.reason.as_str()),
        (CaseState::Declined, "We have no record that you took part")
    );
    assert_eq!(missing.letters("An answer about your missing credit").await, [ALMA]);
    let late = missing_credit::reply(app, &missing.alma, &missing.scope(), case.id, declined.version, "But").await;
    assert!(matches!(late, Err(Error::Stale)));
}

#[tokio::test]
async fn only_the_parties_reach_a_case_and_only_in_their_role() {
    let missing = Missing::new().await;
    let app = &missing.world.app;
    let case = missing.open(&asked()).await.unwrap();
    let seat = Seat::Physician(physician(1).id);
    let bruno = people::add(app, "bruno@physician.example", "Bruno Birchwood", seat).await;
    let his = bruno.physician().unwrap();
    assert!(matches!(missing_credit::of_physician(app, &his, case.id).await, Err(Error::NotFound)));
    assert!(matches!(missing_credit::withdraw(app, &bruno, &his, case.id, 1).await, Err(Error::NotFound)));
    let other = actor(app, OTHER_OWNER).await;
    let scope = other.provider(domain::access::ProviderRole::Viewer).unwrap();
    assert!(matches!(missing_credit::of_provider(app, &other, &scope, case.id).await, Err(Error::NotFound)));
    assert!(matches!(missing_credit::ask(app, &other, "Wanda", case.id, 1, "Who?").await, Err(Error::NotFound)));
    let viewer = actor(app, VIEWER).await;
    let declined = missing_credit::decline(app, &viewer, "Theo", case.id, 1, ("other", "No.")).await;
    assert!(matches!(declined, Err(Error::Forbidden(_))));
    // who reads it stands in the physician's own log
    let scope = viewer.provider(domain::access::ProviderRole::Viewer).unwrap();
    missing_credit::of_provider(app, &viewer, &scope, case.id).await.unwrap();
    let staff = actor(app, ACCREDITOR).await;
    missing_credit::of_any(app, &staff, &staff.staff().unwrap(), case.id).await.unwrap();
    let sql = "select action || ' ' || seat_kind from audit where action like 'missing_credit.%' order by at, audit_id";
    let told = testkit::database::texts(&missing.world.test.address, sql).await;
    assert!(told.contains(&"missing_credit.read provider".to_owned()), "{told:?}");
    assert!(told.contains(&"missing_credit.read accreditor".to_owned()), "{told:?}");
}

#[tokio::test]
async fn a_provider_names_the_report_that_answers_and_only_of_this_physician() {
    let missing = Missing::new().await;
    let app = &missing.world.app;
    let described = Asked {
        activity: String::new(),
        title: "Care of hearts, in Oakland".into(),
        provider: people::PROVIDER.into(),
        ..asked()
    };
    let case = missing.open(&described).await.unwrap();
    missing.send(&row("Add", 1, "2")).await;
    missing.send(&row("Add", 0, "2").replace("11/02/2026", "11/03/2026")).await;
    assert_eq!(missing.case(case.id).await.state, CaseState::Open);
    let seen = missing_credit::of_provider(app, &missing.world.actor, &missing.world.scope(), case.id).await.unwrap();
    assert_eq!(seen.candidates.len(), 1, "only this physician's");
    let others = completion_of(&missing, physician(1).id).await;
    let answer = |completion| missing_credit::answer(app, &missing.world.actor, "Marisol Okafor", case.id, completion);
    assert!(matches!(answer(others).await, Err(Error::Invalid(_))));
    answer(seen.candidates[0].completion).await.unwrap();
    answer(seen.candidates[0].completion).await.unwrap();
    assert_eq!(missing.steps(case.id).await, [Step::Opened, Step::Answered]);
    assert!(matches!(answer(others).await, Err(Error::Stale)));
}

async fn completion_of(missing: &Missing, physician: PhysicianId) -> CompletionId {
    let staff = actor(&missing.world.app, ACCREDITOR).await;
    let mut tx = missing.world.app.store.read().await.unwrap();
    let record = store::transcripts::Record::of(&staff.staff().unwrap(), physician);
    store::transcripts::completions(&mut tx, &record).await.unwrap()[0].id
}

#[tokio::test]
async fn an_answered_case_says_when_the_credit_is_corrected_and_when_it_is_deleted() {
    let missing = Missing::new().await;
    let app = &missing.world.app;
    let case = missing.open(&asked()).await.unwrap();
    missing.send(&row("Add", 0, "2")).await;
    let standing = async || missing_credit::of_physician(app, &missing.scope(), case.id).await.unwrap().credit;
    assert!(matches!(standing().await, Standing::Counts(reported) if reported.amount == Amount::new(200)));
    let completion = missing.case(case.id).await.completion.unwrap();
    let mut tx = app.store.read().await.unwrap();
    let learner = store::learners::find(&mut tx, &missing.world.scope(), completion).await.unwrap().unwrap();
    drop(tx);
    let person = physician(0);
    let report = vec![
        (domain::Field::RecordAction, "Add".to_owned()),
        (domain::Field::ActivityId, ACTIVITY.to_owned()),
        (domain::Field::CompletionDate, "11/02/2026".to_owned()),
        (domain::Field::FirstName, person.first.clone()),
        (domain::Field::LastName, person.last.clone()),
        (domain::Field::Birth, person.birth.unwrap().to_string()),
        (domain::Field::State, "CA".to_owned()),
        (domain::Field::Identifier, person.licenses[0].number.clone()),
        (domain::Field::CmeCredits, "1.5".to_owned()),
    ];
    let seen = learner.live().map(|credit| credit.id).collect();
    let correction = Correction { completion, seen, reports: vec![report] };
    let corrected = reports::correct(app, &missing.world.actor, "Ida Ward", &correction).await.unwrap();
    assert!(matches!(corrected, reports::Replaced::Done(_)), "{corrected:?}");
    missing.world.settle_events().await;
    assert!(matches!(standing().await, Standing::Counts(reported) if reported.amount == Amount::new(150)));
    missing.send(&row("Delete", 0, "1.5")).await;
    assert_eq!(standing().await, Standing::Deleted);
    // and it may be asked for anew
    missing.open(&asked()).await.unwrap();
}

#[tokio::test]
async fn a_provider_that_loses_its_standing_passes_its_cases_on_at_once() {
    let missing = Missing::new().await;
    let case = missing.open(&asked()).await.unwrap();
    missing
        .world
        .tamper(&format!("update provider set standing = 'lapsed' where provider_id = '{}'", people::PROVIDER))
        .await;
    missing.world.settle_events().await;
    assert_eq!(missing.steps(case.id).await, [Step::Opened, Step::Overdue]);
    // and a new one goes to the accreditor from the first
    let second = missing.open(&Asked { completed: "2026-11-04".into(), ..asked() }).await.unwrap();
    assert!(second.overdue_at.is_some() && second.next_at.is_none());
    assert_eq!(kinds(&second.known), ["not_reported", "not_in_good_standing"]);
    let staff = actor(&missing.world.app, ACCREDITOR).await;
    let scope = staff.staff().unwrap();
    let app = &missing.world.app;
    let urge = |version| missing_credit::urge(app, &staff, (&scope, "Ada Crane"), case.id, version, "");
    let version = missing.case(case.id).await.version;
    urge(version).await.unwrap();
    assert!(matches!(urge(version).await, Err(Error::Stale)));
    assert!(matches!(urge(version + 1).await, Err(Error::TooMany { .. })));
    let close = missing_credit::close(app, &staff, (&scope, "Ada Crane"), case.id, version + 1, "Lapsed.").await;
    close.unwrap();
    assert_eq!(missing.case(case.id).await.state, CaseState::Closed);
    assert_eq!(missing.letters("Your case about missing credit is closed").await, [ALMA]);
}

#[tokio::test]
async fn a_case_follows_its_physician_into_the_record_that_stands() {
    let missing = Missing::new().await;
    let case = missing.open(&asked()).await.unwrap();
    // the record is merged into another, which a second account holds
    let into = physician(1).id;
    let hex = |id: PhysicianId| id.as_uuid().simple().to_string();
    let sql = if missing.world.test.address.starts_with("sqlite") {
        format!("update physician set merged_into = x'{}' where physician_id = x'{}'", hex(into), hex(physician(0).id))
    } else {
        format!("update physician set merged_into = '{into}' where physician_id = '{}'", physician(0).id)
    };
    missing.world.tamper(&sql).await;
    let bruno = people::add(&missing.world.app, "bruno@physician.example", "Bruno", Seat::Physician(into)).await;
    let his = bruno.physician().unwrap();
    let seen = missing_credit::of_physician(&missing.world.app, &his, case.id).await.unwrap();
    assert_eq!(seen.case.state, CaseState::Open);
    // the same cannot be opened beside it
    let again = missing_credit::open(&missing.world.app, &bruno, &his, &asked(), None).await;
    assert!(matches!(again, Err(Error::Invalid(_))), "{again:?}");
    // credit for the record that stands answers it
    missing.send(&row("Add", 1, "2")).await;
    let seen = missing_credit::of_physician(&missing.world.app, &his, case.id).await.unwrap();
    assert_eq!(seen.case.state, CaseState::Answered);
    let (subject, _) = missing.world.test.letter_to("bruno@physician.example").await;
    assert!(subject.starts_with("Your missing credit is on record"), "{subject}");
}

#[tokio::test]
async fn faults_stand_beside_their_fields_and_limits_hold() {
    let missing = Missing::new().await;
    assert_eq!(
        fields(missing.open(&Asked::default()).await),
        ["completed", "provider", "title", "amount", "identifier", "consent"]
    );
    let of = |change: fn(&mut Asked)| {
        let mut asked = asked();
        change(&mut asked);
        asked
    };
    assert_eq!(fields(missing.open(&of(|asked| asked.completed = "2027-01-02".into())).await), ["completed"]);
    assert_eq!(fields(missing.open(&of(|asked| asked.completed = "2025-12-31".into())).await), ["completed"]);
    assert_eq!(fields(missing.open(&of(|asked| asked.activity = "999999999".into())).await), ["activity"]);
    assert_eq!(fields(missing.open(&of(|asked| asked.activity = "' or 1=1".into())).await), ["activity"]);
    assert_eq!(fields(missing.open(&of(|asked| asked.note = "x".repeat(2_001))).await), ["note"]);
    assert_eq!(fields(missing.open(&of(|asked| asked.identifier = "license-9".into())).await), ["identifier"]);
    for day in 1..=15 {
        let completed = format!("2026-10-{day:02}");
        missing.open(&Asked { completed, ..asked() }).await.unwrap();
    }
    assert_eq!(fields(missing.open(&asked()).await), ["completed"]);
}

#[tokio::test]
async fn activities_are_found_by_words_id_and_provider_past_and_not_displayed_but_never_as_drafts() {
    let missing = Missing::new().await;
    let app = &missing.world.app;
    let find = async |day, provider, words: &str| -> Vec<String> {
        let found = missing_credit::find_activities(app, &missing.scope(), day, provider, words).await.unwrap();
        found.into_iter().map(|one| one.id.to_string()).collect()
    };
    let day = date(2026, 11, 2);
    assert_eq!(find(day, None, "heart CARE").await, [ACTIVITY, OTHER_ACTIVITY]);
    assert_eq!(find(day, None, "heart harborview").await, [ACTIVITY]);
    assert_eq!(find(day, None, ACTIVITY).await, [ACTIVITY]);
    assert_eq!(find(day, Some(people::other_provider_id()), "").await, [OTHER_ACTIVITY]);
    assert_eq!(find(date(2025, 1, 1), None, "heart").await, [""; 0]);
    assert_eq!(find(day, None, "").await, [""; 0]);
    assert_eq!(find(day, None, "%' or '1'='1").await, [""; 0]);
    missing.world.tamper(&format!("update activity set stage = 'draft' where activity_id = '{ACTIVITY}'")).await;
    assert_eq!(find(day, None, "heart").await, [OTHER_ACTIVITY]);
}

#[tokio::test]
async fn a_file_is_what_its_bytes_say_and_comes_back_byte_for_byte() {
    let missing = Missing::new().await;
    let app = &missing.world.app;
    let stage = async |name: &str, bytes: Vec<u8>| {
        evidence::stage(app, name, futures::stream::iter([Ok::<_, std::io::Error>(bytes)])).await
    };
    let pdf = b"%PDF-1.7 invented".to_vec();
    let staged = stage("../../my certificate.html", pdf.clone()).await.unwrap();
    let opening = missing_credit::open(app, &missing.alma, &missing.scope(), &asked(), staged).await.unwrap();
    let case = missing.case(opening.id).await;
    let opened = missing_credit::evidence_of(app, &missing.world.actor, &case).await.unwrap();
    assert_eq!((opened.name.as_str(), opened.content_type), ("my certificate.html.pdf", "application/pdf"));
    assert_eq!(opened.bytes, pdf);
    for bad in [b"<html><script>alert(1)</script>".to_vec(), b"MZ".to_vec(), vec![b'x'; 6 << 20]] {
        assert!(matches!(stage("certificate.pdf", bad).await, Err(Error::Invalid(_))));
    }
    assert!(stage("", Vec::new()).await.unwrap().is_none());
    // nothing refused is left lying around
    let left = std::fs::read_dir(missing.world.test.folder().join("evidence")).unwrap().count();
    assert_eq!(left, 1);
    // a file that was changed on disk is not handed out
    let path = missing.world.test.folder().join("evidence").join(case.evidence.as_ref().unwrap().id.to_string());
    std::fs::write(&path, b"%PDF-1.7 exchanged").unwrap();
    assert!(matches!(missing_credit::evidence_of(app, &missing.world.actor, &case).await, Err(Error::Internal(_))));
}

#[tokio::test]
async fn a_physician_without_an_account_today_hears_nothing_and_nothing_breaks() {
    let missing = Missing::new().await;
    let case = missing.open(&asked()).await.unwrap();
    missing.world.tamper("delete from seat where kind = 'physician'").await;
    missing.advance_days(40);
    missing.world.settle_events().await;
    let staff = actor(&missing.world.app, ACCREDITOR).await;
    let seen = missing_credit::of_any(&missing.world.app, &staff, &staff.staff().unwrap(), case.id).await.unwrap();
    assert!(seen.case.overdue_at.is_some());
}

#[test]
fn a_physician_offers_licenses_first() {
    let person = Physician { npi: Some("1234567893".into()), ..physician(0) };
    let offered = missing_credit::identifiers(&person);
    assert_eq!(offered.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["license-0", "npi"]);
}
