//! The tree of formats.md section 3 as a schema, from the fields' own table: what is written, and what
//! is best sent. Reading is more lenient than this: other spellings, texts for numbers, any order.
//!
//! A test in `tests/it/openapi.rs` holds every written document against it.

use std::borrow::Cow;

use domain::activity::{Delivery, Fee, Format, Registration};
use formats::activities::{Choice, Field, Kind};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::xml::XmlBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A document of activities, one at least.
pub(super) struct ActivityDocument;

/// A document of the activities that were found, which may be none.
pub(super) struct FoundActivities;

impl PartialSchema for ActivityDocument {
    fn schema() -> RefOr<Schema> {
        document("A document of activities, one at least.", "ACCMEActivities").into()
    }
}

impl ToSchema for ActivityDocument {
    fn name() -> Cow<'static, str> {
        "ActivityDocument".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("ACCMEActivities".into(), root(1).into()));
        schemas.push(("MedicalEducationMetrics".into(), activity().into()));
        schemas.push(("Credit".into(), credit().into()));
        schemas.push(("XtensibleInfo".into(), extension().into()));
    }
}

impl PartialSchema for FoundActivities {
    fn schema() -> RefOr<Schema> {
        document("A document of activities, of none if none was found.", "FoundACCMEActivities").into()
    }
}

impl ToSchema for FoundActivities {
    fn name() -> Cow<'static, str> {
        "FoundActivities".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ActivityDocument::schemas(schemas);
        schemas.push(("FoundACCMEActivities".into(), root(0).into()));
    }
}

fn document(words: &str, root: &str) -> ObjectBuilder {
    group(words).property("ACCMEActivities", Ref::from_schema_name(root)).required("ACCMEActivities")
}

fn root(least: usize) -> ObjectBuilder {
    let activities = several(Ref::from_schema_name("MedicalEducationMetrics"));
    group("The root of an XML document, and the one key of a JSON document.")
        .property("MedicalEducationMetrics", activities.min_items(Some(least).filter(|least| *least > 0)))
        .required("MedicalEducationMetrics")
        .xml(Some(XmlBuilder::new().name(Some("ACCMEActivities")).build()))
}

/// The name of a format, as it is written.
pub(super) struct FormatName;

impl PartialSchema for FormatName {
    fn schema() -> RefOr<Schema> {
        leaf(Field::Format).into()
    }
}

impl ToSchema for FormatName {}

fn activity() -> ObjectBuilder {
    let report = group("The activity's own dates again; they are not read.")
        .property("ReportingStartDate", leaf(Field::StartsOn))
        .property("ReportingEndDate", leaf(Field::EndsOn));
    let support = group("Commercial support in money.")
        .property("currency", attribute(one_of(&["USD"])))
        .property("supportSource", attribute(leaf(Field::Supporter)))
        .property("value", leaf(Field::SupportAmount));
    let catalogs = one_of(&["ACCME Activity ID", "Provider Activity ID", "URL"]);
    let identifier = group("Our ID, your own ID, and where physicians find it.")
        .property("catalog", catalogs)
        .property("entry", text("The ID or address."));
    let general = group("What it is.")
        .property("identifier", several(identifier))
        .property("title", leaf(Field::Title))
        .property("description", leaf(Field::Description));
    let participants = group("Learners of one kind.")
        .property("category", text("physician, non-physician (the total of all others), or a profession among them."))
        .property("numberOfParticipants", leaf(Field::OtherTotal));
    group("One activity. Whatever a record leaves out is empty afterwards.")
        .property("ReportDescription", report)
        .property("ActivityDescription", group("Support.").property("commercialSupportAmount", several(support)))
        .property("Lom", group("Learning object metadata.").property("general", general))
        .property("healthcareMetadata", group("Its part for healthcare.").property("healthcareEducation", education()))
        .property("participationMetrics", group("Learners.").property("participantsByCategory", several(participants)))
        .property("XtensibleInfo", Ref::from_schema_name("XtensibleInfo"))
}

