//! Addresses of our own pages, put together.

use std::borrow::Cow;

/// A value inside a query string or between slashes.
pub(crate) fn encoded(value: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if value.bytes().all(is_plain) {
        return Cow::Borrowed(value);
    }
    let each = value.bytes().map(|byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    Cow::Owned(each.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_end_its_parameter() {
        assert_eq!(encoded("Wu-2_a.b"), "Wu-2_a.b");
        assert_eq!(encoded("O’Brien & co=1#x%\n"), "O%E2%80%99Brien%20%26%20co%3D1%23x%25%0A");
    }
}
