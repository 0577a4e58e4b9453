//! The identity engine's answer as staff read it: each candidate field by field, weights as what they
//! mean, and what decided. Shown by `admin/evidence.html`.
//!
//! A weight is a natural log of the odds. People read it as "so many times likelier": that is `e` to the
//! power of the weight.

use app::physicians::{Candidate, Explained, Line};
use app::reasons::{self, Agreement};

use crate::pages::uploads::grouped;

/// What the engine answered.
pub(super) struct Evidence {
    pub(super) kind: &'static str,
    pub(super) outcome: &'static str,
    pub(super) decided: &'static str,
    /// Such as `Rule 3`, or empty where weights decided.
    pub(super) rule: &'static str,
    pub(super) reasons: Vec<&'static str>,
    /// What would settle it; empty for a match.
    pub(super) settle_with: String,
    pub(super) prior: String,
    pub(super) prior_words: String,
    pub(super) match_at: String,
    pub(super) match_words: String,
    pub(super) ahead_by: String,
    pub(super) ahead_words: String,
    pub(super) possible_at: String,
    pub(super) registry: String,
    pub(super) unregistered: String,
    pub(super) candidates: Vec<CandidateView>,
    /// Candidates that are not shown.
    pub(super) others: usize,
}

/// Somebody who came into question.
pub(super) struct CandidateView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) under: String,
    /// From 1.
    pub(super) place: usize,
    pub(super) is_match: bool,
    /// Empty where the engine did not weigh.
    pub(super) weight: String,
    pub(super) odds: String,
    /// How it stands to the others, as a sentence.
    pub(super) lead: String,
    pub(super) lines: Vec<LineView>,
}

/// A field of both sides.
pub(super) struct LineView {
    pub(super) label: &'static str,
    pub(super) ours: String,
    pub(super) theirs: String,
    /// A status kind.
    pub(super) kind: &'static str,
    pub(super) words: &'static str,
    /// Empty where the engine did not weigh the field.
    pub(super) weight: String,
    pub(super) likelier: String,
}

impl Evidence {
    pub(super) fn of(explained: Explained) -> Self {
        let next = explained.candidates.get(1).and_then(|candidate| candidate.behind);
        let settings = &explained.settings;
        Self {
            kind: outcome_kind(explained.outcome),
            outcome: reasons::outcome(explained.outcome),
            decided: explained.decided.sentence,
            rule: explained.decided.rule.unwrap_or_default(),
            reasons: explained.reasons,
            settle_with: explained.settle_with.join(", "),
            prior: signed(explained.prior),
            prior_words: likelier(explained.prior),
            match_at: signed(settings.match_at),
            match_words: rounded(settings.match_at.exp()),
            ahead_by: format!("{:.1}", settings.ahead_by),
            ahead_words: rounded(settings.ahead_by.exp()),
            possible_at: signed(settings.possible_at),
            unregistered: format!("{:.0} in 100", settings.unregistered * 100.0),
            registry: grouped(i64::try_from(explained.registry).unwrap_or(i64::MAX)),
            others: explained.others,
            candidates: (1..)
                .zip(explained.candidates)
                .map(|(place, candidate)| CandidateView::of(place, candidate, next))
                .collect(),
        }
    }
}

impl CandidateView {
    /// Somebody whom the engine did not weigh, such as the holder of the row's own number.
    pub(super) fn unweighed(place: usize, physician: &store::physicians::Physician, lines: Vec<Line>) -> Self {
        Self {
            id: physician.id.to_string(),
            name: physician.full_name(),
            under: under(physician),
            place,
            is_match: false,
            weight: String::new(),
            odds: String::new(),
            lead: String::new(),
            lines: lines.into_iter().map(LineView::of).collect(),
        }
    }

    /// `next` is how far behind the best one the second is.
    pub(super) fn of(place: usize, candidate: Candidate, next: Option<f64>) -> Self {
        let Candidate { physician, weight, behind, lines, is_match } = candidate;
        let lead = match (behind, next) {
            (Some(behind), _) => format!("{behind:.1} behind the best: {} times less likely", rounded(behind.exp())),
            (None, Some(ahead)) => format!("{ahead:.1} ahead of the next: {} times likelier", rounded(ahead.exp())),
            (None, None) => "Nobody else came into question".to_owned(),
        };
        Self {
            id: physician.id.to_string(),
            name: physician.full_name(),
            under: under(&physician),
            place,
            is_match,
            weight: signed(weight),
            odds: odds(weight),
            lead,
            lines: lines.into_iter().map(LineView::of).collect(),
        }
    }
}

