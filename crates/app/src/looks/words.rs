//! What a row of the audit trail says to the physician it is about. A word that is missing here is shown as it
//! stands: no act is left out because nobody thought of words for it.

use store::record_trail::Act;

use super::Kind;

pub(super) struct Said {
    pub kind: Kind,
    pub what: String,
    pub right: String,
}

pub(super) fn of(act: &Act) -> Said {
    let detail = act.detail.as_str();
    let look = |what: &str, right: &str| said(Kind::Look, what, right);
    let change = |what: &str, right: &str| said(Kind::Change, what, right);
    let account = |what: &str| said(Kind::Account, what, "");
    let share = |what: String, right: &str| Said { kind: Kind::Share, what, right: right.to_owned() };
    const CASE: &str = "You opened the case and showed it your details.";
    const STAFF: &str = "The accreditor’s staff keeps the registry.";
    match act.action.as_str() {
        "transcript.read" => look("Read your transcript", &format!("Allowed because you {}.", to_you(detail))),
        "transcript.verify" => {
            look(&format!("Verified the transcript {detail}"), "Whoever holds a transcript may ask by its code.")
        }
        "transcript.issue" => account("Had your official transcript issued"),
        "completion.read" => look("Opened what it reported for you", "Providers see what they reported."),
        "share.view" => share("Read your shared transcript".to_owned(), &by_share(act)),
        "share.pdf" => share("Downloaded your shared transcript as PDF".to_owned(), &by_share(act)),
        "share.json" => share("Downloaded your shared transcript as JSON".to_owned(), &by_share(act)),
        "share.create" => share(format!("Shared your transcript with {detail}"), ""),
        "share.extend" => share(format!("Set another end for the share with {detail}"), ""),
        "share.renew" => share(format!("Made a new link for the share with {detail}"), ""),
        "share.revoke" => share(format!("Ended the share with {detail}"), ""),
        "claim.request" if detail == "proven" => account("Proved to be you and was sent a link to an account"),
        "claim.request" => said(Kind::Account, "Asked for an account with details of yours", "Nothing was shown."),
        "claim.accept" => account("Opened the account for your record"),
        "claim.settle_review" => change("Decided about a claim to your account", STAFF),
        "claim.stop" => account("Stopped somebody’s claim to the account"),
        "session.start" => account("Signed in"),
        "session.revoke" => account("Ended a session"),
        "session.revoke_others" => account("Ended all other sessions"),
        "session.prove" => account("Proved once more to be you"),
        "password.change" => account("Changed the password"),
        "email.request" => account("Asked for another e-mail address"),
        "second_factor.begin" => account("Began to set up an authenticator app"),
        "second_factor.on" => account(&format!("Set up a second factor: {detail}")),
        "second_factor.off" => account(&format!("Removed a second factor: {detail}")),
        "second_factor.new_codes" => account("Made new recovery codes"),
        "credential.issue" => account("Had a digital credential issued"),
        "credential.read" => {
            look("Had your digital credential issued", &format!("Allowed because you {}.", to_you(detail)))
        }
        "help.request" => account("Asked the accreditor’s staff something"),
        "notices.choose" => account("Chose which letters to get"),
        "personal_data.download" => account("Downloaded everything that is held about you"),
        "credit.accept" => change("Accepted points of yours", "Your certifying board decides about points sent to it."),
        "credit.reject" => Said {
            kind: Kind::Change,
            what: format!("Rejected points of yours{}{detail}", if detail.is_empty() { "" } else { ": " }),
            right: "Your certifying board decides about points sent to it.".to_owned(),
        },
        "licensee_list.match" => look("Put you on a list of licensees", &in_list(detail)),
        "compliance.check" => look("Compared your credit with its requirement", &in_list(detail)),
        "license_audit.draw" => look("Drew your license in an audit and compared your credit", &in_list(detail)),
        "license_audit.read" => look("Read your credit for an audit", &in_list(detail)),
        "license_audit.recheck" => look("Compared your credit again for an audit", &in_audit(detail)),
        "license_audit.decide" => change("Decided about your license in an audit", &in_audit(detail)),
        "license_audit.note" => change("Wrote a note about your license in an audit", &in_audit(detail)),
        "license_audit.letter" => change("Wrote you a letter about an audit", &in_audit(detail)),
        "license_audit.remind" => change("Reminded you of an audit", &in_audit(detail)),
        "license_audit.resolve" => change("Closed what was open in an audit", &in_audit(detail)),
        "missing_credit.open" => account(&format!("Asked {detail} for missing credit")),
        "missing_credit.reply" => account("Wrote in a case about missing credit"),
        "missing_credit.withdraw" => account("Took a case about missing credit back"),
        "missing_credit.read" => look("Read your case about missing credit", CASE),
        "missing_credit.evidence" => look("Downloaded the file of your case about missing credit", CASE),
        "missing_credit.ask" => change("Asked you about missing credit", CASE),
        "missing_credit.decline" => change("Declined your case about missing credit", CASE),
        "missing_credit.answer" => change("Answered your case about missing credit", CASE),
        "missing_credit.urge" => change("Reminded the provider of your missing credit", CASE),
        "missing_credit.close" => change("Closed your case about missing credit", CASE),
        "own_credit.add" => account("Entered credit yourself"),
        "own_credit.edit" => account("Changed credit that you entered"),
        "own_credit.delete" => account("Deleted credit that you entered"),
        "license.change" => change(&format!("Put right how your license stands: {detail}"), STAFF),
        "license.take_back" => change(&format!("Took back a change of your license: {detail}"), STAFF),
        // the accreditor's staff: their notes are for each other
        "physician.search" => look("Listed your record in a search", STAFF),
        "physician.list" => look("Named you on a list of records to look at", STAFF),
        "physician.read" => look("Read your record in the registry", STAFF),
        "identity.explain" => look("Compared your record with details that were reported", STAFF),
        "identity.look" => look("Compared your record with another that may be yours", STAFF),
        "identity.propose" => change("Proposed to join or to divide your record", STAFF),
        "identity.decline" => change("Decided not to join or divide your record", STAFF),
        "identity.confirm" => change("Joined or divided your record", "Two of the accreditor’s staff must agree."),
        "identity.undo" => change("Put your record back as it was before it was joined or divided", STAFF),
        "audit.search" => look("Searched the trail of who looked at your record", STAFF),
        "review.open" => look("Compared your record with a row of a board’s list", STAFF),
        "review.attach" => change("Added what a board’s list says to your record", STAFF),
        "review.new" => change("Made your record from a board’s list", STAFF),
        "review.dismiss" => look("Left a row of a board’s list aside", STAFF),
        "review.reopen" => change("Took back what had been added from a board’s list", STAFF),
        other => unknown(act, other, detail),
    }
}

