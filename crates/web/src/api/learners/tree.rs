//! The tree of formats.md section 2 as a schema: what is written, and what is best sent. Reading is more
//! lenient than this: other cases and order, texts for numbers, one object for an array.

use std::borrow::Cow;

use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, Type};
use utoipa::openapi::xml::XmlBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A document of learner reports, one at least.
pub(super) struct LearnerDocument;

impl PartialSchema for LearnerDocument {
    fn schema() -> RefOr<Schema> {
        group("A document of learner reports, one at least.")
            .property("ACCMELearnerReports", Ref::from_schema_name("ACCMELearnerReports"))
            .required("ACCMELearnerReports")
            .into()
    }
}

impl ToSchema for LearnerDocument {
    fn name() -> Cow<'static, str> {
        "LearnerDocument".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("ACCMELearnerReports".into(), root().into()));
        schemas.push(("ActivityReport".into(), report().into()));
        schemas.push(("CreditCertificate".into(), certificate().into()));
        schemas.push(("UniqueID".into(), unique_id().into()));
        schemas.push(("RecordResult".into(), result().into()));
    }
}

fn root() -> ObjectBuilder {
    let reports = several(Ref::from_schema_name("ActivityReport")).min_items(Some(1));
    let inner = group("All reports.")
        .property("DateTimeCreated", moment("When the document was made."))
        .property("ActivityReport", reports)
        .required("ActivityReport");
    group("The root of an XML document, and the one key of a JSON document.")
        .property("ActivityReports", inner)
        .required("ActivityReports")
        .xml(Some(XmlBuilder::new().name(Some("ACCMELearnerReports")).build()))
}

fn report() -> ObjectBuilder {
    let name = group("As on the license.")
        .property("GivenName", text("First name."))
        .property("FamilyName", text("Last name."));
    let birth = group("Of it month and day alone are read and kept.")
        .property("BirthDate", text("--MM-DD, MM/DD, or a date, whose year is dropped."));
    let member = group("Who the learner is.").property("Name", name).property("PersonalInfo", birth);
    let participants = group("Of REMS alone: details of the learner, who need not be a physician.")
        .property("Participant", participant());
    let module = group("What was completed.")
        .property("ModuleName", module_name())
        .property("Status", one_of("Completed is the only one that is taken.", &["Completed"]))
        .property("CompletedDateTime", text("The day as it is written counts; a time or zone never moves it."))
        .property("CreditCertificate", several(Ref::from_schema_name("CreditCertificate")));
    let regulation = group("Of REMS: the regulation that it complies with.")
        .property("label", attribute(text("Its name.")))
        .property("value", text("Its address."));
    let regulatory = group("Of REMS.").property("CompliantToRegulation", regulation);
    let activity = group("The activity.")
        .property("ProviderOrganization", text("Your provider ID, seven digits. Another one refuses the report."))
        .property("RegulatoryInformation", regulatory)
        .property("Module", module);
    let extension = group("What the accreditor asks for beside the metadata standard.")
        .property("ProviderID", text("Your provider ID again."))
        .property("LearnerRecordAction", one_of("What is to be done.", &["add", "delete"]))
        .property("SubmissionID", text("Ours: your own ID of the report, in place of a CreditID."))
        .property("InternalActivityID", text("Ours: your own ID of the activity, in place of moduleID."));
    group("One learner’s completion of one activity.")
        .property("ReportingOrganization", text("Your name. It is not compared."))
        .property("Member", member)
        .property("Participants", participants)
        .property("Activity", activity)
        .property("XtensibleInfo", extension)
        .property("Result", Ref::from_schema_name("RecordResult"))
}

fn participant() -> ObjectBuilder {
    let local = group("Your own ID of the learner.")
        .property("domain", attribute(text("As idd:name:kind.")))
        .property("value", text("The ID."));
    let surgical = ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .description(Some("Whether the learner performs surgical procedures."));
    group("A REMS learner.")
        .property("LocalIdentifier", local)
        .property("StateOfPrimaryPractice", text("The state."))
        .property("DEARegistration", text("Individual, Institutional or None."))
        .property("Profession", text("Physician, Nurse and so on."))
        .property("PracticeArea", text("The clinical area."))
        .property("SurgicalProcedures", surgical)
        .property("TimeInPractice", text("Trainee, or years."))
}

fn module_name() -> ObjectBuilder {
    group("The activity’s ID and name.")
        .property("moduleID", attribute(text("The ACCME Activity ID, nine digits.")))
        .property("value", text("Its title. It is not compared."))
}

fn certificate() -> ObjectBuilder {
    let amount = ObjectBuilder::new()
        .schema_type(Type::Number)
        .exclusive_minimum(Some(0))
        .multiple_of(Some(0.25))
        .description(Some("A multiple of 0.25."));
    let received = group("The credit.")
        .property("activityCertification", text("AMA PRA Category 1, or a credit type of the board."))
        .property("boardTotal", text("Ours: the board’s total, where it is not the largest amount."))
        .property("creditUnit", text("Point."))
        .property("numberOfCredits", amount);
    let ids = OneOfBuilder::new()
        .description(Some("Who earned it: one identifier, or several."))
        .item(Ref::from_schema_name("UniqueID"))
        .item(several(Ref::from_schema_name("UniqueID")));
    group("Credit, with the identifier by which its destination knows the learner. Several of one board are its credit types: tags over the same points.")
        .property("UniqueID", ids)
        .property("CreditReceived", received)
        .property(
            "CreditID",
            text("Your own ID, as ccid:name:number. It stands for one completion.").pattern(Some("^ccid:[^:]+:[^:]+$")).max_length(Some(300)),
        )
}

fn unique_id() -> ObjectBuilder {
    group("An identifier and who issued it.")
        .property("domain", attribute(text("NPI, a state, or a certifying board’s code.")))
        .property("value", text("The number."))
}

fn result() -> ObjectBuilder {
    let amount = ObjectBuilder::new().schema_type(Type::Number).description(Some("Not of REMS."));
    let derived =
        ObjectBuilder::new().schema_type(Type::Boolean).description(Some("The system made it of other credit."));
    let destination = group("Where credit goes, and what that place says of it.")
        .property("name", text("CME, a certifying board’s code, or REMS."))
        .property("status", one_of("Its answer.", &["Pending", "Accepted", "Rejected"]))
        .property("reason", text("Why it was rejected."))
        .property("numberOfCredits", amount)
        .property("isDerived", derived)
        .property("reportedAt", moment("When it was put on record."));
    group("Of what is on record; what is sent leaves it out, and it is passed over.")
        .property("creditId", text("As ccid:provider:completion."))
        .property("destination", several(destination))
}

fn group(words: &str) -> ObjectBuilder {
    ObjectBuilder::new().description(Some(words))
}

fn several(item: impl Into<RefOr<Schema>>) -> ArrayBuilder {
    ArrayBuilder::new().items(item.into())
}

fn text(words: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(words))
}

fn moment(words: &str) -> ObjectBuilder {
    text(words).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

fn one_of(words: &str, choices: &[&str]) -> ObjectBuilder {
    text(words).enum_values(Some(choices.iter().copied()))
}

fn attribute(schema: ObjectBuilder) -> ObjectBuilder {
    schema.xml(Some(XmlBuilder::new().attribute(Some(true)).build()))
}
