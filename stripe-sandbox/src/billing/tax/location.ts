/** Where a customer is for tax, and whether that is known well enough (docs.stripe.com/tax/customer-locations). Pure. */

export type Address = { country?: string | null; state?: string | null; postal_code?: string | null } | null | undefined;
export type TaxLocation = { country: string; state: string | null };
export type LocationSource = 'shipping_destination' | 'billing_address' | 'payment_method' | 'ip_address';
export type Located = { location: TaxLocation; source: LocationSource };
export type LocationInputs = {
  shipping?: Address;
  billing?: Address;
  paymentMethod?: Address;
  ip?: string | null;
  /** What an IP address means, stated by the account: the Sandbox looks nothing up. */
  ips?: Record<string, { country: string; state?: string }>;
};

/** The first address that is not empty counts, precise enough or not; then the payment method's, then the IP address. Null = not recognised. */
export function locate(inputs: LocationInputs): Located | null {
  const named: [LocationSource, Address][] = [
    ['shipping_destination', inputs.shipping],
    ['billing_address', inputs.billing],
    ['payment_method', inputs.paymentMethod],
  ];
  for (const [source, address] of named) {
    if (address == null || !(address.country || address.state || address.postal_code)) continue;
    const location = placeOf(address);
    return location === null ? null : { location, source };
  }
  const known = inputs.ip == null ? undefined : inputs.ips?.[inputs.ip];
  return known === undefined ? null : { location: { country: known.country, state: known.state ?? null }, source: 'ip_address' };
}

/** United States: only with a ZIP code, which decides the state. Canada: with a province or a postal code. Elsewhere the country is enough. */
function placeOf(address: NonNullable<Address>): TaxLocation | null {
  const country = address.country?.toUpperCase();
  if (country === undefined || country === null || !/^[A-Z]{2}$/.test(country)) return null;
  if (country === 'US') {
    const state = stateOfZip(address.postal_code ?? '');
    return state === null ? null : { country, state };
  }
  if (country === 'CA') {
    const given = address.state?.toUpperCase();
    const state = given !== undefined && PROVINCES.has(given) ? given : provinceOf(address.postal_code ?? '');
    return state === null ? null : { country, state };
  }
  return { country, state: address.state ?? null };
}

/** First and last three-digit prefix of each state's ZIP codes. */
const ZIPS: [number, number, string][] = (
  '005-005NY 010-027MA 028-029RI 030-038NH 039-049ME 050-054VT 055-055MA 056-059VT 060-069CT 070-089NJ 100-149NY 150-196PA 197-199DE ' +
  '200-200DC 201-201VA 202-205DC 206-219MD 220-246VA 247-268WV 270-289NC 290-299SC 300-319GA 320-349FL 350-369AL 370-385TN 386-397MS ' +
  '398-399GA 400-427KY 430-459OH 460-479IN 480-499MI 500-528IA 530-549WI 550-567MN 570-577SD 580-588ND 590-599MT 600-629IL 630-658MO ' +
  '660-679KS 680-693NE 700-714LA 716-729AR 730-732OK 733-733TX 734-749OK 750-799TX 800-816CO 820-831WY 832-838ID 840-847UT 850-865AZ ' +
  '870-884NM 885-885TX 889-898NV 900-961CA 967-968HI 970-979OR 980-994WA 995-999AK'
)
  .split(' ')
  .map((entry) => [Number(entry.slice(0, 3)), Number(entry.slice(4, 7)), entry.slice(7)]);

function stateOfZip(zip: string): string | null {
  if (!/^\d{5}(-?\d{4})?$/.test(zip.trim())) return null;
  const prefix = Number(zip.trim().slice(0, 3));
  return ZIPS.find(([from, to]) => from <= prefix && prefix <= to)?.[2] ?? null;
}

const BY_LETTER: Record<string, string> = {
  A: 'NL',
  B: 'NS',
  C: 'PE',
  E: 'NB',
  G: 'QC',
  H: 'QC',
  J: 'QC',
  K: 'ON',
  L: 'ON',
  M: 'ON',
  N: 'ON',
  P: 'ON',
  R: 'MB',
  S: 'SK',
  T: 'AB',
  V: 'BC',
  X: 'NT',
  Y: 'YT',
};
const PROVINCES = new Set([...Object.values(BY_LETTER), 'NU']);

function provinceOf(postalCode: string): string | null {
  return BY_LETTER[postalCode.trim().charAt(0).toUpperCase()] ?? null;
}
