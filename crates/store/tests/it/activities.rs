//! Activities as stored: every field, every count, each status on each day.

use std::collections::HashMap;

use domain::access::{Actor, ProviderRole, ProviderScope, Seat, Who};
use domain::activity::{
    Activity, Answer, Delivery, Fee, Format, MeasuredOutcome, MocRegistration, OtherCredit, Outline, OutlineKey,
    Pharmacy, PharmacyRequirement, ProfessionCount, Providership, Registration, Rems, StateTopic, Status, Support,
    Undertaking,
};
use domain::{AccountId, ActivityId, Amount, Board, ProviderId};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use store::activities::{self, Attested, Counts, Filter, Save, Sort};
use store::organizations::{Provider, Standing};
use store::{ReadTx, WriteTx};
use testkit::{TestStore, people};
use uuid::Uuid;

const AT: Attested = Attested { by: None, at: 1_795_000_000_000_000 };

fn scope_of(provider: ProviderId) -> ProviderScope {
    let who = Who::Account(AccountId::new(Uuid::nil()));
    Actor { who, seat: Seat::Provider(provider, ProviderRole::Owner) }.provider(ProviderRole::Viewer).unwrap()
}

fn scope() -> ProviderScope {
    scope_of(people::provider_id())
}

async fn begun(test: &TestStore) -> WriteTx {
    let mut tx = test.store.write().await.unwrap();
    for id in [people::provider_id(), people::other_provider_id()] {
        let provider = Provider {
            id,
            name: "Harborview".into(),
            organization_type: "Hospital".into(),
            city: "Oakland".into(),
            state: "CA".into(),
            standing: Standing::Good,
            contact_name: String::new(),
            contact_email: String::new(),
            created_at: 0,
        };
        store::organizations::insert_provider(&mut tx, &provider).await.unwrap();
    }
    tx
}

fn id(number: usize) -> ActivityId {
    format!("{number:09}").parse().unwrap()
}

fn active(number: usize, starts_on: Date, ends_on: Date) -> Activity {
    Activity {
        credit: Some(Amount::new(100)),
        description: "Knots.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        ..Activity::draft(id(number), people::provider_id(), "Knots", Format::CommitteeLearning, starts_on, ends_on)
    }
}

/// Nothing of it is empty.
fn whole() -> Activity {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    Activity {
        internal_id: "KN-1".into(),
        deliveries: vec![Delivery::InPerson, Delivery::Online],
        format: Format::OtherBlended,
        city: "Reno".into(),
        state: "NV".into(),
        country: "USA".into(),
        other_credits: vec![OtherCredit { certification: "Nursing".into(), amount: Amount::new(75) }],
        description: "Knots \"and\" \n sutures: é, 結び.".into(),
        providership: Some(Providership::Joint),
        joint_providers: words(&["One; Two", "Three"]),
        is_interprofessional: Some(true),
        professions: words(&["Physician", "Nurse"]),
        specialties: words(&["Surgery"]),
        in_passport: Some(true),
        url: "https://harborview.example/knots".into(),
        fee: Some(Fee::Variable),
        registration: Some(Registration::Limited),
        outcomes: vec![MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: false }],
        has_support: Some(true),
        support: vec![
            Support { source: "Harrowgate".into(), dollars: Some(5_000) },
            Support { source: "Harrowgate".into(), dollars: None },
        ],
        physician_total: Some(0),
        other_total: Some(12),
        other_breakdown: vec![ProfessionCount { profession: "Nurse".into(), count: 7 }],
        commendation_tags: words(&["Engages Teams"]),
        is_mips: Some(false),
        rems: Some(Rems { kind: "Mycophenolate".into(), identifier: "EG-1".into() }),
        has_state_topics: Some(true),
        state_topics: vec![StateTopic { domain: "Opioids".into(), topic: "Pain management".into() }],
        outlines: vec![Outline {
            source: "01_ABAMCO".into(),
            keys: vec![OutlineKey { keyword: "Tag ID".into(), value: "1.2.3".into() }],
        }],
        pharmacy: Some(Box::new(Pharmacy {
            activity_type: "Knowledge".into(),
            live_on: Some(date(2026, 3, 1)),
            has_recertification: Some(Answer::NotSure),
            recertification: vec![PharmacyRequirement { audience: "Pharmacists".into(), requirement: "Law".into() }],
            content_states: words(&["NV"]),
            ..Pharmacy::default()
        })),
        moc: vec![registration("ABA"), registration("ABIM")],
        ..active(1, date(2026, 3, 1), date(2026, 3, 31))
    }
}

