//! What two records say of one person, put together; and what one said before, put back without
//! losing what came since.

use store::identity_changes::Facts;

/// Letters alone, in capitals: `O'Brien-Smith` and `OBRIEN SMITH` are one name.
pub(super) fn key(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphabetic()).flat_map(char::to_uppercase).collect()
}

/// Whether two names can be one: equal, or one the other's initial. An empty name says nothing.
pub(super) fn agree(one: &str, other: &str) -> bool {
    let (one, other) = (key(one), key(other));
    let is_initial = |short: &str, long: &str| short.chars().count() <= 1 && long.starts_with(short);
    one == other || is_initial(&one, &other) || is_initial(&other, &one)
}

/// Every last name, present and former.
pub(super) fn last_names(facts: &Facts) -> impl Iterator<Item = &String> {
    std::iter::once(&facts.last).chain(&facts.former_last)
}

/// The facts of a record that takes another in: its own, filled up where they say less, with the other's
/// last names as former ones.
pub(super) fn joined(from: &Facts, into: &Facts) -> Facts {
    let fuller = |own: &String, other: &String| match key(own).chars().count() {
        0 => other.clone(),
        1 if agree(own, other) && key(other).len() > 1 => other.clone(),
        _ => own.clone(),
    };
    let filled = |own: &String, other: &String| if own.is_empty() { other.clone() } else { own.clone() };
    let mut joined = Facts {
        first: fuller(&into.first, &from.first),
        middle: fuller(&into.middle, &from.middle),
        last: filled(&into.last, &from.last),
        suffix: filled(&into.suffix, &from.suffix),
        former_last: into.former_last.clone(),
        degree: filled(&into.degree, &from.degree),
        birth: into.birth.or(from.birth),
        npi: into.npi.clone().or_else(|| from.npi.clone()),
    };
    for name in last_names(from) {
        if !key(name).is_empty() && !last_names(&joined).any(|known| key(known) == key(name)) {
            joined.former_last.push(name.clone());
        }
    }
    joined
}

/// The facts as they were before a change, where nobody has changed them again since; and the names of
/// the fields that somebody has.
pub(crate) fn put_back(now: &Facts, before: &Facts, after: &Facts) -> (Facts, Vec<&'static str>) {
    let mut stayed = Vec::new();
    let mut text = |name, now: &String, before: &String, after: &String| field(name, now, before, after, &mut stayed);
    let mut back = Facts {
        first: text("first name", &now.first, &before.first, &after.first),
        middle: text("middle name", &now.middle, &before.middle, &after.middle),
        last: text("last name", &now.last, &before.last, &after.last),
        suffix: text("suffix", &now.suffix, &before.suffix, &after.suffix),
        former_last: now.former_last.clone(),
        degree: text("degree", &now.degree, &before.degree, &after.degree),
        birth: now.birth,
        npi: now.npi.clone(),
    };
    back.birth = field("birthday", &now.birth, &before.birth, &after.birth, &mut stayed);
    back.npi = field("NPI", &now.npi, &before.npi, &after.npi, &mut stayed);
    // a list of names: what the change added goes, what it took returns, the rest stays
    if now.former_last == after.former_last {
        back.former_last.clone_from(&before.former_last);
    } else {
        back.former_last.retain(|name| before.former_last.contains(name) || !after.former_last.contains(name));
        for name in &before.former_last {
            if !after.former_last.contains(name) && !back.former_last.contains(name) {
                back.former_last.push(name.clone());
            }
        }
    }
    (back, stayed)
}

fn field<T: Clone + PartialEq>(
    name: &'static str,
    now: &T,
    before: &T,
    after: &T,
    stayed: &mut Vec<&'static str>,
) -> T {
    if before == after {
        now.clone()
    } else if now == after {
        before.clone()
    } else {
        if now != before {
            stayed.push(name);
        }
        now.clone()
    }
}

#[cfg(test)]
mod tests {
    use domain::MonthDay;

    use super::*;

    fn facts(first: &str, last: &str, former: &[&str]) -> Facts {
        Facts {
            first: first.into(),
            last: last.into(),
            former_last: former.iter().map(|name| (*name).into()).collect(),
            ..Facts::default()
        }
    }

    #[test]
    fn names_that_say_less_than_the_other_agree_with_it() {
        for (one, other, answer) in [
            ("Helen", "HELEN", true),
            ("H.", "Helen", true),
            ("", "Helen", true),
            ("Nora", "Helen", false),
            ("He", "Helen", false),
        ] {
            assert_eq!(agree(one, other), answer, "{one} {other}");
        }
    }

    #[test]
    fn a_record_that_takes_another_in_keeps_its_own_and_is_filled_up() {
        let mut from = facts("Helena", "Abernethy", &["Quistgaard", "Maier"]);
        from.birth = MonthDay::new(2, 16);
        from.npi = Some("1234567893".into());
        let joined = joined(&from, &facts("H", "Quistgaard", &["Dahl"]));
        assert_eq!((joined.first.as_str(), joined.last.as_str()), ("Helena", "Quistgaard"));
        assert_eq!(joined.former_last, ["Dahl", "Abernethy", "Maier"]);
        assert_eq!((joined.birth, joined.npi.as_deref()), (MonthDay::new(2, 16), Some("1234567893")));
    }

    #[test]
    fn what_nobody_changed_since_is_as_before() {
        let (before, after) = (facts("H", "Quistgaard", &[]), facts("Helena", "Quistgaard", &["Abernethy"]));
        assert_eq!(put_back(&after, &before, &after), (before.clone(), vec![]));
    }

    #[test]
    fn what_somebody_changed_since_stays() {
        let (before, after) =
            (facts("H", "Quistgaard", &["Old"]), facts("Helena", "Quistgaard", &["Old", "Abernethy"]));
        let mut now = facts("Helene", "Quistgaard", &["Old", "Abernethy", "New"]);
        now.degree = "MD".into();
        let (back, stayed) = put_back(&now, &before, &after);
        assert_eq!((back.first.as_str(), back.degree.as_str()), ("Helene", "MD"));
        assert_eq!(back.former_last, ["Old", "New"]);
        assert_eq!(stayed, ["first name"]);
    }
}
