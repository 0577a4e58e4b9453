-- Physicians as the boards' rosters tell them. Rosters are merged by the identity engine; what cannot
-- be merged safely waits in registry_review.

create table physician (
    physician_id uuid primary key,
    first_name text not null,
    middle_name text not null,
    last_name text not null,
    suffix text not null,
    -- separated by semicolons
    former_last_names text not null,
    degree text not null,
    -- MM/DD, or empty where no roster has said it; the year is never kept
    birth text not null,
    npi text,
    -- 32 random bytes: the key of this person's commitments in the ledger. Erasing it erases the
    -- person from the log while its proofs stay valid.
    ledger_key bytea not null,
    -- LAST FIRST in plain capitals, for finding by name. As bytes, because both databases order
    -- those alike, whatever their collation
    name_key bytea not null,
    -- the record that stands for this one since they were merged; itself, if it was taken back and
    -- stands for nobody
    merged_into uuid,
    created_at bigint not null,
    -- position in the change sequence that the in-memory index follows
    changed_seq bigint not null
);
create index physician_changed on physician (changed_seq);
create index physician_name on physician (name_key);
create index physician_merged on physician (merged_into) where merged_into is not null;
create unique index physician_npi on physician (npi) where npi is not null and merged_into is null;

create table license (
    physician_id uuid not null references physician (physician_id),
    state text not null,
    number text not null,
    -- the number's digits without leading zeros, for finding it however it is typed
    number_key text not null,
    status text not null,
    issued_on text,
    expires_on text,
    updated_at bigint not null,
    -- the import whose row last said something new of it, and the name as that row gave it
    import_id uuid,
    said_name text,
    -- one number may belong to two physicians: a state's boards for MD and DO each count from 1. All that
    -- the in-memory index reads at start stands in this key and its twin below
    primary key (physician_id, state, number)
);
create index license_number on license (state, number_key, number);

create table certification (
    physician_id uuid not null references physician (physician_id),
    board text not null,
    diplomate_id text not null,
    status text not null,
    updated_at bigint not null,
    import_id uuid,
    said_name text,
    primary key (physician_id, board, diplomate_id)
);
create index certification_number on certification (board, diplomate_id);

create table registry_review (
    review_id uuid primary key,
    -- licenses or certifications: a row of such a roster; pair: two records that may be one person
    source text not null,
    row_number bigint not null,
    -- the roster's row as it came (JSON), and what the engine said of it
    row text not null,
    outcome text not null,
    reasons text not null,
    created_at bigint not null,
    -- how it ended; all empty while it waits
    settled_at bigint,
    settlement text check (settlement in ('attached', 'new', 'merged', 'dismissed', 'import')),
    settled_physician uuid references physician (physician_id),
    -- as people read it: a name, or which import
    settled_by text,
    settled_reason text,
    -- what it added, and the record before it (JSON): what taking it back puts back
    settled_change text,
    unique (source, row)
);
create index registry_review_waiting on registry_review (created_at, review_id) where settled_at is null;
-- counts by kind and outcome read this alone
create index registry_review_kind on registry_review (source, outcome) where settled_at is null;
create index registry_review_settled on registry_review (settled_at) where settled_at is not null;
create index registry_review_physician on registry_review (settled_physician) where settled_physician is not null;

-- Who is who, put right by the accreditor's staff: two records joined, or one taken apart. One person
-- proposes, another confirms; only then does anything move. Nothing is ever deleted from here.
create table identity_change (
    change_id uuid primary key,
    kind text not null check (kind in ('merge', 'split')),
    -- what moves goes from this record
    from_physician uuid not null references physician (physician_id),
    -- to this one; empty until a split into a new record is confirmed
    into_physician uuid references physician (physician_id),
    reason text not null,
    -- what shall move (JSON); empty for a merge, which moves all
    plan text not null,
    -- what moved, and both records as they were and became (JSON)
    moved text,
    state text not null check (state in ('proposed', 'declined', 'confirmed', 'undone')),
    proposed_by uuid not null references account (account_id),
    proposed_at bigint not null,
    confirmed_by uuid references account (account_id),
    confirmed_at bigint,
    -- who took a proposal or a change back, why, and what could not be put back (JSON)
    undone_by uuid references account (account_id),
    undone_at bigint,
    undo_reason text,
    stayed text,
    check (confirmed_by is null or confirmed_by <> proposed_by)
);
create index identity_change_state on identity_change (state, proposed_at);
create index identity_change_from on identity_change (from_physician);
create index identity_change_into on identity_change (into_physician);

-- A physician's claim to an account: every try, so that a person can look at one that failed.
create table account_claim (
    claim_id uuid primary key,
    -- SHA-256 of the letter's secret; only a claim that was proven has one
    token_hash bytea unique,
    physician_id uuid references physician (physician_id),
    email text not null,
    -- what was typed (JSON)
    details text not null,
    outcome text not null,
    reasons text not null,
    created_at bigint not null,
    expires_at bigint not null,
    accepted_at bigint,
    review_asked_at bigint,
    review_settled_at bigint,
    review_settled_by uuid references account (account_id),
    -- what a person decided and why; a claim granted by a person may take over an account
    review_granted boolean,
    review_reason text,
    -- the link works from then on; the letter to the address on file can stop it until then
    opens_at bigint,
    stop_hash bytea unique,
    stopped_at bigint
);
create index account_claim_created on account_claim (created_at);
create index account_claim_review on account_claim (review_asked_at) where review_asked_at is not null;
