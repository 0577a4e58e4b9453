//! Documents built by hand from the drafts, in both spellings where the drafts disagree.

use domain::Amount;
use domain::activity::{Delivery, Fee, Format, Providership, Registration, Support};
use formats::activities::{Action, ActivityFormat, DocumentWriter, record};
use jiff::civil::date;

use super::{ID, id, only, provider, reference, request, told};

/// As the schema of v0_1_2 nests and spells: `ParticipationMetrics`, a key that ends in a space, the
/// typographic apostrophe, categories by profession.
const SCHEMA: &str = r#"{
  "ACCMEActivities": {
    "MedicalEducationMetrics": [{
      "ReportDescription": { "ReportingStartDate": "2026", "ReportingEndDate": "2026-03-31" },
      "ActivityDescription": { "commercialSupportAmount": [
        { "currency": "USD", "supportSource": "Acme Pharma", "value": 5000 } ] },
      "Lom": { "general": {
        "identifier": [
          { "catalog": "ACCME Activity ID", "entry": "202600001" },
          { "catalog": "Provider Activity ID", "entry": "CARD-26-03" },
          { "catalog": "URL", "entry": "https://example.org/heart" } ],
        "title": "Care of the Heart", "description": "What is new.",
        "keyword": [ { "id": "Level 3 ID", "source": "01_ABAMCO", "string": "1.2.3" },
                     { "id": "Tag ID", "source": "01_ABAMCO", "string": "77" } ] } },
      "healthcareMetadata": { "healthcareEducation": {
        "credits": { "activityCertification": "AMA PRA Category 1", "numberOfCredits": 7.25,
                     "nonAccreditedProvider": ["Heart Society"] },
        "activityLocation": { "city": "Reno", "stateOrProvince": "CA", "country": "USA" },
        "startDateTime": "2026-03-01T00:00:00", "endDateTime": "2026-03-31T23:59:59-06:00",
        "activitySponsorship": "joint", "activityFormat": "Live Course", "commercialSupport": true,
        "targetAudience": { "profession": ["Nurse"], "specialty": ["Cardiology"] } } },
      "ParticipationMetrics": { "participantsByCategory": [
        { "category": "physician", "numberOfParticipants": 0 },
        { "category": "nurse", "numberOfParticipants": 12 },
        { "category": "athletic trainers", "numberOfParticipants": 3 },
        { "category": "other", "numberOfParticipants": 5 } ] },
      "XtensibleInfo": {
        "ProviderID": "0001234",
        "isInterprofessional ": true,
        "CommendationTags": { "CommendationTag": ["Engages Teams"] },
        "InKindSupports": { "InKindSupport": [ { "source": "Device Co" } ] },
        "DeliveryMethods": { "DeliveryMethod": ["In-Person", "Live-Streamed"] },
        "MeasuredOutcomes": [ { "MeasuredOutcome": "Learner Knowledge", "MeasurementType": ["Objective"] } ],
        "MOCRegistrations": { "MOCRegistration": [ { "boardName": "ABIM", "mocPoints": 7,
          "MOCCreditType": ["Medical Knowledge"], "CreditClaimDate": "2026-12-31" } ] },
        "ContentOutlines": { "ContentOutlineSelections": [ { "ContentOutlineSource": "A publisher",
          "ContentOutlineKeys": [ { "ContentKeyword": "Topic", "ContentKeywordValue": "Valves" } ] } ] },
        "ForPublicList": true, "FeeForParticipation": "No, it’s free", "ActivityRegistration": "Open to all",
        "IsMeritBasedIncentivePaymentSystem": false,
        "REMS": { "REMSType": "Opioid Analgesic", "REMSRelatedIdentifier": "EG-123456-001" },
        "HasStateContentTags": true,
        "StateContentTags": { "StateContent": [
          { "StateContentDomain": "Opioids", "StateContentTopic": "Prescribing" } ] },
        "PharmacyRecertificationRequirements": [
          { "PharmacyAudience": "Pharmacists", "PharmacyRequirement": "Law" } ],
        "HasPharmacyContentTags": "not sure",
        "activityRecordAction": "Update", "closeActivityRecord": true } }] } }"#;