fn said(kind: Kind, what: &str, right: &str) -> Said {
    Said { kind, what: what.to_owned(), right: right.to_owned() }
}

/// `area.act` as words, such as `passkey.add` as `Passkey: add`.
fn unknown(act: &Act, action: &str, detail: &str) -> Said {
    let kind = match act.seat_kind.as_str() {
        "physician" => Kind::Account,
        _ if action.ends_with(".read") || action.ends_with(".view") => Kind::Look,
        _ => Kind::Change,
    };
    let (area, done) = action.split_once('.').unwrap_or((action, ""));
    let words = format!("{}: {}", area.replace('_', " "), done.replace('_', " "));
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let what = format!("{first}{}", letters.as_str());
    let what = if detail.is_empty() { what } else { format!("{what}, {detail}") };
    Said { kind, what, right: String::new() }
}

/// What a board called its list or audit, and the rule under which it may look.
fn in_list(detail: &str) -> String {
    match detail.rsplit_once("; ") {
        Some((name, rule)) => format!("“{name}”. Allowed because you {}.", to_you(rule)),
        None => detail.to_owned(),
    }
}

fn in_audit(detail: &str) -> String {
    format!("“{detail}”. A licensing board audits its licensees.")
}

/// A recipient without a seat stands as who it was; a board reads by what was sent to it.
fn by_share(act: &Act) -> String {
    if act.seat_kind.is_empty() {
        "You shared it by a link.".to_owned()
    } else {
        "You sent it to this board.".to_owned()
    }
}

/// The rule of a board's access, turned to the person: `holds or held a license in Georgia`.
fn to_you(rule: &str) -> String {
    rule.replacen("holds or held", "hold or held", 1)
}
