//! The review list: rows attached, made physicians, taken off the list, and each of it taken back.

use app::Error;
use app::identity::{confirm, of_change, propose_merge, undo};
use app::rosters::settle::{Issued, attach, dismiss, make_new, open, reopen};
use domain::access::{Actor, Seat};
use domain::{PhysicianId, ReviewId, State};
use matching::{Outcome, Query};
use store::reviews::{self, Pair, Review, Settled, Settlement};
use testkit::people::{self, ACCREDITOR, LICENSING_BOARD, OWNER, actor};
use testkit::records::{self, physician};
use testkit::{TestApp, database};
use uuid::Uuid;

use crate::dump::facts;

/// Alma Ashdown of the registry by a license of Nevada, with an NPI and a former name.
const ROW: &str = r#"{"first":"Alma","middle":"Rose","last":"Ashdown","suffix":"","former_last":["Quistgaard"],
    "degree":"MD","birth":"01/01","npi":"1234567893","held":{"license":{"state":"NV","number":"7001",
    "status":"Active","issued_on":"2011-07-01","expires_on":null}},"known_by":null}"#;
/// The license that Alma has, with another status.
const KNOWN: &str = r#"{"first":"Alma","middle":"","last":"Ashdown","suffix":"","former_last":[],
    "degree":"MD","birth":"01/01","npi":null,"held":{"license":{"state":"CA","number":"A40000",
    "status":"Suspended","issued_on":null,"expires_on":null}},"known_by":null}"#;
const CERTIFICATION: &str = r#"{"first":"Nathaniel","middle":"","last":"Everdeen","suffix":"","former_last":[],
    "degree":"","birth":"07/04","npi":null,"held":{"certification":{"board":"ABS","diplomate_id":"500001",
    "status":"Certified"}},"known_by":["CA","A1"]}"#;

struct List {
    app: TestApp,
    staff: Actor,
}

impl List {
    async fn new() -> Self {
        let app = TestApp::new().await;
        records::fill(&app.app).await;
        app.app.registry.refresh(&app.app.store).await.unwrap();
        let staff = actor(&app.app, ACCREDITOR).await;
        Self { app, staff }
    }

    /// Puts a row on the list.
    async fn waits(&self, source: &str, row: &str) -> ReviewId {
        let id = ReviewId::new(self.app.app.chance.id(self.app.app.clock.now()));
        let review = Review {
            id,
            source: source.into(),
            row_number: 7,
            row: row.into(),
            outcome: "several".into(),
            reasons: "names_equal".into(),
            created_at: 0,
        };
        let mut tx = self.app.app.store.write().await.unwrap();
        assert_eq!(reviews::insert(&mut tx, source, &[review]).await.unwrap(), 1);
        tx.commit().await.unwrap();
        id
    }

    async fn waiting(&self) -> i64 {
        let mut tx = self.app.app.store.read().await.unwrap();
        reviews::count(&mut tx, &self.staff.staff().unwrap(), &Default::default()).await.unwrap()
    }

    async fn facts(&self) -> Vec<String> {
        facts(&self.app.address).await
    }

    async fn find(&self, id: PhysicianId) -> store::physicians::Physician {
        let mut tx = self.app.app.store.read().await.unwrap();
        store::physicians::find(&mut tx, id).await.unwrap().unwrap()
    }

    fn holder_of(&self, state: &str, number: &str) -> Outcome {
        let of = physician(0);
        let (state, identifier) = (State::read(state), Some(number.to_owned()));
        let query = Query { first: of.first, last: of.last, birth: of.birth, state, identifier, ..Query::default() };
        self.app.app.registry.decide(&query).outcome
    }

    async fn alma(&self) -> PhysicianId {
        physician(0).id
    }
}

fn invalid(result: Result<impl std::fmt::Debug, Error>, field: &str) {
    match result {
        Err(Error::Invalid(faults)) => assert_eq!(faults[0].field, field, "{faults:?}"),
        other => panic!("{field} was taken: {other:?}"),
    }
}

#[tokio::test]
async fn a_row_is_shown_with_whom_it_may_be() {
    let list = List::new().await;
    let review = list.waits("licenses", ROW).await;
    let opened = open(&list.app.app, &list.staff, review).await.unwrap();
    let row = opened.row.unwrap();
    assert_eq!((row.first.as_str(), row.former_last[0].as_str()), ("Alma", "Quistgaard"));
    assert!(matches!(row.issued, Issued::License { number, .. } if number == "7001"));
    let best = &opened.candidates[0];
    assert_eq!(best.physician.id, list.alma().await);
    assert!(!best.evidence.as_ref().unwrap().parts.is_empty());
    let looked = database::texts(&list.app.address, "select action from audit where action = 'review.open'").await;
    assert_eq!(looked.len(), opened.candidates.len());
}

