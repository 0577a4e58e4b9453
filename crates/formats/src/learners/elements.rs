//! The tree of one learner report, from XML and JSON alike, as values with their places.
//!
//! Lenient: local names in any case and order, an attribute for an element, one object for an array, both
//! spellings where senders use either. An unknown name is passed over with a warning, except directly in
//! `ActivityReport`, where it is a problem (formats.md section 2).

use domain::{Code, Field, Problem};

use super::origin::{Kept, Warning};
use super::problem::{at, of_record};
use crate::tree::{Item, Kind, Node, Spot};

/// A value as it stands there.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// Trimmed; may be empty.
    pub(super) text: String,
    pub(super) spot: Spot,
    pub(super) path: String,
}

/// A `UniqueID`: an identifier and who issued it.
#[derive(Debug, Clone)]
pub(super) struct Id {
    pub(super) domain: Value,
    pub(super) value: Value,
}

/// One `CreditReceived` with what its certificate says of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Credit {
    pub(super) ids: Vec<Id>,
    pub(super) certification: Option<Value>,
    pub(super) amount: Option<Value>,
    /// The board's total, where the sender says it (ours); there but empty, it says that none is given.
    pub(super) board_total: Option<Value>,
    pub(super) id: Option<Value>,
}

/// One report, not yet understood.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) values: Vec<(Field, Value)>,
    pub(super) credits: Vec<Credit>,
    /// Identifiers that stand with the member and not with a certificate.
    pub(super) member_ids: Vec<Id>,
    pub(super) kept: Kept,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Warning>,
}

/// Reads one report.
pub(super) fn report(item: &Item) -> Report {
    let mut report = Report { problems: item.faults.iter().map(of_record).collect(), ..Report::default() };
    report.text_alone(&item.node);
    for part in given(&item.node) {
        match part.key().as_str() {
            "reportingorganization" => report.kept.reporting = text(part),
            "member" => report.member(part),
            "participants" => report.participants(part),
            "activity" => report.activity(part),
            "xtensibleinfo" => report.extension(part),
            // of our own result files
            "result" => {}
            _ => report.problems.push(Problem::row(Code::ElementUnknown).given(part.name.trim()).at(at(part))),
        }
    }
    report
}

/// The children that say something: `null` is the same as nothing.
fn given(node: &Node) -> impl Iterator<Item = &Node> {
    node.children.iter().filter(|child| child.kind != Kind::Null)
}

/// The node whose text is the value: the node itself, or what it wraps.
fn leaf(node: &Node) -> Option<&Node> {
    const WRAPPERS: &[&str] = &["value", "#text", "string"];
    if node.kind != Kind::Group || !node.text.trim().is_empty() {
        return Some(node);
    }
    node.children.iter().find(|child| WRAPPERS.contains(&child.key().as_str())).and_then(leaf)
}

fn text(node: &Node) -> String {
    leaf(node).map(|leaf| leaf.text.trim().to_owned()).unwrap_or_default()
}

fn value(node: &Node) -> Value {
    let found = leaf(node).unwrap_or(node);
    let text = if found.kind == Kind::Null { "" } else { found.text.trim() };
    Value { text: text.to_owned(), spot: found.spot, path: found.path.clone() }
}

impl Report {
    fn unknown(&mut self, node: &Node) {
        let message = format!("“{}” is no part of a learner report and was passed over.", shown(&node.name));
        self.warnings.push(Warning { message, at: at(node) });
    }

    /// Text beside elements would be lost.
    fn text_alone(&mut self, node: &Node) {
        let text = node.text.trim();
        if !text.is_empty() {
            let message = format!("Text in “{}” was passed over.", shown(&node.name));
            self.warnings.push(Warning { message, at: at(node) });
        }
    }

