use app::*;
use std::time::Instant;
#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut config = Config::read(None).unwrap();
    config.data = args[1].clone().into();
    if let Some(url) = args.get(3) {
        config.database = url.clone();
    }
    let t = Instant::now();
    let app = App::open(config.clone(), Clock::system("UTC"), Chance::seeded(1), &|_, _| {}).await.unwrap();
    eprintln!("open {:?} {} physicians {} MB", t.elapsed(), app.registry.len(), app.registry.bytes() / 1_000_000);
    let dir = std::path::PathBuf::from(&args[2]);
    for (n, f) in ["roster_licenses.tsv", "roster_boards.tsv"].iter().enumerate() {
        let t = Instant::now();
        let shown = std::sync::atomic::AtomicU64::new(0);
        let progress = |s: &app::rosters::Summary, of: u64| {
            let step = s.rows / 100_000;
            if shown.swap(step, std::sync::atomic::Ordering::SeqCst) != step {
                eprintln!(
                    "  {:?} {} of {of}: {} new {} attached {} updated {} review",
                    t.elapsed(),
                    s.rows,
                    s.new,
                    s.attached,
                    s.updated,
                    s.review
                );
            }
        };
        let path = dir.join(f);
        let s = if n == 0 {
            app::rosters::import_licenses(&app, &path, &progress).await
        } else {
            app::rosters::import_certifications(&app, &path, &progress).await
        }
        .unwrap();
        eprintln!("{f} {:?} {:?}", t.elapsed(), s);
    }
    let t = Instant::now();
    let r = Registry::build(&app.store, &|_, _| {}).await.unwrap();
    eprintln!("rebuild {:?} {}", t.elapsed(), r.len());
    app.store.close().await;
}
