-- The accreditor's yearly figures, and the notices that its staff show on pages and send by e-mail.

-- One count of a year: a snapshot that a job makes, never changed once it is counted.
create table year_report (
    year_report_id uuid primary key,
    year bigint not null,
    asked_at bigint not null,
    -- empty: the system's own round
    asked_by uuid,
    -- how far the job is
    providers bigint not null,
    providers_done bigint not null,
    begun_at bigint,
    counted_at bigint,
    -- all that was counted (JSON); empty until then
    figures text not null,
    -- shown to everybody, with words of the staff, until it is taken back or another of the year follows
    published_at bigint,
    published_by uuid,
    foreword text not null,
    taken_back_at bigint,
    taken_back_by uuid
);
create index year_report_year on year_report (year, counted_at);
-- a year is counted once at a time
create unique index year_report_open on year_report (year) where counted_at is null;

-- A notice of the accreditor, as it stands now.
create table announcement (
    announcement_id uuid primary key,
    -- counts its changes: a form that was opened on an older one is told so
    version bigint not null,
    kind text not null check (kind in ('maintenance', 'deadline', 'news')),
    level text not null check (level in ('info', 'warning', 'urgent')),
    title text not null,
    body text not null,
    -- a page of ours to read on; empty: none
    path text not null,
    -- for whom, words with a space between; everybody includes those who are not signed in
    personas text not null,
    shows_from bigint not null,
    shows_until bigint not null,
    is_dismissible boolean not null,
    created_at bigint not null,
    taken_back_at bigint,
    -- what it was made from by itself, such as year-end-2026; so it is made once
    occasion text unique,
    -- sent by e-mail: when it was asked for and done, the last account that was reached, and how many were written to
    mail_asked_at bigint,
    mail_done_at bigint,
    mail_after uuid,
    mailed bigint not null
);
create index announcement_shown on announcement (shows_until);

-- Each version as it was saved, and what was done with it.
create table announcement_version (
    announcement_id uuid not null references announcement (announcement_id),
    version bigint not null,
    changed_at bigint not null,
    -- empty: made by the system
    changed_by uuid,
    -- a stable word: write, change, take_back, mail
    act text not null,
    fields text not null,
    primary key (announcement_id, version)
);

-- Who put a notice away.
create table announcement_dismissal (
    account_id uuid not null references account (account_id),
    announcement_id uuid not null references announcement (announcement_id),
    dismissed_at bigint not null,
    primary key (account_id, announcement_id)
);
create index announcement_dismissal_of on announcement_dismissal (announcement_id);
