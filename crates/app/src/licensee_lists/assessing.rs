//! How licensees stand against their board's requirement: the rules as they are kept with a check, and the cycle that
//! is looked at.
//!
//! All versions of the requirement are kept, since each licensee's cycle decides which of them governs it. So what a
//! check found can be explained after the board has changed its rules.

use std::collections::HashMap;

use domain::access::LicensingBoardScope;
use domain::credit::Completion;
use domain::licensee_list::WhichCycle;
use domain::reference::{Dated, Reference};
use domain::requirement::{Assessment, Counted, LicenseFacts, Requirement, governing, judge, looks_back, topic_words};
use domain::{PhysicianId, State};
use jiff::civil::Date;
use store::ReadTx;
use store::licensee_lists::results::Standings;
use store::physicians::Physician;
use store::requirements::Earned;

use crate::{Error, Result, requirements};

/// A board's requirement in all its versions, by first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules(pub Vec<Dated<Requirement>>);

impl Rules {
    /// For a column of the database.
    pub fn written(&self) -> Result<String> {
        let versions: Vec<(Date, Option<Date>, &Requirement)> =
            self.0.iter().map(|version| (version.from, version.until, &version.value)).collect();
        serde_json::to_string(&versions).map_err(|error| Error::Internal(error.to_string()))
    }

    pub fn read(text: &str) -> Result<Self> {
        let versions: Vec<(Date, Option<Date>, Requirement)> =
            serde_json::from_str(text).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Self(versions.into_iter().map(|(from, until, value)| Dated { from, until, value }).collect()))
    }

    /// What people call them: the hours of the newest version that has begun, and since when.
    pub fn words(&self, today: Date) -> String {
        let newest = self.0.iter().rev().find(|version| version.from <= today).or(self.0.first());
        let Some(version) = newest else { return String::new() };
        let requirement = &version.value;
        let years = requirement.cycle.years();
        let every = if years == 1 { "year".to_owned() } else { format!("{years} years") };
        let topics = match requirement.topics.len() {
            0 => String::new(),
            1 => ", 1 topic".to_owned(),
            many => format!(", {many} topics"),
        };
        let example = if requirement.is_example { " (example)" } else { "" };
        format!("{} credits every {every}{topics}{example}", requirement.hours.fixed())
    }

    /// The earliest completion that can matter to the cycle around a day or to the one before it; `None`: all can.
    fn look_back(&self, as_of: Date) -> Option<Date> {
        let years = self.0.iter().map(|version| i64::from(version.value.cycle.years())).max().unwrap_or(1);
        looks_back(&self.0, as_of.checked_sub(jiff::Span::new().years(years)).ok()?)
    }

    /// Whether any version is an example that came with the system and not the board's own.
    pub fn is_example(&self) -> bool {
        self.0.iter().any(|version| version.value.is_example)
    }
}

/// What assessments are made of, by licensee.
pub struct Known {
    pub facts: HashMap<PhysicianId, LicenseFacts>,
    pub credits: Earned,
}

/// Reads what is known of licensees for the cycle around `as_of` or the one before it. Whoever has no license in the
/// board's state is left out.
pub async fn known(
    tx: &mut ReadTx,
    scope: &LicensingBoardScope,
    rules: &Rules,
    as_of: Date,
    physicians: &[PhysicianId],
) -> Result<Known> {
    let people = store::physicians::by_ids(tx, physicians).await?;
    let facts = people.iter().filter_map(|one| Some((one.id, facts(one, scope.state())?))).collect();
    let credits = store::requirements::of_licensees(tx, scope, physicians, rules.look_back(as_of)).await?;
    Ok(Known { facts, credits })
}

/// What a requirement may ask of the license in a state: an active one before others, then the one that expires last.
fn facts(physician: &Physician, state: State) -> Option<LicenseFacts> {
    let held = physician.licenses.iter().filter(|held| held.state == state);
    let license = held.max_by_key(|held| (held.status.eq_ignore_ascii_case("active"), held.expires_on))?;
    Some(requirements::facts(physician, license))
}

/// One licensee's record as it stands now.
pub struct Record {
    pub facts: LicenseFacts,
    pub credits: Vec<Counted>,
    pub completions: Vec<Completion>,
}