#[test]
fn a_document_of_the_schema_is_read_whole() {
    let (activity, reading) = only(&request(SCHEMA.as_bytes(), ActivityFormat::Json).unwrap());
    assert_eq!((reading.action, reading.close), (Some(Action::Update), Some(true)));
    assert_eq!(reading.activity_id.unwrap().to_string(), ID);
    assert_eq!(reading.provider, "0001234");
    assert_eq!((activity.title.as_str(), activity.internal_id.as_str()), ("Care of the Heart", "CARD-26-03"));
    assert_eq!((activity.starts_on, activity.ends_on), (date(2026, 3, 1), date(2026, 3, 31)));
    assert_eq!(activity.deliveries, [Delivery::InPerson, Delivery::LiveStreamed]);
    assert_eq!(activity.credit, Some(Amount::new(725)));
    assert_eq!(activity.joint_providers, ["Heart Society"]);
    assert_eq!(activity.providership, Some(Providership::Joint));
    assert_eq!((activity.fee, activity.registration), (Some(Fee::Free), Some(Registration::Open)));
    assert_eq!(
        (activity.in_passport, activity.is_interprofessional, activity.is_mips),
        (Some(true), Some(true), Some(false))
    );
    let support = [("Acme Pharma", Some(5000)), ("Device Co", None)];
    assert_eq!(activity.support, support.map(|(source, dollars)| Support { source: source.into(), dollars }));
    assert_eq!((activity.physician_total, activity.other_total), (Some(0), Some(20)));
    let counts: Vec<_> = activity.other_breakdown.iter().map(|one| (one.profession.as_str(), one.count)).collect();
    assert_eq!(counts, [("Nurse", 12), ("Athletic Trainer", 3)]);
    assert_eq!(activity.outcomes[0].outcome, "knowledge");
    assert!(activity.outcomes[0].objective && !activity.outcomes[0].subjective);
    assert_eq!(activity.moc[0].credit_types, ["Medical Knowledge"]);
    assert_eq!(activity.moc[0].practice_areas, ["Cardiology"], "the draft's home of practice areas");
    assert_eq!(activity.moc[0].claim_until, Some(date(2026, 12, 31)));
    assert_eq!(activity.outlines.len(), 2);
    assert_eq!(activity.outlines[0].keys.len(), 2);
    assert_eq!(activity.rems.unwrap().identifier, "EG-123456-001");
    assert_eq!(activity.pharmacy.unwrap().recertification[0].audience, "Pharmacists");
    assert_eq!(
        told(&reading.warnings),
        ["professions_summed line 24, column 56, /ACCMEActivities/MedicalEducationMetrics/0/ParticipationMetrics\
          /participantsByCategory/1/numberOfParticipants"]
    );
}

