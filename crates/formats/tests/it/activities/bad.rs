//! Values that cannot be read: each is a problem with a code, the value, the place and a remedy, and
//! the same in every format. One bad record never keeps others back.

use formats::activities::{ActivityFormat, SheetKind};

use super::{id, provider, request, upload};

/// An activity as JSON, in lines, with one line of it replaced.
fn json(line: &str, instead: &str) -> String {
    const GOOD: &[(&str, &str)] = &[
        ("open", r#"{"ACCMEActivities":{"MedicalEducationMetrics":[{"#),
        ("support", r#""ActivityDescription":{"commercialSupportAmount":[]},"#),
        ("identifier", r#""Lom":{"general":{"identifier":{"catalog":"ACCME Activity ID","entry":"202600001"},"#),
        ("title", r#""title":"T"}},"healthcareMetadata":{"healthcareEducation":{"#),
        ("credits", r#""credits":{"activityCertification":"AMA PRA Category 1","numberOfCredits":1},"#),
        ("start", r#""startDateTime":"2026-03-01","#),
        ("end", r#""endDateTime":"2026-03-02","#),
        ("format", r#""activityFormat":"Live Course"}},"#),
        (
            "learners",
            r#""participationMetrics":{"participantsByCategory":[{"category":"physician","numberOfParticipants":1}]},"#,
        ),
        ("more", r#""XtensibleInfo":{"ForPublicList":true"#),
        ("close", r#"}}]}}"#),
    ];
    let lines = GOOD.iter().map(|(name, text)| if *name == line { instead } else { *text });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_bad_value_has_its_code_its_place_and_its_value() {
    let cases: &[(&str, &str, &str, u64, &str)] = &[
        ("title", r#""title":""}},"healthcareMetadata":{"healthcareEducation":{"#, "title_missing", 1, ""),
        ("title", r#""title":{"a":"b"}}},"healthcareMetadata":{"healthcareEducation":{"#, "value_is_group", 4, "title"),
        ("title", r#""title":["A","B"]}},"healthcareMetadata":{"healthcareEducation":{"#, "value_repeated", 4, "B"),
        (
            "title",
            "\"title\":\"a\u{200B}b\"}},\"healthcareMetadata\":{\"healthcareEducation\":{",
            "value_has_control_characters",
            4,
            "a\u{200B}b",
        ),
        (
            "identifier",
            r#""Lom":{"general":{"identifier":{"catalog":"ACCME Activity ID","entry":"2026"},"#,
            "activity_id_malformed",
            3,
            "2026",
        ),
        ("credits", r#""credits":{"numberOfCredits":0.1},"#, "amount_unreadable", 5, "0.1"),
        ("credits", r#""credits":{"numberOfCredits":1e400},"#, "amount_unreadable", 5, "1e400"),
        ("credits", r#""credits":{"numberOfCredits":-1},"#, "amount_unreadable", 5, "-1"),
        ("credits", r#""credits":{"activityCertification":"Nursing"},"#, "group_incomplete", 5, "Nursing"),
        ("start", r#""startDateTime":"2026-02-30","#, "activity_date_unreadable", 6, "2026-02-30"),
        ("start", r#""startDateTime":"","#, "start_missing", 1, ""),
        ("end", r#""endDateTime":20260302,"#, "activity_date_unreadable", 7, "20260302"),
        ("end", "", "end_missing", 1, ""),
        ("format", r#""activityFormat":"Seminar"}},"#, "choice_unknown", 8, "Seminar"),
        ("format", r#""activitySponsorship":"both","activityFormat":"RSS"}},"#, "choice_unknown", 8, "both"),
        ("format", r#""commercialSupport":"perhaps","activityFormat":"RSS"}},"#, "not_yes_or_no", 8, "perhaps"),
        (
            "learners",
            r#""participationMetrics":{"participantsByCategory":[{"category":"physician","numberOfParticipants":1.5}]},"#,
            "number_unreadable",
            9,
            "1.5",
        ),
        (
            "learners",
            r#""participationMetrics":{"participantsByCategory":[{"category":"physician","numberOfParticipants":1},
                {"category":"Physician","numberOfParticipants":2}]},"#,
            "value_repeated",
            10,
            "2",
        ),
        (
            "learners",
            r#""participationMetrics":{"participantsByCategory":[{"numberOfParticipants":4}]},"#,
            "group_incomplete",
            9,
            "4",
        ),
        (
            "learners",
            r#""participationMetrics":{"participantsByCategory":[{"category":"nurse"}]},"#,
            "group_incomplete",
            9,
            "nurse",
        ),
        (
            "support",
            r#""ActivityDescription":{"commercialSupportAmount":[{"currency":"EUR","supportSource":"S","value":5}]},"#,
            "currency_unknown",
            2,
            "EUR",
        ),
        (
            "support",
            r#""ActivityDescription":{"commercialSupportAmount":[{"supportSource":"S","value":5.5}]},"#,
            "dollars_unreadable",
            2,
            "5.5",
        ),
        (
            "support",
            r#""ActivityDescription":{"commercialSupportAmount":[{"supportSource":"S"}]},"#,
            "group_incomplete",
            2,
            "",
        ),
        ("more", r#""XtensibleInfo":{"activityRecordAction":"Change""#, "record_action_unknown", 10, "Change"),
        ("more", r#""XtensibleInfo":{"closeActivityRecord":"soon""#, "not_yes_or_no", 10, "soon"),
        ("more", r#""XtensibleInfo":{"FeeForParticipation":"Maybe""#, "choice_unknown", 10, "Maybe"),
        ("more", r#""XtensibleInfo":{"ActivityRegistration":"Closed""#, "choice_unknown", 10, "Closed"),
        ("more", r#""XtensibleInfo":{"DeliveryMethods":["Radio"]"#, "choice_unknown", 10, "Radio"),
        (
            "more",
            r#""XtensibleInfo":{"MeasuredOutcomes":[{"MeasuredOutcome":"Learner Knowledge","MeasurementType":"Felt"}]"#,
            "choice_unknown",
            10,
            "Felt",
        ),
        ("more", r#""XtensibleInfo":{"MOCRegistrations":[{"boardName":"?","mocPoints":1}]"#, "board_unknown", 10, "?"),
        (
            "more",
            r#""XtensibleInfo":{"MOCRegistrations":[{"mocPoints":1,"practiceArea":"x"}]"#,
            "group_incomplete",
            10,
            "1",
        ),
        (
            "more",
            r#""XtensibleInfo":{"MOCRegistrations":{"MOCRegistration":[{"boardName":"ABIM"},{"boardName":"abim"}]}"#,
            "board_repeated",
            10,
            "abim",
        ),
        ("more", r#""XtensibleInfo":{"MOCRegistrations":"ABIM""#, "text_in_group", 10, "ABIM"),
        ("credits", r#""activityLocation":"Reno","#, "text_in_group", 5, "Reno"),
        ("credits", r#""credits":7,"#, "text_in_group", 5, "7"),
        ("more", r#""XtensibleInfo":{"HasPharmacyContentTags":"maybe""#, "choice_unknown", 10, "maybe"),
        ("more", r#""XtensibleInfo":{"ForPublicList":true,"ForPublicList":true"#, "key_repeated", 10, ""),
    ];
    for (line, instead, code, at, given) in cases {
        let text = json(line, instead);
        let outcome = request(text.as_bytes(), ActivityFormat::Json).unwrap_or_else(|problems| panic!("{problems:?}"));
        let reading = &outcome.readings()[0];
        let told: Vec<_> = reading.problems.iter().map(|problem| (problem.code(), problem.place.line())).collect();
        assert_eq!(told, [(*code, *at)], "{text}");
        let problem = &reading.problems[0];
        if !given.is_empty() {
            assert_eq!(problem.given, *given, "{text}");
        }
        assert!(!problem.message().is_empty() && problem.remedy().ends_with('.'));
    }
    let good = request(json("", "").as_bytes(), ActivityFormat::Json).unwrap();
    assert_eq!(good.readings()[0].problems, []);
}

#[test]
fn all_problems_of_a_record_are_told_at_once() {
    let text = json("title", r#""title":""}},"healthcareMetadata":{"healthcareEducation":{"#)
        .replace("2026-03-02", "soon")
        .replace("\"numberOfCredits\":1", "\"numberOfCredits\":0.3");
    let readings = request(text.as_bytes(), ActivityFormat::Json).unwrap().readings();
    let codes: Vec<_> = readings[0].problems.iter().map(|problem| problem.code()).collect();
    assert_eq!(codes, ["activity_date_unreadable", "amount_unreadable", "title_missing"]);
    assert_eq!(readings[0].activity(id(), provider()), None);
}

#[test]
fn what_rules_find_is_told_at_its_place() {
    let more = r#""XtensibleInfo":{"MOCRegistrations":[{"boardName":"ABPath","mocPoints":1,"MOCCreditType":[]},
        {"boardName":"ABIM","mocPoints":1,"MOCCreditType":["Patient Safety","Luck"]}]"#;
    let text = json("more", more).replace("2026-03-02", "2025-01-01");
    let reading = &request(text.as_bytes(), ActivityFormat::Json).unwrap().readings()[0];
    let activity = reading.activity(id(), provider()).unwrap();
    let of_moc = activity.moc.iter().flat_map(|moc| moc.faults(&activity, &super::reference()));
    let found = activity.faults(&super::reference()).into_iter().chain(of_moc);
    let told: Vec<_> = found
        .map(|missing| reading.problem(missing))
        .map(|problem| (problem.code(), problem.place.line(), problem.given))
        .collect();
    assert!(told.contains(&("end_before_start", 7, "2025-01-01".into())), "{told:?}");
    assert!(told.contains(&("moc_credit_type_missing", 1, String::new())), "{told:?}");
    assert!(told.contains(&("moc_credit_type_unknown", 11, "Luck".into())), "{told:?}");
}

#[test]
fn record_500_of_1000_is_wrong_and_the_others_go_through() {
    let one = |nth: usize| {
        let credit = if nth == 500 { "seven" } else { "7" };
        format!(
            "<MedicalEducationMetrics><Lom><general><title>Activity {nth}</title></general></Lom><healthcareMetadata>\
             <healthcareEducation><credits><numberOfCredits>{credit}</numberOfCredits></credits>\
             <startDateTime>2026-03-01</startDateTime><endDateTime>2026-03-02</endDateTime>\
             <activityFormat>RSS</activityFormat></healthcareEducation></healthcareMetadata></MedicalEducationMetrics>\n"
        )
    };
    let text = format!("<ACCMEActivities>\n{}</ACCMEActivities>", (1..=1000).map(one).collect::<String>());
    let rows = (1..=1000).map(|nth| {
        let credit = if nth == 500 { "seven" } else { "7" };
        format!("Activity {nth}\tRSS\t3/1/2026\t3/2/2026\t{credit}\n")
    });
    let sheet = format!(
        "Title\tActivity Format\tStart Date\tEnd Date\tAMA PRA Category 1 Credits\n{}",
        rows.collect::<String>()
    );
    for (bytes, place) in [
        (
            text,
            "line 501, column 133, /ACCMEActivities/MedicalEducationMetrics[500]/healthcareMetadata\
                /healthcareEducation/credits/numberOfCredits",
        ),
        (sheet, "row 501, AMA PRA Category 1 Credits"),
    ] {
        let outcome = upload(bytes.as_bytes(), SheetKind::Activities).unwrap();
        assert_eq!(outcome.fault, None);
        let readings = outcome.readings();
        let refused: Vec<usize> = (0..readings.len()).filter(|at| readings[*at].is_refused()).collect();
        assert_eq!((readings.len(), refused), (1000, vec![499]));
        let problem = &readings[499].problems[0];
        assert_eq!((problem.code(), problem.given.as_str()), ("amount_unreadable", "seven"));
        assert_eq!(problem.place.to_string(), place);
        assert_eq!(problem.message(), "AMA PRA Category 1 Credits: “seven” is not an amount in steps of 0.25.");
    }
}
