//! The tree of formats.md section 3 as a neutral record, from XML and JSON alike.
//!
//! Lenient: local names in any case, any order, an attribute for an element, one object for an
//! array, both spellings where the drafts disagree. A name that is not known is passed over with a
//! warning, and so is what was removed in 2021.

use super::field::Field;
use super::place::Place;
use super::problem::{Code, Problem};
use super::record::Record;
use crate::tree::{Item, Kind, Node};

/// Names that were removed in 2021 (formats.md section 3), wherever they stand.
const REMOVED: &[&str] = &[
    "reportingyear",
    "hoursofinstruction",
    "competencies",
    "competency",
    "desiredoutcomes",
    "designedtochange",
    "changeoutcomes",
    "inkindtype",
    "inkindkind",
    "inkindsupporttype",
    "supporttype",
];

/// Reads one record.
pub(super) fn record(number: u64, item: &Item) -> Record {
    let mut reading = Reading { record: Record::new(number, place(&item.node)), ..Reading::default() };
    reading.record.problems.extend(item.faults.iter().map(|fault| {
        let mut problem = Problem::of_document(fault);
        problem.given.clone_from(&fault.path);
        problem
    }));
    for section in reading.inside(&item.node) {
        match section.key().as_str() {
            "reportdescription" => reading.report_description(section),
            "activitydescription" => reading.activity_description(section),
            "lom" => reading.lom(section),
            "healthcaremetadata" => reading.healthcare_metadata(section),
            "participationmetrics" => reading.participation(section),
            "xtensibleinfo" => reading.extension(section),
            _ => reading.unknown(section),
        }
    }
    reading.add_up_professions();
    reading.record
}

pub(super) fn place(node: &Node) -> Place {
    Place::Document { path: node.path.clone(), spot: node.spot }
}

/// The children that say something: `null` is the same as nothing.
pub(super) fn given(node: &Node) -> impl Iterator<Item = &Node> {
    node.children.iter().filter(|child| child.kind != Kind::Null)
}

/// The record as far as it was read.
pub(super) struct Reading {
    pub(super) record: Record,
    /// How many of each group there are so far.
    pub(super) supporters: u16,
    pub(super) outcomes: u16,
    pub(super) credits: u16,
    pub(super) joint: u16,
    pub(super) professions: u16,
    pub(super) topics: u16,
    pub(super) outlines: u16,
    pub(super) requirements: u16,
    pub(super) boards: u16,
    /// Numbers of other learners by category, and whether a total of its own was named.
    others: Vec<(String, Place)>,
    has_other_total: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            record: Record::new(0, Place::File),
            supporters: 0,
            outcomes: 0,
            credits: 0,
            joint: 0,
            professions: 0,
            topics: 0,
            outlines: 0,
            requirements: 0,
            boards: 0,
            others: Vec::new(),
            has_other_total: false,
        }
    }
}

/// Takes the next number of a group.
pub(super) fn take(count: &mut u16) -> u16 {
    let nth = *count;
    *count = count.saturating_add(1);
    nth
}

impl Reading {
    /// A value: an element's text, or what a wrapper such as LOM's `string` holds.
    pub(super) fn put(&mut self, field: Field, nth: u16, node: &Node) {
        match leaf(node) {
            Some(text) => self.record.put(field, nth, text, place(node)),
            None => {
                let problem = Problem::new(Code::ValueIsGroup, place(node)).field(field);
                self.record.problems.push(problem.given(&node.name));
            }
        }
    }

    pub(super) fn unknown(&mut self, node: &Node) {
        let key = node.key();
        let code = if REMOVED.contains(&key.as_str()) { Code::FieldRemoved } else { Code::NameUnknown };
        let problem = Problem::new(code, place(node)).fact(node.name.trim()).given(node.text.trim());
        self.record.problems.push(problem);
    }

    /// Text alone in a container would be lost.
    fn refuse_text(&mut self, node: &Node) {
        let text = node.text.trim();
        if node.kind != Kind::Null && !text.is_empty() {
            let problem = Problem::new(Code::TextInGroup, place(node)).fact(node.name.trim());
            self.record.problems.push(problem.given(text));
        }
    }

