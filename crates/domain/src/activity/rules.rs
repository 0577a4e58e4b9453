//! Every rule about an activity: a stable code, the field it stands beside, the status that it is
//! needed for, and all words that a person reads about it. The one source for forms, checklists,
//! answers of web services and result files.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Status;
use crate::Board;

macro_rules! rules {
    ($($variant:ident $code:literal $status:ident $field:literal $title:literal $remedy:literal)+) => {
        /// Stable codes, in the order of domain.md. A code is never renamed or given another meaning,
        /// and none is also a [`crate::Code`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Rule { $($variant,)+ }

        impl Rule {
            pub const ALL: &[Rule] = &[$(Rule::$variant,)+];

            pub fn as_str(self) -> &'static str {
                match self { $(Rule::$variant => $code,)+ }
            }

            /// The first status that needs it. What even a Draft needs keeps a save back.
            pub fn needed_for(self) -> Status {
                match self { $(Rule::$variant => Status::$status,)+ }
            }

            /// The key of the field it stands beside, of [`super::FIELDS`] or [`super::MOC_FIELDS`].
            pub fn field(self) -> &'static str {
                match self { $(Rule::$variant => $field,)+ }
            }

            /// The rule in a few words, for lists.
            pub fn title(self) -> &'static str {
                match self { $(Rule::$variant => $title,)+ }
            }

            /// What to do.
            pub fn remedy(self) -> &'static str {
                match self { $(Rule::$variant => $remedy,)+ }
            }
        }
    };
}

