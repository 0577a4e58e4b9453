//! A row as the tree of one learner report, in one spelling and one order.
//!
//! What no part of the tree can say is written too, in elements of our own (`SubmissionID`, `InternalActivityID`,
//! `boardTotal`), so that any row comes back from a document as it went in.

use domain::{Field, MonthDay, State};

use super::credits::total;
use super::elements::is_credit_id;
use super::origin::Kept;
use super::records::TYPES;
use crate::activities::{Content, Out};
use crate::dates::read_date;
use crate::header::Header;
use crate::json_tokens::is_number;
use crate::row::Row;

pub(super) const REPORT: &str = "http://ns.medbiq.org/activityreport/v1/";
const MEMBER: &str = "http://ns.medbiq.org/member/v1/";
const NAME: &str = "http://ns.medbiq.org/name/v1/";
const EXTEND: &str = "http://ns.medbiq.org/lom/extend/v1/";
const CME: &str = "AMA PRA Category 1";

pub(super) fn out(name: &'static str, content: Content) -> Out {
    Out { name, content, namespace: None }
}

pub(super) fn text(name: &'static str, value: &str) -> Out {
    out(name, Content::Text(value.to_owned()))
}

fn within(namespace: &'static str, out: Out) -> Out {
    Out { namespace: Some(namespace), ..out }
}

/// The parts of `ActivityReport`.
pub(super) fn tree(header: &Header, row: &Row) -> Vec<Out> {
    let nothing = Kept::default();
    let kept = row.origin.as_ref().map_or(&nothing, |origin| &origin.kept);
    let of = Of { header, cells: &row.cells, kept };
    let rems = of.rems();
    let mut parts = vec![text("ReportingOrganization", &kept.reporting), of.member()];
    parts.extend(rems);
    parts.push(of.activity());
    parts.push(of.extension());
    parts
}

struct Of<'a> {
    header: &'a Header,
    cells: &'a [String],
    kept: &'a Kept,
}

