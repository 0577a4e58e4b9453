//! Invented providers: who they are, what they teach, who works there.

use store::organizations::Standing;

/// An accredited provider of the demo.
pub(crate) struct DemoProvider {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) organization_type: &'static str,
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) standing: Standing,
    /// Domain of its e-mail addresses; `.example` never resolves.
    pub(crate) domain: &'static str,
    pub(crate) contact: &'static str,
    /// Activities in the last two years and running now.
    pub(crate) activities: u64,
    /// Fields it teaches, as named in `subjects`; empty: all of them.
    pub(crate) fields: &'static [&'static str],
}

const GOOD: Standing = Standing::Good;

/// The first is the provider of the sign-ins, the second the other provider.
#[rustfmt::skip] // a table: one provider in three lines
pub(crate) const PROVIDERS: &[DemoProvider] = &[
    DemoProvider { id: "0007412", name: "Lakemont University School of Medicine", organization_type: "School of medicine",
        city: "Milwaukee", state: "WI", standing: GOOD, domain: "lakemont.example", contact: "Rosalind Fairwell",
        activities: 62, fields: &[] },
    DemoProvider { id: "0010358", name: "Society of Bedside Cardiology", organization_type: "Nonprofit (physician membership organization)",
        city: "Washington", state: "DC", standing: GOOD, domain: "bedsidecardiology.example", contact: "Omar Westbrook",
        activities: 30, fields: &["Cardiology", "Hospital Medicine", "Thoracic Surgery"] },
    DemoProvider { id: "0002267", name: "Three Rivers State Medical Society", organization_type: "State medical society",
        city: "Pittsburgh", state: "PA", standing: GOOD, domain: "threeriversmed.example", contact: "Denise Kirkland",
        activities: 24, fields: &["Primary Care", "Patient Safety", "Psychiatry", "Pain Management"] },
    DemoProvider { id: "0015093", name: "St. Brendan Health System", organization_type: "Hospital/healthcare delivery system",
        city: "Cleveland", state: "OH", standing: GOOD, domain: "stbrendan.example", contact: "Tomás Marshfield",
        activities: 34, fields: &[] },
    DemoProvider { id: "0021876", name: "Meridian Clinical Press", organization_type: "Publishing/education company",
        city: "Boston", state: "MA", standing: GOOD, domain: "meridianclinical.example", contact: "Ingrid Halworth",
        activities: 28, fields: &["Oncology", "Infectious Disease", "Endocrinology", "Neurology", "Primary Care"] },
    DemoProvider { id: "0018440", name: "Rural Practice Foundation", organization_type: "Nonprofit (other)",
        city: "Boise", state: "ID", standing: GOOD, domain: "ruralpractice.example", contact: "Walter Coldbrook",
        activities: 18, fields: &["Primary Care", "Emergency Medicine", "Obstetrics and Gynecology"] },
    DemoProvider { id: "0009921", name: "Regional Office of Community Health", organization_type: "Government or military",
        city: "Atlanta", state: "GA", standing: GOOD, domain: "communityhealth.example", contact: "Naomi Sumfield",
        activities: 16, fields: &["Infectious Disease", "Patient Safety", "Primary Care"] },
    DemoProvider { id: "0024615", name: "Pacific Crest Children's Hospital", organization_type: "Hospital/healthcare delivery system",
        city: "Seattle", state: "WA", standing: GOOD, domain: "pacificcrestkids.example", contact: "Mei Lindmere",
        activities: 24, fields: &["Pediatrics", "Anesthesiology", "Otolaryngology"] },
    DemoProvider { id: "0030127", name: "Open Rounds Medical Education", organization_type: "Publishing/education company",
        city: "Denver", state: "CO", standing: GOOD, domain: "openrounds.example", contact: "Gideon Strathurst",
        activities: 24, fields: &["Oncology", "Pathology", "Rehabilitation Medicine", "Ophthalmology"] },
    DemoProvider { id: "0012750", name: "National College of Surgical Skills", organization_type: "Nonprofit (physician membership organization)",
        city: "Chicago", state: "IL", standing: GOOD, domain: "surgicalskills.example", contact: "Beatriz Thornwick",
        activities: 26, fields: &["General Surgery", "Orthopaedics", "Thoracic Surgery", "Anesthesiology"] },
    DemoProvider { id: "0027308", name: "Harbor Point Cancer Center", organization_type: "Hospital/healthcare delivery system",
        city: "Houston", state: "TX", standing: Standing::Probation, domain: "harborpoint.example", contact: "Lars Penridge",
        activities: 14, fields: &["Oncology", "Pathology"] },
    DemoProvider { id: "0031984", name: "Coastal Continuing Education Group", organization_type: "Not classified",
        city: "Tampa", state: "FL", standing: Standing::Lapsed, domain: "coastalce.example", contact: "Simone Walgate",
        activities: 10, fields: &["Psychiatry", "Primary Care"] },
];
