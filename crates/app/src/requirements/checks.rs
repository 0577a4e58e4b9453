//! What is wrong with a requirement as somebody typed it, beside the field where it stands.

use domain::Amount;
use domain::reference::{List, Reference};
use domain::requirement::{CycleRule, Requirement};

use crate::Fault;

const MOST_HOURS: Amount = Amount::new(100_000);
const MOST_YEARS: u8 = 10;
const MOST_GRACE: u16 = 366;
const MOST_TOPICS: usize = 30;
const MOST_WORDS: usize = 12;
const ANCHOR_YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

pub(super) fn tidied(of: Requirement) -> Requirement {
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = |words: Vec<String>| {
        let mut kept: Vec<String> = words.iter().map(|word| tidy(word)).filter(|word| !word.is_empty()).collect();
        let mut seen: Vec<String> = Vec::new();
        kept.retain(|word| {
            let folded = word.to_lowercase();
            let is_new = !seen.contains(&folded);
            seen.push(folded);
            is_new
        });
        kept
    };
    let mut of = Requirement {
        certified_statuses: words(of.certified_statuses),
        exempt_statuses: words(of.exempt_statuses),
        note: tidy(&of.note),
        ..of
    };
    for topic in &mut of.topics {
        topic.condition = tidy(&topic.condition);
    }
    of
}

pub(super) fn faults(of: &Requirement, reference: &Reference) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut tell = |field, message: String| faults.push(Fault::new(field, message));
    if of.hours > MOST_HOURS || of.hours < Amount::ZERO {
        tell("hours", format!("Write at most {MOST_HOURS} hours."));
    }
    if !(1..=MOST_YEARS).contains(&declared_years(of.cycle)) {
        tell("years", format!("A cycle lasts from 1 to {MOST_YEARS} years."));
    }
    if let CycleRule::FixedDate { anchor_year, .. } = of.cycle
        && !ANCHOR_YEARS.contains(&anchor_year)
    {
        tell("anchor_year", "Write a year with four digits in which a cycle ends.".to_owned());
    }
    if of.carry_over > of.hours {
        tell("carry_over", "No more than the hours of a cycle can be carried over.".to_owned());
    }
    if of.grace_days > MOST_GRACE {
        tell("grace_days", format!("Write at most {MOST_GRACE} days."));
    }
    if let Some(message) = topics_fault(of, reference) {
        tell("topics", message);
    }
    if of.caps.iter().enumerate().any(|(at, cap)| of.caps.iter().take(at).any(|one| one.on == cap.on)) {
        tell("caps", "Name each kind of credit once.".to_owned());
    }
    if of.caps.iter().any(|cap| cap.most < Amount::ZERO || cap.most > MOST_HOURS) {
        tell("caps", format!("A cap is at most {MOST_HOURS} hours."));
    }
    for (field, words) in [("certified_statuses", &of.certified_statuses), ("exempt_statuses", &of.exempt_statuses)] {
        if words.len() > MOST_WORDS || words.iter().any(|word| !is_line(word, 40)) {
            tell(field, format!("Write at most {MOST_WORDS} words of at most 40 letters, one on each line."));
        }
    }
    if !is_line(&of.note, 1_000) {
        tell("note", "Write at most 1,000 letters.".to_owned());
    }
    faults
}

/// As it was given, also where it is zero.
fn declared_years(cycle: CycleRule) -> u8 {
    match cycle {
        CycleRule::FixedDate { years, .. }
        | CycleRule::BirthMonth { years }
        | CycleRule::Issued { years }
        | CycleRule::Expires { years } => years,
    }
}

fn is_line(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(char::is_control)
}

