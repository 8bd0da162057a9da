/** Bank accounts as payment methods: SEPA Direct Debit with Stripe's test IBANs. */
import { bankByIban, bankFingerprint, type TestBank } from '../../cards/index.ts';
import { invalidRequest, parameterMissing } from '../../kernel/errors.ts';
import type { Doc, Params, Tx } from '../../kernel/types.ts';
import { billingDetails } from './billing-details.ts';

/** A shared token has no owner to name; Stripe's own carry one too. */
const TOKEN_OWNER = { name: 'Jenny Rosen', email: 'jenny.rosen@example.com' };
const UNUSABLE_IBAN = 'AT511904300000066666';

type BuildInput = { bank: TestBank; billingDetails?: Params | undefined; metadata?: Record<string, string>; of?: Doc | null };

/** Stores a `sepa_debit` method (`pm_…`, not attached, no event). Refuses accounts outside the table, and an owner without name or e-mail. */
export async function debitMethodFromIban(
  tx: Tx,
  input: { iban: string; billingDetails: Params | undefined; metadata: Record<string, string> },
): Promise<Doc> {
  for (const field of ['name', 'email']) if (!input.billingDetails?.[field]) throw parameterMissing(`billing_details[${field}]`);
  return storeDebitMethod(tx, { ...input, bank: requireTestBank(input.iban) });
}

export function storeDebitMethod(tx: Tx, input: BuildInput): Doc {
  const paymentMethod = buildDebitMethod(tx, input);
  tx.put(paymentMethod);
  return paymentMethod;
}

export function buildDebitMethod(tx: Tx, input: BuildInput): Doc {
  const { bank } = input;
  return tx.make(
    'payment_method',
    'pm',
    {
      type: 'sepa_debit',
      allow_redisplay: 'unspecified',
      billing_details: billingDetails(input.billingDetails ?? TOKEN_OWNER),
      metadata: input.metadata ?? {},
      sepa_debit: {
        bank_code: bank.iban.slice(4, 12),
        branch_code: '',
        country: bank.country,
        fingerprint: bankFingerprint(bank),
        generated_from: { charge: null, setup_attempt: null },
        last4: bank.iban.slice(-4),
      },
      _bank: bank.name,
    },
    input.of ?? null,
  );
}

/** Like real cards, real accounts are refused and never written anywhere. */
function requireTestBank(iban: string): TestBank {
  const param = 'sepa_debit[iban]';
  if (iban.replace(/\s/g, '').toUpperCase() === UNUSABLE_IBAN) {
    throw invalidRequest('The bank account you provided cannot be used. Please use a different bank account.', {
      code: 'bank_account_unusable',
      param,
    });
  }
  const bank = bankByIban(iban);
  if (bank === 'invalid') throw invalidRequest('The IBAN you provided is invalid.', { code: 'invalid_bank_account_iban', param });
  if (bank === 'not_a_test_account') {
    throw invalidRequest('This is not a test bank account. For a list of test IBANs, visit: https://stripe.com/docs/testing.', {
      code: 'bank_account_unusable',
      param,
    });
  }
  return bank;
}
