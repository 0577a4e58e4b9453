//! What everybody may see: no line tells what a single provider reported, or of a handful of learners.
//!
//! Lines with too few behind them are put together. Since totals are shown too, the rest could be found by
//! subtraction; so if what was put together is itself too few, the next smallest lines join it.

use std::collections::BTreeSet;

use domain::ProviderId;

use super::figures::{Line, Named};

/// Providers that stand behind a line at least.
pub const FEWEST_PROVIDERS: i64 = 3;
/// Learners or completions that a line shows at least, unless it has none.
pub const FEWEST_LEARNERS: i64 = 10;

/// A line while its providers are still known.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted {
    pub key: String,
    pub line: Line,
    pub providers: BTreeSet<ProviderId>,
}

impl Counted {
    pub fn named(&self) -> Named {
        let providers = i64::try_from(self.providers.len()).unwrap_or(i64::MAX);
        Named { key: self.key.clone(), line: Line { providers, ..self.line.clone() } }
    }

    fn join(&mut self, other: &Counted) {
        self.line.add(&other.line);
        self.providers.extend(&other.providers);
    }

    fn is_few(&self) -> bool {
        is_few(self.providers.len(), &[self.line.physicians, self.line.others, self.line.completions])
    }
}

/// Whether so few providers or learners stand behind figures that they might be told from them.
pub(super) fn is_few(providers: usize, learners: &[i64]) -> bool {
    let is_handful = |learners: &i64| (1..FEWEST_LEARNERS).contains(learners);
    i64::try_from(providers).unwrap_or(i64::MAX) < FEWEST_PROVIDERS || learners.iter().any(is_handful)
}

/// The lines that may be seen, in their order, and last what was put together.
pub(super) fn joined(lines: &[Counted]) -> Vec<Named> {
    let (few, mut enough): (Vec<&Counted>, Vec<&Counted>) = lines.iter().partition(|one| one.is_few());
    if few.is_empty() {
        return lines.iter().map(Counted::named).collect();
    }
    let mut rest = Counted::default();
    for one in few {
        rest.join(one);
    }
    while rest.is_few() {
        let smallest = enough.iter().enumerate().min_by_key(|(_, one)| (one.providers.len(), one.line.activities));
        let Some((place, _)) = smallest else { break };
        rest.join(enough.remove(place));
    }
    enough.into_iter().chain([&rest]).map(Counted::named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(key: &str, providers: std::ops::Range<u32>, physicians: i64) -> Counted {
        let providers = providers.map(|number| format!("{number:07}").parse().unwrap()).collect();
        let line = Line { activities: 10, physicians, ..Line::default() };
        Counted { key: key.into(), line, providers }
    }

    fn keys(lines: &[Counted]) -> Vec<(String, i64, i64)> {
        joined(lines).into_iter().map(|one| (one.key, one.line.providers, one.line.physicians)).collect()
    }

    #[test]
    fn lines_with_enough_behind_them_stay() {
        let lines = [counted("a", 0..3, 10), counted("b", 3..9, 0)];
        assert_eq!(keys(&lines), [("a".into(), 3, 10), ("b".into(), 6, 0)]);
    }

    #[test]
    fn what_is_too_little_is_put_together_with_as_much_as_it_takes() {
        // one provider alone would be the total less the others
        let lines = [counted("a", 0..1, 50), counted("b", 1..6, 60), counted("c", 6..9, 70)];
        assert_eq!(keys(&lines), [("b".into(), 5, 60), (String::new(), 4, 120)]);
        // several small ones are enough by themselves
        let lines = [counted("a", 0..1, 50), counted("b", 1..3, 60), counted("c", 6..9, 70)];
        assert_eq!(keys(&lines), [("c".into(), 3, 70), (String::new(), 3, 110)]);
        // the same two providers twice are two
        let lines = [counted("a", 0..2, 50), counted("b", 0..2, 60), counted("c", 6..9, 70)];
        assert_eq!(keys(&lines), [(String::new(), 5, 180)]);
    }

    #[test]
    fn a_handful_of_learners_is_too_few_whoever_reported_them() {
        let lines = [counted("a", 0..9, 9), counted("b", 0..9, 500)];
        assert_eq!(keys(&lines), [(String::new(), 9, 509)], "9 would be the total less 500");
        let lines = [counted("a", 0..9, 9), counted("b", 0..9, 500), counted("c", 0..8, 0)];
        assert_eq!(keys(&lines), [(String::new(), 9, 509)]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_shown_is_too_few_unless_all_of_it_is(sizes in proptest::collection::vec((0_u32..6, 0_i64..40), 1..12)) {
            let mut next = 0;
            let lines: Vec<Counted> = sizes.iter().enumerate().map(|(place, (providers, physicians))| {
                let line = counted(&format!("k{place}"), next..next + providers, *physicians);
                next += providers;
                line
            }).collect();
            let shown = joined(&lines);
            let sum: i64 = shown.iter().map(|one| one.line.physicians).sum();
            proptest::prop_assert_eq!(sum, sizes.iter().map(|(_, physicians)| physicians).sum::<i64>());
            let few = shown.iter().filter(|one| is_few(one.line.providers as usize, &[one.line.physicians])).count();
            proptest::prop_assert!(few == 0 || shown.len() == 1, "{:?}", shown);
        }
    }
}
