//! Letters about signing in: what changed, and links that confirm, stop or undo. They go to the address on file
//! and name neither codes nor where somebody was.

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
    /// Subject and body.
    pub(super) fn write(&self, app: &App) -> (String, String) {
        let product = &app.config.product_name;
        let link = |path: &str, secret: &Secret| app.config.link(&format!("{path}{}", secret.expose()));
        match self {
            Self::Notice { name, notice } => {
                let (subject, happened) = told(notice, product);
                let body = format!(
                    "Hello {name},\n\n\
                     {happened}\n\n\
                     If this was you, there is nothing to do. If not, choose a new password at once, which ends all \
                     sessions:\n{}\n",
                    app.config.link("/forgot")
                );
                (subject, body)
            }
            Self::ConfirmEmail { name, secret } => (
                format!("Confirm your address for {product}"),
                format!(
                    "Hello {name},\n\n\
                     you asked to sign in to {product} with this address. Confirm it here:\n{}\n\n\
                     The link works once, within a day. If you did not ask for it, you can ignore this letter.\n",
                    link("/account/email/confirm/", secret)
                ),
            ),
            Self::EmailChanging { name, secret } => (
                format!("The address of your account on {product} is being changed"),
                format!(
                    "Hello {name},\n\n\
                     somebody who is signed in to your account on {product} asked for another e-mail address. It \
                     counts once it is confirmed from the new address.\n\n\
                     If this was not you, stop it here. The link works until seven days after the change, and also \
                     takes it back:\n{}\n",
                    link("/account/email/undo/", secret)
                ),
            ),
            Self::EmailChanged { name } => (
                format!("The address of your account on {product} was changed"),
                format!(
                    "Hello {name},\n\n\
                     your account on {product} has a new e-mail address. The letter that announced it, to the old \
                     address, holds a link that takes the change back within seven days.\n"
                ),
            ),
            Self::HelpAsked { name, secret } => (
                format!("Somebody asks for a way into your account on {product}"),
                format!(
                    "Hello {name},\n\n\
                     somebody who knows your password says that the second factor of your account on {product} is \
                     lost, and asks for a way in without it. A person looks at the request. A yes takes effect only \
                     after 72 hours, and you get a letter.\n\n\
                     If this was not you, stop it here, and then choose a new password:\n{}\n",
                    link("/sign-in/help/stop/", secret)
                ),
            ),
            Self::HelpAnswered { name, reason, from: Some(from) } => (
                format!("Your way back into {product}"),
                format!(
                    "Hello {name},\n\n\
                     your request for a way in without the second factor was granted:\n{reason}\n\n\
                     From {from} on, sign in with your password. The lost authenticator app, passkeys and recovery \
                     codes end with it; then set up new ones. Until then the link in the letter before this one \
                     stops it.\n"
                ),
            ),
            Self::HelpAnswered { name, reason, from: None } => (
                format!("Your request for a way into {product} was refused"),
                format!(
                    "Hello {name},\n\n\
                     your request for a way in without the second factor was refused:\n{reason}\n\n\
                     Nothing about your account has changed.\n"
                ),
            ),
            Self::ClaimGranted { secret, reason, from, until } => (
                format!("Your claim to an account on {product} was granted"),
                format!(
                    "Hello,\n\n\
                     a person compared the details that you gave and granted your claim:\n{reason}\n\n\
                     Choose a password and see your credit here:\n{}\n\n\
                     The link works once, from {from} until {until}. The wait protects whoever the record belongs \
                     to.\n",
                    link("/passport/claim/", secret)
                ),
            ),
            Self::ClaimRefused { reason } => (
                format!("Your claim to an account on {product} was refused"),
                format!(
                    "Hello,\n\n\
                     a person compared the details that you gave and did not grant your claim:\n{reason}\n\n\
                     You can claim again with other details:\n{}\n",
                    app.config.link("/passport/claim")
                ),
            ),
            Self::ClaimTakesOver { name, secret, from } => (
                format!("Your account on {product} is about to be given another address"),
                format!(
                    "Hello {name},\n\n\
                     somebody who says they are you has no access to this address any more, and a person of the \
                     accreditor’s staff believed them. From {from} on they can sign in to your record with another \
                     address, and this one no longer can.\n\n\
                     If you did not ask for this, stop it here:\n{}\n",
                    link("/passport/claim/stop/", secret)
                ),
            ),
        }
    }
}

/// The subject, and what happened in a sentence or two.
fn told(notice: &Notice, product: &str) -> (String, String) {
    match notice {
        Notice::AuthenticatorOn => (
            format!("An authenticator app was added on {product}"),
            format!("an authenticator app now guards your account on {product}. All other sessions were ended."),
        ),
        Notice::AuthenticatorOff => (
            format!("The authenticator app was turned off on {product}"),
            format!("the authenticator app no longer guards your account on {product}."),
        ),
        Notice::PasskeyAdded(passkey) => (
            format!("A passkey was added on {product}"),
            format!("the passkey “{passkey}” can now sign in to your account on {product}."),
        ),
        Notice::PasskeyRemoved(passkey) => (
            format!("A passkey was removed on {product}"),
            format!("the passkey “{passkey}” can no longer sign in to your account on {product}."),
        ),
        Notice::PasskeyCopied(passkey) => (
            format!("A passkey was refused on {product}"),
            format!(
                "the passkey “{passkey}” was refused: it counted backwards, as when there is a copy of it. Remove it \
                 from your account and add it anew."
            ),
        ),
        Notice::NewRecoveryCodes => (
            format!("New recovery codes on {product}"),
            format!("new recovery codes were made for your account on {product}. The earlier ones no longer work."),
        ),
        Notice::RecoveryCodeUsed(left) => (
            format!("A recovery code was used on {product}"),
            format!("a recovery code of your account on {product} was just used. {left} are left."),
        ),
        Notice::CodesWrong => (
            format!("Wrong codes for your account on {product}"),
            "somebody entered your password and then several wrong codes. Without the right code nobody gets in, \
             but your password may be known."
                .to_owned(),
        ),
        Notice::NewDevice(words) => (
            format!("A new sign-in on {product}"),
            format!("your account on {product} was just signed in to from a browser that we have not seen: {words}."),
        ),
        Notice::FactorsCleared => (
            format!("Your second factors were taken away on {product}"),
            format!(
                "as was granted, authenticator app, passkeys and recovery codes of your account on {product} were \
                 taken away, and somebody signed in with the password."
            ),
        ),
    }
}
