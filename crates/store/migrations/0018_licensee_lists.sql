-- What a licensing board checks: lists of its licensees, checks of a list against a requirement with what was found
-- at that time, and audits of a sample.

create table licensee_list (
    list_id uuid primary key,
    state text not null,
    name text not null,
    -- file, pasted or registry
    source text not null,
    -- the file's name, or which licensees of the registry, as people read it
    origin text not null,
    made_by uuid not null,
    made_by_name text not null,
    made_at bigint not null,
    rows_given bigint not null,
    -- licensees of this state that its rows mean, each once
    licensees bigint not null
);
create index licensee_list_state on licensee_list (state, made_at);

create table licensee_list_row (
    list_id uuid not null references licensee_list (list_id),
    row_number bigint not null,
    -- as they were given
    given_number text not null,
    given_first text not null,
    given_last text not null,
    given_npi text not null,
    outcome text not null,
    -- of a matched row only: who is meant, and the number and name by which the registry knew them then
    physician_id uuid,
    license_number text not null,
    name text not null,
    primary key (list_id, row_number)
);
create index licensee_list_row_outcome on licensee_list_row (list_id, outcome, row_number);

create table compliance_check (
    check_id uuid primary key,
    list_id uuid not null references licensee_list (list_id),
    state text not null,
    -- the board's requirement as it was when the check was asked for (JSON), and its name for people
    requirement text not null,
    requirement_words text not null,
    -- the day whose cycle is looked at, and whether that is the cycle in which it lies or the last that ended by then
    as_of text not null,
    which_cycle text not null check (which_cycle in ('current', 'ended')),
    asked_by uuid not null,
    asked_by_name text not null,
    asked_at bigint not null,
    -- the row of the list through which licensees are settled: where a worker goes on
    settled_through bigint not null,
    settled bigint not null,
    total bigint not null,
    -- leaves of the ledger when the first licensee was read
    ledger_size bigint,
    finished_at bigint
);
create index compliance_check_list on compliance_check (list_id, asked_at);
create index compliance_check_state on compliance_check (state, asked_at);

-- What one check found of one licensee: a snapshot, never changed. Amounts are hundredths.
create table compliance_result (
    check_id uuid not null references compliance_check (check_id),
    row_number bigint not null,
    physician_id uuid not null,
    license_number text not null,
    name text not null,
    -- LAST FIRST in plain capitals, for sorting and finding by name
    name_key bytea not null,
    standing text not null,
    cycle_from text,
    cycle_until text,
    required bigint not null,
    counted bigint not null,
    missing bigint not null,
    -- topics with what of them is missing (JSON); an empty list of nothing
    topics text not null,
    primary key (check_id, row_number)
);
create index compliance_result_standing on compliance_result (check_id, standing, row_number);
create index compliance_result_name on compliance_result (check_id, name_key, row_number);
create index compliance_result_missing on compliance_result (check_id, missing, row_number);
create unique index compliance_result_physician on compliance_result (check_id, physician_id);

create table license_audit (
    license_audit_id uuid primary key,
    state text not null,
    name text not null,
    -- the population: the licensees of this list
    list_id uuid not null references licensee_list (list_id),
    population bigint not null,
    -- hex SHA-256 of the sorted license numbers, each ended by a line break
    population_digest text not null,
    seed text not null,
    sample_size bigint not null,
    requirement text not null,
    requirement_words text not null,
    as_of text not null,
    which_cycle text not null check (which_cycle in ('current', 'ended')),
    made_by uuid not null,
    made_by_name text not null,
    made_at bigint not null,
    closed_at bigint,
    closed_by_name text
);
create index license_audit_state on license_audit (state, made_at);

create table license_audit_case (
    case_id uuid primary key,
    license_audit_id uuid not null references license_audit (license_audit_id),
    state text not null,
    -- place in the draw, from 1
    place bigint not null,
    physician_id uuid not null,
    license_number text not null,
    name text not null,
    -- acts so far: whoever adds one names the number that they saw
    acts bigint not null,
    -- as of the last comparison with the requirement; empty before the first
    standing text,
    cycle_from text,
    cycle_until text,
    required bigint not null,
    counted bigint not null,
    missing bigint not null,
    topics text not null,
    assessed_at bigint,
    ledger_size bigint,
    -- the last decision
    decision text,
    reason text not null,
    decided_at bigint,
    decided_by_name text,
    due_on text,
    resolved_at bigint,
    unique (license_audit_id, place),
    unique (license_audit_id, physician_id)
);
create index license_audit_case_physician on license_audit_case (physician_id);
create index license_audit_case_due on license_audit_case (due_on) where due_on is not null and resolved_at is null;

-- What was done about a licensee of the sample, in order. Rows are only ever added.
create table license_audit_act (
    case_id uuid not null references license_audit_case (case_id),
    number bigint not null,
    kind text not null,
    at bigint not null,
    by_id uuid,
    by_name text not null,
    -- one line for people
    summary text not null,
    -- a letter's subject and text; empty of other acts
    subject text not null,
    body text not null,
    -- how a letter went: mail or print
    sent_by text not null,
    primary key (case_id, number)
);
