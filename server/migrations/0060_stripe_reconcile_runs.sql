-- Full sweeps of an account (sync.md 11): every object listed and compared, what is gone marked. A run that was cut goes on where it stood.
create table reconcile_runs (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  trigger text collate "C" not null check (trigger in ('nightly','manual','after_outage','after_import')),
  status text collate "C" not null default 'running' check (status in ('running','done','failed','canceled')),
  cursors jsonb not null default '{}',
  checked int not null default 0,
  repaired int not null default 0,
  gone int not null default 0,
  errors int not null default 0,
  reason text,
  attempts int not null default 0,
  next_attempt_wall_at timestamptz,
  started_wall_at timestamptz not null,
  finished_wall_at timestamptz,
  actor text not null,
  primary key (environment_id, id)
);
create unique index reconcile_runs_running on reconcile_runs (environment_id, connection_id) where status = 'running';
create index reconcile_runs_connection on reconcile_runs (environment_id, connection_id, id);
insert into status_transitions values ('reconcile_runs','running','done'),('reconcile_runs','running','failed'),('reconcile_runs','running','canceled');
create trigger reconcile_runs_status before update on reconcile_runs for each row execute function enforce_status_transition();
