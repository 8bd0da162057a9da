const KINDS: [RegExp, 'customer' | 'subscription' | 'invoice'][] = [
  [/^(cus|customer)_/, 'customer'],
  [/^(sub|subscription)_/, 'subscription'],
  [/^(in|invoice)_/, 'invoice'],
];

/** The parameter that an id stands for, by its prefix; null for an id of another kind. */
export function subjectOf(id: string): { customer: string } | { subscription: string } | { invoice: string } | null {
  const text = id.trim();
  const kind = KINDS.find(([prefix]) => prefix.test(text))?.[1];
  return kind === undefined ? null : ({ [kind]: text } as { customer: string } | { subscription: string } | { invoice: string });
}
