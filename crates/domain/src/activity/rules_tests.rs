//! Every rule about an activity, by an activity that breaks it and nothing else.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::tests::active;
use super::*;
use crate::reference::{BoardRules, CreditType, Dated, Item, List, Reference, Rules, Settings};
use crate::{Amount, Board};

const TODAY: Date = date(2026, 6, 1);

fn reference() -> Reference {
    let item = |list, group: &str, code: &str| Item {
        list,
        group: group.into(),
        code: code.into(),
        name: code.into(),
        valid_from: None,
        valid_until: None,
    };
    let items = vec![
        item(List::Countries, "", "USA"),
        item(List::States, "", "NV"),
        item(List::Outcomes, "", "knowledge"),
        item(List::StateTopics, "Opioids", "Pain management"),
        item(List::Professions, "", "Nurse"),
    ];
    let kind = |name: &str, until| CreditType { name: name.into(), valid_from: None, valid_until: until };
    let board = |code: &str| BoardRules {
        code: Board::read(code).unwrap(),
        label: code.into(),
        name: code.into(),
        credit_types: vec![kind("Medical Knowledge", None), kind("Module", Some(date(2020, 12, 31)))],
        practice_areas: vec!["Geriatrics".into()],
        diplomate_id_optional: false,
        points_equal_credit: code == "ABA",
        once_per_date: false,
        completed_from: None,
        activity_starts_from: (code == "ABPMR").then_some(date(2027, 1, 1)),
    };
    let boards = ["ABA", "ABIM", "ABPMR"].map(|code| Dated::always(board(code))).to_vec();
    let settings = Settings { locked_year: 2024, ..Settings::default() };
    Reference::new(Arc::new(Rules::new(boards, vec![Dated::always(settings)], items)), TODAY)
}

fn abim() -> MocRegistration {
    MocRegistration {
        board: Board::read("ABIM").unwrap(),
        points: Amount::new(700),
        credit_types: vec!["Medical Knowledge".into()],
        practice_areas: vec!["Geriatrics".into()],
        claim_until: Some(date(2026, 3, 31)),
        undertakings: Undertaking::ALL.to_vec(),
    }
}

/// An activity that nothing keeps from being closed.
fn whole() -> Activity {
    Activity {
        deliveries: vec![Delivery::InPerson],
        city: "Reno".into(),
        state: "NV".into(),
        country: "USA".into(),
        in_passport: Some(true),
        url: "https://harborview.example/heart".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        providership: Some(Providership::Joint),
        joint_providers: vec!["Heart Alliance of Reno".into()],
        outcomes: vec![MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: false }],
        has_support: Some(true),
        support: vec![Support { source: "Harrowgate".into(), dollars: Some(5_000) }],
        physician_total: Some(0),
        other_total: Some(12),
        other_breakdown: vec![ProfessionCount { profession: "Nurse".into(), count: 12 }],
        state_topics: vec![StateTopic { domain: "Opioids".into(), topic: "Pain management".into() }],
        moc: vec![abim()],
        ..active()
    }
}

fn with_moc(change: impl FnOnce(&mut MocRegistration)) -> Activity {
    let mut moc = abim();
    change(&mut moc);
    Activity { moc: vec![moc], ..whole() }
}

fn codes(list: &[Missing]) -> Vec<Rule> {
    list.iter().map(|missing| missing.rule).collect()
}

#[test]
fn nothing_is_missing_where_nothing_is() {
    assert_eq!(whole().missing_for(Status::Closed, TODAY, &reference()), []);
    assert_eq!(whole().status(TODAY), Status::ReadyToClose);
    assert_eq!(whole().next(TODAY, &reference()), Some((Status::Closed, vec![])));
}

