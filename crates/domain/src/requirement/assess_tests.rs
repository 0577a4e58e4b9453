//! Each kind of rule with what it makes of credit.

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;
use crate::CompletionId;
use crate::activity::StateTopic;
use crate::reference::Reference;

const TODAY: Date = date(2026, 11, 23);

/// 50 hours in two calendar years, the even one last.
fn plain() -> Requirement {
    Requirement {
        state: State::read("CA").unwrap(),
        is_example: false,
        hours: Amount::new(5_000),
        cycle: CycleRule::FixedDate { ends: MonthDay::new(12, 31).unwrap(), years: 2, anchor_year: 2026 },
        topics: vec![],
        caps: vec![],
        carry_over: Amount::ZERO,
        first_renewal: FirstRenewal::Full,
        grace_days: 0,
        certified_statuses: vec![],
        exempt_statuses: vec![],
        note: String::new(),
    }
}

fn held(issued: Option<Date>) -> LicenseFacts {
    LicenseFacts { status: "Active".into(), issued_on: issued, ..LicenseFacts::default() }
}

fn old() -> LicenseFacts {
    held(Some(date(2001, 7, 1)))
}

fn credit(n: u128, on: Date, hundredths: i64) -> Counted {
    Counted {
        completion: CompletionId::new(Uuid::from_u128(n)),
        completed_on: on,
        amount: Amount::new(hundredths),
        is_derived: false,
        format: Format::LiveCourse,
        topics: Vec::new().into(),
    }
}

fn on_topics(credit: Counted, topics: &[(&str, &str)]) -> Counted {
    let one = |(domain, topic): &(&str, &str)| StateTopic { domain: (*domain).into(), topic: (*topic).into() };
    Counted { topics: topics.iter().map(one).collect::<Vec<_>>().into(), ..credit }
}

fn minimum(domain: &str, topic: &str, hundredths: i64) -> TopicMinimum {
    TopicMinimum {
        domain: domain.into(),
        topic: topic.into(),
        amount: Amount::new(hundredths),
        once: false,
        condition: String::new(),
    }
}

fn now(requirement: &Requirement, facts: &LicenseFacts, credits: &[Counted]) -> Assessment {
    assess(requirement, facts, credits, TODAY, TODAY)
}

fn said(assessment: &Assessment, requirement: &Requirement, credits: &[Counted]) -> Vec<String> {
    assessment.trace.iter().map(|line| line.words(requirement, credits, &Reference::default())).collect()
}

#[test]
fn credit_counts_from_the_first_to_the_last_day_of_the_cycle() {
    let credits = [
        credit(1, date(2024, 12, 31), 1_000),
        credit(2, date(2025, 1, 1), 200),
        credit(3, date(2026, 12, 31), 300),
        credit(4, date(2027, 1, 1), 1_000),
    ];
    let found = now(&plain(), &old(), &credits);
    let cycle = found.cycle.unwrap();
    assert_eq!((cycle.from, cycle.until, cycle.due), (date(2025, 1, 1), date(2026, 12, 31), date(2026, 12, 31)));
    assert_eq!((found.counted, found.missing), (Amount::new(500), Amount::new(4_500)));
    assert_eq!(found.standing, Standing::NotYetDue);
}

#[test]
fn what_is_missing_is_due_after_the_grace() {
    let requirement = Requirement { grace_days: 60, ..plain() };
    let asked = |today: Date| assess(&requirement, &old(), &[], date(2026, 12, 31), today).standing;
    assert_eq!(asked(date(2026, 12, 31)), Standing::NotYetDue);
    assert_eq!(asked(date(2027, 3, 1)), Standing::NotYetDue);
    assert_eq!(asked(date(2027, 3, 2)), Standing::Missing);
    let whole = [credit(1, date(2025, 5, 5), 5_000)];
    assert_eq!(assess(&requirement, &old(), &whole, date(2026, 12, 31), date(2030, 1, 1)).standing, Standing::Met);
}

