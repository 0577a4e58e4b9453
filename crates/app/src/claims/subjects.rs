//! For whom tries are counted, so that another spelling of the same guess is no new try: the identity
//! engine's candidates, the number and the name in folded form, the address without its tag.
//!
//! The birthday is in none of them: it is what a stranger would guess, so it must not start a new count.

use domain::PhysicianId;
use matching::{Evidence, Explanation, Reason};
use uuid::Uuid;

use super::details::Claim;
use crate::chance::hash_of_secret;

/// Subjects of every claim: always as many, so that the number of rows and of look-ups tells nothing.
const SUBJECTS: usize = 6;
/// Of these, the number and the name; the others are people.
const PEOPLE: usize = SUBJECTS - 2;

/// The subject of all failed claims together.
pub(super) const EVERYONE: &str = "everyone";

/// What people write behind a last name; the engine reads past it too.
const BEHIND_A_NAME: [&str; 7] = ["JR", "SR", "II", "III", "IV", "MD", "DO"];

/// The likeliest holder of the identifier that was given, by the engine's rules of spelling.
pub(super) fn holder(explained: &Explanation) -> Option<PhysicianId> {
    holders(explained).next()
}

fn holders(explained: &Explanation) -> impl Iterator<Item = PhysicianId> {
    let holds = |candidate: &&Evidence| {
        let equal = [Reason::LicenseEqual, Reason::NpiEqual, Reason::BoardIdEqual];
        candidate.parts.iter().any(|part| equal.contains(&part.reason))
    };
    explained.candidates.iter().filter(holds).map(|candidate| candidate.physician)
}

/// Whom a try is about: the number, the name, the best candidate whether matched or not, and whoever
/// holds the number. Guessing at any side of a person is counted. `fresh` fills up: ids that never repeat.
pub(super) fn of(claim: &Claim, explained: &Explanation, mut fresh: impl FnMut() -> Uuid) -> Vec<String> {
    let (issuer, number) = claim.proof.parts();
    let mut people: Vec<PhysicianId> = Vec::with_capacity(PEOPLE);
    let best = explained.candidates.first().map(|candidate| candidate.physician);
    for person in best.into_iter().chain(holders(explained)) {
        if people.len() < PEOPLE && !people.contains(&person) {
            people.push(person);
        }
    }
    let mut subjects =
        vec![hashed(&format!("{issuer} {}", folded_number(number))), hashed(&folded_name(&claim.last, &claim.first))];
    subjects.extend(people.iter().map(PhysicianId::to_string));
    while subjects.len() < SUBJECTS {
        subjects.push(hashed(&fresh().to_string()));
    }
    subjects
}

/// An e-mail address as the subject of a limit: `name+tag@example.org` is `name@example.org`.
pub(super) fn of_address(email: &str) -> String {
    let key = store::accounts::email_key(email);
    let untagged = key.rsplit_once('@').map(|(local, domain)| {
        let name = local.split_once('+').map_or(local, |(name, _)| name);
        format!("{name}@{domain}")
    });
    hashed(&untagged.unwrap_or(key))
}

/// `LAST FIRST`, letters only, in capitals, without `Jr` and the like.
pub(crate) fn folded_name(last: &str, first: &str) -> String {
    format!("{} {}", folded_part(last), folded_part(first))
}

fn folded_part(name: &str) -> String {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_uppercase).collect();
    let mut words: Vec<String> = name.split(|c: char| c.is_whitespace() || c == ',').map(letters).collect();
    words.retain(|word| !word.is_empty());
    while words.len() > 1 && words.last().is_some_and(|word| BEHIND_A_NAME.contains(&word.as_str())) {
        words.pop();
    }
    words.concat()
}

/// The digits without leading zeros, as the engine compares them; the text in capitals if it has none.
fn folded_number(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.trim_start_matches('0') {
        "" => number.to_uppercase(),
        digits => digits.to_owned(),
    }
}

/// A personal value as the subject of a limit: the log of tries must not become a second registry.
fn hashed(value: &str) -> String {
    hash_of_secret(value).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use domain::{MonthDay, State};
    use matching::{Decision, Outcome};

    use super::*;
    use crate::claims::Proof;

    fn claim(day: u8, license: &str) -> Claim {
        Claim {
            first: "Amara".into(),
            last: "Whitfield".into(),
            birth: MonthDay::new(4, day).unwrap(),
            proof: Proof::License(State::read("GA").unwrap(), license.into()),
            email: "amara@example.org".into(),
        }
    }

    fn explained(candidates: Vec<Evidence>) -> Explanation {
        let decision = Decision { outcome: Outcome::None, reasons: vec![], settle_with: vec![] };
        Explanation { decision, prior: 0.0, candidates }
    }

    fn candidate(n: u128, reason: Reason) -> Evidence {
        let physician = PhysicianId::new(Uuid::from_u128(n));
        Evidence { physician, weight: 0.0, parts: vec![matching::Part { reason, weight: 0.0 }] }
    }

    #[test]
    fn another_birthday_or_spelling_of_the_number_has_the_same_subjects() {
        let nobody = explained(vec![]);
        let first = of(&claim(28, "048812"), &nobody, Uuid::nil);
        for (day, license) in [(29, "048812"), (28, "48812"), (1, "A48812"), (2, "md-0488 12")] {
            assert_eq!(of(&claim(day, license), &nobody, Uuid::nil), first, "{day} {license}");
        }
        let other = of(&claim(28, "048813"), &nobody, Uuid::nil);
        assert_ne!(other[0], first[0]);
        assert_eq!(other[1], first[1]);
    }

    #[test]
    fn the_best_candidate_and_all_holders_are_counted_in_a_fixed_number_of_subjects() {
        let found = explained(vec![
            candidate(1, Reason::LicenseUnknown),
            candidate(2, Reason::LicenseEqual),
            candidate(3, Reason::LicenseTypo),
            candidate(4, Reason::LicenseEqual),
        ]);
        let subjects = of(&claim(28, "048812"), &found, Uuid::nil);
        let people: Vec<_> = [1, 2, 4].map(|n| PhysicianId::new(Uuid::from_u128(n)).to_string()).into();
        assert_eq!(subjects[2..5], people);
        assert_eq!(subjects.len(), SUBJECTS);
        assert_eq!(of(&claim(28, "048812"), &explained(vec![]), Uuid::nil).len(), SUBJECTS);
        assert_eq!(holder(&found), Some(PhysicianId::new(Uuid::from_u128(2))));
    }

    #[test]
    fn spellings_of_a_name_fold_together_and_other_names_do_not() {
        for last in ["Smith", "S mith", "SMITH", "Smith Jr", "Smith, Jr.", "Smith-", "smith III MD"] {
            assert_eq!(folded_name(last, "Ann"), "SMITH ANN", "{last}");
        }
        assert_eq!(folded_name("Do", "Md"), "DO MD");
        assert_ne!(folded_name("Smit", "hAnn"), folded_name("Smith", "Ann"));
    }

    #[test]
    fn a_tag_makes_no_other_address() {
        let plain = of_address("Amara@example.org");
        assert_eq!(of_address("amara+1@example.org"), plain);
        assert_eq!(of_address(" amara+a+b@EXAMPLE.org"), plain);
        assert_ne!(of_address("amara@example.com"), plain);
        assert_ne!(of_address("amar@example.org"), plain);
    }
}
