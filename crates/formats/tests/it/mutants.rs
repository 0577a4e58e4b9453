//! Good files with bytes changed at random, the same ones in every run: nothing may panic or hang.

use formats::{Limits, learner_report, open, sniff};

use crate::sample::{HEADER, file, lines, reference, repack, row, xlsx};

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
        const TELLING: &[u8] = b"\0\"\t\n\r,<>&;='/!-0919\x7F\x80\xFF\xFE";
        for _ in 0..=self.next(6) {
            if bytes.is_empty() {
                return;
            }
            let at = self.next(bytes.len());
            let end = (at + 1 + self.next(24)).min(bytes.len());
            match self.next(5) {
                0 => bytes[at] ^= 1 << self.next(8),
                1 => bytes[at] = TELLING[self.next(TELLING.len())],
                2 => drop(bytes.drain(at..end)),
                3 => bytes.extend_from_within(at..end),
                _ => bytes.insert(at, TELLING[self.next(TELLING.len())]),
            }
        }
    }
}

/// Reads a file to its end, whatever it is. `true` if it gave a row.
fn survives(bytes: &[u8]) -> bool {
    let file = file(bytes);
    let Ok(format) = sniff(file.path()) else { return false };
    let Ok(mut batch) = open(file.path(), format, &Limits::default()) else { return false };
    let header = batch.header().clone();
    let reference = reference();
    let mut rows = 0;
    for row in batch.by_ref().flatten() {
        for problem in learner_report(&header, &row, &reference).problems {
            assert!(problem.message().len() < 2000);
        }
        rows += 1;
    }
    rows > 0
}

/// Runs mutants; some must be readable and some must not, or nothing was tried.
fn run(mutants: usize, seed: u64, make: impl Fn(&mut Chance) -> Vec<u8>) {
    let mut chance = Chance(seed);
    let readable = (0..mutants).filter(|_| survives(&make(&mut chance))).count();
    assert!(readable > mutants / 20 && readable < mutants, "{readable} of {mutants}");
}

fn rows() -> Vec<Vec<String>> {
    vec![
        row(&[]),
        row(&[("First Name", "\"Ana\"")]),
        row(&[("Completion Date", "2026-03-14"), ("Record Action", "delete")]),
        row(&[("Last Name", "O'Hara, \"Jr\""), ("Licensing ID or NPI", "1234567893")]),
    ]
}

#[test]
fn text_with_changed_bytes_is_read_or_refused() {
    for (seed, delimiter) in [(11, "\t"), (12, ",")] {
        let good = lines(&rows(), delimiter);
        run(1000, seed, |chance| {
            let mut bytes = good.clone().into_bytes();
            chance.mutate(&mut bytes);
            bytes
        });
    }
    let wide: Vec<u8> = format!("\u{FEFF}{}", lines(&rows(), "\t")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    run(500, 13, |chance| {
        let mut bytes = wide.clone();
        chance.mutate(&mut bytes);
        bytes
    });
}

#[test]
fn documents_with_changed_bytes_are_read_or_refused() {
    for (seed, is_json) in [(41, false), (42, true)] {
        let header =
            formats::Header::of((0..HEADER.len()).filter_map(|column| formats::Header::standard().field(column)));
        let mut writer = formats::learners::DocumentWriter::begin(Vec::new(), is_json, "2026-03-15T09:30:00Z").unwrap();
        rows().into_iter().for_each(|cells| writer.write(&header, &header.typed(1, cells)).unwrap());
        let good = writer.finish().unwrap();
        run(1000, seed, |chance| {
            let mut bytes = good.clone();
            chance.mutate(&mut bytes);
            bytes
        });
    }
}

#[test]
fn archives_with_changed_bytes_are_read_or_refused() {
    let good = xlsx(&rows());
    run(1500, 21, |chance| {
        let mut bytes = good.clone();
        chance.mutate(&mut bytes);
        bytes
    });
}

#[test]
fn workbooks_with_changed_xml_are_read_or_refused() {
    let good = xlsx(&rows());
    const PARTS: [&str; 5] = [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    ];
    run(1500, 31, |chance| {
        // Half of them change the sheet, the others any part that is parsed.
        let part = if chance.next(2) == 0 { PARTS[0] } else { PARTS[chance.next(PARTS.len())] };
        let seed = chance.next(usize::MAX) as u64 | 1;
        repack(&good, |name, mut bytes| {
            if name == part {
                Chance(seed).mutate(&mut bytes);
            }
            bytes
        })
    });
}
