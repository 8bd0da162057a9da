import type { Account, Doc, PageRequest, Timer } from '../../kernel/types.ts';
import { instant } from '../format.ts';
import { type Html, html } from '../html.ts';
import { actionForm, objectLink, pathTo } from './frame.ts';

const TIMERS = 25;
const DAY = 86_400;
const STEPS: Record<string, number> = { 'A day': DAY, 'A week': 7 * DAY, 'A month': 31 * DAY };

type Shown = { clock: Doc | null; now: number; timers: Timer[] };

/** Every clock of the account with its next timers and the buttons that move it. */
export async function clocksView(rq: PageRequest, account: Account): Promise<Html> {
  const shown = await rq.transaction(account.id, async (tx): Promise<Shown[]> => {
    const clocks = await tx.query({ object: 'test_helpers.test_clock' });
    const others = clocks.filter((clock) => clock.id !== account.clockId);
    const own: Shown = {
      clock: clocks.find((clock) => clock.id === account.clockId) ?? null,
      now: tx.now(),
      timers: await tx.timers(null),
    };
    const rest = await Promise.all(
      others.map(async (clock) => ({ clock, now: clock.frozen_time as number, timers: await tx.timers(clock.id) })),
    );
    return [own, ...rest];
  });
  return html`${shown.map((one) => clockCard(rq, account, one))}`;
}

function clockCard(rq: PageRequest, account: Account, { clock, now, timers }: Shown): Html {
  const name = clock === null ? 'Wall time' : (clock.name ?? 'Test clock');
  const next = timers[0];
  return html`<section class="card"><h2>${name}</h2>
<p>${instant(now)}${clock === null ? null : html` · ${objectLink(clock.id)} · ${clock.status}`}</p>
${clock === null ? html`<p class="quiet">This account lives on wall time. Set its clock through the control API to move it.</p>` : advanceForm(rq, { account, clock, now, next })}
<h3>Due next</h3>
${
  timers.length === 0
    ? html`<p class="quiet">Nothing.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Timers of ${name}"><table class="list"><thead><tr><th scope="col">At</th><th scope="col">What</th><th scope="col">Object</th></tr></thead><tbody>${timers.slice(0, TIMERS).map((timer) => html`<tr><td>${instant(timer.dueAt)}</td><td>${timer.kind.replaceAll('_', ' ')}</td><td>${objectLink(timer.ref)}</td></tr>`)}</tbody></table></div>`
}</section>`;
}

function advanceForm(rq: PageRequest, input: { account: Account; clock: Doc; now: number; next: Timer | undefined }): Html {
  const { account, clock, now, next } = input;
  const buttons = Object.entries(STEPS).map(
    ([label, seconds]) => html`<button name="to" value="${now + seconds}" class="secondary small">${label}</button>`,
  );
  const inner = html`<span>Advance by</span>${buttons}${next === undefined ? null : html`<button name="to" value="${Math.max(next.dueAt, now)}" class="secondary small">To the next due thing</button>`}`;
  return actionForm(rq, {
    action: 'advance',
    fields: { account: account.id, clock: clock.id },
    back: pathTo(account.id, 'clocks'),
    inner,
    className: 'inline',
  });
}
