-- A sender proves itself by a test mail: the code in it is typed back (email.md 12). Only a digest of the code is kept.
alter table email_senders add column test_code_digest bytea;
alter table email_senders add column test_to text;
alter table email_senders add column test_sent_wall_at timestamptz;
alter table email_senders add column test_tries int not null default 0;
alter table email_senders add column test_received_wall_at timestamptz;
create unique index email_senders_default on email_senders (environment_id) where is_default;
-- When a transport was last asked whether it answers and takes our credentials (D2).
alter table email_transports add column checked_wall_at timestamptz;
-- The claim under which the message was last handed to a transport that does not know repeats: a claim without it left nothing (M1).
alter table email_messages add column handed_epoch bigint;
