//! A line over months, with a round axis at its left.
//!
//! It is drawn twice, wide and narrow: text that shrinks with its box could not be read on a phone. The
//! style sheet shows the one that fits.

use formats::tables::Figure;

use super::scale::Scale;
use super::{Mark, rounded};

/// A line in its view box of `width` by `height`.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Unique on the page: ids are made of it.
    pub id: String,
    /// `wide` or `narrow`: a class.
    pub size: &'static str,
    pub title: String,
    pub description: String,
    pub width: f64,
    pub height: f64,
    /// Where the plot's own area begins, and its floor.
    pub left: f64,
    pub floor: f64,
    pub ticks: Vec<Tick>,
    /// The line, and the area under it, as paths.
    pub path: String,
    pub area: String,
    pub points: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    pub y: f64,
    pub text_y: f64,
    pub shown: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    /// Empty where labels would touch.
    pub label: String,
    /// The value, written at the highest point alone.
    pub shown: String,
    pub text_y: f64,
    /// Whether the month is not over yet.
    pub is_open: bool,
}

struct Size {
    name: &'static str,
    width: f64,
    height: f64,
    most_labels: usize,
}

const WIDE: Size = Size { name: "wide", width: 960.0, height: 270.0, most_labels: 12 };
const NARROW: Size = Size { name: "narrow", width: 380.0, height: 250.0, most_labels: 4 };

const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 26.0;
const BELOW: f64 = 34.0;

impl Line {
    /// Both sizes; none of fewer than two months, or of zeros alone. `open` is the place of the month that
    /// is not over.
    pub fn of(id: &str, title: &str, marks: &[Mark], open: Option<usize>) -> Vec<Self> {
        let is_flat = marks.iter().all(|mark| mark.value <= 0.0);
        if marks.len() < 2 || is_flat {
            return Vec::new();
        }
        [WIDE, NARROW].iter().map(|size| Self::drawn(id, title, marks, open, size)).collect()
    }

    fn drawn(id: &str, title: &str, marks: &[Mark], open: Option<usize>, size: &Size) -> Self {
        let most = marks.iter().map(|mark| mark.value).fold(0.0, f64::max);
        let scale = Scale::up_to(most);
        let floor = size.height - BELOW;
        let y = |value: f64| rounded(floor - scale.place(value, floor - TOP));
        let between = (size.width - LEFT - RIGHT) / (marks.len() - 1) as f64;
        let every = marks.len().div_ceil(size.most_labels);
        let highest = marks.iter().position(|mark| mark.value >= most);
        let point = |(place, mark): (usize, &Mark)| {
            let is_named = place % every == 0;
            let y = y(mark.value);
            Point {
                x: rounded(LEFT + place as f64 * between),
                y,
                label: if is_named { mark.label.clone() } else { String::new() },
                shown: if highest == Some(place) { mark.shown.clone() } else { String::new() },
                text_y: y - 11.0,
                is_open: open == Some(place),
            }
        };
        let points: Vec<Point> = marks.iter().enumerate().map(point).collect();
        let corners: Vec<String> = points.iter().map(|point| format!("{} {}", point.x, point.y)).collect();
        let path = format!("M{}", corners.join("L"));
        let last = points.last().map_or(LEFT, |point| point.x);
        let tick = |tick: &i64| {
            let y = y(*tick as f64);
            Tick { y, text_y: y + 4.0, shown: Figure::Count(*tick).shown() }
        };
        let said = marks.iter().map(|mark| format!("{}: {}", mark.label, mark.shown)).collect::<Vec<_>>();
        Self {
            id: format!("{id}-{}", size.name),
            size: size.name,
            title: title.to_owned(),
            description: said.join("; ") + ".",
            width: size.width,
            height: size.height,
            left: LEFT,
            floor,
            ticks: scale.ticks.iter().map(tick).collect(),
            area: format!("{path}L{last} {floor}L{LEFT} {floor}Z"),
            path,
            points,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(values: &[f64]) -> Vec<Mark> {
        let mark = |(n, value): (usize, &f64)| Mark { label: format!("m{n}"), value: *value, shown: value.to_string() };
        values.iter().enumerate().map(mark).collect()
    }

    #[test]
    fn points_lie_on_the_scale_and_the_highest_is_written() {
        let lines = Line::of("c", "Credits", &marks(&[0.0, 400.0, 200.0]), Some(2));
        let wide = &lines[0];
        let places: Vec<(f64, f64)> = wide.points.iter().map(|point| (point.x, point.y)).collect();
        assert_eq!(places, [(64.0, 236.0), (500.0, 26.0), (936.0, 131.0)]);
        assert_eq!(wide.path, "M64 236L500 26L936 131");
        assert_eq!(wide.points[1].shown, "400");
        assert!(wide.points[2].is_open && wide.points[2].shown.is_empty());
        assert_eq!(wide.description, "m0: 0; m1: 400; m2: 200.");
        assert_ne!(wide.id, lines[1].id);
    }

    #[test]
    fn labels_thin_out_where_they_would_touch() {
        let lines = Line::of("c", "Credits", &marks(&[1.0; 24]), None);
        let named = |line: &Line| line.points.iter().filter(|point| !point.label.is_empty()).count();
        assert_eq!((named(&lines[0]), named(&lines[1])), (12, 4));
    }

    #[test]
    fn one_month_is_no_line() {
        assert!(Line::of("c", "Credits", &marks(&[4.0]), None).is_empty());
        assert!(Line::of("c", "Credits", &marks(&[0.0, 0.0]), None).is_empty());
    }
}
