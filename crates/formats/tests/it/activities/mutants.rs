//! Good documents with bytes changed at random, the same in every run: read or refused, never a panic.

use formats::activities::{ActivityFormat, Code, SheetKind, read};

use super::{invented, reference, round_trip::written, upload};

/// A small generator of our own (xorshift), so that a failure can be run again.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    /// Changes, removes, repeats or inserts a few bytes.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: &[u8] = b"\0\"\\\t\n\r,<>&;='/!-[]{}:#019eEu\x7F\x80\xC3\xFF\xFE";
        for _ in 0..=self.next(4) {
            let at = self.next(bytes.len());
            let end = (at + 1 + self.next(40)).min(bytes.len());
            match self.next(5) {
                0 => bytes[at] ^= 1 << self.next(8),
                1 => bytes[at] = TELLING[self.next(TELLING.len())],
                2 if end - at < bytes.len() => drop(bytes.drain(at..end)),
                3 => bytes.extend_from_within(at..end),
                _ => bytes.insert(at, TELLING[self.next(TELLING.len())]),
            }
        }
    }
}

/// One activity with something in every field, and another.
fn activities() -> Vec<domain::activity::Activity> {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    (0..2).map(|_| invented::activity().new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn json_is_what_others_take_for_json() {
    let good = std::fs::read(written(&activities(), ActivityFormat::Json).path()).unwrap();
    let mut chance = Chance(43);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..1500 {
        let mut bytes = good.clone();
        chance.mutate(&mut bytes);
        let theirs = serde_json::from_slice::<serde_json::Value>(&bytes);
        let code = match upload(&bytes, SheetKind::Activities) {
            Err(problems) => problems[0].form(),
            Ok(outcome) => outcome.fault.and_then(|fault| fault.form()),
        };
        // Keys that stand twice they take, numbers without end they do not; a mark of the order of
        // bytes makes it another file.
        let marked = bytes[0] >= 0x80 || matches!(code, Some(Code::KeyRepeated | Code::FileWrongType));
        if marked || bytes.windows(2).any(|two| two == b"\\u") || bytes.len() > good.len() * 2 {
            continue;
        }
        let ours = matches!(code, None | Some(Code::NoRows));
        assert_eq!(ours, theirs.is_ok(), "{code:?} {theirs:?} {}", String::from_utf8_lossy(&bytes));
        if ours { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 50 && refused > 50, "{taken} and {refused}");
}

#[test]
fn documents_with_changed_bytes_are_read_or_refused() {
    for (format, seed) in [(ActivityFormat::Xml, 41), (ActivityFormat::Json, 42)] {
        let good = std::fs::read(written(&activities(), format).path()).unwrap();
        let mut chance = Chance(seed);
        let (mut read_whole, mut refused) = (0, 0);
        for _ in 0..1500 {
            let mut bytes = good.clone();
            chance.mutate(&mut bytes);
            let Ok(outcome) = upload(&bytes, SheetKind::Activities) else {
                refused += 1;
                continue;
            };
            for one in &outcome.submitted {
                let reading = read(one.record.clone(), &reference());
                for problem in reading.problems.iter().chain(&reading.warnings) {
                    assert!(problem.message().len() < 3000);
                }
            }
            match outcome.fault {
                None => read_whole += 1,
                Some(_) => refused += 1,
            }
        }
        assert!(read_whole > 50 && refused > 50, "{read_whole} and {refused}");
    }
}
