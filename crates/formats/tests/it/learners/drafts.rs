//! Documents written by hand from the reference draft of learner reports and from those before it: each
//! spelling, nesting and order reads as the same reports. All of it is invented.
//!
//! The older ones have the date and status within the certificate, and one identifier where now there are several.

use domain::report::LearnerReport;

use crate::sample::{Outcome, read_whole};

/// Each name and nesting of the draft, as JSON; a physician with CME credit and two credit types of a
/// board, and a pharmacist of a REMS activity.
const DRAFT: &str = r#"{"ACCMELearnerReports": {"ActivityReports": {
  "DateTimeCreated": "2026-03-15T09:30:00",
  "ActivityReport": [{
    "ReportingOrganization": "Harborview CME",
    "Member": {
      "Name": {"GivenName": "Ana", "FamilyName": "Muñoz"},
      "PersonalInfo": {"BirthDate": "1980-02-29"}},
    "Activity": {
      "ProviderOrganization": "0001234",
      "Module": {
        "ModuleName": {"value": "Care of the Heart", "moduleID": "202600001"},
        "Status": "Completed",
        "CompletedDateTime": "2026-03-14T23:30:00",
        "CreditCertificate": [
          {"UniqueID": {"value": "A012345", "domain": "CA"},
           "CreditReceived": {"activityCertification": "AMA PRA Category 1", "creditUnit": "Point", "numberOfCredits": 1.25},
           "CreditID": "ccid:harborview:1"},
          {"UniqueID": [{"value": "123456", "domain": "ABIM"}],
           "CreditReceived": {"activityCertification": "Medical Knowledge", "creditUnit": "Point", "numberOfCredits": 1.25},
           "CreditID": "ccid:harborview:2"},
          {"UniqueID": [{"value": "123456", "domain": "ABIM"}],
           "CreditReceived": {"activityCertification": "Patient Safety", "creditUnit": "Point", "numberOfCredits": 0.5},
           "CreditID": "ccid:harborview:3"}]}},
    "XtensibleInfo": {"ProviderID": "0001234", "LearnerRecordAction": "add"}},
   {"ReportingOrganization": "Harborview CME",
    "Member": {"Name": {"GivenName": "Bo", "FamilyName": "Lund"}},
    "Participants": {"Participant": {
      "LocalIdentifier": {"value": "L-7", "domain": "idd:harborview:learner"},
      "StateOfPrimaryPractice": "California", "DEARegistration": "None", "Profession": "Pharmacist",
      "PracticeArea": "Pain", "SurgicalProcedures": false, "TimeInPractice": "6-10 years"}},
    "Activity": {
      "ProviderOrganization": "0001234",
      "RegulatoryInformation": {"CompliantToRegulation": {"label": "Opioid REMS", "value": "https://rems.example"}},
      "Module": {
        "ModuleName": {"value": "Care of the Heart", "moduleID": "202600001"},
        "Status": "Completed", "CompletedDateTime": "2026-03-14T00:00:00"}},
    "XtensibleInfo": {"LearnerRecordAction": "add"}}]}}}"#;

