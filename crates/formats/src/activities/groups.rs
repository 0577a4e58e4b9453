//! What an activity may have several of, read from a record: registrations with boards, supporters,
//! outcomes and the like. Numbers that hold nothing are passed over; their order counts, not they.

use domain::Amount;
use domain::activity::{
    MeasuredOutcome, MocRegistration, OtherCredit, Outline, OutlineKey, Pharmacy, PharmacyRequirement, ProfessionCount,
    Rems, StateTopic, Support, Undertaking,
};
use domain::reference::List;

use super::field::{Field, Group};
use super::problem::{Code, Problem};
use super::record::Value;
use super::values::{Values, truth};

pub(super) fn registrations(values: &mut Values<'_>, specialties: &[String]) -> Vec<MocRegistration> {
    let mut list: Vec<MocRegistration> = Vec::new();
    for nth in values.record.numbers(Group::Moc) {
        let board = values.board(nth);
        let points = values.amount(Field::MocPoints, nth).unwrap_or(Amount::ZERO);
        let claim_until = values.date(Field::MocClaimUntil, nth);
        let rules = board.and_then(|board| values.reference.board(board));
        let own = |given: &str| rules.and_then(|rules| rules.credit_type(given)).map(|known| known.name.clone());
        let credit_types = values.several(Field::MocCreditTypes, nth);
        let credit_types = credit_types.iter().map(|value| own(&value.text).unwrap_or_else(|| value.text.clone()));
        let credit_types = each_once(credit_types);
        let area = |given: &str| rules.and_then(|rules| rules.practice_area(given)).map(str::to_owned);
        let practice_areas = values.several(Field::MocPracticeAreas, nth);
        let mut practice_areas =
            each_once(practice_areas.iter().map(|value| area(&value.text).unwrap_or_else(|| value.text.clone())));
        if values.record.without_areas.contains(&nth) {
            practice_areas = each_once(specialties.iter().filter_map(|specialty| area(specialty)));
        }
        let undertakings = undertakings(values, nth);
        let Some(board) = board else {
            if values.record.values(Field::MocBoard, nth).next().is_none()
                && let Some(value) = values.record.values.iter().find(|value| of_group(value, Group::Moc, nth))
            {
                let problem = Problem::new(Code::GroupIncomplete, value.place.clone()).field(value.field);
                values.problems.push(problem.given(&value.text).fact("a certifying board"));
            }
            continue;
        };
        if list.iter().any(|known| known.board == board)
            && let Some(value) = values.record.values(Field::MocBoard, nth).next()
        {
            values.wrong(Code::BoardRepeated, value);
        }
        list.push(MocRegistration { board, points, credit_types, practice_areas, claim_until, undertakings });
    }
    list
}

fn of_group(value: &Value, group: Group, nth: u16) -> bool {
    value.nth == nth && value.field.group() == Some(group)
}

fn each_once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for text in texts {
        if !list.contains(&text) {
            list.push(text);
        }
    }
    list
}

/// Yes is all five; else each by its words.
fn undertakings(values: &mut Values<'_>, nth: u16) -> Vec<Undertaking> {
    let mut given = Vec::new();
    for value in values.several(Field::MocUndertakings, nth) {
        match (truth(&value.text), Undertaking::read(&value.text)) {
            (Some(true), _) => given.extend(Undertaking::ALL),
            (Some(false), _) => {}
            (None, Some(one)) => given.push(one),
            (None, None) => values.wrong(Code::ChoiceUnknown, value),
        }
    }
    Undertaking::ALL.iter().copied().filter(|one| given.contains(one)).collect()
}

pub(super) fn joint_providers(values: &mut Values<'_>) -> Vec<String> {
    let numbers = values.record.numbers(Group::JointProvider);
    numbers.into_iter().map(|nth| values.text(Field::JointProvider, nth)).collect()
}

pub(super) fn other_credits(values: &mut Values<'_>) -> Vec<OtherCredit> {
    let mut list = Vec::new();
    for nth in values.record.numbers(Group::OtherCredit) {
        let certification = values.listed(Field::OtherCreditKind, nth, List::CreditKinds);
        let amount = values.amount(Field::OtherCreditAmount, nth).unwrap_or(Amount::ZERO);
        complete(values, nth, Field::OtherCreditKind, Field::OtherCreditAmount);
        list.push(OtherCredit { certification, amount });
    }
    list
}

/// Of two fields that go together, one without the other is a problem.
fn complete(values: &mut Values<'_>, nth: u16, one: Field, other: Field) {
    for (given, needed) in [(one, other), (other, one)] {
        if values.record.values(needed, nth).next().is_none()
            && let Some(value) = values.record.values(given, nth).next()
        {
            let problem = Problem::new(Code::GroupIncomplete, value.place.clone()).field(given);
            values.problems.push(problem.given(&value.text).fact(needed.label()));
        }
    }
}

