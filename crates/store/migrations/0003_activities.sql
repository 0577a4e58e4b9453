-- Activities with their MOC registrations. Status is computed from the fields and the day, except Closed.

create table activity (
    activity_id text primary key check (length(activity_id) = 9),
    provider_id text not null references provider (provider_id),
    internal_id text not null,
    title text not null,
    format text not null,
    starts_on text not null,
    ends_on text not null,
    deliveries text not null,
    city text not null,
    state text not null,
    country text not null,
    credit bigint,
    description text not null,
    providership text not null,
    joint_providers text not null,
    in_passport boolean,
    url text not null,
    fee text not null,
    registration text not null,
    outcomes text not null,
    has_support boolean,
    support text not null,
    -- cash of all supporters, in whole dollars: what support adds up to
    support_dollars bigint not null,
    physician_total bigint,
    other_total bigint,
    is_rems boolean not null,
    -- what is only handed back and never asked for by SQL (tags, audience, outlines ...) as one JSON object
    more text not null,
    -- draft, open or closed: the domain says at each save whether nothing is missing for Active; the day
    -- makes Active or Ready to Close of an open one
    stage text not null check (stage in ('draft', 'open', 'closed')),
    -- title, ID and internal ID in lower case: what words are looked for in
    search_key text not null,
    -- letters and digits of the title in lower case: near-duplicates, and the order of titles
    title_key text not null,
    created_at bigint not null,
    updated_at bigint not null,
    closed_at bigint,
    -- counts saves: a form that was opened on an older version is told so
    version bigint not null
);
-- the orders in which lists are shown; the key last, so that a page is read from the index alone
create index activity_start on activity (provider_id, starts_on, activity_id);
create index activity_end on activity (provider_id, ends_on, activity_id);
create index activity_title on activity (provider_id, title_key, activity_id);
create index activity_stage on activity (provider_id, stage, starts_on, activity_id, ends_on);
create index activity_internal on activity (provider_id, internal_id);
-- what ran on a day, whoever it is of: physicians look there for what they miss
create index activity_ended on activity (ends_on, starts_on, title_key);

-- of one format: counted by status from the index alone
create index activity_format on activity (provider_id, format, stage, ends_on);

-- How many activities of a provider are in each stage, so that a page of 50,000 need not count them.
-- Open ones are kept by the month of their end, and below by its day: whatever day it is, few rows add
-- up to Active and Ready to Close.
create table activity_tally (
    provider_id text not null references provider (provider_id),
    stage text not null,
    -- YYYY-MM; empty unless open
    ends_in text not null,
    activities bigint not null,
    primary key (provider_id, stage, ends_in)
);

create table activity_day_tally (
    provider_id text not null references provider (provider_id),
    ends_on text not null,
    activities bigint not null,
    primary key (provider_id, ends_on)
);

create table activity_moc (
    activity_id text not null references activity (activity_id),
    board text not null,
    points bigint not null,
    credit_types text not null,
    practice_areas text not null,
    claim_until text,
    primary key (activity_id, board)
);

-- Each undertaking by itself: who gave it first, and when.
create table activity_moc_undertaking (
    activity_id text not null references activity (activity_id),
    board text not null,
    undertaking text not null,
    given_at bigint not null,
    given_by uuid,
    primary key (activity_id, board, undertaking)
);

-- What somebody began to type and is no activity yet, since title, format or a date is missing.
create table activity_sketch (
    sketch_id uuid primary key,
    provider_id text not null references provider (provider_id),
    account_id uuid not null references account (account_id),
    -- names and values of the form as they were typed (JSON)
    fields text not null,
    begun_at bigint not null,
    updated_at bigint not null
);
create index activity_sketch_account on activity_sketch (provider_id, account_id, updated_at);

-- Learner totals of enduring material as of 31 December of a year, or its end: cumulative.
create table activity_year_total (
    activity_id text not null references activity (activity_id),
    year bigint not null,
    provider_id text not null references provider (provider_id),
    physicians bigint not null,
    others bigint not null,
    taken_at bigint not null,
    taken_by uuid,
    primary key (activity_id, year)
);
create index activity_year_total_provider on activity_year_total (provider_id, year);

-- A provider's reporting year: what was accepted, said and submitted. What follows from activities is
-- never stored, but for the totals as they were submitted.
create table provider_year (
    provider_id text not null references provider (provider_id),
    year bigint not null,
    agreed_at bigint,
    agreed_by uuid,
    -- the words that were accepted
    agreement text not null,
    entered_at bigint,
    entered_by uuid,
    -- whole dollars by name (JSON)
    income text not null,
    submitted_at bigint,
    submitted_by uuid,
    submitted_late boolean not null,
    submitted_totals text,
    version bigint not null,
    primary key (provider_id, year)
);
