//! The help's markup: Markdown without raw HTML and without images. Whatever somebody writes, the page it makes holds
//! only the elements that are written here; tags appear as the letters that were typed.

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

/// Where a link may lead: pages of ours, other sites, letters.
pub fn is_safe_link(to: &str) -> bool {
    let to = to.trim();
    let lower = to.to_ascii_lowercase();
    let is_own = (to.starts_with('/') && !to.starts_with("//") && !to.contains('\\')) || to.starts_with('#');
    let is_known = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    (is_own || is_known) && !to.chars().any(char::is_control)
}

/// The markup as HTML, to be put into a page below a heading of the first level.
pub fn html_of(text: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, Parser::new_ext(text, options()).map(safe));
    out
}

/// Raw HTML becomes text, headings stand one level below the page's own, links that lead elsewhere lead nowhere.
fn safe(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // what remains of a block of raw HTML is a paragraph of its text
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lowered(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let to = if is_safe_link(&dest_url) { dest_url } else { "#".into() };
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url: to, title: "".into(), id: "".into() })
        }
        // a picture's words stand for it
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
        other => other,
    }
}

fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H2,
        HeadingLevel::H3 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

/// The words alone, for the search.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                out.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => out.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock) => out.push(' '),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where its links to pages of ours lead.
pub fn own_links(text: &str) -> Vec<String> {
    let links = Parser::new_ext(text, options()).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with('/') => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_elements() {
        let html = html_of("# One\n\n1. Open *it*.\n2. See [help](/help).\n\n| a | b |\n|---|---|\n| 1 | `x` |\n");
        for part in
            ["<h2>One</h2>", "<ol>", "<em>it</em>", "<a href=\"/help\">help</a>", "<td>1</td>", "<code>x</code>"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn no_markup_makes_an_element_of_its_own() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div>\n<iframe src=//evil.example></iframe>\n</div>",
            "![x](https://evil.example/x.png)",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](  data:text/html,<script>alert(1)</script>)",
            "[x](//evil.example)",
            "[x](/\\evil.example)",
            "<javascript:alert(1)>",
            "[x]: javascript:alert(1)\n\n[x]",
            "# a {onclick=alert(1)}",
            "`<b>`",
            "<!-- -->",
            "[a\"onmouseover=\"x](https://a.example/\"onmouseover=\"alert(1))",
        ] {
            let html = html_of(text);
            for bad in ["<script", "<img", "<iframe", "<div", "javascript:\"", "href=\"java", "href=\"data", "<!--"] {
                assert!(!html.to_lowercase().contains(bad), "{text:?} gives {html}");
            }
            assert!(!html.contains("href=\"//") && !html.contains("href=\"/\\"), "{text:?} gives {html}");
            // no attribute but href (and alignment of cells) is ever written
            for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                let attributes = tag.split_once(' ').map_or("", |(_, rest)| rest);
                assert!(attributes.is_empty() || attributes.starts_with("href=\""), "{text:?} gives {html}");
                assert!(!attributes.contains("\" "), "{text:?} gives {html}");
            }
        }
    }

    #[test]
    fn plain_words_have_no_markup() {
        assert_eq!(plain("# A *b*\n\n- `c`\n- [d](/e)\n"), "A b c d");
    }
}
