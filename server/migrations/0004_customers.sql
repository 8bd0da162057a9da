create table customers (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  external_id text collate "C",
  name text,
  invoice_name text,
  email text,
  phone text,
  billing_address jsonb,
  shipping_address jsonb,
  tax_ids jsonb not null default '[]',
  tax_exempt text not null default 'none',
  locale text,
  time_zone text,
  currency text,
  collection_method text collate "C" not null default 'charge_automatically' check (collection_method in ('charge_automatically','send_invoice')),
  payment_provider text,
  connection_id text collate "C",
  payment_method jsonb,
  payment_method_checked_wall_at timestamptz,
  balance_amount bigint not null default 0,
  metadata jsonb not null default '{}',
  status text collate "C" not null default 'active' check (status in ('active','archived')),
  origin text collate "C" not null default 'stripe' check (origin in ('billow','stripe')),
  merged_into_id text collate "C",
  erased_at timestamptz,
  stripe_id text collate "C",
  deleted_in_stripe_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id)
);
create unique index customers_external on customers (environment_id, external_id);
create unique index customers_stripe on customers (environment_id, connection_id, stripe_id) where stripe_id is not null;
create index customers_email on customers (environment_id, lower(email));

create table payment_methods (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  stripe_id text collate "C" not null,
  type text not null,
  brand text,
  last4 text,
  exp_month int,
  exp_year int,
  is_default boolean not null default false,
  status text collate "C" not null check (status in ('attached','detached')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (environment_id, id),
  foreign key (environment_id, customer_id) references customers (environment_id, id)
);
create unique index payment_methods_stripe on payment_methods (environment_id, stripe_id);
create unique index payment_methods_default on payment_methods (environment_id, customer_id) where is_default and status = 'attached';

insert into status_transitions values ('customers','active','archived'), ('customers','archived','active');
create trigger customers_status before update on customers for each row execute function enforce_status_transition();
