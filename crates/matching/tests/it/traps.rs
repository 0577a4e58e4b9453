//! Traps made by hand: people who are easily taken for one another, numbers that are somebody else's, and texts
//! that look like what they are not. In each the wrong physician is one careless rule away.

use matching::{Decision, Index, Outcome, Physician, Query, Reason};

use crate::people::{With, assert_matched, assert_refused, id, index, physician, query};

/// A practice in Ohio: a couple, their twin sons, a father and son of one name, and a stranger.
fn practice() -> Vec<Physician> {
    vec![
        physician(1, "Orlando Reed|Quillfeather", "03/07", "OH 35.012345").npi("1234567893").board("ABIM", "204411"),
        physician(2, "Marisol Ann|Quillfeather", "11/21", "OH 35.012346").npi("1245319599"),
        physician(3, "Jasper|Quillfeather", "06/02", "OH 35.098701").npi("1679576722"),
        physician(4, "Julian|Quillfeather", "06/02", "OH 35.098702, KY 44120").npi("1003000126"),
        physician(5, "Ambrose|Larkspur", "01/19", "OH 35.033001").suffix("Sr"),
        physician(6, "Ambrose|Larkspur", "08/30", "OH 35.088123").suffix("Jr").npi("1912301953"),
        physician(7, "Bettina|Ashgrove", "05/19", "TX K4821, OH 35.071110").npi("1184722779"),
        physician(8, "Nicolas|Oconner-Vance", "09/14", "FL ME98765"),
    ]
}

fn not_matched(decision: &Decision) {
    assert!(!matches!(decision.outcome, Outcome::Matched(_)), "{decision:?}");
}

#[track_caller]
fn never_another(index: &Index, row: &Query, own: u32) {
    let decision = index.decide(row);
    let wrong = matches!(decision.outcome, Outcome::Matched(found) if found != id(own));
    assert!(!wrong, "{row:?} {decision:?}");
}

#[test]
fn a_husbands_row_with_his_wifes_numbers_is_a_conflict() {
    let index = index(&practice());
    for identifier in ["1245319599", "35.012346"] {
        let row = query("Orlando|Quillfeather", "03/07", "OH", identifier);
        never_another(&index, &row, 1);
    }
    let decision = index.decide(&query("Orlando|Quillfeather", "03/07", "OH", "1245319599"));
    assert_refused(&decision, "conflict", Reason::NpiOfOtherPerson);
    // a husband who is no physician gets no credit under his wife's license
    not_matched(&index.decide(&query("Mario|Quillfeather", "04/04", "OH", "35.012346")));
}

#[test]
fn twins_are_told_apart_by_their_names_and_by_nothing_less() {
    let index = index(&practice());
    assert_matched(&index.decide(&query("Jasper|Quillfeather", "06/02", "OH", "35.098701")), 3);
    assert_matched(&index.decide(&query("Julian|Quillfeather", "06/02", "OH", "")), 4);
    // one twin's name beside the other's number, of every kind
    for identifier in ["1003000126", "44120"] {
        never_another(&index, &query("Jasper|Quillfeather", "06/02", "KY", identifier), 3);
    }
    not_matched(&index.decide(&query("Jasper|Quillfeather", "06/02", "OH", "1003000126")));
    for identifier in ["", "35.098701", "1679576722"] {
        let decision = index.decide(&query("J|Quillfeather", "06/02", "OH", identifier));
        assert_refused(&decision, "several", Reason::FirstNameAmbiguous);
    }
    // a third child who is no physician
    not_matched(&index.decide(&query("Jerome|Quillfeather", "06/02", "OH", "")));
    not_matched(&index.decide(&query("Jerome|Quillfeather", "07/02", "OH", "35.098701")));
}

