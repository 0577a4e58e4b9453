//! The transcript for programs, with the field names of the field's own draft schema.
//!
//! Rejected credit is left out, because whoever reads this adds up. Credit types are certificates of
//! their own, as in learner reports; those of one credit share its `CreditID`: they are the same points.

use std::borrow::Borrow;

use domain::Amount;
use domain::credit::{Completion, Credit, CreditStatus, Kind};
use domain::transcript::CME_TYPE;
use serde::Serialize;

use super::Official;
use crate::{App, Error, Result};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    #[serde(rename = "ACCMETranscripts")]
    transcripts: Vec<Learner<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Learner<'a> {
    member: Member<'a>,
    activity_transcript: Vec<Entry<'a>>,
    xtensible_info: XtensibleInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Member<'a> {
    name: Name<'a>,
    personal_info: PersonalInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Name<'a> {
    given_name: &'a str,
    family_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PersonalInfo<'a> {
    licensure: Vec<Licensure<'a>>,
    certification: Vec<Certification<'a>>,
    #[serde(rename = "NPI", skip_serializing_if = "Option::is_none")]
    npi: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Licensure<'a> {
    state_of_licensure: &'a str,
    state_licensing_board: &'a str,
    #[serde(rename = "StateMedicalLicenseID")]
    state_medical_license_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Certification<'a> {
    certifying_board: &'a str,
    #[serde(rename = "CertifyingBoardID")]
    certifying_board_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    activity: Activity<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Activity<'a> {
    provider_organization: &'a str,
    reporting_organization: &'a str,
    module: Module<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Module<'a> {
    module_name: ModuleName<'a>,
    status: &'static str,
    completed_date_time: String,
    credit_certificate: Vec<Certificate>,
}

#[derive(Serialize)]
struct ModuleName<'a> {
    value: &'a str,
    #[serde(rename = "moduleID")]
    module_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Certificate {
    #[serde(rename = "CreditID")]
    credit_id: String,
    credit_received: CreditReceived,
    /// Which board the points are for, and its answer: not in the draft, which has no place for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    certifying_board: Option<String>,
    credit_status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreditReceived {
    activity_certification: String,
    credit_unit: &'static str,
    number_of_credits: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct XtensibleInfo {
    notes: String,
}

/// Transcripts as one JSON document.
pub fn json<O: Borrow<Official>>(app: &App, officials: &[O]) -> Result<String> {
    let document = Document { transcripts: officials.iter().map(|official| learner(app, official.borrow())).collect() };
    serde_json::to_string_pretty(&document).map_err(|error| Error::Internal(error.to_string()))
}

fn learner<'a>(app: &App, official: &'a Official) -> Learner<'a> {
    let transcript = &official.transcript;
    let entries = transcript.completions.iter().filter_map(|completion| entry(app, completion));
    let notes = format!(
        "Issued {}. Verify at {} with the code {}.",
        app.clock.machine(official.issued_at),
        app.config.link("/verify"),
        official.code
    );
    Learner {
        member: Member {
            name: Name { given_name: &official.given_name, family_name: &official.family_name },
            personal_info: PersonalInfo {
                licensure: official.licenses.iter().map(licensure).collect(),
                certification: official.certifications.iter().map(certification).collect(),
                npi: transcript.holder.npi.as_deref(),
            },
        },
        activity_transcript: entries.collect(),
        xtensible_info: XtensibleInfo { notes },
    }
}

fn licensure(held: &super::HeldLicense) -> Licensure<'_> {
    Licensure {
        state_of_licensure: held.state.code(),
        state_licensing_board: &held.board_name,
        state_medical_license_id: &held.number,
    }
}

fn certification(held: &super::HeldCertification) -> Certification<'_> {
    Certification { certifying_board: &held.board_name, certifying_board_id: &held.diplomate_id }
}

/// `None`: nothing of the completion counts.
fn entry<'a>(app: &App, completion: &'a Completion) -> Option<Entry<'a>> {
    let counted = completion.credits.iter().filter(|credit| credit.status != CreditStatus::Rejected);
    let credit_certificate: Vec<Certificate> = counted.flat_map(|credit| certificates(app, credit)).collect();
    (!credit_certificate.is_empty()).then(|| Entry {
        activity: Activity {
            provider_organization: completion.provider.as_str(),
            reporting_organization: &completion.provider_name,
            module: Module {
                module_name: ModuleName { value: &completion.title, module_id: completion.activity.as_str() },
                status: "Completed",
                // the field reports days, and the draft asks for a time with its zone: at noon UTC it is that day in every state
                completed_date_time: format!("{}T12:00:00Z", completion.completed_on),
                credit_certificate,
            },
        },
    })
}

fn certificates(app: &App, credit: &Credit) -> Vec<Certificate> {
    let reference = app.reference.get();
    let certificate = |name: String, amount: Amount| Certificate {
        credit_id: format!("ccid:{}:{}", credit.kind.key(), credit.id),
        credit_received: CreditReceived {
            activity_certification: name,
            credit_unit: "Point",
            // hundredths that are multiples of 0.25 are exact as floats
            number_of_credits: amount.hundredths() as f64 / 100.0,
        },
        certifying_board: credit.kind.board().map(|board| reference.board_label(board)),
        credit_status: credit.status.label(),
    };
    match credit.kind {
        Kind::Moc(board) if credit.types.is_empty() => {
            vec![certificate(format!("{} MOC/CC Points", reference.board_label(board)), credit.amount)]
        }
        Kind::Moc(_) => credit.types.iter().map(|(name, amount)| certificate(name.clone(), *amount)).collect(),
        Kind::Cme | Kind::Rems => vec![certificate(CME_TYPE.to_owned(), credit.amount)],
    }
}