/// Each rule by an activity that breaks it and nothing else.
fn broken() -> Vec<(Rule, Activity)> {
    let long = "x".repeat(501);
    vec![
        (Rule::TitleMissing, Activity { title: " ".into(), ..whole() }),
        (Rule::EndBeforeStart, Activity { ends_on: date(2026, 2, 1), ..whole() }),
        (Rule::LastsTooLong, Activity { starts_on: date(2025, 3, 30), ..whole() }),
        (Rule::YearLocked, Activity { starts_on: date(2024, 1, 1), ends_on: date(2024, 2, 1), ..with_moc(|_| ()) }),
        (Rule::TextTooLong, Activity { internal_id: long, ..whole() }),
        (Rule::DescriptionTooLong, Activity { description: "é".repeat(2_501), ..whole() }),
        (Rule::DeliveryNotOfFormat, Activity { deliveries: vec![Delivery::Online], ..whole() }),
        (Rule::CreditNotAQuarter, Activity { credit: Some(Amount::new(10)), ..whole() }),
        (Rule::ValueNotInList, Activity { country: "XXX".into(), ..whole() }),
        (Rule::ValueNotInList, Activity { state: "ZZ".into(), ..whole() }),
        (
            Rule::ValueNotInList,
            Activity {
                state_topics: vec![StateTopic { domain: "Ethics".into(), topic: "Pain management".into() }],
                ..whole()
            },
        ),
        (
            Rule::SupportSourceMissing,
            Activity { support: vec![Support { source: " ".into(), dollars: None }], ..whole() },
        ),
        (
            Rule::SupportNotDollars,
            Activity { support: vec![Support { source: "H".into(), dollars: Some(0) }], ..whole() },
        ),
        (Rule::TotalNegative, Activity { physician_total: Some(-1), ..whole() }),
        (
            Rule::KindOfRemsMissing,
            Activity { rems: Some(Rems { kind: String::new(), identifier: "EG-1".into() }), ..whole() },
        ),
        (Rule::DeliveryMissing, Activity { deliveries: vec![], ..whole() }),
        (Rule::CityMissing, Activity { city: " ".into(), ..whole() }),
        (Rule::CountryMissing, Activity { country: String::new(), ..whole() }),
        (Rule::StateMissing, Activity { state: String::new(), ..whole() }),
        (Rule::CreditMissing, Activity { credit: None, ..whole() }),
        (Rule::DescriptionMissing, Activity { description: "\n".into(), ..whole() }),
        (Rule::ProvidershipMissing, Activity { providership: None, ..whole() }),
        (Rule::PassportUnanswered, Activity { in_passport: None, ..whole() }),
        (Rule::UrlMissing, Activity { url: String::new(), ..whole() }),
        (Rule::FeeMissing, Activity { fee: None, ..whole() }),
        (Rule::RegistrationMissing, Activity { registration: None, ..whole() }),
        (Rule::NotEnded, Activity { ends_on: TODAY, ..whole() }),
        (Rule::JointProvidersMissing, Activity { joint_providers: vec![], ..whole() }),
        (Rule::OutcomesMissing, Activity { outcomes: vec![], ..whole() }),
        (
            Rule::OutcomeWayMissing,
            Activity {
                outcomes: vec![MeasuredOutcome { outcome: "knowledge".into(), objective: false, subjective: false }],
                ..whole()
            },
        ),
        (Rule::SupportUnanswered, Activity { has_support: None, ..whole() }),
        (Rule::SupportMissing, Activity { support: vec![], ..whole() }),
        (Rule::SupportContradicts, Activity { has_support: Some(false), ..whole() }),
        (Rule::PhysicianTotalMissing, Activity { physician_total: None, ..whole() }),
        (Rule::OtherTotalMissing, Activity { other_total: None, ..whole() }),
        (Rule::BreakdownAboveTotal, Activity { other_total: Some(11), ..whole() }),
        (Rule::MocBoardUnknown, with_moc(|moc| moc.board = Board::read("ABX").unwrap())),
        (Rule::MocBoardNotYet, with_moc(|moc| moc.board = Board::read("ABPMR").unwrap())),
        (Rule::MocPointsMissing, with_moc(|moc| moc.points = Amount::ZERO)),
        (Rule::MocPointsNotAQuarter, with_moc(|moc| moc.points = Amount::new(110))),
        (
            Rule::MocPointsNotEqualCredit,
            with_moc(|moc| (moc.board, moc.points) = (Board::read("ABA").unwrap(), Amount::new(600))),
        ),
        (Rule::MocCreditTypeMissing, with_moc(|moc| moc.credit_types.clear())),
        (Rule::MocCreditTypeUnknown, with_moc(|moc| moc.credit_types.push("Luck".into()))),
        (Rule::MocCreditTypeNotInForce, with_moc(|moc| moc.credit_types.push("Module".into()))),
        (Rule::MocPracticeAreaUnknown, with_moc(|moc| moc.practice_areas.push("Magic".into()))),
        (Rule::MocPracticeAreaMissing, with_moc(|moc| moc.practice_areas.clear())),
        (Rule::MocClaimBeforeStart, with_moc(|moc| moc.claim_until = Some(date(2026, 2, 28)))),
        (Rule::MocClaimDateMissing, with_moc(|moc| moc.claim_until = None)),
        (
            Rule::MocUndertakingMissing,
            with_moc(|moc| {
                moc.undertakings.pop();
            }),
        ),
    ]
}

