//! A requirement as fields of a form and back. Lines of topics and caps are added and removed by buttons that send
//! the whole form, so that nothing typed is lost and no script is needed.

use app::Fault;
use domain::activity::Format;
use domain::reference::{List, Reference};
use domain::requirement::{Cap, Capped, CycleRule, FirstRenewal, Requirement, TopicMinimum};
use domain::{Amount, MonthDay, State};

use crate::pages::admin::reference::given::Given;

const TOPIC: &[&str] = &["topic", "topic_amount", "topic_once", "topic_condition"];
const CAP: &[&str] = &["cap", "cap_most"];
/// Lines of a kind that a form may have.
const MOST_LINES: usize = 40;
const DERIVED: &str = "derived";

/// What stands between a topic's domain and its code in a choice: no name of the list has it.
const BETWEEN: char = '|';

/// A requirement as its form shows it.
pub(super) fn typed(of: &Requirement) -> Given {
    let mut given = Given::default();
    let amount = |amount: Amount| if amount.is_zero() { String::new() } else { amount.to_string() };
    given.put("hours", of.hours.to_string());
    let kind = match of.cycle {
        CycleRule::FixedDate { ends, anchor_year, .. } => {
            given.put("ends_month", ends.month().to_string());
            given.put("ends_day", ends.day().to_string());
            given.put("anchor_year", anchor_year.to_string());
            "fixed_date"
        }
        CycleRule::BirthMonth { .. } => "birth_month",
        CycleRule::Issued { .. } => "issued",
        CycleRule::Expires { .. } => "expires",
    };
    given.put("cycle", kind);
    given.put("years", of.cycle.years().to_string());
    for (at, topic) in of.topics.iter().enumerate() {
        given.put(&format!("topic_{at}"), format!("{}{BETWEEN}{}", topic.domain, topic.topic));
        given.put(&format!("topic_amount_{at}"), amount(topic.amount));
        given.put(&format!("topic_condition_{at}"), topic.condition.clone());
        if topic.once {
            given.put(&format!("topic_once_{at}"), "yes");
        }
    }
    given.put("topics", of.topics.len().to_string());
    for (at, cap) in of.caps.iter().enumerate() {
        let on = match cap.on {
            Capped::Format(format) => format.code(),
            Capped::Derived => DERIVED,
        };
        given.put(&format!("cap_{at}"), on);
        given.put(&format!("cap_most_{at}"), cap.most.to_string());
    }
    given.put("caps", of.caps.len().to_string());
    given.put("carry_over", amount(of.carry_over));
    let first = match of.first_renewal {
        FirstRenewal::Full => "full",
        FirstRenewal::ProRata => "pro_rata",
        FirstRenewal::Exempt => "exempt",
    };
    given.put("first_renewal", first);
    given.put("grace_days", of.grace_days.to_string());
    given.put("certified_statuses", of.certified_statuses.join("\n"));
    given.put("exempt_statuses", of.exempt_statuses.join("\n"));
    given.put("note", of.note.clone());
    given
}

/// How many lines of topics or caps the form has.
pub(super) fn count(given: &Given, kind: &str) -> usize {
    let used = given.lines(if kind == "topics" { TOPIC } else { CAP });
    let used = used.last().map_or(0, |last| last + 1);
    given.get(kind).parse().unwrap_or(0).max(used).min(MOST_LINES)
}

/// Does what a button for lines asks: `add_topic`, `remove_cap_2` ... Anything else does nothing.
pub(super) fn turned(given: &mut Given, then: &str) -> bool {
    for (kind, line, names) in [("topics", "topic", TOPIC), ("caps", "cap", CAP)] {
        let lines = count(given, kind);
        if then.strip_prefix("add_") == Some(line) {
            set(given, kind, (lines + 1).min(MOST_LINES));
            return true;
        }
        let number = then.strip_prefix("remove_").and_then(|rest| rest.strip_prefix(line)?.strip_prefix('_'));
        if let Some(gone) = number.and_then(|number| number.parse::<usize>().ok()).filter(|gone| *gone < lines) {
            let place = |name: &str| {
                let (beginning, number) = name.rsplit_once('_')?;
                let number: usize = number.parse().ok()?;
                names.contains(&beginning).then(|| (beginning.to_owned(), number))
            };
            given.0.retain(|(name, _)| place(name).is_none_or(|(_, number)| number != gone));
            for (name, _) in &mut given.0 {
                if let Some((beginning, number)) = place(name).filter(|(_, number)| *number > gone) {
                    *name = format!("{beginning}_{}", number - 1);
                }
            }
            set(given, kind, lines - 1);
            return true;
        }
    }
    false
}

