-- Programs elsewhere that are told of events as they happen, and what became of each telling.

create table webhook (
    webhook_id uuid primary key,
    kind text not null check (kind in ('provider', 'certifying_board')),
    organization text not null,
    url text not null,
    -- the key that signs. It must be readable to sign with: who reads the database could sign as we do
    secret text not null,
    -- words of events, separated by spaces; empty: all
    events text not null,
    created_at bigint not null,
    created_by uuid not null references account (account_id),
    removed_at bigint,
    -- the first event that has no delivery yet
    next_seq bigint not null
);
create index webhook_organization on webhook (kind, organization) where removed_at is null;

-- One event told to one webhook: written down first, then sent, so that none is forgotten.
create table webhook_delivery (
    delivery_id uuid primary key,
    webhook_id uuid not null references webhook (webhook_id),
    event_seq bigint not null,
    event text not null,
    -- what is sent, byte by byte the same with each try
    body text not null,
    state text not null check (state in ('waiting', 'delivered', 'given_up')),
    tries bigint not null,
    -- when it is due; while it is being sent, when the sender is believed dead
    due_at bigint not null,
    -- what the last try was answered: a status, or why there was none
    status bigint,
    failure text not null,
    created_at bigint not null,
    tried_at bigint,
    unique (webhook_id, event_seq)
);
create index webhook_delivery_due on webhook_delivery (webhook_id, due_at) where state = 'waiting';
-- for forgetting what was settled long ago
create index webhook_delivery_created on webhook_delivery (created_at) where state <> 'waiting';
