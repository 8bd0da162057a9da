import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compileDefaults, fileText } from './generate.ts';

test('[K3] the compiled shipped templates are those of the sources', async () => {
  const stored = await readFile(new URL('./compiled.generated.json', import.meta.url), 'utf8');
  expect(fileText(await compileDefaults()) === stored, 'run node server/src/emails/defaults/generate.ts').toBe(true);
});
