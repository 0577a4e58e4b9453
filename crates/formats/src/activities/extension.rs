//! `XtensibleInfo`: what the accreditor added to the metadata standard, down to pharmacy.
//!
//! Containers of the draft (`DeliveryMethods > DeliveryMethod`) may be left out, and an array may
//! carry the container's name: both occur in the drafts.

use super::elements::{Reading, given, place, take};
use super::field::Field;
use crate::tree::{Kind, Node};

/// Values of `XtensibleInfo` that stand for themselves.
const PLAIN: &[(&str, Field)] = &[
    ("providerid", Field::ProviderId),
    ("activityrecordaction", Field::RecordAction),
    ("closeactivityrecord", Field::Close),
    ("isinterprofessional", Field::IsInterprofessional),
    ("commendationtag", Field::CommendationTags),
    ("deliverymethod", Field::Deliveries),
    ("forpubliclist", Field::InPassport),
    ("feeforparticipation", Field::Fee),
    ("activityregistration", Field::Registration),
    ("ismeritbasedincentivepaymentsystem", Field::IsMips),
    ("hasstatecontenttags", Field::HasStateTopics),
    ("pharmacyactivitytype", Field::PharmacyType),
    ("pharmacyactivitytopic", Field::PharmacyTopic),
    ("pharmacylivedate", Field::PharmacyLiveOn),
    ("pharmacysequencenumber", Field::PharmacySequence),
    ("uanpharmacy", Field::PharmacyUan),
    ("uanpharmacytech", Field::PharmacyUanTechnician),
    ("haspharmacyrecertifications", Field::HasRecertification),
    ("haspharmacycontenttags", Field::HasContentTags),
    ("pharmacystate", Field::ContentStates),
    ("pharmacycontenttopic", Field::ContentTopics),
];

/// Containers that only hold what is also known by itself.
const CONTAINERS: &[&str] = &[
    "commendationtags",
    "deliverymethods",
    "inkindsupports",
    "mocregistrations",
    "contentoutlines",
    "pharmacycontenttags",
    "statecontenttags",
];

impl Reading {
    pub(super) fn extension(&mut self, section: &Node) {
        for child in self.inside(section) {
            let key = child.key();
            let is_plain = child.kind != Kind::Group;
            match key.as_str() {
                // An array of texts under the container's name.
                "commendationtags" if is_plain => self.put(Field::CommendationTags, 0, child),
                "deliverymethods" if is_plain => self.put(Field::Deliveries, 0, child),
                "inkindsupports" if is_plain && !child.text.trim().is_empty() => self.item(child),
                // What stands alone in an array of the container's name.
                name if CONTAINERS.contains(&name) && Self::is_item(child) => self.item(child),
                name if CONTAINERS.contains(&name) => self.extension(child),
                "inkindsupport"
                | "mocregistration"
                | "contentoutlineselections"
                | "contentoutlineselection"
                | "statecontent" => self.item(child),
                "measuredoutcomes" => self.outcomes(child),
                "rems" => self.rems(child),
                "pharmacyrecertificationrequirements" | "pharmacyrecertificationrequirement" => {
                    self.requirements(child);
                }
                name => match PLAIN.iter().find(|(plain, _)| *plain == name) {
                    Some((_, field)) => self.put(*field, 0, child),
                    None => self.unknown(child),
                },
            }
        }
    }

    /// Whether a container's own children are those of one item.
    fn is_item(container: &Node) -> bool {
        const PARTS: &[&str] = &[
            "source",
            "supportsource",
            "boardname",
            "mocpoints",
            "moccredittype",
            "creditclaimdate",
            "practicearea",
            "contentoutlinesource",
            "contentoutlinekeys",
            "statecontentdomain",
            "statecontenttopic",
        ];
        container.children.iter().any(|child| PARTS.contains(&child.key().as_str()))
    }

    fn item(&mut self, node: &Node) {
        match node.key().as_str() {
            "inkindsupport" | "inkindsupports" => self.in_kind(node),
            "mocregistration" | "mocregistrations" => self.moc(node),
            "statecontent" | "statecontenttags" => {
                let nth = take(&mut self.topics);
                for child in self.inside(node) {
                    match child.key().as_str() {
                        "statecontentdomain" => self.put(Field::StateDomain, nth, child),
                        "statecontenttopic" => self.put(Field::StateTopic, nth, child),
                        _ => self.unknown(child),
                    }
                }
            }
            _ => self.outline(node),
        }
    }

