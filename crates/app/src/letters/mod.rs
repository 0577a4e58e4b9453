//! What the system writes to people: the words of each letter, and one layout for all of them.
//!
//! A letter is parts in order ([`Written`]); `layout` makes plain text and HTML of them. Rooms that write about their
//! own matters (shares, cases, news) keep their words beside them and hand over the parts.

mod account;
mod layout;
mod samples;
mod written;

pub use account::AccountLetter;
pub use layout::{Rendered, render};
pub use samples::{Foreign, samples};
pub use written::{Item, Part, Written};

use crate::App;
use crate::accounts::Secret;

/// A letter to somebody.
#[derive(Debug, Clone, Copy)]
pub enum Letter<'a> {
    /// About signing in.
    Account(AccountLetter<'a>),
    /// `role` as people read it; `until` a time as people read it.
    Invitation {
        organization: &'a str,
        role: &'a str,
        inviter: &'a str,
        secret: &'a Secret,
        until: &'a str,
    },
    PasswordReset {
        name: &'a str,
        secret: &'a Secret,
    },
    PasswordChanged {
        name: &'a str,
    },
    /// A claim to an account was proven; `until` a time as people read it.
    Claim {
        name: &'a str,
        secret: &'a Secret,
        until: &'a str,
    },
    /// To the owner of an account: somebody claimed it again.
    ClaimedAgain {
        name: &'a str,
    },
    /// Two records of one physician were merged, and the other's account stays.
    RecordJoined {
        name: &'a str,
    },
    /// The records were parted again.
    RecordReturned {
        name: &'a str,
    },
    /// A licensing board writes about an audit; the words are the board's own.
    LicenseAudit {
        subject: &'a str,
        body: &'a str,
    },
    /// Certifying boards rejected credit of the provider; `lines` say of which activities and why.
    CreditRejected {
        name: &'a str,
        organization: &'a str,
        credits: i64,
        lines: &'a [Item],
    },
    /// Activities that could be seen first since a saved search was told last; `lines` name some of them, `query` is
    /// the search as it stands in addresses.
    NewActivities {
        name: &'a str,
        search: &'a str,
        query: &'a str,
        total: u64,
        lines: &'a [Item],
        stop_key: &'a str,
    },
    /// A subject and plain text, read as [`Written::of_words`] says: for letters that need no more.
    Words {
        subject: &'a str,
        body: &'a str,
    },
    /// Written in parts by the room that sends it.
    Written(&'a Written),
}

impl Letter<'_> {
    /// The letter in parts.
    pub fn write(&self, app: &App) -> Written {
        let product = &app.config.product_name;
        let has_account = format!("You get this letter because you have an account on {product}.");
        match self {
            Self::Account(letter) => letter.write(app),
            Self::Words { subject, body } => Written::of_words(app, "words", subject, body),
            Self::Written(written) => (*written).clone(),
            Self::Invitation { organization, role, inviter, secret, until } => {
                let why = format!("You get this letter because {inviter} gave this address. It is sent once.");
                Written::new("invitation", format!("Join {organization} on {product}"), "", why)
                    .paragraph(format!("{inviter} invites you to the team of {organization} on {product}."))
                    .paragraph(format!("Your role would be: {role}."))
                    .button(app, "Accept the invitation", &format!("/invitation/{}", secret.expose()))
                    .paragraph(format!(
                        "The link works once, until {until}. If you did not expect this, do nothing: nobody joins a \
                         team without opening it."
                    ))
            }
            Self::PasswordReset { name, secret } => {
                let why = "You get this letter because somebody asked for a new password for this address.";
                Written::new("password-reset", format!("Choose a new password for {product}"), name, why)
                    .paragraph(format!("Somebody asked for a new password for your account on {product}."))
                    .button(app, "Choose a new password", &format!("/reset/{}", secret.expose()))
                    .paragraph(
                        "The link works once, within one hour. If you did not ask for it, do nothing: your password \
                         stays as it is.",
                    )
            }
            Self::PasswordChanged { name } => {
                let why = format!("{has_account} Letters about its safety always come.");
                Written::new("password-changed", format!("Your password for {product} was changed"), name, why)
                    .paragraph(format!(
                        "The password of your account on {product} was just changed, and all other sessions were \
                         ended."
                    ))
                    .paragraph("If this was you, there is nothing to do. If it was not, choose a new password at once.")
                    .button(app, "Choose a new password", "/forgot")
            }
            Self::Claim { name, secret, until } => {
                let why = "You get this letter because somebody asked for an account with this address.";
                Written::new("claim", format!("Finish your account on {product}"), name, why)
                    .paragraph(
                        "The details you gave agree with the registry. Choose a password, and you see the credit that \
                         was reported for you.",
                    )
                    .button(app, "Finish your account", &format!("/passport/claim/{}", secret.expose()))
                    .paragraph(format!(
                        "The link works once, until {until}. If you did not ask for an account, do nothing: none is \
                         made without it."
                    ))
            }
            Self::ClaimedAgain { name } => {
                let why = format!("{has_account} Letters about its safety always come.");
                Written::new("claimed-again", format!("Somebody claimed your account on {product}"), name, why)
                    .paragraph(format!(
                        "Somebody gave your details and asked for an account on {product}. You have one already, so \
                         nothing was changed and nothing was shown."
                    ))
                    .paragraph("If it was you, sign in. If you forgot the password, choose a new one.")
                    .button(app, "Sign in", "/sign-in")
                    .link(app, "Choose a new password", "/forgot")
            }
            Self::RecordJoined { name } => {
                let subject = format!("Your record on {product} was joined with another");
                Written::new("record-joined", subject, name, &has_account)
                    .paragraph(
                        "The accreditor found two records of one physician, yours and another, and joined them. One \
                         physician has one account, and the other record’s account stays: sign in with its e-mail \
                         address to see all your credit. With this address you no longer reach the record.",
                    )
                    .paragraph(
                        "If you have no other account, two people may have been taken for one. Write to the \
                         accreditor: it can be undone, and no credit is lost.",
                    )
            }
            Self::RecordReturned { name } => {
                Written::new("record-returned", format!("Your record on {product} is yours again"), name, &has_account)
                    .paragraph(
                        "Your record had been joined with another by mistake. The accreditor has parted them again. \
                         Sign in as before and look at your credit.",
                    )
                    .button(app, "Sign in", "/sign-in")
            }
            Self::LicenseAudit { subject, body } => {
                let why = "You get this letter because a licensing board audits your license. It is a duty of the \
                           board.";
                let mut written = Written::new("license-audit", *subject, "", why).lines(body).button(
                    app,
                    "See the audit in your Passport",
                    "/passport/audits",
                );
                // the board's own words begin with the name
                written.greets = false;
                written
            }
            Self::CreditRejected { name, organization, credits, lines } => {
                let credits = if *credits == 1 { "1 credit".to_owned() } else { format!("{credits} credits") };
                let subject = format!("Certifying boards rejected {credits} of {organization}");
                let why = format!(
                    "You get this letter because you report learners for {organization}, at most once an hour. \
                     Answering it is part of reporting, so it cannot be turned off."
                );
                Written::new("credit-rejected", subject, name, why)
                    .paragraph(format!(
                        "Certifying boards looked at the points that {organization} reported and rejected {credits}:"
                    ))
                    .list(lines.to_vec())
                    .paragraph("See whose they are, correct them, and report them again. All other credit stands.")
                    .button(app, "See what was rejected", "/provider/learners/rejected")
            }
            Self::NewActivities { name, search, query, total, lines, stop_key } => {
                let (count, they) = match total {
                    1 => ("1 new activity".to_owned(), "it"),
                    total => (format!("{total} new activities"), "them"),
                };
                let all = if query.is_empty() { "/activities".to_owned() } else { format!("/activities?{query}") };
                let why = format!("You get this letter because you saved this search on {product}.");
                Written::new("new-activities", format!("{count} in your search “{search}”"), name, why)
                    .paragraph(format!("{count} can be found by your saved search “{search}”."))
                    .list(lines.to_vec())
                    .button(app, &format!("See {they} among all that the search finds"), &all)
                    .ends(app, "/activities/searches", &format!("/searches/stop/{stop_key}"))
            }
        }
    }
}