/// The same by the namespaces of the standard, identifiers as attributes, in another order.
const STANDARD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ACCMELearnerReports>
 <ActivityReports xmlns="http://ns.medbiq.org/activityreport/v1/" xmlns:m="http://ns.medbiq.org/member/v1/"
   xmlns:n="http://ns.medbiq.org/name/v1/" xmlns:x="http://ns.medbiq.org/lom/extend/v1/">
  <DateTimeCreated>2026-03-15T09:30:00</DateTimeCreated>
  <ActivityReport>
   <x:XtensibleInfo><x:LearnerRecordAction>Add</x:LearnerRecordAction></x:XtensibleInfo>
   <Activity>
    <Module>
     <CreditCertificate><UniqueID domain="CA">A012345</UniqueID><CreditReceived>
      <activityCertification>AMA PRA Category 1</activityCertification><creditUnit>Point</creditUnit>
      <numberOfCredits>1.25</numberOfCredits></CreditReceived><CreditID>ccid:harborview:1</CreditID></CreditCertificate>
     <CreditCertificate><UniqueID domain="ABIM">123456</UniqueID><CreditReceived>
      <activityCertification>Medical Knowledge</activityCertification><creditUnit>Point</creditUnit>
      <numberOfCredits>1.25</numberOfCredits></CreditReceived><CreditID>ccid:harborview:2</CreditID></CreditCertificate>
     <CreditCertificate><UniqueID domain="ABIM">123456</UniqueID><CreditReceived>
      <activityCertification>Patient Safety</activityCertification><creditUnit>Point</creditUnit>
      <numberOfCredits>0.50</numberOfCredits></CreditReceived><CreditID>ccid:harborview:3</CreditID></CreditCertificate>
     <CompletedDateTime>2026-03-14T23:30:00-08:00</CompletedDateTime><Status>Completed</Status>
     <ModuleName moduleID="202600001">Care of the Heart</ModuleName>
    </Module>
    <ProviderOrganization>0001234</ProviderOrganization>
   </Activity>
   <m:Member><n:Name><n:FamilyName>Muñoz</n:FamilyName><n:GivenName>Ana</n:GivenName></n:Name>
    <m:PersonalInfo><m:BirthDate>--02-29</m:BirthDate></m:PersonalInfo></m:Member>
   <ReportingOrganization>Harborview CME</ReportingOrganization>
  </ActivityReport>
  <ActivityReport>
   <ReportingOrganization>Harborview CME</ReportingOrganization>
   <m:Member><n:Name><n:GivenName>Bo</n:GivenName><n:FamilyName>Lund</n:FamilyName></n:Name></m:Member>
   <Participants><Participant><LocalIdentifier domain="idd:harborview:learner">L-7</LocalIdentifier>
    <StateOfPrimaryPractice>California</StateOfPrimaryPractice><DEARegistration>None</DEARegistration>
    <Profession>Pharmacist</Profession><PracticeArea>Pain</PracticeArea>
    <SurgicalProcedures>false</SurgicalProcedures><TimeInPractice>6-10 years</TimeInPractice></Participant></Participants>
   <Activity><ProviderOrganization>0001234</ProviderOrganization>
    <RegulatoryInformation><CompliantToRegulation label="Opioid REMS">https://rems.example</CompliantToRegulation>
    </RegulatoryInformation>
    <Module><ModuleName moduleID="202600001">Care of the Heart</ModuleName><Status>Completed</Status>
     <CompletedDateTime>2026-03-14T00:00:00</CompletedDateTime></Module></Activity>
   <x:XtensibleInfo><x:LearnerRecordAction>add</x:LearnerRecordAction></x:XtensibleInfo>
  </ActivityReport>
 </ActivityReports>
</ACCMELearnerReports>"#;

/// The draft's document as the drafts before it had it.
fn older() -> String {
    let date = r#""CompletedDateTime": "2026-03-14T23:30:00","#;
    let within = r#""CreditID": "ccid:harborview:1", "Status": "Completed", "CompletedDateTime": "2026-03-14"}"#;
    DRAFT
        .replace(date, "")
        .replace(r#""CreditID": "ccid:harborview:1"}"#, within)
        .replace("CompletedDateTime\": \"2026-03-14T00:00:00", "CompletionDate\": \"2026-03-14")
        .replace("CreditID", "CreditId")
        .replace("\"1980-02-29\"", "\"02-29\"")
        .replace(r#"[{"value": "123456", "domain": "ABIM"}]"#, r#"{"domain": "ABIM", "value": 123456}"#)
}

fn reports(outcome: &Outcome) -> Vec<LearnerReport> {
    for row in &outcome.rows {
        assert_eq!(row.origin.as_ref().unwrap().warnings, []);
    }
    outcome.reports()
}

#[test]
fn every_draft_reads_as_the_same_reports() {
    let draft = read_whole(DRAFT.as_bytes());
    let wanted = reports(&draft);
    assert_eq!(draft.codes(), [[], []]);
    assert_eq!(
        (wanted[0].learner.last.as_str(), wanted[0].submission_id.as_deref()),
        ("Muñoz", Some("ccid:harborview:1"))
    );
    assert_eq!(wanted[0].moc.as_ref().unwrap().types.len(), 2);
    assert_eq!(wanted[1].rems.as_ref().unwrap().dea, "None");
    for (name, text) in [("standard", STANDARD.to_owned()), ("older", older())] {
        assert_eq!(reports(&read_whole(text.as_bytes())), wanted, "{name}");
    }
}

#[test]
fn the_root_may_be_left_out_and_one_report_need_be_no_array() {
    let wanted = reports(&read_whole(DRAFT.as_bytes()));
    let value: serde_json::Value = serde_json::from_str(DRAFT).unwrap();
    let all = &value["ACCMELearnerReports"]["ActivityReports"];
    let single = serde_json::json!({"ActivityReports": {"ActivityReport": all["ActivityReport"][0]}});
    for (text, count) in [(all.to_string(), 2), (single.to_string(), 1)] {
        assert_eq!(reports(&read_whole(text.as_bytes())), wanted[..count]);
    }
}

#[test]
fn the_example_of_the_guide_is_a_good_report() {
    let guide = include_str!("../../../../../docs/API.md");
    let (_, rest) = guide.split_once("cat > reports.json <<'END'\n").unwrap();
    let (example, _) = rest.split_once("    END\n").unwrap();
    let outcome = read_whole(example.as_bytes());
    let found = reports(&outcome);
    assert_eq!(outcome.codes(), [[]]);
    assert_eq!((found.len(), found[0].moc.is_some(), found[0].cme.is_some()), (1, true, true));
}
