//! The activity's form as it was typed: texts, kept as they are until all of them can be read, so
//! that a form that comes back holds every letter.

use app::Fault;
use domain::activity::{
    Activity, Basics, Delivery, Fee, Format, MeasuredOutcome, Providership, Registration, Rems, Support,
};
use domain::amount::AmountFault;
use domain::{ActivityId, Amount, ProviderId};
use jiff::civil::Date;

/// Names and values in the order of the form. A name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed(Vec<(String, String)>);

/// Sources of support that a form without scripts has room for beyond those on record.
const SPARE_SOURCES: usize = 3;

/// The fields of the form with the words on the page.
pub(super) const FIELDS: [(&str, &str); 23] = [
    ("title", "Title"),
    ("format", "Format"),
    ("starts_on", "Start date"),
    ("ends_on", "End date"),
    ("internal_id", "Your own ID"),
    ("description", "Description"),
    ("deliveries", "Delivery"),
    ("city", "City"),
    ("state", "State"),
    ("country", "Country"),
    ("credit", "AMA PRA Category 1 Credits"),
    ("providership", "Providership"),
    ("joint_providers", "Joint providers"),
    ("in_passport", "Shown in Passport"),
    ("url", "Web address"),
    ("fee", "Fee"),
    ("registration", "Registration"),
    ("rems", "REMS"),
    ("rems_identifier", "REMS identifier"),
    ("outcomes", "Measured outcomes"),
    ("has_support", "Commercial support"),
    ("physician_total", "Physicians"),
    ("other_total", "Other learners"),
];

