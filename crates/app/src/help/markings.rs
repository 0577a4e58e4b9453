//! Texts with the words marked that were looked for, whole or cut to a line or two around the first of them.

/// A word of a text: where it stands (bytes), and the number of its stem.
pub(super) struct Token {
    pub from: usize,
    pub to: usize,
    pub stem: u32,
}

pub(super) struct Text {
    pub text: String,
    pub tokens: Vec<Token>,
}

/// Part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub is_marked: bool,
}

/// Characters of a cut text, and how many of them stand before the first find.
const CUT: usize = 220;
const BEFORE: usize = 60;

/// The whole text.
pub(super) fn marked(text: &Text, found: &[u32]) -> Vec<Piece> {
    between(text, found, 0, text.text.len())
}

/// A stretch of the text around the first find.
pub(super) fn cut(text: &Text, found: &[u32]) -> Vec<Piece> {
    let first = text.tokens.iter().find(|token| found.contains(&token.stem)).map_or(0, |token| token.from);
    let from = match first.saturating_sub(BEFORE) {
        0 => 0,
        near => start_of_word(&text.text, near),
    };
    let to = match from + CUT {
        end if end >= text.text.len() => text.text.len(),
        end => end_of_word(&text.text, end),
    };
    let mut pieces = between(text, found, from, to);
    let dots = |is_wanted: bool| is_wanted.then(|| Piece { text: "…".to_owned(), is_marked: false });
    pieces.splice(0..0, dots(from > 0));
    pieces.extend(dots(to < text.text.len()));
    pieces
}

/// The first place at or behind this one where a word begins.
fn start_of_word(text: &str, near: usize) -> usize {
    let rest = text.char_indices().skip_while(|(at, _)| *at < near);
    let space = rest.into_iter().find(|(_, letter)| letter.is_whitespace());
    space.map_or(0, |(at, letter)| at + letter.len_utf8())
}

fn end_of_word(text: &str, near: usize) -> usize {
    let rest = text.char_indices().skip_while(|(at, _)| *at < near);
    rest.into_iter().find(|(_, letter)| letter.is_whitespace()).map_or(text.len(), |(at, _)| at)
}

fn between(text: &Text, found: &[u32], from: usize, to: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = from;
    let mut push = |from: usize, to: usize, is_marked: bool| {
        if let Some(part) = text.text.get(from..to).filter(|part| !part.is_empty()) {
            pieces.push(Piece { text: part.to_owned(), is_marked });
        }
    };
    for token in &text.tokens {
        if token.from >= at && token.to <= to && found.contains(&token.stem) {
            push(at, token.from, false);
            push(token.from, token.to, true);
            at = token.to;
        }
    }
    push(at, to, false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str, marked: &[&str]) -> Text {
        let tokens = words.split(' ').scan(0, |at, word| {
            let from = *at;
            *at += word.len() + 1;
            Some(Token { from, to: from + word.len(), stem: u32::from(marked.contains(&word)) })
        });
        Text { text: words.to_owned(), tokens: tokens.collect() }
    }

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| if piece.is_marked { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect()
    }

    #[test]
    fn words_that_were_looked_for_are_marked() {
        assert_eq!(shown(&marked(&text("ein Maß of credit", &["Maß", "credit"]), &[1])), "ein [Maß] of [credit]");
        assert_eq!(shown(&marked(&text("nothing", &[]), &[1])), "nothing");
        assert_eq!(shown(&marked(&text("", &[]), &[1])), "");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_find_at_whole_words() {
        let long = format!("{} needle {}", vec!["äöü"; 80].join(" "), vec!["later"; 80].join(" "));
        let cut = shown(&cut(&text(&long, &["needle"]), &[1]));
        assert!(cut.starts_with("…äöü ") && cut.contains(" [needle] later") && cut.ends_with("later…"), "{cut}");
        assert!(cut.chars().count() < CUT + 20, "{cut}");
    }
}
