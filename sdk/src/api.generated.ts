/** Generated from openapi.json by sdk/generate.ts (npm run generate): do not edit. */

export type Components = {
  ApiKey: {
    object: 'api_key';
    id: string;
    kind: string;
    name: string;
    prefix: string;
    last4: string;
    scopes: string[];
    created_by: string;
    /** RFC 3339. */
    created_at: string;
    expires_at: string | null;
    last_used_at: string | null;
    revoked_at: string | null;
  };
  BrandFact: {
    id: string;
    key: string;
    value: string;
    type: string;
    note: string | null;
    registered_by: string;
    updated_at: string;
  };
  CapturedMail: {
    id: string;
    message_id: string | null;
    trigger: string | null;
    customer_id: string | null;
    from: string | null;
    to: string[];
    subject: string | null;
    received_at: string;
    size: number;
  };
  CapturedMailWithParts: {
    id: string;
    message_id: string | null;
    trigger: string | null;
    customer_id: string | null;
    from: string | null;
    to: string[];
    subject: string | null;
    received_at: string;
    size: number;
    mime_message_id: string | null;
    html: string | null;
    text: string | null;
    headers: {
      name: string;
      value: string;
    }[];
  };
  Clock: {
    object: 'clock';
    kind: 'wall' | 'simulated';
    /** RFC 3339. */
    now: string;
    /** `blocked`: the last advance stopped; `blocked` names the row. */
    status: 'ready' | 'advancing' | 'blocked';
    target: string | null;
    /** The next instant at which something is due. */
    next: string | null;
    blocked: {
      queue: string;
      id: string;
      reason: string;
      next_attempt_at: string | null;
    } | null;
  };
  Connection: {
    id: string;
    object: 'connection';
    provider: 'stripe' | 'stripe_sandbox';
    auth_kind: 'sandbox' | 'api_key' | 'oauth';
    status: 'active' | 'degraded' | 'revoked' | 'disconnected';
    status_reason: string | null;
    account_id: string;
    account_name: string | null;
    livemode: boolean;
    country: string | null;
    default_currency: string | null;
    key_last4: string | null;
    oauth_kind: 'connect' | 'app' | null;
    oauth_scope: string | null;
    transport: 'webhook' | 'poll' | 'both';
    purpose: 'full' | 'email_only';
    mirror: 'all' | 'managed';
    webhook_url: string | null;
    webhook_endpoint_id: string | null;
    webhook_problem: string | null;
    permissions: {
      permission: string;
      access: string;
      status: 'granted' | 'granted_by_consent' | 'missing' | 'unproven';
      required: boolean;
      used_for: string;
    }[];
    permissions_checked_at: string | null;
    first_scan: {
      status: string;
      counts: Record<string, number>;
      reason: string | null;
    } | null;
    last_event_at: string | null;
    last_poll_at: string | null;
    dashboard_url: string | null;
    /** RFC 3339. */
    activated_at: string;
    /** RFC 3339. */
    created_at: string;
  };
  Customer: {
    id: string;
    object: 'customer';
    external_id: string | null;
    name: string | null;
    email: string | null;
    phone: string | null;
    billing_address: {
      line1: string | null;
      line2: string | null;
      city: string | null;
      state: string | null;
      postal_code: string | null;
      country: string | null;
    } | null;
    tax_exempt: string;
    locale: string | null;
    time_zone: string | null;
    currency: string | null;
    /** Minor units; negative is credit that the next invoice uses. */
    balance_amount: number | string;
    payment_method: {
      stripe_id: string;
      type: string;
      brand: string | null;
      last4: string | null;
      exp_month: number | null;
      exp_year: number | null;
      funding: string | null;
    } | null;
    metadata: Record<string, string>;
    status: 'active' | 'archived';
    origin: 'billow' | 'stripe';
    /** Id of the customer in Stripe. */
    billing_id: string | null;
    /** The same as `billing_id`. */
    provider_customer_id: string | null;
    deleted_in_stripe_at: string | null;
    /** RFC 3339. */
    created_at: string;
    /** RFC 3339. */
    updated_at: string;
  };
  EmailFlow: {
    id: string;
    key: string;
    name: string;
    trigger: string;
    status: string;
    active_since: string | null;
    version: number;
    max_age_seconds: number;
    review: string;
    settings: Record<string, unknown>;
  };
  EmailMessage: {
    id: string;
    trigger: string;
    variant: string;
    object_type: string;
    object_id: string;
    stripe_object_id: string | null;
    occurrence: string;
    customer_id: string;
    stripe_customer_id: string | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    to: string | null;
    subject: string | null;
    class: string;
    status: string;
    reason: string | null;
    locale: string | null;
    template_id: string | null;
    template_version_id: string | null;
    route_id: string | null;
    transport_id: string | null;
    generation: number;
    attempts: number;
    witness_event_id: string | null;
    created_at: string;
    updated_at: string;
    expires_at: string | null;
    sent_at: string | null;
  };
  EmailMessageWithTimeline: {
    id: string;
    trigger: string;
    variant: string;
    object_type: string;
    object_id: string;
    stripe_object_id: string | null;
    occurrence: string;
    customer_id: string;
    stripe_customer_id: string | null;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    to: string | null;
    subject: string | null;
    class: string;
    status: string;
    reason: string | null;
    locale: string | null;
    template_id: string | null;
    template_version_id: string | null;
    route_id: string | null;
    transport_id: string | null;
    generation: number;
    attempts: number;
    witness_event_id: string | null;
    created_at: string;
    updated_at: string;
    expires_at: string | null;
    sent_at: string | null;
    html: string | null;
    text: string | null;
    timeline: {
      seq: number;
      kind: string;
      at: string;
      detail: Record<string, unknown>;
      transport_id: string | null;
    }[];
  };
  EmailPreview: {
    lint: Components['LintIssue'][];
    facts: 'sample' | 'real';
    subject: string | null;
    preheader: string | null;
    html: string | null;
    text: string | null;
    provenance: Components['EmailProvenance'][];
    refused: {
      field: string;
      reason: string;
    } | null;
  };
  EmailProvenance: {
    part: string;
    offset: number;
    text: string;
    path: string;
    object: string;
    object_id: string;
    field: string;
    value: unknown;
    event_id: string | null;
    read_at: string;
  };
  EmailRoute: {
    id: string;
    trigger: string;
    stripe_product_id: string | null;
    stripe_price_id: string | null;
    product_id: string | null;
    plan_id: string | null;
    flow_id: string | null;
    template_id: string | null;
    sender_id: string | null;
    off: boolean;
    active_since: string;
    created_at: string;
    updated_at: string;
  };
  EmailRouteResolution: {
    trigger: string;
    levels: {
      level: number;
      key: Record<string, string>;
      route_id: string | null;
      result: 'match' | 'off' | 'no_route';
    }[];
    route: Components['EmailRoute'] | null;
    variant: string;
    locales: string[];
    template_version: Components['EmailTemplateVersion'] | null;
    class: string;
    suppressed: string | null;
    guard: string;
    preview: Components['EmailPreview'] | null;
  };
  EmailRouteTarget: {
    stripe_product_id: string;
    name: string;
    active: boolean;
    prices: {
      stripe_price_id: string;
      name: string;
      active: boolean;
    }[];
  };
  EmailSender: {
    object: 'email_sender';
    id: string;
    from_address: string;
    from_name: string;
    reply_to: string | null;
    domain: string;
    transport_id: string | null;
    status: 'pending' | 'verified' | 'failing' | 'disabled';
    is_default: boolean;
    test: {
      to: string;
      sent_at: string;
      received_at: string | null;
    } | null;
    dkim_selector: string | null;
    dns: {
      record: 'spf' | 'dkim' | 'dmarc' | 'mx';
      name: string;
      expected: string;
      found: string | null;
      ok: boolean;
    }[];
    checked_at: string | null;
    created_at: string;
    updated_at: string;
  };
  EmailSuppression: {
    id: string;
    address: string | null;
    scope: string;
    reason: string;
    message_id: string | null;
    expires_at: string | null;
    created_at: string;
  };
  EmailTemplate: {
    id: string;
    key: string;
    name: string;
    trigger: string;
    status: string;
    created_at: string;
    updated_at: string;
  };
  EmailTemplateVersion: {
    id: string;
    template_id: string;
    variant: string;
    locale: string;
    number: number;
    class: string;
    format: string;
    status: string;
    subject: string;
    preheader: string | null;
    source: string;
    fields_used: string[];
    lint: Components['LintIssue'][];
    author: string;
    author_kind: string;
    sha256: string;
    created_at: string;
  };
  EmailTransport: {
    object: 'email_transport';
    id: string;
    kind: string;
    name: string;
    status: 'active' | 'paused' | 'failing';
    status_reason: string | null;
    is_default: boolean;
    host: string | null;
    port: number | null;
    tls: string | null;
    user: string | null;
    has_password: boolean;
    checked_at: string | null;
    created_at: string;
    updated_at: string;
  };
  EmailTrigger: {
    trigger: string;
    title: string;
    description: string;
    class: string;
    variants: string[];
    guards: string[];
    exits: string[];
    overlaps: string[];
    lead_days: {
      default: number;
      min: number;
      max: number;
    } | null;
    facts: {
      path: string;
      type: string;
      description: string;
      required: boolean;
      required_in: string[];
      sample: string;
      object: string;
      field: string;
      item: string[];
    }[];
  };
  Environment: {
    object: 'environment';
    id: string;
    name: string;
    slug: string;
    mode: 'sandbox' | 'test' | 'live';
    color: string;
    clock: {
      kind: 'wall' | 'simulated';
      /** RFC 3339. */
      now: string;
    };
    default_currency: string;
    time_zone: string;
    status: 'active' | 'archived';
    /** RFC 3339. */
    created_at: string;
  };
  Error: {
    error: {
      code: string;
      message: string;
      param?: string | undefined;
      fix?: string | undefined;
      request_id: string;
    };
  };
  Invoice: {
    id: string;
    object: 'invoice';
    number: string | null;
    biller: 'stripe' | 'billow';
    kind: string;
    customer_id: string;
    subscription_id: string | null;
    currency: string;
    status: 'generating' | 'draft' | 'finalized' | 'closed' | 'voided';
    payment_status: 'pending' | 'succeeded' | 'failed';
    payment_detail: 'pending' | 'processing' | 'requires_action' | 'succeeded' | 'failed' | 'partially_paid' | 'unknown';
    billing_reason: string;
    collection_method: string;
    period_start: string | null;
    period_end: string | null;
    issued_at: string | null;
    due_at: string | null;
    paid_at: string | null;
    /** Minor units; a string beyond 2^53. */
    subtotal_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    discount_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    tax_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    total_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    paid_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    credited_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    remaining_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    returned_amount: number | string;
    /** Marked as paid by other means than Stripe. */
    out_of_band: boolean;
    hosted_url: string | null;
    pdf_url: string | null;
    uncollectible_at: string | null;
    attempt_count: number;
    next_attempt_at: string | null;
    metadata: Record<string, string>;
    /** Id of the invoice in Stripe. */
    billing_id: string | null;
    /** RFC 3339. */
    created_at: string;
    /** RFC 3339. */
    updated_at: string;
  };
  InvoiceWithLines: {
    id: string;
    object: 'invoice';
    number: string | null;
    biller: 'stripe' | 'billow';
    kind: string;
    customer_id: string;
    subscription_id: string | null;
    currency: string;
    status: 'generating' | 'draft' | 'finalized' | 'closed' | 'voided';
    payment_status: 'pending' | 'succeeded' | 'failed';
    payment_detail: 'pending' | 'processing' | 'requires_action' | 'succeeded' | 'failed' | 'partially_paid' | 'unknown';
    billing_reason: string;
    collection_method: string;
    period_start: string | null;
    period_end: string | null;
    issued_at: string | null;
    due_at: string | null;
    paid_at: string | null;
    /** Minor units; a string beyond 2^53. */
    subtotal_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    discount_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    tax_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    total_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    paid_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    credited_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    remaining_amount: number | string;
    /** Minor units; a string beyond 2^53. */
    returned_amount: number | string;
    /** Marked as paid by other means than Stripe. */
    out_of_band: boolean;
    hosted_url: string | null;
    pdf_url: string | null;
    uncollectible_at: string | null;
    attempt_count: number;
    next_attempt_at: string | null;
    metadata: Record<string, string>;
    /** Id of the invoice in Stripe. */
    billing_id: string | null;
    /** RFC 3339. */
    created_at: string;
    /** RFC 3339. */
    updated_at: string;
    lines: {
      id: string;
      kind: string;
      description: string | null;
      stripe_product_id: string | null;
      stripe_price_id: string | null;
      subscription_item_id: string | null;
      service_start: string | null;
      service_end: string | null;
      quantity: string | null;
      unit_amount_decimal: string | null;
      /** Minor units; a string beyond 2^53. */
      amount: number | string;
      /** Minor units; a string beyond 2^53. */
      discount_amount: number | string;
      /** Minor units; a string beyond 2^53. */
      tax_amount: number | string;
    }[];
  };
  LintIssue: {
    level: 'error' | 'warning';
    rule: string;
    message: string;
    row: number;
    column: number;
    found: string;
    suggestion?: string | undefined;
  };
  MailAllowList: {
    object: 'mail_allow_list';
    entries: string[];
  };
  NewApiKey: {
    object: 'api_key';
    id: string;
    kind: string;
    name: string;
    prefix: string;
    last4: string;
    scopes: string[];
    created_by: string;
    /** RFC 3339. */
    created_at: string;
    expires_at: string | null;
    last_used_at: string | null;
    revoked_at: string | null;
    secret: string;
  };
  NewEnvironment: {
    object: 'environment';
    id: string;
    name: string;
    slug: string;
    mode: 'sandbox' | 'test' | 'live';
    color: string;
    clock: {
      kind: 'wall' | 'simulated';
      /** RFC 3339. */
      now: string;
    };
    default_currency: string;
    time_zone: string;
    status: 'active' | 'archived';
    /** RFC 3339. */
    created_at: string;
    api_key: string;
  };
  OperatorTask: {
    object: 'operator_task';
    id: string;
    kind: string;
    severity: 'info' | 'warning' | 'critical';
    object_type: string;
    object_id: string;
    title: string;
    detail: unknown;
    status: 'open' | 'closed';
    /** RFC 3339. */
    opened_at: string;
    closed_at: string | null;
    note: string | null;
  };
  Payment: {
    id: string;
    object: 'payment';
    invoice_id: string | null;
    customer_id: string | null;
    status: 'pending' | 'processing' | 'requires_action' | 'succeeded' | 'failed' | 'partially_paid' | 'unknown';
    /** Minor units; a string beyond 2^53. */
    amount: number | string;
    currency: string;
    description: string | null;
    /** Charged by a schedule, without the customer present. */
    automatic: boolean;
    attempt_count: number;
    error: {
      code: string | null;
      decline_code: string | null;
      advice_code: string | null;
    } | null;
    payment_method: {
      stripe_id: string;
      type: string;
      brand: string | null;
      last4: string | null;
      exp_month: number | null;
      exp_year: number | null;
      funding: string | null;
    } | null;
    next_retry_at: string | null;
    succeeded_at: string | null;
    receipt_url: string | null;
    /** Id of the PaymentIntent in Stripe. */
    billing_id: string | null;
    stripe_charge_id: string | null;
    /** RFC 3339. */
    created_at: string;
    /** RFC 3339. */
    updated_at: string;
  };
  ReconcileRun: {
    object: 'reconcile_run';
    id: string;
    connection_id: string;
    trigger: 'nightly' | 'manual' | 'after_outage' | 'after_import';
    status: 'running' | 'done' | 'failed' | 'canceled';
    /** Objects that Stripe listed. */
    checked: number;
    /** Of these, the ones that were read anew because they stood differently here. */
    repaired: number;
    /** Objects that Stripe no longer has; they are marked deleted. */
    gone: number;
    /** Objects that could not be read. */
    errors: number;
    reason: string | null;
    /** RFC 3339. */
    started_at: string;
    finished_at: string | null;
  };
  Refund: {
    id: string;
    object: 'refund';
    payment_id: string | null;
    invoice_id: string | null;
    customer_id: string | null;
    /** Minor units; a string beyond 2^53. */
    amount: number | string;
    /** Of the payment it returns. */
    payment_amount: number | string | null;
    currency: string;
    reason: string | null;
    method: string | null;
    status: 'planned' | 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled' | 'unknown';
    origin: 'billow' | 'stripe';
    failure_reason: string | null;
    /** Id of the refund in Stripe. */
    billing_id: string | null;
    stripe_charge_id: string | null;
    /** RFC 3339. */
    created_at: string;
    /** RFC 3339. */
    updated_at: string;
  };
  StripeEvent: {
    /** Stripe's event id. */
    id: string;
    object: 'stripe_event';
    type: string;
    object_type: string | null;
    object_id: string | null;
    status: 'received' | 'processed' | 'ignored' | 'failed' | 'quarantined' | 'dead';
    /** What became of it: adopted, no_change, tombstone, notify_only, foreign, wrong_mode, unknown_type, thin_event. */
    outcome: string | null;
    via: 'webhook' | 'poll' | 'replay';
    attempts: number;
    error: unknown;
    api_version: string | null;
    livemode: boolean | null;
    connection_id: string;
    /** Stripe's `created`. */
    created_at: string | null;
    /** RFC 3339. */
    received_at: string;
    done_at: string | null;
  };
  StripeEventWithBody: {
    /** Stripe's event id. */
    id: string;
    object: 'stripe_event';
    type: string;
    object_type: string | null;
    object_id: string | null;
    status: 'received' | 'processed' | 'ignored' | 'failed' | 'quarantined' | 'dead';
    /** What became of it: adopted, no_change, tombstone, notify_only, foreign, wrong_mode, unknown_type, thin_event. */
    outcome: string | null;
    via: 'webhook' | 'poll' | 'replay';
    attempts: number;
    error: unknown;
    api_version: string | null;
    livemode: boolean | null;
    connection_id: string;
    /** Stripe's `created`. */
    created_at: string | null;
    /** RFC 3339. */
    received_at: string;
    done_at: string | null;
    /** The event as it came; null once it is no longer kept. */
    raw: unknown;
  };
  Subscription: {
    id: string;
    object: 'subscription';
    external_id: string | null;
    customer_id: string;
    product_id: string | null;
    /** Null while it is mirrored from Stripe without a plan of ours. */
    plan_version_id: string | null;
    status: 'not_started' | 'payment_pending' | 'in_trial' | 'active' | 'canceled' | 'expired';
    status_reason: string | null;
    payment_state: 'ok' | 'processing' | 'action_required' | 'past_due' | 'unpaid' | 'unknown';
    access: 'granted' | 'revoked';
    biller: 'stripe' | 'billow' | 'none';
    collection_method: 'charge_automatically' | 'send_invoice' | 'none';
    currency: string;
    interval: string | null;
    interval_count: number | null;
    period_start: string | null;
    period_end: string | null;
    /** RFC 3339. */
    start_at: string;
    trial_start: string | null;
    trial_end: string | null;
    cancel_at: string | null;
    cancel_reason: string | null;
    canceled_at: string | null;
    ended_at: string | null;
    paused_at: string | null;
    resumes_at: string | null;
    metadata: Record<string, string>;
    items: {
      id: string;
      kind: 'base' | 'charge' | 'addon';
      stripe_item_id: string | null;
      stripe_product_id: string | null;
      stripe_price_id: string | null;
      /** Decimal text. */
      quantity: string;
      unit_amount_decimal: string | null;
      interval: string | null;
      interval_count: number | null;
      metered: boolean;
    }[];
    /** Id of the subscription in Stripe. */
    billing_id: string | null;
    /** RFC 3339. */
    created_at: string;
    /** RFC 3339. */
    updated_at: string;
  };
};

