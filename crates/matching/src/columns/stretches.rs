//! From signs of single rows to stretches. The surprise: a fifth row that fits makes a stretch, not a share of the
//! file, so a stretch of six rows in a file of a million is found as well, and where rows are read in parts the
//! answer is the same.

use super::{Fault, Stretch, WITHIN};

/// What a row says about one suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It would be explained.
    Fits {
        refused: bool,
    },
    /// It would not.
    Unfit,
    /// Its value is certainly in its place: a stretch ends here.
    Against,
    Silent,
}

/// Fewest people who fit; several rows of one learner count once. In true files a refused row fits its neighbour's
/// value when one learner stands in both and one of the two is mistyped; five people in a row, with no value in its
/// place between them, are a column.
const FIT: usize = 5;

/// Most rows among them that do not: in a shifted stretch those are people who are not registered, or have a second
/// fault. Couples whose numbers were exchanged fit in every second row only.
const UNFIT: usize = 2;

/// How many of them must be refused: a file whose rows all match is left alone.
const REFUSED: usize = 3;

/// Rows that fit and stand so near a stretch belong to it: its ends need not have five of their own.
const NEAR: usize = 8;

/// First and last row of every stretch. `is_same` says whether two rows are of one learner.
pub(super) fn of(signs: &[Sign], is_same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut fits: Vec<usize> = Vec::new();
    // whether the last stretch found may still go on
    let mut is_open = false;
    for (row, sign) in signs.iter().enumerate() {
        match sign {
            Sign::Fits { .. } if fits.last().is_some_and(|last| is_same(*last, row)) => {}
            Sign::Fits { .. } => fits.push(row),
            Sign::Against => {
                fits.clear();
                is_open = false;
                continue;
            }
            Sign::Unfit | Sign::Silent => continue,
        }
        if let Some((_, last)) = found.last_mut().filter(|(_, last)| is_open && row <= *last + NEAR) {
            *last = row;
            continue;
        }
        let Some(&[first, ..]) = fits.last_chunk::<FIT>() else { continue };
        if !is_core(&signs[first..=row]) {
            continue;
        }
        let before = fits.iter().rev().skip(FIT);
        let first = before.fold(first, |first, fit| if fit + NEAR >= first { *fit } else { first });
        match found.last_mut().filter(|(_, last)| is_open && first <= *last + WITHIN) {
            Some((_, last)) => *last = row,
            None => found.push((first, row)),
        }
        is_open = true;
    }
    found
}

fn is_core(signs: &[Sign]) -> bool {
    let count = |wanted: fn(&Sign) -> bool| signs.iter().filter(|sign| wanted(sign)).count();
    signs.len() <= WITHIN
        && count(|sign| *sign == Sign::Unfit) <= UNFIT
        && count(|sign| matches!(sign, Sign::Fits { refused: true })) >= REFUSED
}

/// Adds what of a stretch lies beside those that are there: one row gets one message. Only two columns that are
/// shifted in the same rows are told of both.
pub(super) fn add_beside(found: &mut Vec<Stretch>, mut stretch: Stretch) {
    let is_shifted = |stretch: &Stretch| matches!(stretch.fault, Fault::Shifted(_));
    for other in found.iter() {
        if other.column != stretch.column && is_shifted(other) && is_shifted(&stretch) {
            continue;
        }
        if (other.first..=other.last).contains(&stretch.first) {
            stretch.first = other.last + 1;
        } else if (other.first..=other.last).contains(&stretch.last) {
            stretch.last = other.first - 1;
        } else if (stretch.first..=stretch.last).contains(&other.first) {
            return;
        }
        if stretch.first > stretch.last {
            return;
        }
    }
    found.push(stretch);
}

#[cfg(test)]
mod tests {
    use super::*;

    const FITS: Sign = Sign::Fits { refused: true };

    fn signs(text: &str) -> Vec<Sign> {
        let sign = |letter| match letter {
            'f' => FITS,
            'm' => Sign::Fits { refused: false },
            'u' => Sign::Unfit,
            'a' => Sign::Against,
            _ => Sign::Silent,
        };
        text.chars().map(sign).collect()
    }

    #[test]
    fn five_rows_that_fit_are_a_stretch_and_four_are_none() {
        for (text, found) in [
            ("ffff", vec![]),
            ("fffff", vec![(0, 4)]),
            ("uu.fffff.uu", vec![(3, 7)]),
            ("ffufuff", vec![(0, 6)]),
            ("fufufuf.f", vec![]),
            ("fffafff", vec![]),
            ("fffffafffff", vec![(0, 4), (6, 10)]),
            ("fffff..uuuuu..fffff", vec![(0, 18)]),
            ("mmfff", vec![(0, 4)]),
            ("mmmmmmffff", vec![(0, 9)]),
            ("ffffuuufffff.uuuf", vec![(0, 16)]),
            ("mmmff", vec![]),
        ] {
            assert_eq!(of(&signs(text), |_, _| false), found, "{text}");
        }
    }

    #[test]
    fn rows_of_one_learner_count_once() {
        let nine_each = |a: usize, b: usize| a / 9 == b / 9;
        assert_eq!(of(&signs(&"f".repeat(36)), nine_each), []);
        assert_eq!(of(&signs(&"f".repeat(45)), nine_each), [(0, 44)]);
    }

    #[test]
    fn rows_that_lie_far_apart_are_no_stretch() {
        let far = [FITS].into_iter().chain(vec![Sign::Silent; 20]).cycle().take(200).collect::<Vec<_>>();
        assert_eq!(of(&far, |_, _| false), []);
        let two = [signs("fffff"), vec![Sign::Silent; WITHIN + 1], signs("fffff")].concat();
        assert_eq!(of(&two, |_, _| false), [(0, 4), (70, 74)]);
    }
}
