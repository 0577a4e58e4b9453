//! What is read as the same person, and what the answer says.

use matching::{Field, Outcome, Physician, Query, Reason, Settings, Teller};

use crate::people::{With, assert_matched, assert_refused, id, index, physician, query};

fn registry() -> Vec<Physician> {
    vec![
        physician(1, "William Henry|Ferncastle", "03/07", "PA MD-012345, NY 204411")
            .npi("1234567893")
            .board("ABIM", "118204"),
        physician(2, "Mary Ann|Oakhurst-Delacroix", "11/21", "CA A45123").former("Pemberley"),
        physician(3, "José Luis|Muñoz", "05/19", "FL ME0004711"),
        physician(4, "Jürgen|Müllenbach", "08/02", "MN 61234"),
        physician(5, "Anh|Do", "10/10", "TX K4821"),
        physician(6, "Seraphina|O'Dell", "06/30", "OH 35.080808"),
    ]
}

#[test]
fn one_person_in_many_spellings_is_matched() {
    let index = index(&registry());
    for (name, birth, state, identifier, expected) in [
        ("William|Ferncastle", "03/07", "PA", "MD012345", 1),
        ("  WILLIAM |ferncastle, M.D.", "03/07", "PA", "12345", 1),
        ("Bill|Ferncastle", "03/07", "PA", "", 1),
        ("Bill|Ferncastle", "03/07", "PA", "MD-012345", 1),
        ("W|Ferncastle", "03/07", "PA", "", 1),
        ("Henry|Ferncastle", "03/07", "PA", "", 1),
        ("W. Henry|Ferncastle", "03/07", "PA", "", 1),
        ("Wiliam|Ferncastle", "03/07", "PA", "MD-012345", 1),
        ("William|Ferncaslte", "03/07", "PA", "MD-012345", 1),
        ("Ferncastle|William", "03/07", "PA", "MD-012345", 1),
        ("William|Ferncastle", "07/03", "PA", "MD-012345", 1),
        ("William|Ferncastle", "03/08", "PA", "MD-012345", 1),
        ("William|Ferncastle", "03/07", "PA", "MD-012354", 1),
        ("William|Ferncastle", "03/07", "NJ", "MD-012345", 1),
        ("William|Ferncastle", "03/07", "PA", "1234567893", 1),
        ("William|Ferncastle", "03/07", "", "1234567893", 1),
        ("William|Ferncastle", "03/07", "PA", "1234567894", 1),
        ("William|Ferncastle", "03/07", "PA", "pending", 1),
        ("William|Ferncastle", "03/07", "PA", "BF1234563", 1),
        ("W\u{456}lliam|Ferncastle", "03/07", "PA", "MD-012345", 1),
        ("Mary|Pemberley", "11/21", "CA", "", 2),
        ("Mary Ann|Oakhurst", "11/21", "CA", "", 2),
        ("Maryann|Oakhurst Delacroix", "11/21", "CA", "", 2),
        ("Mary|DELACROIX", "11/21", "CA", "45123", 2),
        ("Jose|Munoz", "05/19", "FL", "4711", 3),
        ("JOSÉ LUIS|MUN\u{303}OZ", "05/19", "FL", "ME4711", 3),
        ("Juergen|Muellenbach", "08/02", "MN", "61234", 4),
        ("Jurgen|Mullenbach", "08/02", "MN", "", 4),
        ("Anh|Do", "10/10", "TX", "K4821", 5),
        ("Anh|Do, MD", "10/10", "TX", "K4821", 5),
        ("Seraphina|O\u{2019}DELL", "06/30", "OH", "35080808", 6),
        ("Seraphina|O Dell", "06/30", "OH", "", 6),
    ] {
        let decision = index.decide(&query(name, birth, state, identifier));
        assert_eq!(
            decision.outcome,
            Outcome::Matched(id(expected)),
            "{name} {birth} {state} {identifier}: {decision:?}"
        );
    }
}

