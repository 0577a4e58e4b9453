//! Values that no status allows: they keep an activity from being saved, whatever else is missing.
//!
//! Limits and lists are those in force on the activity's dates, so a change of the rules never makes a
//! fault of what was entered before it.

use jiff::civil::Date;

use super::rules::{Missing, Rule};
use super::{Activity, UNITED_STATES, is_quarter};
use crate::reference::{List, Reference};

impl Activity {
    /// What keeps the activity from being saved: values that no status allows. The reference data
    /// that counts is the one in force on the activity's dates.
    pub fn faults(&self, reference: &Reference) -> Vec<Missing> {
        let mut list = self.faults_of_dates(reference);
        list.extend(self.faults_of_texts(reference));
        for delivery in self.deliveries.iter().filter(|way| !self.format.deliveries().contains(way)) {
            list.push(Missing::of(Rule::DeliveryNotOfFormat).fact(delivery.label()));
        }
        let other = self.other_credits.iter().map(|other| ("other_credits", other.amount));
        for (field, amount) in self.credit.map(|credit| ("credit", credit)).into_iter().chain(other) {
            if amount.hundredths() <= 0 || !is_quarter(amount) {
                list.push(Missing::of(Rule::CreditNotAQuarter).at(field).fact(amount.fixed()));
            }
        }
        list.extend(self.faults_of_lists(reference));
        list.extend(self.faults_of_numbers());
        list
    }

    fn faults_of_dates(&self, reference: &Reference) -> Vec<Missing> {
        let mut list = Vec::new();
        if self.title.trim().is_empty() {
            list.push(Missing::of(Rule::TitleMissing));
        }
        if self.ends_on < self.starts_on {
            list.push(Missing::of(Rule::EndBeforeStart));
        }
        let months = reference.settings_on(self.starts_on).longest_months(self.format);
        let latest = self.starts_on.checked_add(jiff::Span::new().months(months)).unwrap_or(Date::MAX);
        if self.ends_on > latest {
            list.push(Missing::of(Rule::LastsTooLong).fact(months.to_string()));
        }
        if self.year_of_closing() <= reference.settings().locked_year {
            list.push(Missing::of(Rule::YearLocked).fact(self.year_of_closing().to_string()));
        }
        list
    }

    fn faults_of_texts(&self, reference: &Reference) -> Vec<Missing> {
        let settings = reference.settings_on(self.starts_on);
        let mut list = Vec::new();
        let texts = [
            ("title", &self.title),
            ("internal_id", &self.internal_id),
            ("city", &self.city),
            ("state", &self.state),
            ("url", &self.url),
        ];
        let names = self.joint_providers.iter().map(|name| ("joint_providers", name));
        let sources = self.support.iter().map(|support| ("support", &support.source));
        for (field, text) in texts.into_iter().chain(names).chain(sources) {
            if text.chars().count() > settings.text_most {
                list.push(Missing::of(Rule::TextTooLong).at(field).fact(settings.text_most.to_string()));
            }
        }
        if self.description.chars().count() > settings.description_most {
            list.push(Missing::of(Rule::DescriptionTooLong).fact(settings.description_most.to_string()));
        }
        list
    }

    /// Every chosen value must be an item of its list on some day of the activity.
    fn faults_of_lists(&self, reference: &Reference) -> Vec<Missing> {
        let mut chosen: Vec<(&'static str, List, &str)> = Vec::new();
        if !self.country.is_empty() {
            chosen.push(("country", List::Countries, &self.country));
        }
        if self.country == UNITED_STATES && !self.state.is_empty() {
            chosen.push(("state", List::States, &self.state));
        }
        chosen.extend(self.outcomes.iter().map(|one| ("outcomes", List::Outcomes, one.outcome.as_str())));
        chosen.extend(self.commendation_tags.iter().map(|tag| ("commendation_tags", List::CommendationTags, &**tag)));
        chosen.extend(self.professions.iter().map(|one| ("professions", List::Professions, one.as_str())));
        chosen.extend(self.specialties.iter().map(|one| ("specialties", List::Specialties, one.as_str())));
        chosen.extend(
            self.other_breakdown.iter().map(|one| ("other_breakdown", List::Professions, one.profession.as_str())),
        );
        chosen.extend(
            self.other_credits.iter().map(|one| ("other_credits", List::CreditKinds, one.certification.as_str())),
        );
        chosen.extend(
            self.rems
                .iter()
                .filter(|rems| !rems.kind.is_empty())
                .map(|rems| ("rems", List::RemsPrograms, rems.kind.as_str())),
        );
        let in_force = |list, code: &str| reference.has_during(list, "", code, self.starts_on, self.ends_on);
        let refused = |field, fact: &str| Missing::of(Rule::ValueNotInList).at(field).fact(fact);
        let mut found: Vec<Missing> = chosen
            .into_iter()
            .filter(|(_, list, code)| !in_force(*list, code))
            .map(|(field, _, code)| refused(field, code))
            .collect();
        found.extend(
            self.state_topics
                .iter()
                .filter(|one| {
                    !reference.has_during(List::StateTopics, &one.domain, &one.topic, self.starts_on, self.ends_on)
                })
                .map(|one| refused("state_topics", &one.topic)),
        );
        found
    }

    fn faults_of_numbers(&self) -> Vec<Missing> {
        let mut list = Vec::new();
        if self.support.iter().any(|support| support.source.trim().is_empty()) {
            list.push(Missing::of(Rule::SupportSourceMissing));
        }
        for dollars in self.support.iter().filter_map(|support| support.dollars).filter(|dollars| *dollars < 1) {
            list.push(Missing::of(Rule::SupportNotDollars).fact(dollars.to_string()));
        }
        let totals = [("physician_total", self.physician_total), ("other_total", self.other_total)];
        let breakdown = self.other_breakdown.iter().map(|one| ("other_breakdown", Some(one.count)));
        for (field, total) in totals.into_iter().chain(breakdown) {
            if let Some(total) = total.filter(|total| *total < 0) {
                list.push(Missing::of(Rule::TotalNegative).at(field).fact(total.to_string()));
            }
        }
        if self.rems.as_ref().is_some_and(|rems| rems.kind.trim().is_empty()) {
            list.push(Missing::of(Rule::KindOfRemsMissing));
        }
        list
    }
}
