import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, type House, openHouse, paidInvoice } from '../../../test/support/company.ts';
import { contextOfNobody } from '../../kit/context.ts';
import { openHttp } from '../api/index.ts';
import { room } from './index.ts';

let house: House;
let http: Awaited<ReturnType<typeof openHttp>>;
let url: string;
beforeAll(async () => {
  house = await openHouse({ config: { port: 0 } });
  http = await openHttp({
    app: house.kit.app,
    rooms: [room],
    authenticate: async () => contextOfNobody(house.kit.app, { actor: 'public' }),
    doors: [],
    isReady: () => true,
  });
  url = await http.listen();
});
afterAll(async () => {
  await http.close();
  await house.close();
});

async function failureMail() {
  const company = await house.company();
  const ada = await company.customer();
  const sub = await company.subscription(ada);
  const invoice = await company.invoice(ada, sub, { stripeId: 'in_1', number: 'ACME-0001' });
  await company.pay(invoice);
  await company.settle();
  const mail = (await company.mails()).find((m) => m.trigger === 'payment.failed')!;
  const token = /\/l\/([\w-]+)/.exec(mail.text)![1]!;
  return { company, ada, sub, token };
}

test('[C5] the link shows business, invoice, amount and one button; only the button leads on, to the page Stripe names now', async () => {
  const { company, token } = await failureMail();
  company.stripe.invoiceUrl = 'https://invoice.stripe.test/i/now';
  const page = await fetch(`${url}/l/${token}`);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain('Test company');
  expect(html).toContain('ACME-0001');
  expect(html).toContain('$49.00');
  expect(html.match(/<button/g)).toHaveLength(1);
  expect(html).not.toContain('<script');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const answer = await fetch(`${url}/l/${token}`, { method: 'POST', redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://invoice.stripe.test/i/now']);
});

test('[M12] looking changes nothing, however often a scanner does it', async () => {
  const { company, token } = await failureMail();
  const rows = async () =>
    (await house.kit.app.db.selectFrom('email_timeline').select('id').where('environment_id', '=', company.environmentId).execute()).length;
  const before = await rows();
  for (let i = 0; i < 5; i++) await fetch(`${url}/l/${token}`);
  await fetch(`${url}/l/${token}`, { method: 'HEAD' });
  expect(await rows()).toBe(before);
  await fetch(`${url}/l/${token}`, { method: 'POST', redirect: 'manual' });
  expect(await rows()).toBe(before + 1);
});

test('[M12] a token with any character changed, or moved to another message, is refused', async () => {
  const { token } = await failureMail();
  const other = (await failureMail()).token;
  const forged = [...token].map((c, i) => `${token.slice(0, i)}${c === 'a' ? 'b' : 'a'}${token.slice(i + 1)}`);
  forged.push(token.slice(0, -22) + other.slice(-22), `r${token.slice(1)}`, '', 'x', '../../etc/passwd', token.repeat(2));
  for (const bad of forged)
    expect((await fetch(`${url}/l/${encodeURIComponent(bad)}`, { method: 'POST', redirect: 'manual' })).status, bad).toBeGreaterThanOrEqual(
      400,
    );
});

test('[C5] a settled invoice asks for nothing any more', async () => {
  const { company, ada, sub, token } = await failureMail();
  const invoice = await company.invoice(ada, sub, { stripeId: 'in_1', number: 'ACME-0001', ...paidInvoice('2026-01-01T09:00:00Z') });
  await company.pay(invoice, { status: 'succeeded', error: null, latestChargeId: 'ch_ok', succeededAt: at('2026-01-01T09:00:00Z') });
  const html = await (await fetch(`${url}/l/${token}`)).text();
  expect(html).toContain('This invoice is settled.');
  expect(html).not.toContain('Continue to payment');
});