#[test]
fn every_rule_is_broken_by_its_case_and_no_other_is() {
    let broken = broken();
    for (rule, activity) in &broken {
        let found = activity.missing_for(Status::Closed, TODAY, &reference());
        assert_eq!(codes(&found), [*rule], "{activity:?}");
    }
    // those about values that the type cannot lack belong to whoever reads them
    let read = [Rule::FormatMissing, Rule::StartMissing, Rule::EndMissing];
    for rule in Rule::ALL.iter().filter(|rule| !read.contains(rule)) {
        assert!(broken.iter().any(|(of, _)| of == rule), "{rule} has no case");
    }
}

#[test]
fn a_rule_counts_from_the_status_that_needs_it() {
    for (rule, activity) in broken() {
        for status in Status::ALL {
            let found = codes(&activity.missing_for(*status, TODAY, &reference()));
            // registrations are refused where they are saved, so their faults wait for closing
            let counts = rule.needed_for() <= *status && (activity.moc == [abim()] || *status == Status::Closed);
            assert_eq!(found.contains(&rule), counts, "{rule} for {status}");
        }
    }
}

#[test]
fn a_draft_needs_title_format_and_dates_and_nothing_else() {
    let basics = Basics {
        title: "Knots".into(),
        format: Some(Format::LiveCourse),
        starts_on: Some(date(2026, 1, 1)),
        ends_on: Some(date(2026, 1, 2)),
    };
    let id = "000000000".parse().unwrap();
    let provider = "0001234".parse().unwrap();
    let draft = basics.clone().draft(id, provider).unwrap();
    assert_eq!((draft.faults(&reference()), draft.status(TODAY)), (vec![], Status::Draft));
    let cases = [
        (Rule::TitleMissing, Basics { title: " ".into(), ..basics.clone() }),
        (Rule::FormatMissing, Basics { format: None, ..basics.clone() }),
        (Rule::StartMissing, Basics { starts_on: None, ..basics.clone() }),
        (Rule::EndMissing, Basics { ends_on: None, ..basics }),
    ];
    for (rule, basics) in cases {
        assert_eq!(basics.draft(id, provider).map_err(|list| codes(&list)), Err(vec![rule]));
    }
    assert_eq!(codes(&Basics::default().draft(id, provider).unwrap_err()).len(), 4);
}

#[test]
fn a_format_takes_only_its_own_deliveries_and_length() {
    let enduring = Activity {
        format: Format::EnduringMaterial,
        deliveries: vec![Delivery::Online, Delivery::PrintOther],
        ends_on: date(2029, 3, 1),
        ..active()
    };
    assert_eq!(enduring.missing_for(Status::Active, TODAY, &reference()), []);
    let longer = Activity { ends_on: date(2029, 3, 2), ..enduring };
    assert_eq!(codes(&longer.faults(&reference())), [Rule::LastsTooLong]);
    let journal = Activity { format: Format::JournalBased, deliveries: vec![], ..active() };
    assert_eq!(journal.missing_for(Status::Active, TODAY, &reference()), []);
}

#[test]
fn outside_the_united_states_no_state_is_needed() {
    let toronto = Activity { city: "Toronto".into(), country: "CAN".into(), state: String::new(), ..whole() };
    assert_eq!(toronto.missing_for_active(), []);
}
