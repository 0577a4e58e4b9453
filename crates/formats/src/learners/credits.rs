//! Which rows the credits of one report make: each CME credit one, each board one, paired as a person would
//! type them.
//!
//! A state's license or an NPI is an identity for CME credit, a board's ID one for that board. The amounts of a
//! board's credit types are tags over the same points, so its total is the largest of them, never their sum.

use domain::{Amount, State};

use super::elements::{Credit, Id, Value};

/// What one row reports.
#[derive(Debug, Default)]
pub(super) struct Draft<'a> {
    /// A state and a license number of it, which may be empty.
    pub(super) license: Option<&'a Id>,
    pub(super) npi: Option<&'a Id>,
    pub(super) cme: Option<&'a Credit>,
    pub(super) board: Option<Group<'a>>,
}

/// All that is said of one board.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) id: &'a Id,
    /// Credits with a type or an amount.
    pub(super) types: Vec<&'a Credit>,
    /// Certificates with this board's ID, those of CME credit among them.
    credits: Vec<&'a Credit>,
}

impl<'a> Group<'a> {
    /// The board's total as the sender says it.
    pub(super) fn said_total(&self) -> Option<&'a Value> {
        self.credits.iter().find_map(|credit| credit.board_total.as_ref())
    }

    /// The amount that stands for the board's total where nobody says it.
    pub(super) fn largest(&self) -> Option<&'a Value> {
        let amounts: Vec<&Value> = self.types.iter().filter_map(|credit| credit.amount.as_ref()).collect();
        total(&amounts, |value| value.text.as_str()).copied()
    }

    pub(super) fn first_credit_id(&self) -> Option<&'a Value> {
        self.types.iter().find_map(|credit| credit.id.as_ref())
    }
}

/// The largest of several amounts; before all others one that cannot be read, so that it is told of the total too.
pub(super) fn total<T>(amounts: &[T], text: impl Fn(&T) -> &str) -> Option<&T> {
    let given = || amounts.iter().filter(|amount| !text(amount).is_empty());
    let unreadable = given().find(|amount| Amount::read(text(amount)).is_err());
    unreadable.or_else(|| {
        given().fold(None, |largest: Option<&T>, amount| match largest {
            Some(largest) if Amount::read(text(largest)).ok() >= Amount::read(text(amount)).ok() => Some(largest),
            _ => Some(amount),
        })
    })
}

/// Who issued an identifier.
#[derive(PartialEq)]
enum Issuer {
    Npi,
    State,
    Board,
    /// Neither a state nor the shape of a board's code.
    Unknown,
}

fn issuer(id: &Id) -> Issuer {
    let domain = id.domain.text.as_str();
    if domain.eq_ignore_ascii_case("npi") {
        Issuer::Npi
    } else if State::read(domain).is_some() {
        Issuer::State
    } else if domain.is_empty() || is_like_a_board(domain) {
        // an ID that nobody issued is a board's whose name is missing: states and NPIs are never left out
        Issuer::Board
    } else {
        Issuer::Unknown
    }
}

/// Boards' codes begin with AB; whether there is such a board, the reference data say later.
fn is_like_a_board(domain: &str) -> bool {
    domain.len() > 2 && domain.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("ab"))
}

fn is_cme(certification: &str) -> bool {
    let name: String = certification.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    name.starts_with("amapracategory1")
}

fn text(value: Option<&Value>) -> &str {
    value.map_or("", |value| value.text.as_str())
}

/// What a certificate is about.
enum About<'a> {
    Cme,
    Board(Option<&'a Id>),
    /// It only says who the learner is.
    Identity,
}

fn about(credit: &Credit) -> About<'_> {
    let board = credit.ids.iter().find(|id| issuer(id) == Issuer::Board);
    let certification = text(credit.certification.as_ref());
    let is_empty = certification.is_empty() && text(credit.amount.as_ref()).is_empty();
    match (is_cme(certification), board) {
        (true, _) => About::Cme,
        (false, Some(_)) if is_empty && credit.board_total.is_none() => About::Identity,
        (false, Some(_)) => About::Board(board),
        (false, None) if certification.is_empty() && credit.board_total.is_none() => {
            if is_empty {
                About::Identity
            } else {
                About::Cme
            }
        }
        // its board has no code that we would know for one
        (false, None) => About::Board(credit.ids.iter().find(|id| issuer(id) == Issuer::Unknown)),
    }
}

