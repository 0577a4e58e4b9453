//! Lists of providers and boards, for the accreditor and for everybody. All of them are read, some thousands of rows, and
//! narrowed here: so names are compared in any script, and every order is at hand.

use domain::organization::Participation;
use domain::{Organization, State};
use store::organizations::profiles::{self, BoardProfile, Listed, TakesPart};
use store::organizations::{self as all, Standing};

use super::boards::level_on;
use crate::{App, Result};

/// Which providers are meant; everything empty means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words of the name, in any order, or the beginning of the ID.
    pub words: String,
    pub standing: Option<Standing>,
    pub kind: String,
    pub state: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    Id,
    Kind,
    State,
    Standing,
}

impl Order {
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Name, "name"),
        (Self::Id, "id"),
        (Self::Kind, "type"),
        (Self::State, "state"),
        (Self::Standing, "standing"),
    ];

    pub fn read(code: &str) -> Self {
        Self::ALL.into_iter().find(|(_, known)| *known == code).map_or(Self::Name, |(order, _)| order)
    }

    pub fn code(self) -> &'static str {
        Self::ALL.into_iter().find(|(order, _)| *order == self).map_or("name", |(_, code)| code)
    }
}

fn fits(search: &Search, words: &[String], listed: &Listed) -> bool {
    let provider = &listed.provider;
    let name = provider.name.to_lowercase();
    let is_found = |word: &String| name.contains(word.as_str()) || provider.id.as_str().starts_with(word.as_str());
    search.standing.is_none_or(|standing| provider.standing == standing)
        && (search.kind.is_empty() || provider.organization_type == search.kind)
        && (search.state.is_empty() || provider.state == search.state)
        && words.iter().all(is_found)
}

/// The providers that fit, in order.
pub async fn providers(app: &App, search: &Search, order: Order, is_descending: bool) -> Result<Vec<Listed>> {
    let all = profiles::list(&mut app.store.read().await?).await?;
    let words: Vec<String> = search.words.to_lowercase().split_whitespace().take(20).map(str::to_owned).collect();
    let mut found: Vec<Listed> = all.into_iter().filter(|listed| fits(search, &words, listed)).collect();
    let key = |listed: &Listed| {
        let provider = &listed.provider;
        let name = provider.name.to_lowercase();
        let first = match order {
            Order::Name => String::new(),
            Order::Id => provider.id.to_string(),
            Order::Kind => provider.organization_type.clone(),
            Order::State => provider.state.clone(),
            Order::Standing => provider.standing.label().to_owned(),
        };
        (first, name, provider.id)
    };
    found.sort_by_cached_key(key);
    if is_descending {
        found.reverse();
    }
    Ok(found)
}

/// The types and the states that providers have, for choosing among them.
pub async fn choices(app: &App) -> Result<(Vec<String>, Vec<(String, String)>)> {
    let all = profiles::list(&mut app.store.read().await?).await?;
    let mut kinds: Vec<String> = all.iter().map(|one| one.provider.organization_type.clone()).collect();
    let mut states: Vec<String> = all.into_iter().map(|one| one.provider.state).collect();
    for list in [&mut kinds, &mut states] {
        list.retain(|one| !one.is_empty());
        list.sort_unstable();
        list.dedup();
    }
    let name = |code: String| (State::read(&code).map_or_else(|| code.clone(), |state| state.name().to_owned()), code);
    let mut states: Vec<(String, String)> = states.into_iter().map(name).map(|(name, code)| (code, name)).collect();
    states.sort_by(|one, other| one.1.cmp(&other.1));
    Ok((kinds, states))
}

/// A board and how it takes part today.
#[derive(Debug, Clone)]
pub struct Board {
    pub organization: Organization,
    /// A state's name, or a certifying board's code as it writes it.
    pub label: String,
    pub name: String,
    pub profile: BoardProfile,
    /// `None`: nothing was ever said.
    pub today: Option<TakesPart>,
    /// What is said for the next later day.
    pub planned: Option<TakesPart>,
}

impl Board {
    pub fn level(&self) -> Option<Participation> {
        self.today.as_ref().map(|part| part.level)
    }
}

/// All licensing boards by state, and all certifying boards by code.
pub async fn boards(app: &App) -> Result<(Vec<Board>, Vec<Board>)> {
    let today = app.clock.today();
    let mut tx = app.store.read().await?;
    let licensing = all::list_licensing_boards(&mut tx).await?;
    let certifying = all::list_certifying_boards(&mut tx).await?;
    let mut lists = Vec::with_capacity(2);
    let licensing = licensing
        .into_iter()
        .map(|one| (Organization::LicensingBoard(one.state), one.state.name().to_owned(), one.name))
        .collect();
    let certifying =
        certifying.into_iter().map(|one| (Organization::CertifyingBoard(one.board), one.label, one.name)).collect();
    for (kind, found) in [("licensing_board", licensing), ("certifying_board", certifying)] {
        let found: Vec<(Organization, String, String)> = found;
        let profiles = profiles::boards(&mut tx, kind).await?;
        let parts = profiles::participations(&mut tx, kind).await?;
        let board = |(organization, label, name): (Organization, String, String)| {
            let key = organization.key();
            let own: Vec<TakesPart> =
                parts.iter().filter(|(one, _)| *one == key).map(|(_, part)| part.clone()).collect();
            let next_day = own.iter().map(|part| part.starts_on).filter(|day| *day > today).min();
            Board {
                profile: profiles.iter().find(|(one, _)| *one == key).map(|(_, one)| one.clone()).unwrap_or_default(),
                today: level_on(&own, today).cloned(),
                planned: own.iter().find(|part| Some(part.starts_on) == next_day).cloned(),
                organization,
                label,
                name,
            }
        };
        lists.push(found.into_iter().map(board).collect::<Vec<Board>>());
    }
    let mut lists = lists.into_iter();
    let mut licensing = lists.next().unwrap_or_default();
    licensing.sort_by(|one, other| one.label.cmp(&other.label));
    Ok((licensing, lists.next().unwrap_or_default()))
}
