//! What a credential says, in the members of Open Badges 3.0. The body follows from the transcript alone; id, times,
//! holder and place in a status list are added when it is signed.
//!
//! One completion: the activity is the achievement, its provider the creator, each credit a result. A transcript: the
//! totals are the results, and each completion a piece of evidence in words.

use domain::CredentialId;
use domain::check::us_date;
use domain::credit::{Completion, Credit, CreditStatus, Kind};
use domain::reference::Reference;
use domain::transcript::{CME_TYPE, HEADING, credit_lines, status_line};
use jiff::civil::Date;
use serde_json::{Value, json};
use store::credentials::Place;

use super::status;
use crate::App;
use crate::transcripts::{Official, counts, range_words};

const CONTEXT: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];
const SCHEMA: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// What is added when a body is signed.
pub(super) struct Given<'a> {
    pub id: CredentialId,
    pub at: i64,
    pub place: Place,
    pub code: &'a str,
    pub identity: Value,
}

/// Everything that two credentials of the same content share.
pub(super) fn body(app: &App, official: &Official) -> Value {
    let reference = app.reference.get();
    let is_certificate = official.transcript.filter.completion.is_some();
    match official.transcript.completions.as_slice() {
        [completion] if is_certificate => of_completion(app, completion, &reference),
        completions => of_transcript(app, official, completions, &reference),
    }
}

/// The whole payload of the JWT.
pub(super) fn payload(app: &App, mut body: Value, given: &Given<'_>) -> Value {
    let id = format!("urn:uuid:{}", given.id);
    let issuer = app.credentials.issuer();
    let paper = json!({
        "type": ["Evidence"],
        "id": app.config.link(&format!("/verify/{}", given.code)),
        "name": "Verification page",
        "narrative": format!("The paper with the same content has the code {}.", given.code),
    });
    body["id"] = json!(id);
    body["validFrom"] = json!(app.clock.machine(given.at));
    body["credentialStatus"] = status::entry(app, given.place);
    body["credentialSubject"]["identifier"] = json!([given.identity]);
    if let Some(evidence) = body["evidence"].as_array_mut() {
        evidence.push(paper);
    }
    // the same facts as registered claims, which a reader of JWTs looks at
    body["iss"] = json!(issuer);
    body["jti"] = json!(id);
    body["nbf"] = json!(given.at.div_euclid(1_000_000));
    body
}

fn envelope(app: &App, name: &str, description: String) -> Value {
    json!({
        "@context": CONTEXT,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": name,
        "description": description,
        "issuer": {
            "id": app.credentials.issuer(),
            "type": ["Profile"],
            "name": app.config.product_name,
            "url": app.config.link("/"),
        },
        "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
        "evidence": [],
    })
}

fn of_completion(app: &App, completion: &Completion, reference: &Reference) -> Value {
    let mut body = envelope(app, &completion.title, format!("Completed on {}.", us_date(completion.completed_on)));
    let activity = app.config.link(&format!("/activities/{}", completion.activity));
    let provider = json!({
        "id": app.config.link(&format!("/providers/{}", completion.provider)),
        "type": ["Profile"],
        "name": completion.provider_name,
    });
    let parts: Vec<Part> =
        completion.credits.iter().filter(|credit| counts(credit)).flat_map(|credit| parts(credit, reference)).collect();
    let cme = completion.credits.iter().find(|credit| counts(credit) && credit.kind == Kind::Cme);
    body["awardedDate"] = json!(noon(completion.completed_on));
    body["credentialSubject"] = json!({
        "type": ["AchievementSubject"],
        "activityEndDate": noon(completion.completed_on),
        "source": provider,
        "achievement": {
            "id": activity,
            "type": ["Achievement"],
            "achievementType": "CertificateOfCompletion",
            "name": completion.title,
            "description": format!("An accredited continuing education activity of {}.", completion.provider_name),
            "criteria": { "narrative": "The accredited provider reported that the activity was completed." },
            "humanCode": completion.activity.to_string(),
            "creator": provider,
            "resultDescription": parts.iter().map(|part| description(&activity, part)).collect::<Vec<_>>(),
        },
        "result": parts.iter().map(|part| result(&activity, part)).collect::<Vec<_>>(),
    });
    if let Some(cme) = cme {
        // hundredths that are multiples of 0.25 are exact as floats
        body["credentialSubject"]["creditsEarned"] = number(cme.amount.hundredths());
    }
    body
}

