//! An activity as a neutral record: what every writer writes, so that all formats say the same.
//!
//! Texts are in the form of documents (`2026-03-01`, `true`, `1.25`); a sheet dresses them for people.
//! Lists are written by their names, except countries and states, which go by their codes.

use domain::activity::{Activity, Answer, Undertaking};
use domain::reference::{List, Reference};
use jiff::civil::Date;

use super::field::Field;
use super::place::Place;
use super::reading::Action;
use super::record::Record;
use super::values::IN_KIND;

struct Writing<'a> {
    record: Record,
    reference: &'a Reference,
}

impl Writing<'_> {
    fn put(&mut self, field: Field, nth: u16, text: &str) {
        self.record.put(field, nth, text, Place::File);
    }

    fn one(&mut self, field: Field, text: &str) {
        self.put(field, 0, text);
    }

    fn truth(&mut self, field: Field, answer: Option<bool>) {
        if let Some(answer) = answer {
            self.one(field, if answer { "true" } else { "false" });
        }
    }

    fn answer(&mut self, field: Field, answer: Option<Answer>) {
        self.one(
            field,
            answer.map_or("", |answer| match answer {
                Answer::Yes => "true",
                Answer::No => "false",
                Answer::NotSure => "not sure",
            }),
        );
    }

    fn date(&mut self, field: Field, nth: u16, date: Option<Date>) {
        if let Some(date) = date {
            self.put(field, nth, &date.to_string());
        }
    }

    fn number(&mut self, field: Field, nth: u16, number: Option<i64>) {
        if let Some(number) = number {
            self.put(field, nth, &number.to_string());
        }
    }

    fn listed(&mut self, field: Field, nth: u16, list: List, code: &str) {
        let name = self.reference.name_of(list, code);
        self.put(field, nth, &name);
    }

    fn listed_all(&mut self, field: Field, list: List, codes: &[String]) {
        for code in codes {
            self.listed(field, 0, list, code);
        }
    }
}

/// The record of an activity with its ID. A closed one is written with its closing.
pub fn record(activity: &Activity, reference: &Reference, action: Option<Action>) -> Record {
    let mut to = Writing { record: Record::new(1, Place::File), reference };
    to.one(Field::RecordAction, action.map_or("", Action::word));
    to.truth(Field::Close, activity.is_closed.then_some(true));
    to.one(Field::ProviderId, &activity.provider.to_string());
    to.one(Field::ActivityId, &activity.id.to_string());
    to.one(Field::InternalId, &activity.internal_id);
    to.one(Field::Title, &activity.title);
    to.one(Field::Format, activity.format.label());
    to.date(Field::StartsOn, 0, Some(activity.starts_on));
    to.date(Field::EndsOn, 0, Some(activity.ends_on));
    for delivery in &activity.deliveries {
        to.one(Field::Deliveries, delivery.label());
    }
    to.one(Field::City, &activity.city);
    to.one(Field::State, &activity.state);
    to.one(Field::Country, &activity.country);
    to.one(Field::Credit, &activity.credit.map(|credit| credit.to_string()).unwrap_or_default());
    for (nth, other) in (0..).zip(&activity.other_credits) {
        to.listed(Field::OtherCreditKind, nth, List::CreditKinds, &other.certification);
        to.put(Field::OtherCreditAmount, nth, &other.amount.to_string());
    }
    to.one(Field::Description, &activity.description);
    to.one(Field::Providership, activity.providership.map_or("", |one| one.label()));
    for (nth, name) in (0..).zip(&activity.joint_providers) {
        to.put(Field::JointProvider, nth, name);
    }
    to.truth(Field::IsInterprofessional, activity.is_interprofessional);
    to.listed_all(Field::Professions, List::Professions, &activity.professions);
    to.listed_all(Field::Specialties, List::Specialties, &activity.specialties);
    to.truth(Field::InPassport, activity.in_passport);
    to.one(Field::Url, &activity.url);
    to.one(Field::Fee, activity.fee.map_or("", |fee| fee.label()));
    to.one(Field::Registration, activity.registration.map_or("", |one| one.label()));
    for (nth, one) in (0..).zip(&activity.outcomes) {
        to.listed(Field::Outcome, nth, List::Outcomes, &one.outcome);
        let ways = [(one.objective, "Objective"), (one.subjective, "Subjective")];
        for (_, way) in ways.into_iter().filter(|(is_so, _)| *is_so) {
            to.put(Field::OutcomeWays, nth, way);
        }
    }
    to.truth(Field::HasSupport, activity.has_support);
    for (nth, support) in (0..).zip(&activity.support) {
        to.put(Field::Supporter, nth, &support.source);
        let amount = support.dollars.map_or_else(|| IN_KIND.to_owned(), |dollars| dollars.to_string());
        to.put(Field::SupportAmount, nth, &amount);
    }
    to.number(Field::PhysicianTotal, 0, activity.physician_total);
    to.number(Field::OtherTotal, 0, activity.other_total);
    for (nth, one) in (0..).zip(&activity.other_breakdown) {
        to.listed(Field::Profession, nth, List::Professions, &one.profession);
        to.number(Field::ProfessionCount, nth, Some(one.count));
    }
    to.listed_all(Field::CommendationTags, List::CommendationTags, &activity.commendation_tags);
    to.truth(Field::IsMips, activity.is_mips);
    if let Some(rems) = &activity.rems {
        to.listed(Field::RemsKind, 0, List::RemsPrograms, &rems.kind);
        to.one(Field::RemsIdentifier, &rems.identifier);
    }
    to.truth(Field::HasStateTopics, activity.has_state_topics);
    for (nth, one) in (0..).zip(&activity.state_topics) {
        to.put(Field::StateDomain, nth, &one.domain);
        to.listed(Field::StateTopic, nth, List::StateTopics, &one.topic);
    }
    outlines(&mut to, activity);
    pharmacy(&mut to, activity);
    moc(&mut to, activity);
    to.record
}

