import type { PageRoute, ResourceFolder, Route } from '../../kernel/types.ts';
import { chargeIncludables, listCharges, retrieveCharge, searchCharges } from './read.ts';
import { showReceipt } from './receipt-page.ts';
import { captureCharge, updateCharge } from './update.ts';

const ONE = '/v1/charges/{id}';
const CONNECT = [
  'application_fee',
  'application_fee_amount',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
  'transfer_group',
];

export const routes: Route[] = [
  { method: 'GET', path: '/v1/charges', run: listCharges },
  { method: 'GET', path: '/v1/charges/search', run: searchCharges },
  { method: 'GET', path: ONE, run: retrieveCharge },
  { method: 'POST', path: ONE, run: updateCharge, unsupported: ['customer'] },
  { method: 'POST', path: `${ONE}/capture`, run: captureCharge, unsupported: CONNECT },
];

export const includables: NonNullable<ResourceFolder['includables']> = { charge: chargeIncludables };

export const pages: PageRoute[] = [{ method: 'GET', path: '/receipts/{charge}', run: showReceipt }];
