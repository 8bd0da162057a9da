import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ApiDocument, typesOf } from './src/generate-types.ts';

const root = resolve(import.meta.dirname, '..');

/** `npm run generate`: the client's types from openapi.json. */
export function generate(): { path: string; text: string }[] {
  const document = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')) as ApiDocument;
  return [{ path: 'sdk/src/api.generated.ts', text: typesOf(document) }];
}
