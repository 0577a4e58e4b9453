//! Notices that the accreditor shows on pages: what they are about, how urgent, and for whom.
//!
//! A notice is for the place in which somebody acts, not for the person: who sits with a provider and is a physician
//! too sees each notice in its own place.

use crate::access::Seat;
use crate::activity::choices::choices;

choices! {
    /// What a notice is about.
    Kind {
        Maintenance "maintenance" "Maintenance"
        Deadline "deadline" "Deadline"
        News "news" "News"
    }
}

choices! {
    /// How much it matters, least first.
    Level {
        Info "info" "For information"
        Warning "warning" "Needs attention"
        Urgent "urgent" "Urgent"
    }
}

choices! {
    /// Whom a notice is for.
    Persona {
        Everybody "everybody" "Everybody, also without signing in"
        Provider "provider" "Providers"
        Physician "physician" "Physicians"
        LicensingBoard "licensing_board" "Licensing boards"
        CertifyingBoard "certifying_board" "Certifying boards"
    }
}

impl Persona {
    /// Whether it is for somebody who acts in this seat, or who is not signed in.
    pub fn includes(self, seat: Option<Seat>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Provider => matches!(seat, Some(Seat::Provider(..))),
            Self::Physician => matches!(seat, Some(Seat::Physician(_))),
            Self::LicensingBoard => matches!(seat, Some(Seat::LicensingBoard(_))),
            Self::CertifyingBoard => matches!(seat, Some(Seat::CertifyingBoard(_))),
        }
    }
}

/// The longest title, text and path, in characters.
pub const LONGEST_TITLE: usize = 120;
pub const LONGEST_BODY: usize = 2_000;
pub const LONGEST_PATH: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::ProviderRole;
    use crate::{PhysicianId, State};

    #[test]
    fn a_notice_is_for_the_seat_in_which_somebody_acts() {
        let seats = [
            Seat::Provider("0000001".parse().unwrap(), ProviderRole::Viewer),
            Seat::Physician(PhysicianId::new(uuid::Uuid::nil())),
            Seat::LicensingBoard(State::read("CA").unwrap()),
            Seat::CertifyingBoard(crate::Board::read("ABIM").unwrap()),
            Seat::Accreditor,
        ];
        for seat in seats.map(Some).into_iter().chain([None]) {
            let own: Vec<Persona> = Persona::ALL.iter().copied().filter(|persona| persona.includes(seat)).collect();
            let expected = if matches!(seat, None | Some(Seat::Accreditor)) { 1 } else { 2 };
            assert_eq!((own[0], own.len()), (Persona::Everybody, expected), "{seat:?}");
        }
    }
}
