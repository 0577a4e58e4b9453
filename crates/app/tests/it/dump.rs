//! The facts of the tables as lines of text, to compare before and after: who everybody is, what they
//! hold, their credit and their accounts. What only ever grows (ledger, events, audit, letters), and the
//! place in the change sequence, is left out.

/// A table's name, and its columns of ids, of bytes, and of everything else.
type Table = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// Every row of the registry, of credit and of seats.
pub async fn facts(address: &str) -> Vec<String> {
    let is_sqlite = address.starts_with("sqlite:");
    let uuid = |column: &str| {
        let text = if is_sqlite { format!("lower(hex({column}))") } else { format!("cast({column} as text)") };
        format!("coalesce(replace({text}, '-', ''), '-')")
    };
    let bytes =
        |column: &str| if is_sqlite { format!("lower(hex({column}))") } else { format!("encode({column}, 'hex')") };
    let plain = |column: &str| format!("coalesce(cast({column} as text), '-')");
    let tables: [Table; 6] = [
        (
            "physician",
            &["physician_id", "merged_into"],
            &["ledger_key", "name_key"],
            &[
                "first_name",
                "middle_name",
                "last_name",
                "suffix",
                "former_last_names",
                "degree",
                "birth",
                "npi",
                "created_at",
            ],
        ),
        (
            "license",
            &["physician_id"],
            &[],
            &["state", "number", "number_key", "status", "issued_on", "expires_on", "updated_at"],
        ),
        ("certification", &["physician_id"], &[], &["board", "diplomate_id", "status", "updated_at"]),
        (
            "completion",
            &["completion_id", "physician_id", "reported_physician_id", "upload_id"],
            &["name_key"],
            &["activity_id", "completed_on", "first_name", "last_name", "birth", "learner_identifier", "withdrawn_at"],
        ),
        (
            "credit",
            &["credit_id", "completion_id"],
            &[],
            &["kind", "amount", "types", "status", "reason", "leaf_index", "withdrawn_leaf", "withdrawn_at"],
        ),
        ("seat", &["seat_id", "account_id"], &[], &["kind", "organization", "role", "created_at"]),
    ];
    let mut lines = Vec::new();
    for (table, uuids, blobs, others) in tables {
        let columns =
            uuids.iter().map(|c| uuid(c)).chain(blobs.iter().map(|c| bytes(c))).chain(others.iter().map(|c| plain(c)));
        let columns: Vec<String> = columns.collect();
        let sql = format!("select '{table} ' || {} from {table}", columns.join(" || '|' || "));
        lines.extend(testkit::database::texts(address, &sql).await);
    }
    lines.sort_unstable();
    lines
}
