import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../../test/support/world.ts';

let w: World;
beforeAll(async () => {
  w = await startWorld();
});
afterAll(() => w?.close());

const list = async (path: string) => (await w.call('GET', path)).body.data as Record<string, unknown>[];

test('[E1] [E6] a subscription made in the Sandbox is welcomed and receipted at once; log, story and sources tell why', async () => {
  const product = await w.stripe.products.create({ name: 'Acme Pro' });
  const price = await w.stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 4900, recurring: { interval: 'month' } });
  const customer = await w.stripe.customers.create({
    name: 'Ada',
    email: 'ada@example.org',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const subscription = await w.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
  const mails = await Promise.all(
    ['subscription.created', 'payment.received'].map((trigger) =>
      w.call('GET', `/v1/mailbox/messages?to=ada@example.org&trigger=${trigger}&wait=30`),
    ),
  );
  expect(mails.map((m) => m.body.data.length)).toEqual([1, 1]);
  // The Mailbox has a mail a moment before its sender has written down that it was taken.
  await expect
    .poll(async () => (await list(`/v1/emails/messages?customer=${customer.id}`)).map((m) => m.status), { timeout: 10_000 })
    .toEqual(['sent', 'sent']);
  const [log] = await list(`/v1/emails/messages?customer=${customer.id}&trigger=subscription.created`);
  expect(log).toMatchObject({
    trigger: 'subscription.created',
    stripe_object_id: subscription.id,
    stripe_customer_id: customer.id,
    to: 'ada@example.org',
    status: 'sent',
    subject: 'Welcome to Acme Pro',
    stripe_product_id: product.id,
  });
  const full = (await w.call('GET', `/v1/emails/messages/${log!.id}`)).body;
  expect(full.timeline.map((row: { kind: string }) => row.kind)).toEqual([
    'occurrence',
    'route',
    'planned',
    'facts',
    'guards',
    'rendered',
    'ready',
    'attempt',
    'result',
  ]);
  expect(full.text).toContain('$49.00');
  const sources = await list(`/v1/emails/messages/${log!.id}/provenance`);
  expect(sources.find((row) => row.path === 'product.name')).toMatchObject({
    text: 'Acme Pro',
    object: 'product',
    object_id: product.id,
    field: 'name',
  });
  expect(await list(`/v1/emails/messages?product=${product.id}&plan=${price.id}&status=sent,failed`)).toHaveLength(2);
  expect(await list('/v1/emails/messages?customer=cus_nobody')).toEqual([]);
}, 60_000);

test('[F1] [R6] triggers tell their facts; resolving a route tells why and writes nothing', async () => {
  const triggers = await list('/v1/emails/triggers');
  expect(triggers.map((t) => t.trigger)).toEqual([
    'subscription.created',
    'subscription.canceled',
    'payment.failed',
    'subscription.renewing',
    'trial.ending',
    'payment.received',
    'refund.completed',
  ]);
  const [log] = await list('/v1/emails/messages?trigger=subscription.created');
  const count = (await list('/v1/emails/messages?limit=100')).length;
  const answer = await w.call('POST', '/v1/emails/routes/resolve', { trigger: 'subscription.created', subscription: log!.object_id });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    variant: 'default',
    class: 'transactional',
    suppressed: null,
    guard: 'go',
    template_version: { locale: 'en' },
  });
  expect(answer.body.levels.map((l: { level: number; result: string }) => [l.level, l.result])).toEqual([
    [1, 'no_route'],
    [2, 'no_route'],
    [5, 'match'],
  ]);
  expect(answer.body.preview).toMatchObject({ facts: 'real', refused: null, subject: 'Welcome to Acme Pro' });
  expect((await list('/v1/emails/messages?limit=100')).length).toBe(count);
});