    /// Support in kind has a source and no value: the words say so in a sheet's cell.
    fn in_kind(&mut self, node: &Node) {
        let nth = take(&mut self.supporters);
        if node.kind != Kind::Group {
            self.put(Field::Supporter, nth, node);
        }
        self.record.put(Field::SupportAmount, nth, super::values::IN_KIND, place(node));
        for child in given(node) {
            match child.key().as_str() {
                "source" | "supportsource" => self.put(Field::Supporter, nth, child),
                _ => self.unknown(child),
            }
        }
    }

    fn moc(&mut self, node: &Node) {
        let nth = take(&mut self.boards);
        if node.child("practiceArea").is_none() {
            self.record.without_areas.push(nth);
        }
        for child in self.inside(node) {
            match child.key().as_str() {
                "boardname" => self.put(Field::MocBoard, nth, child),
                "mocpoints" => self.put(Field::MocPoints, nth, child),
                "moccredittype" => self.put(Field::MocCreditTypes, nth, child),
                "creditclaimdate" => self.put(Field::MocClaimUntil, nth, child),
                "practicearea" => self.put(Field::MocPracticeAreas, nth, child),
                "undertaking" => self.put(Field::MocUndertakings, nth, child),
                _ => self.unknown(child),
            }
        }
    }

    /// Each key and value of a selection is a row of the outline.
    fn outline(&mut self, node: &Node) {
        let source = node.child("ContentOutlineSource");
        let mut has_keys = false;
        for child in self.inside(node) {
            match child.key().as_str() {
                "contentoutlinesource" => {}
                "contentoutlinekeys" | "contentoutlinekey" => {
                    has_keys = true;
                    let nth = take(&mut self.outlines);
                    if let Some(source) = source {
                        self.put(Field::OutlineSource, nth, source);
                    }
                    for part in self.inside(child) {
                        match part.key().as_str() {
                            "contentkeyword" => self.put(Field::OutlineKeyword, nth, part),
                            "contentkeywordvalue" => self.put(Field::OutlineValue, nth, part),
                            _ => self.unknown(part),
                        }
                    }
                }
                _ => self.unknown(child),
            }
        }
        if let Some(source) = source.filter(|_| !has_keys) {
            let nth = take(&mut self.outlines);
            self.put(Field::OutlineSource, nth, source);
        }
    }

    /// An outcome with the ways in which it was measured behind it. Several may stand in one
    /// container, each beginning with its own `MeasuredOutcome`.
    fn outcomes(&mut self, node: &Node) {
        if node.kind != Kind::Group {
            let nth = take(&mut self.outcomes);
            return self.put(Field::Outcome, nth, node);
        }
        // A way in front of the outcome, or as an attribute, belongs to it as well.
        let mut nth = None;
        let mut named = false;
        if !node.text.trim().is_empty() {
            let at = take(&mut self.outcomes);
            (nth, named) = (Some(at), true);
            self.record.put(Field::Outcome, at, &node.text, place(node));
        }
        for child in given(node) {
            match child.key().as_str() {
                "measuredoutcome" if child.kind == Kind::Group => self.outcomes(child),
                "measuredoutcome" => {
                    let at = nth.filter(|_| !named).unwrap_or_else(|| take(&mut self.outcomes));
                    (nth, named) = (Some(at), true);
                    self.put(Field::Outcome, at, child);
                }
                "measurementtype" | "measurementtypes" => {
                    let at = nth.unwrap_or_else(|| take(&mut self.outcomes));
                    nth = Some(at);
                    self.put(Field::OutcomeWays, at, child);
                }
                _ => self.unknown(child),
            }
        }
    }

    fn rems(&mut self, node: &Node) {
        if node.kind != Kind::Group {
            return self.put(Field::RemsKind, 0, node);
        }
        for child in given(node) {
            match child.key().as_str() {
                "remstype" => self.put(Field::RemsKind, 0, child),
                "remsrelatedidentifier" => self.put(Field::RemsIdentifier, 0, child),
                _ => self.unknown(child),
            }
        }
    }

    fn requirements(&mut self, node: &Node) {
        let nth = take(&mut self.requirements);
        for child in self.inside(node) {
            match child.key().as_str() {
                "pharmacyaudience" => self.put(Field::RequirementAudience, nth, child),
                "pharmacyrequirement" => self.put(Field::Requirement, nth, child),
                _ => self.unknown(child),
            }
        }
    }
}
