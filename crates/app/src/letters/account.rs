//! Letters about signing in: what changed, and links that confirm, stop or undo. They go to the address on file
//! and name neither codes nor where somebody was.

use super::Written;
use crate::App;
use crate::accounts::Secret;
use crate::accounts::notices::Notice;

/// A letter to the owner of an account, or to somebody who asks for one.
#[derive(Debug, Clone, Copy)]
pub enum AccountLetter<'a> {
    Notice {
        name: &'a str,
        notice: &'a Notice,
    },
    /// To the new address.
    ConfirmEmail {
        name: &'a str,
        secret: &'a Secret,
    },
    /// To the old address, with the secret that stops or undoes it.
    EmailChanging {
        name: &'a str,
        secret: &'a Secret,
    },
    /// To both addresses.
    EmailChanged {
        name: &'a str,
    },
    /// Somebody who knows the password asks for a way in without the second factor.
    HelpAsked {
        name: &'a str,
        secret: &'a Secret,
    },
    /// `from`: when yes takes effect; `None` for no.
    HelpAnswered {
        name: &'a str,
        reason: &'a str,
        from: Option<&'a str>,
    },
    /// To a claimant: a person said yes. The link works between two times.
    ClaimGranted {
        secret: &'a Secret,
        reason: &'a str,
        from: &'a str,
        until: &'a str,
    },
    /// To a claimant: a person said no.
    ClaimRefused {
        reason: &'a str,
    },
    /// To the account on file of a record that somebody else is about to be given.
    ClaimTakesOver {
        name: &'a str,
        secret: &'a Secret,
        from: &'a str,
    },
}

impl AccountLetter<'_> {
    /// The letter in parts.
    pub(super) fn write(&self, app: &App) -> Written {
        let product = &app.config.product_name;
        let path = |path: &str, secret: &Secret| format!("{path}{}", secret.expose());
        let safety = format!(
            "You get this letter because you have an account on {product}. Letters about its safety always come."
        );
        let asked = format!("You get this letter because you asked for an account on {product} with this address.");
        match self {
            Self::Notice { name, notice } => {
                let (subject, happened) = told(notice, product);
                Written::new("account-notice", subject, name, safety)
                    .paragraph(happened)
                    .paragraph(
                        "If this was you, there is nothing to do. If it was not, choose a new password at once, which \
                         ends all sessions.",
                    )
                    .button(app, "Choose a new password", "/forgot")
            }
            Self::ConfirmEmail { name, secret } => {
                let why = "You get this letter because somebody gave this address for an account.";
                Written::new("email-confirm", format!("Confirm your address for {product}"), name, why)
                    .paragraph(format!("You asked to sign in to {product} with this address."))
                    .button(app, "Confirm this address", &path("/account/email/confirm/", secret))
                    .paragraph(
                        "The link works once, within a day. If you did not ask for it, do nothing: the address is not \
                         used without it.",
                    )
            }
            Self::EmailChanging { name, secret } => {
                let subject = format!("The address of your account on {product} is being changed");
                Written::new("email-changing", subject, name, safety)
                    .paragraph(format!(
                        "Somebody who is signed in to your account on {product} asked for another e-mail address. It \
                         counts once it is confirmed from the new address."
                    ))
                    .paragraph(
                        "If this was you, there is nothing to do here. If it was not, stop it. The link works until \
                         seven days after the change, and also takes it back.",
                    )
                    .button(app, "Stop the change", &path("/account/email/undo/", secret))
            }
            Self::EmailChanged { name } => Written::new(
                "email-changed",
                format!("The address of your account on {product} was changed"),
                name,
                safety,
            )
            .paragraph(format!(
                "Your account on {product} has a new e-mail address. The letter that announced it, to the old \
                     address, holds a link that takes the change back within seven days."
            )),
            Self::HelpAsked { name, secret } => {
                let subject = format!("Somebody asks for a way into your account on {product}");
                Written::new("help-asked", subject, name, safety)
                    .paragraph(format!(
                        "Somebody who knows your password says that the second factor of your account on {product} is \
                         lost, and asks for a way in without it. A person looks at the request. A yes takes effect \
                         only after 72 hours, and you get a letter."
                    ))
                    .paragraph("If this was not you, stop it, and then choose a new password.")
                    .button(app, "Stop the request", &path("/sign-in/help/stop/", secret))
            }
            Self::HelpAnswered { name, reason, from: Some(from) } => {
                Written::new("help-answered", format!("Your way back into {product}"), name, safety)
                    .paragraph("Your request for a way in without the second factor was granted. The reason given:")
                    .quote(reason)
                    .paragraph(format!(
                        "From {from} on, sign in with your password. The lost authenticator app, passkeys and recovery \
                         codes end with it; then set up new ones. Until then the link in the letter before this one \
                         stops it."
                    ))
            }
            Self::HelpAnswered { name, reason, from: None } => {
                let subject = format!("Your request for a way into {product} was refused");
                Written::new("help-answered", subject, name, safety)
                    .paragraph("Your request for a way in without the second factor was refused. The reason given:")
                    .quote(reason)
                    .paragraph("Nothing about your account has changed.")
            }
            Self::ClaimGranted { secret, reason, from, until } => {
                Written::new("claim-granted", format!("Your claim to an account on {product} was granted"), "", asked)
                    .paragraph("A person compared the details that you gave and granted your claim. The reason given:")
                    .quote(reason)
                    .button(app, "Choose a password", &path("/passport/claim/", secret))
                    .paragraph(format!(
                        "The link works once, from {from} until {until}. The wait protects whoever the record belongs \
                         to."
                    ))
            }
            Self::ClaimRefused { reason } => {
                Written::new("claim-refused", format!("Your claim to an account on {product} was refused"), "", asked)
                    .paragraph(
                        "A person compared the details that you gave and did not grant your claim. The reason given:",
                    )
                    .quote(reason)
                    .paragraph("You can claim again with other details.")
                    .button(app, "Claim again", "/passport/claim")
            }
            Self::ClaimTakesOver { name, secret, from } => {
                let subject = format!("Your account on {product} is about to be given another address");
                Written::new("claim-takes-over", subject, name, safety)
                    .paragraph(format!(
                        "Somebody who says they are you has no access to this address any more, and a person of the \
                         accreditor’s staff believed them. From {from} on they can sign in to your record with another \
                         address, and this one no longer can."
                    ))
                    .paragraph("If you did not ask for this, stop it.")
                    .button(app, "Stop it", &path("/passport/claim/stop/", secret))
            }
        }
    }
}

