import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal } from '../billing/payments/test-world.ts';
import { sdkFor, startSandbox, type TestSandbox } from '../testing/index.ts';
import { allPermissions, resourceOf } from './permissions.ts';

let world: TestSandbox;
beforeAll(async () => {
  world = await startSandbox();
});
afterAll(() => world.close());

type Call = (stripe: ReturnType<typeof sdkFor>) => Promise<unknown>;

/** What the key lacks, and a call that needs it. Ids need not exist: permission comes before the object. */
const NEEDS: [string, Call][] = [
  ['rak_dispute_read', (stripe) => stripe.disputes.list()],
  ['rak_dispute_write', (stripe) => stripe.disputes.close('du_1')],
  ['rak_early_fraud_warning_read', (stripe) => stripe.radar.earlyFraudWarnings.list()],
  ['rak_balance_read', (stripe) => stripe.balance.retrieve()],
  ['rak_balance_transaction_source_read', (stripe) => stripe.balanceTransactions.list()],
  ['rak_payout_write', (stripe) => stripe.payouts.create({ amount: 1, currency: 'usd' })],
  ['rak_entitlements_write', (stripe) => stripe.entitlements.features.create({ name: 'a', lookup_key: 'a' })],
  ['rak_entitlements_read', (stripe) => stripe.entitlements.activeEntitlements.list({ customer: 'cus_1' })],
  ['rak_product_write', (stripe) => stripe.products.createFeature('prod_1', { entitlement_feature: 'feat_1' })],
  ['rak_app_install_write', (stripe) => stripe.apps.installs.uninstall('appinst_1')],
  ['rak_file_read', (stripe) => stripe.files.list()],
  ['rak_setup_intent_read', (stripe) => stripe.setupAttempts.list({ setup_intent: 'seti_1' })],
  ['rak_charge_write', (stripe) => stripe.refunds.create({ charge: 'ch_1' })],
];

it.each(NEEDS)('[S 3.9] without %s the call is refused by name, with it the call goes on', async (permission, call) => {
  const { control } = world.sandbox;
  const others = allPermissions().filter((name) => !name.startsWith(permission.replace(/_(read|write)$/, '')));
  const without = await control.createRestrictedKey({ account: world.account, permissions: others });
  const refused = await refusal(call(sdkFor(world.sandbox, without.secret)));
  expect([refused.statusCode, refused.type, refused.code]).toEqual([403, 'StripePermissionError', undefined]);
  expect(refused.message).toContain(
    `on account '${world.account}'. Having the '${permission}' permission would allow this request to continue.`,
  );
  const enough = await control.createRestrictedKey({ account: world.account, permissions: [permission] });
  const answer = await call(sdkFor(world.sandbox, enough.secret)).then(
    () => 200,
    (error: { statusCode: number }) => error.statusCode,
  );
  expect(answer).not.toBe(403);
});

it('write includes read; read does not include write', async () => {
  const { secret } = await world.sandbox.control.createRestrictedKey({ account: world.account, permissions: ['rak_dispute_write'] });
  expect((await sdkFor(world.sandbox, secret).disputes.list()).data).toEqual([]);
  const reader = await world.sandbox.control.createRestrictedKey({ account: world.account, permissions: ['rak_dispute_read'] });
  expect((await refusal(sdkFor(world.sandbox, reader.secret).disputes.close('du_1'))).statusCode).toBe(403);
});

it('every emulated family has a permission, except the accounts no restricted key may see', () => {
  const families = ['disputes', 'radar', 'payouts', 'entitlements', 'apps', 'files', 'mandates', 'setup_attempts', 'balance'];
  expect(families.filter((family) => resourceOf(`/v1/${family}`) === null)).toEqual([]);
  expect([resourceOf('/v1/account'), resourceOf('/v1/accounts/acct_1')]).toEqual([null, null]);
});
