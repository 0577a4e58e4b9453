//! Whose a page or a call is, in words for those whose it is not.

use domain::access::ProviderRole;

/// Whose a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Provider(ProviderRole),
    Physician,
    LicensingBoard,
    CertifyingBoard,
    Accreditor,
}

impl Whose {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Provider(ProviderRole::Viewer) => "members of a provider’s team",
            Self::Provider(ProviderRole::LearnerData) => {
                "members of a provider’s team who report learner credit (role learner data, editor or owner)"
            }
            Self::Provider(ProviderRole::Editor) => {
                "members of a provider’s team who enter activities (role editor or owner)"
            }
            Self::Provider(ProviderRole::Owner) => "owners of a provider’s team",
            Self::Physician => "physicians",
            Self::LicensingBoard => "licensing boards",
            Self::CertifyingBoard => "certifying boards",
            Self::Accreditor => "the accreditor’s staff",
        }
    }
}
