//! Bars that lie, each under its name: long names stay readable on a phone too.

use super::{Mark, rounded};

const WIDTH: f64 = 480.0;
/// From one bar to the next.
const STEP: f64 = 46.0;
const THICKNESS: f64 = 14.0;
const MOST_BARS: usize = 12;
const MOST_LETTERS: usize = 46;

/// Horizontal bars in a view box of 480 by `height`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Unique on the page: ids are made of it.
    pub id: String,
    pub title: String,
    pub description: String,
    pub height: f64,
    pub thickness: f64,
    pub bars: Vec<Bar>,
    /// Marks that only the table has.
    pub left_out: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    pub shown: String,
    pub text_y: f64,
    pub y: f64,
    pub length: f64,
}

impl Bars {
    /// In the order given; the first [`MOST_BARS`] are drawn. Nothing of nothing, or of zeros alone.
    pub fn of(id: impl Into<String>, title: impl Into<String>, marks: &[Mark]) -> Option<Self> {
        let most = marks.iter().map(|mark| mark.value).fold(0.0, f64::max);
        // a bar is read against its neighbours: the longest fills the width, without a round top
        (most > 0.0).then(|| Self::drawn(id.into(), title.into(), marks, most))
    }

    /// Bars that each fill the width when all that is needed is done. Nothing of nothing.
    pub fn toward(id: impl Into<String>, title: impl Into<String>, ways: &[Way]) -> Option<Self> {
        let mark = |way: &Way| {
            let value = if way.needed > 0.0 { (way.done / way.needed).clamp(0.0, 1.0) } else { 1.0 };
            Mark { label: way.label.clone(), value, shown: way.shown.clone() }
        };
        let marks: Vec<Mark> = ways.iter().map(mark).collect();
        (!marks.is_empty()).then(|| Self::drawn(id.into(), title.into(), &marks, 1.0))
    }

    fn drawn(id: String, title: String, marks: &[Mark], full: f64) -> Self {
        let bar = |(place, mark): (usize, &Mark)| {
            let above = place as f64 * STEP;
            Bar {
                label: shortened(&mark.label),
                shown: mark.shown.clone(),
                text_y: above + 16.0,
                y: above + 24.0,
                length: rounded(mark.value / full * WIDTH),
            }
        };
        let bars: Vec<Bar> = marks.iter().take(MOST_BARS).enumerate().map(bar).collect();
        let said = bars.iter().map(|bar| format!("{}: {}", bar.label, bar.shown));
        Self {
            id,
            title,
            description: said.collect::<Vec<_>>().join("; ") + ".",
            height: bars.len() as f64 * STEP,
            thickness: THICKNESS,
            left_out: marks.len().saturating_sub(bars.len()),
            bars,
        }
    }
}

/// How far something has come toward what is needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub label: String,
    /// Neither below zero.
    pub done: f64,
    pub needed: f64,
    /// Both as they are written.
    pub shown: String,
}

fn shortened(label: &str) -> String {
    match label.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", label.get(..end).unwrap_or(label).trim_end()),
        None => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(values: &[f64]) -> Vec<Mark> {
        let mark = |value: &f64| Mark { label: "A".repeat(60), value: *value, shown: value.to_string() };
        values.iter().map(mark).collect()
    }

    #[test]
    fn the_longest_bar_fills_the_width_and_the_rest_are_in_proportion() {
        let bars = Bars::of("x", "X", &marks(&[5.0, 10.0, 0.0])).unwrap();
        let lengths: Vec<f64> = bars.bars.iter().map(|bar| bar.length).collect();
        assert_eq!(lengths, [240.0, 480.0, 0.0]);
        assert_eq!(bars.bars[0].label.chars().count(), MOST_LETTERS + 1);
        assert_eq!((bars.height, bars.left_out), (3.0 * STEP, 0));
        assert_eq!(Bars::of("x", "X", &marks(&[1.0; 20])).unwrap().left_out, 8);
    }

    #[test]
    fn a_way_is_full_when_all_is_done_and_never_more() {
        let way = |done, needed| Way { label: "Hours".into(), done, needed, shown: String::new() };
        let plot = Bars::toward("x", "X", &[way(10.0, 40.0), way(50.0, 40.0), way(0.0, 0.0)]).unwrap();
        let lengths: Vec<f64> = plot.bars.iter().map(|bar| bar.length).collect();
        assert_eq!(lengths, [120.0, 480.0, 480.0]);
        assert_eq!(Bars::toward("x", "X", &[]), None);
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(Bars::of("x", "X", &[]), None);
        assert_eq!(Bars::of("x", "X", &marks(&[0.0, 0.0])), None);
    }
}
