// Generated from server/migrations by server/src/kit/generate-schema.ts. Do not edit.
import type { ColumnType, Generated } from 'kysely';

export interface ApiKeys {
  id: string;
  environment_id: string;
  kind: string;
  name: string;
  prefix: string;
  last4: string;
  hash: Uint8Array;
  scopes: string[];
  created_by: string;
  expires_at: Temporal.Instant | null;
  revoked_at: Temporal.Instant | null;
  last_used_wall_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
}

export interface AppliedMigrations {
  name: string;
  hash: string;
  applied_at: Generated<Temporal.Instant>;
}

export interface AuditEntries {
  environment_id: string;
  id: string;
  actor: string;
  action: string;
  object_type: string;
  object_id: string;
  before: unknown;
  after: unknown;
  request_id: string | null;
  cause: string | null;
  reason: string | null;
  at: Temporal.Instant;
  at_wall_at: Temporal.Instant;
}

export interface AuditSeals {
  environment_id: string;
  seq: bigint;
  entry_id: string;
  prev_hash: Uint8Array;
  hash: Uint8Array;
}

export interface AuditUnsealed {
  environment_id: string;
  entry_id: string;
}

export interface BrandFacts {
  environment_id: string;
  id: string;
  key: string;
  value: string;
  type: string;
  owner: string | null;
  note: string | null;
  review_on: string | null;
  registered_by: string;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
}

export interface CapturedMails {
  environment_id: string;
  id: string;
  message_id: string | null;
  mime_message_id: string | null;
  trigger: string | null;
  customer_id: string | null;
  from_address: string | null;
  to_addresses: Generated<string[]>;
  subject: string | null;
  envelope: unknown;
  raw: string;
  parsed: unknown;
  size: number;
  received_wall_at: Temporal.Instant;
  received_at: Temporal.Instant;
}

export interface Credentials {
  id: string;
  account_id: string;
  provider_id: string;
  user_id: string;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Temporal.Instant | null;
  refresh_token_expires_at: Temporal.Instant | null;
  scope: string | null;
  password: string | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Temporal.Instant;
}

