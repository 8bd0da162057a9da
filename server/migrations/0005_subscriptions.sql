create table subscriptions (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  external_id text collate "C",
  customer_id text collate "C" not null,
  product_id text collate "C",
  plan_version_id text collate "C",
  exclusive_key text collate "C",
  resource_id text collate "C",
  status text collate "C" not null check (status in ('not_started','payment_pending','in_trial','active','canceled','expired')),
  status_reason text collate "C",
  payment_state text collate "C" not null default 'ok' check (payment_state in ('ok','processing','action_required','past_due','unpaid','unknown')),
  biller text collate "C" not null check (biller in ('stripe','billow','none')),
  collection_method text collate "C" not null check (collection_method in ('charge_automatically','send_invoice','none')),
  currency text not null,
  interval text collate "C" check (interval in ('day','week','month','year')),
  interval_count int,
  anchor_at timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  start_at timestamptz not null,
  trial_start timestamptz,
  trial_end timestamptz,
  missing_payment_method text,
  end_at timestamptz,
  cancel_at timestamptz,
  cancel_reason text,
  canceled_at timestamptz,
  ended_at timestamptz,
  paused_at timestamptz,
  pause_behavior text,
  resumes_at timestamptz,
  payment_method_id text collate "C",
  metadata jsonb not null default '{}',
  connection_id text collate "C",
  stripe_id text collate "C",
  stripe_status text,
  test_clock_id text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id),
  foreign key (environment_id, customer_id) references customers (environment_id, id)
);
create unique index subscriptions_external on subscriptions (environment_id, external_id);
create unique index subscriptions_stripe on subscriptions (environment_id, connection_id, stripe_id) where stripe_id is not null;
create index subscriptions_customer on subscriptions (environment_id, customer_id);
create unique index subscriptions_exclusive on subscriptions (environment_id, customer_id, exclusive_key, resource_id) nulls not distinct
  where exclusive_key is not null and status in ('payment_pending','in_trial','active');

create table subscription_items (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  subscription_id text collate "C" not null,
  item_key text collate "C" not null,
  kind text collate "C" not null check (kind in ('base','charge','addon')),
  price_id text collate "C",
  charge_id text collate "C",
  stripe_item_id text collate "C",
  stripe_product_id text collate "C",
  stripe_price_id text collate "C",
  unit_amount_decimal numeric,
  interval text collate "C",
  interval_count int,
  metered boolean not null default false,
  quantity numeric not null,
  position int not null default 0,
  valid_from timestamptz not null,
  valid_to timestamptz,
  superseded_by_id text collate "C",
  origin text collate "C" not null check (origin in ('billow','stripe')),
  created_at timestamptz not null,
  primary key (environment_id, id),
  foreign key (environment_id, subscription_id) references subscriptions (environment_id, id)
);
create unique index subscription_items_open on subscription_items (environment_id, subscription_id, item_key) where valid_to is null;
create index subscription_items_product on subscription_items (environment_id, stripe_product_id) where valid_to is null;

insert into status_transitions values
 ('subscriptions','not_started','payment_pending'),('subscriptions','not_started','in_trial'),('subscriptions','not_started','active'),
 ('subscriptions','payment_pending','active'),('subscriptions','payment_pending','in_trial'),('subscriptions','payment_pending','expired'),
 ('subscriptions','in_trial','active'),('subscriptions','in_trial','payment_pending'),('subscriptions','in_trial','expired'),
 ('subscriptions','active','in_trial'),('subscriptions','active','expired'),
 ('subscriptions','not_started','canceled'),('subscriptions','payment_pending','canceled'),('subscriptions','in_trial','canceled'),('subscriptions','active','canceled');
create trigger subscriptions_status before update on subscriptions for each row execute function enforce_status_transition();