/// A second line that tells records of the same name apart.
pub(super) fn under(physician: &store::physicians::Physician) -> String {
    let licenses = physician.licenses.iter().map(|held| format!("{} {}", held.state, held.number));
    let birth = physician.birth.map(|day| format!("born {day}"));
    let degree = (!physician.degree.is_empty()).then(|| physician.degree.clone());
    degree.into_iter().chain(birth).chain(licenses).collect::<Vec<_>>().join(", ")
}

impl LineView {
    pub(super) fn of(line: Line) -> Self {
        Self {
            label: line.label,
            ours: line.ours,
            theirs: line.theirs,
            kind: match line.agreement {
                Agreement::Agrees => "good",
                Agreement::Near => "caution",
                Agreement::Differs => "bad",
                Agreement::OneSided => "draft",
            },
            words: line.words,
            weight: line.weight.map(signed).unwrap_or_default(),
            likelier: line.weight.map(likelier).unwrap_or_default(),
        }
    }
}

/// Shape of an outcome's stored word.
pub(super) fn outcome_kind(code: &str) -> &'static str {
    match code {
        "matched" => "good",
        "conflict" => "bad",
        "none" => "withdrawn",
        _ => "caution",
    }
}

/// A weight with its sign: `+12.3`, `−4.0`, `0.0`.
pub(super) fn signed(weight: f64) -> String {
    let weight = (weight * 10.0).round() / 10.0;
    if weight == 0.0 {
        "0.0".to_owned()
    } else if weight < 0.0 {
        format!("−{:.1}", -weight)
    } else {
        format!("+{weight:.1}")
    }
}

/// What a weight means: `230 times likelier`, `12 times less likely`.
fn likelier(weight: f64) -> String {
    if weight.abs() < 0.05 {
        return "No evidence".to_owned();
    }
    let times = rounded(weight.abs().exp());
    if weight > 0.0 { format!("{times} times likelier") } else { format!("{times} times less likely") }
}

/// All evidence together as odds for or against the person.
fn odds(weight: f64) -> String {
    if weight.abs() < 0.05 {
        return "Even odds".to_owned();
    }
    let times = rounded(weight.abs().exp());
    if weight > 0.0 { format!("{times} to 1 for this physician") } else { format!("{times} to 1 against") }
}

/// A factor to two figures, in words from a million on: `1.6`, `230`, `65,000`, `3.1 million`.
fn rounded(times: f64) -> String {
    const NAMED: [(f64, &str); 4] = [(1e15, "quadrillion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million")];
    let two_figures = |number: f64| {
        let unit = 10f64.powf(number.max(1.0).log10().floor() - 1.0);
        (number / unit).round() * unit
    };
    if times >= 1e18 {
        return "More than a quintillion".to_owned();
    }
    let times = two_figures(times);
    match NAMED.iter().find(|(size, _)| times >= *size) {
        Some((size, name)) => {
            let count = times / size;
            if count < 10.0 { format!("{count:.1} {name}") } else { format!("{count:.0} {name}") }
        }
        None if times < 10.0 => format!("{times:.1}"),
        // at most a million: exact as a whole number
        None => grouped(times.round() as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_read_as_how_many_times_likelier() {
        for (weight, shown, words) in [
            (0.0, "0.0", "No evidence"),
            (0.47, "+0.5", "1.6 times likelier"),
            (5.44, "+5.4", "230 times likelier"),
            (11.08, "+11.1", "65,000 times likelier"),
            (14.95, "+15.0", "3.1 million times likelier"),
            (17.9, "+17.9", "59 million times likelier"),
            (-2.5, "−2.5", "12 times less likely"),
        ] {
            assert_eq!((signed(weight).as_str(), likelier(weight).as_str()), (shown, words));
        }
    }

    #[test]
    fn the_sum_is_read_as_odds() {
        assert_eq!(odds(6.0), "400 to 1 for this physician");
        assert_eq!(odds(-6.0), "400 to 1 against");
        assert_eq!(odds(0.01), "Even odds");
        assert_eq!(rounded(999_900.0), "1.0 million");
        assert_eq!(rounded(f64::INFINITY), "More than a quintillion");
    }
}
