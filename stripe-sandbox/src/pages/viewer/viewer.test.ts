import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSandbox } from '../../index.ts';
import { startSandbox, type TestSandbox } from '../../testing/index.ts';
import { post, submit, visit } from '../test-forms.ts';

let world: TestSandbox;
let sent: string[];
beforeEach(async () => {
  sent = [];
  const deliver = async (request: { body: string }) => {
    sent.push(JSON.parse(request.body).type);
    return { status: 200, body: 'ok' };
  };
  world = await startSandbox({ now: '2026-03-01T09:00:00Z', deliver });
});
afterEach(() => world.close());

test('events, objects and their links are shown, escaped and without secrets', async () => {
  const endpoint = await world.stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['*'] });
  const customer = await world.stripe.customers.create({ name: '<b>Jane</b>' });
  const home = await visit(world.sandbox, '/');
  expect(home.html).toContain('customer.created');
  const object = await visit(world.sandbox, `/viewer/object/${customer.id}`);
  expect(object.html).toContain('&lt;b&gt;Jane&lt;/b&gt;');
  expect(object.html).not.toContain('<b>Jane');
  expect((await visit(world.sandbox, `/viewer/object/${endpoint.id}`)).html).not.toContain(endpoint.secret!);
  expect((await visit(world.sandbox, '/?view=objects&type=customer')).html).toContain(customer.id);
});

test('an event is sent again', async () => {
  await world.stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['customer.created'] });
  await world.stripe.customers.create({});
  await world.sandbox.control.idle();
  const [event] = await world.sandbox.control.events({ account: world.account, types: ['customer.created'] });
  const path = `/viewer/event/${event!.id}`;
  expect((await visit(world.sandbox, path)).html).toContain('succeeded');
  const fields = { action: 'resend', account: world.account, event: event!.id, back: path };
  expect((await submit(world.sandbox, path, fields, '/viewer/act')).location).toBe(path);
  await world.sandbox.control.idle();
  expect(sent).toEqual(['customer.created', 'customer.created']);
});

test('the clock is moved and the next payment made to fail', async () => {
  const customer = await world.stripe.customers.create({ payment_method: 'pm_card_visa' });
  const { clock, now } = await world.sandbox.control.clock(world.account);
  const fields = { action: 'advance', account: world.account, clock: clock!, to: String(now + 86_400), back: '/?view=clocks' };
  await submit(world.sandbox, '/?view=clocks', fields, '/viewer/act');
  expect((await world.sandbox.control.clock(world.account)).now).toBe(now + 86_400);

  const path = `/viewer/object/${customer.id}`;
  await submit(
    world.sandbox,
    path,
    { action: 'outcome', account: world.account, customer: customer.id, outcome: 'insufficient_funds', back: path },
    '/viewer/act',
  );
  const [card] = (await world.stripe.customers.listPaymentMethods(customer.id)).data;
  const paying = world.stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    customer: customer.id,
    payment_method: card!.id,
    confirm: true,
    return_url: 'http://shop.test/',
  });
  await expect(paying).rejects.toMatchObject({ code: 'card_declined', decline_code: 'insufficient_funds' });
});

test('what is not emulated is listed; a form of elsewhere does nothing and leads nowhere', async () => {
  await expect(world.stripe.issuing.cards.list()).rejects.toMatchObject({ code: 'sandbox_not_emulated' });
  expect((await visit(world.sandbox, '/?view=refused')).html).toContain('GET /v1/issuing/cards');
  const answer = await post(world.sandbox, '/viewer/act', { action: 'advance', back: '//evil.example/' });
  expect([answer.status, answer.html.includes('evil.example')]).toEqual([400, false]);
});

test('requests are shown with their bodies; card numbers and secrets are in neither', async () => {
  const { stripe, sandbox } = world;
  await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook', enabled_events: ['*'] });
  const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '987' };
  await stripe.paymentMethods.create({ type: 'card', card, metadata: { seen: 'yes' } });
  await expect(stripe.paymentMethods.create({ type: 'card', card: { ...card, number: '4111111111111111' } })).rejects.toMatchObject({
    type: 'StripeCardError',
  });
  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd' });
  const list = await visit(sandbox, '/?view=requests');
  expect(list.html).toContain('POST /v1/payment_methods');
  const pages = [...list.html.matchAll(/\/viewer\/request\/req_\w+/g)].map((found) => found[0]);
  const bodies = await Promise.all(pages.map(async (path) => (await visit(sandbox, path)).html));
  const all = bodies.join('\n') + JSON.stringify(sandbox.control.requests());
  for (const secret of ['4242424242424242', '4111111111111111', '"987"', '&quot;987&quot;', intent.client_secret!, 'whsec_'])
    expect(all).not.toContain(secret);
  expect(all).toContain('yes');
  expect((await visit(sandbox, '/viewer/request/req_none')).status).toBe(404);
});

test('previous versions of an object are shown, each as it was', async () => {
  const customer = await world.stripe.customers.create({ name: 'Before' });
  await world.stripe.customers.update(customer.id, { name: 'After' });
  const { html } = await visit(world.sandbox, `/viewer/object/${customer.id}`);
  const versions = html.slice(html.indexOf('Previous versions'));
  expect(versions).toMatch(/customer\.updated \(name\)[\s\S]*After[\s\S]*customer\.created[\s\S]*Before/);
});

test('a fault is added, seen to work, counted and removed', async () => {
  const act = (fields: Record<string, string>) =>
    submit(world.sandbox, '/?view=faults', { account: world.account, back: '/?view=faults', ...fields }, '/viewer/act');
  await act({ action: 'add_fault', effect: 'status_500', where: 'POST /v1/customers', times: '1' });
  await expect(world.stripe.customers.create({})).rejects.toMatchObject({ statusCode: 500 });
  await world.stripe.customers.create({});
  expect((await visit(world.sandbox, '/?view=faults')).html).toContain('1 of 1');
  const [rule] = world.sandbox.control.faults.list();
  expect(rule!.match).toEqual({ account: world.account, method: 'POST', route: '/v1/customers' });
  await act({ action: 'remove_fault', fault: rule!.id });
  expect(world.sandbox.control.faults.list()).toEqual([]);
  await act({ action: 'add_fault', effect: 'twice', where: 'customer.*', times: '3' });
  expect(world.sandbox.control.faults.list()).toMatchObject([{ on: 'delivery', match: { event: 'customer.*' }, times: 3 }]);
  expect((await act({ action: 'add_fault', effect: 'explode' })).status).toBe(400);
  expect((await act({ action: 'add_fault', effect: 'drop', where: 'not a route' })).status).toBe(400);
});

test('with a control token the viewer asks for it', async () => {
  const sandbox = await createSandbox({ controlToken: 'secret-token' });
  expect((await visit(sandbox, '/')).status).toBe(401);
  const basic = `Basic ${Buffer.from('any:secret-token').toString('base64')}`;
  const opened = await sandbox.fetch('http://127.0.0.1:12111/', { headers: { authorization: basic } });
  expect(opened.status).toBe(200);
  await sandbox.close();
});