impl Typed {
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// What stands in a field; empty if it is not there.
    pub(super) fn get(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, given)| given.as_str())
    }

    /// Everything that was ticked under a name.
    pub(super) fn all<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> {
        let field = field.to_owned();
        self.0.iter().filter(move |(name, _)| *name == field).map(|(_, given)| given.as_str())
    }

    pub(super) fn has(&self, field: &str, choice: &str) -> bool {
        self.all(field).any(|given| given == choice)
    }

    /// Source and dollars of commercial support, with room for more.
    pub(super) fn support(&self) -> Vec<(String, String)> {
        let row = |n: usize| {
            (self.get(&format!("support_source_{n}")).to_owned(), self.get(&format!("support_dollars_{n}")).to_owned())
        };
        let is_given = |n: usize| row(n) != (String::new(), String::new());
        let used = (0..200).rev().find(|n| is_given(*n)).map_or(0, |last| last + 1);
        (0..used + SPARE_SOURCES).map(row).collect()
    }

    /// The words of fields that differ.
    pub(super) fn differences(&self, other: &Typed) -> Vec<&'static str> {
        let differs = |field: &str| {
            let sorted = |typed: &Typed| {
                let mut all: Vec<String> =
                    typed.all(field).filter(|given| !given.is_empty()).map(str::to_owned).collect();
                all.sort_unstable();
                all
            };
            sorted(self) != sorted(other)
        };
        let mut list: Vec<&'static str> =
            FIELDS.iter().filter(|(field, _)| differs(field)).map(|(_, words)| *words).collect();
        if self.support() != other.support() {
            list.push("Sources of support");
        }
        list
    }

    /// An activity as its form shows it.
    pub(super) fn of(activity: &Activity) -> Self {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut put = |name: &str, given: String| pairs.push((name.to_owned(), given));
        let yes_no = |answer: Option<bool>| answer.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned();
        put("title", activity.title.clone());
        put("format", activity.format.code().to_owned());
        put("starts_on", activity.starts_on.to_string());
        put("ends_on", activity.ends_on.to_string());
        put("internal_id", activity.internal_id.clone());
        put("description", activity.description.clone());
        for delivery in &activity.deliveries {
            put("deliveries", delivery.code().to_owned());
        }
        put("city", activity.city.clone());
        put("state", activity.state.clone());
        put("country", activity.country.clone());
        put("credit", activity.credit.map(|credit| credit.to_string()).unwrap_or_default());
        put("providership", activity.providership.map_or("", Providership::code).to_owned());
        put("joint_providers", activity.joint_providers.join("\n"));
        put("in_passport", yes_no(activity.in_passport));
        put("url", activity.url.clone());
        put("fee", activity.fee.map_or("", Fee::code).to_owned());
        put("registration", activity.registration.map_or("", Registration::code).to_owned());
        if let Some(rems) = &activity.rems {
            put("rems", rems.kind.clone());
            put("rems_identifier", rems.identifier.clone());
        }
        for measured in &activity.outcomes {
            for (way, is_used) in [("objective", measured.objective), ("subjective", measured.subjective)] {
                if is_used {
                    put("outcomes", format!("{}_{way}", measured.outcome));
                }
            }
        }
        put("has_support", yes_no(activity.has_support));
        for (n, support) in activity.support.iter().enumerate() {
            put(&format!("support_source_{n}"), support.source.clone());
            put(
                &format!("support_dollars_{n}"),
                support.dollars.map(|dollars| dollars.to_string()).unwrap_or_default(),
            );
        }
        put("physician_total", activity.physician_total.map(|total| total.to_string()).unwrap_or_default());
        put("other_total", activity.other_total.map(|total| total.to_string()).unwrap_or_default());
        Self(pairs)
    }

    /// Reads all fields, or says what cannot be read, beside each.
    pub(super) fn read(&self, id: ActivityId, provider: ProviderId) -> Result<Activity, Vec<Fault>> {
        let mut faults = Vec::new();
        let text = |field: &str| self.get(field).trim().to_owned();
        let basics = Basics {
            title: text("title"),
            format: Format::read(self.get("format")),
            starts_on: self.date("starts_on", &mut faults),
            ends_on: self.date("ends_on", &mut faults),
        };
        let credit = self.amount("credit", &mut faults);
        let physician_total = self.count("physician_total", &mut faults);
        let other_total = self.count("other_total", &mut faults);
        let support = self.read_support(&mut faults);
        let url = text("url");
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            faults.push(Fault::new("url", "Write the whole address, beginning with https://."));
        }
        let draft = basics.draft(id, provider).unwrap_or_else(|missing| {
            // a date that could not be read is not also missing
            let missing = missing.into_iter().map(Fault::from);
            let missing: Vec<Fault> =
                missing.filter(|fault| faults.iter().all(|known| known.field != fault.field)).collect();
            faults.extend(missing);
            Activity::draft(id, provider, "", Format::OtherBlended, Date::default(), Date::default())
        });
        if !faults.is_empty() {
            let place = |fault: &Fault| FIELDS.iter().position(|(field, _)| *field == fault.field);
            faults.sort_by_key(|fault| place(fault).unwrap_or(FIELDS.len()));
            return Err(faults);
        }
        Ok(Activity {
            internal_id: text("internal_id"),
            deliveries: Delivery::ALL.iter().copied().filter(|way| self.has("deliveries", way.code())).collect(),
            city: text("city"),
            state: text("state"),
            country: text("country"),
            credit,
            description: text("description").replace("\r\n", "\n"),
            providership: Providership::read(self.get("providership")),
            joint_providers: lines(self.get("joint_providers")),
            in_passport: yes_no(self.get("in_passport")),
            url,
            fee: Fee::read(self.get("fee")),
            registration: Registration::read(self.get("registration")),
            rems: self.rems(),
            outcomes: self.outcomes(),
            has_support: yes_no(self.get("has_support")),
            support,
            physician_total,
            other_total,
            ..draft
        })
    }

    fn rems(&self) -> Option<Rems> {
        let (kind, identifier) = (self.get("rems").trim(), self.get("rems_identifier").trim());
        let is_given = !kind.is_empty() || !identifier.is_empty();
        is_given.then(|| Rems { kind: kind.to_owned(), identifier: identifier.to_owned() })
    }

    fn date(&self, field: &'static str, faults: &mut Vec<Fault>) -> Option<Date> {
        let given = self.get(field).trim();
        let date = if given.is_empty() { None } else { formats::read_date(given) };
        if date.is_none() && !given.is_empty() {
            faults.push(Fault::new(field, "Write a date that exists, as MM/DD/YYYY."));
        }
        date
    }

    fn amount(&self, field: &'static str, faults: &mut Vec<Fault>) -> Option<Amount> {
        let given = self.get(field).trim();
        if given.is_empty() {
            return None;
        }
        match Amount::read(given) {
            Ok(amount) => Some(amount),
            Err(fault) => {
                faults.push(Fault::new(field, amount_words(fault)));
                None
            }
        }
    }

    fn count(&self, field: &'static str, faults: &mut Vec<Fault>) -> Option<i64> {
        let given = self.get(field).trim().replace(',', "");
        if given.is_empty() {
            return None;
        }
        let count = given.parse().ok().filter(|count| (0..=100_000_000).contains(count));
        if count.is_none() {
            faults.push(Fault::new(field, "Write a whole number; 0 is allowed."));
        }
        count
    }

    fn read_support(&self, faults: &mut Vec<Fault>) -> Vec<Support> {
        let mut list = Vec::new();
        for (source, dollars) in self.support() {
            let (source, dollars) = (source.trim(), dollars.trim().trim_start_matches('$').replace(',', ""));
            if source.is_empty() && dollars.is_empty() {
                continue;
            }
            let read: Option<i64> = dollars.parse().ok().filter(|dollars| *dollars > 0);
            if source.is_empty() {
                faults.push(Fault::new("support", "Name the source of each amount."));
            } else if !dollars.is_empty() && read.is_none() {
                faults.push(Fault::new("support", "Write amounts in whole dollars; leave in-kind support empty."));
            }
            list.push(Support { source: source.to_owned(), dollars: read });
        }
        list
    }

    fn outcomes(&self) -> Vec<MeasuredOutcome> {
        let mut list: Vec<MeasuredOutcome> = Vec::new();
        for (outcome, way) in self.all("outcomes").filter_map(|ticked| ticked.rsplit_once('_')) {
            let place = list.iter().position(|known| known.outcome == outcome).unwrap_or_else(|| {
                list.push(MeasuredOutcome { outcome: outcome.to_owned(), objective: false, subjective: false });
                list.len() - 1
            });
            if let Some(measured) = list.get_mut(place) {
                measured.objective |= way == "objective";
                measured.subjective |= way == "subjective";
            }
        }
        list
    }
}