/// The same activity as XML: prefixes, attributes, another order, the other spellings.
const XML: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!-- from a learning system -->
<a:ACCMEActivities xmlns:a="urn:any" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:any x.xsd">
 <a:MedicalEducationMetrics>
  <XtensibleInfo>
    <closeActivityRecord>true</closeActivityRecord>
    <activityRecordAction>update</activityRecordAction>
    <ProviderID>0001234</ProviderID>
    <isInterprofessional>true</isInterprofessional>
    <CommendationTags><CommendationTag>Engages Teams</CommendationTag></CommendationTags>
    <InKindSupports><InKindSupport source="Device Co"/></InKindSupports>
    <DeliveryMethods><DeliveryMethod>In-Person</DeliveryMethod><DeliveryMethod>Live-Streamed</DeliveryMethod></DeliveryMethods>
    <MeasuredOutcomes><MeasuredOutcome>Learner Knowledge</MeasuredOutcome><MeasurementType>Objective</MeasurementType></MeasuredOutcomes>
    <MOCRegistrations><MOCRegistration><boardName>ABIM</boardName><mocPoints>7.00</mocPoints>
      <MOCCreditType>Medical Knowledge</MOCCreditType><CreditClaimDate>2026-12-31</CreditClaimDate></MOCRegistration></MOCRegistrations>
    <ContentOutlines><ContentOutlineSelections ContentOutlineSource="A publisher">
      <ContentOutlineKeys ContentKeyword="Topic" ContentKeywordValue="Valves"/></ContentOutlineSelections></ContentOutlines>
    <ForPublicList>1</ForPublicList>
    <FeeForParticipation>No, it's free</FeeForParticipation>
    <ActivityRegistration>Open to all</ActivityRegistration>
    <IsMeritBasedIncentivePaymentSystem>false</IsMeritBasedIncentivePaymentSystem>
    <REMS REMSType="Opioid Analgesic" REMSRelatedIdentifier="EG-123456-001"/>
    <HasStateContentTags>true</HasStateContentTags>
    <StateContentTags><StateContent><StateContentDomain>Opioids</StateContentDomain>
      <StateContentTopic>Prescribing</StateContentTopic></StateContent></StateContentTags>
    <PharmacyRecertificationRequirements><PharmacyAudience>Pharmacists</PharmacyAudience>
      <PharmacyRequirement>Law</PharmacyRequirement></PharmacyRecertificationRequirements>
    <HasPharmacyContentTags>not sure</HasPharmacyContentTags>
  </XtensibleInfo>
  <participationMetrics>
    <participantsByCategory><category>Physician</category><numberOfParticipants>0</numberOfParticipants></participantsByCategory>
    <participantsByCategory category="non-physician" numberOfParticipants="20"/>
    <participantsByCategory category="Nurse" numberOfParticipants="12"/>
    <participantsByCategory category="Athletic Trainer" numberOfParticipants="3"/>
  </participationMetrics>
  <h:healthcareMetadata xmlns:h="http://ns.medbiq.org/lom/extend/v1/"><h:healthcareEducation>
    <h:activityFormat>Live Course</h:activityFormat>
    <h:targetAudience><h:profession>Nurse</h:profession><h:specialty>Cardiology</h:specialty></h:targetAudience>
    <h:credits activityCertification="AMA PRA Category 1 Credit™"><h:numberOfCredits> 7.25 </h:numberOfCredits>
      <h:nonAccreditedProvider>Heart Society</h:nonAccreditedProvider></h:credits>
    <h:activityLocation country="USA"><h:city>Reno</h:city><h:stateOrProvince>California</h:stateOrProvince></h:activityLocation>
    <h:startDateTime>2026-03-01T00:00:00</h:startDateTime><h:endDateTime>03/31/2026</h:endDateTime>
    <h:activitySponsorship>Joint</h:activitySponsorship>
    <h:commercialSupport>true</h:commercialSupport>
  </h:healthcareEducation></h:healthcareMetadata>
  <Lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
    <identifier><catalog>ACCME Activity ID</catalog><entry>202600001</entry></identifier>
    <identifier catalog="Provider Activity ID" entry="CARD-26-03"/>
    <identifier catalog="URL">https://example.org/heart</identifier>
    <title><string xml:lang="en"><![CDATA[Care of]]> the H&#101;art</string></title>
    <description><string>What is new.</string></description>
    <keyword id="Level 3 ID" source="01_ABAMCO"><string>1.2.3</string></keyword>
    <keyword id="Tag ID" source="01_ABAMCO">77</keyword>
  </general></Lom>
  <ActivityDescription>
    <commercialSupportAmount currency="usd" supportSource="Acme Pharma">5000</commercialSupportAmount>
  </ActivityDescription>
  <ReportDescription><ReportingStartDate>2026</ReportingStartDate><ReportingEndDate>2026</ReportingEndDate></ReportDescription>
 </a:MedicalEducationMetrics>
</a:ACCMEActivities>
"#;

#[test]
fn the_same_activity_as_xml_is_the_same() {
    let (of_json, json) = only(&request(SCHEMA.as_bytes(), ActivityFormat::Json).unwrap());
    let (of_xml, xml) = only(&request(XML.as_bytes(), ActivityFormat::Xml).unwrap());
    assert_eq!(xml.warnings, []);
    let by_source = |mut activity: domain::activity::Activity| {
        activity.outlines.sort_by(|a, b| a.source.cmp(&b.source));
        activity.support.sort_by(|a, b| a.source.cmp(&b.source));
        activity
    };
    assert_eq!(by_source(of_xml), by_source(of_json));
    assert_eq!((xml.action, xml.close, xml.activity_id), (json.action, json.close, json.activity_id));
}

