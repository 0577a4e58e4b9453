//! Every rule about an activity, and each field that it may stand beside, by an activity that breaks it
//! and nothing else: the one place where a new rule gets its case.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::tests::active;
use super::*;
use crate::reference::{BoardRules, CreditType, Dated, Item, List, Reference, Rules, Settings};
use crate::{Amount, Board};

pub(super) const TODAY: Date = date(2026, 6, 1);

pub(super) fn reference() -> Reference {
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
        item(List::CreditKinds, "", "Nursing"),
        item(List::CommendationTags, "Teams", "Engages Teams"),
        item(List::RemsPrograms, "", "Mycophenolate"),
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
        type_apart: None,
        completed_from: (code == "ABS").then_some(date(2026, 4, 1)),
        activity_starts_from: (code == "ABPMR").then_some(date(2027, 1, 1)),
    };
    let boards = ["ABA", "ABIM", "ABPMR", "ABS"].map(|code| Dated::always(board(code))).to_vec();
    let settings = Settings { locked_year: 2024, ..Settings::default() };
    Reference::new(Arc::new(Rules::new(boards, vec![Dated::always(settings)], items)), TODAY)
}

pub(super) fn abim() -> MocRegistration {
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
pub(super) fn whole() -> Activity {
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

fn pharmacy(change: impl FnOnce(&mut Pharmacy)) -> Activity {
    let mut pharmacy = Pharmacy::default();
    change(&mut pharmacy);
    Activity { pharmacy: Some(Box::new(pharmacy)), ..whole() }
}

fn support(dollars: i64) -> Activity {
    Activity { support: vec![Support { source: "H".into(), dollars: Some(dollars) }], ..whole() }
}

fn outline(value: &str) -> Activity {
    let keys = vec![OutlineKey { keyword: "Tag ID".into(), value: value.into() }];
    Activity { outlines: vec![Outline { source: "A publisher".into(), keys }], ..whole() }
}

fn credit_of(certification: &str, hundredths: i64) -> Activity {
    let other = OtherCredit { certification: certification.into(), amount: Amount::new(hundredths) };
    Activity { other_credits: vec![other], ..whole() }
}

fn count_of(profession: &str, count: i64) -> Activity {
    let one = ProfessionCount { profession: profession.into(), count };
    Activity { other_breakdown: vec![one], other_total: Some(MOST), ..whole() }
}

/// As many learners as an activity may have.
const MOST: i64 = 10_000_000_000;

/// Each rule, and each field that it may stand beside, by an activity that breaks it and nothing else.
pub(super) fn broken() -> Vec<(Rule, &'static str, Activity)> {
    let long = "x".repeat(501);
    vec![
        (Rule::TitleMissing, "title", Activity { title: " ".into(), ..whole() }),
        (Rule::EndBeforeStart, "ends_on", Activity { ends_on: date(2026, 2, 1), ..whole() }),
        (Rule::LastsTooLong, "ends_on", Activity { starts_on: date(2025, 3, 30), ..whole() }),
        (
            Rule::YearLocked,
            "ends_on",
            Activity { starts_on: date(2024, 1, 1), ends_on: date(2024, 2, 1), ..with_moc(|_| ()) },
        ),
        (Rule::TextTooLong, "internal_id", Activity { internal_id: long, ..whole() }),
        (Rule::DescriptionTooLong, "description", Activity { description: "é".repeat(2_501), ..whole() }),
        (Rule::DeliveryNotOfFormat, "deliveries", Activity { deliveries: vec![Delivery::Online], ..whole() }),
        (Rule::CreditNotAQuarter, "credit", Activity { credit: Some(Amount::new(10)), ..whole() }),
        (Rule::ValueNotInList, "country", Activity { country: "XXX".into(), ..whole() }),
        (Rule::ValueNotInList, "state", Activity { state: "ZZ".into(), ..whole() }),
        (
            Rule::ValueNotInList,
            "state_topics",
            Activity {
                state_topics: vec![StateTopic { domain: "Ethics".into(), topic: "Pain management".into() }],
                ..whole()
            },
        ),
        (
            Rule::SupportSourceMissing,
            "support",
            Activity { support: vec![Support { source: " ".into(), dollars: None }], ..whole() },
        ),
        (
            Rule::SupportNotDollars,
            "support",
            Activity { support: vec![Support { source: "H".into(), dollars: Some(0) }], ..whole() },
        ),
        (Rule::TotalNegative, "physician_total", Activity { physician_total: Some(-1), ..whole() }),
        (
            Rule::KindOfRemsMissing,
            "rems",
            Activity { rems: Some(Rems { kind: String::new(), identifier: "EG-1".into() }), ..whole() },
        ),
        (Rule::DeliveryMissing, "deliveries", Activity { deliveries: vec![], ..whole() }),
        (Rule::CityMissing, "city", Activity { city: " ".into(), ..whole() }),
        (Rule::CountryMissing, "country", Activity { country: String::new(), ..whole() }),
        (Rule::StateMissing, "state", Activity { state: String::new(), ..whole() }),
        (Rule::CreditMissing, "credit", Activity { credit: None, ..whole() }),
        (Rule::DescriptionMissing, "description", Activity { description: "\n".into(), ..whole() }),
        (Rule::ProvidershipMissing, "providership", Activity { providership: None, ..whole() }),
        (Rule::PassportUnanswered, "in_passport", Activity { in_passport: None, ..whole() }),
        (Rule::UrlMissing, "url", Activity { url: String::new(), ..whole() }),
        (Rule::FeeMissing, "fee", Activity { fee: None, ..whole() }),
        (Rule::RegistrationMissing, "registration", Activity { registration: None, ..whole() }),
        (Rule::NotEnded, "ends_on", Activity { ends_on: TODAY, ..whole() }),
        (Rule::JointProvidersMissing, "joint_providers", Activity { joint_providers: vec![], ..whole() }),
        (Rule::OutcomesMissing, "outcomes", Activity { outcomes: vec![], ..whole() }),
        (
            Rule::OutcomeWayMissing,
            "outcomes",
            Activity {
                outcomes: vec![MeasuredOutcome { outcome: "knowledge".into(), objective: false, subjective: false }],
                ..whole()
            },
        ),
        (Rule::SupportUnanswered, "has_support", Activity { has_support: None, ..whole() }),
        (Rule::SupportMissing, "support", Activity { support: vec![], ..whole() }),
        (Rule::SupportContradicts, "has_support", Activity { has_support: Some(false), ..whole() }),
        (Rule::PhysicianTotalMissing, "physician_total", Activity { physician_total: None, ..whole() }),
        (Rule::OtherTotalMissing, "other_total", Activity { other_total: None, ..whole() }),
        (Rule::BreakdownAboveTotal, "other_breakdown", Activity { other_total: Some(11), ..whole() }),
        (Rule::MocBoardUnknown, "board", with_moc(|moc| moc.board = Board::read("ABX").unwrap())),
        (Rule::MocBoardNotYet, "board", with_moc(|moc| moc.board = Board::read("ABPMR").unwrap())),
        (Rule::MocPointsMissing, "points", with_moc(|moc| moc.points = Amount::ZERO)),
        (Rule::MocPointsNotAQuarter, "points", with_moc(|moc| moc.points = Amount::new(110))),
        (
            Rule::MocPointsNotEqualCredit,
            "points",
            with_moc(|moc| (moc.board, moc.points) = (Board::read("ABA").unwrap(), Amount::new(600))),
        ),
        (Rule::MocCreditTypeMissing, "credit_types", with_moc(|moc| moc.credit_types.clear())),
        (Rule::MocCreditTypeUnknown, "credit_types", with_moc(|moc| moc.credit_types.push("Luck".into()))),
        (Rule::MocCreditTypeNotInForce, "credit_types", with_moc(|moc| moc.credit_types.push("Module".into()))),
        (Rule::MocPracticeAreaUnknown, "practice_areas", with_moc(|moc| moc.practice_areas.push("Magic".into()))),
        (Rule::MocPracticeAreaMissing, "practice_areas", with_moc(|moc| moc.practice_areas.clear())),
        (Rule::MocClaimBeforeStart, "claim_until", with_moc(|moc| moc.claim_until = Some(date(2026, 2, 28)))),
        (Rule::MocClaimDateMissing, "claim_until", with_moc(|moc| moc.claim_until = None)),
        (
            Rule::MocUndertakingMissing,
            "undertakings",
            with_moc(|moc| {
                moc.undertakings.pop();
            }),
        ),
        // where a rule stands beside several fields
        (Rule::DateImplausible, "starts_on", Activity { starts_on: date(206, 3, 1), ..whole() }),
        (Rule::DateImplausible, "pharmacy", pharmacy(|one| one.live_on = Some(date(206, 3, 1)))),
        (Rule::DateImplausible, "claim_until", with_moc(|moc| moc.claim_until = Some(date(9999, 12, 31)))),
        (Rule::TextTooLong, "title", Activity { title: "x".repeat(501), ..whole() }),
        (Rule::TextTooLong, "joint_providers", Activity { joint_providers: vec!["é".repeat(501)], ..whole() }),
        (Rule::TextTooLong, "outlines", outline(&"x".repeat(501))),
        (Rule::TextTooLong, "pharmacy", pharmacy(|one| one.content_topics.push("x".repeat(501)))),
        (Rule::CreditNotAQuarter, "other_credits", credit_of("Nursing", 110)),
        (Rule::ValueNotInList, "other_credits", credit_of("Astrology", 100)),
        (Rule::ValueNotInList, "professions", Activity { professions: vec!["Oracle".into()], ..whole() }),
        (Rule::ValueNotInList, "other_breakdown", count_of("Oracle", 1)),
        (Rule::ValueNotInList, "commendation_tags", Activity { commendation_tags: vec!["Best".into()], ..whole() }),
        (
            Rule::ValueNotInList,
            "rems",
            Activity { rems: Some(Rems { kind: "None".into(), identifier: String::new() }), ..whole() },
        ),
        (Rule::TotalNegative, "other_total", Activity { other_total: Some(-1), other_breakdown: vec![], ..whole() }),
        (Rule::TotalNegative, "other_breakdown", count_of("Nurse", -1)),
        (Rule::NumberTooLarge, "physician_total", Activity { physician_total: Some(i64::MAX), ..whole() }),
        (Rule::NumberTooLarge, "support", support(i64::MAX)),
        (Rule::MocBoardNotYet, "board", with_moc(|moc| moc.board = Board::read("ABS").unwrap())),
    ]
}
