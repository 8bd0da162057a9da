/** `npx stripe-sandbox`: the Sandbox alone, with one account, until it is stopped. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createSandbox, memoryStore, postgresStore, type Sandbox, type Store, seededRandom } from './index.ts';

const DEFAULT_PORT = 12111;
const HELP = `stripe-sandbox: a stateful Stripe emulator on this machine

  --port <n>        port on 127.0.0.1 (default ${DEFAULT_PORT}, 0 = any free one)
  --store <where>   memory (default), a directory, or postgres://…
  --key <sk_test_…> secret key of the account (default: a fresh one, kept in the store)
  --clock <time>    give the account a virtual clock standing at this time (ISO 8601)
  --seed <file>     load a JSON file { "objects": […], "events": […] } into the account
  --random <n>      repeatable ids
  --strict          apply Stripe's limits (rates, clock distances)
  --token <text>    bearer token of the control API under /_sandbox
`;

type Opened = { store: Store; close(): Promise<void> };

/** Starts, prints the address and a key, and stops cleanly on SIGINT or SIGTERM. */
export async function runCli(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      store: { type: 'string' },
      key: { type: 'string' },
      clock: { type: 'string' },
      seed: { type: 'string' },
      random: { type: 'string' },
      strict: { type: 'boolean' },
      token: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const opened = await openStore(values.store ?? 'memory');
  const sandbox = await createSandbox({
    store: opened.store,
    profile: values.strict === true ? 'strict' : 'relaxed',
    ...(values.random === undefined ? {} : { random: seededRandom(Number(values.random)) }),
    ...(values.token === undefined ? {} : { controlToken: values.token }),
  });
  const { url } = await sandbox.listen(Number(values.port ?? DEFAULT_PORT));
  const account = await ensureAccount(sandbox, { key: values.key, clock: values.clock });
  if (values.seed !== undefined) await sandbox.control.seed({ account: account.id, ...JSON.parse(readFileSync(values.seed, 'utf8')) });
  process.stdout.write(`Stripe Sandbox: no real money.\n  url         ${url}\n  account     ${account.id}\n  secret key  ${account.key}\n`);
  stopOnSignal(sandbox, opened);
}

/** The first account of the store, or a new one. A key is shown once: later starts need --key or the one noted down. */
async function ensureAccount(
  sandbox: Sandbox,
  want: { key: string | undefined; clock: string | undefined },
): Promise<{ id: string; key: string }> {
  const [known] = await sandbox.control.accounts();
  if (known !== undefined) return { id: known.id, key: '(as printed at the first start)' };
  const access = await sandbox.control.createAccount({
    ...(want.key === undefined ? {} : { secretKey: want.key }),
    ...(want.clock === undefined ? {} : { clock: { mode: 'virtual' as const, now: Math.floor(new Date(want.clock).getTime() / 1000) } }),
  });
  return { id: access.account, key: access.secretKey };
}

/** The database drivers are only needed for a store that lasts, so they are loaded only then. */
async function openStore(where: string): Promise<Opened> {
  if (where === 'memory') return { store: memoryStore(), close: async () => undefined };
  const { default: pg } = await import('pg');
  if (/^postgres(ql)?:\/\//.test(where)) {
    const pool = new pg.Pool({ connectionString: where });
    return { store: postgresStore(pool), close: () => pool.end() };
  }
  const { PGlite } = await import('@electric-sql/pglite');
  const { createPgConfig } = await import('@electric-sql/pglite/node-postgres');
  const pglite = await PGlite.create(where);
  const pool = new pg.Pool({
    ...(createPgConfig(pglite) as unknown as ConstructorParameters<typeof pg.Pool>[0]),
    max: 1,
    idleTimeoutMillis: 0,
  });
  return {
    store: postgresStore(pool),
    async close() {
      await pool.end();
      await pglite.close();
    },
  };
}

function stopOnSignal(sandbox: Sandbox, opened: Opened): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    sandbox
      .close()
      .then(() => opened.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
