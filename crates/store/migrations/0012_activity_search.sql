-- What the search for activities follows, and what physicians keep of it.

-- The newest change of each activity. No reference to the activity: one that was deleted has changed too.
create table activity_change (
    activity_id text primary key,
    -- from the counter activity_change, so in commit order
    changed_seq bigint not null,
    -- the change with which everybody could see it first; null until then
    shown_seq bigint
);
create index activity_change_seq on activity_change (changed_seq);

-- What everybody may see, read in the order of its end: yesterday's need not be read.
create index activity_shown on activity (ends_on, activity_id) where in_passport and stage = 'open';

-- Activities that somebody keeps. They belong to the account: merged records do not move them.
create table saved_activity (
    account_id uuid not null references account (account_id),
    activity_id text not null,
    saved_at bigint not null,
    -- what it looked like then (JSON), so that a change can be told, also of one that is gone
    looked_like text not null,
    primary key (account_id, activity_id)
);

-- Searches that somebody keeps, and how often they want to hear of new activities.
create table saved_search (
    saved_search_id uuid primary key,
    account_id uuid not null references account (account_id),
    name text not null,
    -- what was asked for, as it stands in the address
    query text not null,
    alert text not null check (alert in ('off', 'daily', 'weekly')),
    -- activities up to this change were told, or were there when alerts began
    told_seq bigint not null,
    told_at bigint not null,
    created_at bigint not null,
    -- opens nothing but the page that ends these letters
    stop_key text not null unique
);
create index saved_search_account on saved_search (account_id, created_at);
create index saved_search_due on saved_search (alert, told_at);