#[tokio::test]
async fn an_attached_row_adds_its_facts_and_reopening_takes_just_these_away() {
    let list = List::new().await;
    let app = &list.app.app;
    let alma = list.alma().await;
    let review = list.waits("licenses", ROW).await;
    let before = list.facts().await;
    attach(app, &list.staff, review, alma).await.unwrap();
    let now = list.find(alma).await;
    assert_eq!((now.middle.as_str(), now.npi.as_deref(), now.licenses.len()), ("Rose", Some("1234567893"), 2));
    assert_eq!(now.former_last, ["Quistgaard"]);
    assert_eq!(list.holder_of("NV", "7001"), Outcome::Matched(alma));
    assert_eq!(list.waiting().await, 0);
    let kept = open(app, &list.staff, review).await.unwrap().kept;
    let settled = kept.settled.unwrap();
    assert_eq!((settled.settlement, settled.by.as_str()), (Settlement::Attached, "Ada Crane"));

    assert_eq!(reopen(app, &list.staff, review, "Another Alma.").await.unwrap(), [""; 0]);
    assert_eq!(list.facts().await, before);
    assert_eq!(list.waiting().await, 1);
    // and once more
    attach(app, &list.staff, review, alma).await.unwrap();
    assert_eq!(list.find(alma).await.licenses.len(), 2);
}

#[tokio::test]
async fn a_license_that_was_there_gets_its_status_back() {
    let list = List::new().await;
    let app = &list.app.app;
    let alma = list.alma().await;
    let review = list.waits("licenses", KNOWN).await;
    let before = list.facts().await;
    attach(app, &list.staff, review, alma).await.unwrap();
    assert_eq!(list.find(alma).await.licenses[0].status, "Suspended");
    reopen(app, &list.staff, review, "Another Alma.").await.unwrap();
    assert_eq!(list.facts().await, before);
    // what a later roster says of it stays
    attach(app, &list.staff, review, alma).await.unwrap();
    database::tamper(
        &list.app.address,
        "update license set status = 'Retired', updated_at = 9 where number = 'A40000'",
    )
    .await;
    let stayed = reopen(app, &list.staff, review, "Another Alma.").await.unwrap();
    assert!(stayed.len() == 1 && stayed[0].contains("A40000"), "{stayed:?}");
    assert_eq!(list.find(alma).await.licenses[0].status, "Retired");
}

#[tokio::test]
async fn a_row_becomes_a_physician_and_nobody_again() {
    let list = List::new().await;
    let app = &list.app.app;
    let review = list.waits("certifications", CERTIFICATION).await;
    let before = list.facts().await;
    let physicians = app.registry.len();
    let made = make_new(app, &list.staff, review).await.unwrap();
    assert_eq!(app.registry.len(), physicians + 1);
    assert_eq!(list.find(made).await.certifications[0].diplomate_id, "500001");
    reopen(app, &list.staff, review, "Not a physician.").await.unwrap();
    assert_eq!(app.registry.len(), physicians);
    let mut after = list.facts().await;
    after.retain(|line| !line.starts_with(&format!("physician {}", made.as_uuid().simple())));
    assert_eq!(after, before);
    let again = make_new(app, &list.staff, review).await.unwrap();
    assert_ne!(again, made);
    // in use by now: credit or an account would be lost
    people::add(app, "nathaniel@physician.example", "Nathaniel", Seat::Physician(again)).await;
    invalid(reopen(app, &list.staff, review, "Not a physician.").await, "review");
    assert_eq!(app.registry.len(), physicians + 1);
}

#[tokio::test]
async fn an_npi_that_somebody_has_is_left_out() {
    let list = List::new().await;
    let app = &list.app.app;
    let (one, other) = (list.waits("licenses", ROW).await, list.waits("licenses", &ROW.replace("7001", "7002")).await);
    attach(app, &list.staff, one, list.alma().await).await.unwrap();
    let made = make_new(app, &list.staff, other).await.unwrap();
    assert_eq!(list.find(made).await.npi, None);
}

#[tokio::test]
async fn a_dismissed_row_changes_nothing_and_comes_back() {
    let list = List::new().await;
    let app = &list.app.app;
    let review = list.waits("licenses", ROW).await;
    let before = list.facts().await;
    invalid(dismiss(app, &list.staff, review, " ").await, "reason");
    dismiss(app, &list.staff, review, "The board sent it by mistake.").await.unwrap();
    assert_eq!((list.waiting().await, list.facts().await), (0, before));
    let kept = open(app, &list.staff, review).await.unwrap().kept;
    assert_eq!(kept.reason, "The board sent it by mistake.");
    reopen(app, &list.staff, review, "It was none.").await.unwrap();
    assert_eq!(list.waiting().await, 1);
    assert!(matches!(reopen(app, &list.staff, review, "Again.").await, Err(Error::Stale)));
}

