-- What a provider's reports add up, so that a page about a million credits need not read each.

-- Live credits by activity, day of completion, kind and status, as reported: derived ones are left out. Kept with every credit that is inserted,
-- decided or withdrawn. Provider, activity and day of a completion never change.
create table credit_tally (
    provider_id text not null references provider (provider_id),
    activity_id text not null references activity (activity_id),
    completed_on text not null,
    kind text not null,
    status text not null,
    credits bigint not null,
    amount bigint not null,
    -- by day, since a report is of a stretch of days
    primary key (provider_id, completed_on, activity_id, kind, status)
);

insert into credit_tally (provider_id, activity_id, completed_on, kind, status, credits, amount)
select completion.provider_id, completion.activity_id, completion.completed_on, credit.kind, credit.status,
    count(*), cast(sum(credit.amount) as bigint)
from credit join completion on completion.completion_id = credit.completion_id
where credit.withdrawn_at is null and credit.derived_from is null
group by completion.provider_id, completion.activity_id, completion.completed_on, credit.kind, credit.status;

-- Learners are people counted once an activity: read from the index alone. The physician comes after the time
-- of the report, so that an upload adds at the end of its activity's day and not all over the index.
drop index completion_activity;
create index completion_activity on completion (activity_id, completed_on, reported_at, physician_id, withdrawn_at);
