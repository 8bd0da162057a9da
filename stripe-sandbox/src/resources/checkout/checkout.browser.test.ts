import { afterEach, expect, test } from 'vitest';
import { axeFindings, type BrowserWorld, picture, startBrowserWorld } from '../../pages/test-browser.ts';

let world: BrowserWorld;
afterEach(() => world.close());

async function newSession(mode: 'payment' | 'subscription', thanks = `${world.url}/receipts/none?from={CHECKOUT_SESSION_ID}`) {
  const { stripe } = world;
  const product = await stripe.products.create({ name: 'Team plan' });
  const recurring = mode === 'subscription' ? { recurring: { interval: 'month' as const } } : {};
  const price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 2500, ...recurring });
  return stripe.checkout.sessions.create({
    mode,
    line_items: [{ price: price.id, quantity: 2 }],
    allow_promotion_codes: true,
    success_url: thanks,
    cancel_url: `${world.url}/receipts/none`,
  });
}

test('a subscription is bought with the keyboard alone, after a decline that stays on the page', async () => {
  world = await startBrowserWorld();
  const { page } = world;
  const session = await newSession('subscription');
  await page.goto(session.url!);
  await picture(page, 'checkout');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel('E-mail').fill('jane@example.com');
  await page.getByLabel('Name on card').fill('Jane Roe');
  await page.getByRole('button', { name: 'Insufficient funds' }).press('Enter');
  await page.getByRole('button', { name: 'Subscribe' }).press('Enter');
  expect(await page.getByRole('alert').textContent()).toContain('insufficient funds');
  await picture(page, 'checkout-declined');
  expect(await axeFindings(page)).toEqual([]);

  await page.getByLabel('Card number').fill('4242424242424242');
  await page.getByLabel('CVC').press('Enter');
  await page.waitForURL(`**/receipts/none?from=${session.id}`);
  expect(await world.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'complete', payment_status: 'paid' });
});

test('the bank is asked: failing comes back to the form, completing leads to success_url', async () => {
  world = await startBrowserWorld({ width: 390, dark: true });
  const { page } = world;
  const session = await newSession('payment');
  await page.goto(session.url!);
  await picture(page, 'checkout-phone-dark');
  await page.getByLabel('E-mail').fill('jane@example.com');
  await page.getByLabel('Name on card').fill('Jane Roe');
  for (const [answer, expected] of [
    ['Fail authentication', '**/return**'],
    ['Complete authentication', '**/receipts/none**'],
  ] as const) {
    await page.getByRole('button', { name: 'Asks the bank every time' }).click();
    await page.getByRole('button', { name: 'Pay $50.00' }).click();
    await page.waitForURL('**/3ds/**');
    await picture(page, 'bank-phone-dark');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: answer }).click();
    await page.waitForURL(expected);
  }
  expect((await world.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
});