test('[L2.1] [K5] [K7] a wrong field is refused with its place; a right text is previewed on a real event, published, and sent from then on', async () => {
  const template = (await list('/v1/emails/templates')).find((t) => t.key === 'subscription.created')!;
  const source = (body: string) =>
    `---\ntrigger: subscription.created\nlocale: en\nsubject: "Hi from {{ brand.name }}"\npreheader: "Good to have you"\n---\n${body}\n`;
  const wrong = await w.call('POST', `/v1/emails/templates/${template.id}/versions`, { source: source('You have {{ product.nmae }}') });
  expect(wrong.status).toBe(422);
  expect(wrong.body.error).toMatchObject({ code: 'template_has_errors', param: 'source', fix: 'Write product.name.' });
  expect(wrong.body.lint).toMatchObject([{ rule: 'L2.1', row: 7, column: 13, suggestion: 'product.name' }]);
  expect((await w.call('POST', `/v1/emails/versions/${wrong.body.version.id}/publish`, {})).body.error.code).toBe(
    'version_not_publishable',
  );
  const saved = await w.call('POST', `/v1/emails/templates/${template.id}/versions`, {
    source: source('You have {{ product.name }} for {{ price.amount | default: "free" }}.'),
  });
  expect([saved.status, saved.body.status]).toEqual([201, 'draft']);
  expect(saved.body.number).toBeGreaterThan(wrong.body.version.number);
  const [log] = await list('/v1/emails/messages?trigger=subscription.created');
  const preview = await w.call('POST', `/v1/emails/versions/${saved.body.id}/preview`, { message_id: log!.id });
  expect(preview.body).toMatchObject({ facts: 'real', refused: null, subject: 'Hi from My company' });
  expect(preview.body.text).toContain('You have Acme Pro for $49.00.');
  const sample = await w.call('POST', '/v1/emails/preview', { source: source('You have {{ product.name }}.') });
  expect(sample.body).toMatchObject({ facts: 'sample' });
  expect(sample.body.text).toContain('Example Product');
  expect((await w.call('POST', `/v1/emails/versions/${saved.body.id}/publish`, {})).body.status).toBe('approved');
  const customer = await w.stripe.customers.create({
    email: 'bob@example.org',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const [price] = (await w.stripe.prices.list()).data;
  await w.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price!.id }] });
  const mail = await w.call('GET', '/v1/mailbox/messages?to=bob@example.org&trigger=subscription.created&wait=30');
  expect(mail.body.data[0].subject).toBe('Hi from My company');
}, 60_000);

test('[R3] routes are made, changed and removed; flows keep their bounds; suppressions are lifted by people only', async () => {
  const route = await w.call('POST', '/v1/emails/routes', { trigger: 'payment.failed', stripe_product_id: 'prod_x', off: true });
  expect(route.status).toBe(201);
  expect(
    (await w.call('POST', '/v1/emails/routes', { trigger: 'payment.failed', stripe_product_id: 'prod_x', off: true })).body.error.code,
  ).toBe('route_exists');
  expect((await w.call('PATCH', `/v1/emails/routes/${route.body.id}`, { off: false })).body.error.code).toBe('template_missing');
  expect((await w.call('DELETE', `/v1/emails/routes/${route.body.id}`)).body).toEqual({ id: route.body.id, deleted: true });
  const flow = (await list('/v1/emails/flows')).find((f) => f.key === 'trial.ending')!;
  expect(flow.settings).toEqual({ lead_days: 3 });
  expect((await w.call('PATCH', `/v1/emails/flows/${flow.id}`, { settings: { lead_days: 7 } })).body).toMatchObject({
    version: 2,
    settings: { lead_days: 7 },
  });
  expect((await w.call('PATCH', `/v1/emails/flows/${flow.id}`, { settings: { lead_days: 99 } })).body.error.code).toBe(
    'lead_days_out_of_range',
  );
  const added = await w.call('POST', '/v1/emails/suppressions', { address: 'Eve@Example.org' });
  expect(added.body).toMatchObject({ address: 'eve@example.org', scope: 'all', reason: 'manual' });
  expect(await list('/v1/emails/suppressions?address=EVE@example.org')).toHaveLength(1);
  expect((await w.call('POST', `/v1/emails/suppressions/${added.body.id}/lift`, { note: 'x' })).status).toBe(403);
  expect((await w.call('PUT', '/v1/emails/brand_facts', { key: 'brand.name', value: 'Mine' })).status).toBe(403);
});
