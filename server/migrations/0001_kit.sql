-- What the kit needs: announced events, timers, claims, idempotency, and the table that makes status changes data.

create table status_transitions (
  table_name text collate "C" not null,
  from_status text collate "C" not null,
  to_status text collate "C" not null,
  primary key (table_name, from_status, to_status)
);

-- Refuses every status change that no verb of the model lists (model.md 0).
create function enforce_status_transition() returns trigger language plpgsql as $$
begin
  if new.status is distinct from old.status and not exists (
    select 1 from status_transitions t where t.table_name = tg_table_name and t.from_status = old.status and t.to_status = new.status
  ) then
    raise exception 'status_transition_refused: % % -> %', tg_table_name, old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $$;

create sequence event_seq;
create sequence fetch_seq;
create sequence timer_seq;
create sequence inbox_seq;

create table events (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  seq bigint not null default nextval('event_seq'),
  type text collate "C" not null,
  object_type text collate "C" not null,
  object_id text collate "C" not null,
  object_seq bigint not null,
  data jsonb not null,
  previous jsonb,
  actor text not null,
  cause text,
  dedupe_key text collate "C" not null,
  at timestamptz not null,
  created_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index events_dedupe on events (environment_id, dedupe_key);
create unique index events_object_seq on events (environment_id, object_type, object_id, object_seq);
create index events_by_seq on events (environment_id, seq);

create table timers (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  kind text collate "C" not null,
  object_type text collate "C" not null,
  object_id text collate "C" not null,
  due_at timestamptz not null,
  seq bigint not null default nextval('timer_seq'),
  payload jsonb not null default '{}',
  status text collate "C" not null default 'armed' check (status in ('armed','firing','done','canceled')),
  lease_until_wall_at timestamptz,
  attempts int not null default 0,
  next_attempt_wall_at timestamptz,
  error jsonb,
  created_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index timers_armed on timers (environment_id, kind, object_type, object_id, due_at) where status = 'armed';
create index timers_due on timers (environment_id, due_at, seq) where status in ('armed','firing');
create index timers_due_all on timers (due_at, seq) where status in ('armed','firing');

create table work_claims (
  environment_id text collate "C" not null,
  kind text collate "C" not null,
  subject_id text collate "C" not null,
  epoch bigint not null default 1,
  holder text,
  lease_until timestamptz,
  attempts int not null default 0,
  primary key (environment_id, kind, subject_id)
);

create table idempotency_keys (
  environment_id text collate "C" not null,
  scope text collate "C" not null,
  key text collate "C" not null,
  method text not null,
  path text not null,
  body_hash text not null,
  status text collate "C" not null check (status in ('in_progress','done')),
  response_status int,
  response jsonb,
  resource_id text collate "C",
  lease_until_wall_at timestamptz,
  expires_wall_at timestamptz not null,
  primary key (environment_id, scope, key)
);