fn education() -> ObjectBuilder {
    let credits = OneOfBuilder::new()
        .description(Some("AMA PRA Category 1, or an array with other credit beside it."))
        .item(Ref::from_schema_name("Credit"))
        .item(several(Ref::from_schema_name("Credit")));
    let location = group("Where it takes place, if in person.")
        .property("city", leaf(Field::City))
        .property("stateOrProvince", leaf(Field::State))
        .property("country", leaf(Field::Country));
    let audience = group("Whom it is for.")
        .property("profession", several(leaf(Field::Professions)))
        .property("specialty", several(leaf(Field::Specialties)));
    group("When, how and for whom.")
        .property("credits", credits)
        .property("activityLocation", location)
        .property("startDateTime", text("The first day, as YYYY-MM-DD; a time behind it does not count."))
        .property("endDateTime", text("The last day."))
        .property("activitySponsorship", one_of(&["direct", "joint"]))
        .property("activityFormat", leaf(Field::Format))
        .property("commercialSupport", leaf(Field::HasSupport))
        .property("targetAudience", audience)
}

fn credit() -> ObjectBuilder {
    group("An amount of one kind of credit.")
        .property("activityCertification", text("AMA PRA Category 1, or the name of other credit."))
        .property("numberOfCredits", leaf(Field::Credit))
        .property("nonAccreditedProvider", several(leaf(Field::JointProvider)))
}

fn extension() -> ObjectBuilder {
    let in_kind = group("Support in kind.").property("source", leaf(Field::Supporter));
    let outcome = group("An outcome and how it was measured.")
        .property("MeasuredOutcome", leaf(Field::Outcome))
        .property("MeasurementType", several(leaf(Field::OutcomeWays)));
    let areas = ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .description(Some("The board's practice areas. Left out altogether, the activity's specialties count."))
        .items(leaf(Field::MocPracticeAreas));
    let registration = group("Registration for one certifying board's MOC.")
        .property("boardName", leaf(Field::MocBoard))
        .property("mocPoints", leaf(Field::MocPoints))
        .property("MOCCreditType", several(leaf(Field::MocCreditTypes)))
        .property("practiceArea", areas)
        .property("CreditClaimDate", leaf(Field::MocClaimUntil))
        .property("undertaking", several(leaf(Field::MocUndertakings)));
    let key = group("A row of the outline.")
        .property("ContentKeyword", leaf(Field::OutlineKeyword))
        .property("ContentKeywordValue", leaf(Field::OutlineValue));
    let selection = group("Rows of one publisher's outline.")
        .property("ContentOutlineSource", leaf(Field::OutlineSource))
        .property("ContentOutlineKeys", several(key));
    let state = group("Content that a state asks for.")
        .property("StateContentDomain", leaf(Field::StateDomain))
        .property("StateContentTopic", leaf(Field::StateTopic));
    let rems = group("The REMS program, if it belongs to one.")
        .property("REMSType", leaf(Field::RemsKind))
        .property("REMSRelatedIdentifier", leaf(Field::RemsIdentifier));
    let within = |name, inner: RefOr<Schema>| group("").property(name, inner);
    let all = group("What the accreditor asks for beside the metadata standard.")
        .property("ProviderID", leaf(Field::ProviderId))
        .property("isInterprofessional", leaf(Field::IsInterprofessional))
        .property("CommendationTags", within("CommendationTag", several(leaf(Field::CommendationTags)).into()))
        .property("InKindSupports", within("InKindSupport", several(in_kind).into()))
        .property("DeliveryMethods", within("DeliveryMethod", several(leaf(Field::Deliveries)).into()))
        .property("MeasuredOutcomes", several(outcome))
        .property("MOCRegistrations", within("MOCRegistration", several(registration).into()))
        .property("ContentOutlines", within("ContentOutlineSelections", several(selection).into()))
        .property("ForPublicList", leaf(Field::InPassport))
        .property("FeeForParticipation", leaf(Field::Fee))
        .property("ActivityRegistration", leaf(Field::Registration))
        .property("IsMeritBasedIncentivePaymentSystem", leaf(Field::IsMips))
        .property("REMS", rems);
    pharmacy(all)
        .property("HasStateContentTags", leaf(Field::HasStateTopics))
        .property("StateContentTags", within("StateContent", several(state).into()))
        .property("activityRecordAction", leaf(Field::RecordAction))
        .property("closeActivityRecord", leaf(Field::Close))
}

