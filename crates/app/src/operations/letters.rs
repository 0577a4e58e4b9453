//! A letter's words for who looks after letters, but must not be able to use them: secrets in links and codes are
//! taken out.

/// What stands in the place of a secret.
const REMOVED: &str = "[removed]";
/// Secrets in links have 43 signs; no word of our own addresses is as long as this.
const SHORTEST_SECRET: usize = 20;

/// The words without what opens anything: long random parts of addresses, and codes of six digits.
pub fn without_secrets(body: &str) -> String {
    let mut shown = String::with_capacity(body.len());
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        shown.push_str(if is_secret(run) { REMOVED } else { run });
        let mut signs = after.chars();
        shown.extend(signs.next());
        rest = signs.as_str();
    }
    shown
}

/// What secrets are written with.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_secret(run: &str) -> bool {
    let is_code = run.len() == 6 && run.bytes().all(|byte| byte.is_ascii_digit());
    is_code
        || run.len() >= SHORTEST_SECRET && run.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_something_is_taken_out_and_all_else_stays() {
        let secret = "q7Zb0rN4y-VwEo_1u3H8kPdTfXcMjLs9aGiR2e5WvB6";
        let letter =
            format!("Hello Amara,\nchoose it here:\nhttps://credit.example/reset/{secret}\nYour code is 402913.\n");
        let shown = without_secrets(&letter);
        assert_eq!(
            shown,
            "Hello Amara,\nchoose it here:\nhttps://credit.example/reset/[removed]\nYour code is [removed].\n"
        );
        let plain = "7.50 credits of 11/02/2026 by Harborview, see https://credit.example/provider/learners/rejected.";
        assert_eq!(without_secrets(plain), plain);
        assert_eq!(without_secrets(&format!("?key={secret}&next=/a")), "?key=[removed]&next=/a");
        assert_eq!(without_secrets("é…"), "é…");
    }
}
