-- The heart: uploads, completions, credits, and the log that nothing leaves. A completion or credit
-- row is a fact: it is inserted once; only the marks of later events (withdrawn, decided) are added.

create table upload (
    upload_id uuid primary key,
    provider_id text not null references provider (provider_id),
    -- file: a batch; form: one learner typed on a page; service: a request of a program, settled at once
    source text not null check (source in ('file', 'form', 'service')),
    submitted_by_kind text not null,
    submitted_by uuid not null,
    submitted_by_name text not null,
    file_name text not null,
    file_format text not null,
    file_bytes bigint not null,
    -- hex SHA-256; the same bytes again are the earlier upload
    digest text not null,
    permission_on text not null,
    status text not null check (status in ('received', 'processing', 'done', 'failed')),
    received_at bigint not null,
    started_at bigint,
    finished_at bigint,
    -- the header as found in the file (JSON), once read
    header text,
    -- problems of the file as a whole (JSON)
    problems text not null,
    -- rows of the file that are settled: where work goes on after a crash
    rows_done bigint not null,
    -- per mille of the file read
    read_permille bigint not null,
    rows bigint not null,
    accepted bigint not null,
    refused bigint not null,
    already_reported bigint not null,
    deleted bigint not null,
    unique (provider_id, digest)
);
create index upload_received on upload (provider_id, received_at);
-- what people look at: files, and requests of programs as long as something of them was refused
create index upload_listed on upload (provider_id, received_at) where (source = 'file' or refused > 0);

create table upload_row (
    upload_id uuid not null references upload (upload_id),
    row_number bigint not null,
    result text not null check (result in ('accepted', 'already_reported', 'deleted', 'refused')),
    completion_id uuid,
    -- cells and problems (JSON) of a refused row, and cells of one that was corrected on screen;
    -- cells of other rows are in the file
    cells text,
    problems text,
    corrected_at bigint,
    primary key (upload_id, row_number)
);
create index upload_row_refused on upload_row (upload_id, row_number) where result = 'refused';
-- what took a completion back
create index upload_row_deleted on upload_row (completion_id) where result = 'deleted';

create table upload_row_problem (
    upload_id uuid not null,
    row_number bigint not null,
    code text not null,
    primary key (upload_id, code, row_number)
);

create table completion (
    completion_id uuid primary key,
    activity_id text not null references activity (activity_id),
    provider_id text not null,
    -- whose it is now; empty for a REMS learner who is no physician. A merge or split of records moves
    -- it, with a leaf in the ledger
    physician_id uuid references physician (physician_id),
    -- whom it was linked to when it was reported: a fact, which its leaf commits to
    reported_physician_id uuid references physician (physician_id),
    completed_on text not null,
    -- as the provider wrote them
    first_name text not null,
    last_name text not null,
    -- LAST FIRST in plain capitals, as bytes: what searches compare
    name_key bytea not null,
    birth text not null,
    -- of the license, as two letters; empty if none was named
    state text not null,
    learner_identifier text not null,
    rems text,
    -- the commitment key of a learner who is no physician; a physician's own key serves all others
    person_key bytea,
    submission_id text not null,
    upload_id uuid not null,
    row_number bigint not null,
    reported_at bigint not null,
    withdrawn_at bigint
);
create unique index completion_live on completion (physician_id, activity_id, completed_on)
    where withdrawn_at is null and physician_id is not null;
create unique index completion_live_rems on completion (activity_id, learner_identifier, completed_on)
    where withdrawn_at is null and physician_id is null;
-- the orders and keys of the provider's own search, which counts and pages in the indexes alone
create index completion_provider on completion (provider_id, reported_at, completion_id, withdrawn_at);
create index completion_completed on completion (provider_id, completed_on, completion_id, withdrawn_at);
create index completion_name on completion (provider_id, name_key, completion_id, withdrawn_at);
create index completion_identifier on completion (provider_id, learner_identifier);
create index completion_withdrawn on completion (provider_id, reported_at, completion_id) where withdrawn_at is not null;
create index completion_activity on completion (activity_id, completed_on);
-- what is on record under a sender's own ID
create index completion_submission on completion (provider_id, submission_id)
    where submission_id <> '' and withdrawn_at is null;

-- A sender's own IDs of a completion beside its first: a report has one for each certificate, and a completion may
-- have come in several rows.
create table further_submission_id (
    provider_id text not null references provider (provider_id),
    submission_id text not null,
    completion_id uuid not null references completion (completion_id),
    primary key (provider_id, submission_id, completion_id)
);
create index further_submission_id_completion on further_submission_id (completion_id);

create table credit (
    credit_id uuid primary key,
    completion_id uuid not null references completion (completion_id),
    -- CME, REMS or a certifying board's code
    kind text not null,
    -- one of two records of a board: points of the credit type that stands apart, or of the rest
    part text not null check (part in ('', 'apart', 'rest')),
    amount bigint not null,
    -- credit types with amounts (JSON): tags over the same points, never addends
    types text not null,
    -- the learner's ID with the board, as reported; empty if none was
    diplomate_id text not null,
    status text not null check (status in ('pending', 'accepted', 'rejected')),
    reason text not null,
    -- the MOC credit that a CME credit follows from, where none was reported
    derived_from uuid,
    reported_at bigint not null,
    -- the leaf that records it, and the one that withdraws it
    leaf_index bigint not null,
    withdrawn_leaf bigint,
    withdrawn_at bigint
);
create unique index credit_live on credit (completion_id, kind, part) where withdrawn_at is null;
create index credit_board on credit (kind, status, reported_at) where kind <> 'CME' and withdrawn_at is null;

create table ledger_leaf (
    leaf_index bigint primary key,
    leaf_hash bytea not null,
    event text not null check (event in ('report', 'withdraw', 'decide', 'relink')),
    credit_id uuid not null,
    at bigint not null,
    -- to whose record a relink event moved the credit
    holder_id uuid,
    -- what a decide event said
    status text,
    reason text
);
create index ledger_leaf_decided on ledger_leaf (credit_id) where event = 'decide';
-- whose records a credit went through
create index ledger_leaf_relinked on ledger_leaf (credit_id) where event = 'relink';

create table ledger_head (
    size bigint primary key,
    root bytea not null,
    -- the right edge of the tree, from which the next head goes on
    frontier bytea not null,
    -- the signed checkpoint
    note text not null,
    signed_at bigint not null
);

-- What a printed transcript was made from: the code on the paper finds it again.
create table transcript_issue (
    code text primary key,
    physician_id uuid not null references physician (physician_id),
    issued_at bigint not null,
    issued_by_kind text not null,
    completed_from text,
    completed_until text,
    kind text,
    provider_id text,
    -- of a certificate: the one completion that it is about
    completion_id uuid,
    -- the credits it cites, each with its status then, and its totals (both JSON)
    credits text not null,
    totals text not null,
    ledger_size bigint not null
);
create index transcript_issue_physician on transcript_issue (physician_id, issued_at);
