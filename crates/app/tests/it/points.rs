//! The provider's world with physicians whom several boards certify, an activity for all of these boards, and
//! reports of points typed one by one.

use app::reports::{Recorded, report_one};
use domain::activity::{Activity, Format, MocRegistration};
use domain::credit::{Completion, Credit, Kind};
use domain::{Amount, Board, Code, CreditId, Field, PhysicianId};
use store::physicians::{Certification, NewPhysician, Physician};
use store::transcripts::Record;
use testkit::people::{self, ACCREDITOR};
use testkit::records;

use crate::world::World;

/// The activity that several boards take; 10 credits.
pub const ACTIVITY: &str = "202600040";
pub const BOARDS: [&str; 4] = ["ABIM", "ABA", "ABP", "ABS"];

pub fn board(code: &str) -> Board {
    Board::read(code).unwrap()
}

pub fn amount(text: &str) -> Amount {
    Amount::read(text).unwrap()
}

/// The n-th physician, certified by all of [`BOARDS`].
pub fn physician(n: usize) -> Physician {
    let certified = |code: &&str| Certification {
        board: board(code),
        diplomate_id: format!("{}", 300_000 + n),
        status: "Certified".into(),
    };
    Physician { certifications: BOARDS.iter().map(certified).collect(), ..records::physician(100 + n) }
}

pub fn activity(id: &str, format: Format) -> Activity {
    let registered = |code: &str, types: &[&str]| MocRegistration {
        board: board(code),
        credit_types: types.iter().map(|name| (*name).to_owned()).collect(),
        ..records::activity(id, people::PROVIDER).moc.remove(0)
    };
    let standard = records::activity(id, people::PROVIDER);
    Activity {
        internal_id: format!("POINTS-{id}"),
        deliveries: if format == standard.format { standard.deliveries.clone() } else { vec![] },
        format,
        moc: vec![
            registered("ABIM", &["Medical Knowledge"]),
            registered("ABA", &["Lifelong Learning", "Patient Safety", "Quality Improvement"]),
            registered("ABP", &["Lifelong Learning and Self-Assessment"]),
            registered("ABS", &["Accredited CME"]),
        ],
        ..standard
    }
}

/// What is reported of a learner, or deleted.
#[derive(Clone, Default)]
pub struct Report {
    pub cme: String,
    /// Board and points; no points: the board is only named.
    pub board: Option<(String, String)>,
    pub types: Vec<(String, String)>,
    pub deletes: bool,
    pub activity: String,
}

pub fn cme(credits: &str) -> Report {
    Report { cme: credits.into(), ..Report::default() }
}

/// Points of the board's first credit type; no points: the board is only named.
pub fn moc(code: &str, points: &str) -> Report {
    let name = activity(ACTIVITY, Format::EnduringMaterial).registration(board(code)).unwrap().credit_types[0].clone();
    let types = [(name.as_str(), points)];
    Report::default().points(code, points, if points.is_empty() { &[] } else { &types })
}

impl Report {
    pub fn points(mut self, code: &str, points: &str, types: &[(&str, &str)]) -> Self {
        self.board = Some((code.into(), points.into()));
        self.types = types.iter().map(|(name, amount)| ((*name).to_owned(), (*amount).to_owned())).collect();
        self
    }

    pub fn delete(mut self) -> Self {
        self.deletes = true;
        self
    }

    pub fn at(mut self, activity: &str) -> Self {
        self.activity = activity.into();
        self
    }