fn topics_fault(of: &Requirement, reference: &Reference) -> Option<String> {
    if of.topics.len() > MOST_TOPICS {
        return Some(format!("Name at most {MOST_TOPICS} topics."));
    }
    // an item that is no longer used may stand in rules that go on
    let standing = reference.requirements(of.state);
    for (at, topic) in of.topics.iter().enumerate() {
        let name = if topic.topic.is_empty() { &topic.domain } else { &topic.topic };
        let is_listed = reference
            .items(List::StateTopics)
            .any(|item| item.group == topic.domain && (topic.topic.is_empty() || item.code == topic.topic));
        let stood = standing.iter().flat_map(|version| &version.value.topics);
        let did_stand = stood.clone().any(|one| (&one.domain, &one.topic) == (&topic.domain, &topic.topic));
        if !is_listed && !did_stand {
            return Some(format!("“{name}” is not in the list of state content topics. Choose one of the list."));
        }
        if of.topics.iter().take(at).any(|one| (&one.domain, &one.topic) == (&topic.domain, &topic.topic)) {
            return Some(format!("{name} is asked for twice. Name each topic once."));
        }
        if topic.amount <= Amount::ZERO || topic.amount > MOST_HOURS {
            return Some(format!("Write how many hours {name} needs, at most {MOST_HOURS}."));
        }
        if !is_line(&topic.condition, 200) {
            return Some(format!("Write at most 200 letters about whom {name} is asked of."));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use domain::activity::Format;
    use domain::reference::{Item, Rules};
    use domain::requirement::{Cap, Capped, FirstRenewal, TopicMinimum};
    use domain::{MonthDay, State};
    use jiff::civil::date;

    use super::*;

    fn reference() -> Reference {
        let item = Item {
            list: List::StateTopics,
            group: "Opioids".into(),
            code: "Pain management".into(),
            name: "Pain management".into(),
            valid_from: None,
            valid_until: None,
        };
        Reference::new(std::sync::Arc::new(Rules::new(vec![], vec![], vec![item])), date(2026, 11, 23))
    }

    fn good() -> Requirement {
        Requirement {
            state: State::read("CA").unwrap(),
            is_example: false,
            hours: Amount::new(5_000),
            cycle: CycleRule::BirthMonth { years: 2 },
            topics: vec![minimum("Pain management", 100)],
            caps: vec![cap(1_000)],
            carry_over: Amount::ZERO,
            first_renewal: FirstRenewal::Full,
            grace_days: 0,
            certified_statuses: vec![],
            exempt_statuses: vec![],
            note: String::new(),
        }
    }

    fn minimum(topic: &str, amount: i64) -> TopicMinimum {
        TopicMinimum {
            domain: "Opioids".into(),
            topic: topic.into(),
            amount: Amount::new(amount),
            once: false,
            condition: String::new(),
        }
    }

    fn cap(most: i64) -> Cap {
        Cap { on: Capped::Format(Format::JournalBased), most: Amount::new(most) }
    }

    fn fields(of: &Requirement) -> Vec<&'static str> {
        faults(of, &reference()).iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn each_fault_stands_beside_its_field() {
        let end = MonthDay::new(2, 29).unwrap();
        let fixed = |years, anchor_year| CycleRule::FixedDate { ends: end, years, anchor_year };
        assert_eq!(fields(&good()), [""; 0]);
        for (changed, field) in [
            (Requirement { hours: Amount::new(100_025), ..good() }, "hours"),
            (Requirement { cycle: CycleRule::Issued { years: 0 }, ..good() }, "years"),
            (Requirement { cycle: CycleRule::Issued { years: 11 }, ..good() }, "years"),
            (Requirement { cycle: fixed(2, 26), ..good() }, "anchor_year"),
            (Requirement { carry_over: Amount::new(5_025), ..good() }, "carry_over"),
            (Requirement { grace_days: 367, ..good() }, "grace_days"),
            (Requirement { topics: vec![minimum("Luck", 100)], ..good() }, "topics"),
            (Requirement { topics: vec![minimum("", 0)], ..good() }, "topics"),
            (Requirement { topics: vec![minimum("", 100), minimum("", 200)], ..good() }, "topics"),
            (Requirement { topics: vec![minimum("", 100); 31], ..good() }, "topics"),
            (Requirement { caps: vec![cap(100), cap(200)], ..good() }, "caps"),
            (Requirement { caps: vec![cap(100_025)], ..good() }, "caps"),
            (Requirement { exempt_statuses: vec!["x".repeat(41)], ..good() }, "exempt_statuses"),
            (Requirement { certified_statuses: vec!["a\u{7}b".into()], ..good() }, "certified_statuses"),
            (Requirement { note: "x".repeat(1_001), ..good() }, "note"),
        ] {
            assert_eq!(fields(&changed), [field], "{changed:?}");
        }
        assert_eq!(
            fields(&Requirement { topics: vec![minimum("", 100), minimum("Pain management", 100)], ..good() }),
            [""; 0]
        );
    }

    #[test]
    fn words_are_tidied_and_kept_once() {
        let words = vec!["  Retired ".to_owned(), "retired".to_owned(), String::new(), "In  active".to_owned()];
        let tidied = tidied(Requirement { exempt_statuses: words, ..good() });
        assert_eq!(tidied.exempt_statuses, ["Retired", "In active"]);
    }
}