pub(super) fn outcomes(values: &mut Values<'_>) -> Vec<MeasuredOutcome> {
    let mut list = Vec::new();
    for nth in values.record.numbers(Group::Outcome) {
        let outcome = values.listed(Field::Outcome, nth, List::Outcomes);
        let (mut objective, mut subjective) = (false, false);
        for value in values.several(Field::OutcomeWays, nth) {
            match value.text.to_lowercase().as_str() {
                "objective" => objective = true,
                "subjective" => subjective = true,
                "both" => (objective, subjective) = (true, true),
                _ => values.wrong(Code::ChoiceUnknown, value),
            }
        }
        if outcome.is_empty() {
            complete(values, nth, Field::OutcomeWays, Field::Outcome);
        }
        list.push(MeasuredOutcome { outcome, objective, subjective });
    }
    list
}

pub(super) fn support(values: &mut Values<'_>) -> Vec<Support> {
    let numbers = values.record.numbers(Group::Supporter);
    numbers
        .into_iter()
        .map(|nth| Support { source: values.text(Field::Supporter, nth), dollars: values.dollars(nth) })
        .collect()
}

pub(super) fn breakdown(values: &mut Values<'_>) -> Vec<ProfessionCount> {
    let mut list = Vec::new();
    for nth in values.record.numbers(Group::Profession) {
        let profession = values.listed(Field::Profession, nth, List::Professions);
        let count = values.whole(Field::ProfessionCount, nth).unwrap_or_default();
        complete(values, nth, Field::Profession, Field::ProfessionCount);
        list.push(ProfessionCount { profession, count });
    }
    list
}

pub(super) fn rems(values: &mut Values<'_>) -> Option<Rems> {
    let kind = values.listed(Field::RemsKind, 0, List::RemsPrograms);
    let identifier = values.text(Field::RemsIdentifier, 0);
    (!kind.is_empty() || !identifier.is_empty()).then_some(Rems { kind, identifier })
}

pub(super) fn state_topics(values: &mut Values<'_>) -> Vec<StateTopic> {
    let mut list = Vec::new();
    for nth in values.record.numbers(Group::StateTopic) {
        let domain = values.text(Field::StateDomain, nth);
        let topic = values.text(Field::StateTopic, nth);
        complete(values, nth, Field::StateDomain, Field::StateTopic);
        let known = values.reference.find_in(List::StateTopics, &domain, &topic);
        list.push(match known {
            Some(item) => StateTopic { domain: item.group.clone(), topic: item.code.clone() },
            None => StateTopic { domain, topic },
        });
    }
    list
}

/// Rows of one source behind one another are one selection.
pub(super) fn outlines(values: &mut Values<'_>) -> Vec<Outline> {
    let mut list: Vec<Outline> = Vec::new();
    for nth in values.record.numbers(Group::Outline) {
        let source = values.text(Field::OutlineSource, nth);
        let key = OutlineKey {
            keyword: values.text(Field::OutlineKeyword, nth),
            value: values.text(Field::OutlineValue, nth),
        };
        let keys = if key.keyword.is_empty() && key.value.is_empty() { Vec::new() } else { vec![key] };
        match list.iter_mut().find(|known| known.source == source) {
            Some(known) => {
                let new = keys.into_iter().filter(|key| !known.keys.contains(key)).collect::<Vec<_>>();
                known.keys.extend(new);
            }
            None => list.push(Outline { source, keys }),
        }
    }
    list
}

pub(super) fn pharmacy(values: &mut Values<'_>) -> Option<Box<Pharmacy>> {
    let recertification = values.record.numbers(Group::Requirement);
    let recertification = recertification.into_iter().map(|nth| PharmacyRequirement {
        audience: values.text(Field::RequirementAudience, nth),
        requirement: values.text(Field::Requirement, nth),
    });
    let recertification = recertification.collect();
    let texts = |list: Vec<&Value>| list.into_iter().map(|value| value.text.clone()).collect();
    let pharmacy = Pharmacy {
        activity_type: values.listed(Field::PharmacyType, 0, List::PharmacyTypes),
        topic: values.listed(Field::PharmacyTopic, 0, List::PharmacyTopics),
        live_on: values.date(Field::PharmacyLiveOn, 0),
        sequence_number: values.text(Field::PharmacySequence, 0),
        uan: values.text(Field::PharmacyUan, 0),
        uan_technician: values.text(Field::PharmacyUanTechnician, 0),
        has_recertification: values.answer(Field::HasRecertification),
        recertification,
        has_content_tags: values.answer(Field::HasContentTags),
        content_states: texts(values.several(Field::ContentStates, 0)),
        content_topics: texts(values.several(Field::ContentTopics, 0)),
    };
    (pharmacy != Pharmacy::default()).then(|| Box::new(pharmacy))
}
