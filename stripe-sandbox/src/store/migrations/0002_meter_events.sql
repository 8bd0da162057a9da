-- Usage as reported. `value` is an integer of 10^-12 units, so that sums are exact.
create table stripe_sandbox.meter_event (
  account text not null,
  id text not null,
  seq bigint not null,
  meter text not null,
  customer text not null,
  event_name text not null,
  identifier text not null,
  at bigint not null,
  received bigint not null,
  value numeric not null,
  cancelled boolean not null,
  primary key (account, id)
);
create index meter_event_by_time on stripe_sandbox.meter_event (account, meter, customer, at, seq) where not cancelled;
create index meter_event_by_identifier on stripe_sandbox.meter_event (account, identifier, seq);
