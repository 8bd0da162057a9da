import type { FaultRule } from '../../faults/rules.ts';
import type { Account, PageRequest } from '../../kernel/types.ts';
import { field } from '../form.ts';
import { type Html, html } from '../html.ts';
import { DELIVERY_EFFECTS, REQUEST_EFFECTS } from './fault-form.ts';
import { actionForm, pathTo } from './frame.ts';

/** The rules that concern the account, and a form for the common ones. */
export async function faultsView(rq: PageRequest, account: Account): Promise<Html> {
  const rules = rq.control.faults.list().filter((rule) => rule.match.account === undefined || rule.match.account === account.id);
  const back = pathTo(account.id, 'faults');
  const group = (label: string, effects: Record<string, { label: string }>) =>
    html`<optgroup label="${label}">${Object.entries(effects).map(([value, one]) => html`<option value="${value}">${one.label}</option>`)}</optgroup>`;
  const inner = html`<div class="field"><label for="effect">What happens</label><select id="effect" name="effect">${group('To a request', REQUEST_EFFECTS)}${group('To a webhook', DELIVERY_EFFECTS)}</select></div>
${field({ name: 'where', label: 'Only for this route or event', hint: 'POST /v1/customers, or invoice.paid; * at the end matches a family. Empty means all.', autocomplete: 'off', optional: true })}
${field({ name: 'times', label: 'How many times', type: 'number', value: '1', min: 1, autocomplete: 'off' })}<button>Add the fault</button>`;
  return html`${rules.length === 0 ? html`<p>No fault is set: every request and webhook goes through.</p>` : ruleTable(rq, account, rules)}
<section class="card"><h2>Add a fault</h2>${actionForm(rq, { action: 'add_fault', fields: { account: account.id }, back, inner })}</section>`;
}

function ruleTable(rq: PageRequest, account: Account, rules: FaultRule[]): Html {
  const back = pathTo(account.id, 'faults');
  const row = (rule: FaultRule) => {
    const remove = html`<button class="secondary small" aria-label="Remove ${rule.id}">Remove</button>`;
    return html`<tr><td>${rule.on}</td><td>${matchOf(rule)}</td><td><code>${JSON.stringify(rule.effect)}</code></td><td>${rule.hits}${rule.times === null ? '' : ` of ${rule.times}`}</td><td>${actionForm(rq, { action: 'remove_fault', fields: { account: account.id, fault: rule.id }, back, inner: remove })}</td></tr>`;
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Fault rules"><table class="list"><thead><tr><th scope="col">On</th><th scope="col">Match</th><th scope="col">Effect</th><th scope="col">Hits</th><th scope="col"><span class="visually-hidden">Remove</span></th></tr></thead><tbody>${rules.map(row)}</tbody></table></div>`;
}

function matchOf({ match }: FaultRule): Html {
  const { account: _account, ...rest } = match;
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return html`${parts.length === 0 ? 'everything' : parts.join(', ')}`;
}
