//! A small invented world: one provider, one activity with ABIM points, a hundred physicians.

use std::path::PathBuf;

use app::{App, Chance, Clock, Config};
use domain::access::{Actor, ProviderRole, Seat, Who};
use domain::activity::{Activity, Delivery, Format, MocRegistration, Providership};
use domain::upload::UploadStatus;
use domain::{AccountId, ActivityId, Amount, Board, MonthDay, PhysicianId, ProviderId, State, UploadId};
use jiff::civil::date;
use store::activities::Attested;
use store::organizations::{Provider, Standing};
use store::physicians::{Certification, License, NewPhysician, Physician};
use store::uploads::Upload;
use uuid::Uuid;

pub struct World {
    pub app: App,
    pub actor: Actor,
    pub activity: ActivityId,
    _folder: tempfile::TempDir,
}

pub const PROVIDER: &str = "0001234";

/// The n-th physician: alternating names, each with an own birthday, license and NPI-less.
pub fn physician(n: usize) -> Physician {
    let firsts = ["Alma", "Bruno", "Celia", "Dario", "Edith"];
    let lasts = ["Ashdown", "Birchwood", "Calloway", "Dunmore", "Eastlake", "Fairburn", "Greyling"];
    Physician {
        id: PhysicianId::new(Uuid::from_u128(n as u128 + 1)),
        first: firsts[n % 5].into(),
        middle: String::new(),
        last: format!("{}{}", lasts[n % 7], ["", "son", "field"][n % 3]),
        suffix: String::new(),
        former_last: vec![],
        degree: "MD".into(),
        birth: MonthDay::new((n % 12) as u8 + 1, (n % 28) as u8 + 1),
        npi: None,
        licenses: vec![License {
            state: State::read("CA").unwrap(),
            number: format!("A{:05}", 40_000 + n),
            status: "Active".into(),
            issued_on: None,
            expires_on: None,
        }],
        certifications: vec![Certification {
            board: Board::read("ABIM").unwrap(),
            diplomate_id: format!("{}", 300_000 + n),
            status: "Certified".into(),
        }],
    }
}

pub fn activity(id: ActivityId) -> Activity {
    Activity {
        id,
        provider: PROVIDER.parse().unwrap(),
        internal_id: "HEART-1".into(),
        title: "Care of the Heart".into(),
        format: Format::EnduringMaterial,
        starts_on: date(2026, 1, 1),
        ends_on: date(2027, 12, 31),
        deliveries: vec![Delivery::Online],
        city: String::new(),
        state: None,
        country: String::new(),
        credit: Some(Amount::new(1_000)),
        description: "Invented.".into(),
        providership: Some(Providership::Direct),
        joint_providers: vec![],
        in_passport: Some(false),
        url: String::new(),
        fee: None,
        registration: None,
        is_rems: true,
        outcomes: vec![],
        has_support: None,
        support: vec![],
        physician_total: None,
        other_total: None,
        moc: vec![MocRegistration {
            board: Board::read("ABIM").unwrap(),
            points: Amount::new(1_000),
            credit_types: vec!["Medical Knowledge".into(), "Patient Safety".into()],
            practice_areas: vec![],
            claim_until: None,
            attested: true,
        }],
        is_closed: false,
    }
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::read(None).unwrap();
        config.data = PathBuf::from(folder.path());
        config.database = testkit::database::fresh(folder.path()).await;
        let clock = Clock::fixed("2026-11-23T15:00:00Z".parse().unwrap());
        let app = App::open(config, clock, Chance::seeded(7), &|_, _| {}).await.unwrap();
        let provider: ProviderId = PROVIDER.parse().unwrap();
        let activity_id: ActivityId = "202600001".parse().unwrap();
        let who = Who::Account(AccountId::new(Uuid::from_u128(99)));
        let actor = Actor { who, seat: Seat::Provider(provider, ProviderRole::Owner) };
        let scope = actor.provider(ProviderRole::Owner).unwrap();
        let mut tx = app.store.write().await.unwrap();
        let valley = Provider {
            id: provider,
            name: "Valley Medical Society".into(),
            organization_type: "Society".into(),
            city: "Fresno".into(),
            state: "CA".into(),
            standing: Standing::Good,
            contact_name: "Ida Ward".into(),
            contact_email: "ida@valley.example".into(),
            created_at: 0,
        };
        store::organizations::insert_provider(&mut tx, &valley).await.unwrap();
        let attested = Attested { by: None, at: 0 };
        store::activities::insert(&mut tx, &scope, &activity(activity_id), attested).await.unwrap();
        let new = |n| NewPhysician { physician: physician(n), ledger_key: [n as u8; 32] };
        store::physicians::insert(&mut tx, &(0..100).map(new).collect::<Vec<_>>(), 0).await.unwrap();
        tx.commit().await.unwrap();
        Self { app, actor, activity: activity_id, _folder: folder }
    }

    /// A tab-delimited learner file of these physicians, 2 credits each.
    pub fn file(&self, physicians: impl IntoIterator<Item = usize>) -> String {
        physicians.into_iter().fold(HEADER.to_owned(), |file, n| file + &self.row("Add", n, "2"))
    }

    pub fn row(&self, action: &str, n: usize, credits: &str) -> String {
        let person = physician(n);
        let (birth, license) = (person.birth.unwrap(), &person.licenses[0].number);
        let (first, last, activity) = (&person.first, &person.last, self.activity);
        format!("{action}\t{activity}\t11/02/2026\t{first}\t{last}\t{birth}\tCA\t{license}\t{credits}\t\t\t\t\t\n")
    }

    pub async fn receive(&self, file: &str) -> app::uploads::Received {
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(file.as_bytes().to_vec())]);
        let staged = app::uploads::stage(&self.app, bytes).await.unwrap();
        app::uploads::receive(&self.app, &self.actor, "Ida Ward", "learners.txt", staged).await.unwrap()
    }

    /// Sends a file and works until nothing is left to do.
    pub async fn upload(&self, file: &str) -> Upload {
        let id = self.receive(file).await.upload.id;
        while app::jobs::run_next(&self.app).await.unwrap() {}
        let upload = self.find(id).await;
        assert!(upload.status.is_over(), "{upload:?}");
        upload
    }

    pub async fn find(&self, id: UploadId) -> Upload {
        let scope = self.actor.provider(ProviderRole::Viewer).unwrap();
        let mut tx = self.app.store.read().await.unwrap();
        store::uploads::find(&mut tx, &scope, id).await.unwrap().unwrap()
    }

    /// Changes a row behind the program's back.
    pub async fn tamper(&self, sql: &str) {
        assert_eq!(testkit::database::tamper(&self.app.config.database, sql).await, 1, "{sql}");
    }

    pub async fn verify(&self) -> app::verify::Report {
        let key = self.app.ledger.signer().verifying_key();
        app::verify::run(&self.app.store, &key, &|_, _| {}).await.unwrap()
    }

    /// The whole record proves itself.
    pub async fn assert_sound(&self) -> app::verify::Report {
        let report = self.verify().await;
        assert!(report.is_sound(), "{:#?}", report.faults);
        report
    }
}

pub const HEADER: &str = "Record Action\tACCME Activity ID\tCompletion Date\tFirst Name\tLast Name\tDate of Birth\tLicensing State\tLicensing ID or NPI\tNumber of CME Credits\tCertifying Board\tCertifying Board ID\tTotal Board Credits\tCredit Type \tCredits Awarded for Credit Type\n";

pub fn is_done(upload: &Upload) -> bool {
    upload.status == UploadStatus::Done
}
