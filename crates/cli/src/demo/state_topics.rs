//! State content topics of the demo's activities, by what they are about: what boards' requirements ask for.

use domain::activity::{Activity, StateTopic};

/// What an activity is about, and the domain and topic of the accreditor's list that fit.
#[rustfmt::skip] // a table: one subject in a line
const TOPICS: &[(&str, &[(&str, &str)])] = &[
    ("Safe Opioid Prescribing", &[("Opioids", "Opioid prescribing"), ("Opioids", "Risk evaluation and mitigation")]),
    ("Tapering Opioids", &[("Opioids", "Opioid prescribing"), ("Opioids", "Substance use disorder")]),
    ("Neuropathic Pain", &[("Opioids", "Pain management")]),
    ("Chronic Pain in Primary Care", &[("Opioids", "Pain management"), ("Opioids", "Opioid prescribing")]),
    ("Low Back Pain", &[("Opioids", "Pain management")]),
    ("Alcohol Use Disorder", &[("Opioids", "Substance use disorder")]),
    ("Care of Older Adults", &[("Geriatrics", "Care of older adults"), ("End-of-Life Care", "Advance care planning")]),
    ("Delirium on the Wards", &[("Geriatrics", "Dementia and Alzheimer's disease")]),
    ("Survivorship Care", &[("End-of-Life Care", "Palliative care")]),
    ("Antimicrobial Stewardship", &[("Patient Safety", "Antibiotic stewardship")]),
    ("Clostridioides difficile", &[("Patient Safety", "Infection control")]),
    ("Surgical Site Infection", &[("Patient Safety", "Infection control")]),
    ("HIV Prevention", &[("Public Health", "HIV/AIDS")]),
    ("Adult Immunization", &[("Public Health", "Immunization")]),
    ("Suicide Risk", &[("Public Health", "Suicide prevention")]),
    ("Postpartum Hemorrhage", &[("Public Health", "Infant and maternal health")]),
    ("Diagnostic Error", &[("Patient Safety", "Medical errors")]),
    ("Medication Reconciliation", &[("Patient Safety", "Medical errors")]),
    ("Handoffs", &[("Patient Safety", "Risk management")]),
    ("Safe Discharge", &[("Patient Safety", "Risk management")]),
    ("Perioperative Patient Safety", &[("Patient Safety", "Risk management")]),
    ("Disclosure after Harm", &[("Ethics and Professionalism", "Medical ethics"), ("Patient Safety", "Medical errors")]),
    ("Chronic Kidney Disease", &[("Equity", "Health equity")]),
    ("Resistant Hypertension", &[("Equity", "Implicit bias")]),
    ("Type 2 Diabetes", &[("Equity", "Cultural competency")]),
    ("Heart Failure Care", &[("End-of-Life Care", "Advance care planning")]),
];

/// Gives an activity the topics that fit what it is about; most have none.
pub(crate) fn give(activity: &mut Activity, about: &str) {
    let found = TOPICS.iter().find(|(subject, _)| *subject == about);
    let topics = found.map_or(&[][..], |(_, topics)| topics);
    activity.has_state_topics = Some(!topics.is_empty());
    activity.state_topics = topics
        .iter()
        .map(|(domain, topic)| StateTopic { domain: (*domain).to_owned(), topic: (*topic).to_owned() })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::subjects::SUBJECTS;

    #[test]
    fn every_subject_is_one_of_the_demos_and_every_topic_one_of_the_list() {
        let list = include_str!("../../../store/reference/state_topics.tsv");
        for (about, topics) in TOPICS {
            assert!(SUBJECTS.iter().any(|subject| subject.topics.contains(about)), "{about}");
            for (domain, topic) in *topics {
                assert!(list.lines().any(|line| line == format!("\t{topic}\t{domain}")), "{domain}: {topic}");
            }
        }
    }
}
