import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { type BrowserWorld, look, startBrowserWorld } from '../../pages/test-browser.ts';

let world: BrowserWorld;
afterEach(() => world.close());

/** Everything Checkout can ask, at once. */
async function fullSession(): Promise<Stripe.Checkout.Session> {
  const { stripe } = world;
  const price = async (name: string, unit_amount: number) =>
    stripe.prices.create({ currency: 'eur', unit_amount, product: (await stripe.products.create({ name })).id });
  const [mug, spoon] = [await price('Hand-made mug', 2400), await price('Wooden spoon', 600)];
  const rate = (display_name: string, amount: number, days: [number, number]) => ({
    shipping_rate_data: {
      display_name,
      fixed_amount: { amount, currency: 'eur' },
      delivery_estimate: {
        minimum: { unit: 'business_day' as const, value: days[0] },
        maximum: { unit: 'business_day' as const, value: days[1] },
      },
    },
  });
  return stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: mug.id, quantity: 1, adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 } }],
    optional_items: [{ price: spoon.id, quantity: 1 }],
    shipping_options: [rate('Post', 490, [3, 5]), rate('Express', 1490, [1, 2])],
    shipping_address_collection: { allowed_countries: ['DE', 'AT', 'CH'] },
    phone_number_collection: { enabled: true },
    tax_id_collection: { enabled: true },
    customer_creation: 'always',
    allow_promotion_codes: true,
    saved_payment_method_options: { payment_method_save: 'enabled' },
    custom_fields: [
      { key: 'engraving', label: { type: 'custom', custom: 'Engraving' }, type: 'text', optional: true, text: { maximum_length: 12 } },
      {
        key: 'glaze',
        label: { type: 'custom', custom: 'Glaze' },
        type: 'dropdown',
        dropdown: {
          options: [
            { label: 'Blue', value: 'blue' },
            { label: 'Green', value: 'green' },
          ],
        },
      },
    ],
    consent_collection: { terms_of_service: 'required', promotions: 'auto' },
    custom_text: { submit: { message: 'Every mug is thrown by hand and ships within a week.' } },
    success_url: `${world.url}/receipts/none?from={CHECKOUT_SESSION_ID}`,
    cancel_url: `${world.url}/receipts/none`,
  });
}

for (const width of [1280, 390]) {
  test(`at ${width} px: cart, shipping, addresses, tax id, own fields and consents, by keyboard`, async () => {
    world = await startBrowserWorld({ width });
    const { page, stripe } = world;
    const session = await fullSession();
    await page.goto(session.url!);
    await look(page, `checkout-full-${width}`);
    await page.getByRole('button', { name: 'Add Wooden spoon' }).press('Enter');
    const quantity = page.getByRole('spinbutton', { name: 'Quantity of Hand-made mug' });
    await quantity.fill('2');
    await quantity.press('Enter');
    await page.getByRole('button', { name: /^Express/ }).press('Enter');
    await page.getByRole('button', { name: 'Pay €68.90' }).waitFor();
    await page.getByRole('button', { name: 'Pay €68.90' }).press('Enter');
    await page.getByText('Accept the terms of service to go on.').waitFor();
    await look(page, `checkout-full-errors-${width}`);

    const entries = {
      'E-mail': 'jane@example.com',
      'Phone number': '+49 30 123456',
      'Business name': 'Roe GmbH',
      'Tax ID': 'DE123456789',
      Engraving: 'J. R.',
      'Name on card': 'Jane Roe',
    };
    for (const [name, value] of Object.entries(entries)) await page.getByRole('textbox', { name }).fill(value);
    await page.getByRole('group', { name: 'Shipping address' }).getByLabel('Name').fill('R. Roe');
    // On the wide page the bill goes elsewhere, on the phone to the same address.
    const same = page.getByLabel('The same as the shipping address');
    if ((await same.isChecked()) === (width === 1280)) await same.press('Space');
    for (const group of width === 1280 ? ['Shipping address', 'Billing address'] : ['Shipping address']) {
      const part = page.getByRole('group', { name: group });
      await part.getByLabel('Country').selectOption('DE');
      await part.getByLabel('Address', { exact: true }).fill('Hauptstr. 1');
      await part.getByLabel('Postal code').fill('10115');
      await part.getByLabel('City').fill('Berlin');
    }
    await page.getByLabel('Glaze').selectOption('Green');
    await page.getByLabel('I agree to the terms of service').press('Space');
    await page.getByLabel(/^Save my card/).press('Space');
    await page.getByRole('button', { name: 'Mastercard 4444' }).press('Enter');
    // Filling a test card in keeps everything that was typed.
    await page.getByLabel('I agree to the terms of service').waitFor();
    expect(await page.getByLabel('I agree to the terms of service').isChecked()).toBe(true);
    await look(page, `checkout-full-filled-${width}`);
    await page.getByLabel('CVC').press('Enter');
    await page.waitForURL(`**/receipts/none?from=${session.id}`);
    const done = await stripe.checkout.sessions.retrieve(session.id);
    expect(done).toMatchObject({
      payment_status: 'paid',
      amount_total: 6890,
      consent: { terms_of_service: 'accepted', promotions: 'opt_out' },
      collected_information: { shipping_details: { name: 'R. Roe', address: { line1: 'Hauptstr. 1' } } },
      customer_details: {
        address: { city: 'Berlin', country: 'DE' },
        business_name: 'Roe GmbH',
        phone: '+4930123456',
        tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }],
      },
    });
    expect(world.outside()).toEqual([]);
  });
}
