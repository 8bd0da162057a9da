-- When a message was planned by the host's clock: the hold that only waits for company ends by it (email.md T2).
alter table email_messages add column planned_wall_at timestamptz;
alter table email_messages add column event_id text collate "C";
alter table email_messages add column witness_event_id text collate "C";
create index email_messages_planned on email_messages (environment_id, id) where status = 'planned';
create index email_messages_ready on email_messages (environment_id, class, id) where status in ('ready','sending');
create index email_messages_subscription on email_messages (environment_id, subject_type, subject_id);
-- The event of ours that an occurrence comes from, for provenance.
alter table email_occurrences add column event_id text collate "C";
-- A draft that is saved again keeps its number: the older draft retires.
insert into status_transitions values ('email_template_versions','draft','retired'), ('email_template_versions','needs_fix','retired');
