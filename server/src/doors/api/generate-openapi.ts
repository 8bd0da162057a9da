/** Writes openapi.json from the rooms' routes: `node server/src/doors/api/generate-openapi.ts --write`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rooms } from '../../rooms.ts';
import { buildOpenApi } from './openapi.ts';

/** The API document as it belongs in the repository. */
export async function generate(): Promise<{ path: string; text: string }[]> {
  const document = buildOpenApi(rooms.flatMap((room) => room.routes ?? []));
  return [{ path: 'openapi.json', text: `${JSON.stringify(document, null, 2)}\n` }];
}

if (process.argv[1] === import.meta.filename && process.argv.includes('--write')) {
  for (const { path, text } of await generate()) await writeFile(join(import.meta.dirname, '../../../..', path), text);
}
