//! From what was typed to an activity: what cannot be read is named beside its field, all of it at
//! once. What the rules think of the activity is said elsewhere.

use app::Fault;
use domain::activity::{
    Activity, Answer, Basics, Delivery, FIELDS, Fee, Format, MeasuredOutcome, Missing, OtherCredit, Outline,
    OutlineKey, Pharmacy, PharmacyRequirement, ProfessionCount, Providership, Registration, Rems, StateTopic, Support,
};
use domain::amount::AmountFault;
use domain::{ActivityId, Amount, ProviderId};
use jiff::civil::Date;

use super::typed::{BREAKDOWN, IN_DOMAIN, OTHER_CREDIT, OUTLINE, RECERTIFICATION, SUPPORT, Typed};

/// Why no activity can be made of what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Unread {
    /// Values that nobody can read.
    pub unreadable: Vec<Fault>,
    /// What even a draft needs and is not there yet.
    pub missing: Vec<Missing>,
}

impl Unread {
    /// All of it in the order of the fields.
    pub(super) fn faults(self) -> Vec<Fault> {
        let mut all = self.unreadable;
        all.extend(self.missing.into_iter().map(Fault::from));
        all.sort_by_key(|fault| FIELDS.iter().position(|(field, _)| *field == fault.field));
        all
    }
}

