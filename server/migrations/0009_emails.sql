create table email_transports (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  kind text collate "C" not null check (kind in ('inbox','smtp','ses','resend','sendgrid','mailgun','postmark')),
  name text not null,
  config_sealed bytea,
  settings jsonb not null default '{}',
  status text collate "C" not null default 'active' check (status in ('active','paused','failing')),
  status_reason text,
  is_default boolean not null default false,
  rate jsonb not null default '{}',
  webhook_secret_sealed bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  primary key (environment_id, id)
);
create unique index email_transports_default on email_transports (environment_id) where is_default;

create table email_senders (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  from_address text not null,
  from_name text not null,
  reply_to text,
  domain text not null,
  transport_id text collate "C",
  status text collate "C" not null check (status in ('pending','verified','failing','disabled')),
  dns jsonb not null default '{}',
  checked_wall_at timestamptz,
  is_default boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  primary key (environment_id, id)
);
create unique index email_senders_address on email_senders (environment_id, lower(from_address));

create table email_templates (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  key text collate "C" not null,
  name text not null,
  trigger text collate "C" not null,
  status text collate "C" not null default 'active' check (status in ('active','archived')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id)
);
create unique index email_templates_key on email_templates (environment_id, key);

create table email_template_versions (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  template_id text collate "C" not null,
  variant text collate "C" not null default 'default',
  locale text collate "C" not null default 'en',
  number int not null,
  class text collate "C" not null check (class in ('transactional','marketing','operator')),
  format text collate "C" not null check (format in ('markdown','mjml','html')),
  source text not null,
  subject text not null,
  preheader text,
  html text,
  text text,
  literals jsonb not null default '[]',
  lint jsonb not null default '[]',
  fields_used text[] not null default '{}',
  status text collate "C" not null check (status in ('draft','needs_fix','in_review','approved','retired')),
  author text not null,
  author_kind text collate "C" not null check (author_kind in ('person','composer','model','agent')),
  sha256 text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (environment_id, id),
  foreign key (environment_id, template_id) references email_templates (environment_id, id)
);
create unique index email_versions_number on email_template_versions (environment_id, template_id, variant, locale, number);
create unique index email_versions_draft on email_template_versions (environment_id, template_id, variant, locale) where status in ('draft','needs_fix');

create table email_approvals (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  template_version_id text collate "C" not null,
  approved_by text not null,
  previews_seen jsonb not null default '[]',
  comment text,
  withdrawn_at timestamptz,
  created_at timestamptz not null,
  primary key (environment_id, id)
);

create table email_flows (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  key text collate "C" not null,
  name text not null,
  trigger text collate "C" not null,
  status text collate "C" not null check (status in ('draft','active','paused','archived')),
  active_since timestamptz,
  current_version_id text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id)
);
create unique index email_flows_key on email_flows (environment_id, key);

create table email_flow_versions (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  flow_id text collate "C" not null,
  number int not null,
  steps jsonb not null,
  guards jsonb not null default '[]',
  exits jsonb not null default '[]',
  max_age_seconds int not null,
  review text collate "C" not null default 'none' check (review in ('none','first_n','all')),
  settings jsonb not null default '{}',
  status text collate "C" not null check (status in ('draft','published','superseded')),
  created_at timestamptz not null,
  primary key (environment_id, id),
  foreign key (environment_id, flow_id) references email_flows (environment_id, id)
);
create unique index email_flow_versions_number on email_flow_versions (environment_id, flow_id, number);

create table email_routes (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  trigger text collate "C" not null,
  stripe_product_id text collate "C",
  stripe_price_id text collate "C",
  product_id text collate "C",
  plan_id text collate "C",
  flow_id text collate "C",
  template_id text collate "C",
  sender_id text collate "C",
  off boolean not null default false,
  active_since timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id),
  check (off or template_id is not null)
);
create unique index email_routes_key on email_routes (environment_id, trigger, stripe_product_id, stripe_price_id, product_id, plan_id) nulls not distinct;

