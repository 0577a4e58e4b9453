//! A scale from zero to a round number, with round ticks.

/// Ticks at 0 and every step up to the first that is not below the largest value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub ticks: Vec<i64>,
}

/// At most so many steps above zero.
const MOST_STEPS: f64 = 4.0;

impl Scale {
    /// Steps are 1, 2 or 5 times a power of ten, never below 1.
    pub fn up_to(most: f64) -> Self {
        let most = if most.is_finite() { most.clamp(1.0, 1e15) } else { 1.0 };
        let mut step = 1_i64;
        while most / step as f64 > MOST_STEPS {
            let first_digit = step.to_string().bytes().next();
            // 1, 2, 5, 10: doubled, but from 2 to 5
            step = if first_digit == Some(b'2') { step / 2 * 5 } else { step * 2 };
        }
        let steps = (most / step as f64).ceil() as i64;
        Self { ticks: (0..=steps).map(|tick| tick * step).collect() }
    }

    pub fn top(&self) -> f64 {
        self.ticks.last().map_or(1.0, |top| *top as f64)
    }

    /// How far along `length` a value lies.
    pub fn place(&self, value: f64, length: f64) -> f64 {
        super::rounded((value / self.top()).clamp(0.0, 1.0) * length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_every_value() {
        for (most, ticks) in [
            (0.0, &[0, 1][..]),
            (3.0, &[0, 1, 2, 3]),
            (4.5, &[0, 2, 4, 6]),
            (18.0, &[0, 5, 10, 15, 20]),
            (400.0, &[0, 100, 200, 300, 400]),
            (401.0, &[0, 200, 400, 600]),
            (1_234_567.0, &[0, 500_000, 1_000_000, 1_500_000]),
            (f64::NAN, &[0, 1]),
        ] {
            assert_eq!(Scale::up_to(most).ticks, ticks, "{most}");
        }
        assert_eq!(Scale::up_to(18.0).place(5.0, 200.0), 50.0);
        assert_eq!(Scale::up_to(f64::INFINITY).top(), 1.0);
    }
}
