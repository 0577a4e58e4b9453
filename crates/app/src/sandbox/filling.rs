//! What a new sandbox holds: the provider under its own ID and name, physicians and two activities that are
//! invented, and certifying boards that answer by rule. One transaction, so a sandbox is filled or empty.

use domain::access::{CertifyingBoardScope, ProviderScope};
use domain::activity::{Activity, Delivery, Format, MocRegistration, Providership, Undertaking};
use domain::reference::Reference;
use domain::{AccountId, Amount, Board, MonthDay, PhysicianId, ProviderId, State};
use jiff::civil::{Date, date};
use store::accounts::Account;
use store::activities::Attested;
use store::board_rules::{BoardRules, SetRules};
use store::organizations::{Provider, Standing};
use store::physicians::{Certification, License, NewPhysician, Physician};
use store::{Store, WriteTx};

use super::people::{ACTIVITY, BOARDS, CREDITS, Known, MOC_ACTIVITY, REGISTRY};
use crate::{App, Error, Result};

/// Fills a sandbox that is empty, and moves the dates of the activities of one that was filled in an earlier year.
pub(super) async fn fill(main: &App, scope: &ProviderScope, store: &Store, reference: &Reference) -> Result<()> {
    let id = scope.provider();
    let real = store::organizations::find_provider(&mut main.store.read().await?, id).await?;
    let real = real.ok_or(Error::NotFound)?;
    let now = main.clock.now();
    let activities = activities(id, reference, main.clock.today())?;
    let attested = Attested { by: None, at: now };
    let mut tx = store.write().await?;
    if store::organizations::find_provider(&mut tx, id).await?.is_none() {
        let provider = Provider { standing: Standing::Good, created_at: now, ..real };
        store::organizations::insert_provider(&mut tx, &provider).await?;
        for activity in &activities {
            store::activities::insert(&mut tx, scope, activity, attested).await?;
        }
        let_boards_answer(main, &mut tx).await?;
        let physicians = REGISTRY.iter().map(|known| physician(main, known)).collect::<Result<Vec<_>>>()?;
        store::physicians::insert(&mut tx, &physicians, now).await?;
    }
    for activity in &activities {
        let stored = store::activities::find(&mut tx, scope, activity.id).await?;
        if let Some(stored) = stored.filter(|stored| stored.activity.ends_on < activity.ends_on) {
            store::activities::update(&mut tx, scope, activity, stored.version, attested).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Switches on each certifying board's automatic rules: whoever is on its roster is accepted, others are rejected.
async fn let_boards_answer(main: &App, tx: &mut WriteTx) -> Result<()> {
    let now = main.clock.now();
    // rules are somebody's: of a person who cannot sign in
    let account = Account {
        id: AccountId::new(main.chance.id(now)),
        email: "boards@sandbox.invalid".to_owned(),
        name: "Boards of the sandbox".to_owned(),
        password_hash: String::new(),
        created_at: now,
        disabled_at: Some(now),
    };
    store::accounts::insert(tx, &account).await?;
    let reason = |code: &str| Some(code.to_owned());
    // a reason for each check, so that nothing waits for people who are not there
    let rules = BoardRules {
        diplomate_unknown: reason("diplomate_unknown"),
        name_differs: reason("name_differs"),
        type_not_valid: reason("type_not_valid"),
        accepts: true,
    };
    for board in store::organizations::list_certifying_boards(tx).await? {
        let set = SetRules {
            id: main.chance.id(now),
            rules: rules.clone(),
            set_at: now,
            set_by: account.id,
            set_by_name: String::new(),
        };
        store::board_rules::insert(tx, &CertifyingBoardScope::of_record(board.board), &set).await?;
    }
    Ok(())
}

/// What is written here and cannot be read is our own slip.
fn ours<T>(read: Option<T>) -> Result<T> {
    read.ok_or_else(|| Error::Internal("the sandbox's invented data is not well formed".to_owned()))
}

fn physician(app: &App, known: &Known) -> Result<NewPhysician> {
    let certification = |(board, diplomate_id): &(&str, &str)| {
        Some(Certification {
            board: Board::read(board)?,
            diplomate_id: (*diplomate_id).to_owned(),
            status: "Certified".to_owned(),
        })
    };
    let license = License {
        state: ours(State::read(known.state))?,
        number: known.license.to_owned(),
        status: "Active".to_owned(),
        issued_on: None,
        expires_on: None,
    };
    let physician = Physician {
        id: PhysicianId::new(app.chance.id(app.clock.now())),
        first: known.first.to_owned(),
        middle: String::new(),
        last: known.last.to_owned(),
        suffix: String::new(),
        former_last: Vec::new(),
        degree: "MD".to_owned(),
        birth: MonthDay::new(known.birth.0, known.birth.1),
        npi: Some(known.npi.to_owned()),
        licenses: vec![license],
        certifications: ours(known.certifications.iter().map(certification).collect())?,
    };
    Ok(NewPhysician { physician, ledger_key: app.chance.bytes() })
}

/// Both activities, around a day: since January of the year before, until the end of the next.
fn activities(provider: ProviderId, reference: &Reference, today: Date) -> Result<[Activity; 2]> {
    let dates = (date(today.year().saturating_sub(1), 1, 1), date(today.year().saturating_add(1), 12, 31));
    let activity = |id: &str, internal_id: &str, title: &str, moc| -> Result<Activity> {
        let id = ours(id.parse().ok())?;
        Ok(Activity {
            internal_id: internal_id.to_owned(),
            deliveries: vec![Delivery::Online],
            credit: Some(Amount::new(CREDITS)),
            description: "Invented, for trying out programs.".to_owned(),
            providership: Some(Providership::Direct),
            in_passport: Some(false),
            moc,
            ..Activity::draft(id, provider, title, Format::EnduringMaterial, dates.0, dates.1)
        })
    };
    let boards = BOARDS.iter().filter_map(|code| reference.board(Board::read(code)?));
    let registered = boards.map(|rules| MocRegistration {
        board: rules.code,
        points: Amount::new(CREDITS),
        credit_types: rules.credit_types.iter().filter(|one| one.in_force(today)).map(|one| one.name.clone()).collect(),
        practice_areas: rules.practice_areas.iter().take(1).cloned().collect(),
        claim_until: Some(dates.1),
        undertakings: Undertaking::ALL.to_vec(),
    });
    let registered: Vec<MocRegistration> = registered.collect();
    Ok([
        activity(ACTIVITY, "SANDBOX-1", "Sandbox: CME credit", Vec::new())?,
        activity(MOC_ACTIVITY, "SANDBOX-2", "Sandbox: CME and MOC credit", registered)?,
    ])
}
