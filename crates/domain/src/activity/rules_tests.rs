//! Every rule is found where it is broken, from the status on that needs it, with a field and a remedy.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::rules_cases::{TODAY, abim, broken, reference, whole};
use super::tests::active;
use super::*;
use crate::Board;
use crate::reference::{BoardRules, CreditType, Dated, Reference, Rules};

fn codes(list: &[Missing]) -> Vec<Rule> {
    list.iter().map(|missing| missing.rule).collect()
}

#[test]
fn nothing_is_missing_where_nothing_is() {
    assert_eq!(whole().missing_for(Status::Closed, TODAY, &reference()), []);
    assert_eq!(whole().status(TODAY), Status::ReadyToClose);
    assert_eq!(whole().next(TODAY, &reference()), Some((Status::Closed, vec![])));
}

#[test]
fn every_rule_is_broken_by_its_case_and_no_other_is() {
    let broken = broken();
    for (rule, field, activity) in &broken {
        let found = activity.missing_for(Status::Closed, TODAY, &reference());
        let told: Vec<_> = found.iter().map(|missing| (missing.rule, missing.field)).collect();
        assert_eq!(told, [(*rule, *field)], "{activity:?}");
        let (words, remedy) = (found[0].words(), rule.remedy());
        assert!(words.contains(remedy) && remedy.len() > 10, "{rule}: {words}");
    }
    // those about values that the type cannot lack belong to whoever reads them
    let read = [Rule::FormatMissing, Rule::StartMissing, Rule::EndMissing];
    for rule in Rule::ALL.iter().filter(|rule| !read.contains(rule)) {
        assert!(broken.iter().any(|(of, ..)| of == rule), "{rule} has no case");
    }
}

#[test]
fn a_rule_counts_from_the_status_that_needs_it() {
    for (rule, _, activity) in broken() {
        for status in Status::ALL {
            let found = codes(&activity.missing_for(*status, TODAY, &reference()));
            // registrations are refused where they are saved, so their faults wait for closing
            let counts = rule.needed_for() <= *status
                && (activity.moc.iter().all(|moc| *moc == abim()) || *status == Status::Closed);
            assert_eq!(found.contains(&rule), counts, "{rule} for {status}");
        }
    }
}

#[test]
fn a_draft_needs_title_format_and_dates_and_nothing_else() {
    let basics = Basics {
        title: "Knots".into(),
        format: Some(Format::LiveCourse),
        starts_on: Some(date(2026, 1, 1)),
        ends_on: Some(date(2026, 1, 2)),
    };
    let id = "000000000".parse().unwrap();
    let provider = "0001234".parse().unwrap();
    let draft = basics.clone().draft(id, provider).unwrap();
    assert_eq!((draft.faults(&reference()), draft.status(TODAY)), (vec![], Status::Draft));
    let cases = [
        (Rule::TitleMissing, Basics { title: " ".into(), ..basics.clone() }),
        (Rule::FormatMissing, Basics { format: None, ..basics.clone() }),
        (Rule::StartMissing, Basics { starts_on: None, ..basics.clone() }),
        (Rule::EndMissing, Basics { ends_on: None, ..basics }),
    ];
    for (rule, basics) in cases {
        assert_eq!(basics.draft(id, provider).map_err(|list| codes(&list)), Err(vec![rule]));
    }
    assert_eq!(codes(&Basics::default().draft(id, provider).unwrap_err()).len(), 4);
}

#[test]
fn a_format_takes_only_its_own_deliveries_and_length() {
    let enduring = Activity {
        format: Format::EnduringMaterial,
        deliveries: vec![Delivery::Online, Delivery::PrintOther],
        ends_on: date(2029, 3, 1),
        ..active()
    };
    assert_eq!(enduring.missing_for(Status::Active, TODAY, &reference()), []);
    let longer = Activity { ends_on: date(2029, 3, 2), ..enduring };
    assert_eq!(codes(&longer.faults(&reference())), [Rule::LastsTooLong]);
    let journal = Activity { format: Format::JournalBased, deliveries: vec![], ..active() };
    assert_eq!(journal.missing_for(Status::Active, TODAY, &reference()), []);
}

