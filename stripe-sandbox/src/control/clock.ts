/** An account's own clock from outside: look, set, move and wait. */
import type { Clocks } from '../clock/clocks.ts';
import { pageTransaction } from '../http/pages.ts';
import { invalidRequest } from '../kernel/errors.ts';
import type { Services } from '../kernel/services.ts';
import { emptyBatch } from '../store/port.ts';
import { clockRow } from './new-account.ts';

const CLOCK = 'test_helpers.test_clock';
const CLOCK_ID_LENGTH = 24;

export type ClockState = Awaited<ReturnType<Clocks['state']>>;

/** Sets the mode; a virtual clock that exists already moves forward to `now` through its timers. */
export async function setClock(
  services: Services,
  clocks: Clocks,
  input: { account: string; mode: 'wall' | 'virtual'; now?: number },
): Promise<ClockState> {
  const present = await clocks.state(input.account);
  if (input.mode === 'wall' || present.mode === 'wall') await changeMode(services, input);
  else if (input.now !== undefined && input.now !== present.now)
    return advanceTo(services, clocks, { account: input.account, to: input.now });
  return clocks.state(input.account);
}

async function changeMode(services: Services, input: { account: string; mode: 'wall' | 'virtual'; now?: number }): Promise<void> {
  await services.store.write(input.account, async (writes) => {
    const account = await writes.account(input.account);
    if (account === undefined) throw invalidRequest(`No such account: '${input.account}'`, { code: 'resource_missing' });
    if (input.mode === 'wall') {
      await writes.commit({ ...emptyBatch(), accounts: [{ ...account, clockMode: 'wall', clockId: null }] });
      return;
    }
    const id = `clock_${services.random.alphanumeric(CLOCK_ID_LENGTH)}`;
    const row = { ...clockRow(account.id, id, input.now ?? Math.floor(services.clock.now() / 1000)), seq: account.seq + 1 };
    await writes.commit({
      ...emptyBatch(),
      objects: [row],
      accounts: [{ ...account, seq: account.seq + 1, clockMode: 'virtual', clockId: id }],
    });
  });
}

/** The API's advance, awaited. Throws when the clock could not reach the target. */
export async function advanceTo(
  services: Services,
  clocks: Clocks,
  input: { account: string; to: number; clock?: string },
): Promise<ClockState> {
  const id = input.clock ?? (await clocks.state(input.account)).clock;
  if (id === null) throw invalidRequest('The account runs on wall time; set its clock to virtual first.');
  await pageTransaction(services, input.account, async (tx) => {
    const clock = await tx.require(CLOCK, id);
    if (clock.status === 'advancing') throw invalidRequest('Test clock advancement is already underway.', { status: 429 });
    if (input.to < clock.frozen_time) throw invalidRequest('Clocks only move forward.', { param: 'to' });
    Object.assign(clock, { status: 'advancing', status_details: { advancing: { target_frozen_time: input.to } }, _stopped: null });
    tx.put(clock);
    tx.emit('test_helpers.test_clock.advancing', clock);
  });
  await clocks.advance(input.account, id);
  const clock = await services.store.read((reads) => reads.object(input.account, id));
  if (clock?.doc.frozen_time !== input.to)
    throw invalidRequest(`The clock stopped at ${clock?.doc.frozen_time}: ${clock?.doc._stopped ?? 'the Sandbox is closing'}.`, {
      status: 409,
      code: 'clock_blocked',
    });
  return clocks.state(input.account);
}
