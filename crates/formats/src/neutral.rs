//! Cells that a spreadsheet would run as a formula, made harmless and read back unchanged.
//!
//! A leading `= + - @`, tab or carriage return gets an apostrophe in front (formats.md section 1).
//! Reading takes exactly one off where such a sign follows, so writing and reading are inverse.

use std::borrow::Cow;

/// Whether, after any apostrophes, a sign follows that starts a formula.
fn starts_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text to write into a file.
pub(crate) fn neutralize(text: &str) -> Cow<'_, str> {
    if starts_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Undoes [`neutralize`], and unwraps `="00123"`, by which people keep leading zeros in text files.
pub(crate) fn restore(cell: &mut String) {
    if cell.starts_with('\'') {
        if starts_formula(cell) {
            cell.remove(0);
        }
    } else if let Some(inner) = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'))
        && !inner.contains('"')
    {
        *cell = inner.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formula_starts_are_written_harmless_and_read_back() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=x", "''=x", "'Neil", "O'Hara", "", "=\"A\""] {
            let written = neutralize(text);
            assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']), "{text:?}");
            let mut read = written.into_owned();
            restore(&mut read);
            assert_eq!(read, text);
        }
    }

    #[test]
    fn a_text_that_keeps_its_zeros_by_a_formula_is_unwrapped() {
        let mut cell = String::from("=\"00123\"");
        restore(&mut cell);
        assert_eq!(cell, "00123");
    }
}
