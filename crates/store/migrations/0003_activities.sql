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
    is_rems boolean not null,
    outcomes text not null,
    has_support boolean,
    support text not null,
    physician_total bigint,
    other_total bigint,
    -- optional tags (commendation, MIPS, state topics, REMS identifier) as one JSON object
    tags text not null,
    -- whether nothing is missing for Active: the domain says so at each save, so that lists can be
    -- filtered by status; the day does the rest
    is_complete boolean not null,
    -- title, ID and internal ID in lower case: what words are looked for in, and titles sorted by
    search_key text not null,
    created_at bigint not null,
    updated_at bigint not null,
    closed_at bigint,
    -- counts saves: a form that was opened on an older version is told so
    version bigint not null
);
create index activity_provider on activity (provider_id, starts_on);
create index activity_internal on activity (provider_id, internal_id);

create table activity_moc (
    activity_id text not null references activity (activity_id),
    board text not null,
    points bigint not null,
    credit_types text not null,
    practice_areas text not null,
    claim_until text,
    attested_at bigint,
    attested_by uuid,
    primary key (activity_id, board)
);
