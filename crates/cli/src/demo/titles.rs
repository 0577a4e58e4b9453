//! Titles of invented activities, in the words that each format goes by.

use domain::activity::Format;
use jiff::civil::Date;

use super::dice::Dice;
use super::subjects::Subject;

/// A title for an activity of this format about a topic of the subject.
pub(crate) fn title(dice: &mut Dice, format: Format, subject: &Subject, topic: &str, starts_on: Date) -> String {
    let field = subject.field;
    let year = starts_on.year();
    let nth = ordinal(dice.between(4, 41));
    let choices: &[String] = match format {
        Format::LiveCourse => &[
            format!("Update in {topic}"),
            format!("{nth} Annual {field} Symposium"),
            format!("{topic}: What Changed in {year}"),
            format!("{field} Board Review Course {year}"),
            format!("Hands-On Workshop: {topic}"),
        ],
        Format::RegularlyScheduledSeries => &[
            format!("Grand Rounds: {field} {year}"),
            format!("{field} Morbidity and Mortality Conference {year}"),
            format!("{field} Case Conference {year}"),
            format!("{field} Journal Club {year}"),
        ],
        Format::EnduringMaterial => &[
            format!("{topic}: An Online Course"),
            format!("{topic} for the Practicing Clinician"),
            format!("Recorded Lectures: {topic}"),
            format!("Interactive Cases in {topic}"),
        ],
        Format::JournalBased => {
            &[format!("{topic}: Reading with Questions"), format!("{field} Review Articles {year}")]
        }
        Format::ManuscriptReview => &[format!("Peer Review for the {field} Quarterly")],
        Format::TestItemWriting => &[format!("Writing Questions for the {field} Self-Assessment")],
        Format::CommitteeLearning => &[format!("{field} Quality Committee {year}")],
        Format::QualityImprovement => {
            &[format!("Improving Care: {topic}"), format!("{topic}: A Practice Improvement Project")]
        }
        Format::InternetSearching => &[format!("Point-of-Care Searches in {field}")],
        Format::LearningFromTeaching => &[format!("Teaching the {field} Clerkship {year}")],
        Format::OtherBlended => &[format!("Simulation and Self-Study: {topic}"), format!("Flipped Classroom: {topic}")],
    };
    dice.pick(choices).clone()
}

fn ordinal(n: i64) -> String {
    let ending = match (n % 10, n % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn ordinals_end_as_they_are_spoken() {
        for (n, text) in
            [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (33, "33rd")]
        {
            assert_eq!(super::ordinal(n), text);
        }
    }
}
