//! Who is acting, and what they may reach.
//!
//! A scope can be had only from an [`Actor`], or for a job from the record it works on; store
//! functions on tenant data take one. So a query without its tenant does not compile.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ApiClientId, Board, PhysicianId, ProviderId, State};

/// What a member of a provider's team may do, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderRole {
    /// Reads everything of the provider.
    Viewer,
    /// Also reports learner credit.
    LearnerData,
    /// Also enters activities.
    Editor,
    /// Also manages the team and API clients.
    Owner,
}

impl ProviderRole {
    pub const ALL: &[ProviderRole] = &[Self::Owner, Self::Editor, Self::LearnerData, Self::Viewer];

    pub fn code(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::LearnerData => "learner_data",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::LearnerData => "Learner data",
            Self::Editor => "Editor",
            Self::Owner => "Owner",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }
}

/// On whose behalf somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seat {
    Provider(ProviderId, ProviderRole),
    Physician(PhysicianId),
    LicensingBoard(State),
    CertifyingBoard(Board),
    Accreditor,
}

impl Seat {
    /// The stored word of the kind of seat.
    pub fn kind(self) -> &'static str {
        match self {
            Seat::Provider(..) => "provider",
            Seat::Physician(_) => "physician",
            Seat::LicensingBoard(_) => "licensing_board",
            Seat::CertifyingBoard(_) => "certifying_board",
            Seat::Accreditor => "accreditor",
        }
    }

    /// Where the seat's own pages begin.
    pub fn home(self) -> &'static str {
        match self {
            Seat::Provider(..) => "/provider",
            Seat::Physician(_) => "/passport",
            Seat::LicensingBoard(_) => "/board",
            Seat::CertifyingBoard(_) => "/certifying",
            Seat::Accreditor => "/admin",
        }
    }
}

/// Who does it: a person who signed in, or a program with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    Account(AccountId),
    ApiClient(ApiClientId),
}

/// Somebody acting in a seat. Made by `web` once sign-in or token is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Actor {
    pub who: Who,
    pub seat: Seat,
}

/// A provider's own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProviderScope {
    provider: ProviderId,
    role: ProviderRole,
}

/// Licensees of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LicensingBoardScope {
    state: State,
}

/// MOC credit of one board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CertifyingBoardScope {
    board: Board,
}

/// One physician's own record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PhysicianScope {
    physician: PhysicianId,
}

/// The accreditor's staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StaffScope {
    _private: (),
}

impl Actor {
    /// The provider's data, if the actor sits with a provider in at least this role.
    pub fn provider(&self, least: ProviderRole) -> Option<ProviderScope> {
        match self.seat {
            Seat::Provider(provider, role) if role >= least => Some(ProviderScope { provider, role }),
            _ => None,
        }
    }

    pub fn licensing_board(&self) -> Option<LicensingBoardScope> {
        match self.seat {
            Seat::LicensingBoard(state) => Some(LicensingBoardScope { state }),
            _ => None,
        }
    }

    pub fn certifying_board(&self) -> Option<CertifyingBoardScope> {
        match self.seat {
            Seat::CertifyingBoard(board) => Some(CertifyingBoardScope { board }),
            _ => None,
        }
    }

    pub fn physician(&self) -> Option<PhysicianScope> {
        match self.seat {
            Seat::Physician(physician) => Some(PhysicianScope { physician }),
            _ => None,
        }
    }

    pub fn staff(&self) -> Option<StaffScope> {
        (self.seat == Seat::Accreditor).then_some(StaffScope { _private: () })
    }
}

impl ProviderScope {
    /// For background work on a record of this provider: the record itself names its owner.
    pub fn of_record(provider: ProviderId) -> Self {
        Self { provider, role: ProviderRole::LearnerData }
    }

    pub fn provider(&self) -> ProviderId {
        self.provider
    }

    pub fn role(&self) -> ProviderRole {
        self.role
    }

    pub fn may(&self, least: ProviderRole) -> bool {
        self.role >= least
    }
}

impl LicensingBoardScope {
    /// For background work on a record of this board: the record itself names its owner.
    pub fn of_record(state: State) -> Self {
        Self { state }
    }

    pub fn state(&self) -> State {
        self.state
    }
}

impl CertifyingBoardScope {
    /// For background work on a record of this board: the record itself names its owner.
    pub fn of_record(board: Board) -> Self {
        Self { board }
    }

    pub fn board(&self) -> Board {
        self.board
    }
}

impl PhysicianScope {
    /// For background work on a physician's record: the record itself names its owner.
    pub fn of_record(physician: PhysicianId) -> Self {
        Self { physician }
    }

    pub fn physician(&self) -> PhysicianId {
        self.physician
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_gives_only_its_own_scope() {
        let who = Who::Account(AccountId::new(uuid::Uuid::nil()));
        let viewer = Actor { who, seat: Seat::Provider("0000001".parse().unwrap(), ProviderRole::Viewer) };
        assert!(viewer.provider(ProviderRole::Viewer).is_some());
        assert!(viewer.provider(ProviderRole::LearnerData).is_none());
        assert!(viewer.staff().is_none() && viewer.physician().is_none() && viewer.licensing_board().is_none());
        let board = Actor { who, seat: Seat::LicensingBoard(State::read("CA").unwrap()) };
        assert!(board.provider(ProviderRole::Viewer).is_none() && board.certifying_board().is_none());
    }
}
