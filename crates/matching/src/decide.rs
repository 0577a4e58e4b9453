//! From candidates to an answer: hard rules first, then how sure, then how far ahead.

use crate::candidates::Found;
use crate::compare::{Birth, First, Identifier, Last, State};
use crate::decision::{Decision, Field, Outcome, Reason};
use crate::given::Given;
use crate::parameters::NEAR;
use crate::rules;
use crate::score::Scored;
use crate::settings::Settings;

/// Answers one query. `namesakes` counts the physicians who bear the full name of a candidate.
pub(crate) fn decide(
    found: &Found,
    given: &Given,
    settings: &Settings,
    namesakes: impl Fn(&Scored) -> u32,
) -> Decision {
    let mut ranked: Vec<&Scored> =
        found.scored.iter().filter(|s| rules::may_be_meant(s) && rules::may_be_listed(s, given)).collect();
    ranked.sort_by(|a, b| b.total.total_cmp(&a.total).then(a.id.cmp(&b.id)));
    let first = ranked.first().copied();
    let Some(best) = first.filter(|best| best.total >= settings.possible_at) else {
        let near = first.filter(|first| first.total >= settings.possible_at - NEAR);
        return nobody(found, near, given);
    };
    let answer = |outcome, because: &[Reason]| finish(outcome, because, found, best, given);

    if rules::of_another(found, Some(best)).next().is_some() {
        return answer(Outcome::Conflict, &[]);
    }
    if rules::another_fits(found, best) {
        return answer(Outcome::Conflict, &[Reason::OtherPersonFits]);
    }
    if rules::npi_among_namesakes(best, &namesakes) {
        return answer(Outcome::Conflict, &[Reason::NamesakesExist]);
    }
    if rules::suffix_contradicts(best) {
        return answer(Outcome::Several, &[]);
    }
    if rules::first_name_is_ambiguous(found, best) {
        return answer(Outcome::Several, &[Reason::FirstNameAmbiguous]);
    }
    if rules::fits_board_rule(best, given) && !ranked.iter().skip(1).any(|other| rules::fits_board_rule(other, given)) {
        return answer(Outcome::Matched(best.id), &[Reason::BoardRule]);
    }
    if best.total < settings.match_at {
        return answer(Outcome::Several, &[Reason::NotDistinctive]);
    }
    if ranked.get(1).is_some_and(|next| best.total - next.total < settings.ahead_by) {
        return answer(Outcome::Several, &[Reason::AnotherAsLikely]);
    }
    if !best.levels.identifier_agrees() {
        if !rules::stands_without_identifier(best, given) {
            return answer(Outcome::Review, &[Reason::NeedsIdentifier]);
        }
    } else if !rules::stands_beside_identifier(best, &namesakes) {
        return answer(Outcome::Review, &[Reason::WeakBesideIdentifier]);
    }
    answer(Outcome::Matched(best.id), &[])
}

/// The answer when nobody is possible: a conflict if an identifier is somebody's, else none. Whoever comes `near`
/// says which fields a sender should look at.
fn nobody(found: &Found, near: Option<&Scored>, given: &Given) -> Decision {
    let mut reasons: Vec<Reason> = rules::of_another(found, None).collect();
    if !reasons.is_empty() {
        let settle_with = identifiers(given).chain([Field::FirstName, Field::LastName, Field::Birth]).collect();
        return Decision { outcome: Outcome::Conflict, reasons, settle_with };
    }
    let differing = near.into_iter().flat_map(|near| near.levels.reasons()).filter(|reason| reason.is_difference());
    reasons.extend(differing);
    let unknown = [
        (given.license.is_some(), Reason::LicenseUnknown),
        (given.npi.is_some(), Reason::NpiUnknown),
        (given.board.is_some(), Reason::BoardIdUnknown),
        (given.npi.is_some_and(|npi| !npi.check_digit_ok), Reason::NpiCheckDigit),
    ];
    for reason in unknown.into_iter().filter(|(given, _)| *given).map(|(_, reason)| reason) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Decision { outcome: Outcome::None, reasons, settle_with: missing(given).collect() }
}

/// Reasons and remedies for an answer about the best candidate.
fn finish(outcome: Outcome, because: &[Reason], found: &Found, best: &Scored, given: &Given) -> Decision {
    let mut reasons = best.levels.reasons();
    for other in rules::of_another(found, Some(best)) {
        let unknown = match other {
            Reason::LicenseOfOtherPerson => [Reason::LicenseUnknown, Reason::LicenseAlike],
            Reason::NpiOfOtherPerson => [Reason::NpiUnknown, Reason::NpiAlike],
            _ => [Reason::BoardIdUnknown, Reason::BoardIdAlike],
        };
        reasons.iter_mut().filter(|reason| unknown.contains(reason)).for_each(|reason| *reason = other);
    }
    if given.npi.is_some_and(|npi| !npi.check_digit_ok) && best.levels.npi != Identifier::Equal {
        reasons.push(Reason::NpiCheckDigit);
    }
    reasons.extend_from_slice(because);
    let settle_with = match outcome {
        Outcome::Matched(_) => Vec::new(),
        // the identifiers are what points to somebody else
        Outcome::Conflict => unique(identifiers(given).chain(remedies(best, given))),
        _ => remedies(best, given),
    };
    Decision { outcome, reasons, settle_with }
}

fn identifiers(given: &Given) -> impl Iterator<Item = Field> {
    let fields = [
        (given.license.is_some(), Field::License),
        (given.npi.is_some(), Field::Npi),
        (given.board.is_some(), Field::BoardId),
    ];
    fields.into_iter().filter(|(is_given, _)| *is_given).map(|(_, field)| field)
}

/// What is missing first, then what differs.
fn remedies(best: &Scored, given: &Given) -> Vec<Field> {
    let levels = &best.levels;
    let wrong = |level: Identifier| matches!(level, Identifier::Alike | Identifier::Differs | Identifier::Missing);
    let differs = [
        (wrong(levels.license), Field::License),
        (wrong(levels.npi), Field::Npi),
        (wrong(levels.board), Field::BoardId),
        (levels.birth != Birth::Equal, Field::Birth),
        (levels.first != First::Equal, Field::FirstName),
        (levels.last != Last::Equal, Field::LastName),
        (levels.state == State::Differs, Field::State),
    ];
    unique(missing(given).chain(differs.into_iter().filter(|(differs, _)| *differs).map(|(_, field)| field)))
}

/// The fields in their order, each once.
fn unique(fields: impl Iterator<Item = Field>) -> Vec<Field> {
    fields.fold(Vec::new(), |mut out, field| {
        if !out.contains(&field) {
            out.push(field);
        }
        out
    })
}

fn missing(given: &Given) -> impl Iterator<Item = Field> {
    let fields = [
        (given.license.is_none(), Field::License),
        (given.npi.is_none(), Field::Npi),
        (given.board.is_none(), Field::BoardId),
        (given.state.is_none(), Field::State),
        (given.day.is_none(), Field::Birth),
        (given.first.is_empty(), Field::FirstName),
        (given.last.is_empty(), Field::LastName),
    ];
    fields.into_iter().filter(|(missing, _)| *missing).map(|(_, field)| field)
}
