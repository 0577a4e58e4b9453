//! A neutral record as the tree of formats.md section 3, in one spelling and one order.
//!
//! What the draft writes as `value` beside other keys is an element's own text in XML, the other keys
//! its attributes, as in the metadata standard behind it. Ours, beside the draft: `practiceArea` and
//! `undertaking` of a registration, and categories of learners by profession.

use super::field::{Field, Group, Kind};
use super::record::Record;
use super::values::{IN_KIND, folded, whole};

/// The namespace of learning object metadata.
const LOM: &str = "http://ltsc.ieee.org/xsd/LOM";
/// The namespace of its extension for healthcare.
const HEALTHCARE: &str = "http://ns.medbiq.org/lom/extend/v1/";

/// A value to write.
#[derive(Debug, Clone)]
pub(crate) struct Out {
    pub(crate) name: &'static str,
    pub(crate) content: Content,
    pub(crate) namespace: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Text(String),
    /// Digits as they are to stand there.
    Number(String),
    Truth(bool),
    Null,
    Group(Vec<Out>),
    /// As a group; in XML all but `value` are attributes.
    Attributed(Vec<Out>),
    /// An array: in XML one element of the name for each item.
    Several(Vec<Content>),
}

fn out(name: &'static str, content: Content) -> Out {
    Out { name, content, namespace: None }
}

/// A group, unless nothing is in it.
fn group(name: &'static str, parts: Vec<Option<Out>>) -> Option<Out> {
    let parts: Vec<Out> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| out(name, Content::Group(parts)))
}

fn several(name: &'static str, items: Vec<Content>) -> Option<Out> {
    (!items.is_empty()).then(|| out(name, Content::Several(items)))
}

fn parts(parts: Vec<Option<Out>>) -> Content {
    Content::Group(parts.into_iter().flatten().collect())
}

/// The record of one activity.
pub(super) fn tree(record: &Record) -> Vec<Out> {
    let of = Of(record);
    let report = vec![of.plain(Field::StartsOn, "ReportingStartDate"), of.plain(Field::EndsOn, "ReportingEndDate")];
    let lom = group("general", of.general())
        .map(|general| Out { namespace: Some(LOM), ..out("Lom", Content::Group(vec![general])) });
    let healthcare = group("healthcareEducation", of.education()).map(|education| Out {
        namespace: Some(HEALTHCARE),
        ..out("healthcareMetadata", Content::Group(vec![education]))
    });
    let all = [
        group("ReportDescription", report),
        Some(out("ActivityDescription", parts(vec![several("commercialSupportAmount", of.support())]))),
        lom,
        healthcare,
        Some(out("participationMetrics", parts(vec![several("participantsByCategory", of.participants())]))),
        group("XtensibleInfo", of.extension()),
    ];
    all.into_iter().flatten().collect()
}

struct Of<'a>(&'a Record);

