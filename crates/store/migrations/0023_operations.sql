-- Running the system: whether it may be changed, and which processes are at work.

-- At most one row. While it is there nothing may be changed.
create table read_only (
    read_only_id bigint primary key check (read_only_id = 1),
    reason text not null,
    since bigint not null,
    -- after a restore: what the backup held (JSON), until the ledger was compared with a published head
    restored text
);

-- Servers and workers, each heard of every few seconds.
create table process (
    process_id uuid primary key,
    kind text not null check (kind in ('server', 'worker')),
    host text not null,
    version text not null,
    started_at bigint not null,
    seen_at bigint not null
);
