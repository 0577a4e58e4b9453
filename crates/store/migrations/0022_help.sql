-- The help center: its pages with all their versions, what readers say of them, and requests to the accreditor.

create table help_entry (
    help_entry_id uuid primary key,
    kind text not null,
    -- the page's address below its kind: never changed
    slug text not null,
    -- empty for webinars, releases and problems
    category text not null,
    status text not null,
    -- order within the category
    place bigint not null,
    -- what it says (JSON)
    content text not null,
    -- digest of what a release brought; empty where nothing did
    seed text not null,
    -- somebody changed it here: no release touches it any more
    is_edited boolean not null,
    version bigint not null,
    created_at bigint not null,
    changed_at bigint not null,
    changed_by text not null,
    unique (kind, slug)
);

-- Each version that somebody of the staff made, and the one before the first of them.
create table help_version (
    help_entry_id uuid not null references help_entry (help_entry_id),
    version bigint not null,
    status text not null,
    category text not null,
    content text not null,
    at bigint not null,
    -- empty: it came with a release
    author text not null,
    primary key (help_entry_id, version)
);

-- Slides of webinars. The bytes lie in the data folder, below help.
create table help_file (
    help_file_id uuid primary key,
    help_entry_id uuid not null references help_entry (help_entry_id),
    file_name text not null,
    bytes bigint not null,
    digest text not null,
    received_at bigint not null
);
create index help_file_entry on help_file (help_entry_id);

-- Whether a page helped: one answer for each page and voter, the newest counts.
create table help_vote (
    help_entry_id uuid not null references help_entry (help_entry_id),
    -- a digest, of the account or of the network address
    voter text not null,
    is_helpful boolean not null,
    words text not null,
    at bigint not null,
    primary key (help_entry_id, voter)
);

create table help_request (
    help_request_id uuid primary key,
    number bigint not null unique,
    topic text not null,
    words text not null,
    name text not null,
    email text not null,
    -- who was signed in
    account_id uuid references account (account_id),
    state text not null,
    assigned_to uuid references account (account_id),
    opened_at bigint not null,
    answered_at bigint,
    -- number, name, address and words in small letters, for the search of staff
    search_key text not null,
    version bigint not null
);
create index help_request_state on help_request (state, opened_at);
create index help_request_account on help_request (account_id);

create table help_request_step (
    help_request_step_id uuid primary key,
    help_request_id uuid not null references help_request (help_request_id),
    at bigint not null,
    step text not null,
    author text not null,
    words text not null
);
create index help_request_step_request on help_request_step (help_request_id);