    pub fn fields(&self, n: usize) -> Vec<(Field, String)> {
        let person = physician(n);
        let activity = if self.activity.is_empty() { ACTIVITY } else { &self.activity };
        let mut fields = vec![
            (Field::RecordAction, if self.deletes { "Delete" } else { "Add" }.to_owned()),
            (Field::ActivityId, activity.to_owned()),
            (Field::CompletionDate, "11/02/2026".to_owned()),
            (Field::FirstName, person.first.clone()),
            (Field::LastName, person.last.clone()),
            (Field::Birth, person.birth.unwrap().to_string()),
            (Field::State, "CA".to_owned()),
            (Field::Identifier, person.licenses[0].number.clone()),
            (Field::CmeCredits, self.cme.clone()),
        ];
        if let Some((code, points)) = &self.board {
            fields.push((Field::Board, code.clone()));
            fields.push((Field::DiplomateId, person.certifications[0].diplomate_id.clone()));
            fields.push((Field::BoardCredits, points.clone()));
        }
        for (nth, (name, amount)) in (0u8..).zip(&self.types) {
            fields.push((Field::CreditType(nth), name.clone()));
            fields.push((Field::CreditTypeAmount(nth), amount.clone()));
        }
        fields
    }
}

impl World {
    /// With the activity and five physicians of several boards.
    pub async fn with_boards() -> Self {
        let world = Self::new().await;
        world.add_activity(&activity(ACTIVITY, Format::EnduringMaterial)).await;
        let new = |n| NewPhysician { physician: physician(n), ledger_key: [100 + n as u8; 32] };
        let physicians: Vec<NewPhysician> = (0..5).map(new).collect();
        let mut tx = world.app.store.write().await.unwrap();
        store::physicians::insert(&mut tx, &physicians, 0).await.unwrap();
        tx.commit().await.unwrap();
        world
    }

    pub async fn add_activity(&self, activity: &Activity) {
        let mut tx = self.app.store.write().await.unwrap();
        let attested = store::activities::Attested { by: None, at: 0 };
        store::activities::insert(&mut tx, &self.scope(), activity, attested).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn try_report(&self, n: usize, report: &Report) -> app::Result<Recorded> {
        report_one(&self.app, &self.actor, "Ida Ward", report.fields(n)).await
    }

    pub async fn report(&self, n: usize, report: &Report) -> Recorded {
        self.try_report(n, report).await.unwrap()
    }

    /// The codes of why a report is refused; none if it is not.
    pub async fn refusal(&self, n: usize, report: &Report) -> Vec<Code> {
        match self.try_report(n, report).await {
            Ok(_) => vec![],
            Err(app::Error::Problems(problems)) => problems.iter().map(|problem| problem.code).collect(),
            Err(error) => panic!("{error}"),
        }
    }

    /// Lets everything follow from what happened.
    pub async fn settle(&self) {
        while app::consequences::round(&self.app).await.unwrap() {}
    }

    /// The live completions of a physician.
    pub async fn completions(&self, physician: PhysicianId) -> Vec<Completion> {
        let staff = people::actor(&self.app, ACCREDITOR).await;
        let mut tx = self.app.store.read().await.unwrap();
        store::transcripts::completions(&mut tx, &Record::of(&staff.staff().unwrap(), physician)).await.unwrap()
    }

    /// The live credits of the n-th physician's only completion.
    pub async fn credits(&self, n: usize) -> Vec<Credit> {
        let mut completions = self.completions(physician(n).id).await;
        assert!(completions.len() <= 1, "{completions:?}");
        completions.pop().map(|completion| completion.credits).unwrap_or_default()
    }

    /// The amount of the CME credit, and whether it is derived.
    pub async fn cme(&self, n: usize) -> Option<(String, bool)> {
        let mut all = self.credits(n).await.into_iter().filter(|credit| credit.kind == Kind::Cme);
        let only = all.next().map(|credit| (credit.amount.to_string(), credit.is_derived));
        assert!(all.next().is_none(), "CME credit is live twice");
        only
    }

    /// The live credits of a board, as amounts in the order of their reports.
    pub async fn points(&self, n: usize, code: &str) -> Vec<(CreditId, String)> {
        let credits = self.credits(n).await.into_iter().filter(|credit| credit.kind == Kind::Moc(board(code)));
        credits.map(|credit| (credit.id, credit.amount.to_string())).collect()
    }
}
