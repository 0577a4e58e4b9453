//! What recipients and physicians are written about shares. A name and a message are data: each stands on lines of
//! its own or within a sentence, and nothing of them becomes a header.

use store::shares::Share;

use crate::App;
use crate::accounts::Secret;

/// To the recipient: the link. Subject and body.
pub(super) fn shared(app: &App, share: &Share, physician: &str, secret: &Secret) -> (String, String) {
    let product = &app.config.product_name;
    let message = match share.terms.message.is_empty() {
        true => String::new(),
        false => format!("{physician} writes:\n\n{}\n\n", indented(&share.terms.message)),
    };
    let body = format!(
        "Hello,\n\n\
         {physician} shares a transcript of accredited continuing education with you on {product}. It is official, and \
         shows what is on record when you open it.\n\n\
         {message}\
         Open it here:\n{}\n\n\
         The link works until {}. The physician sees when it is opened, and can end it at any time. If you did not \
         expect this, you can ignore it.\n",
        app.config.link(&format!("/shared/{}", secret.expose())),
        app.clock.show(share.terms.expires_at),
    );
    (format!("A transcript is shared with you on {product}"), body)
}

/// No line of a message can be taken for a line of ours, or for a link of ours.
fn indented(message: &str) -> String {
    message.lines().map(|line| format!("  > {line}")).collect::<Vec<_>>().join("\n")
}

/// To the recipient: the code that shows that they read their mail.
pub(super) fn code(app: &App, code: &str, minutes: i64) -> (String, String) {
    let product = &app.config.product_name;
    let body = format!(
        "Hello,\n\n\
         somebody wants to open a transcript that is shared with this address on {product}. If it is you, type this \
         code there:\n\n{code}\n\n\
         It holds for {minutes} minutes. Give it to nobody: no one will ask you for it. If it was not you, you can \
         ignore this letter; without the code nothing is shown.\n"
    );
    (format!("Your code for a shared transcript on {product}"), body)
}

/// To the physician: a share was opened for the first time.
pub(super) fn opened(app: &App, share: &Share, name: &str, recipient: &str, at: i64) -> (String, String) {
    let product = &app.config.product_name;
    let body = format!(
        "Hello {name},\n\n\
         the transcript that you share with {recipient} was opened for the first time, on {}.\n\n\
         See who looked, or end the share, here:\n{}\n\n\
         This letter comes once for each share. Choose which letters you get here:\n{}\n",
        app.clock.show(at),
        app.config.link(&format!("/passport/sharing/{}", share.id)),
        app.config.link("/passport/sharing#letters"),
    );
    (format!("Your shared transcript was opened, {product}"), body)
}
