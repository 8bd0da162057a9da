-- What may still be called at Stripe (reliability.md 10.1): token buckets per connection, shared by all processes.
create table stripe_rate_buckets (
  environment_id text collate "C" not null,
  connection_id text collate "C" not null,
  bucket text collate "C" not null,
  tokens double precision not null,
  at_wall_at timestamptz not null,
  slow_until_wall_at timestamptz,
  closed_until_wall_at timestamptz,
  primary key (environment_id, connection_id, bucket)
);