rules! {
    TitleMissing "title_missing" Draft "title" "Title missing"
        "Give the activity a title."
    FormatMissing "format_missing" Draft "format" "Format missing"
        "Choose the format."
    StartMissing "start_missing" Draft "starts_on" "Start date missing"
        "Give the start date."
    EndMissing "end_missing" Draft "ends_on" "End date missing"
        "Give the end date."
    EndBeforeStart "end_before_start" Draft "ends_on" "End before start"
        "The end date must not be before the start date."
    LastsTooLong "lasts_too_long" Draft "ends_on" "Longer than the format may last"
        "Bring the end date forward, or enter what follows as an activity of its own."
    YearLocked "year_locked" Draft "ends_on" "Reporting year is locked"
        "Choose dates in a year that is open, or ask the accreditor."
    DateImplausible "date_implausible" Draft "starts_on" "A date of another age"
        "Check the year; write it with its four digits."
    TextTooLong "text_too_long" Draft "title" "Text too long"
        "Shorten the text."
    DescriptionTooLong "description_too_long" Draft "description" "Description too long"
        "Shorten the description."
    DeliveryNotOfFormat "delivery_not_of_format" Draft "deliveries" "Delivery does not fit the format"
        "Choose a delivery that the format may have."
    CreditNotAQuarter "activity_credit_not_a_quarter" Draft "credit" "Credit not a multiple of 0.25"
        "Give the credit in steps of 0.25, at least 0.25."
    ValueNotInList "value_not_in_list" Draft "outcomes" "Not in the list"
        "Choose a value of the list that is in force on the activity's dates."
    SupportSourceMissing "support_source_missing" Draft "support" "Supporter's name missing"
        "Name the source of each amount."
    SupportNotDollars "support_not_dollars" Draft "support" "Support not in whole dollars"
        "Write cash in whole dollars, at least 1; leave the amount of in-kind support empty."
    TotalNegative "total_negative" Draft "physician_total" "A total below zero"
        "Write a whole number; 0 is allowed."
    NumberTooLarge "number_too_large" Draft "physician_total" "A number too large"
        "Check the number; no activity has that many."
    KindOfRemsMissing "rems_kind_missing" Draft "rems" "REMS program missing"
        "Choose the REMS program that the identifier belongs to."

    DeliveryMissing "delivery_missing" Active "deliveries" "Delivery missing"
        "Choose how learners take part."
    CityMissing "city_missing" Active "city" "City missing"
        "Name the city."
    CountryMissing "country_missing" Active "country" "Country missing"
        "Name the country."
    StateMissing "state_missing" Active "state" "State missing"
        "Choose the state."
    CreditMissing "activity_credit_missing" Active "credit" "Credit missing"
        "Give the AMA PRA Category 1 credit, at least 0.25."
    DescriptionMissing "description_missing" Active "description" "Description missing"
        "Describe the activity."
    ProvidershipMissing "providership_missing" Active "providership" "Providership missing"
        "Say whether you provide it directly or jointly."
    PassportUnanswered "passport_unanswered" Active "in_passport" "Passport not answered"
        "Say whether physicians may find it in Passport."
    UrlMissing "url_missing" Active "url" "Web address missing"
        "Give the address where physicians find it."
    FeeMissing "fee_missing" Active "fee" "Fee missing"
        "Say whether there is a fee."
    RegistrationMissing "registration_missing" Active "registration" "Registration missing"
        "Say who may register."

    NotEnded "not_ended" ReadyToClose "ends_on" "Not over yet"
        "Wait until the day after the end date."

    JointProvidersMissing "joint_providers_missing" Closed "joint_providers" "Joint providers missing"
        "Name the joint providers."
    OutcomesMissing "outcomes_missing" Closed "outcomes" "Measured outcomes missing"
        "Choose at least one measured outcome."
    OutcomeWayMissing "outcome_way_missing" Closed "outcomes" "How the outcome was measured is missing"
        "Say of each outcome whether it was measured objectively, subjectively or both."
    SupportUnanswered "support_unanswered" Closed "has_support" "Commercial support not answered"
        "Say whether there was commercial support."
    SupportMissing "support_missing" Closed "support" "Sources of support missing"
        "Name the sources of support."
    SupportContradicts "support_contradicts" Closed "has_support" "Sources without support"
        "Remove the sources, or say that there was commercial support."
    PhysicianTotalMissing "physician_total_missing" Closed "physician_total" "Number of physicians missing"
        "Give the number of physicians; 0 is allowed."
    OtherTotalMissing "other_total_missing" Closed "other_total" "Number of other learners missing"
        "Give the number of other learners; 0 is allowed."
    BreakdownAboveTotal "breakdown_above_total" Closed "other_breakdown" "Professions add up to more than the total"
        "Correct the numbers by profession, or the number of other learners."

    MocBoardUnknown "moc_board_unknown" Draft "board" "Board does not take part"
        "Choose a board that takes part."
    MocBoardNotYet "moc_board_not_yet" Draft "board" "Board takes only later ones"
        "Remove the registration, or correct the activity's dates."
    MocPointsMissing "moc_points_missing" Draft "points" "Points missing"
        "Give the points a learner can earn, at least 0.25."
    MocPointsNotAQuarter "moc_points_not_a_quarter" Draft "points" "Points not a multiple of 0.25"
        "Write a multiple of 0.25."
    MocPointsNotEqualCredit "moc_points_not_equal_credit" Draft "points" "Points do not equal the credit"
        "This board's points must equal the activity's CME credit."
    MocCreditTypeMissing "moc_credit_type_missing" Draft "credit_types" "Credit type missing"
        "Choose at least one credit type."
    MocCreditTypeUnknown "moc_credit_type_unknown" Draft "credit_types" "Not a credit type of the board"
        "Choose one of the board's credit types."
    MocCreditTypeNotInForce "moc_credit_type_not_in_force" Draft "credit_types" "Credit type not in force"
        "Choose a credit type that the board takes on the activity's dates."
    MocPracticeAreaUnknown "moc_practice_area_unknown" Draft "practice_areas" "Not a practice area of the board"
        "Choose one of the board's practice areas."
    MocPracticeAreaMissing "moc_practice_area_missing" Closed "practice_areas" "Practice area missing"
        "Choose at least one practice area."
    MocClaimBeforeStart "moc_claim_before_start" Draft "claim_until" "Claim date before the activity"
        "Choose a day on or after the activity's start."
    MocClaimDateMissing "moc_claim_date_missing" Closed "claim_until" "Claim date missing"
        "Give the last day on which a learner may claim."
    MocUndertakingMissing "moc_undertaking_missing" Draft "undertakings" "Undertaking not given"
        "Give all five undertakings; without them the board takes no credit."
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something an activity lacks, or has wrong, for a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub rule: Rule,
    /// The key of the field. A rule about several fields stands beside the one that broke it.
    pub field: &'static str,
    /// The board whose registration is meant.
    pub board: Option<Board>,
    /// What the rule compared with, or the value that broke it.
    pub fact: String,
}