#[test]
fn a_year_typed_with_a_zero_in_front_is_a_slip() {
    let typed = Activity { starts_on: date(206, 3, 1), ends_on: date(206, 3, 2), ..active() };
    let told: Vec<_> = typed.faults(&Reference::default()).iter().map(Missing::message).collect();
    assert_eq!(
        told,
        ["Start date: 0206 is not a year of an activity.", "End date: 0206 is not a year of an activity."]
    );
}

#[test]
fn outside_the_united_states_no_state_is_needed() {
    let toronto = Activity { city: "Toronto".into(), country: "CAN".into(), state: String::new(), ..whole() };
    assert_eq!(toronto.missing_for_active(), []);
}

#[test]
fn a_change_of_a_boards_lists_within_an_activity_leaves_both_to_choose_from() {
    let kind = |name: &str| CreditType { name: name.into(), valid_from: None, valid_until: None };
    let abim = reference().board(Board::read("ABIM").unwrap()).unwrap().clone();
    let later = BoardRules {
        credit_types: vec![kind("New Knowledge")],
        practice_areas: vec!["New Medicine".into()],
        ..abim.clone()
    };
    let versions = vec![Dated::always(abim), Dated { from: date(2026, 3, 15), until: None, value: later }];
    let reference = Reference::new(Arc::new(Rules::new(versions, vec![], vec![])), TODAY);
    let registration = self::abim();
    let registered = |first: Date, last: Date, credit_type: &str, area: &str| {
        let moc = MocRegistration {
            credit_types: vec![credit_type.into()],
            practice_areas: vec![area.into()],
            claim_until: None,
            ..registration.clone()
        };
        let activity = Activity { starts_on: first, ends_on: last, ..whole() };
        codes(&moc.faults(&activity, &reference))
    };
    let (first, turn, last) = (date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 31));
    assert_eq!(registered(first, last, "Medical Knowledge", "Geriatrics"), []);
    assert_eq!(registered(first, last, "New Knowledge", "New Medicine"), []);
    let unknown = [Rule::MocCreditTypeUnknown, Rule::MocPracticeAreaUnknown];
    assert_eq!(registered(turn, last, "Medical Knowledge", "Geriatrics"), unknown);
    assert_eq!(registered(first, date(2026, 3, 14), "New Knowledge", "New Medicine"), unknown);
}

#[test]
fn every_length_is_that_of_the_format_and_the_setting_of_the_day() {
    for format in Format::ALL {
        let months = if matches!(format, Format::EnduringMaterial | Format::JournalBased) { 36 } else { 12 };
        let last = date(2026, 3, 31).saturating_add(jiff::Span::new().months(months));
        let lasts = |ends_on: Date| {
            let activity =
                Activity { format: *format, starts_on: date(2026, 3, 31), ends_on, deliveries: vec![], ..active() };
            codes(&activity.faults(&reference()))
        };
        assert_eq!(lasts(last), [], "{format}");
        assert_eq!(lasts(last.tomorrow().unwrap()), [Rule::LastsTooLong], "{format}");
    }
}

#[test]
fn each_format_takes_its_own_deliveries_and_no_other() {
    for format in Format::ALL {
        let own: &[Delivery] = match format {
            Format::LiveCourse | Format::RegularlyScheduledSeries => &[Delivery::InPerson, Delivery::LiveStreamed],
            Format::EnduringMaterial => &[Delivery::Online, Delivery::PrintOther],
            Format::OtherBlended => Delivery::ALL,
            _ => &[],
        };
        let found = |deliveries: &[Delivery]| {
            let activity = Activity { format: *format, deliveries: deliveries.to_vec(), ..whole() };
            codes(&activity.missing_for(Status::Active, TODAY, &reference()))
        };
        for way in Delivery::ALL {
            let wanted: &[Rule] = if own.contains(way) { &[] } else { &[Rule::DeliveryNotOfFormat] };
            assert_eq!(found(&[*way]), wanted, "{format} {way}");
        }
        assert_eq!(found(own), [], "{format}");
        let none: &[Rule] = if own.is_empty() { &[] } else { &[Rule::DeliveryMissing] };
        assert_eq!(found(&[]), none, "{format}");
    }
}
