-- Digital credentials: what was signed, of which issue, and its place in a status list.

create table credential (
    credential_id uuid primary key,
    -- the issue whose credits it cites
    code text not null references transcript_issue (code),
    physician_id uuid not null references physician (physician_id),
    -- SHA-256 of everything it says but its own id, time, salt and place: the same content is issued once
    content bytea not null,
    key_id text not null,
    status_list bigint not null,
    status_index bigint not null,
    issued_at bigint not null,
    -- the signed credential itself
    token text not null
);
create unique index credential_content on credential (physician_id, content, key_id);
create unique index credential_place on credential (status_list, status_index);
create index credential_code on credential (code);

-- The credits a credential cites, each with its status then: so that a status list is one question to the database.
create table credential_credit (
    credential_id uuid not null references credential (credential_id),
    credit_id uuid not null references credit (credit_id),
    status text not null,
    primary key (credential_id, credit_id)
);
