//! Values that no status allows: they keep an activity from being saved, whatever else is missing.
//!
//! Limits and lists are those in force on the activity's dates, so a change of the rules never makes a
//! fault of what was entered before it.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::rules::{Missing, Rule};
use super::{Activity, Pharmacy, UNITED_STATES, is_quarter};
use crate::reference::{List, Reference};

/// Years that an activity may lie in; what is outside is a slip of the keyboard, such as 0206 **(ours)**.
const YEARS: RangeInclusive<i16> = 1900..=2199;

/// The largest number of learners or dollars that is no slip **(ours)**: sums over all activities of a
/// provider stay far below what a database can hold.
const MOST: i64 = 10_000_000_000;

pub(super) fn is_plausible(day: Date) -> bool {
    YEARS.contains(&day.year())
}

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
        let live_on = self.pharmacy.as_ref().and_then(|pharmacy| pharmacy.live_on);
        let days = [("starts_on", Some(self.starts_on)), ("ends_on", Some(self.ends_on)), ("pharmacy", live_on)];
        for (field, day) in days {
            if let Some(day) = day.filter(|day| !is_plausible(*day)) {
                list.push(Missing::of(Rule::DateImplausible).at(field).fact(format!("{:04}", day.year())));
            }
        }
        if !is_plausible(self.starts_on) || !is_plausible(self.ends_on) {
            return list; // the others compare dates with one another
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
        for (field, text) in self.texts() {
            let (rule, most) = match field {
                "description" => (Rule::DescriptionTooLong, settings.description_most),
                _ => (Rule::TextTooLong, settings.text_most),
            };
            if text.chars().count() > most {
                list.push(Missing::of(rule).at(field).fact(most.to_string()));
            }
        }
        list
    }

    /// Everything that is written in free words, by the key of its field.
    fn texts(&self) -> Vec<(&'static str, &str)> {
        let mut list: Vec<(&'static str, &str)> = vec![
            ("title", &self.title),
            ("internal_id", &self.internal_id),
            ("city", &self.city),
            ("state", &self.state),
            ("description", &self.description),
            ("url", &self.url),
        ];
        list.extend(self.joint_providers.iter().map(|name| ("joint_providers", name.as_str())));
        list.extend(self.support.iter().map(|support| ("support", support.source.as_str())));
        list.extend(self.rems.iter().map(|rems| ("rems", rems.identifier.as_str())));
        for outline in &self.outlines {
            list.push(("outlines", &outline.source));
            list.extend(
                outline.keys.iter().flat_map(|key| [&key.keyword, &key.value]).map(|text| ("outlines", &**text)),
            );
        }
        if let Some(pharmacy) = &self.pharmacy {
            let Pharmacy { activity_type, topic, sequence_number, uan, uan_technician, .. } = &**pharmacy;
            let own = [activity_type, topic, sequence_number, uan, uan_technician].into_iter();
            let of_requirements = pharmacy.recertification.iter().flat_map(|one| [&one.audience, &one.requirement]);
            let all = own.chain(of_requirements).chain(&pharmacy.content_states).chain(&pharmacy.content_topics);
            list.extend(all.map(|text| ("pharmacy", text.as_str())));
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
        for dollars in self.support.iter().filter_map(|support| support.dollars) {
            if dollars < 1 {
                list.push(Missing::of(Rule::SupportNotDollars).fact(dollars.to_string()));
            } else if dollars > MOST {
                list.push(Missing::of(Rule::NumberTooLarge).at("support").fact(dollars.to_string()));
            }
        }
        let totals = [("physician_total", self.physician_total), ("other_total", self.other_total)];
        let breakdown = self.other_breakdown.iter().map(|one| ("other_breakdown", Some(one.count)));
        for (field, total) in totals.into_iter().chain(breakdown) {
            match total {
                Some(total) if total < 0 => {
                    list.push(Missing::of(Rule::TotalNegative).at(field).fact(total.to_string()));
                }
                Some(total) if total > MOST => {
                    list.push(Missing::of(Rule::NumberTooLarge).at(field).fact(total.to_string()));
                }
                _ => {}
            }
        }
        if self.rems.as_ref().is_some_and(|rems| rems.kind.trim().is_empty()) {
            list.push(Missing::of(Rule::KindOfRemsMissing));
        }
        list
    }
}