#[test]
fn the_same_credit_counts_for_the_total_and_for_each_of_its_topics() {
    let topics = vec![
        minimum("Opioids", "Opioid prescribing", 200),
        minimum("Opioids", "", 300),
        minimum("Patient Safety", "Medical errors", 100),
    ];
    let requirement = Requirement { topics, ..plain() };
    let both = [("Opioids", "Opioid prescribing"), ("Opioids", "Pain management")];
    let credits = [
        on_topics(credit(1, date(2025, 5, 5), 200), &both),
        on_topics(credit(2, date(2024, 5, 5), 900), &[("Patient Safety", "Medical errors")]),
    ];
    let found = now(&requirement, &old(), &credits);
    let counted: Vec<i64> = found.topics.iter().map(|topic| topic.counted.hundredths()).collect();
    assert_eq!(counted, [200, 200, 0], "once in each, and nothing of an earlier cycle");
    assert_eq!(found.counted, Amount::new(200));
    let short: Vec<(&str, i64)> =
        found.missing_topics(&requirement, false).map(|(topic, by)| (topic.domain.as_str(), by.hundredths())).collect();
    assert_eq!(short, [("Opioids", 100), ("Patient Safety", 100)]);
    assert_eq!(
        said(&found, &requirement, &credits),
        [
            "These 2.00 count toward the hours: completed within the cycle.",
            "These 2.00 count for Opioid prescribing because the activity lists the topic Opioid prescribing (Opioids).",
            "These 2.00 count for Opioids because the activity lists the topic Opioid prescribing (Opioids).",
        ]
    );
}

#[test]
fn a_topic_alone_can_be_missing() {
    let requirement = Requirement { topics: vec![minimum("Opioids", "", 300)], ..plain() };
    let found = assess(&requirement, &old(), &[credit(1, TODAY, 6_000)], TODAY, date(2027, 1, 1));
    assert_eq!((found.standing, found.missing), (Standing::Missing, Amount::ZERO));
}

#[test]
fn a_topic_asked_once_is_looked_for_in_all_the_years() {
    let once = TopicMinimum { once: true, ..minimum("Violence and Exploitation", "Human trafficking", 100) };
    let requirement = Requirement { topics: vec![once], ..plain() };
    let topic = [("Violence and Exploitation", "Human trafficking")];
    let found = now(&requirement, &old(), &[on_topics(credit(1, date(2009, 2, 3), 100), &topic)]);
    assert!(found.topics[0].missing.is_zero() && found.counted.is_zero());
    // what came after the cycle was not there then
    let late = [on_topics(credit(1, date(2026, 2, 3), 100), &topic)];
    assert!(!assess(&requirement, &old(), &late, date(2024, 6, 1), TODAY).topics[0].missing.is_zero());
    assert_eq!(requirement.looks_back(TODAY), None);
    assert_eq!(plain().looks_back(TODAY), Some(date(2024, 11, 23)));
}

#[test]
fn a_topic_with_a_condition_is_told_and_makes_nobody_fall_short() {
    let topic = TopicMinimum { condition: "Licensees who prescribe".into(), ..minimum("Opioids", "", 300) };
    let requirement = Requirement { hours: Amount::ZERO, topics: vec![topic], ..plain() };
    let found = now(&requirement, &old(), &[]);
    assert_eq!((found.standing, found.topics[0].missing), (Standing::Met, Amount::new(300)));
    assert_eq!(found.missing_topics(&requirement, false).count(), 0);
    assert_eq!(found.missing_topics(&requirement, true).count(), 1);
}

#[test]
fn a_cap_takes_the_earliest_credit_first_and_says_what_is_over() {
    let caps = vec![Cap { on: Capped::Format(Format::JournalBased), most: Amount::new(1_000) }];
    let requirement = Requirement { caps, ..plain() };
    let journal = |n, on, amount| Counted { format: Format::JournalBased, ..credit(n, on, amount) };
    let credits = [
        journal(1, date(2026, 5, 5), 450),
        journal(2, date(2025, 5, 5), 700),
        credit(3, date(2026, 6, 6), 2_000),
        journal(4, date(2026, 7, 7), 100),
    ];
    let found = now(&requirement, &old(), &credits);
    assert_eq!(found.counted, Amount::new(3_000));
    let of = |place| found.lines_of(place).map(|l| l.words(&requirement, &credits, &Reference::default()));
    assert_eq!(
        of(0).collect::<Vec<_>>(),
        [
            "3.00 of these 4.50 count toward the hours: completed within the cycle.",
            "1.50 of Journal-Based CME are over the cap of 10.00 and do not count.",
        ]
    );
    assert_eq!(of(3).collect::<Vec<_>>(), ["1.00 of Journal-Based CME are over the cap of 10.00 and do not count."]);
}

