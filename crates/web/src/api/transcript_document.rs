//! The form of a transcript document, for the OpenAPI document alone: names and nesting of the field's draft schema.
//! `app::transcripts::json` writes it.

use utoipa::ToSchema;

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
pub(super) struct TranscriptDocument {
    #[schema(rename = "ACCMETranscripts")]
    transcripts: Vec<LearnerTranscript>,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct LearnerTranscript {
    member: Member,
    activity_transcript: Vec<ActivityTranscript>,
    xtensible_info: TranscriptNotes,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct Member {
    name: MemberName,
    personal_info: MemberInfo,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct MemberName {
    given_name: String,
    family_name: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct MemberInfo {
    licensure: Vec<Licensure>,
    certification: Vec<Certification>,
    #[schema(rename = "NPI", nullable = false, pattern = "^[0-9]{10}$")]
    npi: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct Licensure {
    #[schema(pattern = "^[A-Z]{2}$")]
    state_of_licensure: String,
    state_licensing_board: String,
    #[schema(rename = "StateMedicalLicenseID")]
    state_medical_license_id: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct Certification {
    certifying_board: String,
    #[schema(rename = "CertifyingBoardID")]
    certifying_board_id: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct ActivityTranscript {
    activity: TranscribedActivity,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct TranscribedActivity {
    /// The provider’s 7 digits.
    provider_organization: String,
    /// The provider’s name.
    reporting_organization: String,
    module: TranscribedModule,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct TranscribedModule {
    module_name: TranscribedName,
    /// Always Completed.
    status: String,
    /// The day counts; the time is a form.
    completed_date_time: String,
    #[schema(min_items = 1)]
    credit_certificate: Vec<TranscribedCertificate>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "only its form is published")]
struct TranscribedName {
    value: String,
    #[schema(rename = "moduleID", pattern = "^[0-9]{9}$")]
    module_id: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct TranscribedCertificate {
    /// Certificates with the same ID are credit types of the same points: they are not added up.
    #[schema(rename = "CreditID", max_length = 300, pattern = "^ccid:[^:]+:[^:]+$")]
    credit_id: String,
    credit_received: TranscribedCredit,
    /// Whose points they are; without it they are AMA PRA Category 1 Credits.
    #[schema(nullable = false)]
    certifying_board: Option<String>,
    /// Accepted or Pending.
    credit_status: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its form is published")]
struct TranscribedCredit {
    activity_certification: String,
    /// Always Point.
    credit_unit: String,
    number_of_credits: f64,
}

#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its form is published")]
struct TranscriptNotes {
    /// When it was issued, and the code by which it is verified.
    notes: String,
}