/// The subject, and what happened in a sentence or two.
fn told(notice: &Notice, product: &str) -> (String, String) {
    match notice {
        Notice::AuthenticatorOn => (
            format!("An authenticator app was added on {product}"),
            format!("An authenticator app now guards your account on {product}. All other sessions were ended."),
        ),
        Notice::AuthenticatorOff => (
            format!("The authenticator app was turned off on {product}"),
            format!("The authenticator app no longer guards your account on {product}."),
        ),
        Notice::PasskeyAdded(passkey) => (
            format!("A passkey was added on {product}"),
            format!("The passkey “{passkey}” can now sign in to your account on {product}."),
        ),
        Notice::PasskeyRemoved(passkey) => (
            format!("A passkey was removed on {product}"),
            format!("The passkey “{passkey}” can no longer sign in to your account on {product}."),
        ),
        Notice::PasskeyCopied(passkey) => (
            format!("A passkey was refused on {product}"),
            format!(
                "The passkey “{passkey}” was refused: it counted backwards, as when there is a copy of it. Remove it \
                 from your account and add it anew."
            ),
        ),
        Notice::NewRecoveryCodes => (
            format!("New recovery codes on {product}"),
            format!("New recovery codes were made for your account on {product}. The earlier ones no longer work."),
        ),
        Notice::RecoveryCodeUsed(left) => (
            format!("A recovery code was used on {product}"),
            format!(
                "A recovery code of your account on {product} was just used. {}",
                if *left == 1 { "1 is left.".to_owned() } else { format!("{left} are left.") }
            ),
        ),
        Notice::CodesWrong => (
            format!("Wrong codes for your account on {product}"),
            "Somebody entered your password and then several wrong codes. Without the right code nobody gets in, \
             but your password may be known."
                .to_owned(),
        ),
        Notice::NewDevice(words) => (
            format!("A new sign-in on {product}"),
            format!("Your account on {product} was just signed in to from a browser that we have not seen: {words}."),
        ),
        Notice::FactorsCleared => (
            format!("Your second factors were taken away on {product}"),
            format!(
                "As was granted, the authenticator app, passkeys and recovery codes of your account on {product} were \
                 taken away, and somebody signed in with the password."
            ),
        ),
    }
}
