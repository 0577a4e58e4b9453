-- Transcripts that physicians share, who opened them, and the letters that a physician wants.

create table share (
    share_id uuid primary key,
    -- the record at the time; whoever stands for it today (merged_into) is what the recipient reads
    physician_id uuid not null references physician (physician_id),
    recipient_kind text not null check (recipient_kind in ('link', 'email', 'board')),
    recipient_name text not null,
    recipient_email text not null,
    -- of a licensing board; else empty
    recipient_state text not null,
    -- whoever opens the link must first show that they read the address's mail
    asks_code boolean not null,
    message text not null,
    -- which credits: dates and one kind, as of a transcript; all empty: everything
    completed_from text,
    completed_until text,
    kind text,
    -- license numbers, diplomate IDs and the NPI
    shows_numbers boolean not null,
    allows_downloads boolean not null,
    -- SHA-256 of the link's secret; a board's people sign in instead
    token_hash bytea unique,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    -- how often it may be opened, and was
    most_openings bigint,
    openings bigint not null,
    -- SHA-256 of the link's secret with the code of the last letter, until when it holds, and tries at it
    code_hash bytea,
    code_until bigint not null,
    code_tries bigint not null
);
create index share_physician on share (physician_id, created_at);
create index share_board on share (recipient_state, created_at) where recipient_kind = 'board';

-- A browser that opened a link: it may read on for a while without opening it again.
create table share_visit (
    visit_hash bytea primary key,
    share_id uuid not null references share (share_id),
    -- the address that the code was sent to; empty if none was asked for
    confirmed_email text not null,
    ends_at bigint not null
);
create index share_visit_share on share_visit (share_id);
create index share_visit_ends on share_visit (ends_at);

create table share_look (
    look_id uuid primary key,
    share_id uuid not null references share (share_id),
    at bigint not null,
    what text not null check (what in ('page', 'pdf', 'json')),
    -- roughly, such as Firefox on Windows
    device text not null,
    confirmed_email text not null
);
create index share_look_share on share_look (share_id, at);

-- Where an account wants it otherwise than usual.
create table notice_choice (
    account_id uuid not null references account (account_id),
    topic text not null,
    is_wanted boolean not null,
    changed_at bigint not null,
    primary key (account_id, topic)
);

-- What a physician's next letter has to tell, since when, and when it is due. The letter and the end of the
-- row are one transaction.
create table notice_waiting (
    physician_id uuid not null references physician (physician_id),
    topic text not null,
    since_at bigint not null,
    due_at bigint not null,
    primary key (physician_id, topic)
);
create index notice_waiting_due on notice_waiting (due_at);

-- What the link at the foot of such letters holds. It stands here to be read: all it can do is end letters.
create table notice_link (
    account_id uuid primary key references account (account_id),
    secret text not null unique
);
