/** Money that a chargeback takes and a won dispute brings back. */
import type { Doc, Tx } from '../../kernel/types.ts';
import { recordBalanceTransaction } from '../payments/index.ts';
import { disputeFee } from './fees.ts';

/** Takes the disputed amount and the fee from the balance; no refund is possible meanwhile. Emits charge.dispute.funds_withdrawn. */
export async function withdrawFunds(tx: Tx, dispute: Doc): Promise<void> {
  await move(tx, dispute, {
    amount: -dispute.amount,
    fee: disputeFee(dispute.currency),
    category: 'dispute',
    description: `Chargeback withdrawal for ${dispute.charge}`,
  });
  await setChargedBack(tx, dispute, true);
  tx.emit('charge.dispute.funds_withdrawn', dispute);
}

/** Amount and fee come back. Emits charge.dispute.funds_reinstated. */
export async function reinstateFunds(tx: Tx, dispute: Doc): Promise<void> {
  await move(tx, dispute, {
    amount: dispute.amount,
    fee: -disputeFee(dispute.currency),
    category: 'dispute_reversal',
    description: `Chargeback reversal for ${dispute.charge}`,
  });
  await setChargedBack(tx, dispute, false);
  tx.emit('charge.dispute.funds_reinstated', dispute);
}

async function move(tx: Tx, dispute: Doc, what: { amount: number; fee: number; category: string; description: string }): Promise<void> {
  const movement = await recordBalanceTransaction(tx, {
    type: 'adjustment',
    source: dispute,
    amount: what.amount,
    description: what.description,
    category: what.category,
    fee: { amount: what.fee, description: 'Dispute fee' },
    atOnce: true,
  });
  dispute.balance_transactions = [...dispute.balance_transactions, { ...movement, status: 'available' }];
  tx.put(dispute);
}

async function setChargedBack(tx: Tx, dispute: Doc, gone: boolean): Promise<void> {
  const charge = await tx.require('charge', dispute.charge);
  charge._charged_back = gone;
  tx.put(charge);
  dispute.is_charge_refundable = !gone;
  tx.put(dispute);
}