fn pharmacy(all: ObjectBuilder) -> ObjectBuilder {
    let requirement = group("A requirement of recertification.")
        .property("PharmacyAudience", leaf(Field::RequirementAudience))
        .property("PharmacyRequirement", leaf(Field::Requirement));
    let tags = group("Content that states ask for of pharmacists.")
        .property("PharmacyState", several(leaf(Field::ContentStates)))
        .property("PharmacyContentTopic", several(leaf(Field::ContentTopics)));
    all.property("PharmacyActivityType", leaf(Field::PharmacyType))
        .property("PharmacyActivityTopic", leaf(Field::PharmacyTopic))
        .property("PharmacyLiveDate", leaf(Field::PharmacyLiveOn))
        .property("PharmacySequenceNumber", leaf(Field::PharmacySequence))
        .property("UANPharmacy", leaf(Field::PharmacyUan))
        .property("UANPharmacyTech", leaf(Field::PharmacyUanTechnician))
        .property("HasPharmacyRecertifications", leaf(Field::HasRecertification))
        .property("PharmacyRecertificationRequirements", several(requirement))
        .property("HasPharmacyContentTags", leaf(Field::HasContentTags))
        .property("PharmacyContentTags", tags)
}

fn group(words: &str) -> ObjectBuilder {
    ObjectBuilder::new().description(Some(words).filter(|words| !words.is_empty()))
}

fn several(item: impl Into<RefOr<Schema>>) -> ArrayBuilder {
    ArrayBuilder::new().items(item.into())
}

fn text(words: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(words))
}

fn one_of(words: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()))
}

fn attribute(schema: ObjectBuilder) -> ObjectBuilder {
    schema.xml(Some(XmlBuilder::new().attribute(Some(true)).build()))
}

/// A field's value, by its kind and choices in the one table of fields.
fn leaf(field: Field) -> ObjectBuilder {
    let column = field.column();
    let words = match column.choice {
        Choice::Listed(list) => format!("{}: a name of the list “{}”.", field.label(), list.label()),
        Choice::Boards => "The certifying board’s code.".to_owned(),
        Choice::CreditTypes | Choice::PracticeAreas => format!("{}: a name of the board’s own list.", field.label()),
        Choice::Answers => format!("{}: true, false or not sure.", field.label()),
        _ => format!("{}.", field.label()),
    };
    let schema = ObjectBuilder::new().description(Some(words));
    let schema = match column.kind {
        Kind::Text | Kind::Id => schema.schema_type(Type::String),
        Kind::Date => schema.schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
        Kind::Truth => schema.schema_type(Type::Boolean),
        Kind::Amount => schema.schema_type(Type::Number).exclusive_minimum(Some(0)).multiple_of(Some(0.25)),
        Kind::Whole | Kind::Dollars => schema.schema_type(Type::Integer).minimum(Some(0)),
    };
    let choices: Vec<String> = match column.choice {
        Choice::Actions => ["Add", "Update", "Delete"].map(str::to_owned).into(),
        Choice::Ways => ["Objective", "Subjective"].map(str::to_owned).into(),
        Choice::Formats => Format::ALL.iter().map(|format| format.label().to_owned()).collect(),
        Choice::Deliveries => Delivery::ALL.iter().map(|delivery| delivery.label().to_owned()).collect(),
        Choice::Registrations => Registration::ALL.iter().map(|one| one.label().to_owned()).collect(),
        // written with the apostrophe of the reference draft; both are read
        Choice::Fees => Fee::ALL.iter().map(|fee| fee.label().replace('\'', "’")).collect(),
        _ => return schema,
    };
    schema.enum_values(Some(choices))
}