    /// A field's value. The same again is no matter, another one is.
    fn put(&mut self, field: Field, node: &Node) {
        if leaf(node).is_none() {
            self.problems.push(Problem::field(Code::ValueIsGroup, field).at(at(node)));
            return;
        }
        let value = value(node);
        if value.text.is_empty() {
            return;
        }
        match self.values.iter().find(|(known, _)| *known == field) {
            Some((_, first)) if first.text == value.text => {}
            Some(_) => {
                // what is repeated of a birth date may be a year
                let shown = if field == Field::Birth { "another date" } else { value.text.as_str() };
                self.problems.push(Problem::field(Code::ValueRepeated, field).given(shown).at(at(node)));
            }
            None => self.values.push((field, value)),
        }
    }

    fn member(&mut self, node: &Node) {
        self.text_alone(node);
        for child in given(node) {
            match child.key().as_str() {
                "name" => self.parts(child, &[("givenname", Field::FirstName), ("familyname", Field::LastName)]),
                "personalinfo" => self.parts(child, &[("birthdate", Field::Birth)]),
                "uniqueid" => self.member_ids.push(self::id(child)),
                _ => self.unknown(child),
            }
        }
    }

    fn parts(&mut self, node: &Node, names: &[(&str, Field)]) {
        self.text_alone(node);
        for child in given(node) {
            let key = child.key();
            match names.iter().find(|(name, _)| *name == key) {
                Some((_, field)) => self.put(*field, child),
                None => self.unknown(child),
            }
        }
    }

    fn participants(&mut self, node: &Node) {
        self.text_alone(node);
        for child in given(node) {
            if child.key() == "participant" { self.participant(child) } else { self.unknown(child) }
        }
    }

    fn participant(&mut self, node: &Node) {
        self.text_alone(node);
        for child in given(node) {
            let field = match child.key().as_str() {
                "localidentifier" => {
                    self.kept.local_domain = child.child("domain").map(self::text).unwrap_or_default();
                    Field::RemsLocalId
                }
                "stateofprimarypractice" => Field::RemsState,
                "dearegistration" => Field::RemsDea,
                "profession" => Field::RemsProfession,
                "practicearea" => Field::RemsPracticeArea,
                "surgicalprocedures" => Field::RemsSurgical,
                "timeinpractice" => Field::RemsTimeInPractice,
                _ => {
                    self.unknown(child);
                    continue;
                }
            };
            self.put(field, child);
        }
        // a spreadsheet says yes and no, a document true and false
        for (_, surgical) in self.values.iter_mut().filter(|(field, _)| *field == Field::RemsSurgical) {
            match surgical.text.to_ascii_lowercase().as_str() {
                "true" => "Yes".clone_into(&mut surgical.text),
                "false" => "No".clone_into(&mut surgical.text),
                _ => {}
            }
        }
    }

    fn activity(&mut self, node: &Node) {
        self.text_alone(node);
        for child in given(node) {
            match child.key().as_str() {
                "providerorganization" => self.kept.provider = self::text(child),
                "regulatoryinformation" => self.regulation(child),
                "module" => self.module(child),
                _ => self.unknown(child),
            }
        }
    }

    fn regulation(&mut self, node: &Node) {
        for child in given(node) {
            if child.key() == "complianttoregulation" {
                let part = |name| child.child(name).map(self::text).unwrap_or_default();
                self.kept.regulation = (part("label"), self::text(child));
            } else {
                self.unknown(child);
            }
        }
    }

    fn module(&mut self, node: &Node) {
        self.text_alone(node);
        for child in given(node) {
            match child.key().as_str() {
                "modulename" => {
                    self.kept.module = self::text(child);
                    for part in given(child) {
                        match part.key().as_str() {
                            "moduleid" => self.put(Field::ActivityId, part),
                            "value" | "#text" | "string" => {}
                            _ => self.unknown(part),
                        }
                    }
                }
                "status" => self.status(child),
                "completeddatetime" | "completiondate" => self.put(Field::CompletionDate, child),
                "creditcertificate" => self.certificate(child),
                _ => self.unknown(child),
            }
        }
    }

    fn status(&mut self, node: &Node) {
        let status = self::text(node);
        if !status.is_empty() && !status.eq_ignore_ascii_case("completed") {
            let problem = Problem::field(Code::StatusNotCompleted, Field::CompletionDate);
            self.problems.push(problem.given(status.as_str()).at(at(node)));
        }
        self.kept.status = status;
    }