#[test]
fn father_and_son_are_told_apart_by_birthday_and_suffix() {
    let index = index(&practice());
    assert_matched(&index.decide(&query("Ambrose|Larkspur", "01/19", "OH", "35.033001")), 5);
    assert_matched(&index.decide(&query("Ambrose|Larkspur", "08/30", "OH", "")), 6);
    // the son's row with the father's license, and the other way round
    for (birth, identifier) in [("08/30", "35.033001"), ("01/19", "35.088123"), ("01/19", "1912301953")] {
        not_matched(&index.decide(&query("Ambrose|Larkspur", birth, "OH", identifier)));
    }
    for name in ["Ambrose|Larkspur Jr", "Ambrose Jr|Larkspur", "Ambrose|Larkspur, II", "Ambrose|Larkspur 2nd"] {
        not_matched(&index.decide(&query(name, "01/19", "OH", "35.033001")));
        assert_matched(&index.decide(&query(name, "08/30", "OH", "35.088123")), 6);
    }
}

#[test]
fn a_son_whom_the_registry_does_not_know_is_not_his_father() {
    let father = physician(1, "Ambrose|Larkspur", "01/19", "OH 35.033001").npi("1912301953");
    let index = index([&father]);
    for identifier in ["", "35.099999", "1679576722", "pending"] {
        not_matched(&index.decide(&query("Ambrose|Larkspur", "08/30", "OH", identifier)));
        not_matched(&index.decide(&query("Ambrose|Larkspur Jr", "08/30", "OH", identifier)));
    }
    // not even on the father's birthday, with a number that nobody has
    not_matched(&index.decide(&query("Ambrose|Larkspur", "01/19", "OH", "35.099999")));
}

#[test]
fn identifiers_copied_or_shifted_from_the_row_above_never_move_the_credit() {
    let people = practice();
    let index = index(&people);
    for (place, person) in people.iter().enumerate() {
        for other in people.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, other)| other) {
            let name = format!("{}|{}", person.first, person.last);
            let birth = person.birth.unwrap().to_string();
            let own = u32::try_from(place).unwrap() + 1;
            for (state, number) in &other.licenses {
                never_another(&index, &query(&name, &birth, state.code(), number), own);
            }
            if let Some(npi) = &other.npi {
                never_another(&index, &query(&name, &birth, "OH", npi), own);
                never_another(&index, &query(&name, &birth, "", npi), own);
            }
        }
    }
}

#[test]
fn letters_of_other_alphabets_and_unseen_ones_do_not_hide_a_name() {
    let index = index(&practice());
    for (first, last) in [
        ("Bettin\u{430}", "Ashgrove"),
        ("B\u{435}ttina", "\u{410}shgr\u{43e}v\u{435}"),
        ("\u{392}ettina", "Ashgr\u{3bf}ve"),
        ("Bettina\u{200b}", "Ash\u{2060}grove"),
        ("Bett\u{131}na", "A\u{ad}shgrove"),
        ("\u{ff22}\u{ff45}\u{ff54}\u{ff54}\u{ff49}\u{ff4e}\u{ff41}", "Ashgrove"),
        ("Bettina\u{a0}", "\u{feff}Ashgrove"),
        ("Be\u{301}ttina", "Ashgro\u{308}ve"),
        ("Bett1na", "Ashgr0ve"),
        ("Dr. Bettina", "Ashgrove, M.D."),
        ("Dr.Bettina", "Ashgrove MD PhD"),
        ("Bettina", "Ashgrove, Bettina"),
        ("Ashgrove, Bettina", "Ashgrove"),
        ("Bettina Ashgrove", "Ashgrove"),
    ] {
        let decision = index.decide(&query(&format!("{first}|{last}"), "05/19", "TX", "K4821"));
        assert_matched(&decision, 7);
    }
    for name in ["Nicolas|O\u{2019}Conner Vance", "Nicolas|O'Conner-Vance", "Nicolas|Vance", "Nicolas|O CONNER VANCE"] {
        assert_matched(&index.decide(&query(name, "09/14", "FL", "98765")), 8);
    }
}

