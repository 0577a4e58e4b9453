-- Cases about credit that physicians miss, and credit that they enter themselves. Neither is ever a fact of
-- the record: nothing here is read by transcripts, boards or the ledger.

-- Files that physicians show: a certificate as PDF, JPEG or PNG. The bytes lie in the data folder.
create table evidence (
    evidence_id uuid primary key,
    physician_id uuid not null references physician (physician_id),
    -- as the sender called it: shown, never a path
    file_name text not null,
    -- what its first bytes say
    kind text not null check (kind in ('pdf', 'jpeg', 'png')),
    bytes bigint not null,
    -- hex SHA-256, compared at each reading
    digest text not null,
    received_at bigint not null
);
create index evidence_physician on evidence (physician_id);

create table missing_credit (
    missing_credit_id uuid primary key,
    -- the record at the time; whoever stands for it today (merged_into) sees the case
    physician_id uuid not null references physician (physician_id),
    provider_id text not null references provider (provider_id),
    -- empty if the physician described it in words; an activity may be deleted meanwhile
    activity_id text not null,
    -- the activity's title then, or the physician's words
    title text not null,
    -- the activity, or the plain letters of the words: what may be open once for a person and day
    about text not null,
    completed_on text not null,
    amount bigint not null,
    note text not null,
    -- what the physician lets the provider see of themselves (JSON)
    learner text not null,
    evidence_id uuid references evidence (evidence_id),
    -- what the system knew when it was opened (JSON)
    known text not null,
    state text not null
        check (state in ('open', 'needs_information', 'answered', 'declined', 'withdrawn', 'closed')),
    opened_at bigint not null,
    due_at bigint not null,
    -- when the clock looks at it next; empty once it has nothing more to say
    next_at bigint,
    -- since when the accreditor has it
    overdue_at bigint,
    urged_at bigint,
    settled_at bigint,
    completion_id uuid references completion (completion_id),
    -- why it was declined or closed
    reason text not null,
    -- counts changes: who answers what they did not see is told so
    version bigint not null
);
create unique index missing_credit_once on missing_credit (physician_id, provider_id, about, completed_on)
    where state in ('open', 'needs_information');
create index missing_credit_physician on missing_credit (physician_id, opened_at);
create index missing_credit_provider on missing_credit (provider_id, state, due_at);
create index missing_credit_due on missing_credit (next_at) where next_at is not null;
create index missing_credit_state on missing_credit (state, overdue_at, due_at);

-- What was said and done, in order.
create table missing_credit_step (
    step_id uuid primary key,
    missing_credit_id uuid not null references missing_credit (missing_credit_id),
    at bigint not null,
    side text not null check (side in ('physician', 'provider', 'accreditor', 'system')),
    -- the person's name; empty for the system
    author text not null,
    step text not null,
    words text not null
);
create index missing_credit_step_case on missing_credit_step (missing_credit_id, at, step_id);

-- Credit that a physician noted down: theirs to change and delete, verified by nobody.
create table own_credit (
    own_credit_id uuid primary key,
    physician_id uuid not null references physician (physician_id),
    title text not null,
    provider text not null,
    completed_on text not null,
    amount bigint not null,
    credit_type text not null,
    -- codes of state content topics (JSON)
    topics text not null,
    note text not null,
    evidence_id uuid references evidence (evidence_id),
    created_at bigint not null,
    updated_at bigint not null
);
create index own_credit_physician on own_credit (physician_id, completed_on);