fn registration(board: &str) -> MocRegistration {
    MocRegistration {
        board: Board::read(board).unwrap(),
        points: Amount::new(100),
        credit_types: vec!["Patient Safety".into()],
        practice_areas: vec!["Pain Medicine".into()],
        claim_until: Some(date(2026, 12, 31)),
        undertakings: vec![Undertaking::MeetsRequirements, Undertaking::AnswersAudits],
    }
}

async fn read(tx: &mut ReadTx, id: ActivityId) -> Activity {
    activities::find(tx, &scope(), id).await.unwrap().unwrap().activity
}

#[tokio::test]
async fn every_field_comes_back_as_it_was_saved_new_and_changed() {
    let test = TestStore::new().await;
    let mut tx = begun(&test).await;
    activities::insert(&mut tx, &scope(), &whole(), AT).await.unwrap();
    assert_eq!(read(&mut tx, id(1)).await, whole());
    let empty =
        Activity::draft(id(2), people::provider_id(), "T", Format::LiveCourse, date(2026, 1, 1), date(2026, 1, 1));
    activities::insert(&mut tx, &scope(), &empty, AT).await.unwrap();
    assert_eq!(read(&mut tx, id(2)).await, empty);
    let swapped = [Activity { id: id(2), ..whole() }, Activity { id: id(1), ..empty.clone() }];
    let saves = swapped.each_ref().map(|activity| Save { activity, version: Some(1) });
    assert!(activities::save_many(&mut tx, &scope(), &saves, AT).await.unwrap());
    for activity in swapped {
        assert_eq!(read(&mut tx, activity.id).await, activity);
    }
    let taken = activities::insert(&mut tx, &scope(), &whole(), AT).await.unwrap_err();
    assert!(taken.is_unique_violation(), "{taken}");
}

#[tokio::test]
async fn a_save_on_an_older_version_or_of_a_stranger_writes_nothing() {
    let test = TestStore::new().await;
    let mut tx = begun(&test).await;
    activities::insert(&mut tx, &scope(), &whole(), AT).await.unwrap();
    let renamed = Activity { title: "Renamed".into(), ..whole() };
    for version in [0, 2, -1] {
        assert!(!activities::update(&mut tx, &scope(), &renamed, version, AT).await.unwrap(), "{version}");
    }
    let stranger = scope_of(people::other_provider_id());
    assert!(!activities::update(&mut tx, &stranger, &renamed, 1, AT).await.unwrap());
    let claimed = Activity { provider: people::other_provider_id(), ..renamed.clone() };
    assert!(!activities::update(&mut tx, &stranger, &claimed, 1, AT).await.unwrap());
    assert!(!activities::delete(&mut tx, &stranger, id(1), 1).await.unwrap());
    assert_eq!(read(&mut tx, id(1)).await, whole());
    assert!(activities::update(&mut tx, &scope(), &renamed, 1, AT).await.unwrap());
    assert_eq!(activities::versions(&mut tx, &scope(), &[id(1)]).await.unwrap(), HashMap::from([(id(1), 2)]));
}

