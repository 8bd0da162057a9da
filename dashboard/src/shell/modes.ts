import type { Mode } from '../api/types.ts';

/** The three modes: when each is right, and what it talks to. */
export const MODE_CHOICES: { mode: Mode; when: string; talksTo: string }[] = [
  {
    mode: 'sandbox',
    when: 'For trying things out, demos and tests. No account, no money, no network; time can be moved.',
    talksTo: 'The Stripe Sandbox that comes with Billow',
  },
  {
    mode: 'test',
    when: 'For development with your own Stripe account. No money moves; mail goes to addresses you allow.',
    talksTo: 'Stripe test mode, and Stripe’s own sandbox accounts',
  },
  {
    mode: 'live',
    when: 'For real customers and real money. Needs a PostgreSQL database; every mail text is approved by a person.',
    talksTo: 'Stripe live mode',
  },
];
