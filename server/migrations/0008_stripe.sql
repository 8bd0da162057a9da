create table stripe_connections (
  id text collate "C" primary key,
  environment_id text collate "C" not null references environments(id),
  provider text collate "C" not null check (provider in ('stripe_sandbox','stripe')),
  auth_kind text collate "C" not null check (auth_kind in ('sandbox','api_key','oauth')),
  account_id text collate "C" not null,
  account_name text,
  livemode boolean not null,
  country text,
  default_currency text,
  secret_sealed bytea,
  refresh_sealed bytea,
  access_expires_wall_at timestamptz,
  key_last4 text,
  oauth_kind text check (oauth_kind in ('connect','app')),
  oauth_scope text,
  status text collate "C" not null check (status in ('active','degraded','revoked','disconnected')),
  status_reason text,
  api_version text not null,
  capabilities jsonb not null default '[]',
  capabilities_checked_wall_at timestamptz,
  transport text collate "C" not null check (transport in ('webhook','poll','both')),
  purpose text collate "C" not null default 'full' check (purpose in ('full','email_only')),
  data_minimal boolean not null default false,
  mirror text collate "C" not null default 'all' check (mirror in ('all','managed')),
  webhook_endpoint_id text collate "C",
  webhook_secrets_sealed jsonb not null default '[]',
  poll_cursor text,
  last_event_wall_at timestamptz,
  last_poll_wall_at timestamptz,
  poll_failures int not null default 0,
  tax_enabled boolean not null default false,
  grace_observed_seconds int,
  deep_link_base text,
  api_base text,
  shared boolean not null default false,
  settings jsonb not null default '{}',
  activated_at timestamptz not null,
  settled_at timestamptz,
  disconnected_at timestamptz,
  replaced_by_id text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null
);
create unique index stripe_connections_current on stripe_connections (environment_id) where status in ('active','degraded','revoked');
create unique index stripe_connections_account on stripe_connections (account_id, livemode) where status in ('active','degraded','revoked') and not shared;

create table oauth_states (
  id text collate "C" primary key,
  environment_id text collate "C" not null references environments(id),
  state_hash bytea not null unique,
  session_hash bytea not null,
  kind text not null check (kind in ('connect','app')),
  redirect_uri text not null,
  expires_wall_at timestamptz not null,
  consumed_wall_at timestamptz,
  outcome jsonb,
  created_at timestamptz not null
);

create table links (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  sub_key text collate "C" not null default '',
  provider_type text collate "C" not null,
  provider_id text collate "C" not null,
  role text collate "C" not null check (role in ('primary','superseded','alias','adopted')),
  metadata_written boolean not null default false,
  detached_wall_at timestamptz,
  created_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index links_provider on links (environment_id, connection_id, provider_type, provider_id) where detached_wall_at is null;
create unique index links_entity on links (environment_id, connection_id, entity_type, entity_id, provider_type, sub_key)
  where role in ('primary','adopted') and detached_wall_at is null;

create table remote_objects (
  environment_id text collate "C" not null,
  connection_id text collate "C" not null,
  type text collate "C" not null,
  id text collate "C" not null,
  body jsonb,
  api_version text not null,
  deleted boolean not null default false,
  fetched_wall_at timestamptz not null,
  fetch_seq bigint not null,
  projection_hash text,
  classification text collate "C" not null check (classification in ('managed','foreign_environment','unmanaged')),
  primary key (environment_id, connection_id, type, id)
);

create table inbox (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C" not null,
  event_id text collate "C" not null,
  type text collate "C" not null,
  object_type text collate "C",
  object_id text collate "C",
  root_key text collate "C",
  account text collate "C",
  livemode boolean,
  api_version text,
  created_remote timestamptz,
  request_key text,
  sequence bigint not null default nextval('inbox_seq'),
  raw text,
  via text collate "C" not null check (via in ('webhook','poll','replay')),
  status text collate "C" not null default 'received' check (status in ('received','processed','ignored','failed','quarantined','dead')),
  outcome text,
  attempts int not null default 0,
  next_attempt_wall_at timestamptz,
  error jsonb,
  received_wall_at timestamptz not null,
  done_wall_at timestamptz,
  primary key (environment_id, id)
);
create unique index inbox_event on inbox (environment_id, connection_id, event_id);
create index inbox_waiting on inbox (environment_id, next_attempt_wall_at, sequence) where status in ('received','failed');
create index inbox_sequence on inbox (environment_id, sequence);

insert into status_transitions values
 ('stripe_connections','active','degraded'),('stripe_connections','degraded','active'),('stripe_connections','active','revoked'),('stripe_connections','degraded','revoked'),
 ('stripe_connections','revoked','active'),('stripe_connections','active','disconnected'),('stripe_connections','degraded','disconnected'),('stripe_connections','revoked','disconnected'),
 ('inbox','received','processed'),('inbox','received','ignored'),('inbox','received','failed'),('inbox','received','quarantined'),('inbox','received','dead'),
 ('inbox','quarantined','received'),('inbox','failed','received'),('inbox','failed','processed'),('inbox','failed','ignored'),('inbox','failed','quarantined'),('inbox','failed','dead'),('inbox','dead','received'),
 ('inbox','processed','received'),('inbox','ignored','received');
create trigger stripe_connections_status before update on stripe_connections for each row execute function enforce_status_transition();
create trigger inbox_status before update on inbox for each row execute function enforce_status_transition();
