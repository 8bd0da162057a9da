import { StripeError } from '../../../kernel/errors.ts';
import type { PageAnswer, PageRequest } from '../../../kernel/types.ts';
import { checkAddress, readAddress } from '../../../pages/address.ts';
import { cardEntry, checkCard, type Errors, errorsOf } from '../../../pages/card-form.ts';
import { isOwnForm, text } from '../../../pages/form.ts';
import { redirect } from '../../../pages/layout.ts';
import { ACTIONS, FEATURE } from './actions.ts';
import { endFlow, nextAfter } from './finish.ts';
import { closed, loadPortal, openFlow, purposeOf, type Shown } from './load.ts';
import { portalPage } from './show.ts';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** POST /p/{session}: one change, if the configuration allows it; then back to the portal, or where the flow leads. */
export async function actInPortal(rq: PageRequest): Promise<PageAnswer> {
  const shown = await loadPortal(rq);
  if (shown === null) return closed();
  const action = text(rq, 'action');
  if (!isOwnForm(rq, purposeOf(shown.session)))
    return portalPage(rq, shown, { message: 'This page was out of date. Please try again.', status: 400 });
  if (text(rq, 'fill') !== '') return portalPage(rq, shown, {});
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (run === undefined || shown.features[FEATURE[action]!]?.enabled !== true)
    return portalPage(rq, shown, { message: 'This is not offered here.', status: 400 });
  const errors = checkForm(rq, shown, action);
  if (Object.keys(errors).length > 0) return portalPage(rq, shown, { errors, message: 'Please check the marked fields.', status: 422 });
  const ends = openFlow(shown)?.type === FEATURE[action];
  try {
    const next = await rq.transaction(shown.account, async (tx) => {
      const elsewhere = await run(tx, rq, shown);
      if (ends && elsewhere === undefined) endFlow(tx, await tx.require('billing_portal.session', shown.session.id));
      return elsewhere;
    });
    return redirect(next ?? (ends ? nextAfter(shown) : `/p/${shown.session.id}`));
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const problem = error.body.code === 'tax_id_invalid' ? { tax_id_value: 'This tax ID is not valid.' } : errorsOf(error);
    return portalPage(rq, (await loadPortal(rq)) ?? shown, { errors: problem, message: error.message, status: 402 });
  }
}

function checkForm(rq: PageRequest, shown: Shown, action: string): Errors {
  if (action === 'add_card') return checkCard(cardEntry(rq, []));
  if (action !== 'details') return {};
  const allowed: string[] = shown.features.customer_update!.allowed_updates;
  const errors: Errors = {};
  if (allowed.includes('email') && !EMAIL.test(text(rq, 'email'))) errors.email = 'Enter an e-mail address, like jane@example.com.';
  for (const [name, prefix] of [
    ['address', 'billing'],
    ['shipping', 'shipping'],
  ] as const) {
    // An address that was left empty stays as it is.
    if (allowed.includes(name) && text(rq, `${prefix}_line1`) !== '') Object.assign(errors, checkAddress(readAddress(rq, prefix), prefix));
  }
  return errors;
}
