-- Audit entries that are not in the chain yet: the sealer reads this short table instead of looking through the long one.
create table audit_unsealed (
  environment_id text collate "C" not null,
  entry_id text collate "C" not null,
  primary key (environment_id, entry_id)
);