#[test]
fn an_npi_with_a_slip_is_read_as_an_npi() {
    let index = index(&practice());
    for identifier in [
        "118472277",
        "11847227799",
        "1184727279",
        "3184722779",
        "11847O2779",
        "l184722779",
        "1184722770",
        "118-472-2779",
        "NPI: 1184722779",
        "1184722779.0",
        " 1184 722 779 ",
    ] {
        for state in ["TX", ""] {
            let decision = index.decide(&query("Bettina|Ashgrove", "05/19", state, identifier));
            assert_matched(&decision, 7);
            let npi = |reason: &Reason| matches!(reason, Reason::NpiEqual | Reason::NpiTypo);
            assert!(decision.reasons.iter().any(npi), "{identifier} {decision:?}");
        }
    }
    // the slip of a stranger's number is no proof
    not_matched(&index.decide(&query("Gwendolyn|Partridge", "05/19", "TX", "118472277")));
}

#[test]
fn what_a_spreadsheet_made_of_a_number_is_that_number_or_nothing() {
    let mut people = practice();
    // whom the digits of the broken forms would name
    people.push(physician(20, "Nicolas|Oconner-Vance", "02/02", "FL ME987650, FL ME123457"));
    let index = index(&people);
    for identifier in ["98765.0", "'98765", "=\"98765\"", "98765.00"] {
        assert_matched(&index.decide(&query("Nicolas|Oconner-Vance", "09/14", "FL", identifier)), 8);
    }
    let nothing = index.decide(&query("Nicolas|Oconner-Vance", "09/14", "FL", ""));
    for identifier in ["1.23457E+09", "1.23457e+09", "1E+09", "#N/A", "#REF!", "N/A", "pending", "none", "0", "00000"] {
        assert_eq!(index.decide(&query("Nicolas|Oconner-Vance", "09/14", "FL", identifier)), nothing, "{identifier}");
    }
}

#[test]
fn a_dea_number_is_nothing_given() {
    let index = index(&practice());
    let nothing = index.decide(&query("Bettina|Ashgrove", "05/19", "TX", ""));
    // by its check digit, and by the initial with a slip in it
    for identifier in ["BA1234563", "BX1234563", "BA1234564"] {
        assert_eq!(index.decide(&query("Bettina|Ashgrove", "05/19", "TX", identifier)), nothing, "{identifier}");
    }
}

#[test]
fn two_numbers_in_one_cell_are_both_read() {
    let index = index(&practice());
    assert_matched(&index.decide(&query("Bettina|Ashgrove", "05/19", "TX", "K4821 / 1184722779")), 7);
    let decision = index.decide(&query("Bettina|Ashgrove", "05/19", "TX", "K4821; 1245319599"));
    assert_refused(&decision, "conflict", Reason::NpiOfOtherPerson);
}

#[test]
fn a_bare_number_in_a_state_with_two_professions_leaves_it_to_the_names() {
    let doctor = physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345, NJ 25MA08123400");
    let osteopath = physician(2, "Gwendolyn|Partridge", "11/30", "OH 34.012345, NJ 25MB08123400");
    let index = index([&doctor, &osteopath]);
    for (state, bare) in [("OH", "012345"), ("OH", "12345"), ("NJ", "081234"), ("NJ", "08123400")] {
        assert_matched(&index.decide(&query("Orlando|Quillfeather", "03/07", state, bare)), 1);
        assert_matched(&index.decide(&query("Gwendolyn|Partridge", "11/30", state, bare)), 2);
    }
    // the full form of the other profession is the other person's
    assert_matched(&index.decide(&query("Gwendolyn|Partridge", "11/30", "NJ", "25MB08123400")), 2);
    never_another(&index, &query("Gwendolyn|Partridge", "11/30", "NJ", "25MA08123400"), 2);
    assert_refused(
        &index.decide(&query("Ambrose|Larkspur", "11/30", "NJ", "25MB08123400")),
        "conflict",
        Reason::LicenseOfOtherPerson,
    );
}

