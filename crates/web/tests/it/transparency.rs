//! The ledger as everybody reads it: heads that the key opens, proofs that check, and nothing beyond the signed head.

use ledger::{Hash, VerifyingKey, verify_consistency, verify_inclusion};
use testkit::{TestApp, Visitor, people, records};

async fn filled(test: &TestApp, physicians: std::ops::Range<usize>) {
    let actor = people::actor(&test.app, people::LEARNER_DATA).await;
    let bytes = futures::stream::iter([Ok::<_, std::io::Error>(records::file(physicians))]);
    let staged = app::uploads::stage(&test.app, bytes).await.unwrap();
    app::uploads::receive(&test.app, &actor, "Ines", "a.tsv", staged).await.unwrap();
    records::work(&test.app).await;
}

fn hashes(value: &serde_json::Value) -> Vec<Hash> {
    value.as_array().unwrap().iter().map(hash_of).collect()
}

fn hash_of(value: &serde_json::Value) -> Hash {
    Hash::from_base64(value.as_str().unwrap()).unwrap()
}

async fn text(visitor: &mut Visitor, path: &str) -> String {
    visitor.get(path).await.expect(200).text()
}

#[tokio::test]
async fn heads_open_with_the_key_and_proofs_check_against_them() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let mut anybody = test.anonymous();
    assert!(text(&mut anybody, "/transparency").await.contains("Nothing is signed yet"));
    assert_eq!(anybody.get("/transparency/checkpoint").await.status, 404);
    filled(&test, 0..7).await;
    let first = text(&mut anybody, "/transparency/checkpoint").await;
    filled(&test, 7..20).await;
    let second = text(&mut anybody, "/transparency/checkpoint").await;
    let key: VerifyingKey = text(&mut anybody, "/transparency/key").await.trim().parse().unwrap();
    let (old, new) = (ledger::open(&first, &key).unwrap(), ledger::open(&second, &key).unwrap());
    assert_eq!((old.size, new.size), (7, 20));
    let told = anybody.get("/transparency/consistency?old=7&new=20").await.expect(200).json();
    assert!(verify_consistency(7, old.root, 20, new.root, &hashes(&told["proof"])));
    assert_eq!((hash_of(&told["old_root"]), hash_of(&told["new_root"])), (old.root, new.root));
    for index in [0, 6, 7, 19] {
        let told = anybody.get(&format!("/transparency/inclusion?index={index}&size=20")).await.expect(200).json();
        assert!(verify_inclusion(hash_of(&told["leaf"]), index, 20, &hashes(&told["proof"]), new.root), "{index}");
    }
    assert_eq!(text(&mut anybody, "/transparency/heads/7").await, first);
    let listed = anybody.get("/transparency/heads").await.expect(200).json();
    assert_eq!(listed["heads"][0]["size"], 20);
    assert_eq!(listed["heads"][1]["checkpoint"].as_str(), Some(first.as_str()));
    let page = text(&mut anybody, "/transparency").await;
    assert!(page.contains(&key.to_string().replace('+', "&#43;")) || page.contains(&key.to_string()), "{page}");
}

#[tokio::test]
async fn what_is_beyond_the_signed_head_or_nonsense_has_no_proof() {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    filled(&test, 0..3).await;
    let mut anybody = test.anonymous();
    for path in [
        "/transparency/consistency?old=1&new=4",
        "/transparency/consistency?old=3&new=2",
        "/transparency/consistency?old=-1&new=3",
        "/transparency/consistency",
        "/transparency/inclusion?index=3&size=3",
        "/transparency/inclusion?index=0&size=18446744073709551615",
        "/transparency/inclusion?index=x",
    ] {
        let answer = anybody.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (422, "application/problem+json"), "{path}");
    }
    for path in ["/transparency/heads/2", "/transparency/heads/x", "/transparency/heads/99999999999999999999"] {
        assert_eq!(anybody.get(path).await.status, 404, "{path}");
    }
    assert_eq!(anybody.get("/transparency?before=-5").await.status, 200);
}