#[tokio::test]
async fn a_row_is_settled_once() {
    let list = List::new().await;
    let app = &list.app.app;
    let alma = list.alma().await;
    let review = list.waits("licenses", ROW).await;
    let at_once = tokio::join!(attach(app, &list.staff, review, alma), make_new(app, &list.staff, review));
    assert!(matches!(at_once, (Ok(()), Err(Error::Stale)) | (Err(Error::Stale), Ok(_))), "{at_once:?}");
    assert!(matches!(dismiss(app, &list.staff, review, "Late.").await, Err(Error::Stale)));
    let nobody = ReviewId::new(Uuid::from_u128(5));
    assert!(matches!(dismiss(app, &list.staff, nobody, "Who?").await, Err(Error::NotFound)));
    let other = list.waits("licenses", &ROW.replace("7001", "7002")).await;
    let stranger = PhysicianId::new(Uuid::from_u128(99_999));
    assert!(matches!(attach(app, &list.staff, other, stranger).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn what_an_import_settled_is_not_reopened() {
    let list = List::new().await;
    let review = list.waits("licenses", ROW).await;
    let mut tx = list.app.app.store.write().await.unwrap();
    let physician = Some(list.alma().await);
    let end = Settled { id: review, settlement: Settlement::Import, physician, by: "import a.tsv".into(), at: 1 };
    assert_eq!(reviews::settle(&mut tx, &[end]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    invalid(reopen(&list.app.app, &list.staff, review, "It was wrong.").await, "review");
}

#[tokio::test]
async fn a_pair_is_settled_by_its_merge_and_waits_again_after_the_undo() {
    let list = List::new().await;
    let app = &list.app.app;
    let (one, other) = (physician(0).id, physician(1).id);
    let review = list.waits(reviews::PAIR, &Pair::new(one, other).row().unwrap()).await;
    let opened = open(app, &list.staff, review).await.unwrap();
    assert!(opened.row.is_none());
    assert_eq!(opened.candidates.iter().map(|of| of.physician.id).collect::<Vec<_>>(), [one, other]);
    assert!(matches!(attach(app, &list.staff, review, one).await, Err(Error::NotFound)));

    let second = people::add(app, "second@accreditor.example", "Noor Vance", Seat::Accreditor).await;
    let change = propose_merge(app, &list.staff, other, one, "One person.").await.unwrap();
    assert_eq!(list.waiting().await, 1);
    let (_, preview) = of_change(app, &second, change).await.unwrap();
    confirm(app, &second, change, &preview.unwrap().seen, None).await.unwrap();
    assert_eq!(list.waiting().await, 0);
    invalid(reopen(app, &list.staff, review, "No.").await, "review");
    undo(app, &second, change, "Two people.").await.unwrap();
    assert_eq!(list.waiting().await, 1);
}

#[tokio::test]
async fn a_row_goes_to_the_record_that_stands() {
    let list = List::new().await;
    let app = &list.app.app;
    let second = people::add(app, "second@accreditor.example", "Noor Vance", Seat::Accreditor).await;
    let (one, other) = (physician(0).id, physician(1).id);
    let review = list.waits("licenses", ROW).await;
    attach(app, &list.staff, review, one).await.unwrap();
    let change = propose_merge(app, &list.staff, one, other, "One person.").await.unwrap();
    let (_, preview) = of_change(app, &second, change).await.unwrap();
    confirm(app, &second, change, &preview.unwrap().seen, None).await.unwrap();
    let next = list.waits("licenses", &ROW.replace("7001", "7002")).await;
    invalid(attach(app, &list.staff, next, one).await, "physician");
    invalid(reopen(app, &list.staff, review, "Another Alma.").await, "review");
    undo(app, &second, change, "Two people.").await.unwrap();
    assert_eq!(reopen(app, &list.staff, review, "Another Alma.").await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn nobody_but_the_accreditors_staff_settles() {
    let list = List::new().await;
    let app = &list.app.app;
    let review = list.waits("licenses", ROW).await;
    let alma = list.alma().await;
    let physician = people::add(app, "alma@physician.example", "Alma", Seat::Physician(alma)).await;
    for stranger in [actor(app, OWNER).await, actor(app, LICENSING_BOARD).await, physician] {
        let refused = |result: Result<(), Error>| assert!(matches!(result, Err(Error::Forbidden(_))), "{result:?}");
        refused(open(app, &stranger, review).await.map(drop));
        refused(attach(app, &stranger, review, alma).await);
        refused(make_new(app, &stranger, review).await.map(drop));
        refused(dismiss(app, &stranger, review, "x").await);
        refused(reopen(app, &stranger, review, "x").await.map(drop));
    }
    assert_eq!(list.waiting().await, 1);
}