#[test]
fn derived_credit_takes_its_place_under_a_cap_last() {
    let caps = vec![
        Cap { on: Capped::Format(Format::JournalBased), most: Amount::new(100) },
        Cap { on: Capped::Derived, most: Amount::new(100) },
    ];
    let requirement = Requirement { caps, ..plain() };
    let credits = [
        Counted { is_derived: true, format: Format::JournalBased, ..credit(1, date(2025, 1, 1), 100) },
        Counted { is_derived: true, ..credit(2, date(2025, 1, 2), 100) },
        Counted { format: Format::JournalBased, ..credit(3, date(2025, 1, 3), 100) },
    ];
    assert_eq!(now(&requirement, &old(), &credits).counted, Amount::new(200));
    assert_eq!(now(&requirement, &old(), &credits[1..]).counted, Amount::new(200));
}

#[test]
fn a_topic_knows_no_cap() {
    let requirement = Requirement {
        topics: vec![minimum("Opioids", "", 300)],
        caps: vec![Cap { on: Capped::Format(Format::LiveCourse), most: Amount::ZERO }],
        ..plain()
    };
    let credits = [on_topics(credit(1, TODAY, 300), &[("Opioids", "Pain management")])];
    let found = now(&requirement, &old(), &credits);
    assert!(found.counted.is_zero() && found.topics[0].missing.is_zero());
}

#[test]
fn the_surplus_of_the_cycle_before_is_carried_up_to_the_most() {
    let requirement = Requirement { carry_over: Amount::new(1_000), ..plain() };
    for (before, carried) in [(4_000, 0), (5_000, 0), (5_500, 500), (6_000, 1_000), (9_000, 1_000)] {
        let found = now(&requirement, &old(), &[credit(1, date(2024, 3, 3), before)]);
        assert_eq!((found.carried.hundredths(), found.counted), (carried, Amount::ZERO), "{before}");
        assert_eq!(found.missing, Amount::new(5_000 - carried));
    }
    // two cycles ago is too long ago
    assert!(now(&requirement, &old(), &[credit(1, date(2022, 3, 3), 9_000)]).carried.is_zero());
    // nobody carries from before the license
    let new = held(Some(date(2025, 1, 1)));
    assert!(now(&requirement, &new, &[credit(1, date(2024, 3, 3), 9_000)]).carried.is_zero());
    let found = now(&requirement, &old(), &[credit(1, date(2024, 3, 3), 9_000)]);
    assert_eq!(
        said(&found, &requirement, &[]),
        ["10.00 are carried over: the cycle before had 40.00 more than it needed, and at most 10.00 of that counts."]
    );
}

#[test]
fn a_first_renewal_asks_for_all_a_part_or_nothing() {
    let asked = |first_renewal, issued: Date| {
        let requirement = Requirement { first_renewal, topics: vec![minimum("Opioids", "", 300)], ..plain() };
        let found = now(&requirement, &held(Some(issued)), &[]);
        (found.required.hundredths(), found.topics[0].required.hundredths(), found.standing)
    };
    let first_day = date(2025, 1, 1);
    assert_eq!(asked(FirstRenewal::Full, first_day), (5_000, 300, Standing::NotYetDue));
    assert_eq!(asked(FirstRenewal::Exempt, first_day), (0, 0, Standing::Exempt));
    assert_eq!(asked(FirstRenewal::Exempt, date(2024, 12, 31)), (5_000, 300, Standing::NotYetDue));
    for (issued, hundredths) in [
        (date(2025, 1, 1), 5_000),
        (date(2025, 1, 2), 4_775),
        (date(2026, 1, 1), 2_500),
        (date(2026, 6, 15), 1_250),
        (date(2026, 12, 1), 200),
        (date(2026, 12, 2), 0),
        (date(2026, 12, 31), 0),
    ] {
        assert_eq!(asked(FirstRenewal::ProRata, issued), (hundredths, 300, Standing::NotYetDue), "{issued}");
    }
}

