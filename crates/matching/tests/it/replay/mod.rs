//! Replays on a stable compiler what the fuzzer keeps: every input of `fuzz/corpus/identity`, and mixtures of them.

use std::path::Path;

use crate::town::Chance;

mod check;

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/identity");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

#[test]
fn the_fuzzers_corpus_holds() {
    let corpus = corpus();
    assert!(corpus.len() >= 20, "{} inputs", corpus.len());
    corpus.iter().for_each(|input| check::check(input));
}

#[test]
fn mixtures_of_the_corpus_hold() {
    let corpus = corpus();
    let mut chance = Chance(7);
    for _ in 0..20_000 {
        let lines = |input: &[u8]| -> Vec<Vec<u8>> { input.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect() };
        let mut one = lines(&corpus[chance.below(corpus.len())]);
        let other = lines(&corpus[chance.below(corpus.len())]);
        for (place, line) in other.into_iter().enumerate() {
            if chance.permille(400) && place < one.len() {
                one[place] = line;
            }
        }
        let mut mixed = one.join(&b'\n');
        if !mixed.is_empty() && chance.permille(500) {
            let at = chance.below(mixed.len());
            match chance.below(3) {
                0 => mixed[at] = chance.below(256) as u8,
                1 => drop(mixed.remove(at)),
                _ => mixed.insert(at, chance.below(128) as u8),
            }
        }
        check::check(&mixed);
    }
}