fn of_transcript(app: &App, official: &Official, completions: &[Completion], reference: &Reference) -> Value {
    let transcript = &official.transcript;
    let range = range_words(&transcript.filter, reference);
    let mut body = envelope(app, HEADING, format!("{range}."));
    let id = app.config.link("/verify#transcript");
    let totals: Vec<Part> = transcript
        .totals
        .iter()
        .enumerate()
        .map(|(n, total)| Part {
            key: format!("total-{}", n + 1),
            name: total.label.clone(),
            value: total.amount.fixed(),
            status: "Completed",
        })
        .collect();
    body["credentialSubject"] = json!({
        "type": ["AchievementSubject"],
        "narrative": format!("{range}. Each completion is listed as evidence."),
        "achievement": {
            "id": id,
            "type": ["Achievement"],
            "achievementType": "ext:Transcript",
            "name": HEADING,
            "description": "Accredited continuing education that providers reported and that is on record.",
            "criteria": { "narrative": "Accredited providers reported each completion." },
            "resultDescription": totals.iter().map(|part| description(&id, part)).collect::<Vec<_>>(),
        },
        "result": totals.iter().map(|part| result(&id, part)).collect::<Vec<_>>(),
    });
    let evidence = completions.iter().filter(|completion| completion.credits.iter().any(counts)).map(|completion| {
        let credits = completion.credits.iter().filter(|credit| counts(credit)).map(|credit| {
            format!("{} ({})", credit_lines(credit, reference).join(", "), status_line(credit, reference))
        });
        json!({
            "type": ["Evidence"],
            "name": completion.title,
            "description": format!("{}, activity {}", completion.provider_name, completion.activity),
            "narrative": format!(
                "Completed on {}: {}.", us_date(completion.completed_on), credits.collect::<Vec<_>>().join("; ")
            ),
        })
    });
    body["evidence"] = Value::Array(evidence.collect());
    body
}

/// One result with its description.
struct Part {
    /// Names it among those of the same achievement.
    key: String,
    name: String,
    value: String,
    status: &'static str,
}

/// A credit, and after it its types: tags over the same points.
fn parts(credit: &Credit, reference: &Reference) -> Vec<Part> {
    let status = match credit.status {
        CreditStatus::Accepted => "Completed",
        CreditStatus::Pending | CreditStatus::Rejected => "Provisional",
    };
    let kind = credit.kind.key();
    let (name, label) = match credit.kind {
        Kind::Moc(board) => (format!("{} MOC/CC Points", reference.board_label(board)), reference.board_label(board)),
        Kind::Cme | Kind::Rems => (format!("{CME_TYPE} Credits"), CME_TYPE.to_owned()),
    };
    let whole = Part { key: kind.to_owned(), name, value: credit.amount.fixed(), status };
    let types = credit.types.iter().enumerate().map(|(n, (tag, amount))| Part {
        key: format!("{kind}-{}", n + 1),
        name: format!("{label}: {tag} (part of the same points)"),
        value: amount.fixed(),
        status,
    });
    std::iter::once(whole).chain(types).collect()
}

fn description(achievement: &str, part: &Part) -> Value {
    json!({
        "id": format!("{}#{}", achievement.split('#').next().unwrap_or_default(), part.key),
        "type": ["ResultDescription"],
        "name": part.name,
        "resultType": "Result",
    })
}

fn result(achievement: &str, part: &Part) -> Value {
    json!({
        "type": ["Result"],
        "resultDescription": format!("{}#{}", achievement.split('#').next().unwrap_or_default(), part.key),
        "value": part.value,
        "status": part.status,
    })
}

/// A whole number without decimals, so that every JSON reader sees the same text.
fn number(hundredths: i64) -> Value {
    match hundredths % 100 {
        0 => json!(hundredths / 100),
        _ => json!(hundredths as f64 / 100.0),
    }
}

/// The field reports days. At noon UTC it is the same day in every state.
fn noon(day: Date) -> String {
    format!("{day}T12:00:00Z")
}
