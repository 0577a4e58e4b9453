-- Files of activities or learner counts that a provider sent, and what became of each record in them.

create table activity_file (
    activity_file_id uuid primary key,
    provider_id text not null references provider (provider_id),
    -- activities: whole records; counts: learner totals alone
    kind text not null check (kind in ('activities', 'counts')),
    submitted_by_kind text not null,
    submitted_by uuid not null,
    submitted_by_name text not null,
    file_name text not null,
    file_format text not null,
    file_bytes bigint not null,
    -- hex SHA-256; the same bytes again are the earlier file
    digest text not null,
    status text not null check (status in ('received', 'processing', 'done', 'failed')),
    received_at bigint not null,
    started_at bigint,
    finished_at bigint,
    -- problems of the file as a whole (JSON)
    problems text not null,
    -- records that are settled: where work goes on after a crash
    records_done bigint not null,
    -- per mille of the file read
    read_permille bigint not null,
    added bigint not null,
    updated bigint not null,
    closed bigint not null,
    unchanged bigint not null,
    deleted bigint not null,
    refused bigint not null,
    unique (provider_id, kind, digest)
);
create index activity_file_received on activity_file (provider_id, received_at);

create table activity_file_record (
    activity_file_id uuid not null references activity_file (activity_file_id),
    -- the n-th record of a document, the row of a sheet
    record_number bigint not null,
    line bigint not null,
    result text not null check (result in ('added', 'updated', 'closed', 'unchanged', 'deleted', 'refused')),
    activity_id text,
    -- problems and warnings as their sender is told them (JSON)
    problems text not null,
    primary key (activity_file_id, record_number)
);

create table activity_file_problem (
    activity_file_id uuid not null,
    code text not null,
    record_number bigint not null,
    is_warning boolean not null,
    primary key (activity_file_id, code, record_number)
);
