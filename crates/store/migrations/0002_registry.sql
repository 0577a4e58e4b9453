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
    merged_into uuid,
    created_at bigint not null,
    -- position in the change sequence that the in-memory index follows
    changed_seq bigint not null
);
create index physician_changed on physician (changed_seq);
create index physician_name on physician (name_key);
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
    primary key (state, number)
);
-- all that the in-memory index reads at start stands in this index and its twin below
create index license_physician on license (physician_id, state, number);
create index license_number on license (state, number_key);

create table certification (
    physician_id uuid not null references physician (physician_id),
    board text not null,
    diplomate_id text not null,
    status text not null,
    updated_at bigint not null,
    primary key (board, diplomate_id)
);
create index certification_physician on certification (physician_id, board, diplomate_id);

create table registry_review (
    review_id uuid primary key,
    source text not null,
    row_number bigint not null,
    -- the roster's row as it came (JSON), and what the engine said of it
    row text not null,
    outcome text not null,
    reasons text not null,
    created_at bigint not null,
    settled_at bigint,
    unique (source, row)
);

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
    review_settled_at bigint
);
create index account_claim_created on account_claim (created_at);
create index account_claim_review on account_claim (review_asked_at) where review_asked_at is not null;