#[test]
fn a_number_that_a_state_or_board_gave_twice_leaves_it_to_the_names() {
    let people = [
        physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345").board("ABIM", "204411").board("ABP", "551204"),
        physician(2, "Bettina|Ashgrove", "05/19", "OH 35.012345").board("ABIM", "204411").board("ABP", "551204"),
    ];
    let index = index(&people);
    for (number, name, birth) in [(1, "Orlando|Quillfeather", "03/07"), (2, "Bettina|Ashgrove", "05/19")] {
        let decision = index.decide(&query(name, birth, "OH", "35.012345"));
        assert_matched(&decision, number);
        assert!(decision.reasons.contains(&Reason::LicenseEqual), "{decision:?}");
        for (board, diplomate) in [("ABIM", "204411"), ("ABP", "551204")] {
            assert_matched(&index.decide(&query(name, birth, "", "").board(board, diplomate)), number);
        }
    }
    // neither may be picked by the number alone, and it is nobody else's
    let decision = index.decide(&query("Gwendolyn|Partridge", "09/09", "OH", "35.012345"));
    assert_refused(&decision, "conflict", Reason::LicenseOfOtherPerson);
    not_matched(&index.decide(&query("Gwendolyn|Partridge", "03/07", "", "").board("ABP", "551204")));
    // and of two people of one name it settles nothing
    let namesakes = [people[0].clone(), physician(3, "Orlando|Quillfeather", "03/07", "OH 35.012345")];
    not_matched(&crate::people::index(&namesakes).decide(&query("Orlando|Quillfeather", "03/07", "OH", "35.012345")));
}

#[test]
fn a_number_given_twice_weighs_less_and_settles_nothing_between_its_two() {
    let own = physician(1, "Jasper|Quillfeather", "03/07", "OH 35.012345").board("ABIM", "204411");
    let twin = physician(2, "Julian|Quillfeather", "03/07", "TX K4821").board("ABIM", "204411");
    let other = physician(2, "Bettina|Ashgrove", "05/19", "OH 35.012345");
    let row = query("Jasper|Quillfeather", "03/07", "OH", "35.012345");
    let weight = |index: &Index| {
        let explained = index.explain(&row);
        explained.candidates[0].parts.iter().find(|part| part.reason == Reason::LicenseEqual).unwrap().weight
    };
    assert!(weight(&index([&own, &other])) < weight(&index([&own, &twin])) - 0.5);
    // an initial stays ambiguous beside a number that both twins have
    let initial = query("J|Quillfeather", "03/07", "OH", "").board("ABIM", "204411");
    assert_refused(&index([&own, &twin]).decide(&initial), "several", Reason::FirstNameAmbiguous);
    // and so do two namesakes with one number, if no birthday is given
    let namesake = physician(3, "Jasper|Quillfeather", "11/30", "OH 35.012345");
    let decision = index([&own, &namesake]).decide(&query("Jasper|Quillfeather", "", "OH", "35.012345"));
    assert_refused(&decision, "several", Reason::AnotherAsLikely);
}

#[test]
fn a_name_is_no_evidence_twice() {
    // `Xiao Ming` is one first name: its second word must not count as a middle name too
    let known = physician(1, "Orlando|Quillfeather", "03/07", "OH 35.012345");
    let known = Physician { first: "Xiao Ming".into(), ..known };
    let decision = index([&known]).decide(&query("Xiao Ming|Quillfeather", "03/07", "OH", ""));
    assert_matched(&decision, 1);
    let middle = [Reason::MiddleNameEqual, Reason::MiddleNameDiffers];
    assert!(!decision.reasons.iter().any(|reason| middle.contains(reason)), "{decision:?}");
    let known = Physician { middle: "Wei".into(), ..known };
    let decision = index([&known]).decide(&query("Xiao Ming|Quillfeather", "03/07", "OH", ""));
    assert!(!decision.reasons.iter().any(|reason| middle.contains(reason)), "{decision:?}");
}

#[test]
fn a_middle_name_before_the_family_name_is_no_other_family_name() {
    let people = [physician(1, "Orlando Reed|Quillfeather", "03/07", "OH 35.012345")];
    let index = index(&people);
    for name in ["Orlando|Reed Quillfeather", "Orlando|R. Quillfeather"] {
        let decision = index.decide(&query(name, "03/07", "OH", ""));
        assert_matched(&decision, 1);
        assert!(!decision.reasons.contains(&Reason::LastNamePart), "{decision:?}");
    }
}
