/** The kinds of tax id that the pages offer; the API takes every kind Stripe has. */
export const TAX_ID_TYPES: [type: string, label: string][] = [
  ['eu_vat', 'EU VAT number'],
  ['gb_vat', 'United Kingdom VAT number'],
  ['us_ein', 'United States EIN'],
  ['ch_vat', 'Switzerland VAT number'],
  ['no_vat', 'Norway VAT number'],
  ['au_abn', 'Australia ABN'],
  ['ca_gst_hst', 'Canada GST/HST number'],
  ['ca_bn', 'Canada BN'],
  ['br_cnpj', 'Brazil CNPJ'],
  ['in_gst', 'India GST number'],
  ['jp_cn', 'Japan corporate number'],
  ['mx_rfc', 'Mexico RFC'],
  ['nz_gst', 'New Zealand GST number'],
  ['sg_gst', 'Singapore GST number'],
  ['za_vat', 'South Africa VAT number'],
];
