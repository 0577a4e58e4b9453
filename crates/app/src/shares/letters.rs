//! What recipients and physicians are written about shares. A name and a message are data: the message stands apart,
//! as a quotation.

use domain::ShareId;
use store::shares::Terms;

use crate::App;
use crate::accounts::Secret;
use crate::letters::Written;

/// To the recipient: the link.
pub(crate) fn shared(app: &App, terms: &Terms, physician: &str, secret: &Secret) -> Written {
    let product = &app.config.product_name;
    let why = format!("You get this letter because {physician} gave this address. It is sent once for each share.");
    let mut letter =
        Written::new("share", format!("A transcript is shared with you on {product}"), "", why).paragraph(format!(
            "{physician} shares a transcript of accredited continuing education with you on {product}. It is official, \
             and shows what is on record when you open it."
        ));
    if !terms.message.is_empty() {
        letter = letter.paragraph(format!("{physician} writes:")).quote(&terms.message);
    }
    letter.button(app, "Open the transcript", &format!("/shared/{}", secret.expose())).paragraph(format!(
        "The link works until {}. The physician sees when it is opened, and can end it at any time. If you did not \
             expect this, you can ignore it.",
        app.clock.show(terms.expires_at),
    ))
}

/// To the recipient: the code that shows that they read their mail.
pub(crate) fn code(app: &App, code: &str, minutes: i64) -> Written {
    let product = &app.config.product_name;
    let why = "You get this letter because a transcript is shared with this address.";
    Written::new("share-code", format!("Your code for a shared transcript on {product}"), "", why)
        .paragraph(format!(
            "Somebody wants to open a transcript that is shared with this address on {product}. If it is you, type this \
             code there:"
        ))
        .code(code)
        .paragraph(format!(
            "It holds for {minutes} minutes. Give it to nobody: no one will ask you for it. If it was not you, do \
             nothing; without the code nothing is shown."
        ))
}

/// To the physician: a share was opened for the first time.
pub(crate) fn opened(app: &App, share: ShareId, name: &str, recipient: &str, at: i64) -> Written {
    let product = &app.config.product_name;
    let why = "You get this letter because you share a transcript. It comes once for each share.";
    Written::new("share-opened", format!("Your shared transcript was opened, {product}"), name, why)
        .paragraph(format!(
            "The transcript that you share with {recipient} was opened for the first time, on {}.",
            app.clock.show(at),
        ))
        .button(app, "See who looked, or end the share", &format!("/passport/sharing/{share}"))
}
