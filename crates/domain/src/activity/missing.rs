//! What an activity lacks for its next status (the table of domain.md, Activities). Each finding is a
//! [`Rule`] with its field.

use jiff::civil::Date;

use super::rules::{Missing, Rule};
use super::{Activity, Delivery, Format, Providership, Status, UNITED_STATES};
use crate::check::us_date;
use crate::reference::Reference;
use crate::{ActivityId, ProviderId};

/// What even a Draft needs, as far as somebody gave it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Basics {
    pub title: String,
    pub format: Option<Format>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
}

impl Basics {
    /// A Draft of these, or all that is missing for one.
    pub fn draft(self, id: ActivityId, provider: ProviderId) -> Result<Activity, Vec<Missing>> {
        if let (Some(format), Some(starts_on), Some(ends_on), false) =
            (self.format, self.starts_on, self.ends_on, self.title.trim().is_empty())
        {
            return Ok(Activity::draft(id, provider, self.title, format, starts_on, ends_on));
        }
        let checks = [
            (self.title.trim().is_empty(), Rule::TitleMissing),
            (self.format.is_none(), Rule::FormatMissing),
            (self.starts_on.is_none(), Rule::StartMissing),
            (self.ends_on.is_none(), Rule::EndMissing),
        ];
        Err(checks.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, rule)| Missing::of(rule)).collect())
    }
}

impl Activity {
    /// Whether nothing is missing for Active, but for the calendar.
    pub fn is_complete(&self) -> bool {
        self.missing_for_active().is_empty()
    }

    /// What is missing before learners can be reported (the table of domain.md, row Active).
    pub fn missing_for_active(&self) -> Vec<Missing> {
        let is_empty = |text: &str| text.trim().is_empty();
        let in_person = self.deliveries.contains(&Delivery::InPerson);
        let checks = [
            (is_empty(&self.title), Rule::TitleMissing),
            (self.ends_on < self.starts_on, Rule::EndBeforeStart),
            (self.deliveries.is_empty() && !self.format.deliveries().is_empty(), Rule::DeliveryMissing),
            (in_person && is_empty(&self.city), Rule::CityMissing),
            (in_person && is_empty(&self.country), Rule::CountryMissing),
            (in_person && is_empty(&self.state) && self.country == UNITED_STATES, Rule::StateMissing),
            (self.credit.is_none(), Rule::CreditMissing),
            (is_empty(&self.description), Rule::DescriptionMissing),
            (self.providership.is_none(), Rule::ProvidershipMissing),
            (self.in_passport.is_none(), Rule::PassportUnanswered),
        ];
        let mut list: Vec<Missing> =
            checks.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, rule)| Missing::of(rule)).collect();
        for way in self.deliveries.iter().filter(|way| !self.format.deliveries().contains(way)) {
            list.push(Missing::of(Rule::DeliveryNotOfFormat).fact(way.label()));
        }
        if self.in_passport == Some(true) {
            list.extend(self.missing_for_passport());
        }
        list
    }

    /// What physicians look for; needed for Active if shown in Passport, for closing in any case.
    fn missing_for_passport(&self) -> Vec<Missing> {
        let checks = [
            (self.url.trim().is_empty(), Rule::UrlMissing),
            (self.fee.is_none(), Rule::FeeMissing),
            (self.registration.is_none(), Rule::RegistrationMissing),
        ];
        checks.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, rule)| Missing::of(rule)).collect()
    }

    /// What is missing before it can be closed (the table's last row).
    pub fn missing_for_closed(&self, today: Date) -> Vec<Missing> {
        let mut list = self.missing_for_active();
        if self.ends_on >= today {
            list.push(Missing::of(Rule::NotEnded).fact(us_date(self.ends_on)));
        }
        let is_joint = self.providership == Some(Providership::Joint);
        let without_way = |one: &super::MeasuredOutcome| !one.objective && !one.subjective;
        let broken_down = self.other_breakdown.iter().map(|one| one.count).fold(0, i64::saturating_add);
        let checks = [
            (is_joint && self.joint_providers.is_empty(), Rule::JointProvidersMissing),
            (self.outcomes.is_empty(), Rule::OutcomesMissing),
            (self.outcomes.iter().any(without_way), Rule::OutcomeWayMissing),
            (self.has_support.is_none(), Rule::SupportUnanswered),
            (self.has_support == Some(true) && self.support.is_empty(), Rule::SupportMissing),
            (self.has_support == Some(false) && !self.support.is_empty(), Rule::SupportContradicts),
            (self.physician_total.is_none(), Rule::PhysicianTotalMissing),
            (self.other_total.is_none(), Rule::OtherTotalMissing),
        ];
        list.extend(checks.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, rule)| Missing::of(rule)));
        // a total below zero is a fault of its own
        if let Some(total) = self.other_total.filter(|total| *total >= 0 && broken_down > *total) {
            list.push(Missing::of(Rule::BreakdownAboveTotal).fact(total.to_string()));
        }
        if self.in_passport != Some(true) {
            list.extend(self.missing_for_passport());
        }
        list.extend(self.moc.iter().flat_map(super::MocRegistration::missing_for_closed));
        list
    }

    /// The checklist for a status: everything that still keeps the activity from it.
    pub fn missing_for(&self, next: Status, today: Date, reference: &Reference) -> Vec<Missing> {
        let mut list = self.faults(reference);
        let more = match next {
            Status::Draft => Vec::new(),
            Status::Active => self.missing_for_active(),
            Status::ReadyToClose => {
                let mut more = self.missing_for_active();
                if self.ends_on >= today {
                    more.push(Missing::of(Rule::NotEnded).fact(us_date(self.ends_on)));
                }
                more
            }
            Status::Closed => {
                list.extend(self.moc.iter().flat_map(|moc| moc.faults(self, reference)));
                self.missing_for_closed(today)
            }
        };
        for missing in more {
            if !list.contains(&missing) {
                list.push(missing);
            }
        }
        list
    }

    /// The status that comes after today's, with what is missing for it. A closed activity has none.
    pub fn next(&self, today: Date, reference: &Reference) -> Option<(Status, Vec<Missing>)> {
        let next = match self.status(today) {
            Status::Draft => Status::Active,
            Status::Active | Status::ReadyToClose => Status::Closed,
            Status::Closed => return None,
        };
        Some((next, self.missing_for(next, today, reference)))
    }
}
