//! The one table of an activity's fields in files: column, guidance and drop-down for sheets, label
//! and kind of value for every format. Order is that of domain.md.
//!
//! A `#` in a header stands for the number of a repeated group: `Supporter 1`, `Supporter 1 Amount`.

use domain::reference::List;

/// A group of fields that an activity may have several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    OtherCredit,
    JointProvider,
    Outcome,
    Supporter,
    Profession,
    StateTopic,
    Outline,
    Requirement,
    Moc,
}

impl Group {
    pub const ALL: &[Group] = &[
        Group::OtherCredit,
        Group::JointProvider,
        Group::Outcome,
        Group::Supporter,
        Group::Profession,
        Group::StateTopic,
        Group::Outline,
        Group::Requirement,
        Group::Moc,
    ];

    /// How many the template has room for; a file may have any number.
    pub fn in_template(self) -> u16 {
        match self {
            Group::Outcome | Group::Supporter => 5,
            Group::JointProvider | Group::StateTopic | Group::Moc => 3,
            Group::OtherCredit | Group::Profession | Group::Outline | Group::Requirement => 2,
        }
    }
}

/// What a field's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// An identifier of digits, whose zeros count.
    Id,
    Date,
    Truth,
    /// Credit or points.
    Amount,
    /// Learners.
    Whole,
    /// Whole dollars, or the words for support without a value.
    Dollars,
}

/// What a value is chosen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Free,
    Actions,
    YesNo,
    Answers,
    Formats,
    Deliveries,
    Providerships,
    Fees,
    Registrations,
    Ways,
    Boards,
    CreditTypes,
    PracticeAreas,
    Undertakings,
    /// A list of the reference data.
    Listed(List),
}

/// One field of an activity.
#[derive(Debug)]
pub struct Column {
    pub field: Field,
    /// The field's key in [`domain::activity::FIELDS`] or `MOC_FIELDS`; empty where it has none.
    pub key: &'static str,
    pub header: &'static str,
    pub kind: Kind,
    pub choice: Choice,
    pub group: Option<Group>,
    /// Several values, in a cell with semicolons between them.
    pub list: bool,
    /// What to write, for the guidance row and the cell's note.
    pub guidance: &'static str,
}

impl Column {
    /// Width in Excel's character units.
    pub(crate) fn width(&self) -> f64 {
        match (self.field, self.kind) {
            (Field::Title | Field::Description, _) => 44.0,
            (Field::Url | Field::JointProvider | Field::Supporter, _) => 30.0,
            (_, Kind::Text) => 22.0,
            _ => 14.0,
        }
    }
}

macro_rules! fields {
    (@group) => { None };
    (@group $group:ident) => { Some(Group::$group) };
    (@list) => { false };
    (@list list) => { true };
    ($($field:ident $key:literal $header:literal $kind:ident $choice:ident $(($of:ident))? $([$group:ident])? $({$list:ident})? $guidance:literal;)+) => {
        /// A field of an activity's record, in the order of the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($field,)+ }

        /// Every field, in the order of the template's columns.
        pub const COLUMNS: &[Column] = &[$(Column {
            field: Field::$field,
            key: $key,
            header: $header,
            kind: Kind::$kind,
            choice: Choice::$choice $((List::$of))?,
            group: fields!(@group $($group)?),
            list: fields!(@list $($list)?),
            guidance: $guidance,
        },)+];

        impl Field {
            pub fn column(self) -> &'static Column {
                // The enum and the table have one order.
                &COLUMNS[self as usize]
            }
        }
    };
}

