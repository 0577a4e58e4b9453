//! Answers depend on who is known, never on the order in which they came, on the rows beside, or on threads.

use matching::{Decision, Index, Outcome, Physician, Query};
use proptest::prelude::*;

use crate::crowd::{self, crowd};
use crate::people::{assert_matched, id, index, physician, query};
use crate::town::people::town;
use crate::town::reports::reports;

fn decide_each(index: &Index, queries: &[Query]) -> Vec<Decision> {
    queries.iter().map(|query| index.decide(query)).collect()
}

fn queries(people: &[Physician], seed: u64, count: usize) -> Vec<Query> {
    crowd::reports(people, seed, count).into_iter().map(|report| report.query).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_the_registry_changes_nothing(seed in any::<u64>()) {
        let people = crowd(seed, 300);
        let queries = queries(&people, seed, 300);
        let mut shuffled = people.clone();
        shuffled.sort_by_key(|p| (p.id.as_uuid().as_u128() as u64).wrapping_mul(seed | 1));
        prop_assert_eq!(decide_each(&index(&people), &queries), decide_each(&index(&shuffled), &queries));
    }

    #[test]
    fn the_order_of_the_rows_and_the_threads_change_nothing(seed in any::<u64>()) {
        let people = crowd(seed, 300);
        let index = index(&people);
        let mut queries = queries(&people, seed, 1_000);
        let mut each = decide_each(&index, &queries);
        prop_assert_eq!(&index.decide_all(&queries), &each);
        queries.reverse();
        each.reverse();
        prop_assert_eq!(index.decide_all(&queries), each);
    }

    #[test]
    fn a_patched_index_answers_like_a_fresh_one(seed in any::<u64>(), compacted in any::<bool>()) {
        let before = crowd(seed, 200);
        let after = crowd(seed ^ 1, 250);
        // ids 1 to 100 stay, 101 to 200 are replaced, 201 to 250 are new; then 1 to 50 go
        let mut patched = index(&before);
        after[100..].iter().for_each(|p| patched.upsert(p));
        (1..=50).for_each(|n| patched.remove(id(n)));
        if compacted {
            patched.compact();
        }
        let now: Vec<Physician> = before[50..100].iter().chain(&after[100..]).cloned().collect();
        let fresh = index(&now);
        let queries = [queries(&before, seed, 150), queries(&after, seed, 150)].concat();
        prop_assert_eq!(patched.len(), fresh.len());
        prop_assert_eq!(decide_each(&patched, &queries), decide_each(&fresh, &queries));
        for query in &queries {
            prop_assert_eq!(patched.explain(query), fresh.explain(query));
        }
    }

    #[test]
    fn unrelated_physicians_never_turn_a_match_into_another_person(seed in any::<u64>()) {
        let people = crowd(seed, 200);
        let queries = queries(&people, seed, 200);
        let mut grown = index(&people);
        let alone = decide_each(&grown, &queries);
        for (number, newcomer) in (10_001..).zip(crowd(seed ^ 2, 200)) {
            grown.upsert(&Physician { id: id(number), ..newcomer });
        }
        for (before, after) in alone.iter().zip(decide_each(&grown, &queries)) {
            if let (Outcome::Matched(a), Outcome::Matched(b)) = (before.outcome, after.outcome) {
                prop_assert_eq!(a, b);
            }
        }
    }

    #[test]
    fn in_the_town_neither_order_nor_threads_nor_strangers_change_who_is_matched(seed in any::<u64>()) {
        let town = town(seed, 400);
        let queries: Vec<Query> = reports(&town, seed, 400).into_iter().map(|report| report.query).collect();
        let alone = index(&town.people).decide_all(&queries);
        let mut people = town.people;
        people.sort_by_key(|p| (p.id.as_uuid().as_u128() as u64).wrapping_mul(seed | 1));
        let mut shuffled = index(&people);
        prop_assert_eq!(&decide_each(&shuffled, &queries), &alone);
        for (number, newcomer) in (100_001..).zip(crowd(seed, 200)) {
            shuffled.upsert(&Physician { id: id(number), ..newcomer });
        }
        for (before, after) in alone.iter().zip(decide_each(&shuffled, &queries)) {
            if let (Outcome::Matched(a), Outcome::Matched(b)) = (before.outcome, after.outcome) {
                prop_assert_eq!(a, b);
            }
        }
    }

    #[test]
    fn any_text_gets_an_answer(first in "\\PC{0,20}", last in "\\PC{0,20}", identifier in "\\PC{0,20}", npi in "\\PC{0,12}") {
        let row = Query { first, last, identifier: Some(identifier), npi: Some(npi), ..query("|", "03/07", "OH", "") };
        let people = [physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345")];
        prop_assert!(!matches!(index(&people).decide(&row).outcome, Outcome::Matched(_)));
    }
}

#[test]
fn a_replaced_physician_is_found_under_the_new_facts_only() {
    let mut index = index(&[physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345")]);
    index.upsert(&physician(1, "Orlando|Ashgrove", "03/07", "OH 35.012345"));
    assert_eq!(index.len(), 1);
    assert_matched(&index.decide(&query("Orlando|Ashgrove", "03/07", "OH", "")), 1);
    assert_ne!(index.decide(&query("Orlando|Quillfeather", "03/07", "OH", "")).outcome.code(), "matched");
    index.remove(id(1));
    index.remove(id(1));
    assert!(index.is_empty() && !index.contains(id(1)));
    assert_eq!(index.decide(&query("Orlando|Ashgrove", "03/07", "OH", "35.012345")).outcome, Outcome::None);
}

#[test]
fn an_index_that_grew_by_upserts_alone_folds_them_in() {
    let people = crowd(5, 10_000);
    let mut grown = Index::builder(0).build();
    people.iter().for_each(|p| grown.upsert(p));
    let fresh = index(&people);
    let queries = queries(&people, 6, 500);
    assert_eq!(grown.decide_all(&queries), fresh.decide_all(&queries));
    assert!(fresh.bytes() / fresh.len() < 400, "{} bytes each", fresh.bytes() / fresh.len());
}
