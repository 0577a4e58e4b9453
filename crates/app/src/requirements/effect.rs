//! What a version would mean for a board's licensees: each is judged twice, by the versions as they stand and with
//! the new one among them, in the cycle that runs today.

use domain::access::LicensingBoardScope;
use domain::reference::{Dated, Reference, Rules};
use domain::requirement::{Requirement, Standing};
use jiff::civil::Date;
use store::ReadTx;

use super::of_licensees;
use crate::Result;

/// Licensees that a preview looks at, those with the first license numbers.
pub const MOST_PREVIEWED: usize = 2_000;

/// How many licenses stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub met: i64,
    pub not_yet_due: i64,
    pub missing: i64,
    pub exempt: i64,
    pub not_known: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Licenses that were judged.
    pub judged: i64,
    /// The board has more licensees than were looked at.
    pub is_cut: bool,
    pub before: Counts,
    pub after: Counts,
    /// Licenses whose running cycle ends on the version's first day or later: it would be judged by the version.
    pub concerned: i64,
    /// Who has what is asked for today and would not.
    pub newly_short: i64,
    /// Who would have it and has not today.
    pub newly_met: i64,
}

impl Counts {
    fn add(&mut self, standing: Standing) {
        let count = match standing {
            Standing::Met => &mut self.met,
            Standing::NotYetDue => &mut self.not_yet_due,
            Standing::Missing => &mut self.missing,
            Standing::Exempt => &mut self.exempt,
            Standing::NotKnown => &mut self.not_known,
        };
        *count += 1;
    }
}

pub(super) async fn of(
    tx: &mut ReadTx,
    reference: &Reference,
    scope: &LicensingBoardScope,
    from: Date,
    requirement: Requirement,
) -> Result<Effect> {
    let today = reference.today();
    let state = scope.state();
    let mut licensees =
        store::requirements::licensees(tx, scope, i64::try_from(MOST_PREVIEWED + 1).unwrap_or(i64::MAX)).await?;
    let mut effect = Effect { is_cut: licensees.len() > MOST_PREVIEWED, ..Effect::default() };
    licensees.truncate(MOST_PREVIEWED);

    let standing = reference.requirements(state).iter().filter(|version| version.from != from).cloned();
    let new = Dated { from, until: None, value: requirement };
    let with_new = Rules::default().with_requirements(standing.chain([new]));
    let with_new = Reference::new(std::sync::Arc::new(with_new), today);
    let before = of_licensees(tx, reference, scope, &licensees, today, today).await?;
    let after = of_licensees(tx, &with_new, scope, &licensees, today, today).await?;
    for (before, after) in before.iter().zip(&after) {
        let (was, will_be) = (before.assessment.standing, after.assessment.standing);
        effect.judged += 1;
        effect.before.add(was);
        effect.after.add(will_be);
        effect.concerned += i64::from(before.requirement != after.requirement);
        let is_enough = |standing| matches!(standing, Standing::Met | Standing::Exempt);
        effect.newly_short += i64::from(is_enough(was) && !is_enough(will_be) && will_be != Standing::NotKnown);
        effect.newly_met += i64::from(!is_enough(was) && is_enough(will_be));
    }
    Ok(effect)
}
