//! An activity's registration for one certifying board's MOC / CC credit (domain.md, MOC / CC
//! registration). What a board takes is reference data; see `faults` for how the two are compared.

use jiff::civil::Date;

use super::choices::choices;
use super::rules::{Missing, Rule};
use super::{Activity, is_quarter};
use crate::check::us_date;
use crate::reference::{BoardRules, Reference};
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
        let Some(rules) = reference.board_during(self.board, activity.starts_on, activity.ends_on) else {
            return vec![missing(Rule::MocBoardUnknown).fact(self.board.to_string())];
        };
        let mut list = Vec::new();
        if let Some(from) = rules.activity_starts_from.filter(|from| activity.starts_on < *from) {
            list.push(missing(Rule::MocBoardNotYet).fact(format!("{} or later", us_date(from))));
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
        list.extend(self.faults_of_types(activity, rules));
        for area in self.practice_areas.iter().filter(|area| !rules.practice_areas.contains(area)) {
            list.push(missing(Rule::MocPracticeAreaUnknown).fact(area));
        }
        if let Some(until) = self.claim_until.filter(|until| *until < activity.starts_on) {
            list.push(missing(Rule::MocClaimBeforeStart).fact(us_date(until)));
        }
        if !self.is_attested() {
            list.push(missing(Rule::MocUndertakingMissing).fact(self.not_undertaken()));
        }
        list
    }

    fn faults_of_types(&self, activity: &Activity, rules: &BoardRules) -> Vec<Missing> {
        let missing = |rule| Missing::of(rule).board(self.board);
        if self.credit_types.is_empty() {
            return vec![missing(Rule::MocCreditTypeMissing)];
        }
        let fault = |name: &String| match rules.credit_types.iter().find(|known| known.name == *name) {
            None => Some(missing(Rule::MocCreditTypeUnknown).fact(name)),
            // it must be in force for some completion of the activity
            Some(found) if !found.in_force_during(activity.starts_on, activity.ends_on) => {
                Some(missing(Rule::MocCreditTypeNotInForce).fact(name))
            }
            Some(_) => None,
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
