-- Rosters of boards on their way into the registry, and what became of licenses and certifications over time.

create table registry_import (
    import_id uuid primary key,
    kind text not null check (kind in ('licenses', 'certifications')),
    -- which door it came by
    sender text not null check (sender in ('accreditor', 'licensing_board', 'certifying_board', 'command')),
    -- the state or board whose own people sent it: only their rows are taken. Empty: anybody's
    issuer text not null,
    -- whether the file is the whole roster, so that active licenses which it does not name end
    is_whole bigint not null,
    file_name text not null,
    file_bytes bigint not null,
    -- hex SHA-256; the bytes are in the folder "rosters" under this name
    digest text not null,
    sent_by uuid references account (account_id),
    sent_by_name text not null,
    received_at bigint not null,
    state text not null check (state in ('comparing', 'compared', 'importing', 'done', 'stopped', 'refused')),
    -- how far the work is: of which part, and about how much of how much
    stage text not null,
    stage_done bigint not null,
    stage_of bigint not null,
    started_at bigint,
    finished_at bigint,
    -- what would change (JSON), and why nothing can be read
    preview text,
    refusal text not null,
    -- who let it in, and how many licenses may end by it
    approved_by_name text not null,
    approved_at bigint,
    ends_allowed bigint not null,
    -- each row of the file counts once: new, attached, updated, review, refused, or as it was
    rows bigint not null,
    refused bigint not null,
    added_new bigint not null,
    attached bigint not null,
    updated bigint not null,
    review bigint not null,
    newly_in_review bigint not null,
    from_list bigint not null,
    shared bigint not null,
    pairs bigint not null,
    -- licenses or certifications that were active and are not any more
    ended bigint not null,
    -- the first rows with problems (JSON); the rest are read from the file again
    problems text not null
);
create index registry_import_received on registry_import (received_at, import_id);
create index registry_import_issuer on registry_import (issuer, received_at);
create index registry_import_digest on registry_import (digest);

-- Each change of what a board says of a license or certification, or of what staff put right by hand. Only added to.
create table standing_change (
    change_id uuid primary key,
    -- who held it then; a merge or a split moves the license and leaves this
    physician_id uuid not null references physician (physician_id),
    -- a state's two letters or a board's code, and its number
    issuer text not null,
    number text not null,
    status_before text not null,
    issued_before text,
    expires_before text,
    status text not null,
    issued_on text,
    expires_on text,
    -- the day from which it counts
    effective_on text not null,
    at bigint not null,
    -- roster: a row said so; absent: a whole roster does not name it; hand: staff; undo: staff took a change back
    source text not null check (source in ('roster', 'absent', 'hand', 'undo')),
    import_id uuid references registry_import (import_id),
    by_account uuid references account (account_id),
    -- a name, or the roster's file
    by_name text not null,
    reason text not null,
    -- the change that this one took back
    undoes uuid unique references standing_change (change_id)
);
create index standing_change_number on standing_change (issuer, number, at);
create index standing_change_import on standing_change (import_id) where import_id is not null;