create table email_occurrences (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  trigger text collate "C" not null,
  variant text collate "C" not null default 'default',
  object_type text collate "C" not null,
  object_id text collate "C" not null,
  occurrence text collate "C" not null,
  customer_id text collate "C" not null,
  witness_event_id text collate "C",
  witness_at timestamptz,
  at timestamptz not null,
  status text collate "C" not null default 'new' check (status in ('new','routed','off','failed')),
  reason text,
  route_id text collate "C",
  attempts int not null default 0,
  next_attempt_wall_at timestamptz,
  created_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index email_occurrences_key on email_occurrences (environment_id, trigger, object_type, object_id, occurrence);
create index email_occurrences_new on email_occurrences (environment_id, id) where status = 'new';

create table email_runs (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  flow_id text collate "C" not null,
  flow_version_id text collate "C" not null,
  run_key text collate "C" not null,
  customer_id text collate "C" not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  occurrence text collate "C" not null,
  step int not null default 0,
  next_at timestamptz,
  status text collate "C" not null check (status in ('running','waiting','completed','exited','canceled','failed')),
  exit_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index email_runs_key on email_runs (environment_id, flow_id, run_key);

create table email_messages (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  run_id text collate "C",
  step int not null default 0,
  trigger text collate "C" not null,
  variant text collate "C" not null default 'default',
  locale text,
  template_id text collate "C",
  template_version_id text collate "C",
  route_id text collate "C",
  customer_id text collate "C" not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  subject_stripe_id text collate "C",
  stripe_customer_id text collate "C",
  stripe_product_id text collate "C",
  stripe_price_id text collate "C",
  product_id text collate "C",
  plan_id text collate "C",
  occurrence text collate "C" not null,
  to_address text,
  sender_id text collate "C",
  transport_id text collate "C",
  class text collate "C" not null,
  status text collate "C" not null check (status in ('planned','held','ready','sending','sent','delivered','bounced','complained','failed','unknown','refused','suppressed','canceled','expired')),
  reason text,
  generation int not null default 1,
  subject text,
  html text,
  text text,
  facts jsonb,
  facts_sealed bytea,
  provenance jsonb,
  content_hash text,
  provider_message_id text,
  idempotency_key text collate "C",
  attempts int not null default 0,
  next_attempt_wall_at timestamptz,
  lease_until_wall_at timestamptz,
  epoch bigint not null default 0,
  send_after timestamptz,
  expires_at timestamptz,
  ready_wall_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  primary key (environment_id, id)
);
create index email_messages_work on email_messages (environment_id, next_attempt_wall_at) where status in ('planned','ready','sending');
create index email_messages_held on email_messages (environment_id, id) where status = 'held';
create index email_messages_customer on email_messages (environment_id, customer_id, id);
create index email_messages_trigger on email_messages (environment_id, trigger, id);
create index email_messages_product on email_messages (environment_id, stripe_product_id, id);

create table email_message_subjects (
  environment_id text collate "C" not null,
  message_id text collate "C" not null,
  trigger text collate "C" not null,
  customer_id text collate "C" not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  occurrence text collate "C" not null,
  step int not null,
  primary key (environment_id, trigger, customer_id, subject_type, subject_id, occurrence, step)
);
create index email_message_subjects_message on email_message_subjects (environment_id, message_id);

create table email_timeline (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  message_id text collate "C" not null,
  seq int not null,
  kind text collate "C" not null,
  at timestamptz not null,
  at_wall_at timestamptz not null,
  detail jsonb not null default '{}',
  transport_id text collate "C",
  provider_event_id text collate "C",
  primary key (environment_id, id)
);
create unique index email_timeline_seq on email_timeline (environment_id, message_id, seq);
create unique index email_timeline_provider on email_timeline (environment_id, transport_id, provider_event_id) where provider_event_id is not null;

create table email_suppressions (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  address_hash text collate "C" not null,
  address text,
  scope text collate "C" not null check (scope in ('all','marketing','topic')),
  topic text,
  reason text collate "C" not null check (reason in ('hard_bounce','complaint','unsubscribe','soft_bounce','invalid','manual','erased')),
  message_id text collate "C",
  expires_at timestamptz,
  lifted_at timestamptz,
  lifted_by text,
  created_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index email_suppressions_open on email_suppressions (environment_id, address_hash, scope, topic) nulls not distinct where lifted_at is null;

create table brand_facts (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  key text collate "C" not null,
  value text not null,
  type text collate "C" not null,
  owner text,
  note text,
  review_on date,
  registered_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index brand_facts_key on brand_facts (environment_id, key);

create table captured_mails (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  message_id text collate "C",
  mime_message_id text collate "C",
  trigger text collate "C",
  customer_id text collate "C",
  from_address text,
  to_addresses text[] not null default '{}',
  subject text,
  envelope jsonb not null,
  raw text not null,
  parsed jsonb not null,
  size int not null,
  received_wall_at timestamptz not null,
  received_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index captured_mails_mime on captured_mails (environment_id, mime_message_id);
create index captured_mails_message on captured_mails (environment_id, message_id);

insert into status_transitions values
 ('email_template_versions','draft','needs_fix'),('email_template_versions','needs_fix','draft'),('email_template_versions','draft','in_review'),('email_template_versions','draft','approved'),
 ('email_template_versions','in_review','approved'),('email_template_versions','in_review','draft'),('email_template_versions','approved','retired'),
 ('email_runs','running','waiting'),('email_runs','waiting','running'),('email_runs','running','completed'),('email_runs','waiting','completed'),('email_runs','running','exited'),('email_runs','waiting','exited'),
 ('email_runs','running','canceled'),('email_runs','waiting','canceled'),('email_runs','running','failed'),('email_runs','waiting','failed'),
 ('email_occurrences','new','routed'),('email_occurrences','new','off'),('email_occurrences','new','failed'),('email_occurrences','failed','new'),
 ('email_messages','planned','held'),('email_messages','planned','ready'),('email_messages','planned','refused'),('email_messages','planned','suppressed'),('email_messages','planned','canceled'),('email_messages','planned','expired'),
 ('email_messages','held','planned'),('email_messages','held','ready'),('email_messages','held','refused'),('email_messages','held','suppressed'),('email_messages','held','canceled'),('email_messages','held','expired'),
 ('email_messages','ready','sending'),('email_messages','ready','planned'),('email_messages','ready','held'),('email_messages','ready','refused'),('email_messages','ready','suppressed'),('email_messages','ready','canceled'),('email_messages','ready','expired'),
 ('email_messages','sending','sent'),('email_messages','sending','failed'),('email_messages','sending','unknown'),('email_messages','sending','ready'),
 ('email_messages','sending','canceled'),('email_messages','sending','suppressed'),('email_messages','sending','refused'),('email_messages','sending','expired'),('email_messages','sending','planned'),
 ('email_messages','unknown','sent'),('email_messages','unknown','failed'),('email_messages','unknown','delivered'),('email_messages','unknown','bounced'),('email_messages','unknown','complained'),
 ('email_messages','sent','delivered'),('email_messages','sent','bounced'),('email_messages','sent','complained'),('email_messages','delivered','complained'),('email_messages','delivered','bounced'),
 ('email_messages','refused','planned');
create trigger email_template_versions_status before update on email_template_versions for each row execute function enforce_status_transition();
create trigger email_runs_status before update on email_runs for each row execute function enforce_status_transition();
create trigger email_occurrences_status before update on email_occurrences for each row execute function enforce_status_transition();
create trigger email_messages_status before update on email_messages for each row execute function enforce_status_transition();
