-- What moves: background work, events for others, and who did what.

create table job (
    job_id uuid primary key,
    kind text not null,
    payload text not null,
    state text not null check (state in ('queued', 'running', 'done', 'failed')),
    run_at bigint not null,
    attempts bigint not null,
    -- a worker holds the job until then; the token grows with each lease, so a worker that was
    -- believed dead cannot commit any more
    leased_until bigint,
    lease_token bigint not null,
    created_at bigint not null,
    finished_at bigint,
    failure text
);
create index job_due on job (state, run_at);

-- The outbox: written with the fact, read in order by boards' feeds, webhooks and mail.
create table event (
    event_seq bigint primary key,
    kind text not null,
    at bigint not null,
    provider_id text,
    board text,
    credit_id uuid,
    upload_id uuid
);
create index event_board on event (board, event_seq) where board is not null;
create index event_provider on event (provider_id, event_seq) where provider_id is not null;

create table audit (
    audit_id uuid primary key,
    at bigint not null,
    who_kind text not null,
    who_id uuid,
    seat_kind text not null,
    organization text not null,
    action text not null,
    subject text not null,
    -- the physician whose record was read or changed
    physician_id uuid,
    detail text not null
);
create index audit_at on audit (at);
create index audit_physician on audit (physician_id, at) where physician_id is not null;
-- a licensing board's own log
create index audit_board on audit (organization, at, audit_id) where seat_kind = 'licensing_board';

-- Answers to requests that carried an Idempotency-Key, so that one sent again is answered and not done again.
create table idempotency_key (
    api_client_id uuid not null references api_client (api_client_id),
    idempotency_key text not null,
    -- the call and the hex SHA-256 of what was sent: another request may not have the same key
    request text not null,
    -- what became of it (JSON)
    answer text not null,
    created_at bigint not null,
    primary key (api_client_id, idempotency_key)
);
create index idempotency_key_created on idempotency_key (created_at);
