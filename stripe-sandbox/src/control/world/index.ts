/** The world outside the API: somebody acts in the dashboard behind the product's back, a bank or a card network does something. */
import { pageTransaction } from '../../http/pages.ts';
import { invalidRequest } from '../../kernel/errors.ts';
import type { Services } from '../../kernel/services.ts';
import type { Doc, Tx } from '../../kernel/types.ts';
import { changeObject, type ObjectChange } from './change.ts';
import { type DisputeAction, disputeAction } from './disputes.ts';
import { type GrantAction, revokeGrant } from './grant.ts';
import { lagSearch, type SearchLag } from './lag-search.ts';
import { type MethodAction, methodAction } from './payment-methods.ts';
import { type OutsideRefund, refundOutside } from './refund.ts';

export type WorldChange = { account: string } & (ObjectChange | GrantAction | MethodAction | DisputeAction | OutsideRefund | SearchLag);

type Action = (tx: Tx, change: never) => Promise<Doc>;

const ACTIONS: Record<WorldChange['kind'], Action> = {
  change: changeObject,
  delete: changeObject,
  revoke_grant: revokeGrant,
  detach_card: methodAction,
  expire_card: methodAction,
  update_card: methodAction,
  open_dispute: disputeAction,
  close_dispute: disputeAction,
  warn_of_fraud: disputeAction,
  refund: refundOutside,
  lag_search: lagSearch,
};

/** Applies the change in a transaction of its own, with the events Stripe would tell. Answers the object it is about. */
export async function changeWorld(services: Services, change: WorldChange): Promise<Doc> {
  const action = ACTIONS[change.kind];
  if (action === undefined) throw invalidRequest(`The world has no '${change.kind}': it knows ${Object.keys(ACTIONS).join(', ')}.`);
  return pageTransaction(services, change.account, (tx) => action(tx, change as never));
}
