/** The machine's name servers (email.md S2: everything else gets its resolver handed in). */
import { Resolver as NodeResolver } from 'node:dns/promises';
import type { Resolver } from './spf.ts';

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** Says that there is no such record; everything else says that nobody knows. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

export function machineResolver(): Resolver {
  const resolver = new NodeResolver({ timeout: TIMEOUT_MS, tries: TRIES });
  return {
    txt: async (name) => (await orNothing(resolver.resolveTxt(name))).map((pieces) => pieces.join('')),
    addresses: async (name) => [...(await orNothing(resolver.resolve4(name))), ...(await orNothing(resolver.resolve6(name)))],
    mx: async (name) =>
      (await orNothing(resolver.resolveMx(name)))
        .sort((a, b) => a.priority - b.priority)
        .flatMap(({ exchange }) => (exchange ? [exchange] : [])),
  };
}

async function orNothing<T>(asking: Promise<T[]>): Promise<T[]> {
  try {
    return await asking;
  } catch (error) {
    if (NOTHING.has(String((error as { code?: unknown }).code))) return [];
    throw error;
  }
}
