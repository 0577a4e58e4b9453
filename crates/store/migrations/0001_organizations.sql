-- Organisations, people who sign in, programs with tokens. Times are bigint microseconds since 1970
-- UTC, dates are text YYYY-MM-DD, amounts are bigint hundredths: all sort as they stand, on both databases.

create table counter (
    name text primary key,
    value bigint not null
);

create table provider (
    provider_id text primary key check (length(provider_id) = 7),
    name text not null,
    organization_type text not null,
    city text not null,
    state text not null,
    -- good_standing decides who may submit; every other word refuses
    standing text not null check (standing in ('good_standing', 'probation', 'lapsed')),
    contact_name text not null,
    contact_email text not null,
    created_at bigint not null
);

create table licensing_board (
    state text primary key check (length(state) = 2),
    name text not null
);

create table certifying_board (
    board text primary key,
    -- the names of today; its rules are reference data
    label text not null,
    name text not null
);

-- Reference data: items of lists, boards' rules, settings. Only ever added to: an entry with the key of
-- an earlier one replaces it, and those before it are the history. Read into memory as a whole.
create table reference_entry (
    -- from the counter "reference": a process that has seen n has seen all before it
    seq bigint primary key,
    -- boards, settings, or the code of a list of items
    list text not null,
    item_group text not null,
    code text not null,
    -- first day of a board's rules or a setting; empty: since ever, and for items, whose days are in value
    valid_from text not null,
    -- JSON, never looked into by SQL
    value text not null,
    changed_at bigint not null,
    -- empty: it came with a release
    changed_by uuid
);
create index reference_entry_key on reference_entry (list, item_group, code);

create table account (
    account_id uuid primary key,
    email text not null,
    -- lower-cased address: what must be unique and what sign-in looks up
    email_key text not null unique,
    name text not null,
    -- argon2id in PHC form; empty until the person has chosen a password
    password_hash text not null,
    -- long enough to stand without a second factor
    password_is_long boolean not null default true,
    created_at bigint not null,
    disabled_at bigint
);

create table seat (
    seat_id uuid primary key,
    account_id uuid not null references account (account_id),
    kind text not null check (kind in ('provider', 'physician', 'licensing_board', 'certifying_board', 'accreditor')),
    -- provider ID, physician UUID, state or board code; empty for the accreditor
    organization text not null,
    role text not null,
    created_at bigint not null,
    unique (account_id, kind, organization)
);
create index seat_organization on seat (kind, organization);
-- one physician is one account
create unique index seat_physician on seat (organization) where kind = 'physician';

create table session (
    -- SHA-256 of the cookie's value; the value itself is never stored
    session_hash bytea primary key,
    account_id uuid not null references account (account_id),
    seat_id uuid references seat (seat_id),
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    -- when the person last proved who they are: password, code or passkey
    proved_at bigint not null,
    user_agent text not null
);
create index session_account on session (account_id);

create table api_client (
    api_client_id uuid primary key,
    token_hash bytea not null unique,
    -- the token's first characters, so that people can tell tokens apart
    token_hint text not null,
    name text not null,
    kind text not null check (kind in ('provider', 'licensing_board', 'certifying_board')),
    organization text not null,
    role text not null,
    -- a token of the provider's sandbox never opens real data, a real one never the sandbox
    is_sandbox boolean not null,
    -- what a provider's program may do, words with a space between; empty for boards' programs
    scopes text not null,
    created_at bigint not null,
    created_by uuid,
    expires_at bigint not null,
    last_used_at bigint,
    revoked_at bigint
);
create index api_client_organization on api_client (kind, organization);

-- How often a provider's sandbox was begun anew; no row: never. What it holds is a database of its own below
-- the data folder, never here.
create table sandbox (
    provider_id text primary key references provider (provider_id),
    generation bigint not null,
    reset_at bigint not null
);

create table invitation (
    invitation_id uuid primary key,
    token_hash bytea not null unique,
    email text not null,
    kind text not null,
    organization text not null,
    role text not null,
    invited_by uuid not null references account (account_id),
    created_at bigint not null,
    expires_at bigint not null,
    accepted_at bigint,
    revoked_at bigint
);
create index invitation_organization on invitation (kind, organization);

create table password_reset (
    token_hash bytea primary key,
    account_id uuid not null references account (account_id),
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

-- Tries that a limit counts: failed sign-ins, account claims, password resets.
create table attempt (
    attempt_id uuid primary key,
    kind text not null,
    -- what the limit is kept for, hashed where it would be personal
    subject text not null,
    at bigint not null
);
create index attempt_subject on attempt (kind, subject, at);

-- How often a provider described one person without the description meaning them: each different description
-- once. Digests only: this must not become a second registry.
create table identity_try (
    provider_id text not null,
    -- whom the description is about: a name, or the physician who is likeliest meant
    person bytea not null,
    description bytea not null,
    at bigint not null,
    primary key (provider_id, person, description)
);
create index identity_try_at on identity_try (at);

-- Learners that a provider had checked before reporting, by day of the field's time zone.
create table identity_check_day (
    provider_id text not null,
    day text not null,
    learners bigint not null,
    primary key (provider_id, day)
);

-- How many requests a program has left, as of a moment; a program without a row has all.
create table api_allowance (
    api_client_id uuid primary key,
    left_millis bigint not null,
    at bigint not null
);

create table mail (
    mail_id uuid primary key,
    to_address text not null,
    -- which of the system's letters it is: a stable word
    kind text not null,
    subject text not null,
    -- the same twice: plain text and HTML. Both are blanked once it was sent
    body text not null,
    html text not null,
    -- ends letters of this kind by one POST; empty where they are a duty
    unsubscribe text not null,
    -- goes out behind letters that somebody waits for
    can_wait boolean not null,
    created_at bigint not null,
    sent_at bigint,
    failed_at bigint,
    failure text,
    -- how often it was handed to the mail server, and when last
    tries bigint not null default 0,
    tried_at bigint
);
create index mail_created on mail (created_at);
-- what waits is few of many
create index mail_waiting on mail (can_wait, created_at, mail_id) where sent_at is null and failed_at is null;
