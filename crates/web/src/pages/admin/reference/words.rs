//! What each list is for, as its page says it.

use domain::reference::List;

pub(super) use app::reference::group_label;

/// What the list is, where it is chosen from, and what its codes are.
pub(super) fn meaning(list: List) -> &'static str {
    match list {
        List::Countries => {
            "Where an activity takes place. Codes are the three letters of ISO 3166; activities hold the code."
        }
        List::States => {
            "States and territories of the United States where an activity takes place, by postal code. Elsewhere a \
             province is written in free words."
        }
        List::Supporters => {
            "Companies that give commercial support. Providers may write in others; those are warned about, never \
             refused."
        }
        List::CommendationTags => {
            "Criteria of Accreditation with Commendation that an activity can be marked with, by category."
        }
        List::StateTopics => {
            "Subjects that state boards ask for by name, such as pain management, each within its domain. Licensing \
             boards count credit by them."
        }
        List::Outcomes => "What an activity was shown to change. At least one is needed before an activity is closed.",
        List::Professions => "Whom an interprofessional activity is for, and by which its other learners are counted.",
        List::Specialties => "Specialties that an activity is meant for.",
        List::RemsPrograms => "Risk evaluation programs of the FDA that take learners through this system.",
        List::CreditKinds => "Credit beside AMA PRA Category 1 that a jointly accredited activity can give.",
        List::PharmacyTypes => {
            "Kinds of pharmacy activities. They are offered in forms and templates and refuse nothing."
        }
        List::PharmacyTopics => {
            "Topics of pharmacy activities, by the number of pharmacy’s accreditor. They are offered and refuse nothing."
        }
        List::RejectionReasons => {
            "Why a certifying board rejects credit. Boards choose one by hand, in their automatic rules or through \
             their programs; providers and physicians read the words as they were then."
        }
        List::DeclineReasons => {
            "Why a provider does not report credit that a physician misses. The provider chooses one and adds words of \
             its own; the physician and the accreditor read both."
        }
        List::OrganizationTypes => {
            "What kind of organization a provider is: chosen for each provider, shown in the public directory and \
             counted in reports. A provider keeps the name that was chosen for it."
        }
        List::AccreditationDecisions => {
            "Decisions about a provider’s accreditation. The group says how the provider stands from the day on: \
             good_standing may submit; probation and lapsed may not."
        }
    }
}

/// What the code of a new item is, for the form.
pub(super) fn code_hint(list: List) -> &'static str {
    match list {
        List::Countries => "Three capital letters of ISO 3166, such as USA. It can never be changed.",
        List::States => "Two capital letters of the postal code, such as CA. It can never be changed.",
        List::RejectionReasons => {
            "What boards’ programs send, in small letters with underscores, such as name_differs. It can never be \
             changed."
        }
        _ => {
            "What activities hold and files may write instead of the name. Leave it empty to use the name. It can \
             never be changed."
        }
    }
}

/// Whether a code must be given: nobody calls a country by its code, and programs need a short one.
pub(super) fn needs_code(list: List) -> bool {
    matches!(list, List::Countries | List::States | List::RejectionReasons)
}
