import { closeDispute, FILE_FIELDS, respondToDispute } from '../../billing/disputes/index.ts';
import { notEmulated } from '../../kernel/errors.ts';
import type { ApiRequest, Doc, Params } from '../../kernel/types.ts';
import { mergeMetadata } from '../../kernel/values.ts';
import { retrieveDispute } from './read.ts';

/** Stages evidence, or sends it to the bank (`submit`, the default). Metadata can change at any time. Emits charge.dispute.updated. */
export async function updateDispute(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const dispute = await retrieveDispute(rq);
  if (params.evidence !== undefined) refuseFiles(params.evidence);
  if (params.evidence !== undefined || params.submit === true) {
    respondToDispute(tx, { dispute, evidence: params.evidence, submit: params.submit ?? true });
  }
  dispute.metadata = mergeMetadata(dispute.metadata, params.metadata);
  tx.put(dispute);
  tx.emit('charge.dispute.updated', dispute);
  return dispute;
}

/** Gives in: lost, or for an inquiry closed. Emits charge.dispute.closed. */
export async function closeOneDispute(rq: ApiRequest): Promise<Doc> {
  const dispute = await retrieveDispute(rq);
  await closeDispute(rq.tx, dispute);
  return dispute;
}

/** Files cannot be uploaded here, and the networks' special programmes are not played. */
function refuseFiles(evidence: Params): void {
  const name = [...FILE_FIELDS, 'appeal', 'enhanced_evidence'].find((field) => evidence[field]);
  if (name !== undefined) throw notEmulated(`evidence[${name}]`, `evidence[${name}]`);
}