    /// A certificate with its credit; more than one credit in it are of the same identifiers.
    fn certificate(&mut self, node: &Node) {
        self.text_alone(node);
        let mut shared = Credit::default();
        let mut credits = Vec::new();
        for child in given(node) {
            match child.key().as_str() {
                "uniqueid" => shared.ids.push(self::id(child)),
                "creditreceived" => credits.push(self.credit(child)),
                "creditid" => shared.id = Some(self.credit_id(child)).filter(|id| !id.text.is_empty()),
                // an earlier draft had them here
                "completeddatetime" | "completiondate" => self.put(Field::CompletionDate, child),
                "status" => self.status(child),
                _ => self.unknown(child),
            }
        }
        if credits.is_empty() {
            credits.push(Credit::default());
        }
        let with_ids = |credit| Credit { ids: shared.ids.clone(), id: shared.id.clone(), ..credit };
        self.credits.extend(credits.into_iter().map(with_ids));
    }

    fn credit(&mut self, node: &Node) -> Credit {
        self.text_alone(node);
        let mut credit = Credit::default();
        for child in &node.children {
            match child.key().as_str() {
                "boardtotal" => credit.board_total = Some(value(child)),
                _ if child.kind == Kind::Null => {}
                "activitycertification" => credit.certification = Some(value(child)),
                "numberofcredits" => credit.amount = Some(value(child)),
                "creditunit" => {
                    let unit = self::text(child);
                    if !["", "point", "points", "credit", "credits"].contains(&unit.to_ascii_lowercase().as_str()) {
                        let message = format!("The unit “{}” was read as Point.", shown(&unit));
                        self.warnings.push(Warning { message, at: at(child) });
                    }
                }
                _ => self.unknown(child),
            }
        }
        credit
    }

    fn credit_id(&mut self, node: &Node) -> Value {
        let id = value(node);
        if !id.text.is_empty() && !is_credit_id(&id.text) {
            let problem = Problem::field(Code::CreditIdMalformed, Field::SubmissionId);
            self.problems.push(problem.given(id.text.as_str()).at(at(node)));
        }
        id
    }

    fn extension(&mut self, node: &Node) {
        self.text_alone(node);
        for child in given(node) {
            match child.key().as_str() {
                "providerid" => self.kept.provider_id = self::text(child),
                "learnerrecordaction" | "recordaction" => self.put(Field::RecordAction, child),
                // ours, so that a document can say all that a row can
                "submissionid" => self.put(Field::SubmissionId, child),
                "internalactivityid" => self.put(Field::InternalActivityId, child),
                _ => self.unknown(child),
            }
        }
    }
}

fn id(node: &Node) -> Id {
    let domain = match node.child("domain") {
        Some(domain) => value(domain),
        None => Value { text: String::new(), spot: node.spot, path: node.path.clone() },
    };
    Id { domain, value: leaf(node).map_or_else(|| Value { text: String::new(), ..value(node) }, value) }
}

/// `ccid:name:number`, at most 300 characters (formats.md section 2).
pub(super) fn is_credit_id(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.next() == Some("ccid")
        && parts.by_ref().take(2).filter(|part| !part.is_empty()).count() == 2
        && parts.next().is_none()
        && text.chars().count() <= 300
}

/// A name of the sender's, fit for a sentence.
fn shown(name: &str) -> String {
    name.trim().chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::is_credit_id;

    #[test]
    fn a_credit_id_has_three_parts() {
        for (text, is_one) in [
            ("ccid:acme:17", true),
            ("ccid:acme:", false),
            ("ccid::17", false),
            ("ccid:acme:17:2", false),
            ("CCID:acme:17", false),
            ("acme:17", false),
            ("", false),
        ] {
            assert_eq!(is_credit_id(text), is_one, "{text}");
        }
        assert!(!is_credit_id(&format!("ccid:a:{}", "9".repeat(300))));
    }
}
