import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI_IS_MISSING, type CliAccount, type CliWorld, eachOf, openCliWorld, type Result, sharedJson, until } from './support.ts';
import { COMES_LATER, EMITS, FALLS_SHORT, LEAVES_THE_SANDBOX, NOT_EMULATED } from './trigger-list.ts';

const PARALLEL = 3;
const DAY = 86_400;
const TRIGGERS = 123;
const CHUNKS = 7;

/** `made`: connected accounts that the trigger created. */
type Run = Result & { account: CliAccount; requests: { method: string; path: string }[]; made: string[] };

describe.skipIf(CLI_IS_MISSING)('stripe trigger', () => {
  let world: CliWorld;
  let all: string[];
  const runs = new Map<string, Run>();
  const refused = Object.values(NOT_EMULATED).flat();

  beforeAll(async () => {
    world = await openCliWorld();
    const account = await world.account();
    all = await namesInHelp(account);
  });
  afterAll(() => world.close());

  const trigger = async (name: string): Promise<Run> => {
    const account = await world.account({ name, virtual: true });
    const result = await account.run('trigger', name);
    const seen = world.sandbox.control.requests({ account: account.account, limit: 100 }).reverse();
    const made = seen.filter(({ method, path, status }) => method === 'POST' && path === '/v1/accounts' && status === 200);
    const run = {
      ...result,
      account,
      requests: seen.map(({ method, path }) => ({ method, path })),
      made: made.map(({ body }) => (JSON.parse(body) as { id: string }).id),
    };
    runs.set(name, run);
    return run;
  };

  test('the CLI knows 123 events, and every one of them is spoken for', () => {
    expect(all).toHaveLength(TRIGGERS);
    const named = [...LEAVES_THE_SANDBOX, ...refused, ...Object.keys(EMITS), ...Object.keys(FALLS_SHORT), ...Object.keys(COMES_LATER)];
    expect(named.filter((name) => !all.includes(name))).toEqual([]);
    expect(supported()).toHaveLength(98);
  });

  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    test(`each emits the event it names, with a valid object (${chunk + 1} of ${CHUNKS})`, async () => {
      const wrong: string[] = [];
      const mine = supported().filter((_, index) => index % CHUNKS === chunk);
      await eachOf(mine, PARALLEL, async (name) => {
        const run = await trigger(name);
        const fault = run.code === 0 ? await missingEvent(run, name) : `exit ${run.code}: ${run.output.slice(-800)}`;
        if (fault !== null) wrong.push(`${name}: ${fault}`);
      });
      expect(wrong).toEqual([]);
    });
  }

  test('what is not emulated is refused aloud and by name', async () => {
    const wrong: string[] = [];
    await eachOf(refused, PARALLEL, async (name) => {
      const { code, output } = await trigger(name);
      if (code === 0 || !output.includes('"code": "sandbox_not_emulated"')) wrong.push(`${name}: exit ${code}: ${output.slice(-500)}`);
    });
    expect(wrong).toEqual([]);
  });

  test('two can never pass: their fixture leaves for stripe.com, in a version of its own', async () => {
    for (const name of LEAVES_THE_SANDBOX) {
      const { code, output } = await trigger(name);
      expect(code, name).not.toBe(0);
      expect(output, name).toMatch(/meter-events\.stripe\.com|invalid_stripe_version/);
    }
  });

  test('the requests are those that were recorded from the CLI', () => {
    const recorded = sharedJson<{ events: Record<string, { requests: { method: string; path: string }[] }> }>('cli-triggers.json');
    const differing = Object.entries(recorded?.events ?? {})
      .filter(([name]) => supported().includes(name))
      .filter(([name, { requests }]) => !sameRequests(runs.get(name)?.requests ?? [], requests));
    expect(differing.map(([name]) => [name, runs.get(name)?.requests])).toEqual([]);
  });

  function supported(): string[] {
    return all.filter((name) => !refused.includes(name) && !LEAVES_THE_SANDBOX.includes(name));
  }

  /** The event in the account itself or in those that the trigger made: what happens to a connected account is told there. */
  async function missingEvent(run: Run, name: string): Promise<string | null> {
    const types = FALLS_SHORT[name]?.emits ?? EMITS[name] ?? [name];
    const { account } = run.account;
    const later = COMES_LATER[name];
    if (later !== undefined) {
      const { now } = await world.sandbox.control.clock(account);
      await world.sandbox.control.advance({ account, to: now + later * DAY });
    }
    let found: Stripe.Event | undefined;
    const look = async () => {
      for (const place of [account, ...run.made]) found ??= (await world.sandbox.control.events({ account: place, types }))[0] as never;
      return found !== undefined;
    };
    try {
      await until(`there is a ${types.join(' or ')}`, look);
    } catch {
      const seen = (await run.account.stripe.events.list({ limit: 100 })).data.map((event) => event.type);
      return `no ${types.join(' or ')} among ${seen.join(' ')}`;
    }
    // Through the API as well: its answer is checked against the contract once more.
    if (run.made.length === 0) await run.account.stripe.events.retrieve(found!.id);
    const object = found!.data.object as { object?: string };
    return typeof object.object === 'string' ? null : `the event carries ${JSON.stringify(object)}`;
  }
});

async function namesInHelp(account: CliAccount): Promise<string[]> {
  const { output } = await account.run('trigger', '--help');
  return [...output.matchAll(/^ {2}([a-z0-9_]+(?:\.[a-z0-9_]+)+)$/gm)].map((match) => match[1]!);
}

/** Ids differ from run to run: where the recording has one, anything may stand. */
function sameRequests(seen: { method: string; path: string }[], recorded: { method: string; path: string }[]): boolean {
  return (
    seen.length === recorded.length &&
    recorded.every((wanted, index) => {
      const pattern = wanted.path.split('/').map((segment) => (/\d|\$/.test(segment) && segment !== 'v1' ? '[^/]+' : segment));
      return wanted.method === seen[index]!.method && new RegExp(`^${pattern.join('/')}$`).test(seen[index]!.path);
    })
  );
}
