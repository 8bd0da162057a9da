create table invoices (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  number text,
  biller text collate "C" not null check (biller in ('stripe','billow')),
  origin text collate "C" not null check (origin in ('billow','stripe')),
  kind text collate "C" not null check (kind in ('subscription','subscription_change','one_off','add_on','credit_topup','usage_adjustment','final')),
  customer_id text collate "C" not null,
  subscription_id text collate "C",
  currency text not null,
  status text collate "C" not null check (status in ('generating','draft','finalized','closed','voided')),
  payment_status text collate "C" not null check (payment_status in ('pending','succeeded','failed')),
  payment_detail text collate "C" not null check (payment_detail in ('pending','processing','requires_action','succeeded','failed','partially_paid','unknown')),
  billing_reason text collate "C" not null,
  collection_method text collate "C" not null default 'charge_automatically',
  period_start timestamptz,
  period_end timestamptz,
  issued_at timestamptz,
  due_at timestamptz,
  paid_at timestamptz,
  subtotal_amount bigint not null default 0,
  discount_amount bigint not null default 0,
  tax_amount bigint not null default 0,
  total_amount bigint not null default 0,
  paid_amount bigint not null default 0,
  credited_amount bigint not null default 0,
  remaining_amount bigint not null default 0,
  returned_amount bigint not null default 0,
  out_of_band boolean not null default false,
  hosted_url text,
  pdf_url text,
  uncollectible_at timestamptz,
  attempt_count int not null default 0,
  next_attempt_at timestamptz,
  stripe_status text,
  connection_id text collate "C",
  stripe_id text collate "C",
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  rev bigint not null default 1,
  actor text not null,
  primary key (environment_id, id),
  foreign key (environment_id, customer_id) references customers (environment_id, id),
  foreign key (environment_id, subscription_id) references subscriptions (environment_id, id)
);
create unique index invoices_number on invoices (environment_id, number) where origin = 'billow' and number is not null;
create unique index invoices_stripe on invoices (environment_id, connection_id, stripe_id) where stripe_id is not null;
create index invoices_customer on invoices (environment_id, customer_id, id);
create index invoices_subscription on invoices (environment_id, subscription_id, id);

create table invoice_lines (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  invoice_id text collate "C" not null,
  kind text collate "C" not null,
  description text,
  stripe_product_id text collate "C",
  stripe_price_id text collate "C",
  subscription_item_id text collate "C",
  service_start timestamptz,
  service_end timestamptz,
  quantity numeric,
  unit_amount_decimal numeric,
  amount bigint not null,
  discount_amount bigint not null default 0,
  tax_amount bigint not null default 0,
  explain jsonb not null default '{}',
  stripe_line_id text collate "C",
  position int not null,
  primary key (environment_id, id),
  foreign key (environment_id, invoice_id) references invoices (environment_id, id)
);
create unique index invoice_lines_stripe on invoice_lines (environment_id, invoice_id, stripe_line_id);

insert into status_transitions values
 ('invoices','generating','draft'),('invoices','generating','finalized'),('invoices','generating','closed'),
 ('invoices','draft','finalized'),('invoices','draft','voided'),('invoices','finalized','voided');
create trigger invoices_status before update on invoices for each row execute function enforce_status_transition();