#[test]
fn encodings_change_nothing() {
    let plain = only(&request(XML.as_bytes(), ActivityFormat::Xml).unwrap()).0;
    let marked = [b"\xEF\xBB\xBF", XML.as_bytes()].concat();
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let wide = XML.replace("utf-8", "UTF-16").replace('™', "");
    let little: Vec<u8> = units(&format!("\u{FEFF}{wide}")).iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units(&format!("\u{FEFF}{wide}")).iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let latin = XML.replace("utf-8", "windows-1252");
    let latin: Vec<u8> = latin.chars().map(|c| if c == '™' { 0x99 } else { c as u8 }).collect();
    for bytes in [marked, little, big, latin] {
        assert_eq!(only(&request(&bytes, ActivityFormat::Xml).unwrap()).0, plain);
    }
    let wide: Vec<u8> = units(&format!("\u{FEFF}{SCHEMA}")).iter().flat_map(|unit| unit.to_le_bytes()).collect();
    assert_eq!(
        only(&request(&wide, ActivityFormat::Json).unwrap()).0,
        only(&request(SCHEMA.as_bytes(), ActivityFormat::Json).unwrap()).0
    );
}

/// A document of one activity with something more in its extension and education.
fn small(format: &str, extension: &str, education: &str) -> String {
    format!(
        "<ACCMEActivities><MedicalEducationMetrics><Lom><general><title>T</title></general></Lom>\
         <healthcareMetadata><healthcareEducation><startDateTime>2026-03-01</startDateTime>\
         <endDateTime>2026-03-02</endDateTime><activityFormat>{format}</activityFormat>{education}\
         </healthcareEducation></healthcareMetadata><XtensibleInfo>{extension}</XtensibleInfo>\
         </MedicalEducationMetrics></ACCMEActivities>"
    )
}

#[test]
fn old_names_of_formats_are_translated_with_a_warning() {
    for (name, format, delivery) in [
        ("Course", Format::LiveCourse, Delivery::InPerson),
        ("Internet Live Course", Format::LiveCourse, Delivery::LiveStreamed),
        ("Internet Enduring Material", Format::EnduringMaterial, Delivery::Online),
    ] {
        let text = small(name, "", "");
        let (activity, reading) = only(&request(text.as_bytes(), ActivityFormat::Xml).unwrap());
        assert_eq!((activity.format, activity.deliveries), (format, vec![delivery]));
        assert_eq!(reading.warnings[0].code(), "format_renamed");
        let today = format!("“{name}” is called {format}, {delivery} today.");
        assert_eq!(reading.warnings[0].message(), today);
    }
    let both = small("Course", "<DeliveryMethods><DeliveryMethod>Live-Streamed</DeliveryMethod></DeliveryMethods>", "");
    let (activity, _) = only(&request(both.as_bytes(), ActivityFormat::Xml).unwrap());
    assert_eq!(activity.deliveries, [Delivery::LiveStreamed], "what is said counts more than an old name");
}

#[test]
fn what_was_removed_in_2021_and_what_nobody_knows_is_told_and_ignored() {
    let extension = "<reportingYear>2020</reportingYear><Competencies><Competency>Medical Knowledge</Competency>\
                     </Competencies><InKindSupports><InKindSupport><source>S</source><inKindType>Space</inKindType>\
                     </InKindSupport></InKindSupports><Colour>red</Colour>";
    let text = small("Live Course", extension, "<hoursOfInstruction>3</hoursOfInstruction>");
    let (activity, reading) = only(&request(text.as_bytes(), ActivityFormat::Xml).unwrap());
    assert_eq!(activity.support, [Support { source: "S".into(), dollars: None }]);
    let told: Vec<_> = reading.warnings.iter().map(|warning| (warning.code(), warning.message())).collect();
    let removed = |name: &str| ("field_removed", format!("“{name}” is no longer collected."));
    assert_eq!(
        told,
        [
            removed("hoursOfInstruction"),
            removed("reportingYear"),
            removed("Competencies"),
            removed("inKindType"),
            ("name_unknown", "“Colour” is not a name of this format.".into()),
        ]
    );
}