#[test]
fn reasons_name_what_differs_and_never_a_value() {
    let index = index(&registry());
    for (row, reason) in [
        (query("William|Ferncastle", "03/07", "PA", "MD012345"), Reason::NamesEqual),
        (query("Bill|Ferncastle", "03/07", "PA", ""), Reason::Nickname),
        (query("Mary|Pemberley", "11/21", "CA", ""), Reason::LastNameFormer),
        (query("Mary|Oakhurst", "11/21", "CA", ""), Reason::LastNamePart),
        (query("Ferncastle|William", "03/07", "PA", "MD-012345"), Reason::NamesSwapped),
        (query("William|Ferncastle", "03/08", "PA", "MD-012345"), Reason::BirthDayDiffers),
        (query("William|Ferncastle", "07/03", "PA", "MD-012345"), Reason::BirthSwapped),
        (query("William|Ferncastle", "03/07", "PA", "MD-012354"), Reason::LicenseTypo),
        (query("William|Ferncastle", "03/07", "NJ", "MD-012345"), Reason::LicenseOtherState),
        (query("William|Ferncastle", "03/07", "PA", "1234567894"), Reason::NpiCheckDigit),
        (query("William|Ferncastle", "03/07", "", "").board("ABIM", "118204"), Reason::BoardIdEqual),
    ] {
        let decision = index.decide(&row);
        assert_eq!(decision.outcome.code(), "matched", "{row:?} {decision:?}");
        assert!(decision.reasons.contains(&reason), "{row:?} {decision:?}");
    }
}

#[test]
fn nobody_is_none_and_says_what_could_be_added() {
    let decision = index(&registry()).decide(&query("Gwendolyn|Partridge", "03/07", "PA", "N/A"));
    assert_eq!(decision.outcome, Outcome::None);
    assert_eq!(decision.settle_with, [Field::License, Field::Npi, Field::BoardId]);
    assert_eq!(index(&[]).decide(&query("|", "", "", "")).outcome, Outcome::None);
}

#[test]
fn ten_digits_are_a_license_first_where_the_state_has_it() {
    let mut people = registry();
    people.push(physician(7, "Desmond|Larkspur", "04/04", "GA 1234567893"));
    let index = index(&people);
    assert_matched(&index.decide(&query("Desmond|Larkspur", "04/04", "GA", "1234567893")), 7);
    assert_matched(&index.decide(&query("William|Ferncastle", "03/07", "PA", "1234567893")), 1);
}

#[test]
fn two_people_of_one_name_and_birthday_are_several_until_an_identifier_decides() {
    let people = [
        physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345"),
        physician(2, "Orlando|Quillfeather", "03/07", "OH 35.077701"),
    ];
    let index = index(&people);
    let decision = index.decide(&query("Orlando|Quillfeather", "03/07", "OH", ""));
    assert_eq!(decision.outcome, Outcome::Several);
    assert!(decision.settle_with.starts_with(&[Field::License]), "{decision:?}");
    assert_matched(&index.decide(&query("Orlando|Quillfeather", "03/07", "OH", "35.077701")), 2);
}

#[test]
fn a_stricter_policy_only_refuses_more() {
    let index = index(&registry());
    let row = query("Bill|Ferncastle", "03/07", "PA", "");
    let strict = Settings { match_at: 30.0, ..Settings::default() };
    assert_matched(&index.decide(&row), 1);
    assert_refused(&index.decide_with(&row, &strict), "several", Reason::NotDistinctive);
}

#[test]
fn only_an_equal_identifier_proves_a_claim() {
    let index = index(&registry());
    assert!(index.decide(&query("William|Ferncastle", "03/07", "PA", "MD-012345")).by_identifier());
    assert!(!index.decide(&query("William|Ferncastle", "03/07", "PA", "MD-012354")).by_identifier());
    assert!(!index.decide(&query("William|Ferncastle", "03/07", "PA", "")).by_identifier());
}

#[test]
fn a_rosters_new_license_is_news_and_its_namesakes_are_new_people() {
    let index = index(&registry());
    let roster = |row: Query| Query { teller: Teller::Roster, ..row };
    // a license in a state that the registry did not know, with the NPI
    let row = query("William|Ferncastle", "03/07", "GA", "77123").npi("1234567893");
    assert_matched(&index.decide(&roster(row)), 1);
    // without anything shared: for a person to look at
    let row = query("William|Ferncastle", "03/07", "GA", "77123");
    assert_refused(&index.decide(&roster(row)), "review", Reason::NeedsIdentifier);
    // another birthday: another person
    let row = query("William|Ferncastle", "03/19", "GA", "77123");
    assert_eq!(index.decide(&roster(row)).outcome, Outcome::None);
}

#[test]
fn staff_see_the_weights_that_make_the_total() {
    let index = index(&registry());
    let explanation = index.explain(&query("Bill|Ferncastle", "03/07", "PA", "MD-012345"));
    let best = &explanation.candidates[0];
    assert_eq!(best.physician, id(1));
    let sum: f64 = explanation.prior + best.parts.iter().map(|part| part.weight).sum::<f64>();
    assert!((best.weight - sum).abs() < 1e-9, "{explanation:?}");
    assert_eq!(explanation.decision.outcome, Outcome::Matched(id(1)));
}
