//! Invented physicians, an activity of [`PROVIDER`], and learner files about them.

use app::App;
use domain::access::ProviderScope;
use domain::activity::{Activity, Delivery, Format, MocRegistration, Providership, Rems, Undertaking};
use domain::{ActivityId, Amount, Board, MonthDay, PhysicianId, State};
use jiff::civil::date;
use store::activities::Attested;
use store::physicians::{Certification, License, NewPhysician, Physician};
use uuid::Uuid;

use crate::people::{OTHER_PROVIDER, PROVIDER};

/// Physicians in the registry after [`fill`].
pub const PHYSICIANS: usize = 100;

/// The activity that [`row`] reports: 10 credits, 10 ABIM points, this year and the next.
pub const ACTIVITY: &str = "202600001";
/// The same of the other provider.
pub const OTHER_ACTIVITY: &str = "202600002";

pub const HEADER: &str = "Record Action\tACCME Activity ID\tCompletion Date\tFirst Name\tLast Name\tDate of Birth\tLicensing State\tLicensing ID or NPI\tNumber of CME Credits\tCertifying Board\tCertifying Board ID\tTotal Board Credits\tCredit Type \tCredits Awarded for Credit Type\n";

/// The n-th physician, licensed in California; certified by ABIM.
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
            state: State::read("CA").expect("a state"),
            number: format!("A{:05}", 40_000 + n),
            status: "Active".into(),
            issued_on: None,
            expires_on: None,
        }],
        certifications: vec![Certification {
            board: Board::read("ABIM").expect("a board"),
            diplomate_id: format!("{}", 300_000 + n),
            status: "Certified".into(),
        }],
    }
}

/// An activity that accepts learners on the test's day.
pub fn activity(id: &str, provider: &str) -> Activity {
    Activity {
        internal_id: "HEART-1".into(),
        deliveries: vec![Delivery::Online],
        credit: Some(Amount::new(1_000)),
        description: "Invented.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        rems: Some(Rems { kind: "Opioid Analgesic".into(), identifier: String::new() }),
        moc: vec![MocRegistration {
            board: Board::read("ABIM").expect("a board"),
            points: Amount::new(1_000),
            credit_types: vec!["Medical Knowledge".into(), "Patient Safety".into()],
            practice_areas: vec![],
            claim_until: None,
            undertakings: Undertaking::ALL.to_vec(),
        }],
        ..Activity::draft(
            id.parse().expect("nine digits"),
            provider.parse().expect("seven digits"),
            "Care of the Heart",
            Format::EnduringMaterial,
            date(2026, 1, 1),
            date(2027, 12, 31),
        )
    }
}

pub fn activity_id() -> ActivityId {
    ACTIVITY.parse().expect("nine digits")
}

/// Puts the physicians and both activities into the database.
pub async fn fill(app: &App) {
    let mut tx = app.store.write().await.expect("a transaction");
    for (id, provider) in [(ACTIVITY, PROVIDER), (OTHER_ACTIVITY, OTHER_PROVIDER)] {
        let activity = activity(id, provider);
        let scope = ProviderScope::of_record(activity.provider);
        let attested = Attested { by: None, at: 0 };
        store::activities::insert(&mut tx, &scope, &activity, attested).await.expect("an activity");
    }
    let new = |n| NewPhysician { physician: physician(n), ledger_key: [n as u8; 32] };
    let physicians: Vec<NewPhysician> = (0..PHYSICIANS).map(new).collect();
    store::physicians::insert(&mut tx, &physicians, 0).await.expect("physicians");
    tx.commit().await.expect("a commit");
}

/// One row about the n-th physician, ending in a line break.
pub fn row(action: &str, n: usize, credits: &str) -> String {
    let person = physician(n);
    let birth = person.birth.expect("a birthday");
    let (first, last, license) = (&person.first, &person.last, &person.licenses[0].number);
    format!("{action}\t{ACTIVITY}\t11/02/2026\t{first}\t{last}\t{birth}\tCA\t{license}\t{credits}\t\t\t\t\t\n")
}

/// As [`row`], with ABIM points of one credit type beside.
pub fn row_with_points(n: usize, credits: &str, points: &str) -> String {
    let id = &physician(n).certifications[0].diplomate_id;
    row("Add", n, credits).replace("\t\t\t\t\t\n", &format!("\tABIM\t{id}\t{points}\tmedical knowledge\t{points}\n"))
}

/// A tab-delimited file of these physicians, 2 credits each.
pub fn file(physicians: impl IntoIterator<Item = usize>) -> String {
    physicians.into_iter().fold(HEADER.to_owned(), |file, n| file + &row("Add", n, "2"))
}

/// Works until no job is due.
pub async fn work(app: &App) {
    while app::jobs::run_next(app).await.expect("a worker") {}
}
