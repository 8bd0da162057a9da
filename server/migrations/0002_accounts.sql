-- Organizations, environments, keys, audit. Sign-in tables (users, sessions, …) belong to the auth library: 0003_auth.sql.

create table organizations (
  id text collate "C" primary key,
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1
);

create table members (
  id text collate "C" primary key,
  organization_id text collate "C" not null references organizations(id),
  user_id text collate "C" not null,
  role text collate "C" not null check (role in ('owner','admin','developer','finance','support','viewer')),
  created_at timestamptz not null,
  unique (organization_id, user_id)
);

create table sign_in_links (
  id text collate "C" primary key,
  organization_id text collate "C" not null references organizations(id),
  role text collate "C" not null,
  token_hash bytea not null unique,
  expires_wall_at timestamptz not null,
  used_wall_at timestamptz,
  created_at timestamptz not null
);

create table environments (
  id text collate "C" primary key,
  organization_id text collate "C" not null references organizations(id),
  slug text collate "C" not null,
  name text not null,
  mode text collate "C" not null check (mode in ('sandbox','test','live')),
  color text not null,
  clock_kind text collate "C" not null check (clock_kind in ('wall','simulated')),
  clock_now timestamptz,
  clock_target timestamptz,
  clock_blocked jsonb,
  clock_seq bigint not null default 0,
  default_currency text not null default 'usd',
  time_zone text not null default 'UTC',
  default_biller text collate "C" not null default 'stripe' check (default_biller in ('stripe','billow')),
  settings jsonb not null default '{}',
  status text collate "C" not null default 'active' check (status in ('active','archived')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  check (clock_kind = 'wall' or mode <> 'live'),
  check ((clock_kind = 'simulated') = (clock_now is not null)),
  unique (organization_id, slug)
);

create table environment_roles (
  environment_id text collate "C" not null references environments(id),
  user_id text collate "C" not null,
  role text collate "C" not null check (role in ('owner','admin','developer','finance','support','viewer')),
  primary key (environment_id, user_id)
);

create table api_keys (
  id text collate "C" primary key,
  environment_id text collate "C" not null references environments(id),
  kind text collate "C" not null check (kind in ('secret','publishable','agent')),
  name text not null,
  prefix text collate "C" not null,
  last4 text not null,
  hash bytea not null unique,
  scopes text[] not null,
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_wall_at timestamptz,
  created_at timestamptz not null
);
create index api_keys_environment on api_keys (environment_id, id);

create table audit_entries (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  actor text not null,
  action text collate "C" not null,
  object_type text collate "C" not null,
  object_id text collate "C" not null,
  before jsonb,
  after jsonb,
  request_id text,
  cause text,
  reason text,
  at timestamptz not null,
  at_wall_at timestamptz not null,
  primary key (environment_id, id)
);
create index audit_object on audit_entries (environment_id, object_type, object_id, id);

create table audit_seals (
  environment_id text collate "C" not null,
  seq bigint not null,
  entry_id text collate "C" not null,
  prev_hash bytea not null,
  hash bytea not null,
  primary key (environment_id, seq),
  unique (environment_id, entry_id)
);

create table operator_tasks (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  kind text collate "C" not null,
  severity text collate "C" not null check (severity in ('info','warning','critical')),
  object_type text collate "C" not null,
  object_id text collate "C" not null,
  dedupe_key text collate "C" not null,
  title text not null,
  detail jsonb not null default '{}',
  status text collate "C" not null default 'open' check (status in ('open','closed')),
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  note text,
  primary key (environment_id, id)
);
create unique index operator_tasks_open on operator_tasks (environment_id, dedupe_key) where status = 'open';

create table instance_settings (
  key text collate "C" primary key,
  value jsonb not null,
  updated_at timestamptz not null
);

create table installation (
  database_identity text primary key,
  confirmed_by text,
  confirmed_wall_at timestamptz not null
);