fn outlines(to: &mut Writing<'_>, activity: &Activity) {
    let mut nth = 0;
    for outline in &activity.outlines {
        // One without keys has a row of its own, too.
        for at in 0..outline.keys.len().max(1) {
            to.put(Field::OutlineSource, nth, &outline.source);
            if let Some(key) = outline.keys.get(at) {
                to.put(Field::OutlineKeyword, nth, &key.keyword);
                to.put(Field::OutlineValue, nth, &key.value);
            }
            nth += 1;
        }
    }
}

fn pharmacy(to: &mut Writing<'_>, activity: &Activity) {
    let Some(pharmacy) = &activity.pharmacy else { return };
    to.listed(Field::PharmacyType, 0, List::PharmacyTypes, &pharmacy.activity_type);
    to.listed(Field::PharmacyTopic, 0, List::PharmacyTopics, &pharmacy.topic);
    to.date(Field::PharmacyLiveOn, 0, pharmacy.live_on);
    to.one(Field::PharmacySequence, &pharmacy.sequence_number);
    to.one(Field::PharmacyUan, &pharmacy.uan);
    to.one(Field::PharmacyUanTechnician, &pharmacy.uan_technician);
    to.answer(Field::HasRecertification, pharmacy.has_recertification);
    for (nth, one) in (0..).zip(&pharmacy.recertification) {
        to.put(Field::RequirementAudience, nth, &one.audience);
        to.put(Field::Requirement, nth, &one.requirement);
    }
    to.answer(Field::HasContentTags, pharmacy.has_content_tags);
    for state in &pharmacy.content_states {
        to.one(Field::ContentStates, state);
    }
    for topic in &pharmacy.content_topics {
        to.one(Field::ContentTopics, topic);
    }
}

fn moc(to: &mut Writing<'_>, activity: &Activity) {
    for (nth, moc) in (0..).zip(&activity.moc) {
        to.put(Field::MocBoard, nth, moc.board.code());
        if !moc.points.is_zero() {
            to.put(Field::MocPoints, nth, &moc.points.to_string());
        }
        for credit_type in &moc.credit_types {
            to.put(Field::MocCreditTypes, nth, credit_type);
        }
        for area in &moc.practice_areas {
            to.put(Field::MocPracticeAreas, nth, area);
        }
        to.date(Field::MocClaimUntil, nth, moc.claim_until);
        if moc.is_attested() {
            to.put(Field::MocUndertakings, nth, "true");
        } else {
            for one in Undertaking::ALL.iter().filter(|one| moc.undertakings.contains(one)) {
                to.put(Field::MocUndertakings, nth, one.label());
            }
        }
    }
}
