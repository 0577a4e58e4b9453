//! Stored forms of names and license numbers by which people find a physician. Coarser than what
//! the identity engine compares: a look-up shows a list, and a person chooses.

/// `LAST FIRST` in plain capitals, as bytes. Both parts lose everything but letters, so that
/// `van der Berg` and `Vanderberg` stand together.
pub(crate) fn name_key(last: &str, first: &str) -> Vec<u8> {
    format!("{} {}", folded(last), folded(first)).into_bytes()
}

/// The first key that no longer begins with `prefix`: keys hold capitals and a space, all below `~`.
pub(crate) fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    [prefix, b"~"].concat()
}

/// The keys that a search for the beginning of a last name, or for `Last First`, takes in: from the
/// first up to, not including, the second. An empty search takes in all.
pub(crate) fn name_range(name: &str) -> (Vec<u8>, Vec<u8>) {
    let words: Vec<String> = name.split([' ', ',']).map(folded).filter(|word| !word.is_empty()).collect();
    let prefix = words.join(" ").into_bytes();
    let end = after_prefix(&prefix);
    (prefix, end)
}

/// Letters only, in plain capitals. Letters of other scripts are left out.
pub(crate) fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_ascii_alphabetic() {
            folded.push(letter.to_ascii_uppercase());
        } else if !letter.is_ascii() {
            folded.push_str(plain(letter));
        }
    }
    folded
}

/// A letter with an accent as capitals without; the letters of names in Latin script.
fn plain(letter: char) -> &'static str {
    const PLAIN: &[(&str, &str)] = &[
        ("ÀÁÂÃÄÅĀĂĄàáâãäåāăą", "A"),
        ("ÇĆĈĊČçćĉċč", "C"),
        ("ÐĎĐðďđ", "D"),
        ("ÈÉÊËĒĔĖĘĚèéêëēĕėęě", "E"),
        ("ĜĞĠĢĝğġģ", "G"),
        ("ĤĦĥħ", "H"),
        ("ÌÍÎÏĨĪĬĮİìíîïĩīĭįı", "I"),
        ("Ĵĵ", "J"),
        ("Ķķ", "K"),
        ("ĹĻĽĿŁĺļľŀł", "L"),
        ("ÑŃŅŇñńņň", "N"),
        ("ÒÓÔÕÖØŌŎŐòóôõöøōŏő", "O"),
        ("ŔŖŘŕŗř", "R"),
        ("ŚŜŞŠȘśŝşšș", "S"),
        ("ŢŤŦȚţťŧț", "T"),
        ("ÙÚÛÜŨŪŬŮŰŲùúûüũūŭůűų", "U"),
        ("Ŵŵ", "W"),
        ("ÝŶŸýÿŷ", "Y"),
        ("ŹŻŽźżž", "Z"),
        ("Ææ", "AE"),
        ("Œœ", "OE"),
        ("Þþ", "TH"),
        ("ß", "SS"),
    ];
    PLAIN.iter().find(|(letters, _)| letters.contains(letter)).map_or("", |(_, plain)| plain)
}

/// The digits without leading zeros: `GA-048812` and `48812` are found by each other.
pub(crate) fn number_key(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for (last, first) in [("van der Berg", "Zoë"), ("VanderBerg", "Zoe"), ("VAN-DER BERG", "ZOË")] {
            assert_eq!(name_key(last, first), b"VANDERBERG ZOE", "{last}");
        }
        assert_eq!(name_key("O’Brien", "Łukasz"), b"OBRIEN LUKASZ");
    }

    #[test]
    fn a_prefix_takes_in_what_begins_with_it_and_nothing_else() {
        let (from, before) = (b"WHIT".to_vec(), after_prefix(b"WHIT"));
        let within = |last| (from.as_slice()..before.as_slice()).contains(&name_key(last, "Amara").as_slice());
        assert!(within("Whit") && within("Whitfield") && within("Whitz"));
        assert!(!within("Whis") && !within("Whiu"));
    }

    #[test]
    fn a_number_is_its_digits() {
        for number in ["GA-048812", "48812", "0048812", "G.A. 048812"] {
            assert_eq!(number_key(number), "48812", "{number}");
        }
        assert_eq!(number_key("none"), "");
    }
}