#[tokio::test]
async fn an_undertaking_keeps_its_first_giver_until_it_is_withdrawn() {
    let test = TestStore::new().await;
    let mut tx = begun(&test).await;
    let by = |number, at| Attested { by: Some(AccountId::new(Uuid::from_u128(number))), at };
    activities::insert(&mut tx, &scope(), &whole(), by(1, 10)).await.unwrap();
    let mut more = whole();
    more.moc[0].undertakings = Undertaking::ALL.to_vec();
    more.moc[1].undertakings = vec![Undertaking::AnswersAudits];
    assert!(activities::update(&mut tx, &scope(), &more, 1, by(2, 20)).await.unwrap());
    let given = activities::undertaken(&mut tx, &scope(), id(1)).await.unwrap();
    let of =
        |board: &str| -> Vec<i64> { given.iter().filter(|one| one.board.code() == board).map(|one| one.at).collect() };
    assert_eq!((of("ABA").len(), of("ABA").iter().filter(|at| **at == 10).count()), (5, 2));
    assert_eq!(of("ABIM"), [10]);
    assert_eq!(read(&mut tx, id(1)).await, more);
    let without = Activity { moc: vec![], ..more };
    assert!(activities::update(&mut tx, &scope(), &without, 2, by(2, 30)).await.unwrap());
    assert_eq!(activities::undertaken(&mut tx, &scope(), id(1)).await.unwrap(), []);
}

/// Drafts, open ones of many dates and closed ones, in two formats.
fn many() -> Vec<Activity> {
    (1..=60)
        .map(|number| {
            let starts_on = date(2026, 1, 1).saturating_add(i32::try_from(number * 7).unwrap().days());
            let activity = active(number, starts_on, starts_on.saturating_add(20.days()));
            Activity {
                title: format!("Knots {}", number % 7),
                credit: if number % 5 == 0 { None } else { activity.credit },
                is_closed: number % 3 == 0,
                format: if number % 2 == 0 { Format::ManuscriptReview } else { activity.format },
                ..activity
            }
        })
        .collect()
}

fn counted(all: &[Activity], today: Date) -> Counts {
    let of = |status| all.iter().filter(|activity| activity.status(today) == status).count() as i64;
    Counts {
        draft: of(Status::Draft),
        active: of(Status::Active),
        ready_to_close: of(Status::ReadyToClose),
        closed: of(Status::Closed),
    }
}

#[tokio::test]
async fn lists_and_counts_say_each_status_as_the_domain_does_on_every_day_without_a_save() {
    let test = TestStore::new().await;
    let mut tx = begun(&test).await;
    let mut all = many();
    let saves: Vec<Save<'_>> = all.iter().map(|activity| Save { activity, version: None }).collect();
    assert!(activities::save_many(&mut tx, &scope(), &saves, AT).await.unwrap());
    for (n, activity) in all.iter_mut().enumerate() {
        if n % 4 == 0 {
            activity.is_closed = !activity.is_closed;
            activity.ends_on = activity.ends_on.saturating_add(100.days());
            assert!(activities::update(&mut tx, &scope(), activity, 1, AT).await.unwrap());
        }
    }
    let gone = all.swap_remove(5);
    assert!(activities::delete(&mut tx, &scope(), gone.id, 1).await.unwrap());
    for day in (0..500).step_by(9) {
        let today = date(2025, 12, 25).saturating_add(day.days());
        let by_tally = activities::counts(&mut tx, &scope(), &Filter::default(), today).await.unwrap();
        let by_rows = Filter { providership: Some(Providership::Direct), ..Filter::default() };
        let by_rows = activities::counts(&mut tx, &scope(), &by_rows, today).await.unwrap();
        assert_eq!((by_tally, by_rows), (counted(&all, today), counted(&all, today)), "{today}");
        for status in Status::ALL {
            let filter = Filter { status: Some(*status), ..Filter::default() };
            let listed = activities::list(&mut tx, &scope(), &filter, today, Sort::OldestEnd, 100, 0).await.unwrap();
            assert_eq!(listed.len() as i64, by_tally.of(*status), "{today} {status}");
            assert!(listed.iter().all(|one| one.stored.activity.status(today) == *status), "{today} {status}");
        }
    }
    let of_format = Filter { format: Some(Format::ManuscriptReview), ..Filter::default() };
    let today = date(2026, 6, 1);
    let few: Vec<Activity> = all.iter().filter(|one| one.format == Format::ManuscriptReview).cloned().collect();
    assert_eq!(activities::counts(&mut tx, &scope(), &of_format, today).await.unwrap(), counted(&few, today));
    let stranger = scope_of(people::other_provider_id());
    let none = activities::counts(&mut tx, &stranger, &Filter::default(), today).await.unwrap();
    assert_eq!(none, Counts::default());
}

