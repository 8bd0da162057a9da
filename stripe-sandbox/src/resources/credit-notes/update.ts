import type { ApiRequest, Doc } from '../../kernel/types.ts';
import { assign, mergeMetadata } from '../../kernel/values.ts';

/** Changes memo and metadata. Emits credit_note.updated. */
export async function update(rq: ApiRequest): Promise<Doc> {
  const { tx, params } = rq;
  const note = await tx.require('credit_note', rq.path.id!);
  assign(note, params, ['memo']);
  if (params.metadata !== undefined) note.metadata = mergeMetadata(note.metadata, params.metadata);
  tx.put(note);
  tx.emit('credit_note.updated', note);
  return note;
}
