import type { LinkProps } from '@tanstack/react-router';
import type { Connection } from '../../api/types.ts';

export type Need = { id: string; tone: 'info' | 'warn' | 'bad'; title: string; detail: string; action: string; link: LinkProps };
type Found = { data: unknown[]; has_more: boolean } | undefined;

const STRIPE: LinkProps = { to: '/settings/integrations/stripe' };

/** What the state of the connection asks of a person. */
export function connectionNeeds(connections: Pick<Connection, 'status' | 'status_reason' | 'webhook_problem' | 'permissions'>[]): Need[] {
  const current = connections.find(({ status }) => status !== 'disconnected');
  if (!current)
    return [
      {
        id: 'connect',
        tone: 'info',
        title: 'Stripe is not connected',
        detail: 'Nothing arrives until it is.',
        action: 'Connect',
        link: STRIPE,
      },
    ];
  const missing = current.permissions.filter(({ status }) => status === 'missing').map(({ permission }) => permission);
  const needs: (Need | false)[] = [
    current.status === 'revoked' && {
      id: 'revoked',
      tone: 'bad',
      title: 'Stripe has withdrawn the access',
      detail: current.status_reason ?? 'No call reaches the account any more. Connect it again.',
      action: 'Reconnect',
      link: STRIPE,
    },
    current.status === 'degraded' && {
      id: 'degraded',
      tone: 'warn',
      title: 'The connection is impaired',
      detail: current.status_reason ?? 'Billow tries again by itself.',
      action: 'Look',
      link: STRIPE,
    },
    current.webhook_problem !== null && {
      id: 'webhook',
      tone: 'info',
      title: 'Events are fetched instead of received',
      detail: current.webhook_problem ?? '',
      action: 'Look',
      link: STRIPE,
    },
    missing.length > 0 && {
      id: 'permissions',
      tone: 'warn',
      title: `The key lacks ${missing.length === 1 ? 'a permission' : `${missing.length} permissions`}`,
      detail: missing.join(', '),
      action: 'See which',
      link: STRIPE,
    },
  ];
  return needs.filter((need) => need !== false);
}

const COUNTED: Record<string, Omit<Need, 'id' | 'title'> & { what: [one: string, many: string] }> = {
  refused: {
    tone: 'bad',
    what: ['mail was refused', 'mails were refused'],
    detail: 'A needed fact was missing or wrong, so nothing was sent. Each names the field.',
    action: 'See them',
    link: { to: '/emails/messages', search: { status: 'refused' } },
  },
  unknown: {
    tone: 'warn',
    what: ['mail has an unknown end', 'mails have an unknown end'],
    detail: 'The transport gave no clear answer. Nothing is sent twice; look whether they arrived.',
    action: 'See them',
    link: { to: '/emails/messages', search: { status: 'unknown' } },
  },
  failed: {
    tone: 'warn',
    what: ['mail could not be sent', 'mails could not be sent'],
    detail: 'The transport turned them down for good.',
    action: 'See them',
    link: { to: '/emails/messages', search: { status: 'failed' } },
  },
  quarantined: {
    tone: 'warn',
    what: ['event could not be read', 'events could not be read'],
    detail: 'They are kept and can be replayed.',
    action: 'See them',
    link: { to: '/stripe/events', search: { status: 'quarantined' } },
  },
  dead: {
    tone: 'bad',
    what: ['event was given up', 'events were given up'],
    detail: 'Every attempt failed. Mend the cause, then replay them.',
    action: 'See them',
    link: { to: '/stripe/events', search: { status: 'dead' } },
  },
};

/** `3 mails were refused`, or nothing when there are none. */
export function countNeed(kind: string, found: Found): Need[] {
  const known = COUNTED[kind];
  const count = found?.data.length ?? 0;
  if (!known || count === 0) return [];
  const { what, ...need } = known;
  const number = found?.has_more ? `More than ${count}` : String(count);
  return [{ ...need, id: kind, title: `${number} ${what[count === 1 ? 0 : 1]}` }];
}