#[tokio::test]
async fn every_order_and_filter_shows_each_activity_once_across_pages() {
    let test = TestStore::new().await;
    let mut tx = begun(&test).await;
    let all = many();
    let saves: Vec<Save<'_>> = all.iter().map(|activity| Save { activity, version: None }).collect();
    assert!(activities::save_many(&mut tx, &scope(), &saves, AT).await.unwrap());
    let today = date(2026, 6, 1);
    let orders = [
        Sort::NewestStart,
        Sort::OldestStart,
        Sort::NewestEnd,
        Sort::OldestEnd,
        Sort::Title,
        Sort::TitleBackwards,
        Sort::MostCompletions,
        Sort::FewestCompletions,
    ];
    for sort in orders {
        let mut shown = Vec::new();
        for page in 0..7 {
            let offset = page * 10;
            let listed =
                activities::list(&mut tx, &scope(), &Filter::default(), today, sort, 10, offset).await.unwrap();
            shown.extend(listed.into_iter().map(|one| one.stored.activity.id));
        }
        shown.sort_unstable();
        assert_eq!(shown, (1..=60).map(id).collect::<Vec<_>>(), "{sort:?}");
    }
    let in_2027 = Filter { starts_in: Some(2027), ..Filter::default() };
    let ids = activities::list_ids(&mut tx, &scope(), &in_2027, today, 100).await.unwrap();
    let wanted: Vec<ActivityId> = all.iter().filter(|one| one.starts_on.year() == 2027).map(|one| one.id).collect();
    assert_eq!(ids, wanted);
    let board =
        Filter { board: Board::read("ABIM"), is_rems: Some(false), in_passport: Some(false), ..Filter::default() };
    assert_eq!(activities::list_ids(&mut tx, &scope(), &board, today, 100).await.unwrap(), []);
    activities::insert(&mut tx, &scope(), &Activity { id: id(99), ..whole() }, AT).await.unwrap();
    let board = Filter { board: Board::read("ABIM"), ends_in: Some(2026), is_rems: Some(true), ..Filter::default() };
    assert_eq!(activities::list_ids(&mut tx, &scope(), &board, today, 100).await.unwrap(), [id(99)]);
    let looked_up = |day| Filter {
        internal_id: Some("KN-1".into()),
        starts_on: Some(date(2026, 3, day)),
        format: Some(Format::OtherBlended),
        ..Filter::default()
    };
    assert_eq!(activities::list_ids(&mut tx, &scope(), &looked_up(1), today, 100).await.unwrap(), [id(99)]);
    assert_eq!(activities::list_ids(&mut tx, &scope(), &looked_up(2), today, 100).await.unwrap(), []);
}

#[tokio::test]
async fn twins_are_found_by_title_start_format_and_place() {
    let test = TestStore::new().await;
    let mut tx = begun(&test).await;
    let first = active(1, date(2026, 3, 1), date(2026, 3, 2));
    let others = [
        Activity { id: id(2), title: "KNOTS!".into(), ends_on: date(2026, 3, 5), ..first.clone() },
        Activity { id: id(3), city: "Reno".into(), ..first.clone() },
        Activity { id: id(4), starts_on: date(2026, 3, 2), ..first.clone() },
    ];
    for activity in std::iter::once(&first).chain(&others) {
        activities::insert(&mut tx, &scope(), activity, AT).await.unwrap();
    }
    assert_eq!(activities::alike(&mut tx, &scope(), &first).await.unwrap(), [id(2)]);
    let stranger = scope_of(people::other_provider_id());
    assert_eq!(activities::alike(&mut tx, &stranger, &first).await.unwrap(), []);
}

#[tokio::test]
async fn handed_out_ids_pass_over_those_that_are_there() {
    let test = TestStore::new().await;
    let mut tx = begun(&test).await;
    let there = Activity { id: id(200_000_002), ..whole() };
    activities::insert(&mut tx, &scope(), &there, AT).await.unwrap();
    let ids = activities::next_ids(&mut tx, 3).await.unwrap();
    assert_eq!(ids, [200_000_001, 200_000_003, 200_000_004].map(id));
    assert_eq!(activities::next_id(&mut tx).await.unwrap(), id(200_000_005));
}
