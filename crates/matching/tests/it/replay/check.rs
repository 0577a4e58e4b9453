//! What must hold for any text whatever. The fuzzer and the ordinary tests both include this file.

use std::sync::LazyLock;

use domain::{Board, MonthDay, PhysicianId, State};
use matching::{Index, Outcome, Physician, Query};
use uuid::Uuid;

/// A few people with every kind of fact, among them relatives and a shared number.
fn people() -> Vec<Physician> {
    let person = |number: u128,
                  first: &str,
                  middle: &str,
                  last: &str,
                  birth: (u8, u8),
                  licenses: &[(&str, &str)],
                  npi: &str| Physician {
        first: first.into(),
        middle: middle.into(),
        last: last.into(),
        birth: MonthDay::new(birth.0, birth.1),
        npi: Some(npi.into()).filter(|npi: &String| !npi.is_empty()),
        licenses: licenses.iter().filter_map(|(state, number)| Some((State::read(state)?, (*number).into()))).collect(),
        certifications: Board::read("ABIM").map(|board| (board, format!("20441{}", number / 2))).into_iter().collect(),
        ..Physician::new(PhysicianId::new(Uuid::from_u128(number)))
    };
    vec![
        person(1, "Orlando", "Reed", "Quillfeather", (3, 7), &[("OH", "35.012345"), ("CA", "A12345")], "1234567893"),
        person(2, "Marisol", "Ann", "Quillfeather", (11, 21), &[("OH", "35.012346")], "1245319599"),
        person(3, "Jasper", "", "Quillfeather", (6, 2), &[("NJ", "25MA08123400")], "1679576722"),
        person(4, "Julian", "", "Quillfeather", (6, 2), &[("NJ", "25MB08123400")], ""),
        person(
            5,
            "José Luis",
            "",
            "Muñoz-de la Cruz",
            (2, 29),
            &[("UT", "7654321-1205"), ("WI", "54321-20")],
            "1912301953",
        ),
        person(6, "Min-Jun", "", "Do", (1, 1), &[("FL", "ME98765"), ("NY", "123456-1")], "1184722779"),
    ]
}

fn index(people: &[Physician]) -> Index {
    let mut builder = Index::builder(people.len());
    people.iter().for_each(|person| builder.push(person));
    builder.build()
}

static INDEXES: LazyLock<[Index; 3]> = LazyLock::new(|| {
    let mut people = people();
    let plain = index(&people);
    people.reverse();
    let reversed = index(&people);
    people.insert(
        2,
        Physician {
            first: "Wilhelmina".into(),
            last: "Zuckerbrot".into(),
            birth: MonthDay::new(12, 24),
            npi: Some("1003000126".into()),
            ..Physician::new(PhysicianId::new(Uuid::from_u128(99)))
        },
    );
    [plain, reversed, index(&people)]
});

/// Lines of a report, in the order of `fuzz/README.md`.
fn query(text: &str) -> Query {
    let mut lines = text.split('\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Query {
        first: line(),
        last: line(),
        middle: line(),
        suffix: line(),
        identifier: some(line()),
        npi: some(line()),
        board: some(line()).and_then(|number| Some((Board::read("ABIM")?, number))),
        birth: MonthDay::read(&line()),
        state: State::read(&line()),
        former_last: some(line()).into_iter().collect(),
        ..Query::default()
    }
}

/// Panics if anything does not hold.
pub fn check(data: &[u8]) {
    let query = query(&String::from_utf8_lossy(data));
    let [plain, reversed, grown] = &*INDEXES;
    let decision = plain.decide(&query);
    assert_eq!(decision, reversed.decide(&query), "the order of the registry decides");
    if let (Outcome::Matched(one), Outcome::Matched(two)) = (decision.outcome, grown.decide(&query).outcome) {
        assert_eq!(one, two, "a stranger turned a match into another person");
    }
    if let Outcome::Matched(_) = decision.outcome {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
        assert!(letters(&query.first) + letters(&query.last) > 0, "matched without a name: {query:?}");
        assert!(decision.reasons.len() > 1, "matched by one fact: {query:?} {decision:?}");
    }
    let explained = plain.explain(&query);
    assert_eq!(explained.decision, decision);
}
