//! Stable words of the audit trail as the accreditor's staff read them. What a physician reads about the
//! same rows is said in the Passport's own words.

/// What was done, and what of the detail is worth showing.
pub(super) fn words<'a>(action: &'a str, detail: &'a str) -> (&'a str, &'a str) {
    let what = match action {
        "transcript.read" => "Transcript read",
        "transcript.issue" => "Transcript issued",
        "claim.request" => "Account claimed",
        "claim.accept" => "Account opened",
        "claim.settle" => "Account claim looked at",
        "credit.accept" => "Points accepted",
        "credit.reject" => "Points rejected",
        "board_rules.set" => "Automatic rules set",
        "board_rules.apply" => "Automatic rules applied to what waited",
        "session.start" => "Signed in",
        "physician.search" => "Listed in a search",
        "physician.list" => "Named on a list",
        "physician.read" => "Record opened",
        "identity.explain" => "Compared with a report",
        "identity.look" => "Looked at for a merge or split",
        "identity.propose" => "Merge or split proposed",
        "identity.decline" => "Proposal refused",
        "identity.confirm" => "Merge or split confirmed",
        "identity.undo" => "Merge or split undone",
        "license.change" => "License put right by hand",
        "license.take_back" => "Change of a license taken back",
        "review.open" => "Compared with a roster’s row",
        "review.attach" => "A roster’s row attached",
        "review.new" => "Made from a roster’s row",
        "review.dismiss" => "A roster’s row dismissed",
        "review.reopen" => "A settled row taken back",
        other => other,
    };
    let detail = match action {
        // an outcome's stored word says nothing about this physician alone
        "identity.explain" => "",
        _ => detail,
    };
    (what, detail)
}