#[test]
fn an_array_of_documents_and_one_object_for_an_array_are_read() {
    let one = r#"{"ACCMEActivities":{"MedicalEducationMetrics":{"Lom":{"general":{"title":"T","identifier":
        {"catalog":"url","entry":"https://example.org"}}},"healthcareMetadata":{"healthcareEducation":{"startDateTime":
        "2026-03-01","endDateTime":"2026-03-02","activityFormat":"RSS"}},"XtensibleInfo":{"DeliveryMethods":"Online",
        "CommendationTags":null,"MOCRegistrations":{"boardName":"abpath","mocPoints":1,"MOCCreditType":"lifelong learning"}}}}}"#;
    let (activity, reading) = only(&request(one.as_bytes(), ActivityFormat::Json).unwrap());
    assert_eq!(activity.url, "https://example.org");
    assert_eq!((activity.format, activity.deliveries), (Format::RegularlyScheduledSeries, vec![Delivery::Online]));
    assert_eq!(activity.moc[0].credit_types, ["Lifelong Learning"]);
    assert_eq!(reading.warnings, []);
    let two = request(format!("[{one},{one}]").as_bytes(), ActivityFormat::Json).unwrap();
    let paths: Vec<String> = two.submitted.iter().map(|one| one.record.place.to_string()).collect();
    assert_eq!(
        paths,
        [
            "line 1, column 48, /0/ACCMEActivities/MedicalEducationMetrics",
            "line 4, column 175, /1/ACCMEActivities/MedicalEducationMetrics"
        ]
    );
}

#[test]
fn a_delete_needs_only_the_activity() {
    let text = r#"{"MedicalEducationMetrics":[{"Lom":{"general":{"identifier":[{"catalog":"ACCME Activity ID",
        "entry":"202600001"}]}},"XtensibleInfo":{"activityRecordAction":"DELETE"}}, {"XtensibleInfo":
        {"activityRecordAction":"Delete"}}]}"#;
    let readings = request(text.as_bytes(), ActivityFormat::Json).unwrap().readings();
    assert_eq!((readings[0].action, readings[0].problems.len()), (Some(Action::Delete), 0));
    assert_eq!(readings[0].activity_id.unwrap(), id());
    assert_eq!(readings[1].problems[0].code(), "activity_missing");
}

#[test]
fn documents_are_written_in_one_spelling_and_order() {
    let (activity, _) = only(&request(SCHEMA.as_bytes(), ActivityFormat::Json).unwrap());
    let write = |format| {
        let mut writer = DocumentWriter::begin(Vec::new(), format).unwrap();
        writer.write(&record(&activity, &reference(), Some(Action::Add))).unwrap();
        String::from_utf8(writer.finish().unwrap()).unwrap()
    };
    let xml = write(ActivityFormat::Xml);
    let order = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ACCMEActivities>\n<MedicalEducationMetrics><ReportDescription>",
        "<ActivityDescription><commercialSupportAmount currency=\"USD\" supportSource=\"Acme Pharma\">5000</",
        "<Lom xmlns=\"http://ltsc.ieee.org/xsd/LOM\"><general><identifier><catalog>ACCME Activity ID</catalog>",
        "<healthcareMetadata xmlns=\"http://ns.medbiq.org/lom/extend/v1/\"><healthcareEducation><credits>",
        "<activitySponsorship>joint</activitySponsorship><activityFormat>Live Course</activityFormat>",
        "<participationMetrics><participantsByCategory><category>physician</category><numberOfParticipants>0<",
        "<XtensibleInfo><ProviderID>",
        "<FeeForParticipation>No, it’s free</FeeForParticipation>",
        "<activityRecordAction>Add</activityRecordAction></XtensibleInfo></MedicalEducationMetrics>\n",
    ];
    let mut from = 0;
    for piece in order {
        from += xml[from..].find(piece).unwrap_or_else(|| panic!("{piece} is not behind {from} of {xml}"));
    }
    let json = write(ActivityFormat::Json);
    for piece in
        ["\"participationMetrics\":{", "\"numberOfCredits\":7.25", "\"isInterprofessional\":true", "\"value\":5000"]
    {
        assert!(json.contains(piece), "{piece} in {json}");
    }
    assert!(!json.contains("isInterprofessional \""));
    assert_eq!(activity.provider, provider());
}