#[test]
fn without_a_day_of_issue_what_is_overdue_may_have_been_a_first_renewal() {
    let requirement = Requirement { first_renewal: FirstRenewal::Exempt, ..plain() };
    let asked = |credits: &[Counted], on| assess(&requirement, &held(None), credits, on, TODAY);
    let past = asked(&[], date(2024, 6, 1));
    assert_eq!((past.standing, past.lacking.clone()), (Standing::NotKnown, vec![Lacking::IssueDate]));
    assert_eq!(past.missing, Amount::new(5_000), "the figures stand beside it");
    assert_eq!(asked(&[], TODAY).standing, Standing::NotYetDue);
    let enough = [credit(1, date(2024, 3, 3), 5_000)];
    assert_eq!(asked(&enough, date(2024, 6, 1)).standing, Standing::Met, "it is enough either way");
}

#[test]
fn a_certification_stands_for_the_hours_and_not_for_topics() {
    let requirement = Requirement {
        certified_statuses: vec!["Certified".into()],
        topics: vec![minimum("Opioids", "", 300)],
        ..plain()
    };
    let certified = |status: &str| LicenseFacts { certifications: vec![status.into()], ..old() };
    let found = now(&requirement, &certified("certified "), &[]);
    assert_eq!((found.required, found.standing), (Amount::ZERO, Standing::NotYetDue));
    assert_eq!(now(&requirement, &certified("Not certified"), &[]).required, Amount::new(5_000));
}

#[test]
fn nothing_is_asked_of_an_exempt_status_or_of_a_later_license() {
    let requirement =
        Requirement { exempt_statuses: vec!["Retired".into()], topics: vec![minimum("Opioids", "", 300)], ..plain() };
    let retired = LicenseFacts { status: "RETIRED".into(), ..old() };
    let found = now(&requirement, &retired, &[credit(1, TODAY, 100)]);
    assert_eq!((found.standing, found.counted), (Standing::Exempt, Amount::new(100)));
    assert!(found.topics[0].missing.is_zero());
    let later = held(Some(date(2027, 1, 1)));
    assert_eq!(now(&requirement, &later, &[]).standing, Standing::Exempt);
    assert_eq!(now(&requirement, &held(Some(date(2026, 12, 31))), &[]).standing, Standing::NotYetDue);
}

#[test]
fn what_cannot_be_known_is_named() {
    let requirement = Requirement { cycle: CycleRule::Expires { years: 2 }, ..plain() };
    let found = now(&requirement, &held(None), &[credit(1, TODAY, 100)]);
    assert_eq!((found.standing, found.lacking), (Standing::NotKnown, vec![Lacking::ExpiryDate]));
    assert_eq!((found.cycle, found.required), (None, Amount::ZERO));
    assert_eq!(no_requirement().lacking, [Lacking::Requirement]);
}

#[test]
fn several_licenses_are_judged_by_their_own_cycles_and_share_the_credit() {
    let credits = [credit(1, date(2025, 2, 2), 2_500)];
    let yearly = Requirement { cycle: CycleRule::Expires { years: 1 }, ..plain() };
    let one = LicenseFacts { expires_on: Some(date(2027, 1, 31)), ..old() };
    assert_eq!(now(&plain(), &one, &credits).counted, Amount::new(2_500));
    assert_eq!(now(&yearly, &one, &credits).counted, Amount::ZERO);
}

#[test]
fn a_version_counts_for_the_cycles_that_end_when_it_is_in_force() {
    let of =
        |from: Date, hours| Dated { from, until: None, value: Requirement { hours: Amount::new(hours), ..plain() } };
    let versions = [of(Date::MIN, 5_000), of(date(2026, 12, 31), 4_000), of(date(2027, 1, 1), 3_000)];
    let hours = |on| governing(&versions, &old(), on).map(|version| version.hours.hundredths());
    assert_eq!(hours(date(2024, 12, 31)), Some(5_000));
    assert_eq!(hours(date(2025, 1, 1)), Some(4_000), "it began on the last day of this cycle");
    assert_eq!(hours(date(2027, 1, 1)), Some(3_000));
    assert_eq!(governing(&versions[1..], &old(), date(2020, 1, 1)), None);
    assert_eq!(governing(&[], &old(), TODAY), None);
}
