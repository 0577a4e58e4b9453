//! What the demo's activities are about: fields of medicine, their boards, and topics for titles.

/// A field of medicine.
pub(crate) struct Subject {
    pub(crate) field: &'static str,
    /// Certifying boards whose diplomates would claim MOC points.
    pub(crate) boards: &'static [&'static str],
    pub(crate) topics: &'static [&'static str],
}

#[rustfmt::skip] // a table: one field in a few lines
pub(crate) const SUBJECTS: &[Subject] = &[
    Subject { field: "Cardiology", boards: &["ABIM"], topics: &[
        "Heart Failure Care", "Atrial Fibrillation", "Resistant Hypertension", "Valvular Heart Disease", "Lipid Management",
        "Cardiac Amyloidosis", "Acute Coronary Syndromes"] },
    Subject { field: "Primary Care", boards: &["ABIM"], topics: &[
        "Chronic Kidney Disease", "Adult Immunization", "Obesity and Weight Management", "Low Back Pain", "Preventive Screening",
        "Chronic Cough", "Care of Older Adults"] },
    Subject { field: "Hospital Medicine", boards: &["ABIM"], topics: &[
        "Sepsis Recognition", "Venous Thromboembolism", "Safe Discharge", "Delirium on the Wards", "Perioperative Medicine"] },
    Subject { field: "Endocrinology", boards: &["ABIM"], topics: &[
        "Type 2 Diabetes", "Thyroid Nodules", "Osteoporosis", "Adrenal Incidentaloma", "Continuous Glucose Monitoring"] },
    Subject { field: "Oncology", boards: &["ABIM"], topics: &[
        "Breast Cancer", "Immunotherapy Side Effects", "Multiple Myeloma", "Lung Cancer Screening", "Survivorship Care"] },
    Subject { field: "Infectious Disease", boards: &["ABIM", "ABP"], topics: &[
        "Antimicrobial Stewardship", "HIV Prevention", "Clostridioides difficile", "Respiratory Viruses", "Tuberculosis Today"] },
    Subject { field: "Pediatrics", boards: &["ABP"], topics: &[
        "Childhood Asthma", "Febrile Infants", "Adolescent Mental Health", "Newborn Screening", "Pediatric Obesity",
        "Developmental Surveillance"] },
    Subject { field: "Anesthesiology", boards: &["ABA"], topics: &[
        "Regional Anesthesia", "Difficult Airway", "Perioperative Patient Safety", "Enhanced Recovery", "Obstetric Anesthesia"] },
    Subject { field: "General Surgery", boards: &["ABS"], topics: &[
        "Hernia Repair", "Surgical Site Infection", "Trauma Resuscitation", "Minimally Invasive Colectomy", "Acute Care Surgery"] },
    Subject { field: "Thoracic Surgery", boards: &["ABTS", "ABS"], topics: &[
        "Lung Resection", "Aortic Dissection", "Esophageal Cancer", "Extracorporeal Life Support"] },
    Subject { field: "Orthopaedics", boards: &["ABOS"], topics: &[
        "Hip Fracture", "Rotator Cuff Repair", "Joint Replacement", "Pediatric Fractures", "Spine Deformity"] },
    Subject { field: "Ophthalmology", boards: &["ABO"], topics: &[
        "Glaucoma", "Diabetic Retinopathy", "Cataract Complications", "Uveitis"] },
    Subject { field: "Otolaryngology", boards: &["ABOHNS"], topics: &[
        "Chronic Rhinosinusitis", "Hearing Loss", "Head and Neck Cancer", "Pediatric Airway"] },
    Subject { field: "Pathology", boards: &["ABPATH"], topics: &[
        "Lymphoma Classification", "Cytopathology Pitfalls", "Molecular Testing", "Transfusion Reactions"] },
    Subject { field: "Rehabilitation Medicine", boards: &["ABPMR"], topics: &[
        "Spasticity", "Spinal Cord Injury", "Brain Injury Recovery", "Musculoskeletal Ultrasound"] },
    Subject { field: "Pain Management", boards: &["ABA", "ABPMR"], topics: &[
        "Safe Opioid Prescribing", "Neuropathic Pain", "Tapering Opioids", "Chronic Pain in Primary Care"] },
    Subject { field: "Patient Safety", boards: &["ABIM", "ABA", "ABP"], topics: &[
        "Diagnostic Error", "Handoffs", "Medication Reconciliation", "Disclosure after Harm"] },
    Subject { field: "Neurology", boards: &[], topics: &[
        "Acute Stroke", "Migraine", "Epilepsy", "Parkinson Disease", "Multiple Sclerosis"] },
    Subject { field: "Psychiatry", boards: &[], topics: &[
        "Depression in Adults", "Suicide Risk", "Alcohol Use Disorder", "Bipolar Disorder"] },
    Subject { field: "Emergency Medicine", boards: &[], topics: &[
        "Chest Pain", "Pediatric Emergencies", "Toxicology", "Point-of-Care Ultrasound"] },
    Subject { field: "Obstetrics and Gynecology", boards: &[], topics: &[
        "Hypertension in Pregnancy", "Postpartum Hemorrhage", "Menopause", "Cervical Screening"] },
];