export type Operations = {
  /** List API keys */
  'GET /v1/api_keys': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['ApiKey'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Create an API key */
  'POST /v1/api_keys': {
    query: undefined;
    body: {
      name: string;
      scopes?: string[] | undefined;
      expires_at?: string | undefined;
    };
    response: Components['NewApiKey'];
  };
  /** Revoke an API key */
  'DELETE /v1/api_keys/{id}': {
    query: undefined;
    body: undefined;
    response: Components['ApiKey'];
  };
  /** List the Stripe connections of the environment */
  'GET /v1/connections': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['Connection'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Connect Stripe by API key */
  'POST /v1/connections': {
    query: undefined;
    body: {
      /** Secret (sk_…) or restricted (rk_…) key. */
      api_key?: string | undefined;
      /** The same as api_key. */
      secret_key?: string | undefined;
      provider?: 'stripe' | 'stripe_sandbox' | undefined;
      /** Address of a Stripe Sandbox that runs elsewhere on this machine. */
      api_base?: string | undefined;
      purpose?: 'full' | 'email_only' | undefined;
      /** Mirror everything in the account, or only what Billow made or was given. */
      mirror?: 'all' | 'managed' | undefined;
      /** The account serves several environments. */
      shared?: boolean | undefined;
    };
    response: Components['Connection'];
  };
  /** Connect with Stripe */
  'POST /v1/connections/oauth': {
    query: undefined;
    body: Record<string, unknown>;
    response: {
      object: 'authorization';
      authorize_url: string;
    };
  };
  /** List the permissions a restricted key needs */
  'GET /v1/connections/permissions': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: {
        permission: string;
        access: string;
        required: boolean;
        used_for: string;
      }[];
    };
  };
  /** Retrieve a connection */
  'GET /v1/connections/{id}': {
    query: undefined;
    body: undefined;
    response: Components['Connection'];
  };
  /** Remove a connection */
  'DELETE /v1/connections/{id}': {
    query: undefined;
    body: undefined;
    response: Components['Connection'];
  };
  /** Check the permissions of a connection again */
  'POST /v1/connections/{id}/probe': {
    query: undefined;
    body: Record<string, unknown>;
    response: Components['Connection'];
  };
  /** Compare everything with Stripe now */
  'POST /v1/connections/{id}/reconcile': {
    query: undefined;
    body: Record<string, unknown>;
    response: Components['ReconcileRun'];
  };
  /** List the comparisons with Stripe */
  'GET /v1/connections/{id}/reconcile_runs': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['ReconcileRun'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** List customers */
  'GET /v1/customers': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      /** Only this address, whatever its case. */
      email?: string | undefined;
      status?: 'active' | 'archived' | undefined;
      /** Only the customer with this Stripe id. */
      billing_id?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['Customer'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Read a customer */
  'GET /v1/customers/{id}': {
    query: undefined;
    body: undefined;
    response: Components['Customer'];
  };
  /** Read whom a test environment may write to */
  'GET /v1/emails/allow_list': {
    query: undefined;
    body: undefined;
    response: Components['MailAllowList'];
  };
  /** Say whom a test environment may write to */
  'PUT /v1/emails/allow_list': {
    query: undefined;
    body: {
      entries: string[];
    };
    response: Components['MailAllowList'];
  };
  /** List brand facts */
  'GET /v1/emails/brand_facts': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['BrandFact'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Set a brand fact */
  'PUT /v1/emails/brand_facts': {
    query: undefined;
    body: {
      key: 'brand.name' | 'brand.support_email' | 'brand.postal_address';
      value: string;
      note?: string | undefined;
    };
    response: Components['BrandFact'];
  };
  /** List flows */
  'GET /v1/emails/flows': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailFlow'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Change the settings of a flow */
  'PATCH /v1/emails/flows/{id}': {
    query: undefined;
    body: {
      status?: 'active' | 'paused' | undefined;
      settings?: {
        lead_days?: number | undefined;
        manual_payments?: boolean | undefined;
      } | undefined;
    };
    response: Components['EmailFlow'];
  };
  /** Check a template without saving it */
  'POST /v1/emails/lint': {
    query: undefined;
    body: {
      source: string;
    };
    response: {
      ok: boolean;
      lint: Components['LintIssue'][];
      fields_used: string[];
    };
  };
  /** The delivery log */
  'GET /v1/emails/messages': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      customer?: string | undefined;
      product?: string | undefined;
      /** Plan, or Stripe price. */
      plan?: string | undefined;
      trigger?: string | undefined;
      /** One status, or several with commas. */
      status?: string | undefined;
      object?: string | undefined;
      to?: string | undefined;
      reason?: string | undefined;
      transport?: string | undefined;
      template_version?: string | undefined;
      after?: string | undefined;
      before?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailMessage'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Read a message with its story */
  'GET /v1/emails/messages/{id}': {
    query: undefined;
    body: undefined;
    response: Components['EmailMessageWithTimeline'];
  };
  /** Call off a message that was not sent yet */
  'POST /v1/emails/messages/{id}/cancel': {
    query: undefined;
    body: undefined;
    response: Components['EmailMessage'];
  };
  /** Why this text */
  'GET /v1/emails/messages/{id}/provenance': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailProvenance'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Try again a message that was refused or is held */
  'POST /v1/emails/messages/{id}/retry': {
    query: undefined;
    body: undefined;
    response: Components['EmailMessage'];
  };
  /** List what happened, newest first */
  'GET /v1/emails/occurrences': {
    query: {
      trigger?: string | undefined;
      limit?: number | undefined;
      cursor?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: {
        id: string;
        trigger: string;
        variant: string;
        object_type: string;
        object_id: string;
        customer_id: string;
        status: string;
        reason: string | null;
        route_id: string | null;
        at: string;
      }[];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Preview a text that is not saved */
  'POST /v1/emails/preview': {
    query: undefined;
    body: {
      source: string;
      message_id?: string | undefined;
      occurrence_id?: string | undefined;
    };
    response: Components['EmailPreview'];
  };
  /** List routes */
  'GET /v1/emails/routes': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      trigger?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailRoute'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Create a route */
  'POST /v1/emails/routes': {
    query: undefined;
    body: {
      trigger: string;
      stripe_product_id?: string | null | undefined;
      stripe_price_id?: string | null | undefined;
      product_id?: string | null | undefined;
      plan_id?: string | null | undefined;
      template_id?: string | null | undefined;
      flow_id?: string | null | undefined;
      sender_id?: string | null | undefined;
      off?: boolean | undefined;
    };
    response: Components['EmailRoute'];
  };
  /** Which template and why */
  'POST /v1/emails/routes/resolve': {
    query: undefined;
    body: {
      trigger: string;
      variant?: string | undefined;
      customer?: string | undefined;
      subscription?: string | undefined;
      invoice?: string | undefined;
    };
    response: Components['EmailRouteResolution'];
  };
  /** List what a route can name */
  'GET /v1/emails/routes/targets': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailRouteTarget'][];
      has_more: boolean;
      next_cursor: null;
    };
  };
  /** Read a route */
  'GET /v1/emails/routes/{id}': {
    query: undefined;
    body: undefined;
    response: Components['EmailRoute'];
  };
  /** Change a route */
  'PATCH /v1/emails/routes/{id}': {
    query: undefined;
    body: {
      template_id?: string | null | undefined;
      flow_id?: string | null | undefined;
      sender_id?: string | null | undefined;
      off?: boolean | undefined;
    };
    response: Components['EmailRoute'];
  };
  /** Remove a route */
  'DELETE /v1/emails/routes/{id}': {
    query: undefined;
    body: undefined;
    response: {
      id: string;
      deleted: true;
    };
  };
  /** List senders */
  'GET /v1/emails/senders': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailSender'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Add a sender */
  'POST /v1/emails/senders': {
    query: undefined;
    body: {
      from_address: string;
      from_name: string;
      reply_to?: string | null | undefined;
      /** The name before `._domainkey` of your domain. */
      dkim_selector?: string | null | undefined;
      transport_id: string;
      is_default?: boolean | undefined;
    };
    response: Components['EmailSender'];
  };
  /** Change a sender */
  'PATCH /v1/emails/senders/{id}': {
    query: undefined;
    body: {
      from_address?: string | undefined;
      from_name?: string | undefined;
      reply_to?: string | null | undefined;
      /** The name before `._domainkey` of your domain. */
      dkim_selector?: string | null | undefined;
      transport_id?: string | undefined;
      is_default?: true | undefined;
      disabled?: boolean | undefined;
    };
    response: Components['EmailSender'];
  };
  /** Look at a sender’s DNS records */
  'POST /v1/emails/senders/{id}/check': {
    query: undefined;
    body: Record<string, unknown>;
    response: Components['EmailSender'];
  };
  /** Say that the test mail arrived */
  'POST /v1/emails/senders/{id}/confirm': {
    query: undefined;
    body: {
      code: string;
    };
    response: Components['EmailSender'];
  };
  /** Send a test mail */
  'POST /v1/emails/senders/{id}/test': {
    query: undefined;
    body: {
      to: string;
    };
    response: {
      ok: boolean;
      code: string | null;
      text: string | null;
      sender: Components['EmailSender'];
    };
  };
  /** List suppressed addresses */
  'GET /v1/emails/suppressions': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      address?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailSuppression'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Suppress an address */
  'POST /v1/emails/suppressions': {
    query: undefined;
    body: {
      address: string;
      scope?: 'all' | 'marketing' | undefined;
    };
    response: Components['EmailSuppression'];
  };
  /** Lift a suppression */
  'POST /v1/emails/suppressions/{id}/lift': {
    query: undefined;
    body: {
      note: string;
    };
    response: {
      id: string;
      lifted: true;
    };
  };
  /** List templates */
  'GET /v1/emails/templates': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      trigger?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailTemplate'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Create a template */
  'POST /v1/emails/templates': {
    query: undefined;
    body: {
      key: string;
      name: string;
      trigger: string;
    };
    response: Components['EmailTemplate'];
  };
  /** Read a template with its current versions */
  'GET /v1/emails/templates/{id}': {
    query: undefined;
    body: undefined;
    response: {
      id: string;
      key: string;
      name: string;
      trigger: string;
      status: string;
      created_at: string;
      updated_at: string;
      versions: Components['EmailTemplateVersion'][];
    };
  };
  /** List all versions of a template */
  'GET /v1/emails/templates/{id}/versions': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailTemplateVersion'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Check and save a text of this template */
  'POST /v1/emails/templates/{id}/versions': {
    query: undefined;
    body: {
      source: string;
    };
    response: Components['EmailTemplateVersion'];
  };
  /** List transports */
  'GET /v1/emails/transports': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailTransport'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Add an SMTP server */
  'POST /v1/emails/transports': {
    query: undefined;
    body: {
      kind: 'smtp';
      name: string;
      host: string;
      port: number;
      /** `starttls` on port 587, `tls` on 465; `none` for a server on this machine. */
      tls: 'none' | 'starttls' | 'tls';
      user?: string | null | undefined;
      /** Stored sealed, never shown again. */
      password?: string | null | undefined;
      /** Carries the mail of senders that name no transport. */
      is_default?: boolean | undefined;
    };
    response: Components['EmailTransport'];
  };
  /** Read a transport */
  'GET /v1/emails/transports/{id}': {
    query: undefined;
    body: undefined;
    response: Components['EmailTransport'];
  };
  /** Change a transport */
  'PATCH /v1/emails/transports/{id}': {
    query: undefined;
    body: {
      name?: string | undefined;
      host?: string | undefined;
      port?: number | undefined;
      /** `starttls` on port 587, `tls` on 465; `none` for a server on this machine. */
      tls?: 'none' | 'starttls' | 'tls' | undefined;
      user?: string | null | undefined;
      /** Stored sealed, never shown again. */
      password?: string | null | undefined;
      status?: 'active' | 'paused' | undefined;
      is_default?: true | undefined;
    };
    response: Components['EmailTransport'];
  };
  /** Remove a transport */
  'DELETE /v1/emails/transports/{id}': {
    query: undefined;
    body: undefined;
    response: {
      id: string;
      deleted: true;
    };
  };
  /** Ask a transport whether it takes us */
  'POST /v1/emails/transports/{id}/verify': {
    query: undefined;
    body: Record<string, unknown>;
    response: {
      ok: boolean;
      code: string | null;
      text: string | null;
      transport: Components['EmailTransport'];
    };
  };
  /** List triggers and their facts */
  'GET /v1/emails/triggers': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailTrigger'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** List versions */
  'GET /v1/emails/versions': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      template?: string | undefined;
      status?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['EmailTemplateVersion'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Check and save a text */
  'POST /v1/emails/versions': {
    query: undefined;
    body: {
      template_id: string;
      source: string;
    };
    response: Components['EmailTemplateVersion'];
  };
  /** Read a version */
  'GET /v1/emails/versions/{id}': {
    query: undefined;
    body: undefined;
    response: Components['EmailTemplateVersion'];
  };
  /** Preview a version */
  'POST /v1/emails/versions/{id}/preview': {
    query: undefined;
    body: {
      message_id?: string | undefined;
      occurrence_id?: string | undefined;
    };
    response: Components['EmailPreview'];
  };
  /** Publish a version */
  'POST /v1/emails/versions/{id}/publish': {
    query: undefined;
    body: {
      comment?: string | undefined;
      previews_seen?: string[] | undefined;
    };
    response: Components['EmailTemplateVersion'];
  };
  /** List environments */
  'GET /v1/environments': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: Components['Environment'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Create an environment */
  'POST /v1/environments': {
    query: undefined;
    body: {
      name: string;
      mode?: 'sandbox' | 'test' | 'live' | undefined;
      slug?: string | undefined;
      /** Default: simulated in a sandbox, wall elsewhere. */
      clock?: 'wall' | 'simulated' | undefined;
      /** Where a simulated clock stands at first. Default: the present. */
      now?: string | undefined;
      time_zone?: string | undefined;
      default_currency?: string | undefined;
      color?: 'amber' | 'blue' | 'green' | 'violet' | 'rose' | 'teal' | undefined;
    };
    response: Components['NewEnvironment'];
  };
  /** Retrieve an environment */
  'GET /v1/environments/{id}': {
    query: undefined;
    body: undefined;
    response: Components['Environment'];
  };
  /** Retrieve the clock of an environment */
  'GET /v1/environments/{id}/clock': {
    query: undefined;
    body: undefined;
    response: Components['Clock'];
  };
  /** Advance a simulated clock */
  'POST /v1/environments/{id}/clock/advance': {
    query: undefined;
    body: {
      /** RFC 3339, or `next` for the next thing due. */
      to: 'next' | string;
    };
    response: Components['Clock'];
  };
  /** Retrieve the state of this installation */
  'GET /v1/installation': {
    query: undefined;
    body: undefined;
    response: {
      object: 'installation';
      engine: 'pglite' | 'postgres';
      /** Nothing calls Stripe or sends mail for test and live environments until an owner confirms this database. */
      held: boolean;
      reason: string | null;
    };
  };
  /** Confirm that this database is now the primary */
  'POST /v1/installation/confirm_primary': {
    query: undefined;
    body: undefined;
    response: {
      object: 'installation';
      engine: 'pglite' | 'postgres';
      /** Nothing calls Stripe or sends mail for test and live environments until an owner confirms this database. */
      held: boolean;
      reason: string | null;
    };
  };
  /** List invoices */
  'GET /v1/invoices': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      /** Only of this customer, by our id or Stripe’s. */
      customer?: string | undefined;
      /** Only of this subscription, by our id or Stripe’s. */
      subscription?: string | undefined;
      status?: 'generating' | 'draft' | 'finalized' | 'closed' | 'voided' | undefined;
      payment_status?: 'pending' | 'succeeded' | 'failed' | undefined;
      /** Only the invoice with this Stripe id. */
      billing_id?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['Invoice'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Read an invoice */
  'GET /v1/invoices/{id}': {
    query: undefined;
    body: undefined;
    response: Components['InvoiceWithLines'];
  };
  /** List captured mail */
  'GET /v1/mailbox/messages': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      /** Recipient address. */
      to?: string | undefined;
      trigger?: string | undefined;
      /** Key of the flow. */
      flow?: string | undefined;
      /** Our id or Stripe's. */
      customer?: string | undefined;
      /** Part of the subject. */
      subject?: string | undefined;
      /** Id of a mail: only later ones. */
      after?: string | undefined;
      /** Seconds to wait for a first match. */
      wait?: number | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['CapturedMail'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Empty the Mailbox */
  'DELETE /v1/mailbox/messages': {
    query: undefined;
    body: undefined;
    response: {
      deleted: number;
    };
  };
  /** Read a captured mail */
  'GET /v1/mailbox/messages/{id}': {
    query: undefined;
    body: undefined;
    response: Components['CapturedMailWithParts'];
  };
  /** The html of a captured mail */
  'GET /v1/mailbox/messages/{id}/html': {
    query: undefined;
    body: undefined;
    response: undefined;
  };
  /** The source of a captured mail */
  'GET /v1/mailbox/messages/{id}/source': {
    query: undefined;
    body: undefined;
    response: undefined;
  };
  /** The text of a captured mail */
  'GET /v1/mailbox/messages/{id}/text': {
    query: undefined;
    body: undefined;
    response: undefined;
  };
  /** Who is signed in */
  'GET /v1/me': {
    query: undefined;
    body: undefined;
    response: {
      object: 'me';
      actor: string;
      user: {
        id: string;
        name: string;
        email: string;
      } | null;
      role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'viewer' | null;
      /** Of a key: its scopes. Of a person: the role. */
      scopes: string[];
      organization: {
        id: string;
        name: string;
      };
      environments: Components['Environment'][];
    };
  };
  /** List the members of the organization */
  'GET /v1/members': {
    query: undefined;
    body: undefined;
    response: {
      object: 'list';
      data: {
        object: 'member';
        id: string;
        name: string;
        email: string;
        role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'viewer';
        /** RFC 3339. */
        created_at: string;
      }[];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Invite a member */
  'POST /v1/members': {
    query: undefined;
    body: {
      role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'viewer';
    };
    response: {
      object: 'invitation';
      role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'viewer';
      token: string;
    };
  };
  /** Remove a member */
  'DELETE /v1/members/{id}': {
    query: undefined;
    body: undefined;
    response: {
      object: 'member';
      id: string;
      deleted: true;
    };
  };
  /** List what needs a person */
  'GET /v1/operator_tasks': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      status?: 'open' | 'closed' | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['OperatorTask'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Close a task */
  'POST /v1/operator_tasks/{id}/close': {
    query: undefined;
    body: {
      note?: string | undefined;
    };
    response: Components['OperatorTask'];
  };
  /** List payments */
  'GET /v1/payments': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      /** Only of this customer, by our id or Stripe’s. */
      customer?: string | undefined;
      /** Only of this invoice, by our id or Stripe’s. */
      invoice?: string | undefined;
      status?: 'pending' | 'processing' | 'requires_action' | 'succeeded' | 'failed' | 'partially_paid' | 'unknown' | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['Payment'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Read a payment */
  'GET /v1/payments/{id}': {
    query: undefined;
    body: undefined;
    response: Components['Payment'];
  };
  /** List refunds */
  'GET /v1/refunds': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      /** Only of this customer, by our id or Stripe’s. */
      customer?: string | undefined;
      /** Only of this invoice, by our id or Stripe’s. */
      invoice?: string | undefined;
      /** Only of this payment, by our id or its PaymentIntent’s. */
      payment?: string | undefined;
      status?: 'planned' | 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled' | 'unknown' | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['Refund'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Read a refund */
  'GET /v1/refunds/{id}': {
    query: undefined;
    body: undefined;
    response: Components['Refund'];
  };
  /** Use a sign-in link: set name, address and password, and be signed in */
  'POST /v1/sign_in_links/consume': {
    query: undefined;
    body: {
      token: string;
      name: string;
      email: string;
      password: string;
    };
    response: {
      object: 'user';
      id: string;
      email: string;
    };
  };
  /** Look at a sign-in link without using it */
  'POST /v1/sign_in_links/inspect': {
    query: undefined;
    body: {
      token: string;
    };
    response: {
      object: 'sign_in_link';
      role: 'owner' | 'admin' | 'developer' | 'finance' | 'support' | 'viewer';
      organization: {
        name: string;
      };
      /** RFC 3339. */
      expires_at: string;
    };
  };
  /** List the events received from Stripe */
  'GET /v1/stripe_events': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      type?: string | undefined;
      status?: 'received' | 'processed' | 'ignored' | 'failed' | 'quarantined' | 'dead' | undefined;
      object_id?: string | undefined;
      via?: 'webhook' | 'poll' | 'replay' | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['StripeEvent'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Retrieve an event received from Stripe */
  'GET /v1/stripe_events/{id}': {
    query: undefined;
    body: undefined;
    response: Components['StripeEventWithBody'];
  };
  /** Work an event off again */
  'POST /v1/stripe_events/{id}/replay': {
    query: undefined;
    body: undefined;
    response: Components['StripeEvent'];
  };
  /** List subscriptions */
  'GET /v1/subscriptions': {
    query: {
      /** How many to answer, 1 to 100. */
      limit?: number | undefined;
      /** `next_cursor` of the page before. */
      cursor?: string | undefined;
      /** Only of this customer, by our id or Stripe’s. */
      customer?: string | undefined;
      status?: 'not_started' | 'payment_pending' | 'in_trial' | 'active' | 'canceled' | 'expired' | undefined;
      /** Only with an item of this Stripe product. */
      stripe_product?: string | undefined;
      /** Only with an item of this Stripe price. */
      stripe_price?: string | undefined;
      /** Only the subscription with this Stripe id. */
      billing_id?: string | undefined;
    };
    body: undefined;
    response: {
      object: 'list';
      data: Components['Subscription'][];
      has_more: boolean;
      next_cursor: string | null;
    };
  };
  /** Read a subscription */
  'GET /v1/subscriptions/{id}': {
    query: undefined;
    body: undefined;
    response: Components['Subscription'];
  };
};
