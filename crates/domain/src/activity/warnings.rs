//! Checks that warn and never refuse: what is allowed but more often a slip than meant.
//!
//! A warning is about an activity as it stands; nobody has to answer it.

use jiff::civil::Date;

use super::{Activity, Format, Status};
use crate::ActivityId;
use crate::reference::{List, Reference};

macro_rules! warnings {
    ($($variant:ident $code:literal $field:literal $title:literal $advice:literal)+) => {
        /// Stable codes. `OldName` and `FieldRemoved` come from files; the rest from [`Activity::warnings`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Warning { $($variant,)+ }

        impl Warning {
            pub const ALL: &[Warning] = &[$(Warning::$variant,)+];

            pub fn as_str(self) -> &'static str {
                match self { $(Warning::$variant => $code,)+ }
            }

            pub fn field(self) -> &'static str {
                match self { $(Warning::$variant => $field,)+ }
            }

            /// The warning in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Warning::$variant => $title,)+ }
            }

            /// What to look at.
            pub fn advice(self) -> &'static str {
                match self { $(Warning::$variant => $advice,)+ }
            }
        }
    };
}

warnings! {
    OldName "old_name" "format" "A name that is no longer used"
        "Use the present name; the old one was translated."
    FieldRemoved "field_removed" "title" "A field that is no longer used"
        "Leave the field out; it was ignored."
    FewCredits "series_few_credits" "credit" "Little credit for a series"
        "A series is one activity: give the credit of all its sessions together."
    NoLearners "live_no_learners" "physician_total" "A live activity without learners"
        "Check the numbers of physicians and other learners; both are 0."
    LikelyDuplicate "likely_duplicate" "title" "Likely entered twice"
        "Compare it with the other activity, and delete one of them if they are the same."
    LinkNotReal "link_not_real" "url" "Web address that leads nowhere"
        "Give the whole address that opens in a browser, beginning with https://."
    CompletionsAboveTotal "completions_above_total" "physician_total" "More completions than learners"
        "Correct the learner totals, or withdraw completions that were reported by mistake."
    SupporterNotListed "supporter_not_listed" "support" "Supporter not in the list"
        "Check the spelling; a new supporter may stay as it is."
}

/// A warning about an activity, with what it compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned {
    pub warning: Warning,
    pub fact: String,
}

impl Warned {
    pub fn of(warning: Warning, fact: impl Into<String>) -> Self {
        Self { warning, fact: fact.into() }
    }

    /// What was noticed, in a sentence.
    pub fn message(&self) -> String {
        let fact = &self.fact;
        match self.warning {
            Warning::OldName => format!("{fact}."),
            Warning::FieldRemoved => format!("“{fact}” is no longer used."),
            Warning::FewCredits => format!("{fact} is little credit for a whole series."),
            Warning::NoLearners => "The activity is over and had no learners.".into(),
            Warning::LikelyDuplicate => format!("Title, format, start and place are those of {fact}."),
            Warning::LinkNotReal => format!("“{fact}” is not an address that a browser opens."),
            Warning::CompletionsAboveTotal => format!("{fact}."),
            Warning::SupporterNotListed => format!("“{fact}” is not in the list of supporters."),
        }
    }
}

/// What is known beside the fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Completions on record, without withdrawn ones.
    pub completions: i64,
    /// Activities of the same provider that [`super::is_alike`] finds like this one.
    pub alike: &'a [ActivityId],
}

impl Activity {
    /// Everything that is likely a slip, in the order of the fields.
    pub fn warnings(&self, today: Date, reference: &Reference, beside: Beside<'_>) -> Vec<Warned> {
        let mut list = Vec::new();
        if !beside.alike.is_empty() {
            let ids: Vec<String> = beside.alike.iter().map(ToString::to_string).collect();
            list.push(Warned::of(Warning::LikelyDuplicate, ids.join(", ")));
        }
        let few = reference.settings().series_few_credits;
        if let Some(credit) = self.credit.filter(|credit| self.is_series() && *credit < few) {
            list.push(Warned::of(Warning::FewCredits, credit.to_string()));
        }
        if !self.url.trim().is_empty() && !is_web_address(&self.url) {
            list.push(Warned::of(Warning::LinkNotReal, self.url.trim()));
        }
        for support in &self.support {
            if !support.source.trim().is_empty() && reference.find(List::Supporters, &support.source).is_none() {
                list.push(Warned::of(Warning::SupporterNotListed, support.source.trim()));
            }
        }
        let is_over = matches!(self.status(today), Status::ReadyToClose | Status::Closed);
        if is_over && self.format.is_live() && (self.physician_total, self.other_total) == (Some(0), Some(0)) {
            list.push(Warned::of(Warning::NoLearners, ""));
        }
        if let Some(total) = self.learner_total().filter(|total| beside.completions > *total) {
            let fact = format!("{} completions are on record, but {total} learners in total", beside.completions);
            list.push(Warned::of(Warning::CompletionsAboveTotal, fact));
        }
        list
    }

