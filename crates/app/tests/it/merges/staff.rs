//! The provider's world with two of the accreditor's staff, and what they do with records. The first three
//! physicians share first name and birthday, so that a report may mean any of them.

use app::Error;
use app::identity::{Change, KeptAccount, Plan, confirm, of_change, propose_merge, propose_split, split_draft, undo};
use app::transcripts;
use domain::access::{Actor, Seat};
use domain::transcript::Filter;
use domain::{Amount, CompletionId, IdentityChangeId, PhysicianId};
use matching::{Outcome, Query};
use store::physicians::Physician;
use store::transcripts::Record;
use testkit::people::{self, ACCREDITOR, CERTIFYING_BOARD, actor};
use testkit::records;

use crate::dump::facts;
use crate::world::World;

const SECOND: &str = "second@accreditor.example";

/// The provider's world, and two of the accreditor's staff.
pub(super) struct Staff {
    pub(super) world: World,
    pub(super) first: Actor,
    pub(super) second: Actor,
}

impl Staff {
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let mut tx = world.app.store.write().await.unwrap();
        store::physicians::update(&mut tx, &[physician(1), physician(2)]).await.unwrap();
        tx.commit().await.unwrap();
        let first = actor(&world.app, ACCREDITOR).await;
        let second = people::add(&world.app, SECOND, "Noor Vance", Seat::Accreditor).await;
        Self { world, first, second }
    }

    pub(super) async fn merge(&self, from: PhysicianId, into: PhysicianId) -> Change {
        self.merge_keeping(from, into, None).await.unwrap()
    }

    pub(super) async fn merge_keeping(
        &self,
        from: PhysicianId,
        into: PhysicianId,
        keep: Option<KeptAccount>,
    ) -> app::Result<Change> {
        let app = &self.world.app;
        let id = propose_merge(app, &self.first, from, into, "One person, two licenses.").await?;
        loop {
            let (_, preview) = of_change(app, &self.second, id).await?;
            match confirm(app, &self.second, id, &preview.unwrap().seen, keep).await {
                // credit came in meanwhile: look at it and confirm that
                Err(Error::Stale) => {}
                done => return done,
            }
        }
    }

    pub(super) async fn split(&self, from: PhysicianId, into: Option<PhysicianId>, plan: &Plan) -> Change {
        let app = &self.world.app;
        let id = propose_split(app, &self.first, from, into, plan, "Two people were taken for one.").await.unwrap();
        let (_, preview) = of_change(app, &self.second, id).await.unwrap();
        confirm(app, &self.second, id, &preview.unwrap().seen, None).await.unwrap()
    }

    /// Splits completions off into another record.
    pub(super) async fn move_alone(
        &self,
        from: PhysicianId,
        into: PhysicianId,
        completions: Vec<CompletionId>,
    ) -> app::Result<Change> {
        let app = &self.world.app;
        let draft = split_draft(app, &self.first, from, Some(into)).await?;
        let plan = Plan { completions, ..draft };
        let id = propose_split(app, &self.first, from, Some(into), &plan, "Reported for the wrong one.").await?;
        let (_, preview) = of_change(app, &self.second, id).await?;
        confirm(app, &self.second, id, &preview.unwrap().seen, None).await
    }

    pub(super) async fn undo(&self, change: IdentityChangeId) -> Vec<String> {
        undo(&self.world.app, &self.first, change, "They are two people after all.").await.unwrap()
    }

    pub(super) async fn facts(&self) -> Vec<String> {
        facts(&self.world.test.address).await
    }

    pub(super) async fn find(&self, id: PhysicianId) -> Physician {
        let mut tx = self.world.app.store.read().await.unwrap();
        store::physicians::find(&mut tx, id).await.unwrap().unwrap()
    }

    pub(super) async fn official(&self, id: PhysicianId) -> app::Result<std::sync::Arc<transcripts::Official>> {
        let physician = Actor { who: self.first.who, seat: Seat::Physician(id) };
        let scope = physician.physician().unwrap();
        transcripts::own(&self.world.app, &physician, &scope, Filter::default()).await
    }

    pub(super) async fn total(&self, id: PhysicianId) -> Amount {
        self.official(id).await.unwrap().transcript.totals[0].amount
    }

    /// Whom a report with this physician's name and license would be linked to.
    pub(super) fn linked(&self, n: usize) -> Outcome {
        let of = physician(n);
        let license = &of.licenses[0];
        self.world
            .app
            .registry
            .decide(&Query {
                first: of.first,
                last: of.last,
                birth: of.birth,
                state: Some(license.state),
                identifier: Some(license.number.clone()),
                ..Query::default()
            })
            .outcome
    }

    pub(super) async fn texts(&self, sql: &str) -> Vec<String> {
        testkit::database::texts(&self.world.test.address, sql).await
    }

    pub(super) async fn tamper(&self, sql: &str) -> u64 {
        testkit::database::tamper(&self.world.test.address, sql).await
    }

    /// Whatever is live and set aside has its double with the record that stands for its own.
    pub(super) async fn assert_each_counts_once(&self) {
        let mut tx = self.world.app.store.read().await.unwrap();
        let mut counted = Vec::new();
        let mut aside = Vec::new();
        for n in 0..3 {
            let stands = store::identity_changes::records::survivor(&mut tx, id(n)).await.unwrap().unwrap();
            let record = Record::of(&self.first.staff().unwrap(), id(n));
            let completions = store::transcripts::completions(&mut tx, &record).await.unwrap();
            let list = if stands == id(n) { &mut counted } else { &mut aside };
            list.extend(completions.into_iter().map(|of| (stands, of.activity, of.completed_on)));
        }
        for double in &aside {
            assert!(counted.contains(double), "{double:?} counts nowhere");
        }
        let all = counted.len();
        counted.sort_unstable();
        counted.dedup();
        assert_eq!(counted.len(), all, "something counts twice");
    }

    /// Credits of the board's pending list.
    pub(super) async fn queue(&self) -> usize {
        let scope = actor(&self.world.app, CERTIFYING_BOARD).await.certifying_board().unwrap();
        let mut tx = self.world.app.store.read().await.unwrap();
        let pending = domain::credit::CreditStatus::Pending;
        let listed = store::moc::list(&mut tx, &scope, pending, 100, 0).await.unwrap().len();
        assert_eq!(store::moc::count(&mut tx, &scope, pending).await.unwrap(), listed as i64);
        listed
    }
}

