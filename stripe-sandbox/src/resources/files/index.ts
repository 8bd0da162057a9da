/** Files of the account. They come from seeds only: uploading needs multipart, which is not emulated [sandbox.md 2]. */
import type { ApiRequest, Doc, ListAnswer, Route } from '../../kernel/types.ts';

function listFiles(rq: ApiRequest): Promise<ListAnswer> {
  const { purpose } = rq.params;
  return rq.tx.list(rq, {
    object: 'file',
    ...(purpose === undefined ? {} : { filter: (file: Doc) => file.purpose === purpose }),
  });
}

export const routes: Route[] = [{ method: 'GET', path: '/v1/files', run: listFiles }];
