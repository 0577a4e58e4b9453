//! The bytes of a leaf. Each field is one byte of kind, eight bytes of length (big-endian) and the content, so no two
//! different lists of fields give the same bytes: "ab","c" is not "a","bc", and an absent text is not an empty one.
//!
//! Order and meaning of the fields belong to the caller; the first field is a version label such as
//! `credence/credit/v1`, and any change of the list needs a new label.

use unicode_normalization::UnicodeNormalization;

const ABSENT: u8 = 0;
const TEXT: u8 = 1;
const BYTES: u8 = 2;
const NUMBER: u8 = 3;

/// Writes the canonical bytes of one record, field after field.
///
/// ```
/// let leaf = ledger::Canonical::new("credence/credit/v1")
///     .text("001234567")
///     .number(725)
///     .optional_text(None)
///     .finish();
/// assert_eq!(ledger::leaf_hash(&leaf), ledger::leaf_hash(&leaf.clone()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    bytes: Vec<u8>,
}

impl Canonical {
    /// Starts a record with its version label.
    pub fn new(label: &str) -> Canonical {
        Canonical { bytes: Vec::new() }.text(label)
    }

    /// Adds text in Unicode's form NFC: the same name typed on two keyboards gives the same bytes.
    pub fn text(self, text: &str) -> Canonical {
        let normal: String = text.nfc().collect();
        self.field(TEXT, normal.as_bytes())
    }

    /// Adds text, or the mark of its absence.
    pub fn optional_text(self, text: Option<&str>) -> Canonical {
        match text {
            Some(text) => self.text(text),
            None => self.field(ABSENT, &[]),
        }
    }

    /// Adds bytes as they are, such as a commitment or the hash of a file.
    pub fn bytes(self, bytes: &[u8]) -> Canonical {
        self.field(BYTES, bytes)
    }

    /// Adds a whole number: a count, hundredths of a credit, seconds.
    pub fn number(self, number: i64) -> Canonical {
        self.field(NUMBER, &number.to_be_bytes())
    }

    /// The finished bytes.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn field(mut self, kind: u8, content: &[u8]) -> Canonical {
        self.bytes.push(kind);
        self.bytes.extend((content.len() as u64).to_be_bytes());
        self.bytes.extend(content);
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_bytes_are_fixed_for_ever() {
        // Worked out by hand; if this changes, every stored leaf changes with it.
        let bytes = Canonical::new("v1").text("Zoe\u{308}").number(-5).optional_text(None).bytes(&[7]).finish();
        let expected = [
            "01 0000000000000002 7631",
            "01 0000000000000004 5a6fc3ab",
            "03 0000000000000008 fffffffffffffffb",
            "00 0000000000000000",
            "02 0000000000000001 07",
        ];
        assert_eq!(hex(&bytes), expected.concat().replace(' ', ""));
    }

    #[test]
    fn fields_cannot_run_into_each_other() {
        let start = || Canonical::new("v1");
        assert_ne!(start().text("ab").text("c"), start().text("a").text("bc"));
        assert_ne!(start().text("ab"), start().text("a").text("b"));
        assert_ne!(start().text(""), start().optional_text(None));
        assert_ne!(start().text("a"), start().bytes(b"a"));
        assert_ne!(start().number(1), start().bytes(&1_i64.to_be_bytes()));
        assert_ne!(Canonical::new("v1").text("a"), Canonical::new("v2").text("a"));
    }

    proptest! {
        #[test]
        fn different_lists_of_texts_give_different_bytes(a: Vec<Option<String>>, b: Vec<Option<String>>) {
            let normal = |list: &[Option<String>]| -> Vec<Option<String>> {
                list.iter().map(|text| text.as_ref().map(|text| text.nfc().collect())).collect()
            };
            let encode = |list: &[Option<String>]| {
                list.iter().fold(Canonical::new("v1"), |record, text| record.optional_text(text.as_deref())).finish()
            };
            prop_assert_eq!(encode(&a) == encode(&b), normal(&a) == normal(&b));
            prop_assert_eq!(encode(&a), encode(&normal(&a)));
        }
    }
}
