import type { Route } from '../../kernel/types.ts';
import { createTaxId, deleteTaxId, listTaxIds, retrieveTaxId } from '../tax-ids/of-customer.ts';
import {
  createBalanceTransaction,
  listBalanceTransactions,
  retrieveBalanceTransaction,
  updateBalanceTransaction,
} from './balance-transactions.ts';
import { createCustomer } from './create.ts';
import { deleteCustomer } from './delete.ts';
import { deleteCustomerDiscount } from './delete-discount.ts';
import { UNSUPPORTED } from './fields.ts';
import { listCustomers, searchCustomers } from './list.ts';
import { listCustomerPaymentMethods, retrieveCustomerPaymentMethod } from './payment-methods.ts';
import { retrieveCustomer } from './retrieve.ts';
import { updateCustomer } from './update.ts';

const ONE = '/v1/customers/{customer}';

export const customerRoutes: Route[] = [
  { method: 'POST', path: '/v1/customers', run: createCustomer, unsupported: UNSUPPORTED },
  { method: 'GET', path: '/v1/customers', run: listCustomers },
  { method: 'GET', path: '/v1/customers/search', run: searchCustomers },
  { method: 'GET', path: ONE, run: retrieveCustomer },
  { method: 'POST', path: ONE, run: updateCustomer, unsupported: UNSUPPORTED },
  { method: 'DELETE', path: ONE, run: deleteCustomer },
  { method: 'DELETE', path: `${ONE}/discount`, run: deleteCustomerDiscount },
  { method: 'GET', path: `${ONE}/payment_methods`, run: listCustomerPaymentMethods },
  { method: 'GET', path: `${ONE}/payment_methods/{payment_method}`, run: retrieveCustomerPaymentMethod },
  { method: 'POST', path: `${ONE}/balance_transactions`, run: createBalanceTransaction },
  { method: 'GET', path: `${ONE}/balance_transactions`, run: listBalanceTransactions },
  { method: 'GET', path: `${ONE}/balance_transactions/{transaction}`, run: retrieveBalanceTransaction },
  { method: 'POST', path: `${ONE}/balance_transactions/{transaction}`, run: updateBalanceTransaction },
  { method: 'POST', path: `${ONE}/tax_ids`, run: createTaxId },
  { method: 'GET', path: `${ONE}/tax_ids`, run: listTaxIds },
  { method: 'GET', path: `${ONE}/tax_ids/{id}`, run: retrieveTaxId },
  { method: 'DELETE', path: `${ONE}/tax_ids/{id}`, run: deleteTaxId },
];
