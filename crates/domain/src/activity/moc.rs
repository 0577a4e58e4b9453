//! An activity's registration for one certifying board's MOC / CC credit (domain.md, MOC / CC
//! registration). What a board takes is reference data; see `faults` for how the two are compared.

use jiff::civil::Date;

use super::choices::choices;
use super::faults::is_plausible;
use super::rules::{Missing, Rule};
use super::{Activity, is_quarter};
use crate::check::us_date;
use crate::reference::Reference;
use crate::{Amount, Board};

choices! {
    /// What a provider undertakes towards a board, each one by itself.
    Undertaking {
        MeetsRequirements "meets_requirements" "meets the board's requirements"
        SubmitsCompletions "submits_completions" "will submit each learner's completion"
        ObeysDataRules "obeys_data_rules" "keeps the rules for the use of learners' data"
        AllowsPublication "allows_publication" "agrees that the activity's details are published"
        AnswersAudits "answers_audits" "will answer audits"
    }
}

/// A registration for one certifying board's MOC / CC credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MocRegistration {
    pub board: Board,
    /// The most that one learner can earn.
    pub points: Amount,
    /// Tags over the same points, by the board's own names.
    pub credit_types: Vec<String>,
    /// May be empty until the activity is closed.
    pub practice_areas: Vec<String>,
    /// The last day on which a learner may claim; may be missing until the activity is closed.
    pub claim_until: Option<Date>,
    /// The undertakings that were given, in the order of [`Undertaking::ALL`]. Who gave each, and
    /// when, is on record beside it.
    pub undertakings: Vec<Undertaking>,
}

impl MocRegistration {
    /// Whether all five undertakings were given.
    pub fn is_attested(&self) -> bool {
        Undertaking::ALL.iter().all(|undertaking| self.undertakings.contains(undertaking))
    }

    /// What keeps the registration from being saved: it must be one that the board would take on some
    /// day of the activity. Practice areas and claim date may wait until the activity is closed.
    pub fn faults(&self, activity: &Activity, reference: &Reference) -> Vec<Missing> {
        let missing = |rule| Missing::of(rule).board(self.board);
        let (first, last) = days_of(activity);
        let Some(rules) = reference.board_during(self.board, first, last) else {
            return vec![missing(Rule::MocBoardUnknown).fact(self.board.to_string())];
        };
        let mut list = Vec::new();
        if let Some(from) = rules.activity_starts_from.filter(|from| activity.starts_on < *from) {
            let what = format!("activities that start on {} or later", us_date(from));
            list.push(missing(Rule::MocBoardNotYet).fact(what));
        }
        // whoever completes it does so by its last day
        if let Some(from) = rules.completed_from.filter(|from| activity.ends_on < *from) {
            list.push(missing(Rule::MocBoardNotYet).fact(format!("completions of {} or later", us_date(from))));
        }
        if self.points <= Amount::ZERO {
            list.push(missing(Rule::MocPointsMissing));
        } else if !is_quarter(self.points) {
            list.push(missing(Rule::MocPointsNotAQuarter).fact(self.points.fixed()));
        } else if let Some(credit) =
            activity.credit.filter(|credit| rules.points_equal_credit && *credit != self.points)
        {
            list.push(missing(Rule::MocPointsNotEqualCredit).fact(credit.to_string()));
        }
        list.extend(self.faults_of_types(activity, reference));
        // a change of the board's lists in the midst of an activity leaves both to choose from
        let versions = || reference.boards_during(self.board, first, last);
        for area in &self.practice_areas {
            // a board without a list takes any, as every list does that was never filled
            if !versions().any(|(rules, ..)| rules.practice_areas.is_empty() || rules.practice_areas.contains(area)) {
                list.push(missing(Rule::MocPracticeAreaUnknown).fact(area));
            }
        }
        if let Some(until) = self.claim_until {
            if until < activity.starts_on {
                list.push(missing(Rule::MocClaimBeforeStart).fact(us_date(until)));
            } else if !is_plausible(until) {
                list.push(missing(Rule::DateImplausible).at("claim_until").fact(until.year().to_string()));
            }
        }
        if !self.is_attested() {
            list.push(missing(Rule::MocUndertakingMissing).fact(self.not_undertaken()));
        }
        list
    }

    fn faults_of_types(&self, activity: &Activity, reference: &Reference) -> Vec<Missing> {
        let missing = |rule| Missing::of(rule).board(self.board);
        if self.credit_types.is_empty() {
            return vec![missing(Rule::MocCreditTypeMissing)];
        }
        let (first, last) = days_of(activity);
        let fault = |name: &String| {
            let (mut is_known, mut is_in_force) = (false, false);
            for (rules, first, last) in reference.boards_during(self.board, first, last) {
                for credit_type in rules.credit_types.iter().filter(|known| known.name == *name) {
                    is_known = true;
                    // it must be in force for some completion of the activity
                    is_in_force |= credit_type.in_force_during(first, last);
                }
            }
            match (is_known, is_in_force) {
                (false, _) => Some(missing(Rule::MocCreditTypeUnknown).fact(name)),
                (true, false) => Some(missing(Rule::MocCreditTypeNotInForce).fact(name)),
                (true, true) => None,
            }
        };
        self.credit_types.iter().filter_map(fault).collect()
    }

    /// What is missing before the activity can be closed (domain.md, the table's last row).
    pub(super) fn missing_for_closed(&self) -> Vec<Missing> {
        let checks = [
            (self.practice_areas.is_empty(), Rule::MocPracticeAreaMissing),
            (self.credit_types.is_empty(), Rule::MocCreditTypeMissing),
            (self.points <= Amount::ZERO, Rule::MocPointsMissing),
            (self.claim_until.is_none(), Rule::MocClaimDateMissing),
            (!self.is_attested(), Rule::MocUndertakingMissing),
        ];
        let broken = checks.into_iter().filter(|(is_missing, _)| *is_missing);
        broken.map(|(_, rule)| Missing::of(rule).board(self.board).fact(self.fact_of(rule))).collect()
    }

    fn fact_of(&self, rule: Rule) -> String {
        if rule == Rule::MocUndertakingMissing { self.not_undertaken() } else { String::new() }
    }

    fn not_undertaken(&self) -> String {
        let open = Undertaking::ALL.iter().filter(|undertaking| !self.undertakings.contains(undertaking));
        open.map(|undertaking| undertaking.label()).collect::<Vec<_>>().join("; ")
    }
}

/// First and last day; one that ends before it starts is a fault of its own.
fn days_of(activity: &Activity) -> (Date, Date) {
    (activity.starts_on, activity.ends_on.max(activity.starts_on))
}
