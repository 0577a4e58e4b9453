//! The accreditor's staff at the registry: two people of the staff, a filled registry, rows that wait.

mod changes;
mod registry;
mod reviews;

use domain::access::{Actor, Seat};
use domain::{PhysicianId, ReviewId, State};
use store::physicians::{License, NewPhysician, Physician};
use store::reviews::{Pair, Review};
use testkit::people::{self, ACCREDITOR, OWNER};
use testkit::records::{self, HEADER, physician};
use testkit::{Answer, TestApp, Visitor};
use uuid::Uuid;

const SECOND: &str = "second@accreditor.example";

struct World {
    test: TestApp,
    /// Two people of the staff, signed in.
    first: Visitor,
    second: Visitor,
    staff: Actor,
}

impl World {
    async fn new() -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        let staff = people::actor(&test.app, ACCREDITOR).await;
        people::add(&test.app, SECOND, "Noor Haddad", Seat::Accreditor).await;
        let (first, second) = (test.sign_in(ACCREDITOR).await, test.sign_in(SECOND).await);
        Self { test, first, second, staff }
    }

    /// Sends learners in as the provider does, and gives the upload's id.
    async fn upload(&self, rows: &str) -> String {
        let app = &self.test.app;
        let actor = people::actor(app, OWNER).await;
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(format!("{HEADER}{rows}").into_bytes())]);
        let staged = app::uploads::stage(app, bytes).await.unwrap();
        let received = app::uploads::receive(app, &actor, "Ida Ward", "Grand Rounds.txt", staged).await.unwrap();
        records::work(app).await;
        received.upload.id.to_string()
    }

    async fn add(&self, people: &[Physician]) {
        let new: Vec<NewPhysician> =
            people.iter().map(|of| NewPhysician { physician: of.clone(), ledger_key: [9; 32] }).collect();
        let mut tx = self.test.app.store.write().await.unwrap();
        store::physicians::insert(&mut tx, &new, 0).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Puts a row on the review list.
    async fn waits(&self, source: &str, row: &str, outcome: &str) -> ReviewId {
        let app = &self.test.app;
        let id = ReviewId::new(app.chance.id(app.clock.now()));
        let review = Review {
            id,
            source: source.into(),
            row_number: 7,
            row: row.into(),
            outcome: outcome.into(),
            reasons: "names_equal birth_equal needs_identifier".into(),
            created_at: app.clock.now(),
        };
        let mut tx = app.store.write().await.unwrap();
        assert_eq!(store::reviews::insert(&mut tx, source, &[review]).await.unwrap(), 1);
        tx.commit().await.unwrap();
        // the next row comes after this one
        app.clock.advance(jiff::SignedDuration::from_secs(1));
        id
    }

    async fn pair_waits(&self, one: PhysicianId, other: PhysicianId) -> ReviewId {
        self.waits(store::reviews::PAIR, &Pair::new(one, other).row().unwrap(), "review").await
    }

    /// What the trail says of a physician, the newest first.
    async fn trail(&self, of: PhysicianId) -> Vec<String> {
        let seat = Seat::Physician(of);
        let scope = Actor { seat, ..self.staff }.physician().unwrap();
        let mut tx = self.test.app.store.read().await.unwrap();
        let entries = store::audit::list(&mut tx, &scope, i64::MAX, 100).await.unwrap();
        entries.into_iter().map(|entry| format!("{} by {}", entry.action, entry.seat_kind)).collect()
    }
}

/// The first physician of the registry again, under a license of Nevada.
fn double() -> Physician {
    Physician {
        id: PhysicianId::new(Uuid::from_u128(900)),
        licenses: vec![License {
            state: State::read("NV").unwrap(),
            number: "N900".into(),
            status: "Active".into(),
            issued_on: None,
            expires_on: None,
        }],
        certifications: vec![],
        npi: Some("1234567893".into()),
        ..physician(0)
    }
}

/// A roster's row about somebody, under a license of Nevada.
fn roster_row(first: &str, last: &str, birth: &str, number: &str) -> String {
    format!(
        r#"{{"first":"{first}","middle":"","last":"{last}","suffix":"","former_last":[],"degree":"MD",
            "birth":"{birth}","npi":null,"held":{{"license":{{"state":"NV","number":"{number}","status":"Active",
            "issued_on":null,"expires_on":null}}}},"known_by":null}}"#
    )
}

/// The words of a page, without markup and line breaks.
fn words(answer: &Answer) -> String {
    let (mut words, mut inside) = (String::new(), false);
    for letter in answer.text().chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                words.push(' ');
            }
            letter if !inside => words.push(letter),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value of a hidden field.
fn hidden(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let rest = text.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name} in {text}")).1;
    rest.split_once('"').unwrap().0.to_owned()
}
