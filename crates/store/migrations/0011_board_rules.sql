-- How certifying boards let the system answer for them, and what providers were written about the answers.

-- A board's automatic rules: each change is a row, the newest counts. A board without one answers by hand.
create table board_rules (
    board_rules_id uuid primary key,
    board text not null,
    -- what happens when a check fails: the code of the reason to reject with; empty: people decide
    diplomate_unknown text not null,
    name_differs text not null,
    type_not_valid text not null,
    -- whether credit that passes all checks is accepted
    accepts boolean not null,
    set_at bigint not null,
    set_by uuid not null references account (account_id)
);
create index board_rules_board on board_rules (board, set_at);

-- One letter for each provider about all that was rejected since the last one.
create table rejection_notice (
    provider_id text primary key references provider (provider_id),
    -- the first rejection that no letter has told of; empty: all are told
    waiting_seq bigint,
    mailed_at bigint not null
);
create index rejection_notice_waiting on rejection_notice (mailed_at) where waiting_seq is not null;