fn set(given: &mut Given, name: &str, value: usize) {
    given.0.retain(|(known, _)| known != name);
    given.put(name, value.to_string());
}

/// The requirement that a form says, or what is wrong with its answers. What only rules can judge is left to `app`.
pub(super) fn requirement(state: State, given: &Given) -> Result<Requirement, Vec<Fault>> {
    let mut faults = Vec::new();
    let lines = |name: &str| given.get(name).lines().map(|line| line.trim().to_owned()).filter(|l| !l.is_empty());
    let first_renewal = match given.get("first_renewal") {
        "pro_rata" => FirstRenewal::ProRata,
        "exempt" => FirstRenewal::Exempt,
        _ => FirstRenewal::Full,
    };
    let found = Requirement {
        state,
        is_example: false,
        hours: hours(given, "hours", "hours", &mut faults),
        cycle: cycle(given, &mut faults),
        topics: topics(given, &mut faults),
        caps: caps(given, &mut faults),
        carry_over: hours(given, "carry_over", "carry_over", &mut faults),
        first_renewal,
        grace_days: number(given, "grace_days", 0, &mut faults),
        certified_statuses: lines("certified_statuses").collect(),
        exempt_statuses: lines("exempt_statuses").collect(),
        note: given.get("note").trim().to_owned(),
    };
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// Nothing and `0` are zero.
fn hours(given: &Given, name: &str, field: &'static str, faults: &mut Vec<Fault>) -> Amount {
    let text = given.get(name).trim();
    if text.chars().all(|letter| matches!(letter, '0' | '.')) && text.matches('.').count() < 2 {
        return Amount::ZERO;
    }
    Amount::read(text).unwrap_or_else(|_| {
        faults.push(Fault::new(field, format!("“{text}” is not a number of hours. Write a multiple of 0.25.")));
        Amount::ZERO
    })
}

fn number<N: std::str::FromStr + Copy>(given: &Given, field: &'static str, none: N, faults: &mut Vec<Fault>) -> N {
    let text = given.get(field).trim();
    if text.is_empty() {
        return none;
    }
    text.parse().unwrap_or_else(|_| {
        faults.push(Fault::new(field, format!("“{text}” is not a number that fits here. Write it in digits.")));
        none
    })
}

fn cycle(given: &Given, faults: &mut Vec<Fault>) -> CycleRule {
    let years = number(given, "years", 0, faults);
    match given.get("cycle") {
        "fixed_date" => {
            let part = |name: &str| given.get(name).trim().parse().ok();
            let day = part("ends_month").zip(part("ends_day")).and_then(|(month, day)| MonthDay::new(month, day));
            let anchor_year = number(given, "anchor_year", 0, faults);
            if day.is_none() {
                faults.push(Fault::new("ends_month", "Write month and day on which cycles end, such as 12 and 31."));
            }
            match day {
                Some(ends) => CycleRule::FixedDate { ends, years, anchor_year },
                None => CycleRule::Expires { years },
            }
        }
        "birth_month" => CycleRule::BirthMonth { years },
        "issued" => CycleRule::Issued { years },
        "expires" => CycleRule::Expires { years },
        _ => {
            faults.push(Fault::new("cycle", "Choose when a cycle ends."));
            CycleRule::Expires { years }
        }
    }
}

fn topics(given: &Given, faults: &mut Vec<Fault>) -> Vec<TopicMinimum> {
    let mut found = Vec::new();
    for at in given.lines(TOPIC) {
        let Some((domain, topic)) = given.get(&format!("topic_{at}")).split_once(BETWEEN) else {
            faults.push(Fault::new("topics", format!("Choose the topic of line {}, or remove the line.", at + 1)));
            continue;
        };
        found.push(TopicMinimum {
            domain: domain.to_owned(),
            topic: topic.to_owned(),
            amount: hours(given, &format!("topic_amount_{at}"), "topics", faults),
            once: given.is_ticked(&format!("topic_once_{at}")),
            condition: given.get(&format!("topic_condition_{at}")).trim().to_owned(),
        });
    }
    found
}

fn caps(given: &Given, faults: &mut Vec<Fault>) -> Vec<Cap> {
    let mut found = Vec::new();
    for at in given.lines(CAP) {
        let on = match given.get(&format!("cap_{at}")) {
            DERIVED => Some(Capped::Derived),
            format => Format::ALL.iter().find(|known| known.code() == format).map(|known| Capped::Format(*known)),
        };
        match on {
            Some(on) => found.push(Cap { on, most: hours(given, &format!("cap_most_{at}"), "caps", faults) }),
            None => faults
                .push(Fault::new("caps", format!("Choose the kind of credit of line {}, or remove the line.", at + 1))),
        }
    }
    found
}

/// Choices of one domain: value, words, whether it is chosen.
type Choices = Vec<(String, String, bool)>;

/// One line of topics.
pub(super) struct TopicLine {
    pub(super) at: usize,
    /// Domains with their choices.
    pub(super) groups: Vec<(String, Choices)>,
    pub(super) amount: String,
    pub(super) once: bool,
    pub(super) condition: String,
}

pub(super) fn topic_lines(given: &Given, reference: &Reference) -> Vec<TopicLine> {
    let mut domains: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for item in reference.items(List::StateTopics) {
        match domains.iter_mut().find(|(domain, _)| *domain == item.group) {
            Some((_, items)) => items.push((&item.code, &item.name)),
            None => domains.push((&item.group, vec![(&item.code, &item.name)])),
        }
    }
    let line = |at: usize| {
        let chosen = given.get(&format!("topic_{at}"));
        let choice = |domain: &str, code: &str, words: String| {
            let value = format!("{domain}{BETWEEN}{code}");
            let is_chosen = value == chosen;
            (value, words, is_chosen)
        };
        let mut groups: Vec<(String, Choices)> = domains
            .iter()
            .map(|(domain, items)| {
                let any = choice(domain, "", format!("{domain} (any topic)"));
                let each = items.iter().map(|(code, name)| choice(domain, code, (*name).to_owned()));
                ((*domain).to_owned(), std::iter::once(any).chain(each).collect())
            })
            .collect();
        // a topic that the list has no more stays chosen until somebody chooses another
        let is_known = groups.iter().any(|(_, choices)| choices.iter().any(|(.., is_chosen)| *is_chosen));
        if let (false, Some((domain, topic))) = (is_known, chosen.split_once(BETWEEN)) {
            groups.push((domain.to_owned(), vec![(chosen.to_owned(), topic.to_owned(), true)]));
        }
        TopicLine {
            at,
            groups,
            amount: given.get(&format!("topic_amount_{at}")).to_owned(),
            once: given.is_ticked(&format!("topic_once_{at}")),
            condition: given.get(&format!("topic_condition_{at}")).to_owned(),
        }
    };
    (0..count(given, "topics")).map(line).collect()
}

/// One line of caps.
pub(super) struct CapLine {
    pub(super) at: usize,
    /// Value, words, whether it is chosen.
    pub(super) choices: Vec<(&'static str, &'static str, bool)>,
    pub(super) most: String,
}

pub(super) fn cap_lines(given: &Given) -> Vec<CapLine> {
    let line = |at: usize| {
        let chosen = given.get(&format!("cap_{at}"));
        let formats = Format::ALL.iter().map(|format| (format.code(), format.label()));
        let all = formats.chain([(DERIVED, "Credit derived from MOC points")]);
        CapLine {
            at,
            choices: all.map(|(value, words)| (value, words, value == chosen)).collect(),
            most: given.get(&format!("cap_most_{at}")).to_owned(),
        }
    };
    (0..count(given, "caps")).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Requirement {
        let topic = |topic: &str, once| TopicMinimum {
            domain: "Opioids".into(),
            topic: topic.into(),
            amount: Amount::new(150),
            once,
            condition: if once { "Prescribers".into() } else { String::new() },
        };
        Requirement {
            state: State::read("CA").unwrap(),
            is_example: false,
            hours: Amount::new(5_025),
            cycle: CycleRule::FixedDate { ends: MonthDay::new(2, 29).unwrap(), years: 2, anchor_year: 2026 },
            topics: vec![topic("", false), topic("Pain management", true)],
            caps: vec![
                Cap { on: Capped::Derived, most: Amount::ZERO },
                Cap { on: Capped::Format(Format::JournalBased), most: Amount::new(1_000) },
            ],
            carry_over: Amount::new(500),
            first_renewal: FirstRenewal::ProRata,
            grace_days: 30,
            certified_statuses: vec!["Certified".into()],
            exempt_statuses: vec!["Retired".into(), "Inactive".into()],
            note: "Ask us.".into(),
        }
    }

    #[test]
    fn a_requirement_survives_its_form() {
        let state = State::read("CA").unwrap();
        assert_eq!(requirement(state, &typed(&whole())), Ok(whole()));
        for cycle in
            [CycleRule::BirthMonth { years: 3 }, CycleRule::Issued { years: 1 }, CycleRule::Expires { years: 2 }]
        {
            let of = Requirement { cycle, ..whole() };
            assert_eq!(requirement(state, &typed(&of)), Ok(of));
        }
    }

    #[test]
    fn lines_are_added_and_removed_and_keep_what_was_typed() {
        let mut given = typed(&whole());
        assert!(turned(&mut given, "add_topic") && count(&given, "topics") == 3);
        assert!(turned(&mut given, "remove_topic_0") && count(&given, "topics") == 2);
        assert_eq!(given.get("topic_0"), "Opioids|Pain management");
        assert_eq!(given.get("topic_condition_0"), "Prescribers");
        assert!(turned(&mut given, "remove_cap_1") && given.get("cap_0") == DERIVED);
        for nonsense in ["remove_topic_9", "remove_topic_x", "add_", "look", "remove_cap_", "remove_topic_-1"] {
            assert!(!turned(&mut given, nonsense), "{nonsense}");
        }
        let mut many = Given::default();
        many.put("topics", "99999999999");
        (0..50).for_each(|_| assert!(turned(&mut many, "add_topic")));
        assert_eq!(count(&many, "topics"), MOST_LINES);
    }

    #[test]
    fn what_is_no_number_day_or_choice_is_said_beside_its_field() {
        let state = State::read("CA").unwrap();
        for (name, value, field) in [
            ("hours", "many", "hours"),
            ("hours", "0.1", "hours"),
            ("hours", "-5", "hours"),
            ("years", "two", "years"),
            ("years", "300", "years"),
            ("ends_day", "31", "ends_month"),
            ("cycle", "moon", "cycle"),
            ("grace_days", "1.5", "grace_days"),
            ("topic_0", "", "topics"),
            ("topic_amount_0", "x", "topics"),
            ("cap_0", "<script>", "caps"),
            ("cap_most_1", "..", "caps"),
        ] {
            let mut given = typed(&whole());
            given.0.retain(|(known, _)| known != name);
            given.put(name, value);
            let faults = requirement(state, &given).unwrap_err();
            assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), [field], "{name} {value}");
        }
        let mut zero = typed(&whole());
        zero.0.retain(|(known, _)| known != "hours");
        zero.put("hours", "0.00");
        assert!(requirement(state, &zero).is_ok_and(|found| found.hours.is_zero()));
    }
}