export interface Customers {
  environment_id: string;
  id: string;
  external_id: string | null;
  name: string | null;
  invoice_name: string | null;
  email: string | null;
  phone: string | null;
  billing_address: unknown;
  shipping_address: unknown;
  tax_ids: Generated<unknown>;
  tax_exempt: Generated<string>;
  locale: string | null;
  time_zone: string | null;
  currency: string | null;
  collection_method: Generated<string>;
  payment_provider: string | null;
  connection_id: string | null;
  payment_method: unknown;
  payment_method_checked_wall_at: Temporal.Instant | null;
  balance_amount: Generated<bigint>;
  metadata: Generated<unknown>;
  status: Generated<string>;
  origin: Generated<string>;
  merged_into_id: string | null;
  erased_at: Temporal.Instant | null;
  stripe_id: string | null;
  deleted_in_stripe_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface Disputes {
  environment_id: string;
  id: string;
  connection_id: string | null;
  stripe_id: string;
  invoice_id: string | null;
  charge_id: string;
  amount: bigint;
  currency: string;
  reason: string | null;
  status: string;
  due_by: Temporal.Instant | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
}

export interface EmailApprovals {
  environment_id: string;
  id: string;
  template_version_id: string;
  approved_by: string;
  previews_seen: Generated<unknown>;
  comment: string | null;
  withdrawn_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
}

export interface EmailFlowVersions {
  environment_id: string;
  id: string;
  flow_id: string;
  number: number;
  steps: unknown;
  guards: Generated<unknown>;
  exits: Generated<unknown>;
  max_age_seconds: number;
  review: Generated<string>;
  settings: Generated<unknown>;
  status: string;
  created_at: Temporal.Instant;
}

export interface EmailFlows {
  environment_id: string;
  id: string;
  key: string;
  name: string;
  trigger: string;
  status: string;
  active_since: Temporal.Instant | null;
  current_version_id: string | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface EmailMessageSubjects {
  environment_id: string;
  message_id: string;
  trigger: string;
  customer_id: string;
  subject_type: string;
  subject_id: string;
  occurrence: string;
  step: number;
}

export interface EmailMessages {
  environment_id: string;
  id: string;
  run_id: string | null;
  step: Generated<number>;
  trigger: string;
  variant: Generated<string>;
  locale: string | null;
  template_id: string | null;
  template_version_id: string | null;
  route_id: string | null;
  customer_id: string;
  subject_type: string;
  subject_id: string;
  subject_stripe_id: string | null;
  stripe_customer_id: string | null;
  stripe_product_id: string | null;
  stripe_price_id: string | null;
  product_id: string | null;
  plan_id: string | null;
  occurrence: string;
  to_address: string | null;
  sender_id: string | null;
  transport_id: string | null;
  class: string;
  status: string;
  reason: string | null;
  generation: Generated<number>;
  subject: string | null;
  html: string | null;
  text: string | null;
  facts: unknown;
  facts_sealed: Uint8Array | null;
  provenance: unknown;
  content_hash: string | null;
  provider_message_id: string | null;
  idempotency_key: string | null;
  attempts: Generated<number>;
  next_attempt_wall_at: Temporal.Instant | null;
  lease_until_wall_at: Temporal.Instant | null;
  epoch: Generated<bigint>;
  send_after: Temporal.Instant | null;
  expires_at: Temporal.Instant | null;
  ready_wall_at: Temporal.Instant | null;
  sent_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  planned_wall_at: Temporal.Instant | null;
  event_id: string | null;
  witness_event_id: string | null;
  handed_epoch: bigint | null;
}

export interface EmailOccurrences {
  environment_id: string;
  id: string;
  trigger: string;
  variant: Generated<string>;
  object_type: string;
  object_id: string;
  occurrence: string;
  customer_id: string;
  witness_event_id: string | null;
  witness_at: Temporal.Instant | null;
  at: Temporal.Instant;
  status: Generated<string>;
  reason: string | null;
  route_id: string | null;
  attempts: Generated<number>;
  next_attempt_wall_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
  event_id: string | null;
}

export interface EmailRoutes {
  environment_id: string;
  id: string;
  trigger: string;
  stripe_product_id: string | null;
  stripe_price_id: string | null;
  product_id: string | null;
  plan_id: string | null;
  flow_id: string | null;
  template_id: string | null;
  sender_id: string | null;
  off: Generated<boolean>;
  active_since: Temporal.Instant;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface EmailRuns {
  environment_id: string;
  id: string;
  flow_id: string;
  flow_version_id: string;
  run_key: string;
  customer_id: string;
  subject_type: string;
  subject_id: string;
  occurrence: string;
  step: Generated<number>;
  next_at: Temporal.Instant | null;
  status: string;
  exit_reason: string | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
}

export interface EmailSenders {
  environment_id: string;
  id: string;
  from_address: string;
  from_name: string;
  reply_to: string | null;
  domain: string;
  transport_id: string | null;
  status: string;
  dns: Generated<unknown>;
  checked_wall_at: Temporal.Instant | null;
  is_default: Generated<boolean>;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  test_code_digest: Uint8Array | null;
  test_to: string | null;
  test_sent_wall_at: Temporal.Instant | null;
  test_tries: Generated<number>;
  test_received_wall_at: Temporal.Instant | null;
}

export interface EmailSuppressions {
  environment_id: string;
  id: string;
  address_hash: string;
  address: string | null;
  scope: string;
  topic: string | null;
  reason: string;
  message_id: string | null;
  expires_at: Temporal.Instant | null;
  lifted_at: Temporal.Instant | null;
  lifted_by: string | null;
  created_at: Temporal.Instant;
}

export interface EmailTemplateVersions {
  environment_id: string;
  id: string;
  template_id: string;
  variant: Generated<string>;
  locale: Generated<string>;
  number: number;
  class: string;
  format: string;
  source: string;
  subject: string;
  preheader: string | null;
  html: string | null;
  text: string | null;
  literals: Generated<unknown>;
  lint: Generated<unknown>;
  fields_used: Generated<string[]>;
  status: string;
  author: string;
  author_kind: string;
  sha256: string;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
}

export interface EmailTemplates {
  environment_id: string;
  id: string;
  key: string;
  name: string;
  trigger: string;
  status: Generated<string>;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface EmailTimeline {
  environment_id: string;
  id: string;
  message_id: string;
  seq: number;
  kind: string;
  at: Temporal.Instant;
  at_wall_at: Temporal.Instant;
  detail: Generated<unknown>;
  transport_id: string | null;
  provider_event_id: string | null;
}

export interface EmailTransports {
  environment_id: string;
  id: string;
  kind: string;
  name: string;
  config_sealed: Uint8Array | null;
  settings: Generated<unknown>;
  status: Generated<string>;
  status_reason: string | null;
  is_default: Generated<boolean>;
  rate: Generated<unknown>;
  webhook_secret_sealed: Uint8Array | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  checked_wall_at: Temporal.Instant | null;
}

export interface EnvironmentRoles {
  environment_id: string;
  user_id: string;
  role: string;
}

export interface Environments {
  id: string;
  organization_id: string;
  slug: string;
  name: string;
  mode: string;
  color: string;
  clock_kind: string;
  clock_now: Temporal.Instant | null;
  clock_target: Temporal.Instant | null;
  clock_blocked: unknown;
  clock_seq: Generated<bigint>;
  default_currency: Generated<string>;
  time_zone: Generated<string>;
  default_biller: Generated<string>;
  settings: Generated<unknown>;
  status: Generated<string>;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
}

export interface Events {
  environment_id: string;
  id: string;
  seq: Generated<bigint>;
  type: string;
  object_type: string;
  object_id: string;
  object_seq: bigint;
  data: unknown;
  previous: unknown;
  actor: string;
  cause: string | null;
  dedupe_key: string;
  at: Temporal.Instant;
  created_at: Temporal.Instant;
}

export interface IdempotencyKeys {
  environment_id: string;
  scope: string;
  key: string;
  method: string;
  path: string;
  body_hash: string;
  status: string;
  response_status: number | null;
  response: unknown;
  resource_id: string | null;
  lease_until_wall_at: Temporal.Instant | null;
  expires_wall_at: Temporal.Instant;
}

export interface Inbox {
  environment_id: string;
  id: string;
  connection_id: string;
  event_id: string;
  type: string;
  object_type: string | null;
  object_id: string | null;
  root_key: string | null;
  account: string | null;
  livemode: boolean | null;
  api_version: string | null;
  created_remote: Temporal.Instant | null;
  request_key: string | null;
  sequence: Generated<bigint>;
  raw: string | null;
  via: string;
  status: Generated<string>;
  outcome: string | null;
  attempts: Generated<number>;
  next_attempt_wall_at: Temporal.Instant | null;
  error: unknown;
  received_wall_at: Temporal.Instant;
  done_wall_at: Temporal.Instant | null;
}

export interface Installation {
  database_identity: string;
  confirmed_by: string | null;
  confirmed_wall_at: Temporal.Instant;
}

export interface InstanceSettings {
  key: string;
  value: unknown;
  updated_at: Temporal.Instant;
}

export interface InvoiceLines {
  environment_id: string;
  id: string;
  invoice_id: string;
  kind: string;
  description: string | null;
  stripe_product_id: string | null;
  stripe_price_id: string | null;
  subscription_item_id: string | null;
  service_start: Temporal.Instant | null;
  service_end: Temporal.Instant | null;
  quantity: ColumnType<string | null, string | bigint | null, string | bigint | null>;
  unit_amount_decimal: ColumnType<string | null, string | bigint | null, string | bigint | null>;
  amount: bigint;
  discount_amount: Generated<bigint>;
  tax_amount: Generated<bigint>;
  explain: Generated<unknown>;
  stripe_line_id: string | null;
  position: number;
}

export interface Invoices {
  environment_id: string;
  id: string;
  number: string | null;
  biller: string;
  origin: string;
  kind: string;
  customer_id: string;
  subscription_id: string | null;
  currency: string;
  status: string;
  payment_status: string;
  payment_detail: string;
  billing_reason: string;
  collection_method: Generated<string>;
  period_start: Temporal.Instant | null;
  period_end: Temporal.Instant | null;
  issued_at: Temporal.Instant | null;
  due_at: Temporal.Instant | null;
  paid_at: Temporal.Instant | null;
  subtotal_amount: Generated<bigint>;
  discount_amount: Generated<bigint>;
  tax_amount: Generated<bigint>;
  total_amount: Generated<bigint>;
  paid_amount: Generated<bigint>;
  credited_amount: Generated<bigint>;
  remaining_amount: Generated<bigint>;
  returned_amount: Generated<bigint>;
  out_of_band: Generated<boolean>;
  hosted_url: string | null;
  pdf_url: string | null;
  uncollectible_at: Temporal.Instant | null;
  attempt_count: Generated<number>;
  next_attempt_at: Temporal.Instant | null;
  stripe_status: string | null;
  connection_id: string | null;
  stripe_id: string | null;
  metadata: Generated<unknown>;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface Links {
  environment_id: string;
  id: string;
  connection_id: string;
  entity_type: string;
  entity_id: string;
  sub_key: Generated<string>;
  provider_type: string;
  provider_id: string;
  role: string;
  metadata_written: Generated<boolean>;
  detached_wall_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
}

export interface Members {
  id: string;
  organization_id: string;
  user_id: string;
  role: string;
  created_at: Temporal.Instant;
}

export interface OauthStates {
  id: string;
  environment_id: string;
  state_hash: Uint8Array;
  session_hash: Uint8Array;
  kind: string;
  redirect_uri: string;
  expires_wall_at: Temporal.Instant;
  consumed_wall_at: Temporal.Instant | null;
  outcome: unknown;
  created_at: Temporal.Instant;
  actor: Generated<string>;
}

export interface OperatorTasks {
  environment_id: string;
  id: string;
  kind: string;
  severity: string;
  object_type: string;
  object_id: string;
  dedupe_key: string;
  title: string;
  detail: Generated<unknown>;
  status: Generated<string>;
  opened_at: Temporal.Instant;
  closed_at: Temporal.Instant | null;
  closed_by: string | null;
  note: string | null;
}

export interface Organizations {
  id: string;
  name: string;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
}

export interface PaymentMethods {
  environment_id: string;
  id: string;
  customer_id: string;
  stripe_id: string;
  type: string;
  brand: string | null;
  last4: string | null;
  exp_month: number | null;
  exp_year: number | null;
  is_default: Generated<boolean>;
  status: string;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
}

export interface Payments {
  environment_id: string;
  id: string;
  invoice_id: string | null;
  customer_id: string | null;
  origin: string;
  status: string;
  amount: bigint;
  currency: string;
  description: string | null;
  automatic: Generated<boolean>;
  generation: Generated<number>;
  attempt_count: Generated<number>;
  last_error: unknown;
  decline_code: string | null;
  payment_method: unknown;
  next_retry_at: Temporal.Instant | null;
  succeeded_at: Temporal.Instant | null;
  unknown_since_wall_at: Temporal.Instant | null;
  connection_id: string | null;
  stripe_id: string | null;
  stripe_status: string | null;
  latest_charge_id: string | null;
  receipt_url: string | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface ReconcileRuns {
  environment_id: string;
  id: string;
  connection_id: string;
  trigger: string;
  status: Generated<string>;
  cursors: Generated<unknown>;
  checked: Generated<number>;
  repaired: Generated<number>;
  gone: Generated<number>;
  errors: Generated<number>;
  reason: string | null;
  attempts: Generated<number>;
  next_attempt_wall_at: Temporal.Instant | null;
  started_wall_at: Temporal.Instant;
  finished_wall_at: Temporal.Instant | null;
  actor: string;
}

export interface Refunds {
  environment_id: string;
  id: string;
  payment_id: string | null;
  invoice_id: string | null;
  customer_id: string | null;
  connection_id: string | null;
  stripe_id: string | null;
  stripe_charge_id: string | null;
  stripe_payment_intent_id: string | null;
  amount: bigint;
  payment_amount: bigint | null;
  currency: string;
  reason: string | null;
  method: string | null;
  status: string;
  origin: string;
  failure_reason: string | null;
  idempotency_key: string | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface RemoteObjects {
  environment_id: string;
  connection_id: string;
  type: string;
  id: string;
  body: unknown;
  api_version: string;
  deleted: Generated<boolean>;
  fetched_wall_at: Temporal.Instant;
  fetch_seq: bigint;
  projection_hash: string | null;
  classification: string;
}

export interface Sessions {
  id: string;
  expires_at: Temporal.Instant;
  token: string;
  created_at: Generated<Temporal.Instant>;
  updated_at: Temporal.Instant;
  ip_address: string | null;
  user_agent: string | null;
  user_id: string;
}

export interface SignInLinks {
  id: string;
  organization_id: string;
  role: string;
  token_hash: Uint8Array;
  expires_wall_at: Temporal.Instant;
  used_wall_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
}

export interface StatusTransitions {
  table_name: string;
  from_status: string;
  to_status: string;
}

export interface StripeConnections {
  id: string;
  environment_id: string;
  provider: string;
  auth_kind: string;
  account_id: string;
  account_name: string | null;
  livemode: boolean;
  country: string | null;
  default_currency: string | null;
  secret_sealed: Uint8Array | null;
  refresh_sealed: Uint8Array | null;
  access_expires_wall_at: Temporal.Instant | null;
  key_last4: string | null;
  oauth_kind: string | null;
  oauth_scope: string | null;
  status: string;
  status_reason: string | null;
  api_version: string;
  capabilities: Generated<unknown>;
  capabilities_checked_wall_at: Temporal.Instant | null;
  transport: string;
  purpose: Generated<string>;
  data_minimal: Generated<boolean>;
  mirror: Generated<string>;
  webhook_endpoint_id: string | null;
  webhook_secrets_sealed: Generated<unknown>;
  poll_cursor: string | null;
  last_event_wall_at: Temporal.Instant | null;
  last_poll_wall_at: Temporal.Instant | null;
  poll_failures: Generated<number>;
  tax_enabled: Generated<boolean>;
  grace_observed_seconds: number | null;
  deep_link_base: string | null;
  api_base: string | null;
  shared: Generated<boolean>;
  settings: Generated<unknown>;
  activated_at: Temporal.Instant;
  settled_at: Temporal.Instant | null;
  disconnected_at: Temporal.Instant | null;
  replaced_by_id: string | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface StripeRateBuckets {
  environment_id: string;
  connection_id: string;
  bucket: string;
  tokens: number;
  at_wall_at: Temporal.Instant;
  slow_until_wall_at: Temporal.Instant | null;
  closed_until_wall_at: Temporal.Instant | null;
}

export interface SubscriptionItems {
  environment_id: string;
  id: string;
  subscription_id: string;
  item_key: string;
  kind: string;
  price_id: string | null;
  charge_id: string | null;
  stripe_item_id: string | null;
  stripe_product_id: string | null;
  stripe_price_id: string | null;
  unit_amount_decimal: ColumnType<string | null, string | bigint | null, string | bigint | null>;
  interval: string | null;
  interval_count: number | null;
  metered: Generated<boolean>;
  quantity: ColumnType<string, string | bigint, string | bigint>;
  position: Generated<number>;
  valid_from: Temporal.Instant;
  valid_to: Temporal.Instant | null;
  superseded_by_id: string | null;
  origin: string;
  created_at: Temporal.Instant;
}

export interface Subscriptions {
  environment_id: string;
  id: string;
  external_id: string | null;
  customer_id: string;
  product_id: string | null;
  plan_version_id: string | null;
  exclusive_key: string | null;
  resource_id: string | null;
  status: string;
  status_reason: string | null;
  payment_state: Generated<string>;
  biller: string;
  collection_method: string;
  currency: string;
  interval: string | null;
  interval_count: number | null;
  anchor_at: Temporal.Instant | null;
  period_start: Temporal.Instant | null;
  period_end: Temporal.Instant | null;
  start_at: Temporal.Instant;
  trial_start: Temporal.Instant | null;
  trial_end: Temporal.Instant | null;
  missing_payment_method: string | null;
  end_at: Temporal.Instant | null;
  cancel_at: Temporal.Instant | null;
  cancel_reason: string | null;
  canceled_at: Temporal.Instant | null;
  ended_at: Temporal.Instant | null;
  paused_at: Temporal.Instant | null;
  pause_behavior: string | null;
  resumes_at: Temporal.Instant | null;
  payment_method_id: string | null;
  metadata: Generated<unknown>;
  connection_id: string | null;
  stripe_id: string | null;
  stripe_status: string | null;
  test_clock_id: string | null;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  rev: Generated<bigint>;
  actor: string;
}

export interface Timers {
  environment_id: string;
  id: string;
  kind: string;
  object_type: string;
  object_id: string;
  due_at: Temporal.Instant;
  seq: Generated<bigint>;
  payload: Generated<unknown>;
  status: Generated<string>;
  lease_until_wall_at: Temporal.Instant | null;
  attempts: Generated<number>;
  next_attempt_wall_at: Temporal.Instant | null;
  error: unknown;
  created_at: Temporal.Instant;
}

export interface Users {
  id: string;
  name: string;
  email: string;
  email_verified: boolean;
  image: string | null;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
}

export interface Verifications {
  id: string;
  identifier: string;
  value: string;
  expires_at: Temporal.Instant;
  created_at: Generated<Temporal.Instant>;
  updated_at: Generated<Temporal.Instant>;
}

export interface WorkClaims {
  environment_id: string;
  kind: string;
  subject_id: string;
  epoch: Generated<bigint>;
  holder: string | null;
  lease_until: Temporal.Instant | null;
  attempts: Generated<number>;
}

export interface DB {
  api_keys: ApiKeys;
  applied_migrations: AppliedMigrations;
  audit_entries: AuditEntries;
  audit_seals: AuditSeals;
  audit_unsealed: AuditUnsealed;
  brand_facts: BrandFacts;
  captured_mails: CapturedMails;
  credentials: Credentials;
  customers: Customers;
  disputes: Disputes;
  email_approvals: EmailApprovals;
  email_flow_versions: EmailFlowVersions;
  email_flows: EmailFlows;
  email_message_subjects: EmailMessageSubjects;
  email_messages: EmailMessages;
  email_occurrences: EmailOccurrences;
  email_routes: EmailRoutes;
  email_runs: EmailRuns;
  email_senders: EmailSenders;
  email_suppressions: EmailSuppressions;
  email_template_versions: EmailTemplateVersions;
  email_templates: EmailTemplates;
  email_timeline: EmailTimeline;
  email_transports: EmailTransports;
  environment_roles: EnvironmentRoles;
  environments: Environments;
  events: Events;
  idempotency_keys: IdempotencyKeys;
  inbox: Inbox;
  installation: Installation;
  instance_settings: InstanceSettings;
  invoice_lines: InvoiceLines;
  invoices: Invoices;
  links: Links;
  members: Members;
  oauth_states: OauthStates;
  operator_tasks: OperatorTasks;
  organizations: Organizations;
  payment_methods: PaymentMethods;
  payments: Payments;
  reconcile_runs: ReconcileRuns;
  refunds: Refunds;
  remote_objects: RemoteObjects;
  sessions: Sessions;
  sign_in_links: SignInLinks;
  status_transitions: StatusTransitions;
  stripe_connections: StripeConnections;
  stripe_rate_buckets: StripeRateBuckets;
  subscription_items: SubscriptionItems;
  subscriptions: Subscriptions;
  timers: Timers;
  users: Users;
  verifications: Verifications;
  work_claims: WorkClaims;
}
