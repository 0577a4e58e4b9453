-- Second factors, passkeys, and the ways back to an account whose owner lost one.

-- An account's authenticator app: at most one.
create table authenticator (
    account_id uuid primary key references account (account_id),
    -- sealed with the key file of the data folder: a copy of the database alone makes no code
    sealed_secret bytea not null,
    -- the time step of the last code that was taken: no code of it or of an earlier one is taken again
    last_step bigint not null,
    created_at bigint not null,
    -- null until a first code has shown that the app holds the secret
    confirmed_at bigint
);

-- Each is good once, in place of a code. Only digests are stored.
create table recovery_code (
    account_id uuid not null references account (account_id),
    code_hash bytea not null,
    created_at bigint not null,
    used_at bigint,
    primary key (account_id, code_hash)
);

create table passkey (
    passkey_id uuid primary key,
    account_id uuid not null references account (account_id),
    credential_id bytea not null unique,
    -- what its owner calls it
    name text not null,
    -- the public key and what was agreed on (JSON)
    credential text not null,
    -- what the passkey last counted; 0 if it does not count. It never goes back
    sign_count bigint not null,
    created_at bigint not null,
    last_used_at bigint
);
create index passkey_account on passkey (account_id);

-- What has begun and not ended: a sign-in whose password was right and whose second factor is missing, a
-- passkey that was asked for. Found by the digest of the browser's secret; it opens nothing.
create table ceremony (
    secret_hash bytea primary key,
    kind text not null check (kind in ('half_sign_in', 'passkey_use', 'passkey_add')),
    account_id uuid references account (account_id),
    -- the challenge (JSON); empty for half a sign-in
    state text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index ceremony_expires on ceremony (expires_at);

-- Browsers in which an account was signed in before: another one is told to its owner.
create table known_device (
    account_id uuid not null references account (account_id),
    device_hash bytea not null,
    seen_at bigint not null,
    primary key (account_id, device_hash)
);

-- A new address: confirmed from it, and for some days undone from the old one.
create table email_change (
    change_id uuid primary key,
    account_id uuid not null references account (account_id),
    old_email text not null,
    new_email text not null,
    confirm_hash bytea not null unique,
    undo_hash bytea not null unique,
    created_at bigint not null,
    expires_at bigint not null,
    confirmed_at bigint,
    undone_at bigint
);
create index email_change_account on email_change (account_id);

-- Somebody whose password was right has lost the second factor and every recovery code, and asks people for help.
create table lost_factor (
    lost_factor_id uuid primary key,
    account_id uuid not null references account (account_id),
    -- what happened, as the person wrote it
    words text not null,
    -- the letter to the address on file can stop it until it is used
    stop_hash bytea not null unique,
    asked_at bigint not null,
    settled_at bigint,
    settled_by uuid references account (account_id),
    granted boolean,
    reason text,
    -- from when on the password alone lets the person in, once
    opens_at bigint,
    stopped_at bigint,
    used_at bigint
);
create index lost_factor_account on lost_factor (account_id);
create index lost_factor_waiting on lost_factor (asked_at) where settled_at is null and stopped_at is null;
