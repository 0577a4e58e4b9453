//! Which items of reference data an activity holds. Supporters are written in free words, so one counts
//! where it is meant; everywhere else an activity holds the code.

use super::choices::folded;
use super::{Activity, UNITED_STATES};
use crate::reference::{Item, List};

impl Activity {
    pub fn uses(&self, item: &Item) -> bool {
        let code = item.code.as_str();
        let is_code = |text: &String| text == code;
        let is_meant = |text: &str| {
            let text = folded(text);
            !text.is_empty() && (text == folded(code) || text == folded(&item.name))
        };
        match item.list {
            List::Countries => self.country == code,
            List::States => self.country == UNITED_STATES && self.state == code,
            List::Supporters => self.support.iter().any(|support| is_meant(&support.source)),
            List::CommendationTags => self.commendation_tags.iter().any(is_code),
            List::StateTopics => self.state_topics.iter().any(|one| one.domain == item.group && one.topic == code),
            List::Outcomes => self.outcomes.iter().any(|one| one.outcome == code),
            List::Professions => {
                self.professions.iter().any(is_code) || self.other_breakdown.iter().any(|one| one.profession == code)
            }
            List::Specialties => self.specialties.iter().any(is_code),
            List::RemsPrograms => self.rems.as_ref().is_some_and(|rems| rems.kind == code),
            List::CreditKinds => self.other_credits.iter().any(|one| one.certification == code),
            List::PharmacyTypes => self.pharmacy.as_ref().is_some_and(|pharmacy| is_meant(&pharmacy.activity_type)),
            List::PharmacyTopics => self.pharmacy.as_ref().is_some_and(|pharmacy| {
                is_meant(&pharmacy.topic) || pharmacy.content_topics.iter().any(|topic| is_meant(topic))
            }),
            // said of credit, of cases and of providers
            List::RejectionReasons | List::DeclineReasons | List::OrganizationTypes | List::AccreditationDecisions => {
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::tests::active;
    use crate::activity::{StateTopic, Support};

    fn item(list: List, group: &str, code: &str, name: &str) -> Item {
        let (group, code, name) = (group.into(), code.into(), name.into());
        Item { list, group, code, name, valid_from: None, valid_until: None }
    }

    #[test]
    fn an_activity_uses_what_it_holds_in_that_very_list() {
        let activity = Activity {
            country: UNITED_STATES.into(),
            state: "CA".into(),
            support: vec![Support { source: "acme, inc.".into(), dollars: None }],
            state_topics: vec![StateTopic { domain: "Opioids".into(), topic: "Pain".into() }],
            specialties: vec!["Nursing".into()],
            ..active()
        };
        for (used, item) in [
            (true, item(List::States, "", "CA", "California")),
            (false, item(List::States, "", "NV", "Nevada")),
            (true, item(List::Countries, "", UNITED_STATES, "United States")),
            (true, item(List::Supporters, "", "ACME", "Acme Inc")),
            (true, item(List::StateTopics, "Opioids", "Pain", "Pain")),
            (false, item(List::StateTopics, "Ethics", "Pain", "Pain")),
            (true, item(List::Specialties, "", "Nursing", "Nursing")),
            (false, item(List::Professions, "", "Nursing", "Nursing")),
            (false, item(List::PharmacyTopics, "", "Nursing", "Nursing")),
        ] {
            assert_eq!(activity.uses(&item), used, "{item:?}");
        }
        assert!(!Activity { country: "CAN".into(), ..activity }.uses(&item(List::States, "", "CA", "California")));
    }
}
