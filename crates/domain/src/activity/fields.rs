//! The fields of an activity with the words that people read, in the order of domain.md: one table
//! for forms, checklists, files and messages.
//!
//! A key is part of addresses (`#credit`) and of the web services' answers, so it is never renamed.

/// Key and label of each field. Registrations have fields of their own: [`MOC_FIELDS`].
pub const FIELDS: &[(&str, &str)] = &[
    ("title", "Title"),
    ("format", "Format"),
    ("starts_on", "Start date"),
    ("ends_on", "End date"),
    ("internal_id", "Your own ID"),
    ("deliveries", "Delivery"),
    ("city", "City"),
    ("state", "State or province"),
    ("country", "Country"),
    ("credit", "AMA PRA Category 1 Credits"),
    ("other_credits", "Other credit"),
    ("description", "Description"),
    ("providership", "Providership"),
    ("joint_providers", "Joint providers"),
    ("is_interprofessional", "Interprofessional"),
    ("professions", "Professions"),
    ("specialties", "Specialties"),
    ("in_passport", "Shown in Passport"),
    ("url", "Web address"),
    ("fee", "Fee"),
    ("registration", "Registration"),
    ("outcomes", "Measured outcomes"),
    ("has_support", "Commercial support"),
    ("support", "Sources of support"),
    ("physician_total", "Physicians"),
    ("other_total", "Other learners"),
    ("other_breakdown", "Other learners by profession"),
    ("commendation_tags", "Commendation tags"),
    ("is_mips", "MIPS"),
    ("rems", "REMS"),
    ("has_state_topics", "State content"),
    ("state_topics", "State content topics"),
    ("outlines", "Content outlines"),
    ("pharmacy", "Pharmacy"),
    ("moc", "MOC / CC registrations"),
];

/// Key and label of each field of a registration with a certifying board.
pub const MOC_FIELDS: &[(&str, &str)] = &[
    ("board", "Certifying board"),
    ("points", "Points"),
    ("credit_types", "Credit types"),
    ("practice_areas", "Practice areas"),
    ("claim_until", "Last day to claim"),
    ("undertakings", "Undertakings"),
];

/// The words for a field's key; the key itself if it is none.
pub fn label(key: &'static str) -> &'static str {
    FIELDS.iter().chain(MOC_FIELDS).find(|(field, _)| *field == key).map_or(key, |(_, label)| *label)
}
