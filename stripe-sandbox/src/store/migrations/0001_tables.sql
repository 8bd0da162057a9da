-- Everything is addressed by account; no key to or from another schema.
create table stripe_sandbox.account (
  id text primary key,
  created bigint not null,
  settings jsonb not null,
  api_version text not null,
  clock_mode text not null,
  clock_id text,
  seq bigint not null,
  counters jsonb not null
);

create table stripe_sandbox.api_key (
  hash text primary key,
  account text not null,
  kind text not null,
  permissions jsonb not null,
  platform text,
  expires_at bigint,
  hint text not null
);

create table stripe_sandbox.object (
  account text not null,
  id text not null,
  object text not null,
  created bigint not null,
  seq bigint not null,
  clock text,
  deleted boolean not null,
  customer text,
  subscription text,
  invoice text,
  payment_intent text,
  charge text,
  product text,
  status text,
  active text,
  lookup_key text,
  email text,
  ref text,
  doc jsonb not null,
  primary key (account, id)
);
create index object_by_seq on stripe_sandbox.object (account, object, seq);
create index object_by_id on stripe_sandbox.object (id);
create index object_by_customer on stripe_sandbox.object (account, customer, object, seq) where customer is not null;
create index object_by_subscription on stripe_sandbox.object (account, subscription, object) where subscription is not null;
create index object_by_invoice on stripe_sandbox.object (account, invoice, object) where invoice is not null;
create index object_by_payment_intent on stripe_sandbox.object (account, payment_intent, object) where payment_intent is not null;
create index object_by_charge on stripe_sandbox.object (account, charge, object) where charge is not null;
create index object_by_lookup_key on stripe_sandbox.object (account, lookup_key) where lookup_key is not null;
create index object_by_ref on stripe_sandbox.object (account, ref, object) where ref is not null;

create table stripe_sandbox.event (
  account text not null,
  id text not null,
  seq bigint not null,
  type text not null,
  created bigint not null,
  recorded_at bigint not null,
  object_id text,
  clock text,
  doc jsonb not null,
  primary key (account, id)
);
create index event_by_seq on stripe_sandbox.event (account, seq);
create index event_by_object on stripe_sandbox.event (account, object_id, seq);

create table stripe_sandbox.delivery (
  id text primary key,
  account text not null,
  event text not null,
  event_seq bigint not null,
  event_type text not null,
  object_id text,
  clock text,
  endpoint_account text not null,
  endpoint text not null,
  attempts integer not null,
  due_at bigint not null,
  status text not null,
  response_status integer,
  response_body text,
  duration_ms integer
);
create index delivery_pending on stripe_sandbox.delivery (due_at, event_seq) where status = 'pending';
create index delivery_by_event on stripe_sandbox.delivery (account, event);
create index delivery_by_object on stripe_sandbox.delivery (account, object_id, event_type);

create table stripe_sandbox.timer (
  account text not null,
  id text not null,
  clock text,
  due_at bigint not null,
  seq bigint not null,
  kind text not null,
  ref text not null,
  data jsonb not null,
  primary key (account, id)
);
create index timer_due on stripe_sandbox.timer (account, clock, due_at, seq);
create index timer_by_ref on stripe_sandbox.timer (account, ref);

create table stripe_sandbox.idempotency (
  account text not null,
  key text not null,
  route text not null,
  hash text not null,
  request_id text not null,
  status integer not null,
  headers jsonb not null,
  body text not null,
  created bigint not null,
  primary key (account, key)
);
create index idempotency_by_age on stripe_sandbox.idempotency (created);
