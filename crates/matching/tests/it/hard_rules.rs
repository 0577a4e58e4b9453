//! One counter-example a rule: without the rule, the weights alone would link it.

use matching::{Field, Physician, Query, Reason};

use crate::people::{With, assert_matched, assert_refused, index, physician, query};

fn family() -> Vec<Physician> {
    vec![
        physician(1, "Orlando Reed|Quillfeather", "03/07", "OH 35.012345").npi("1234567893"),
        physician(2, "Marisol Ann|Quillfeather", "11/21", "OH 35.077701"),
        physician(3, "Bettina|Ashgrove", "05/19", "TX K4821"),
    ]
}

#[test]
fn rule_1_a_spouses_license_is_a_conflict_though_all_else_agrees() {
    let decision = index(&family()).decide(&query("Orlando|Quillfeather", "03/07", "OH", "35.077701"));
    assert_refused(&decision, "conflict", Reason::LicenseOfOtherPerson);
}

#[test]
fn rule_1_an_npi_of_another_is_a_conflict_though_the_license_agrees() {
    let index = index(&family());
    let decision = index.decide(&query("Bettina|Ashgrove", "05/19", "TX", "K4821").npi("1234567893"));
    assert_refused(&decision, "conflict", Reason::NpiOfOtherPerson);
}

#[test]
fn rule_1_a_diplomate_id_of_another_is_a_conflict() {
    let mut people = family();
    people[1] = people[1].clone().board("ABIM", "204411");
    let decision =
        index(&people).decide(&query("Orlando|Quillfeather", "03/07", "OH", "35.012345").board("ABIM", "204411"));
    assert_refused(&decision, "conflict", Reason::BoardIdOfOtherPerson);
}

#[test]
fn rule_1_lets_pass_a_slip_that_hits_anothers_number_and_a_wrong_state() {
    let mut people = family();
    people.push(physician(4, "Ignatius|Bellweather", "09/30", "OH 35.012346, TX 35.012345"));
    let index = index(&people);
    assert_matched(&index.decide(&query("Orlando|Quillfeather", "03/07", "OH", "35.012346")), 1);
    assert_matched(&index.decide(&query("Orlando|Quillfeather", "03/07", "TX", "35.012345")), 1);
}

#[test]
fn rule_2_a_license_never_carries_two_other_names() {
    let decision = index(&family()).decide(&query("Gwendolyn|Partridge", "03/07", "OH", "35.012345"));
    assert_refused(&decision, "conflict", Reason::LicenseOfOtherPerson);
}

#[test]
fn rule_2_one_other_name_needs_the_birthday() {
    let index = index(&family());
    assert_matched(&index.decide(&query("Orlando|Partridge", "03/07", "OH", "35.012345").npi("1234567893")), 1);
    let decision = index.decide(&query("Orlando|Partridge", "03/08", "OH", "35.012345").npi("1234567893"));
    assert_refused(&decision, "conflict", Reason::LicenseOfOtherPerson);
}

#[test]
fn rule_3_a_fathers_npi_on_the_sons_row_is_a_conflict() {
    let father = physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345").npi("1234567893");
    let son = physician(2, "Orlando|Quillfeather", "03/22", "TX K4821");
    let row = query("Orlando|Quillfeather", "03/22", "OH", "1234567893");
    assert_refused(&index([&father, &son]).decide(&row), "conflict", Reason::OtherPersonFits);
    assert_matched(&index([&father]).decide(&row), 1);
}

#[test]
fn rule_4_an_npi_among_namesakes_needs_birthday_or_state() {
    let a = physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345").npi("1234567893");
    let b = physician(2, "Orlando|Quillfeather", "11/21", "TX K4821");
    let row = query("Orlando|Quillfeather", "03/09", "", "1234567893");
    assert_refused(&index([&a, &b]).decide(&row), "conflict", Reason::NamesakesExist);
    assert_matched(&index([&a]).decide(&row), 1);
    assert_matched(&index([&a, &b]).decide(&query("Orlando|Quillfeather", "03/09", "OH", "1234567893")), 1);
}

#[test]
fn rule_5_without_identifier_the_birthday_must_be_equal() {
    let index = index(&family());
    assert_matched(&index.decide(&query("Orlando|Quillfeather", "03/07", "OH", "")), 1);
    let decision = index.decide(&query("Orlando|Quillfeather", "07/03", "OH", ""));
    assert_refused(&decision, "review", Reason::NeedsIdentifier);
}

#[test]
fn rule_5_without_identifier_the_state_must_be_given() {
    let decision = index(&family()).decide(&query("Orlando|Quillfeather", "03/07", "", "pending"));
    assert_refused(&decision, "review", Reason::NeedsIdentifier);
}

#[test]
fn rule_6_beside_an_unknown_identifier_everything_must_be_exact() {
    let mut people = family();
    people[0] = people[0].clone().former("Pemberley");
    let index = index(&people);
    let row =
        |last: &str| Query { middle: "Reed".into(), ..query(&format!("Orlando|{last}"), "03/07", "OH", "888123") };
    assert_matched(&index.decide(&row("Quillfeather")), 1);
    assert_refused(&index.decide(&row("Pemberley")), "review", Reason::LicenseUnknown);
}

