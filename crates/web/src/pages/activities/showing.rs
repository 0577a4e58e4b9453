//! An activity as its form shows it: the names and values that `reading` makes the same activity of.

use domain::activity::{Activity, Answer, Fee, Pharmacy, Providership, Registration};

use super::typed::{BREAKDOWN, IN_DOMAIN, OTHER_CREDIT, OUTLINE, RECERTIFICATION, SUPPORT, Typed};

fn yes_no(answer: Option<bool>) -> String {
    answer.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned()
}

fn number(number: Option<i64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

impl Typed {
    fn put(&mut self, name: &str, given: impl Into<String>) {
        self.0.push((name.to_owned(), given.into()));
    }

    fn put_line<const N: usize>(&mut self, place: usize, names: [&str; N], cells: [String; N]) {
        for (name, cell) in names.iter().zip(cells) {
            self.put(&format!("{name}_{place}"), cell);
        }
    }

    /// An activity as its form shows it.
    pub(super) fn of(activity: &Activity) -> Self {
        let mut typed = Self::default();
        typed.put("title", &activity.title);
        typed.put("format", activity.format.code());
        typed.put("starts_on", activity.starts_on.to_string());
        typed.put("ends_on", activity.ends_on.to_string());
        typed.put("internal_id", &activity.internal_id);
        for delivery in &activity.deliveries {
            typed.put("deliveries", delivery.code());
        }
        typed.put("city", &activity.city);
        typed.put("state", &activity.state);
        typed.put("country", &activity.country);
        typed.put("credit", activity.credit.map(|credit| credit.to_string()).unwrap_or_default());
        for (place, other) in activity.other_credits.iter().enumerate() {
            typed.put_line(place, OTHER_CREDIT, [other.certification.clone(), other.amount.to_string()]);
        }
        typed.put("description", &activity.description);
        typed.put("providership", activity.providership.map_or("", Providership::code));
        typed.put("joint_providers", activity.joint_providers.join("\n"));
        typed.put("in_passport", yes_no(activity.in_passport));
        typed.put("url", &activity.url);
        typed.put("fee", activity.fee.map_or("", Fee::code));
        typed.put("registration", activity.registration.map_or("", Registration::code));
        typed.put_audience_and_content(activity);
        typed.put_results(activity);
        if let Some(pharmacy) = &activity.pharmacy {
            typed.put_pharmacy(pharmacy);
        }
        typed
    }

    fn put_audience_and_content(&mut self, activity: &Activity) {
        self.put("is_interprofessional", yes_no(activity.is_interprofessional));
        let lists = [
            ("professions", &activity.professions),
            ("specialties", &activity.specialties),
            ("commendation_tags", &activity.commendation_tags),
        ];
        for (name, list) in lists {
            list.iter().for_each(|one| self.put(name, one));
        }
        self.put("is_mips", yes_no(activity.is_mips));
        if let Some(rems) = &activity.rems {
            self.put("rems", &rems.kind);
            self.put("rems_identifier", &rems.identifier);
        }
        self.put("has_state_topics", yes_no(activity.has_state_topics));
        for one in &activity.state_topics {
            let choice =
                if one.domain.is_empty() { one.topic.clone() } else { [&*one.domain, IN_DOMAIN, &one.topic].concat() };
            self.put("state_topics", choice);
        }
        let mut place = 0;
        for outline in &activity.outlines {
            // an outline without a key still has a line
            for n in 0..outline.keys.len().max(1) {
                let source = if n == 0 { outline.source.clone() } else { String::new() };
                let key = outline.keys.get(n).cloned();
                let (keyword, value) = key.map(|key| (key.keyword, key.value)).unwrap_or_default();
                self.put_line(place, OUTLINE, [source, keyword, value]);
                place += 1;
            }
        }
    }

    fn put_results(&mut self, activity: &Activity) {
        for measured in &activity.outcomes {
            for (way, is_used) in [("objective", measured.objective), ("subjective", measured.subjective)] {
                if is_used {
                    self.put("outcomes", format!("{}_{way}", measured.outcome));
                }
            }
        }
        self.put("has_support", yes_no(activity.has_support));
        for (place, support) in activity.support.iter().enumerate() {
            self.put_line(place, SUPPORT, [support.source.clone(), number(support.dollars)]);
        }
        self.put("physician_total", number(activity.physician_total));
        self.put("other_total", number(activity.other_total));
        for (place, one) in activity.other_breakdown.iter().enumerate() {
            self.put_line(place, BREAKDOWN, [one.profession.clone(), one.count.to_string()]);
        }
    }

    fn put_pharmacy(&mut self, pharmacy: &Pharmacy) {
        self.put("pharmacy_type", &pharmacy.activity_type);
        self.put("pharmacy_topic", &pharmacy.topic);
        self.put("pharmacy_live_on", pharmacy.live_on.map(|day| day.to_string()).unwrap_or_default());
        self.put("pharmacy_sequence_number", &pharmacy.sequence_number);
        self.put("pharmacy_uan", &pharmacy.uan);
        self.put("pharmacy_uan_technician", &pharmacy.uan_technician);
        self.put("pharmacy_has_recertification", pharmacy.has_recertification.map_or("", Answer::code));
        for (place, one) in pharmacy.recertification.iter().enumerate() {
            self.put_line(place, RECERTIFICATION, [one.audience.clone(), one.requirement.clone()]);
        }
        self.put("pharmacy_has_content_tags", pharmacy.has_content_tags.map_or("", Answer::code));
        self.put("pharmacy_content_states", pharmacy.content_states.join("\n"));
        self.put("pharmacy_content_topics", pharmacy.content_topics.join("\n"));
    }
}
