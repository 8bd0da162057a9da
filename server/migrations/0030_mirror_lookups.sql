-- Every object is found by Stripe's id alone too (filters and single reads take either), and lists are read newest first.
create index customers_by_stripe_id on customers (environment_id, stripe_id) where stripe_id is not null;
create index subscriptions_by_stripe_id on subscriptions (environment_id, stripe_id) where stripe_id is not null;
create index invoices_by_stripe_id on invoices (environment_id, stripe_id) where stripe_id is not null;
create index payments_by_stripe_id on payments (environment_id, stripe_id) where stripe_id is not null;
create index payments_by_charge on payments (environment_id, connection_id, latest_charge_id) where latest_charge_id is not null;
create index refunds_by_stripe_id on refunds (environment_id, stripe_id) where stripe_id is not null;
create index refunds_invoice on refunds (environment_id, invoice_id) where invoice_id is not null;
create index refunds_customer on refunds (environment_id, customer_id, id) where customer_id is not null;
create index disputes_invoice on disputes (environment_id, invoice_id) where invoice_id is not null;
create index subscription_items_price on subscription_items (environment_id, stripe_price_id) where valid_to is null;
create index subscription_items_subscription on subscription_items (environment_id, subscription_id, position);
create index invoice_lines_invoice on invoice_lines (environment_id, invoice_id, position);