impl Of<'_> {
    fn cell(&self, field: Field) -> &str {
        self.header.cell(self.cells, field).trim()
    }

    fn given(&self, field: Field, name: &'static str) -> Option<Out> {
        Some(self.cell(field)).filter(|cell| !cell.is_empty()).map(|cell| text(name, cell))
    }

    fn member(&self) -> Out {
        let names = [self.given(Field::FirstName, "GivenName"), self.given(Field::LastName, "FamilyName")];
        let name = within(NAME, out("Name", Content::Group(names.into_iter().flatten().collect())));
        let birth = self.given(Field::Birth, "BirthDate").map(|_| {
            let birth = self.cell(Field::Birth);
            // without a year, as ISO 8601 once wrote a day of every year
            let day = MonthDay::read(birth).map(|day| format!("--{}", day.to_string().replace('/', "-")));
            text("BirthDate", day.as_deref().unwrap_or(birth))
        });
        let info = birth.map(|birth| out("PersonalInfo", Content::Group(vec![birth])));
        within(MEMBER, out("Member", Content::Group(std::iter::once(name).chain(info).collect())))
    }

    fn rems(&self) -> Option<Out> {
        let local = self.given(Field::RemsLocalId, "LocalIdentifier").map(|_| {
            let value = text("value", self.cell(Field::RemsLocalId));
            let domain = match self.kept.local_domain.as_str() {
                "" => "idd:provider:learner",
                kept => kept,
            };
            out("LocalIdentifier", Content::Attributed(vec![text("domain", domain), value]))
        });
        let surgical =
            self.given(Field::RemsSurgical, "SurgicalProcedures").map(|out| match self.cell(Field::RemsSurgical) {
                "Yes" => Out { content: Content::Truth(true), ..out },
                "No" => Out { content: Content::Truth(false), ..out },
                _ => out,
            });
        let parts = [
            local,
            self.given(Field::RemsState, "StateOfPrimaryPractice"),
            self.given(Field::RemsDea, "DEARegistration"),
            self.given(Field::RemsProfession, "Profession"),
            self.given(Field::RemsPracticeArea, "PracticeArea"),
            surgical,
            self.given(Field::RemsTimeInPractice, "TimeInPractice"),
        ];
        let parts: Vec<Out> = parts.into_iter().flatten().collect();
        (!parts.is_empty())
            .then(|| out("Participants", Content::Group(vec![out("Participant", Content::Group(parts))])))
    }

    fn activity(&self) -> Out {
        let mut parts = vec![text("ProviderOrganization", &self.kept.provider)];
        let (label, value) = &self.kept.regulation;
        if !label.is_empty() || !value.is_empty() {
            let regulation = Content::Attributed(vec![text("label", label), text("value", value)]);
            let compliant = vec![out("CompliantToRegulation", regulation)];
            parts.push(out("RegulatoryInformation", Content::Group(compliant)));
        }
        parts.push(out("Module", Content::Group(self.module())));
        out("Activity", Content::Group(parts))
    }

    fn module(&self) -> Vec<Out> {
        let id = self.given(Field::ActivityId, "moduleID");
        let named = id.into_iter().chain([text("value", &self.kept.module)]).collect();
        let status = if self.kept.status.is_empty() { "Completed" } else { self.kept.status.as_str() };
        let mut parts = vec![out("ModuleName", Content::Attributed(named)), text("Status", status)];
        parts.extend(self.given(Field::CompletionDate, "CompletedDateTime").map(|_| {
            let given = self.cell(Field::CompletionDate);
            let date = read_date(given).map(|date| format!("{date}T00:00:00"));
            text("CompletedDateTime", date.as_deref().unwrap_or(given))
        }));
        let certificates = self.certificates();
        if !certificates.is_empty() {
            parts.push(out("CreditCertificate", Content::Several(certificates)));
        }
        parts
    }

    fn certificates(&self) -> Vec<Content> {
        let types: Vec<(&str, &str)> = (0..TYPES)
            .map(|nth| (self.cell(Field::CreditType(nth)), self.cell(Field::CreditTypeAmount(nth))))
            .filter(|(name, amount)| !name.is_empty() || !amount.is_empty())
            .collect();
        let (cme, said_total) = (self.cell(Field::CmeCredits), self.cell(Field::BoardCredits));
        let has_points = !types.is_empty() || !said_total.is_empty();
        let license = self.license();
        let board = self.board();
        // the license stands with the CME credit, a board's ID with its points, each with the other if there is none
        let first: Vec<Content> =
            if has_points { license.clone() } else { license.iter().chain(&board).cloned().collect() };
        let mut certificates = Vec::new();
        if !cme.is_empty() {
            certificates.push(self.certificate(first, vec![text("activityCertification", CME)], cme, 0));
        } else if !has_points && !first.is_empty() {
            certificates.push(Content::Group(vec![out("UniqueID", Content::Several(first))]));
        }
        let amounts: Vec<&str> = types.iter().map(|(_, amount)| *amount).collect();
        let derived = total(&amounts, |amount| amount).copied().unwrap_or_default();
        // points without a board say so, or another identifier would be taken for its ID
        let board = if has_points && board.is_empty() { vec![unique_id("", "")] } else { board };
        let with_board = || board.iter().chain(license.iter().filter(|_| cme.is_empty())).cloned().collect::<Vec<_>>();
        for (nth, (name, amount)) in types.iter().enumerate() {
            let mut received = Vec::new();
            if !name.is_empty() {
                received.push(text("activityCertification", name));
            }
            if nth == 0 && derived != said_total {
                received.push(text("boardTotal", said_total));
            }
            certificates.push(self.certificate(with_board(), received, amount, nth + 1));
        }
        if has_points && types.is_empty() {
            certificates.push(self.certificate(with_board(), vec![text("boardTotal", said_total)], "", 1));
        }
        certificates
    }

    fn certificate(&self, ids: Vec<Content>, mut received: Vec<Out>, amount: &str, nth: usize) -> Content {
        if !amount.is_empty() {
            received.push(text("creditUnit", "Point"));
            let content = if is_number(amount) { Content::Number } else { Content::Text };
            received.push(out("numberOfCredits", content(amount.to_owned())));
        }
        let id = self.credit_id(nth);
        let parts = [
            (!ids.is_empty()).then(|| out("UniqueID", Content::Several(ids))),
            Some(out("CreditReceived", Content::Group(received))),
            Some(id).filter(|id| !id.is_empty()).map(|id| text("CreditID", id)),
        ];
        Content::Group(parts.into_iter().flatten().collect())
    }

    /// The sender's own ID of a credit, unless the row was given another key since.
    fn credit_id(&self, nth: usize) -> &str {
        let submission = self.cell(Field::SubmissionId);
        if submission == self.kept.submission
            && let Some(kept) = self.kept.credit_ids.get(nth)
        {
            return kept;
        }
        if is_credit_id(submission) { submission } else { "" }
    }

    fn license(&self) -> Vec<Content> {
        let (state, number) = (self.cell(Field::State), self.cell(Field::Identifier));
        let code = State::read(state).map(|state| state.to_string());
        match (code.as_deref().unwrap_or(state), number) {
            ("", "") => Vec::new(),
            ("", npi) => vec![unique_id("NPI", npi)],
            (state, number) => vec![unique_id(state, number)],
        }
    }

    fn board(&self) -> Vec<Content> {
        let (board, number) = (self.cell(Field::Board), self.cell(Field::DiplomateId));
        if board.is_empty() && number.is_empty() { Vec::new() } else { vec![unique_id(board, number)] }
    }

    fn extension(&self) -> Out {
        let action = self.cell(Field::RecordAction);
        let action = match action.to_ascii_lowercase() {
            known if known == "add" || known == "delete" => known,
            _ => action.to_owned(),
        };
        let submission = self.cell(Field::SubmissionId);
        // a credit that bears the key already says it
        let is_said = !self.certificates_bear(submission);
        let parts = [
            Some(text("ProviderID", &self.kept.provider_id)).filter(|_| !self.kept.provider_id.is_empty()),
            Some(text("LearnerRecordAction", &action)),
            Some(text("SubmissionID", submission)).filter(|_| is_said && !submission.is_empty()),
            self.given(Field::InternalActivityId, "InternalActivityID"),
        ];
        within(EXTEND, out("XtensibleInfo", Content::Group(parts.into_iter().flatten().collect())))
    }

    /// Whether the first credit of the row has this ID, so that reading finds it there.
    fn certificates_bear(&self, submission: &str) -> bool {
        let has_cme = !self.cell(Field::CmeCredits).is_empty();
        let has_types =
            !self.cell(Field::CreditType(0)).is_empty() || !self.cell(Field::CreditTypeAmount(0)).is_empty();
        let first = if has_cme { self.credit_id(0) } else { "" };
        let second = if has_types { self.credit_id(1) } else { "" };
        let found = if first.is_empty() { second } else { first };
        found == submission
    }
}

fn unique_id(domain: &str, value: &str) -> Content {
    Content::Attributed(vec![text("domain", domain), text("value", value)])
}
