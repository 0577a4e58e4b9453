//! What holds whatever the rules and the credit are.

use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use uuid::Uuid;

use super::assess::{Counted, LicenseFacts, Standing, assess};
use super::{Cap, Capped, CycleRule, FirstRenewal, Requirement, TopicMinimum};
use crate::activity::{Format, StateTopic};
use crate::{Amount, CompletionId, MonthDay, State};

const TODAY: Date = date(2026, 11, 23);

fn days() -> impl Strategy<Value = Date> {
    (2018_i16..2027, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn amounts(most: i64) -> impl Strategy<Value = Amount> {
    (0..=most * 4).prop_map(|quarters| Amount::new(quarters * 25))
}

fn formats() -> impl Strategy<Value = Format> {
    proptest::sample::select(Format::ALL.get(..4).unwrap_or_default().to_vec())
}

fn topic(n: usize) -> StateTopic {
    StateTopic { domain: format!("Domain {}", n % 2), topic: format!("Topic {n}") }
}

fn credits() -> impl Strategy<Value = Vec<Counted>> {
    let one = (days(), amounts(20), any::<bool>(), formats(), proptest::collection::vec(0_usize..4, 0..3));
    proptest::collection::vec(one, 0..25).prop_map(|all| {
        let counted =
            |(n, (completed_on, amount, is_derived, format, topics)): (usize, (_, _, _, _, Vec<usize>))| Counted {
                completion: CompletionId::new(Uuid::from_u128(n as u128)),
                completed_on,
                amount,
                is_derived,
                format,
                topics: topics.into_iter().map(topic).collect::<Vec<_>>().into(),
            };
        all.into_iter().enumerate().map(counted).collect()
    })
}

fn cycles() -> impl Strategy<Value = CycleRule> {
    (0..4, 1_u8..5, 1_u8..=12, 1_u8..=31, 2000_i16..2030).prop_map(
        |(kind, years, month, day, anchor_year)| match kind {
            0 => CycleRule::FixedDate {
                ends: MonthDay::new(month, day).unwrap_or(MonthDay::new(2, 29).unwrap()),
                years,
                anchor_year,
            },
            1 => CycleRule::BirthMonth { years },
            2 => CycleRule::Issued { years },
            _ => CycleRule::Expires { years },
        },
    )
}

fn requirements() -> impl Strategy<Value = Requirement> {
    let caps = proptest::collection::btree_map(0_usize..5, amounts(15), 0..4);
    let firsts = proptest::sample::select(vec![FirstRenewal::Full, FirstRenewal::ProRata, FirstRenewal::Exempt]);
    let topics = proptest::collection::vec((0_usize..4, any::<bool>(), amounts(5), any::<bool>()), 0..4);
    (cycles(), amounts(60), caps, amounts(10), firsts, topics).prop_map(
        |(cycle, hours, caps, carry_over, first, topics)| {
            let cap = |(place, most): (usize, Amount)| {
                let on = Format::ALL.get(..4).and_then(|formats| formats.get(place));
                Cap { on: on.map_or(Capped::Derived, |format| Capped::Format(*format)), most }
            };
            let minimum = |(n, any_of_domain, amount, once): (usize, bool, Amount, bool)| {
                let StateTopic { domain, topic } = topic(n);
                let topic = if any_of_domain { String::new() } else { topic };
                TopicMinimum { domain, topic, amount, once, condition: String::new() }
            };
            Requirement {
                state: State::read("CA").unwrap(),
                is_example: true,
                hours,
                cycle,
                topics: topics.into_iter().map(minimum).collect(),
                caps: caps.into_iter().map(cap).collect(),
                carry_over,
                first_renewal: first,
                grace_days: 30,
                certified_statuses: vec![],
                exempt_statuses: vec![],
                note: String::new(),
            }
        },
    )
}

fn facts() -> impl Strategy<Value = LicenseFacts> {
    (days(), days(), 1_u8..=12).prop_map(|(issued, expires, month)| LicenseFacts {
        status: "Active".into(),
        issued_on: Some(issued),
        expires_on: Some(expires),
        birth: MonthDay::new(month, 28),
        certifications: vec![],
    })
}

proptest! {
    #[test]
    fn more_credit_never_makes_less_count(
        requirement in requirements(), facts in facts(), credits in credits(), on in days(), left_out in 0_usize..25,
    ) {
        prop_assume!(left_out < credits.len());
        let all = assess(&requirement, &facts, &credits, on, TODAY);
        let mut fewer = credits.clone();
        fewer.remove(left_out);
        let before = assess(&requirement, &facts, &fewer, on, TODAY);
        prop_assert!(before.counted <= all.counted, "{:?} {:?}", before, all);
        prop_assert!(before.carried <= all.carried);
        prop_assert!(all.missing <= before.missing);
        for (less, more) in before.topics.iter().zip(&all.topics) {
            prop_assert!(less.counted <= more.counted && more.missing <= less.missing);
        }
        prop_assert!(before.standing != Standing::Met || all.standing == Standing::Met);
    }

    #[test]
    fn the_order_of_the_credits_does_not_matter(
        requirement in requirements(), facts in facts(), credits in credits(), on in days(), turn in 0_usize..25,
    ) {
        let straight = assess(&requirement, &facts, &credits, on, TODAY);
        let mut other = credits.clone();
        other.reverse();
        let turn = if other.is_empty() { 0 } else { turn % other.len() };
        other.rotate_left(turn);
        let turned = assess(&requirement, &facts, &other, on, TODAY);
        let completion = |credits: &[Counted], place: Option<usize>| {
            place.and_then(|place| credits.get(place)).map(|credit| credit.completion)
        };
        let lines = |assessment: &super::Assessment, credits: &[Counted]| {
            assessment.trace.iter().map(|line| (completion(credits, line.credit), line.why)).collect::<Vec<_>>()
        };
        prop_assert_eq!(lines(&straight, &credits), lines(&turned, &other));
        prop_assert_eq!(
            super::Assessment { trace: vec![], ..straight },
            super::Assessment { trace: vec![], ..turned }
        );
    }

    #[test]
    fn nothing_counts_twice_and_no_cap_is_passed(
        requirement in requirements(), facts in facts(), credits in credits(), on in days(),
    ) {
        let found = assess(&requirement, &facts, &credits, on, TODAY);
        let Some(cycle) = found.cycle else { return Ok(()) };
        prop_assert!(cycle.from <= on && on <= cycle.until && cycle.until <= cycle.due);
        let within = |credit: &&Counted| cycle.from <= credit.completed_on && credit.completed_on <= cycle.until;
        let sum: Amount = credits.iter().filter(within).map(|credit| credit.amount).sum();
        prop_assert!(found.counted <= sum);
        prop_assert!(found.carried <= requirement.carry_over);
        prop_assert_eq!(found.missing, found.required.less(found.counted + found.carried));
        for cap in &requirement.caps {
            let of_kind = found.trace.iter().filter_map(|line| {
                let credit = credits.get(line.credit?)?;
                let is_capped = match cap.on {
                    Capped::Format(format) => credit.format == format,
                    Capped::Derived => credit.is_derived,
                };
                match line.why {
                    super::Why::Counts(amount) if is_capped => Some(amount),
                    _ => None,
                }
            });
            prop_assert!(of_kind.sum::<Amount>() <= cap.most);
        }
        // what counts and what is over a cap is the whole of each credit, and the trace adds up to the total
        for (place, credit) in credits.iter().enumerate().filter(|(_, credit)| within(credit)) {
            let parts = found.lines_of(place).filter_map(|line| match line.why {
                super::Why::Counts(amount) | super::Why::OverCap(amount, _) => Some(amount),
                _ => None,
            });
            prop_assert_eq!(parts.sum::<Amount>(), credit.amount);
        }
        let counts = found.trace.iter().filter_map(|line| match line.why {
            super::Why::Counts(amount) => Some(amount),
            _ => None,
        });
        prop_assert_eq!(counts.sum::<Amount>(), found.counted);
        for (topic, standing) in requirement.topics.iter().zip(&found.topics) {
            let fits = |credit: &&Counted| credit.completed_on <= cycle.until
                && (topic.once || cycle.from <= credit.completed_on)
                && credit.topics.iter().any(|listed| listed.domain == topic.domain);
            prop_assert!(standing.counted <= credits.iter().filter(fits).map(|credit| credit.amount).sum());
        }
    }

    #[test]
    fn cycles_follow_each_other_without_a_gap(rule in cycles(), facts in facts(), on in days()) {
        let (from, until) = rule.around(&facts, on).unwrap();
        let (next, _) = rule.around(&facts, until.tomorrow().unwrap()).unwrap();
        prop_assert_eq!(next, until.tomorrow().unwrap());
        let (_, before) = rule.around(&facts, from.yesterday().unwrap()).unwrap();
        prop_assert_eq!(before, from.yesterday().unwrap());
        let length = from.until((jiff::Unit::Day, until)).unwrap().get_days() + 1;
        let years = i32::from(rule.years());
        prop_assert!((365 * years - 1..=366 * years + 1).contains(&length), "{} days", length);
    }

    #[test]
    fn a_first_renewal_never_asks_for_more(
        requirement in requirements(), facts in facts(), credits in credits(), on in days(),
    ) {
        let full = Requirement { first_renewal: FirstRenewal::Full, ..requirement.clone() };
        let (less, all) = (
            assess(&requirement, &facts, &credits, on, TODAY),
            assess(&full, &facts, &credits, on, TODAY),
        );
        prop_assert!(less.required <= all.required);
        prop_assert!(less.required.hundredths() % 25 == 0);
    }

    #[test]
    fn what_lies_before_the_look_back_changes_nothing(
        requirement in requirements(), facts in facts(), credits in credits(), on in days(),
    ) {
        if let Some(since) = requirement.looks_back(on) {
            let late: Vec<Counted> = credits.iter().filter(|one| since <= one.completed_on).cloned().collect();
            let (some, all) = (
                assess(&requirement, &facts, &late, on, TODAY),
                assess(&requirement, &facts, &credits, on, TODAY),
            );
            prop_assert_eq!((some.counted, some.carried, some.missing), (all.counted, all.carried, all.missing));
            prop_assert_eq!(some.topics, all.topics);
        }
    }
}

#[test]
fn topics_are_shared_and_not_copied() {
    let topics: Arc<[StateTopic]> = vec![topic(0)].into();
    let credit = Counted {
        completion: CompletionId::new(Uuid::nil()),
        completed_on: TODAY,
        amount: Amount::new(100),
        is_derived: false,
        format: Format::LiveCourse,
        topics: Arc::clone(&topics),
    };
    assert!(Arc::ptr_eq(&credit.topics, &topics));
    assert!(size_of::<Counted>() <= 56, "ten thousand licensees have a million of them");
}