impl Missing {
    pub fn of(rule: Rule) -> Self {
        Self { rule, field: rule.field(), board: None, fact: String::new() }
    }

    #[must_use]
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    #[must_use]
    pub fn board(mut self, board: Board) -> Self {
        self.board = Some(board);
        self
    }

    #[must_use]
    pub fn fact(mut self, fact: impl Into<String>) -> Self {
        self.fact = fact.into();
        self
    }

    /// The field's label.
    pub fn label(&self) -> &'static str {
        super::fields::label(self.field)
    }

    /// What is wrong, in a sentence; the remedy where nothing is there that could be wrong.
    pub fn message(&self) -> String {
        let (fact, label) = (&self.fact, self.label());
        let board = self.board.map(|board| board.to_string()).unwrap_or_default();
        match self.rule {
            Rule::EndBeforeStart => "The end date is before the start date.".into(),
            Rule::LastsTooLong => format!("This format may last at most {fact} months."),
            Rule::YearLocked => format!("The reporting year {fact} is locked."),
            Rule::DateImplausible => format!("{label}: {fact} is not a year of an activity."),
            Rule::TextTooLong => format!("{label} is longer than {fact} characters."),
            Rule::DescriptionTooLong => format!("The description is longer than {fact} characters."),
            Rule::DeliveryNotOfFormat => format!("This format cannot be {fact}."),
            Rule::CreditNotAQuarter => format!("{fact} is not a multiple of 0.25."),
            Rule::ValueNotInList => format!("{label}: “{fact}” is not in the list."),
            Rule::SupportNotDollars => format!("{fact} is not a whole number of dollars, at least 1."),
            Rule::TotalNegative => format!("{label}: {fact} is less than 0."),
            Rule::NumberTooLarge => format!("{label}: {fact} is too large."),
            Rule::NotEnded => format!("The activity runs until {fact}."),
            Rule::BreakdownAboveTotal => format!("The professions add up to more than {fact} other learners."),
            Rule::MocBoardUnknown => format!("{fact} takes no MOC / CC credit on the activity's dates."),
            Rule::MocBoardNotYet => format!("{board} takes {fact}."),
            Rule::MocPointsNotAQuarter => format!("{fact} is not a multiple of 0.25."),
            Rule::MocPointsNotEqualCredit => format!("{board} points equal the CME credit, which is {fact} here."),
            Rule::MocCreditTypeUnknown => format!("{board} has no credit type “{fact}”."),
            Rule::MocCreditTypeNotInForce => format!("{board} does not take “{fact}” on the activity's dates."),
            Rule::MocPracticeAreaUnknown => format!("{board} has no practice area “{fact}”."),
            Rule::MocClaimBeforeStart => format!("{fact} is before the activity starts."),
            Rule::MocUndertakingMissing => format!("Not every undertaking towards {board} was given: {fact}."),
            Rule::MocPracticeAreaMissing | Rule::MocClaimDateMissing | Rule::MocCreditTypeMissing => {
                format!("{}: {}.", board, self.rule.title())
            }
            _ => format!("{}.", self.rule.title()),
        }
    }

    /// For checklists: what to do, after what is wrong where a value is.
    pub fn words(&self) -> String {
        if self.fact.is_empty() && self.board.is_none() {
            self.rule.remedy().to_owned()
        } else {
            format!("{} {}", self.message(), self.rule.remedy())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{FIELDS, MOC_FIELDS};

    #[test]
    fn codes_are_unique_also_beside_those_of_learner_reports() {
        let mut codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
        codes.extend(crate::Code::ALL.iter().map(|code| code.as_str()));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn every_rule_stands_beside_a_field_and_speaks_in_sentences() {
        for rule in Rule::ALL {
            assert!(FIELDS.iter().chain(MOC_FIELDS).any(|(key, _)| *key == rule.field()), "{rule}");
            let missing = Missing::of(*rule).fact("x").board(Board::read("ABIM").unwrap());
            for words in [missing.message(), rule.remedy().to_owned(), missing.words(), Missing::of(*rule).words()] {
                assert!(words.ends_with('.') && !words.contains('!'), "{rule}: {words}");
            }
        }
    }
}