impl Of<'_> {
    /// A value by its kind. What a number's field holds but is none stays text.
    fn content(field: Field, text: &str) -> Content {
        let text = text.to_owned();
        match field.column().kind {
            Kind::Truth if text == "true" || text == "false" => Content::Truth(text == "true"),
            Kind::Whole | Kind::Dollars if whole(&text).is_some() => Content::Number(text),
            Kind::Amount if text.parse::<f64>().is_ok_and(f64::is_finite) => Content::Number(text),
            _ => Content::Text(text),
        }
    }

    fn value(&self, field: Field, nth: u16, name: &'static str) -> Option<Out> {
        let value = self.0.values(field, nth).next()?;
        Some(out(name, Self::content(field, &value.text)))
    }

    fn plain(&self, field: Field, name: &'static str) -> Option<Out> {
        self.value(field, 0, name)
    }

    fn values(&self, field: Field, nth: u16, name: &'static str) -> Option<Out> {
        several(name, self.0.values(field, nth).map(|value| Self::content(field, &value.text)).collect())
    }

    /// One content for each of a group that has a certain field.
    fn each(&self, group: Group, make: impl Fn(u16) -> Vec<Option<Out>>) -> Vec<Content> {
        self.0.numbers(group).into_iter().map(|nth| parts(make(nth))).collect()
    }

    fn is_in_kind(&self, nth: u16) -> bool {
        self.0.values(Field::SupportAmount, nth).all(|amount| folded(&amount.text) == folded(IN_KIND))
    }

    fn support(&self) -> Vec<Content> {
        let cash = self.0.numbers(Group::Supporter).into_iter().filter(|nth| !self.is_in_kind(*nth));
        cash.map(|nth| {
            let parts = vec![
                Some(out("currency", Content::Text("USD".into()))),
                self.value(Field::Supporter, nth, "supportSource"),
                self.value(Field::SupportAmount, nth, "value"),
            ];
            Content::Attributed(parts.into_iter().flatten().collect())
        })
        .collect()
    }

    fn in_kind(&self) -> Vec<Content> {
        let in_kind = self.0.numbers(Group::Supporter).into_iter().filter(|nth| self.is_in_kind(*nth));
        in_kind.map(|nth| parts(vec![self.value(Field::Supporter, nth, "source")])).collect()
    }

    fn general(&self) -> Vec<Option<Out>> {
        let identifiers = [
            (Field::ActivityId, "ACCME Activity ID"),
            (Field::InternalId, "Provider Activity ID"),
            (Field::Url, "URL"),
        ];
        let identifiers = identifiers.into_iter().filter_map(|(field, catalog)| {
            let entry = self.plain(field, "entry")?;
            Some(Content::Group(vec![out("catalog", Content::Text(catalog.into())), entry]))
        });
        vec![
            several("identifier", identifiers.collect()),
            self.plain(Field::Title, "title"),
            self.plain(Field::Description, "description"),
        ]
    }

    fn education(&self) -> Vec<Option<Out>> {
        let date = |field, name| {
            let date = self.0.first(field)?;
            Some(out(name, Content::Text(format!("{}T00:00:00", date.text))))
        };
        let sponsorship = self.0.first(Field::Providership);
        let audience =
            vec![self.values(Field::Professions, 0, "profession"), self.values(Field::Specialties, 0, "specialty")];
        let location = vec![
            self.plain(Field::City, "city"),
            self.plain(Field::State, "stateOrProvince"),
            self.plain(Field::Country, "country"),
        ];
        vec![
            self.credits(),
            group("activityLocation", location),
            date(Field::StartsOn, "startDateTime"),
            date(Field::EndsOn, "endDateTime"),
            sponsorship.map(|value| out("activitySponsorship", Content::Text(value.text.to_lowercase()))),
            self.plain(Field::Format, "activityFormat"),
            self.plain(Field::HasSupport, "commercialSupport"),
            group("targetAudience", audience),
        ]
    }

    /// One object of AMA PRA Category 1, as in the draft; an array only with other credit beside it.
    fn credits(&self) -> Option<Out> {
        let amount = self.plain(Field::Credit, "numberOfCredits");
        let names = self.0.numbers(Group::JointProvider).into_iter();
        let names = names.flat_map(|nth| self.0.values(Field::JointProvider, nth));
        let joint = several("nonAccreditedProvider", names.map(|name| Content::Text(name.text.clone())).collect());
        let certification = || out("activityCertification", Content::Text("AMA PRA Category 1".into()));
        let mut all = Vec::new();
        if amount.is_some() || joint.is_some() {
            all.push(parts(vec![Some(certification()), amount, joint]));
        }
        all.extend(self.each(Group::OtherCredit, |nth| {
            vec![
                self.value(Field::OtherCreditKind, nth, "activityCertification"),
                self.value(Field::OtherCreditAmount, nth, "numberOfCredits"),
            ]
        }));
        if all.len() > 1 { several("credits", all) } else { all.pop().map(|one| out("credits", one)) }
    }

    /// The total of all others is `non-physician`; it is named without a number where professions
    /// are known and the total is not, for else the reader would add them up.
    fn participants(&self) -> Vec<Content> {
        let category = |name: &str| Some(out("category", Content::Text(name.to_owned())));
        let total = |field, name| {
            let number = self.plain(field, "numberOfParticipants");
            number.map(|number| parts(vec![category(name), Some(number)]))
        };
        let professions = self.0.numbers(Group::Profession);
        let mut all: Vec<Content> = Vec::new();
        all.extend(total(Field::PhysicianTotal, "physician"));
        match total(Field::OtherTotal, "non-physician") {
            Some(others) => all.push(others),
            None if !professions.is_empty() => all.push(parts(vec![category("non-physician")])),
            None => {}
        }
        all.extend(professions.into_iter().map(|nth| {
            parts(vec![
                self.value(Field::Profession, nth, "category"),
                self.value(Field::ProfessionCount, nth, "numberOfParticipants"),
            ])
        }));
        all
    }

    fn extension(&self) -> Vec<Option<Out>> {
        let wrapped = |name, inner: Option<Out>| group(name, vec![inner]);
        let outcomes = self.each(Group::Outcome, |nth| {
            vec![
                self.value(Field::Outcome, nth, "MeasuredOutcome"),
                self.values(Field::OutcomeWays, nth, "MeasurementType"),
            ]
        });
        let topics = self.each(Group::StateTopic, |nth| {
            vec![
                self.value(Field::StateDomain, nth, "StateContentDomain"),
                self.value(Field::StateTopic, nth, "StateContentTopic"),
            ]
        });
        let rems =
            vec![self.plain(Field::RemsKind, "REMSType"), self.plain(Field::RemsIdentifier, "REMSRelatedIdentifier")];
        let fee = self.0.first(Field::Fee).map(|fee| fee.text.replace('\'', "’"));
        let mut all = vec![
            self.plain(Field::ProviderId, "ProviderID"),
            self.plain(Field::IsInterprofessional, "isInterprofessional"),
            wrapped("CommendationTags", self.values(Field::CommendationTags, 0, "CommendationTag")),
            wrapped("InKindSupports", several("InKindSupport", self.in_kind())),
            wrapped("DeliveryMethods", self.values(Field::Deliveries, 0, "DeliveryMethod")),
            several("MeasuredOutcomes", outcomes),
            wrapped("MOCRegistrations", several("MOCRegistration", self.registrations())),
            wrapped("ContentOutlines", several("ContentOutlineSelections", self.outlines())),
            self.plain(Field::InPassport, "ForPublicList"),
            fee.map(|fee| out("FeeForParticipation", Content::Text(fee))),
            self.plain(Field::Registration, "ActivityRegistration"),
            self.plain(Field::IsMips, "IsMeritBasedIncentivePaymentSystem"),
            group("REMS", rems),
        ];
        all.extend(self.pharmacy());
        all.extend([
            self.plain(Field::HasStateTopics, "HasStateContentTags"),
            wrapped("StateContentTags", several("StateContent", topics)),
            self.plain(Field::RecordAction, "activityRecordAction"),
            self.plain(Field::Close, "closeActivityRecord"),
        ]);
        all
    }

    fn registrations(&self) -> Vec<Content> {
        self.each(Group::Moc, |nth| {
            // Named though empty: without it the activity's specialties would count.
            let areas = self.values(Field::MocPracticeAreas, nth, "practiceArea");
            vec![
                self.value(Field::MocBoard, nth, "boardName"),
                self.value(Field::MocPoints, nth, "mocPoints"),
                self.values(Field::MocCreditTypes, nth, "MOCCreditType"),
                Some(areas.unwrap_or_else(|| out("practiceArea", Content::Null))),
                self.value(Field::MocClaimUntil, nth, "CreditClaimDate"),
                self.values(Field::MocUndertakings, nth, "undertaking"),
            ]
        })
    }

    /// Rows of one source behind one another are one selection.
    fn outlines(&self) -> Vec<Content> {
        let text = |field, nth| self.0.values(field, nth).next().map_or("", |value| value.text.as_str());
        let numbers = self.0.numbers(Group::Outline);
        let selections = numbers.chunk_by(|a, b| text(Field::OutlineSource, *a) == text(Field::OutlineSource, *b));
        let selection = |numbers: &[u16]| {
            let keys = numbers.iter().filter_map(|nth| {
                let key = vec![
                    self.value(Field::OutlineKeyword, *nth, "ContentKeyword"),
                    self.value(Field::OutlineValue, *nth, "ContentKeywordValue"),
                ];
                key.iter().any(Option::is_some).then(|| parts(key))
            });
            let source = numbers.first().and_then(|nth| self.value(Field::OutlineSource, *nth, "ContentOutlineSource"));
            parts(vec![source, several("ContentOutlineKeys", keys.collect())])
        };
        selections.map(selection).collect()
    }

    fn pharmacy(&self) -> Vec<Option<Out>> {
        // The draft writes these two answers as texts.
        let answer = |field, name| self.0.first(field).map(|value| out(name, Content::Text(value.text.clone())));
        let requirements = self.each(Group::Requirement, |nth| {
            vec![
                self.value(Field::RequirementAudience, nth, "PharmacyAudience"),
                self.value(Field::Requirement, nth, "PharmacyRequirement"),
            ]
        });
        let tags = vec![
            self.values(Field::ContentStates, 0, "PharmacyState"),
            self.values(Field::ContentTopics, 0, "PharmacyContentTopic"),
        ];
        vec![
            self.plain(Field::PharmacyType, "PharmacyActivityType"),
            self.plain(Field::PharmacyTopic, "PharmacyActivityTopic"),
            self.plain(Field::PharmacyLiveOn, "PharmacyLiveDate"),
            self.plain(Field::PharmacySequence, "PharmacySequenceNumber"),
            self.plain(Field::PharmacyUan, "UANPharmacy"),
            self.plain(Field::PharmacyUanTechnician, "UANPharmacyTech"),
            answer(Field::HasRecertification, "HasPharmacyRecertifications"),
            several("PharmacyRecertificationRequirements", requirements),
            answer(Field::HasContentTags, "HasPharmacyContentTags"),
            group("PharmacyContentTags", tags),
        ]
    }
}