fields! {
    RecordAction "" "Record Action" Text Actions "Add, Update or Delete. Empty: added, or updated where the ID is known.";
    Close "" "Close Activity" Truth YesNo "Yes closes the activity with this upload.";
    ProviderId "" "Provider ID" Id Free "Optional. Your provider ID, as a safeguard against the wrong file.";
    ActivityId "" "ACCME Activity ID" Id Free "Nine digits. Needed to update or delete; empty for new activities.";
    InternalId "internal_id" "Internal Activity ID" Text Free "Your own ID of the activity.";
    Title "title" "Title" Text Free "Required. The name of the activity.";
    Format "format" "Activity Format" Text Formats "Required. The format, as in the list.";
    StartsOn "starts_on" "Start Date" Date Free "Required. The first day, as MM/DD/YYYY.";
    EndsOn "ends_on" "End Date" Date Free "Required. The last day, as MM/DD/YYYY.";
    Deliveries "deliveries" "Delivery" Text Deliveries {list} "How learners take part; several with semicolons between them.";
    City "city" "City" Text Free "Where it takes place, if in person.";
    State "state" "State or Province" Text Listed(States) "State, if in the United States.";
    Country "country" "Country" Text Listed(Countries) "Three letters or the name.";
    Credit "credit" "AMA PRA Category 1 Credits" Amount Free "The activity's credit in steps of 0.25; of a series, all sessions together.";
    OtherCreditKind "other_credits" "Other Credit #" Text Listed(CreditKinds) [OtherCredit] "Credit beside AMA PRA Category 1.";
    OtherCreditAmount "other_credits" "Other Credit # Amount" Amount Free [OtherCredit] "How much of it, in steps of 0.25.";
    Description "description" "Description" Text Free "What it is about, at most 2,500 characters.";
    Providership "providership" "Providership" Text Providerships "Direct, or Joint with a partner that is not accredited.";
    JointProvider "joint_providers" "Joint Provider #" Text Free [JointProvider] "The name of a partner that is not accredited.";
    IsInterprofessional "is_interprofessional" "Interprofessional" Truth YesNo "Whether it is jointly accredited education for a team.";
    Professions "professions" "Professions" Text Listed(Professions) {list} "Whom it is for; several with semicolons between them.";
    Specialties "specialties" "Specialties" Text Listed(Specialties) {list} "Specialties it is for; several with semicolons between them.";
    InPassport "in_passport" "Show in Passport" Truth YesNo "Whether physicians may find it in CME Passport.";
    Url "url" "Web Address" Text Free "Where physicians find it, such as https://example.org/course.";
    Fee "fee" "Fee" Text Fees "Whether learners pay.";
    Registration "registration" "Registration" Text Registrations "Who may register.";
    Outcome "outcomes" "Measured Outcome #" Text Listed(Outcomes) [Outcome] "What was measured in learners.";
    OutcomeWays "outcomes" "Measured Outcome # How" Text Ways [Outcome] {list} "Objective, Subjective, or both with a semicolon between them.";
    HasSupport "has_support" "Commercial Support" Truth YesNo "Whether there was commercial support.";
    Supporter "support" "Supporter #" Text Listed(Supporters) [Supporter] "The source of commercial support.";
    SupportAmount "support" "Supporter # Amount" Dollars Free [Supporter] "Whole dollars; In kind for support without a value.";
    PhysicianTotal "physician_total" "Physicians" Whole Free "Number of physicians; 0 is a number, empty is not.";
    OtherTotal "other_total" "Other Learners" Whole Free "Number of all other learners; 0 is a number, empty is not.";
    Profession "other_breakdown" "Other Profession #" Text Listed(Professions) [Profession] "Optional. A profession among the other learners.";
    ProfessionCount "other_breakdown" "Other Profession # Learners" Whole Free [Profession] "How many of the other learners are of it.";
    CommendationTags "commendation_tags" "Commendation Tags" Text Listed(CommendationTags) {list} "Several with semicolons between them.";
    IsMips "is_mips" "MIPS" Truth YesNo "Whether it counts as a MIPS improvement activity.";
    RemsKind "rems" "REMS Program" Text Listed(RemsPrograms) "The REMS program, if it belongs to one.";
    RemsIdentifier "rems" "REMS Identifier" Text Free "Its identifier in that program.";
    HasStateTopics "has_state_topics" "State Content" Truth YesNo "Whether it has content that a state asks for.";
    StateDomain "state_topics" "State Content # Domain" Text Free [StateTopic] "The domain of the content, such as Opioids.";
    StateTopic "state_topics" "State Content # Topic" Text Listed(StateTopics) [StateTopic] "The topic within the domain.";
    OutlineSource "outlines" "Content Outline # Source" Text Free [Outline] "The publisher of the outline, such as 01_ABAMCO.";
    OutlineKeyword "outlines" "Content Outline # Keyword" Text Free [Outline] "What the value is, such as Level 3 ID.";
    OutlineValue "outlines" "Content Outline # Value" Text Free [Outline] "The value from the outline.";
    MocBoard "board" "MOC Board #" Text Boards [Moc] "The certifying board's code.";
    MocPoints "points" "MOC Board # Points" Amount Free [Moc] "The most a learner can earn, in steps of 0.25.";
    MocCreditTypes "credit_types" "MOC Board # Credit Types" Text CreditTypes [Moc] {list} "The board's credit types; several with semicolons between them.";
    MocPracticeAreas "practice_areas" "MOC Board # Practice Areas" Text PracticeAreas [Moc] {list} "The board's practice areas; several with semicolons between them.";
    MocClaimUntil "claim_until" "MOC Board # Claim Date" Date Free [Moc] "The last day on which a learner may claim.";
    MocUndertakings "undertakings" "MOC Board # Undertakings" Text Undertakings [Moc] {list} "Yes if you give all five undertakings towards the board.";
    PharmacyType "pharmacy" "Pharmacy Activity Type" Text Listed(PharmacyTypes) "Pharmacy only.";
    PharmacyTopic "pharmacy" "Pharmacy Topic" Text Listed(PharmacyTopics) "Pharmacy only.";
    PharmacyLiveOn "pharmacy" "Pharmacy Live Date" Date Free "Pharmacy only. The first day of the live part of a certificate program.";
    PharmacySequence "pharmacy" "Pharmacy Sequence Number" Text Free "Pharmacy only. Up to four digits.";
    PharmacyUan "pharmacy" "UAN Pharmacists" Text Free "Pharmacy only.";
    PharmacyUanTechnician "pharmacy" "UAN Pharmacy Technicians" Text Free "Pharmacy only.";
    HasRecertification "pharmacy" "Pharmacy Recertification" Text Answers "Pharmacy only. Yes, No or Not sure.";
    RequirementAudience "pharmacy" "Recertification # Audience" Text Free [Requirement] "Pharmacy only.";
    Requirement "pharmacy" "Recertification # Requirement" Text Free [Requirement] "Pharmacy only.";
    HasContentTags "pharmacy" "Pharmacy State Content" Text Answers "Pharmacy only. Yes, No or Not sure.";
    ContentStates "pharmacy" "Pharmacy States" Text Free {list} "Pharmacy only. Several with semicolons between them.";
    ContentTopics "pharmacy" "Pharmacy State Topics" Text Free {list} "Pharmacy only. Several with semicolons between them.";
}

impl Field {
    /// What people call it, without a number: `Supporter Amount`.
    pub fn label(self) -> String {
        self.column().header.replace(" #", "")
    }

    /// The header of its column, with the number of its group from 0.
    pub fn header(self, nth: u16) -> String {
        self.column().header.replace('#', &(u32::from(nth) + 1).to_string())
    }

    pub fn group(self) -> Option<Group> {
        self.column().group
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_fields() {
        for (nth, column) in COLUMNS.iter().enumerate() {
            assert_eq!(column.field as usize, nth, "{}", column.header);
            assert_eq!(column.header.contains('#'), column.group.is_some(), "{}", column.header);
        }
    }

    #[test]
    fn keys_are_those_of_the_domain() {
        let known = || domain::activity::FIELDS.iter().chain(domain::activity::MOC_FIELDS);
        for column in COLUMNS.iter().filter(|column| !column.key.is_empty()) {
            assert!(known().any(|(key, _)| *key == column.key), "{}", column.key);
        }
        for (key, _) in known() {
            assert!(*key == "moc" || COLUMNS.iter().any(|column| column.key == *key), "{key}");
        }
    }
}