#[test]
fn rule_7_pediatrics_matches_its_id_with_names_or_birthday() {
    let people =
        [physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345").board("ABP", "551204").board("ABIM", "551204")];
    let index = index(&people);
    // another birthday and a misspelled name: too weak for any other board
    let row = query("Orlamdo|Quillfeather", "11/30", "", "");
    assert_refused(&index.decide(&row.clone().board("ABIM", "551204")), "several", Reason::BoardIdEqual);
    assert_matched(&index.decide(&row.board("ABP", "551204")), 1);
    let stranger = query("Gwendolyn|Partridge", "03/07", "OH", "").board("ABP", "551204");
    assert_refused(&index.decide(&stranger), "conflict", Reason::BoardIdOfOtherPerson);
}

#[test]
fn rule_8_an_initial_does_not_tell_twins_apart() {
    let people = [
        physician(1, "Jasper|Quillfeather", "03/07", "OH 35.012345"),
        physician(2, "Julian|Quillfeather", "03/07", "OH 35.077701"),
    ];
    let index = index(&people);
    let row = query("J.|Quillfeather", "03/07", "OH", "35.012345");
    assert_refused(&index.decide(&row), "several", Reason::FirstNameAmbiguous);
    assert_matched(&index.decide(&query("Jasper|Quillfeather", "03/07", "OH", "35.012345")), 1);
    assert_matched(&index.decide(&query("Jasper|Quillfeather", "03/07", "OH", "")), 1);
}

#[test]
fn rule_8_an_identifier_decides_where_the_other_one_has_no_license_in_the_state() {
    let people = [
        physician(1, "Jasper|Quillfeather", "03/07", "OH 35.012345"),
        physician(2, "Julian Peter|Quillfeather", "03/07", "TX K4821"),
    ];
    let index = index(&people);
    assert_matched(&index.decide(&query("J.|Quillfeather", "03/07", "OH", "35.012345")), 1);
    // not without one, nor beside a slip of one
    for identifier in ["", "35.012354"] {
        let decision = index.decide(&query("J.|Quillfeather", "03/07", "OH", identifier));
        assert_refused(&decision, "several", Reason::FirstNameAmbiguous);
    }
    // an initial of the middle name tells them apart as well
    let near = [people[0].clone(), physician(2, "Julian Peter|Quillfeather", "03/07", "OH 35.077701")];
    let decision = crate::people::index(&near).decide(&query("J. Peter|Quillfeather", "03/07", "OH", "35.077701"));
    assert_eq!(decision.outcome.code(), "several", "the other one's middle name is not known: {decision:?}");
    let near = [physician(1, "Jasper Owen|Quillfeather", "03/07", "OH 35.012345"), near[1].clone()];
    let decision = crate::people::index(&near).decide(&query("J. Peter|Quillfeather", "03/07", "OH", "35.077701"));
    assert_matched(&decision, 2);
}

#[test]
fn rule_8_a_twins_license_is_a_conflict() {
    let people = [
        physician(1, "Jasper|Quillfeather", "03/07", "OH 35.012345"),
        physician(2, "Julian|Quillfeather", "03/07", "OH 35.077701"),
    ];
    let decision = index(&people).decide(&query("Jasper|Quillfeather", "03/07", "OH", "35.077701"));
    assert_refused(&decision, "conflict", Reason::OtherPersonFits);
    assert_eq!(decision.settle_with.first(), Some(&Field::License));
}

#[test]
fn rule_8_a_suffix_must_not_contradict() {
    let senior = physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345").suffix("Sr");
    let index = index([&senior]);
    let row = query("Orlando|Quillfeather III", "03/07", "OH", "35.012345");
    assert_refused(&index.decide(&row), "several", Reason::SuffixDiffers);
    assert_matched(&index.decide(&query("Orlando|Quillfeather Sr.", "03/07", "OH", "35.012345")), 1);
    assert_matched(&index.decide(&query("Orlando|Quillfeather", "03/07", "OH", "35.012345")), 1);
}

#[test]
fn rule_9_a_missing_birthday_is_never_agreement() {
    let known = physician(1, "Orlando|Quillfeather", "", "OH 35.012345");
    let index = index([&known]);
    let decision = index.decide(&query("Orlando|Quillfeather", "03/07", "OH", ""));
    assert_ne!(decision.outcome.code(), "matched");
    let decision = index.decide(&query("Gwendolyn|Quillfeather", "03/07", "OH", "35.012345"));
    assert_refused(&decision, "conflict", Reason::LicenseOfOtherPerson);
}

#[test]
fn beside_an_identifier_a_wrong_birthday_needs_the_names() {
    let people = [physician(1, "Mario|Quillfeather", "03/07", "OH 35.012345").npi("1234567893")];
    let decision = index(&people).decide(&query("Maria|Quillfeather", "03/19", "OH", "35.012345").npi("1234567893"));
    assert_refused(&decision, "review", Reason::WeakBesideIdentifier);
}
