//! Documents put together by hand, as a sender's program would, and not by our own writer.

use crate::sample::HEADER;

/// A cell of [`HEADER`]'s columns.
fn cell<'a>(cells: &'a [String], name: &str) -> &'a str {
    let column = HEADER.iter().position(|header| header.trim() == name).expect(name);
    &cells[column]
}

/// XML of these rows, one report each, with the namespaces of the standard.
pub(super) fn xml(rows: &[Vec<String>]) -> String {
    let reports: String = rows.iter().map(|row| xml_report(row) + "\n").collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ACCMELearnerReports>\n\
         <r:ActivityReports xmlns:r=\"http://ns.medbiq.org/activityreport/v1/\">\n\
         <r:DateTimeCreated>2026-03-15T09:30:00Z</r:DateTimeCreated>\n{reports}</r:ActivityReports>\n</ACCMELearnerReports>\n"
    )
}

fn xml_report(cells: &[String]) -> String {
    let text = |name| cell(cells, name).replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let license =
        format!("<UniqueID domain=\"{}\">{}</UniqueID>", text("Licensing State"), text("Licensing ID or NPI"));
    let cme = text("Number of CME Credits");
    let mut certificates = String::new();
    if !cme.is_empty() {
        certificates += &format!(
            "<CreditCertificate>{license}<CreditReceived><activityCertification>AMA PRA Category 1\
             </activityCertification><creditUnit>Point</creditUnit><numberOfCredits>{cme}</numberOfCredits>\
             </CreditReceived></CreditCertificate>"
        );
    }
    let (board, id, total) = (text("Certifying Board"), text("Certifying Board ID"), text("Total Board Credits"));
    let (name, amount) = (text("Credit Type"), text("Credits Awarded for Credit Type"));
    if [&board, &id, &total, &name, &amount].iter().any(|text| !text.is_empty()) {
        let license = if cme.is_empty() { license.as_str() } else { "" };
        certificates += &format!(
            "<CreditCertificate><UniqueID domain=\"{board}\">{id}</UniqueID>{license}<CreditReceived>\
             <activityCertification>{name}</activityCertification><numberOfCredits>{amount}</numberOfCredits>\
             <boardTotal>{total}</boardTotal></CreditReceived></CreditCertificate>"
        );
    } else if cme.is_empty() {
        certificates += &format!("<CreditCertificate>{license}</CreditCertificate>");
    }
    format!(
        "<ActivityReport xmlns=\"http://ns.medbiq.org/activityreport/v1/\">\
         <ReportingOrganization>Harborview</ReportingOrganization>\
         <Member xmlns=\"http://ns.medbiq.org/member/v1/\"><Name xmlns=\"http://ns.medbiq.org/name/v1/\">\
         <GivenName>{}</GivenName><FamilyName>{}</FamilyName></Name>\
         <PersonalInfo><BirthDate>{}</BirthDate></PersonalInfo></Member>\
         <Activity><ProviderOrganization>0001234</ProviderOrganization>\
         <Module><ModuleName moduleID=\"{}\">Care of the Heart</ModuleName><Status>Completed</Status>\
         <CompletedDateTime>{}</CompletedDateTime>{certificates}</Module></Activity>\
         <XtensibleInfo xmlns=\"http://ns.medbiq.org/lom/extend/v1/\"><LearnerRecordAction>{}</LearnerRecordAction>\
         </XtensibleInfo></ActivityReport>",
        text("First Name"),
        text("Last Name"),
        text("Date of Birth"),
        text("ACCME Activity ID"),
        text("Completion Date"),
        text("Record Action"),
    )
}

/// JSON of these rows, one report each.
pub(super) fn json(rows: &[Vec<String>]) -> String {
    let reports: Vec<serde_json::Value> = rows.iter().map(|row| json_report(row)).collect();
    let document = serde_json::json!({"ACCMELearnerReports": {"ActivityReports": {
        "DateTimeCreated": "2026-03-15T09:30:00Z",
        "ActivityReport": reports,
    }}});
    serde_json::to_string_pretty(&document).unwrap()
}

fn json_report(cells: &[String]) -> serde_json::Value {
    let text = |name| cell(cells, name);
    let license = serde_json::json!({"value": text("Licensing ID or NPI"), "domain": text("Licensing State")});
    let cme = text("Number of CME Credits");
    let mut certificates = Vec::new();
    if !cme.is_empty() {
        certificates.push(serde_json::json!({
            "UniqueID": license,
            "CreditReceived": {"activityCertification": "AMA PRA Category 1", "creditUnit": "Point", "numberOfCredits": cme},
        }));
    }
    let (board, id, total) = (text("Certifying Board"), text("Certifying Board ID"), text("Total Board Credits"));
    let (name, amount) = (text("Credit Type"), text("Credits Awarded for Credit Type"));
    if [board, id, total, name, amount].iter().any(|text| !text.is_empty()) {
        let mut ids = vec![serde_json::json!({"domain": board, "value": id})];
        ids.extend(cme.is_empty().then(|| license.clone()));
        certificates.push(serde_json::json!({
            "CreditReceived": {"numberOfCredits": amount, "activityCertification": name, "boardTotal": total},
            "UniqueID": ids,
        }));
    } else if cme.is_empty() {
        certificates.push(serde_json::json!({"UniqueID": [license]}));
    }
    serde_json::json!({
        "ReportingOrganization": "Harborview",
        "Member": {
            "Name": {"GivenName": text("First Name"), "FamilyName": text("Last Name")},
            "PersonalInfo": {"BirthDate": text("Date of Birth")},
        },
        "Activity": {
            "ProviderOrganization": "0001234",
            "Module": {
                "ModuleName": {"value": "Care of the Heart", "moduleID": text("ACCME Activity ID")},
                "Status": "Completed",
                "CompletedDateTime": text("Completion Date"),
                "CreditCertificate": certificates,
            },
        },
        "XtensibleInfo": {"LearnerRecordAction": text("Record Action")},
    })
}
