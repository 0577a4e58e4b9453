//! Organizations as the accreditor keeps them: whose people are meant, how boards take part, what contacts are for.
//!
//! How a board takes part is what the public reads; what its people and programs may do follows from their seats and
//! tokens alone.

use crate::access::{ProviderRole, Seat};
use crate::activity::choices::choices;
use crate::{Board, ProviderId, State};

/// An organization that people have seats with. A physician's own record is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Organization {
    Provider(ProviderId),
    LicensingBoard(State),
    CertifyingBoard(Board),
    Accreditor,
}

impl Organization {
    pub fn of(seat: Seat) -> Option<Self> {
        match seat {
            Seat::Provider(provider, _) => Some(Self::Provider(provider)),
            Seat::LicensingBoard(state) => Some(Self::LicensingBoard(state)),
            Seat::CertifyingBoard(board) => Some(Self::CertifyingBoard(board)),
            Seat::Accreditor => Some(Self::Accreditor),
            Seat::Physician(_) => None,
        }
    }

    /// Reads what [`Organization::kind`] and [`Organization::key`] write.
    pub fn read(kind: &str, key: &str) -> Option<Self> {
        match kind {
            "provider" => key.parse().ok().map(Self::Provider),
            "licensing_board" => State::read(key).map(Self::LicensingBoard),
            "certifying_board" => key.parse().ok().map(Self::CertifyingBoard),
            "accreditor" if key.is_empty() => Some(Self::Accreditor),
            _ => None,
        }
    }

    /// The word of its seats, as [`Seat::kind`].
    pub fn kind(self) -> &'static str {
        match self {
            Self::Provider(_) => "provider",
            Self::LicensingBoard(_) => "licensing_board",
            Self::CertifyingBoard(_) => "certifying_board",
            Self::Accreditor => "accreditor",
        }
    }

    /// Provider ID, state or board code; empty for the accreditor.
    pub fn key(self) -> String {
        match self {
            Self::Provider(provider) => provider.to_string(),
            Self::LicensingBoard(state) => state.code().to_owned(),
            Self::CertifyingBoard(board) => board.code().to_owned(),
            Self::Accreditor => String::new(),
        }
    }

    /// A seat with it. Only providers have roles; elsewhere the role is not looked at.
    pub fn seat(self, role: ProviderRole) -> Seat {
        match self {
            Self::Provider(provider) => Seat::Provider(provider, role),
            Self::LicensingBoard(state) => Seat::LicensingBoard(state),
            Self::CertifyingBoard(board) => Seat::CertifyingBoard(board),
            Self::Accreditor => Seat::Accreditor,
        }
    }
}

choices! {
    /// How a board takes part.
    Participation {
        ViewsTranscripts "views_transcripts" "Views transcripts"
        ReceivesData "receives_data" "Views transcripts and receives data"
        TakesCredit "takes_credit" "Takes MOC credit"
        NotTakingPart "not_taking_part" "Does not take part"
    }
}

impl Participation {
    pub const OF_LICENSING: &[Self] = &[Self::ViewsTranscripts, Self::ReceivesData, Self::NotTakingPart];
    pub const OF_CERTIFYING: &[Self] = &[Self::TakesCredit, Self::NotTakingPart];

    /// What a kind of board can choose from; nothing for those that are no boards.
    pub fn choices(board: Organization) -> &'static [Self] {
        match board {
            Organization::LicensingBoard(_) => Self::OF_LICENSING,
            Organization::CertifyingBoard(_) => Self::OF_CERTIFYING,
            Organization::Provider(_) | Organization::Accreditor => &[],
        }
    }
}

choices! {
    /// What somebody at a provider is asked about, beside the primary contact.
    ContactRole {
        Accreditation "accreditation" "Accreditation"
        Activities "activities" "Activities"
        LearnerCredit "learner_credit" "Learner credit"
        Technical "technical" "Web services"
        Billing "billing" "Fees and billing"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_reads_back_as_it_is_written() {
        for (kind, key) in
            [("provider", "0001234"), ("licensing_board", "CA"), ("certifying_board", "ABIM"), ("accreditor", "")]
        {
            let read = Organization::read(kind, key).unwrap();
            assert_eq!((read.kind(), read.key().as_str()), (kind, key));
            assert_eq!(Organization::of(read.seat(ProviderRole::Viewer)), Some(read));
        }
        for (kind, key) in
            [("provider", "12"), ("licensing_board", "XX"), ("accreditor", "x"), ("physician", "CA"), ("", "")]
        {
            assert_eq!(Organization::read(kind, key), None, "{kind} {key}");
        }
    }
}