/// As `records` has them; but the first three have one first name and one birthday, so that a report may
/// mean any of them.
pub(super) fn physician(n: usize) -> Physician {
    let first = records::physician(0);
    match n {
        1 | 2 => Physician { first: first.first, birth: first.birth, ..records::physician(n) },
        _ => records::physician(n),
    }
}

pub(super) fn id(n: usize) -> PhysicianId {
    physician(n).id
}

/// A row of `records` about the n-th physician as they are here.
pub(super) fn about(n: usize, row: String) -> String {
    let (was, is) = (records::physician(n), physician(n));
    let birth = |of: &Physician| format!("\t{}\t", of.birth.unwrap());
    row.replace(&format!("\t{}\t", was.first), &format!("\t{}\t", is.first)).replace(&birth(&was), &birth(&is))
}

pub(super) fn row(action: &str, n: usize, credits: &str) -> String {
    about(n, records::row(action, n, credits))
}

pub(super) fn row_with_points(n: usize, credits: &str, points: &str) -> String {
    about(n, records::row_with_points(n, credits, points))
}

/// A row of the next day, so that it is no double of the usual one.
pub(super) fn next_day(row: String) -> String {
    row.replace("11/02/2026", "11/03/2026")
}

pub(super) fn invalid(result: Result<impl std::fmt::Debug, Error>, field: &str) {
    match result {
        Err(Error::Invalid(faults)) => assert_eq!(faults[0].field, field, "{faults:?}"),
        other => panic!("{field} was taken: {other:?}"),
    }
}

/// One and zero are one person: both have a completion, of two days.
pub(super) async fn two_records() -> Staff {
    let staff = Staff::new().await;
    let points = next_day(row_with_points(1, "3", "3"));
    staff.world.upload(&format!("{}{}{points}", records::HEADER, row("Add", 0, "2"))).await;
    staff
}
