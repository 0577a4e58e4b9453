//! What goes to stdout. `println!` would panic when the reader has gone (`credence ... | head`);
//! here that is an error which `main` takes for a quiet end.

use std::io::Write;

/// One line of what the person asked for.
pub(crate) fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// One line beside the result. Nobody reading it is no reason to stop.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Whether an error only says that nobody reads any more.
pub(crate) fn reader_is_gone(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// A count as people read it: `1,100,000`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (20_000, "20,000"), (1_100_000, "1,100,000")] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn only_a_broken_pipe_is_a_quiet_end() {
        let wrapped = |kind: std::io::ErrorKind| anyhow::Error::from(std::io::Error::from(kind)).context("writing");
        assert!(reader_is_gone(&wrapped(std::io::ErrorKind::BrokenPipe)));
        assert!(!reader_is_gone(&wrapped(std::io::ErrorKind::NotFound)));
    }
}
