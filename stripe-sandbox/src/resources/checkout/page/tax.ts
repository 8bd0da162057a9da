/** Tax on the page: worked out for the address that was typed, before anything is paid. */
import type { PageRequest } from '../../../kernel/types.ts';
import { checkAddress, readAddress } from '../../../pages/address.ts';
import type { Errors } from '../../../pages/card-form.ts';
import { text } from '../../../pages/form.ts';
import { setPlace } from '../cart.ts';
import type { Place } from '../tax.ts';
import { asksBillingAddress, isSameAddress } from './entry.ts';
import { loadSession, type Shown } from './load.ts';

/** `shown`: the session as it is now. `message`: why nothing can be paid. `note`: why the buyer must look at the total again before it is paid. */
export type Taxed = { shown: Shown; errors: Errors; message: string | null; note: string | null };

/** Tells the session where the buyer is. Nobody pays a total that they have not seen, or one whose tax is unknown. */
export async function applyTax(rq: PageRequest, shown: Shown): Promise<Taxed> {
  const { session } = shown;
  const fine = { errors: {}, message: null, note: null };
  if (session.automatic_tax.enabled !== true) return { shown, ...fine };
  const place = placeFrom(rq, shown);
  if (place === null) return { shown, ...fine };
  const changed = await rq.transaction(shown.account, async (tx) =>
    setPlace(tx, { session: await tx.require('checkout.session', session.id), place }),
  );
  const now = (await loadSession(rq)) ?? shown;
  const { status } = now.session.automatic_tax;
  if (status === 'requires_location_inputs') return { ...fine, shown: now, ...unknownPlace(rq, shown) };
  if (status === 'failed') return { ...fine, shown: now, message: 'Tax could not be worked out just now. Please try again later.' };
  return { ...fine, shown: now, note: changed ? 'The total is now the one for your address. Please check it, then go on.' : null };
}

/** Null while an address that is asked for is not complete. */
function placeFrom(rq: PageRequest, { session }: Shown): Place | null {
  const place: Place = { taxIds: [] };
  if (session.shipping_address_collection !== null) {
    const address = readAddress(rq, 'shipping');
    if (!isComplete(address, 'shipping', session.shipping_address_collection.allowed_countries)) return null;
    place.shipping = { name: text(rq, 'shipping_name'), address };
  }
  if (asksBillingAddress(session)) {
    const address = readAddress(rq, isSameAddress(rq, session) ? 'shipping' : 'billing');
    if (!isComplete(address, 'billing')) return null;
    place.address = address;
  }
  if (session.tax_id_collection?.enabled === true && text(rq, 'tax_id') !== '') place.taxIds = [text(rq, 'tax_id_type')];
  return place;
}

function isComplete(...checked: Parameters<typeof checkAddress>): boolean {
  return Object.keys(checkAddress(...checked)).length === 0;
}

/** Said at the address that decides; where none is asked, the one on file has been lost meanwhile. */
function unknownPlace(rq: PageRequest, { session }: Shown): Pick<Taxed, 'errors' | 'message'> {
  const shipping = session.shipping_address_collection !== null;
  const billing = asksBillingAddress(session);
  if (!shipping && !billing) return { errors: {}, message: 'Tax cannot be worked out without your address. Ask the shop to complete it.' };
  const decides = shipping && (!billing || isSameAddress(rq, session)) ? 'shipping' : 'billing';
  const errors = { [`${decides}_postal_code`]: 'Tax cannot be worked out for this address. Enter the postal code that belongs to it.' };
  return { errors, message: null };
}
