use pdf::*;
fn sample(n: usize) -> Transcript {
    let titles = ["Annual Update in Hospital Medicine 2025", "Managing Sepsis in the First Hour: A Simulation-Based Course for Emergency and Critical Care Teams", "Opioid Prescribing and Pain: Safer Practice", "Grand Rounds: Dermatology (RSS)", "Perioperative Care of the Older Adult — Evidence, Controversies, and Shared Decision-Making in Everyday Practice"];
    let providers = ["Lakeshore Regional Health System", "University of Northfield School of Medicine", "Society of Example Physicians", "Cedar Valley Medical Center"];
    Transcript {
        heading: "Accredited Continuing Education Transcript".into(),
        physician: "Zoë Nguyễn-O’Brien, MD".into(),
        range: "January 1, 2024 to December 31, 2025".into(),
        licenses: vec!["California (Medical Board of California), A 123456".into(), "Tennessee (Board of Medical Examiners), MD0000051234".into()],
        certifications: vec!["American Board of Anesthesiology (ABA), 0012-3456".into()],
        totals: vec![("Total AMA PRA Category 1 Credits".into(), "1,145.50".into()), ("Total ABA MOC/CC Points".into(), "32.00".into()), ("Total ABIM MOC/CC Points".into(), "7.25".into())],
        rows: (0..n).map(|i| Row {
            date: format!("{:02}/{:02}/2025", 12 - (i / 28) % 12, 28 - i % 28),
            title: titles[i % 5].into(), provider: providers[i % 4].into(),
            credits: if i % 3 == 0 { vec![format!("{} AMA PRA Category 1 Credits", i % 9 + 1), format!("{} ABA Points", i % 9 + 1), "Lifelong Learning".into(), "Patient Safety".into()] } else { vec![format!("{}.25 AMA PRA Category 1 Credits", i % 9 + 1)] },
            status: if i % 3 == 0 { vec!["Accepted by ABA on 01/04/2026".into()] } else { vec!["Accepted".into()] },
        }).collect(),
        issued: "March 3, 2026, 4:15 PM CST".into(), verify_address: "https://credence.example/verify".into(), verify_code: "7QXK-92MD-HT4B".into(),
        notes: vec!["* Derived credits were computed from MOC points under the rule in force on the completion date.".into()],
    }
}
fn main() {
    let n: usize = std::env::args().nth(1).map_or(12, |a| a.parse().unwrap());
    let dir = std::env::args().nth(2).unwrap_or("/tmp/w/out".into());
    std::fs::create_dir_all(&dir).unwrap();
    let t = sample(n);
    let bytes = transcript(&t).unwrap();
    let start = std::time::Instant::now();
    let reps = 10;
    for _ in 0..reps { assert_eq!(transcript(&t).unwrap(), bytes); }
    println!("{n} rows: {} bytes, {:?} each", bytes.len(), start.elapsed() / reps);
    std::fs::write(format!("{dir}/t.pdf"), &bytes).unwrap();
    let c = Certificate { heading: "Certificate of Completion".into(), physician: t.physician.clone(), title: t.rows.get(1).map(|r| r.title.clone()).unwrap_or_default(), provider: "University of Northfield School of Medicine".into(), date: "November 14, 2025".into(), credits: vec!["7 AMA PRA Category 1 Credits".into(), "7 ABA Points".into(), "Lifelong Learning".into()], issued: t.issued.clone(), verify_address: t.verify_address.clone(), verify_code: t.verify_code.clone(), notes: vec!["The University of Northfield School of Medicine is accredited to provide continuing medical education for physicians.".into()] };
    if std::env::args().nth(3).is_some() { std::fs::write(format!("{dir}/c.pdf"), certificate(&c).unwrap()).unwrap(); }
}
