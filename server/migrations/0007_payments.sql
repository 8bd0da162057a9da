create table payments (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  invoice_id text collate "C",
  customer_id text collate "C",
  origin text collate "C" not null check (origin in ('billow','stripe')),
  status text collate "C" not null check (status in ('pending','processing','requires_action','succeeded','failed','partially_paid','unknown')),
  amount bigint not null,
  currency text not null,
  description text,
  automatic boolean not null default true,
  generation int not null default 1,
  attempt_count int not null default 0,
  last_error jsonb,
  decline_code text,
  payment_method jsonb,
  next_retry_at timestamptz,
  succeeded_at timestamptz,
  unknown_since_wall_at timestamptz,
  connection_id text collate "C",
  stripe_id text collate "C",
  stripe_status text,
  latest_charge_id text collate "C",
  receipt_url text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id)
);
create unique index payments_invoice on payments (environment_id, invoice_id) where invoice_id is not null;
create unique index payments_stripe on payments (environment_id, connection_id, stripe_id) where stripe_id is not null;
create index payments_customer on payments (environment_id, customer_id, id);

create table refunds (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  payment_id text collate "C",
  invoice_id text collate "C",
  customer_id text collate "C",
  connection_id text collate "C",
  stripe_id text collate "C",
  stripe_charge_id text collate "C",
  stripe_payment_intent_id text collate "C",
  amount bigint not null,
  payment_amount bigint,
  currency text not null,
  reason text,
  method text,
  status text collate "C" not null check (status in ('planned','pending','requires_action','succeeded','failed','canceled','unknown')),
  origin text collate "C" not null check (origin in ('billow','stripe')),
  failure_reason text,
  idempotency_key text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id)
);
create unique index refunds_stripe on refunds (environment_id, connection_id, stripe_id) where stripe_id is not null;
create index refunds_payment on refunds (environment_id, payment_id);

create table disputes (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  connection_id text collate "C",
  stripe_id text collate "C" not null,
  invoice_id text collate "C",
  charge_id text collate "C" not null,
  amount bigint not null,
  currency text not null,
  reason text,
  status text collate "C" not null,
  due_by timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (environment_id, id)
);
create unique index disputes_stripe on disputes (environment_id, stripe_id);

insert into status_transitions values
 ('payments','pending','processing'),('payments','pending','requires_action'),('payments','pending','succeeded'),('payments','pending','failed'),('payments','pending','partially_paid'),('payments','pending','unknown'),
 ('payments','processing','requires_action'),('payments','processing','succeeded'),('payments','processing','failed'),('payments','processing','unknown'),
 ('payments','requires_action','processing'),('payments','requires_action','succeeded'),('payments','requires_action','failed'),('payments','requires_action','unknown'),
 ('payments','failed','pending'),('payments','failed','processing'),('payments','failed','requires_action'),('payments','failed','succeeded'),('payments','failed','partially_paid'),
 ('payments','partially_paid','processing'),('payments','partially_paid','requires_action'),('payments','partially_paid','succeeded'),('payments','partially_paid','failed'),('payments','partially_paid','unknown'),
 ('payments','unknown','pending'),('payments','unknown','processing'),('payments','unknown','requires_action'),('payments','unknown','succeeded'),('payments','unknown','failed'),('payments','unknown','partially_paid'),
 ('refunds','planned','pending'),('refunds','planned','requires_action'),('refunds','planned','succeeded'),('refunds','planned','failed'),('refunds','planned','unknown'),
 ('refunds','pending','succeeded'),('refunds','pending','failed'),('refunds','pending','canceled'),('refunds','pending','requires_action'),
 ('refunds','requires_action','pending'),('refunds','requires_action','succeeded'),('refunds','requires_action','failed'),('refunds','requires_action','canceled'),
 ('refunds','succeeded','failed'),
 ('refunds','unknown','pending'),('refunds','unknown','succeeded'),('refunds','unknown','failed'),('refunds','unknown','canceled');
create trigger payments_status before update on payments for each row execute function enforce_status_transition();
create trigger refunds_status before update on refunds for each row execute function enforce_status_transition();