impl Record {
    /// `None` if the board may not read it: no license in its state, or merged into another.
    pub async fn read(
        tx: &mut ReadTx,
        scope: &LicensingBoardScope,
        rules: &Rules,
        as_of: Date,
        licensee: PhysicianId,
    ) -> Result<Option<Self>> {
        let Some(record) = store::transcripts::of_licensee(tx, scope, licensee).await? else { return Ok(None) };
        let mut known = known(tx, scope, rules, as_of, &[licensee]).await?;
        Ok(Some(Self {
            facts: known.facts.remove(&licensee).unwrap_or_default(),
            credits: known.credits.remove(&licensee).unwrap_or_default(),
            completions: store::transcripts::completions(tx, &record).await?,
        }))
    }
}

/// How one licensee stands, and by which version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed<'a> {
    pub requirement: Option<&'a Requirement>,
    pub assessment: Assessment,
}

/// Looks at the cycle that was asked for, seen from `as_of`; `today` says whether what is missing is due.
pub fn look<'a>(
    rules: &'a Rules,
    facts: &LicenseFacts,
    credits: &[Counted],
    as_of: Date,
    which: WhichCycle,
    today: Date,
) -> Assessed<'a> {
    let on = match which {
        WhichCycle::Current => as_of,
        WhichCycle::Ended => ended_by(rules, facts, as_of).unwrap_or(as_of),
    };
    let (requirement, assessment) = judge(&rules.0, facts, credits, on, today);
    Assessed { requirement, assessment }
}

/// A day of the last cycle that ended by a day.
fn ended_by(rules: &Rules, facts: &LicenseFacts, as_of: Date) -> Option<Date> {
    let (from, until) = governing(&rules.0, facts, as_of)?.cycle.around(facts, as_of).ok()?;
    if until <= as_of { Some(as_of) } else { from.yesterday().ok() }
}

/// The figures of an assessment, for a snapshot.
pub fn figures(assessed: &Assessed<'_>, reference: &Reference) -> Standings {
    let assessment = &assessed.assessment;
    let topics = assessed.requirement.map_or_else(Vec::new, |requirement| {
        let short = assessment.missing_topics(requirement, false);
        short.map(|(topic, missing)| (topic_words(topic, reference), missing)).collect()
    });
    Standings {
        standing: assessment.standing,
        cycle: assessment.cycle.map(|cycle| (cycle.from, cycle.until)),
        required: assessment.required,
        counted: assessment.counted + assessment.carried,
        missing: assessment.missing,
        topics,
    }
}

#[cfg(test)]
mod tests {
    use domain::Amount;
    use domain::requirement::{CycleRule, FirstRenewal, Standing};
    use domain::{MonthDay, State};
    use jiff::civil::date;

    use super::*;

    fn requirement(hours: i64) -> Requirement {
        Requirement {
            state: State::read("CA").unwrap(),
            is_example: true,
            hours: Amount::new(hours),
            cycle: CycleRule::FixedDate { ends: MonthDay::new(12, 31).unwrap(), years: 2, anchor_year: 2024 },
            topics: vec![],
            caps: vec![],
            carry_over: Amount::ZERO,
            first_renewal: FirstRenewal::Full,
            grace_days: 0,
            certified_statuses: vec![],
            exempt_statuses: vec![],
            note: String::new(),
        }
    }

    fn rules() -> Rules {
        let later = Dated { from: date(2026, 1, 1), until: None, value: requirement(5_000) };
        Rules(vec![Dated::always(requirement(4_000)), later])
    }

    #[test]
    fn rules_are_read_back_as_they_were_written() {
        assert_eq!(Rules::read(&rules().written().unwrap()).unwrap(), rules());
        assert_eq!(rules().words(date(2026, 11, 23)), "50.00 credits every 2 years (example)");
    }

    #[test]
    fn the_cycle_that_ended_is_judged_by_the_version_of_its_time() {
        let (rules, facts, today) = (rules(), LicenseFacts::default(), date(2026, 11, 23));
        let look = |as_of, which| look(&rules, &facts, &[], as_of, which, today).assessment;
        let ended = look(today, WhichCycle::Ended);
        assert_eq!(ended.cycle.unwrap().until, date(2024, 12, 31));
        assert_eq!((ended.required, ended.standing), (Amount::new(4_000), Standing::Missing));
        assert_eq!(look(date(2024, 12, 31), WhichCycle::Ended).cycle, ended.cycle);
        let current = look(today, WhichCycle::Current);
        assert_eq!(current.cycle.unwrap().until, date(2026, 12, 31));
        assert_eq!((current.required, current.standing), (Amount::new(5_000), Standing::NotYetDue));
    }
}