impl Typed {
    /// Reads all fields. Registrations are not among them.
    pub(super) fn read(&self, id: ActivityId, provider: ProviderId) -> Result<Activity, Unread> {
        let mut faults = Vec::new();
        let text = |field: &str| self.get(field).trim().to_owned();
        let basics = Basics {
            title: text("title"),
            format: Format::read(self.get("format")),
            starts_on: self.date("starts_on", "starts_on", &mut faults),
            ends_on: self.date("ends_on", "ends_on", &mut faults),
        };
        let credit = amount(self.get("credit"), "credit", &mut faults);
        let physician_total = count(self.get("physician_total"), "physician_total", &mut faults);
        let other_total = count(self.get("other_total"), "other_total", &mut faults);
        let other_credits = self.other_credits(&mut faults);
        let other_breakdown = self.breakdown(&mut faults);
        let support = self.support(&mut faults);
        let pharmacy = self.pharmacy(&mut faults);
        let outlines = self.outlines(&mut faults);
        let url = text("url");
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            faults.push(Fault::new("url", "Write the whole address, beginning with https://."));
        }
        let draft = match basics.draft(id, provider) {
            Ok(draft) if faults.is_empty() => draft,
            Ok(_) => return Err(Unread { unreadable: faults, missing: Vec::new() }),
            Err(mut missing) => {
                // a date that could not be read is not also missing
                missing.retain(|missing| faults.iter().all(|fault: &Fault| fault.field != missing.field));
                return Err(Unread { unreadable: faults, missing });
            }
        };
        Ok(Activity {
            internal_id: text("internal_id"),
            deliveries: Delivery::ALL.iter().copied().filter(|way| self.has("deliveries", way.code())).collect(),
            city: text("city"),
            state: text("state"),
            country: text("country"),
            credit,
            other_credits,
            description: text("description").replace("\r\n", "\n"),
            providership: Providership::read(self.get("providership")),
            joint_providers: one_on_each_line(self.get("joint_providers")),
            is_interprofessional: yes_no(self.get("is_interprofessional")),
            professions: self.ticked("professions"),
            specialties: self.ticked("specialties"),
            in_passport: yes_no(self.get("in_passport")),
            url,
            fee: Fee::read(self.get("fee")),
            registration: Registration::read(self.get("registration")),
            outcomes: self.outcomes(),
            has_support: yes_no(self.get("has_support")),
            support,
            physician_total,
            other_total,
            other_breakdown,
            commendation_tags: self.ticked("commendation_tags"),
            is_mips: yes_no(self.get("is_mips")),
            rems: self.rems(),
            has_state_topics: yes_no(self.get("has_state_topics")),
            state_topics: self.state_topics(),
            outlines,
            pharmacy,
            ..draft
        })
    }

    fn ticked(&self, field: &str) -> Vec<String> {
        let mut list: Vec<String> = Vec::new();
        for given in self.all(field).filter(|given| !given.is_empty()) {
            if !list.iter().any(|known| known == given) {
                list.push(given.to_owned());
            }
        }
        list
    }

    fn rems(&self) -> Option<Rems> {
        let (kind, identifier) = (self.get("rems").trim(), self.get("rems_identifier").trim());
        let is_given = !kind.is_empty() || !identifier.is_empty();
        is_given.then(|| Rems { kind: kind.to_owned(), identifier: identifier.to_owned() })
    }

    fn state_topics(&self) -> Vec<StateTopic> {
        let one = |choice: String| {
            let (domain, topic) = choice.split_once(IN_DOMAIN).unwrap_or(("", &choice));
            StateTopic { domain: domain.to_owned(), topic: topic.to_owned() }
        };
        self.ticked("state_topics").into_iter().map(one).collect()
    }

    fn date(&self, name: &str, field: &'static str, faults: &mut Vec<Fault>) -> Option<Date> {
        let given = self.get(name).trim();
        let date = if given.is_empty() { None } else { formats::read_date(given) };
        if date.is_none() && !given.is_empty() {
            faults.push(Fault::new(field, "Write a date that exists, as MM/DD/YYYY."));
        }
        date
    }

    fn other_credits(&self, faults: &mut Vec<Fault>) -> Vec<OtherCredit> {
        let mut list = Vec::new();
        for [kind, given] in self.lines(OTHER_CREDIT) {
            match (kind.trim(), given.trim()) {
                ("", "") => {}
                ("", _) => faults.push(Fault::new("other_credits", "Choose the kind of credit of each amount.")),
                (_, "") => faults.push(Fault::new("other_credits", "Write the amount of each kind of credit.")),
                (kind, given) => {
                    if let Some(amount) = amount(given, "other_credits", faults) {
                        list.push(OtherCredit { certification: kind.to_owned(), amount });
                    }
                }
            }
        }
        list
    }

    fn breakdown(&self, faults: &mut Vec<Fault>) -> Vec<ProfessionCount> {
        let mut list = Vec::new();
        for [profession, given] in self.lines(BREAKDOWN) {
            match (profession.trim(), given.trim()) {
                ("", "") => {}
                ("", _) => faults.push(Fault::new("other_breakdown", "Choose the profession of each number.")),
                (_, "") => faults.push(Fault::new("other_breakdown", "Write the number of each profession.")),
                (profession, given) => {
                    if let Some(count) = count(given, "other_breakdown", faults) {
                        list.push(ProfessionCount { profession: profession.to_owned(), count });
                    }
                }
            }
        }
        list
    }

    fn support(&self, faults: &mut Vec<Fault>) -> Vec<Support> {
        let mut list = Vec::new();
        for [source, dollars] in self.lines(SUPPORT) {
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

    /// A line with a source begins an outline; one without goes on with it.
    fn outlines(&self, faults: &mut Vec<Fault>) -> Vec<Outline> {
        let mut list: Vec<Outline> = Vec::new();
        for line in self.lines(OUTLINE) {
            let [source, keyword, value] = line.map(|cell| cell.trim().to_owned());
            let key = (!keyword.is_empty() || !value.is_empty()).then_some(OutlineKey { keyword, value });
            if !source.is_empty() {
                list.push(Outline { source, keys: key.into_iter().collect() });
            } else if let Some(key) = key {
                match list.last_mut() {
                    Some(outline) => outline.keys.push(key),
                    None => faults.push(Fault::new("outlines", "Name the source of the first selection.")),
                }
            }
        }
        list
    }

    /// None if nothing of it was typed.
    fn pharmacy(&self, faults: &mut Vec<Fault>) -> Option<Box<Pharmacy>> {
        let text = |name: &str| self.get(name).trim().to_owned();
        let sequence_number = text("pharmacy_sequence_number");
        if sequence_number.len() > 4 || !sequence_number.bytes().all(|byte| byte.is_ascii_digit()) {
            faults.push(Fault::new("pharmacy", "Write the sequence number with one to four digits."));
        }
        let requirements = self.lines(RECERTIFICATION).into_iter().map(|line| line.map(|cell| cell.trim().to_owned()));
        let pharmacy = Pharmacy {
            activity_type: text("pharmacy_type"),
            topic: text("pharmacy_topic"),
            live_on: self.date("pharmacy_live_on", "pharmacy", faults),
            sequence_number,
            uan: text("pharmacy_uan"),
            uan_technician: text("pharmacy_uan_technician"),
            has_recertification: Answer::read(self.get("pharmacy_has_recertification")),
            recertification: requirements
                .filter(|line| line.iter().any(|cell| !cell.is_empty()))
                .map(|[audience, requirement]| PharmacyRequirement { audience, requirement })
                .collect(),
            has_content_tags: Answer::read(self.get("pharmacy_has_content_tags")),
            content_states: one_on_each_line(self.get("pharmacy_content_states")),
            content_topics: one_on_each_line(self.get("pharmacy_content_topics")),
        };
        (pharmacy != Pharmacy::default()).then(|| Box::new(pharmacy))
    }
}

pub(super) fn amount(given: &str, field: &'static str, faults: &mut Vec<Fault>) -> Option<Amount> {
    if given.trim().is_empty() {
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

/// A whole number of people, or of dollars; at most ten billion.
pub(super) fn count(given: &str, field: &'static str, faults: &mut Vec<Fault>) -> Option<i64> {
    let given = given.trim().replace(',', "");
    if given.is_empty() {
        return None;
    }
    let is_plain = given.bytes().all(|byte| byte.is_ascii_digit());
    let count = given.parse().ok().filter(|count| is_plain && (0..=10_000_000_000).contains(count));
    if count.is_none() {
        faults.push(Fault::new(field, "Write a whole number; 0 is allowed."));
    }
    count
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

fn one_on_each_line(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &[(&str, &str)]) -> Result<Activity, Vec<&'static str>> {
        let typed = Typed::new(list.iter().map(|(name, given)| ((*name).to_owned(), (*given).to_owned())).collect());
        let answer = typed.read(app::activities::no_id(), "0001234".parse().unwrap());
        answer.map_err(|unread| unread.faults().iter().map(|fault| fault.field).collect())
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
            ("outcomes", "patient_health_subjective"),
            ("has_support", "yes"),
            ("support_source_0", "Acme Pharma"),
            ("support_dollars_0", "$12,000"),
            ("support_source_2", "Widget Devices"),
            ("physician_total", "0"),
            ("joint_providers", "One\r\n\r\nTwo"),
            ("rems", "Mycophenolate"),
            ("rems_identifier", "EG-1"),
            ("country", "USA"),
            ("other_credit_kind_1", "Nursing"),
            ("other_credit_amount_1", "1.25"),
            ("breakdown_profession_0", "Nurse"),
            ("breakdown_count_0", "1,200"),
            ("professions", "Nurse"),
            ("professions", "Physician"),
            ("specialties", "Cardiology"),
            ("commendation_tags", "Engages Teams"),
            ("is_mips", "no"),
            ("is_interprofessional", "yes"),
            ("has_state_topics", "yes"),
            ("state_topics", "Opioids | Safe prescribing"),
            ("outline_source_0", "01_ABAMCO"),
            ("outline_keyword_0", "Level 3 ID"),
            ("outline_value_0", "I.A.1"),
            ("outline_keyword_1", "Free Text"),
            ("outline_value_1", "x"),
            ("outline_source_2", "01_ABAMCO"),
            ("pharmacy_type", "Knowledge"),
            ("pharmacy_live_on", "2026-03-05"),
            ("pharmacy_sequence_number", "012"),
            ("pharmacy_has_recertification", "not_sure"),
            ("pharmacy_audience_0", "Pharmacists"),
            ("pharmacy_requirement_0", "BCPS"),
            ("pharmacy_content_states", "CA\r\nNV"),
        ];
        let activity = read(&[&DRAFT[..], &more].concat()).unwrap();
        assert_eq!(activity.support.iter().map(|s| s.dollars).collect::<Vec<_>>(), [Some(12_000), None]);
        assert_eq!((activity.physician_total, activity.other_total), (Some(0), None));
        assert_eq!(activity.outlines.iter().map(|outline| outline.keys.len()).collect::<Vec<_>>(), [2, 0]);
        assert_eq!(activity.other_breakdown.iter().map(|one| one.count).collect::<Vec<_>>(), [1_200]);
        let shown = Typed::of(&activity);
        assert_eq!(shown.read(activity.id, activity.provider), Ok(activity));
    }

    #[test]
    fn everything_unreadable_is_named_at_once() {
        assert_eq!(read(&[]), Err(vec!["title", "format", "starts_on", "ends_on"]));
        let bad = [("credit", "0.1"), ("other_total", "-1"), ("support_dollars_0", "5"), ("url", "example.org")];
        assert_eq!(read(&[&DRAFT[..], &bad].concat()), Err(vec!["credit", "url", "support", "other_total"]));
        assert_eq!(read(&[&DRAFT[..3], &[("ends_on", "2026-02-30")]].concat()), Err(vec!["ends_on"]));
        let lines = [
            ("other_credit_amount_0", "1"),
            ("breakdown_profession_0", "Nurse"),
            ("outline_value_0", "x"),
            ("pharmacy_sequence_number", "12345"),
        ];
        let names = vec!["other_credits", "other_breakdown", "outlines", "pharmacy"];
        assert_eq!(read(&[&DRAFT[..], &lines].concat()), Err(names));
    }
}
