-- Providers and boards as the accreditor keeps them: what is published of them, how they stand and since when, and the
-- mark of providers that report.

create table provider_profile (
    provider_id text primary key references provider (provider_id),
    website text not null,
    contact_phone text not null,
    -- whether the directory names the primary contact
    is_contact_public boolean not null
);

-- People at a provider beside the primary contact; nobody but the accreditor reads them.
create table provider_contact (
    contact_id uuid primary key,
    provider_id text not null references provider (provider_id),
    role text not null,
    name text not null,
    email text not null,
    phone text not null,
    created_at bigint not null
);
create index provider_contact_provider on provider_contact (provider_id);

-- Decisions about accreditation. Of those whose day has come the one with the latest day counts, of two of one day the
-- newer; provider.standing is that of today, written when the day arrives. A provider without any stands as its row says.
create table provider_standing (
    standing_id uuid primary key,
    provider_id text not null references provider (provider_id),
    -- counts the provider's decisions in the order in which they were recorded
    number bigint not null,
    starts_on text not null,
    standing text not null check (standing in ('good_standing', 'probation', 'lapsed')),
    -- the decision's name as it was then
    decision text not null,
    -- the last day of the term that was granted; empty if none was named
    term_until text not null,
    reason text not null,
    recorded_at bigint not null,
    -- empty: written by the system
    recorded_by uuid,
    -- when its day was seen to have come
    applied_at bigint,
    taken_back_at bigint,
    taken_back_by uuid,
    unique (provider_id, number)
);
create index provider_standing_provider on provider_standing (provider_id, starts_on, number);
create index provider_standing_due on provider_standing (starts_on) where applied_at is null and taken_back_at is null;

create table board_profile (
    kind text not null check (kind in ('licensing_board', 'certifying_board')),
    organization text not null,
    website text not null,
    contact_name text not null,
    contact_email text not null,
    contact_phone text not null,
    primary key (kind, organization)
);

-- How a board takes part, from a day on; only added to.
create table board_participation (
    participation_id uuid primary key,
    kind text not null check (kind in ('licensing_board', 'certifying_board')),
    organization text not null,
    starts_on text not null,
    level text not null,
    note text not null,
    recorded_at bigint not null,
    recorded_by uuid
);
create index board_participation_board on board_participation (kind, organization, starts_on, recorded_at);

-- When an account's newest session began; sessions themselves are forgotten.
create table account_sign_in (
    account_id uuid primary key references account (account_id),
    latest_at bigint not null
);

-- What the system last saw of a provider's mark. Whether it is current is asked of the reports each time; this says
-- since when, and which letters were written.
create table provider_mark (
    provider_id text primary key references provider (provider_id),
    -- empty while it is not current
    begun_at bigint,
    ended_at bigint,
    -- the last day that a letter warned of; empty: none of this stretch
    warned_of text not null,
    look_at bigint not null
);
create index provider_mark_due on provider_mark (look_at);
insert into provider_mark (provider_id, warned_of, look_at) select provider_id, '', 0 from provider;

-- what the accreditor's staff did to one provider, board or account
create index audit_of_accreditor on audit (subject, at) where seat_kind = 'accreditor';
