//! The closed lists of words that an activity is described with. A list that may grow without a
//! release (outcomes, tags, countries) is reference data instead.
//!
//! Reading is lenient about case, spaces and punctuation, so that `No, it’s free` with either
//! apostrophe and `print / other` are understood; writing is always the label or the code.

/// What is left of a word when people's ways of writing it are taken away.
pub(crate) fn folded(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $code:literal $label:literal)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant,)+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)+];

            /// The stored word.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// The word on screens and in files.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)+ }
            }

            /// Reads the stored word or the label, in any case and punctuation.
            pub fn read(text: &str) -> Option<Self> {
                let exact = Self::ALL.iter().copied().find(|choice| choice.code() == text || choice.label() == text);
                exact.or_else(|| {
                    let wanted = $crate::activity::choices::folded(text);
                    Self::ALL.iter().copied().find(|choice| {
                        wanted == $crate::activity::choices::folded(choice.label())
                            || wanted == $crate::activity::choices::folded(choice.code())
                    })
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.label())
            }
        }
    };
}

pub(crate) use choices;

choices! {
    /// The format of an activity.
    Format {
        LiveCourse "live_course" "Live Course"
        RegularlyScheduledSeries "regularly_scheduled_series" "Regularly Scheduled Series"
        EnduringMaterial "enduring_material" "Enduring Material"
        JournalBased "journal_based" "Journal-Based CME"
        ManuscriptReview "manuscript_review" "Manuscript Review"
        TestItemWriting "test_item_writing" "Test-Item Writing"
        CommitteeLearning "committee_learning" "Committee Learning"
        QualityImprovement "quality_improvement" "Performance/Quality Improvement"
        InternetSearching "internet_searching" "Internet Searching and Learning"
        LearningFromTeaching "learning_from_teaching" "Learning from Teaching"
        OtherBlended "other_blended" "Other/Blended"
    }
}

choices! {
    /// How it reaches learners.
    Delivery {
        InPerson "in_person" "In-Person"
        LiveStreamed "live_streamed" "Live-Streamed"
        Online "online" "Online"
        PrintOther "print_other" "Print/Other"
    }
}

choices! {
    /// The status of an activity, in the order in which it passes through them.
    Status {
        Draft "draft" "Draft"
        Active "active" "Active"
        ReadyToClose "ready_to_close" "Ready to Close"
        Closed "closed" "Closed"
    }
}

choices! {
    /// Direct: planned by the accredited provider, also together with another accredited one. Joint:
    /// with a partner that is not accredited.
    Providership {
        Direct "direct" "Direct"
        Joint "joint" "Joint"
    }
}

choices! {
    /// Whether learners pay.
    Fee {
        Yes "yes" "Yes"
        Free "free" "No, it's free"
        Variable "variable" "Variable"
    }
}

choices! {
    /// Who may register.
    Registration {
        Open "open" "Open to all"
        Limited "limited" "Limited"
    }
}

choices! {
    /// An answer that may be open.
    Answer {
        Yes "yes" "Yes"
        No "no" "No"
        NotSure "not_sure" "Not sure"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_the_ways_people_write_them() {
        for free in ["No, it's free", "No, it’s free", "no, it`s free", "free"] {
            assert_eq!(Fee::read(free), Some(Fee::Free), "{free}");
        }
        assert_eq!(Delivery::read("print / other"), Some(Delivery::PrintOther));
        assert_eq!(Delivery::read("Live Streamed"), Some(Delivery::LiveStreamed));
        assert_eq!(Format::read("JOURNAL-BASED CME"), Some(Format::JournalBased));
        assert_eq!(Format::read(""), None);
        assert_eq!(Format::read("Course"), None);
    }

    #[test]
    fn no_two_choices_fold_to_the_same_word() {
        let mut words: Vec<String> = Format::ALL.iter().map(|format| folded(format.label())).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Format::ALL.len());
    }
}