/// The rows of one report, at least one. `nobody` stands for an identifier that is not given.
pub(super) fn drafts<'a>(credits: &'a [Credit], member: &'a [Id], nobody: &'a Id) -> Vec<Draft<'a>> {
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    // each CME credit with the board that it names, if any
    let mut own: Vec<Option<usize>> = Vec::new();
    for credit in credits {
        let is_given = |id: &Id| !id.domain.text.is_empty() || !id.value.text.is_empty();
        let is_board_id = |id: &&'a Id| issuer(id) == Issuer::Board && is_given(id);
        match about(credit) {
            About::Cme => {
                own.push(credit.ids.iter().find(is_board_id).map(|id| group(&mut groups, id, credit)));
                drafts.push(Draft { cme: Some(credit), ..Draft::default() });
            }
            About::Board(id) => {
                let at = group(&mut groups, id.unwrap_or(nobody), credit);
                let is_type = credit.certification.is_some() || credit.amount.is_some();
                groups[at].types.extend(is_type.then_some(credit));
            }
            About::Identity => {
                for id in credit.ids.iter().filter(is_board_id) {
                    group(&mut groups, id, credit);
                }
            }
        }
    }
    for id in member.iter().filter(|id| issuer(id) == Issuer::Board) {
        if !groups.iter().any(|group| is_same(group.id, id)) {
            groups.push(Group { id, types: Vec::new(), credits: Vec::new() });
        }
    }
    pair(&mut drafts, groups, &own);
    if drafts.is_empty() {
        drafts.push(Draft::default());
    }
    for draft in &mut drafts {
        identify(draft, credits, member);
    }
    drafts
}

/// The group of a board's ID, made if there is none yet.
fn group<'a>(groups: &mut Vec<Group<'a>>, id: &'a Id, credit: &'a Credit) -> usize {
    let at = groups.iter().position(|group| is_same(group.id, id)).unwrap_or(groups.len());
    if at == groups.len() {
        groups.push(Group { id, types: Vec::new(), credits: Vec::new() });
    }
    groups[at].credits.push(credit);
    at
}

fn is_same(one: &Id, other: &Id) -> bool {
    one.domain.text.eq_ignore_ascii_case(&other.domain.text) && one.value.text == other.value.text
}

/// A board goes beside the CME credit that names it, then beside one that names none, else on a row of its own.
fn pair<'a>(drafts: &mut Vec<Draft<'a>>, groups: Vec<Group<'a>>, own: &[Option<usize>]) {
    for (at, group) in groups.into_iter().enumerate() {
        let names_it = own.iter().position(|own| *own == Some(at));
        let free = || (0..own.len()).find(|nth| own[*nth].is_none() && drafts[*nth].board.is_none());
        match names_it.or_else(free) {
            Some(nth) => drafts[nth].board = Some(group),
            None => drafts.push(Draft { board: Some(group), ..Draft::default() }),
        }
    }
}

/// The license and NPI of a row: of its own certificates before those of others.
fn identify<'a>(draft: &mut Draft<'a>, credits: &'a [Credit], member: &'a [Id]) {
    let of_board = draft.board.as_ref().map(|group| group.credits.clone()).unwrap_or_default();
    let board_id = draft.board.as_ref().map(|group| group.id);
    let nearest = draft.cme.into_iter().chain(of_board).chain(credits).flat_map(|credit| &credit.ids).chain(member);
    let others: Vec<&Id> = nearest.filter(|id| board_id.is_none_or(|board| !is_same(board, id))).collect();
    let is = |issuers: &[Issuer]| others.iter().copied().find(|id| issuers.contains(&issuer(id)));
    draft.license = is(&[Issuer::State]).or_else(|| is(&[Issuer::Unknown]));
    draft.npi = is(&[Issuer::Npi]);
}
