-- Who asked Stripe for consent: the callback acts in that name.
alter table oauth_states add column actor text not null default 'system';

-- The reader looks for what one connection still has to do.
create index inbox_connection_waiting on inbox (environment_id, connection_id, sequence) where status in ('received', 'failed');

-- The event log filters by object.
create index inbox_object on inbox (environment_id, object_id, sequence);