    fn is_series(&self) -> bool {
        self.format == Format::RegularlyScheduledSeries
    }
}

/// Whether a text is an address that a browser opens: http or https, then a host with a point in it.
/// `TBD`, `n/a` and `https://ours` are not.
pub fn is_web_address(text: &str) -> bool {
    let text = text.trim();
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let Some(rest) = scheme.and_then(|scheme| text.get(scheme.len()..)) else { return false };
    if text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return false; // an address that shows one host and opens another
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    let is_label = |label: &&str| {
        let inner = label.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = labels.last().copied().unwrap_or_default();
    labels.len() >= 2
        && labels.iter().all(is_label)
        && top.chars().count() >= 2
        && top.chars().all(|letter| letter.is_alphabetic() || letter == '-' || top.starts_with("xn--"))
        && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Amount;
    use crate::activity::tests::active;
    use crate::activity::{Delivery, Support};

    fn codes(activity: &Activity, beside: Beside<'_>) -> Vec<Warning> {
        let list = activity.warnings(date(2026, 6, 1), &Reference::default(), beside);
        list.iter().map(|warned| warned.warning).collect()
    }

    #[test]
    fn each_slip_has_its_warning_and_a_sound_activity_has_none() {
        let none = Beside::default();
        let series = Activity {
            format: Format::RegularlyScheduledSeries,
            deliveries: vec![Delivery::InPerson],
            credit: Some(Amount::new(100)),
            ..active()
        };
        let empty = Activity { physician_total: Some(0), other_total: Some(0), ..active() };
        let twice = ["202600002".parse().unwrap()];
        let few = Activity { physician_total: Some(2), ..active() };
        let unlisted = Support { source: "Harrowgate Therapeutics".into(), dollars: None };
        let cases: [(Activity, Beside<'_>, &[Warning]); 9] = [
            (active(), none, &[]),
            (series.clone(), none, &[Warning::FewCredits]),
            (Activity { credit: Some(Amount::new(4_000)), ..series }, none, &[]),
            (empty.clone(), none, &[Warning::NoLearners]),
            (Activity { ends_on: date(2026, 6, 1), ..empty }, none, &[]),
            (active(), Beside { alike: &twice, ..none }, &[Warning::LikelyDuplicate]),
            (few, Beside { completions: 3, ..none }, &[Warning::CompletionsAboveTotal]),
            (Activity { url: "https://tbd".into(), ..active() }, none, &[Warning::LinkNotReal]),
            (Activity { support: vec![unlisted], ..active() }, none, &[Warning::SupporterNotListed]),
        ];
        for (activity, beside, wanted) in cases {
            assert_eq!(codes(&activity, beside), wanted, "{activity:?}");
        }
    }

    #[test]
    fn a_real_address_has_a_scheme_and_a_host() {
        let real = [
            "https://harborview.example/a?b=c#d",
            "HTTP://a.example",
            "https://a.b.example:8443/",
            "https://bücher.example",
        ];
        let not = [
            "",
            "TBD",
            "n/a",
            "www.harborview.example",
            "https://",
            "https://tbd",
            "https://a b.example",
            "ftp://a.example",
            "https://.example",
            "https://127.0.0.1/",
            "https://real.example@other.example",
            "https://a.example:http",
            "é",
        ];
        assert!(real.iter().all(|text| is_web_address(text)), "{real:?}");
        for text in not {
            assert!(!is_web_address(text), "{text:?}");
        }
    }
}