    /// What is inside a container.
    pub(super) fn inside<'n>(&mut self, node: &'n Node) -> impl Iterator<Item = &'n Node> + use<'n> {
        self.refuse_text(node);
        given(node)
    }

    /// The parts of a node by their names; what is not among them is unknown.
    fn parts(&mut self, node: &Node, names: &[(&str, Field)], nth: u16) {
        for child in given(node) {
            let key = child.key();
            match names.iter().find(|(name, _)| *name == key) {
                Some((_, field)) => self.put(*field, nth, child),
                None => self.unknown(child),
            }
        }
    }

    /// Both dates follow from the activity's own; only the names are known.
    fn report_description(&mut self, section: &Node) {
        for child in self.inside(section) {
            if !matches!(child.key().as_str(), "reportingstartdate" | "reportingenddate") {
                self.unknown(child);
            }
        }
    }

    fn activity_description(&mut self, section: &Node) {
        for child in self.inside(section) {
            if child.key() == "commercialsupportamount" {
                self.support(child);
            } else {
                self.unknown(child);
            }
        }
    }

    /// `<commercialSupportAmount currency=".." supportSource="..">5000</commercialSupportAmount>`, or
    /// the same as an object with `value`.
    fn support(&mut self, node: &Node) {
        let nth = take(&mut self.supporters);
        self.record.put(Field::SupportAmount, nth, &node.text, place(node));
        for child in given(node) {
            match child.key().as_str() {
                "supportsource" => self.put(Field::Supporter, nth, child),
                "value" => self.put(Field::SupportAmount, nth, child),
                "currency" => {
                    let currency = leaf(child).unwrap_or_default().trim();
                    if !currency.is_empty() && !["USD", "US$", "$"].iter().any(|usd| usd.eq_ignore_ascii_case(currency))
                    {
                        let problem = Problem::new(Code::CurrencyUnknown, place(child)).field(Field::SupportAmount);
                        self.record.problems.push(problem.given(currency));
                    }
                }
                _ => self.unknown(child),
            }
        }
        // In a document, support in kind has an element of its own.
        if self.record.values(Field::SupportAmount, nth).next().is_none() {
            let problem = Problem::new(Code::GroupIncomplete, place(node)).field(Field::Supporter);
            self.record.problems.push(problem.fact("an amount"));
        }
    }

    fn lom(&mut self, section: &Node) {
        for child in self.inside(section) {
            if child.key() == "general" { self.general(child) } else { self.unknown(child) }
        }
    }

    fn general(&mut self, section: &Node) {
        for child in self.inside(section) {
            match child.key().as_str() {
                "identifier" => self.identifier(child),
                "title" => self.put(Field::Title, 0, child),
                "description" => self.put(Field::Description, 0, child),
                "keyword" => {
                    let nth = take(&mut self.outlines);
                    self.record.put(Field::OutlineValue, nth, &child.text, place(child));
                    let names = [
                        ("source", Field::OutlineSource),
                        ("id", Field::OutlineKeyword),
                        ("string", Field::OutlineValue),
                    ];
                    self.parts(child, &names, nth);
                }
                _ => self.unknown(child),
            }
        }
    }

    fn identifier(&mut self, node: &Node) {
        let catalog = node.child("catalog").and_then(leaf).unwrap_or_default();
        let folded: String = catalog.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
        let field = match folded.as_str() {
            "accmeactivityid" => Field::ActivityId,
            "provideractivityid" => Field::InternalId,
            "url" => Field::Url,
            _ => {
                let problem = Problem::new(Code::NameUnknown, place(node)).fact(catalog.trim());
                return self.record.problems.push(problem);
            }
        };
        match node.child("entry") {
            Some(entry) => self.put(field, 0, entry),
            None => self.record.put(field, 0, &node.text, place(node)),
        }
        for child in given(node).filter(|child| !matches!(child.key().as_str(), "catalog" | "entry")) {
            self.unknown(child);
        }
    }

    fn healthcare_metadata(&mut self, section: &Node) {
        for child in self.inside(section) {
            if child.key() == "healthcareeducation" { self.education(child) } else { self.unknown(child) }
        }
    }

    fn education(&mut self, section: &Node) {
        for child in self.inside(section) {
            match child.key().as_str() {
                "credits" => self.credits(child),
                "activitylocation" => {
                    self.refuse_text(child);
                    let names = [("city", Field::City), ("stateorprovince", Field::State), ("country", Field::Country)];
                    self.parts(child, &names, 0);
                }
                "startdatetime" => self.put(Field::StartsOn, 0, child),
                "enddatetime" => self.put(Field::EndsOn, 0, child),
                "activitysponsorship" => self.put(Field::Providership, 0, child),
                "activityformat" => self.put(Field::Format, 0, child),
                "commercialsupport" => self.put(Field::HasSupport, 0, child),
                "nonaccreditedprovider" => self.joint_provider(child),
                "targetaudience" => {
                    self.refuse_text(child);
                    let names = [("profession", Field::Professions), ("specialty", Field::Specialties)];
                    self.parts(child, &names, 0);
                }
                _ => self.unknown(child),
            }
        }
    }

    fn joint_provider(&mut self, node: &Node) {
        let nth = take(&mut self.joint);
        self.put(Field::JointProvider, nth, node);
    }

    /// AMA PRA Category 1, the credit of every activity, or other credit beside it.
    fn credits(&mut self, node: &Node) {
        self.refuse_text(node);
        let kind = node.child("activityCertification");
        let name: String = kind.and_then(leaf).unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect();
        let is_ama = name.is_empty() || name.to_lowercase().starts_with("amapracategory1");
        let nth = if is_ama { 0 } else { take(&mut self.credits) };
        for child in given(node) {
            match child.key().as_str() {
                "activitycertification" if is_ama => {}
                "activitycertification" => self.put(Field::OtherCreditKind, nth, child),
                "numberofcredits" if is_ama => self.put(Field::Credit, 0, child),
                "numberofcredits" => self.put(Field::OtherCreditAmount, nth, child),
                "nonaccreditedprovider" => self.joint_provider(child),
                _ => self.unknown(child),
            }
        }
    }

    fn participation(&mut self, section: &Node) {
        for child in self.inside(section) {
            if child.key() == "participantsbycategory" { self.participants(child) } else { self.unknown(child) }
        }
    }

    /// `non-physician` is the total of all others, `other` what no profession of the list names.
    fn participants(&mut self, node: &Node) {
        self.refuse_text(node);
        let category = node.child("category").and_then(leaf).unwrap_or_default().trim();
        let count = node.child("numberOfParticipants");
        let folded: String = category.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
        match (folded.as_str(), count) {
            ("", None) => {}
            ("", Some(count)) => {
                let problem = Problem::new(Code::GroupIncomplete, place(node)).field(Field::OtherTotal);
                let given = leaf(count).unwrap_or_default().to_owned();
                self.record.problems.push(problem.given(&given).fact("a category"));
            }
            ("physician" | "physicians", Some(count)) => self.put(Field::PhysicianTotal, 0, count),
            ("nonphysician" | "nonphysicians", count) => {
                self.has_other_total = true;
                if let Some(count) = count {
                    self.put(Field::OtherTotal, 0, count);
                }
            }
            (name, Some(count)) => {
                self.others.push((leaf(count).unwrap_or_default().trim().to_owned(), place(count)));
                if !matches!(name, "other" | "others") {
                    let nth = take(&mut self.professions);
                    self.record.put(Field::Profession, nth, category, place(node));
                    self.put(Field::ProfessionCount, nth, count);
                }
            }
            ("other" | "others" | "physician" | "physicians", None) => {}
            // Told as incomplete.
            (_, None) => {
                let nth = take(&mut self.professions);
                self.record.put(Field::Profession, nth, category, place(node));
            }
        }
        for child in given(node).filter(|child| !matches!(child.key().as_str(), "category" | "numberofparticipants")) {
            self.unknown(child);
        }
    }

    /// Senders of the draft with professions give no total of other learners: it is their sum.
    fn add_up_professions(&mut self) {
        let Some((_, first)) = self.others.first().filter(|_| !self.has_other_total) else { return };
        let place = first.clone();
        let numbers: Option<Vec<i64>> = self.others.iter().map(|(text, _)| text.parse().ok()).collect();
        let Some(numbers) = numbers.filter(|numbers| numbers.iter().all(|number| *number >= 0)) else { return };
        let sum = numbers.into_iter().fold(0, i64::saturating_add).to_string();
        if self.professions > 0 {
            let problem = Problem::new(Code::ProfessionsSummed, place.clone()).field(Field::OtherTotal);
            self.record.problems.push(problem.fact(&sum));
        }
        self.record.put(Field::OtherTotal, 0, &sum, place);
    }
}

/// The text of an element that holds only one: its own, or that of a wrapper.
pub(super) fn leaf(node: &Node) -> Option<&str> {
    const WRAPPERS: &[&str] = &["string", "langstring", "value", "#text"];
    if node.kind != Kind::Group {
        return Some(&node.text);
    }
    if !node.text.trim().is_empty() {
        return Some(&node.text);
    }
    node.children.iter().find(|child| WRAPPERS.contains(&child.key().as_str())).and_then(leaf)
}
