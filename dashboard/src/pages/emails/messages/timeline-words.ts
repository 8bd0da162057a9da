type Detail = Record<string, unknown>;

/** One timeline row as people read it: what happened and the little worth knowing about it. */
export type Told = { title: string; tone: 'neutral' | 'ok' | 'warn' | 'bad' | 'accent'; detail: string };

const RESULTS: Record<string, [title: string, tone: Told['tone']]> = {
  accepted: ['Accepted by the transport', 'ok'],
  rejected: ['Turned down by the transport', 'bad'],
  throttled: ['The transport asks to wait', 'warn'],
  paused: ['The transport is paused', 'warn'],
  uncertain: ['No clear answer', 'warn'],
  unknown: ['No clear answer', 'warn'],
  sent_again: ['Asked again under the same key', 'neutral'],
};

const TOLD: Record<string, (detail: Detail) => Told> = {
  occurrence: (d) => ({ title: 'It happened', tone: 'accent', detail: [d.trigger, d.witness].filter(Boolean).join(' · ') }),
  route: (d) => ({ title: 'Route chosen', tone: 'neutral', detail: levelWords(d.levels) }),
  planned: (d) => ({ title: 'Planned', tone: 'neutral', detail: d.flow_version === undefined ? '' : `Flow version ${d.flow_version}` }),
  facts: (d) => ({ title: 'Facts read', tone: 'neutral', detail: Array.isArray(d.paths) ? `${d.paths.length} facts` : '' }),
  guards: (d) => ({ title: 'Checked again', tone: 'neutral', detail: d.result === 'go' ? 'Nothing stands in the way' : plain(d.result) }),
  rendered: (d) => ({
    title: 'Written',
    tone: 'neutral',
    detail: [d.locale, d.variant, d.facts_shown !== undefined && `${d.facts_shown} facts shown`].filter(Boolean).join(' · '),
  }),
  ready: () => ({ title: 'Ready to go', tone: 'neutral', detail: '' }),
  attempt: (d) => ({ title: 'Handed to the transport', tone: 'neutral', detail: `Attempt ${d.number ?? 1}` }),
  result: (d) => {
    const [title, tone] = RESULTS[String(d.result)] ?? ['The transport answered', 'neutral'];
    return { title, tone, detail: [d.code, d.text, d.reason].filter(Boolean).map(plain).join(' · ') };
  },
  held: (d) => ({ title: 'Held', tone: 'warn', detail: reasonOf(d) }),
  refused: (d) => ({ title: 'Refused', tone: 'bad', detail: reasonOf(d) }),
  suppressed: (d) => ({ title: 'Suppressed', tone: 'warn', detail: reasonOf(d) }),
  canceled: (d) => ({ title: 'Canceled', tone: 'neutral', detail: reasonOf(d) }),
  expired: (d) => ({ title: 'Too old to send', tone: 'neutral', detail: reasonOf(d) }),
  retried: (d) => ({ title: 'Tried again', tone: 'neutral', detail: plain(d.by) }),
  link_visited: (d) => ({ title: 'A link was opened', tone: 'neutral', detail: plain(d.link) }),
};

/** Words for a row; a kind nobody has told about is shown by its name. */
export function tell(kind: string, detail: Detail): Told {
  const words = plain(kind);
  return TOLD[kind]?.(detail) ?? { title: words.charAt(0).toUpperCase() + words.slice(1), tone: 'neutral', detail: reasonOf(detail) };
}

/** The level that matched, most specific first. */
function levelWords(levels: unknown): string {
  if (!Array.isArray(levels)) return '';
  const won = (levels as { result?: string; level?: number; key?: Record<string, string> }[]).find(
    ({ result }) => result === 'match' || result === 'off',
  );
  if (!won) return 'No route matched';
  const ids = Object.values(won.key ?? {});
  return ids.length === 0 ? 'The one for everything' : ids.join(', ');
}

function reasonOf(detail: Detail): string {
  return [detail.reason, detail.field, detail.error].filter(Boolean).map(plain).join(' · ');
}

function plain(value: unknown): string {
  return value === undefined || value === null ? '' : String(value).replaceAll('_', ' ');
}
