/** The product tax codes the Sandbox knows: a few of Stripe's catalogue, each with the category the table of rates speaks of. */
import type { Category } from './rates.ts';

export type TaxCode = { id: string; name: string; description: string; category: Category };

export const TAX_CODES: TaxCode[] = [
  code('txcd_99999999', 'General - Tangible Goods', 'Any tangible or physical good.', 'general'),
  code('txcd_92010001', 'Shipping', 'Delivery of goods to the customer.', 'general'),
  code('txcd_35010000', 'Books', 'Printed books.', 'book'),
  code('txcd_20030000', 'General - Services', 'Any service that has no code of its own.', 'service'),
  code('txcd_20060000', 'Consulting Services', 'Advice and professional services.', 'service'),
  code('txcd_10302000', 'Digital Books - downloaded - non subscription - with permanent rights', 'A book as a file to keep.', 'book'),
  code(
    'txcd_10103101',
    'Software as a service (SaaS) - electronic download - business use',
    'Software with a download, for work.',
    'software',
  ),
  code(
    'txcd_10103100',
    'Software as a service (SaaS) - electronic download - personal use',
    'Software with a download, at home.',
    'software',
  ),
  code('txcd_10103001', 'Software as a service (SaaS) - business use', 'Software used over the network, for work.', 'software'),
  code('txcd_10103000', 'Software as a service (SaaS) - personal use', 'Software used over the network, at home.', 'software'),
  code('txcd_10101000', 'Infrastructure as a service (IaaS) - personal use', 'Computing power over the network, at home.', 'software'),
  code('txcd_10010001', 'Infrastructure as a service (IaaS) - business use', 'Computing power over the network, for work.', 'software'),
  code('txcd_10000000', 'General - Electronically Supplied Services', 'Any service delivered by electronic means.', 'software'),
  code('txcd_00000000', 'Nontaxable', 'Not subject to any tax.', 'nontaxable'),
];

/** The category of a code; what the Sandbox does not know counts as general. */
export function categoryOf(id: string | null): Category {
  return TAX_CODES.find((known) => known.id === id)?.category ?? 'general';
}

function code(id: string, name: string, description: string, category: Category): TaxCode {
  return { id, name, description, category };
}
