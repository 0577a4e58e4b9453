//! tmp
use std::time::Instant;
fn hwm() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|l| l.starts_with("VmHWM")).unwrap());
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let path = std::path::PathBuf::from(&a[2]);
    let t = Instant::now();
    match a[1].as_str() {
        "lic" => {
            let mut n = 0;
            let mut bad = 0;
            for r in formats::roster::licenses(&path, &formats::Limits::roster()).unwrap() {
                match r {
                    Ok(_) => n += 1,
                    Err(e) => {
                        if bad < 3 {
                            println!("{e:?}");
                        }
                        bad += 1
                    }
                }
            }
            println!("{n} {bad} {:?}", t.elapsed());
        }
        "cert" => {
            let mut n = 0;
            let mut bad = 0;
            for r in formats::roster::certifications(&path, &formats::Limits::roster()).unwrap() {
                match r {
                    Ok(_) => n += 1,
                    Err(e) => {
                        if bad < 3 {
                            println!("{e:?}");
                        }
                        bad += 1
                    }
                }
            }
            println!("{n} {bad} {:?}", t.elapsed());
        }
        mode => {
            let format = match formats::sniff(&path) {
                Ok(f) => f,
                Err(e) => {
                    println!("{e:?} {:?}", t.elapsed());
                    return;
                }
            };
            println!("{format:?}");
            let mut reference = domain::reference::Reference::default();
            for (b, ts) in [
                ("ABIM", vec!["Medical Knowledge"]),
                ("ABP", vec!["Lifelong Learning and Self-Assessment"]),
                ("ABA", vec!["Lifelong Learning"]),
                ("ABS", vec!["Self-Assessment"]),
                ("ABTS", vec!["Self-Assessment"]),
                ("ABPMR", vec!["Self-Assessment"]),
                ("ABO", vec!["Self-Assessment"]),
                ("ABOS", vec!["Accredited CME"]),
                ("ABPATH", vec!["Lifelong Learning"]),
                ("ABOHNS", vec!["Lifelong Learning"]),
            ] {
                reference.boards.push(domain::reference::BoardRules {
                    code: domain::Board::read(b).unwrap(),
                    label: b.into(),
                    name: b.into(),
                    credit_types: ts
                        .into_iter()
                        .map(|n| domain::reference::CreditType { name: n.into(), valid_from: None, valid_until: None })
                        .collect(),
                    practice_areas: vec![],
                    diplomate_id_optional: false,
                    points_equal_credit: false,
                    once_per_date: false,
                    completed_from: None,
                    activity_starts_from: None,
                });
            }
            let t = Instant::now();
            let mut b = match formats::open(&path, format, &formats::Limits::default()) {
                Ok(b) => b,
                Err(e) => {
                    println!("{e:?} {:?}", t.elapsed());
                    hwm();
                    return;
                }
            };
            println!("open {:?}", t.elapsed());
            let mut rows = 0u64;
            let mut probs = std::collections::BTreeMap::new();
            let h = b.header().clone();
            let mut w = (mode == "write")
                .then(|| formats::result::Writer::create(std::path::Path::new(&a[3]), format, &h).unwrap());
            for r in &mut b {
                match r {
                    Ok(row) => {
                        rows += 1;
                        let r = formats::learner_report(&h, &row, &reference);
                        for p in r.problems {
                            *probs.entry(p.code).or_insert(0) += 1;
                        }
                        if let Some(w) = &mut w {
                            w.write(
                                &row.cells,
                                &formats::result::RowResult {
                                    result: "Accepted",
                                    codes: String::new(),
                                    what_to_do: String::new(),
                                    credit_id: "x".into(),
                                },
                            )
                            .unwrap();
                        }
                    }
                    Err(e) => println!("END {e:?}"),
                }
            }
            if let Some(w) = w {
                w.finish().unwrap();
            }
            let s = t.elapsed().as_secs_f64();
            println!("{rows} rows {s:.3} s = {:.0}/s {probs:?}", rows as f64 / s);
        }
    }
    hwm();
}
