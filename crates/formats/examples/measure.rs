//! tmp
use std::time::Instant;
fn main() {
    let path = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let format = formats::sniff(&path).unwrap();
    println!("{format:?}");
    let toml = std::env::args().nth(2);
    let _ = toml;
    let reference = domain::reference::Reference::default();
    let t = Instant::now();
    let _ = formats::sniff(&path);
    println!("sniff {:?}", t.elapsed());
    let t = Instant::now();
    let mut b = formats::open(&path, format, &formats::Limits::default()).map_err(|e| println!("{e:?}")).unwrap();
    println!("open {:?}", t.elapsed());
    let mut rows = 0u64;
    let mut probs = std::collections::BTreeMap::new();
    let h = b.header().clone();
    for r in &mut b {
        match r {
            Ok(row) => {
                rows += 1;
                let r = formats::learner_report(&h, &row, &reference);
                for p in r.problems {
                    *probs.entry(p.code).or_insert(0) += 1;
                }
            }
            Err(e) => println!("END {e:?}"),
        }
    }
    let s = t.elapsed().as_secs_f64();
    println!("{rows} rows {s:.3} s = {:.0}/s {probs:?}", rows as f64 / s);
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|l| l.starts_with("VmHWM")).unwrap());
}
