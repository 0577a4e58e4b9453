//! The hard rules, on top of any weight. Each is numbered as in the design and has a counter-example among the
//! tests that fails without it. (Rule 9, a missing birthday is no evidence, lives in the comparison.)

use crate::candidates::Found;
use crate::compare::{Birth, First, Identifier, Last, Middle, State, SuffixLevel};
use crate::decision::Reason;
use crate::given::Given;
use crate::parameters::NAMES_OR_BIRTHDAY_BOARDS;
use crate::query::Teller;
use crate::score::Scored;

/// Rule 2: never when first and last name both disagree; when one does, the birthday must be equal.
pub(crate) fn may_be_meant(candidate: &Scored) -> bool {
    let levels = &candidate.levels;
    match (levels.first, levels.last) {
        (First::Differs, Last::Differs) => false,
        (First::Differs, _) | (_, Last::Differs) => levels.birth == Birth::Equal,
        _ => true,
    }
}

/// Rosters list everyone, namesakes too: without an identifier that agrees, another birthday is another person.
pub(crate) fn may_be_listed(candidate: &Scored, given: &Given) -> bool {
    let birth = matches!(candidate.levels.birth, Birth::Equal | Birth::Swapped | Birth::Unknown);
    given.teller == Teller::Report || birth || candidate.levels.identifier_agrees()
}

/// Rule 1: identifiers that belong to somebody else and are no slip of the best one's own.
pub(crate) fn of_another<'a>(found: &'a Found, best: Option<&'a Scored>) -> impl Iterator<Item = Reason> + 'a {
    let explained = move |level: fn(&Scored) -> Identifier| best.is_some_and(|best| level(best).agrees());
    let license = found.license_owned && !explained(|s| s.levels.license);
    let npi = found.npi_owned && !explained(|s| s.levels.npi);
    let board = found.board_owned && !explained(|s| s.levels.board);
    [
        license.then_some(Reason::LicenseOfOtherPerson),
        npi.then_some(Reason::NpiOfOtherPerson),
        board.then_some(Reason::BoardIdOfOtherPerson),
    ]
    .into_iter()
    .flatten()
}

/// Rule 3: somebody else has the given name and the given birthday, and the best one has not both.
pub(crate) fn another_fits(found: &Found, best: &Scored) -> bool {
    if best.levels.names_equal() && best.levels.birth == Birth::Equal {
        return false;
    }
    found.scored.iter().filter(|other| other.number != best.number).any(|other| {
        let levels = &other.levels;
        let bears_it = levels.first == First::Equal && matches!(levels.last, Last::Equal | Last::Former);
        bears_it && !levels.exchanged && levels.birth == Birth::Equal
    })
}

/// Rule 4: an NPI alone, no state agreeing, another birthday, and namesakes.
pub(crate) fn npi_among_namesakes(best: &Scored, namesakes: impl Fn(&Scored) -> u32) -> bool {
    let levels = &best.levels;
    let alone = levels.npi == Identifier::Equal && !levels.license.agrees() && !levels.board.agrees();
    let birthday_differs = !matches!(levels.birth, Birth::Equal | Birth::Unknown);
    alone && levels.state != State::Equal && birthday_differs && namesakes(best) > 1
}

/// Rule 8, first half: a suffix that contradicts.
pub(crate) fn suffix_contradicts(best: &Scored) -> bool {
    best.levels.suffix == SuffixLevel::Differs
}

/// Rule 8, second half: another physician of the same last name and birthday can be read from the first name given.
/// An identifier decides between them only if the first name does not speak for the other one as well, or the other
/// one has no license in the given state: nearly all such pairs are strangers, twins practise side by side.
pub(crate) fn first_name_is_ambiguous(found: &Found, best: &Scored) -> bool {
    if best.levels.birth != Birth::Equal || best.levels.last == Last::Differs || best.levels.first == First::Differs {
        return false;
    }
    found.scored.iter().filter(|other| other.number != best.number).any(|other| {
        let levels = &other.levels;
        let sibling = levels.last <= Last::Typo && levels.birth == Birth::Equal && levels.first != First::Differs;
        if !sibling {
            return false;
        }
        let identified = best.levels.identifier_equal() && !levels.identifier_equal();
        let elsewhere = best.levels.state == State::Equal && levels.state == State::Differs;
        let by_middle = best.levels.middle == Middle::Equal && levels.middle == Middle::Differs;
        let decided = match best.levels.first {
            First::Equal => identified || elsewhere,
            first => identified && (elsewhere || by_middle || first < levels.first),
        };
        !decided
    })
}

/// Rule 7: some boards match their own ID with both names or the birthday.
pub(crate) fn fits_board_rule(candidate: &Scored, given: &Given) -> bool {
    let board_allows = given.board.is_some_and(|(board, _)| NAMES_OR_BIRTHDAY_BOARDS.contains(&board.code()));
    let levels = &candidate.levels;
    board_allows
        && levels.board == Identifier::Equal
        && (levels.names_agree() || levels.birth == Birth::Equal)
        && may_be_meant(candidate)
}

/// Rules 5 and 6: what must be equal when no identifier agrees.
pub(crate) fn stands_without_identifier(best: &Scored, given: &Given) -> bool {
    let levels = &best.levels;
    let here = levels.birth == Birth::Equal && levels.state == State::Equal;
    if given.has_identifier() && given.teller == Teller::Report {
        return here && levels.names_equal();
    }
    here && levels.first != First::Differs && levels.last <= Last::Typo
}

/// What must agree beside an identifier when the birthday does not: else a spouse's or sibling's number would do.
pub(crate) fn stands_beside_identifier(best: &Scored, namesakes: impl Fn(&Scored) -> u32) -> bool {
    let levels = &best.levels;
    let names = levels.first <= First::Nickname && levels.last <= Last::Typo && !levels.exchanged;
    match levels.birth {
        Birth::Equal => true,
        Birth::Differs => levels.identifier_equal() && names && levels.last <= Last::Part && namesakes(best) <= 1,
        _ => levels.identifier_equal() && names,
    }
}