/// What is wrong with an amount, and what to write.
pub(super) fn amount_words(fault: AmountFault) -> &'static str {
    match fault {
        AmountFault::NotANumber => "Write a number, such as 1.25.",
        AmountFault::NotPositive => "Write an amount of at least 0.25.",
        AmountFault::NotAQuarter => "Write a multiple of 0.25.",
        AmountFault::TooLarge => "Check the amount; nobody earns that much.",
    }
}

fn yes_no(given: &str) -> Option<bool> {
    match given {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Typed {
        Typed::new(list.iter().map(|(name, given)| ((*name).to_owned(), (*given).to_owned())).collect())
    }

    fn read(list: &[(&str, &str)]) -> Result<Activity, Vec<&'static str>> {
        let answer = pairs(list).read(app::activities::no_id(), "0001234".parse().unwrap());
        answer.map_err(|faults| faults.iter().map(|fault| fault.field).collect())
    }

    const DRAFT: [(&str, &str); 4] =
        [("title", "A"), ("format", "live_course"), ("starts_on", "2026-03-01"), ("ends_on", "03/02/2026")];

    #[test]
    fn what_is_read_is_shown_again_alike() {
        let more = [
            ("credit", "1.50"),
            ("deliveries", "in_person"),
            ("deliveries", "live_streamed"),
            ("outcomes", "knowledge_objective"),
            ("has_support", "yes"),
            ("support_source_0", "Acme Pharma"),
            ("support_dollars_0", "$12,000"),
            ("support_source_2", "Widget Devices"),
            ("physician_total", "0"),
            ("joint_providers", "One\r\n\r\nTwo"),
            ("rems", "Mycophenolate"),
            ("rems_identifier", "EG-1"),
            ("country", "USA"),
        ];
        let activity = read(&[&DRAFT[..], &more].concat()).unwrap();
        assert_eq!(activity.support.iter().map(|s| s.dollars).collect::<Vec<_>>(), [Some(12_000), None]);
        assert_eq!((activity.physician_total, activity.other_total), (Some(0), None));
        let shown = Typed::of(&activity);
        assert_eq!(shown.read(activity.id, activity.provider), Ok(activity));
    }

    #[test]
    fn everything_unreadable_is_named_at_once() {
        assert_eq!(read(&[]), Err(vec!["title", "format", "starts_on", "ends_on"]));
        let bad = [("credit", "0.1"), ("other_total", "-1"), ("support_dollars_0", "5"), ("url", "example.org")];
        assert_eq!(read(&[&DRAFT[..], &bad].concat()), Err(vec!["credit", "url", "other_total", "support"]));
        assert_eq!(read(&[&DRAFT[..3], &[("ends_on", "2026-02-30")]].concat()), Err(vec!["ends_on"]));
    }

    #[test]
    fn differences_are_named_in_the_words_of_the_page() {
        let stored = pairs(&[&DRAFT[..], &[("deliveries", "online"), ("city", "")]].concat());
        let typed = pairs(&[("title", "B"), DRAFT[1], DRAFT[2], DRAFT[3], ("support_source_0", "Acme")]);
        assert_eq!(typed.differences(&stored), ["Title", "Delivery", "Sources of support"]);
    }
}
