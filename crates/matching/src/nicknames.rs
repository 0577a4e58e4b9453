//! Which first names are forms of one another, from `data/nicknames.txt`. Being forms of one name is not
//! transitive: Chris is Christine's and Christopher's, who are not each other's.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

const TEXT: &str = include_str!("../data/nicknames.txt");

/// The lines of the file that hold a name, as an entry of a small table; 0 for a name in no line.
pub(crate) type Forms = u16;

struct Table {
    by_name: FxHashMap<&'static str, Forms>,
    /// Line numbers in rising order.
    lines: Vec<Vec<u16>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut by_name = FxHashMap::default();
    let mut lines: Vec<Vec<u16>> = vec![Vec::new()];
    for (number, line) in (0u16..).zip(TEXT.lines().filter(|line| !line.starts_with('#'))) {
        for name in line.split_ascii_whitespace() {
            let next = Forms::try_from(lines.len()).unwrap_or(0);
            let forms = *by_name.entry(name).or_insert(next);
            if forms == next {
                lines.push(Vec::new());
            }
            lines[usize::from(forms)].push(number);
        }
    }
    Table { by_name, lines }
});

/// Looks up one first name, in capitals.
pub(crate) fn forms_of(name: &str) -> Forms {
    TABLE.by_name.get(name).copied().unwrap_or(0)
}

/// Whether two names share a line.
pub(crate) fn related(a: Forms, b: Forms) -> bool {
    if a == 0 || b == 0 {
        return false;
    }
    let lines = |forms: Forms| TABLE.lines.get(usize::from(forms)).map_or(&[][..], Vec::as_slice);
    lines(a).iter().any(|line| lines(b).contains(line))
}

/// Whether two first names, in plain capitals, are the same or forms of one name.
pub fn are_forms_of_one(one: &str, other: &str) -> bool {
    one == other || related(forms_of(one), forms_of(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_plain_names_only() {
        for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.bytes().all(|b| b.is_ascii_uppercase() || b == b' '), "{line}");
            assert!(line.split(' ').count() >= 2, "{line}");
        }
    }

    #[test]
    fn forms_of_one_name_are_related_and_others_are_not() {
        let related = |a, b| related(forms_of(a), forms_of(b));
        for (a, b) in
            [("BILL", "WILLIAM"), ("WILLIAM", "BILL"), ("BOB", "ROB"), ("PEGGY", "MARGARET"), ("CHRIS", "CHRISTINE")]
        {
            assert!(related(a, b), "{a} {b}");
        }
        for (a, b) in [("CHRISTOPHER", "CHRISTINE"), ("WILLIAM", "ROBERT"), ("XYZ", "XYZ"), ("XYZ", "BILL")] {
            assert!(!related(a, b), "{a} {b}");
        }
    }
}
