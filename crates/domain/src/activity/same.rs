//! When two records are the same activity (domain.md, Activities): an update names the Activity ID, or
//! internal ID, start date and format together. A near miss is a possible duplicate, never a new one.

use jiff::civil::Date;

use super::choices::folded;
use super::{Activity, Format};
use crate::ActivityId;

/// What a record without an Activity ID is to a provider's activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognized {
    /// No activity has its internal ID, or it has none: a new one.
    New,
    /// Internal ID, start date and format agree with exactly this one.
    Same(ActivityId),
    /// The internal ID is there with another date or format, or several times: refused, naming them.
    PossibleDuplicate(Vec<ActivityId>),
}

/// Which activity a record without an Activity ID means. `known` are the provider's activities; those
/// with another internal ID do not matter.
pub fn recognize<'a>(
    internal_id: &str,
    starts_on: Date,
    format: Format,
    known: impl IntoIterator<Item = &'a Activity>,
) -> Recognized {
    let internal_id = internal_id.trim();
    if internal_id.is_empty() {
        return Recognized::New;
    }
    let (mut same, mut near) = (Vec::new(), Vec::new());
    for activity in known.into_iter().filter(|activity| activity.internal_id.trim() == internal_id) {
        let is_same = activity.starts_on == starts_on && activity.format == format;
        if is_same { same.push(activity.id) } else { near.push(activity.id) }
    }
    match same.as_slice() {
        [one] => Recognized::Same(*one),
        [] if near.is_empty() => Recognized::New,
        [] => Recognized::PossibleDuplicate(near),
        _ => Recognized::PossibleDuplicate(same),
    }
}

/// A title without case, spaces and punctuation: what near-duplicates are looked up by.
pub fn title_key(title: &str) -> String {
    folded(title)
}

/// Whether two activities of one provider are likely the same one entered twice: title, format and
/// start agree, and so does the place, since a repeated course may be held in two cities on one day.
pub fn is_alike(a: &Activity, b: &Activity) -> bool {
    a.id != b.id
        && a.format == b.format
        && a.starts_on == b.starts_on
        && title_key(&a.title) == title_key(&b.title)
        && folded(&a.city) == folded(&b.city)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::activity::tests::active;

    #[test]
    fn a_near_miss_is_refused_and_never_new() {
        let known = |id: &str, internal: &str, day, format| Activity {
            id: id.parse().unwrap(),
            internal_id: internal.into(),
            starts_on: date(2026, 3, day),
            format,
            ..active()
        };
        let list = [
            known("000000001", "A-1", 1, Format::LiveCourse),
            known("000000002", "A-1", 8, Format::LiveCourse),
            known("000000003", "B-1", 1, Format::LiveCourse),
            known("000000004", "C-1", 1, Format::LiveCourse),
            known("000000005", "C-1", 1, Format::LiveCourse),
        ];
        let ask = |internal: &str, day, format| recognize(internal, date(2026, 3, day), format, &list);
        let ids = |ids: &[usize]| ids.iter().map(|n| list[*n - 1].id).collect::<Vec<_>>();
        assert_eq!(ask(" A-1 ", 8, Format::LiveCourse), Recognized::Same(list[1].id));
        assert_eq!(ask("A-1", 9, Format::LiveCourse), Recognized::PossibleDuplicate(ids(&[1, 2])));
        assert_eq!(ask("B-1", 1, Format::OtherBlended), Recognized::PossibleDuplicate(ids(&[3])));
        assert_eq!(ask("C-1", 1, Format::LiveCourse), Recognized::PossibleDuplicate(ids(&[4, 5])));
        assert_eq!(ask("D-1", 1, Format::LiveCourse), Recognized::New);
        assert_eq!(ask("", 1, Format::LiveCourse), Recognized::New);
    }

    #[test]
    fn titles_are_compared_without_case_and_punctuation_and_places_count() {
        let other = Activity { id: "000000009".parse().unwrap(), title: "CARE of the heart!".into(), ..active() };
        assert!(is_alike(&active(), &other));
        assert!(!is_alike(&active(), &Activity { city: "Reno".into(), ..other.clone() }));
        assert!(!is_alike(&active(), &active()));
        assert!(!is_alike(&active(), &Activity { starts_on: date(2026, 3, 2), ..other }));
    }
}
