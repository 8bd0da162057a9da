import {
  Ban,
  Check,
  CheckCheck,
  CircleDashed,
  CircleHelp,
  CircleMinus,
  CircleX,
  Clock,
  Hourglass,
  type LucideIcon,
  MailWarning,
  Pause,
  Pencil,
  ShieldAlert,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import { Badge, type Tone } from './badge.tsx';

type Look = [tone: Tone, icon: LucideIcon, word: string];

/** Every status the server knows, by kind of object: colour, icon and the word people use. */
const LOOKS: Record<string, Record<string, Look>> = {
  message: {
    planned: ['neutral', CircleDashed, 'Planned'],
    held: ['warn', Pause, 'Held'],
    ready: ['info', Clock, 'Ready'],
    sending: ['info', Hourglass, 'Sending'],
    sent: ['ok', Check, 'Sent'],
    delivered: ['ok', CheckCheck, 'Delivered'],
    bounced: ['bad', MailWarning, 'Bounced'],
    complained: ['bad', ShieldAlert, 'Complained'],
    failed: ['bad', CircleX, 'Failed'],
    unknown: ['warn', CircleHelp, 'Unknown'],
    refused: ['bad', Ban, 'Refused'],
    suppressed: ['neutral', CircleMinus, 'Suppressed'],
    canceled: ['neutral', CircleMinus, 'Canceled'],
    expired: ['neutral', Clock, 'Expired'],
  },
  stripe_event: {
    received: ['info', Hourglass, 'Waiting'],
    processed: ['ok', Check, 'Processed'],
    ignored: ['neutral', CircleMinus, 'Ignored'],
    failed: ['warn', TriangleAlert, 'Retrying'],
    quarantined: ['bad', ShieldAlert, 'Quarantined'],
    dead: ['bad', CircleX, 'Gave up'],
  },
  connection: {
    active: ['ok', Check, 'Active'],
    degraded: ['warn', TriangleAlert, 'Degraded'],
    revoked: ['bad', Unplug, 'Revoked'],
    disconnected: ['neutral', Unplug, 'Disconnected'],
  },
  permission: {
    granted: ['ok', Check, 'Granted'],
    granted_by_consent: ['ok', Check, 'By consent'],
    missing: ['bad', CircleX, 'Missing'],
    unproven: ['neutral', CircleHelp, 'Not provable'],
  },
  version: {
    draft: ['info', Pencil, 'Draft'],
    needs_fix: ['bad', TriangleAlert, 'Needs a fix'],
    in_review: ['warn', Hourglass, 'In review'],
    approved: ['ok', Check, 'Published'],
    retired: ['neutral', CircleMinus, 'Replaced'],
  },
  subscription: {
    not_started: ['neutral', CircleDashed, 'Not started'],
    payment_pending: ['warn', Hourglass, 'Payment pending'],
    in_trial: ['info', Clock, 'In trial'],
    active: ['ok', Check, 'Active'],
    canceled: ['neutral', CircleMinus, 'Canceled'],
    expired: ['neutral', Clock, 'Expired'],
  },
  invoice: {
    generating: ['neutral', CircleDashed, 'Generating'],
    draft: ['neutral', Pencil, 'Draft'],
    finalized: ['info', Clock, 'Open'],
    closed: ['neutral', CircleMinus, 'Closed'],
    voided: ['neutral', Ban, 'Voided'],
    paid: ['ok', Check, 'Paid'],
    payment_failed: ['bad', CircleX, 'Payment failed'],
  },
  customer: { active: ['ok', Check, 'Active'], archived: ['neutral', CircleMinus, 'Archived'] },
  transport: {
    active: ['ok', Check, 'Active'],
    paused: ['neutral', Pause, 'Paused'],
    failing: ['bad', CircleX, 'Failing'],
  },
  sender: {
    pending: ['warn', Hourglass, 'To be tested'],
    verified: ['ok', Check, 'Verified'],
    failing: ['bad', CircleX, 'Failing'],
    disabled: ['neutral', CircleMinus, 'Off'],
  },
  switch: { on: ['ok', Check, 'On'], off: ['neutral', CircleMinus, 'Off'] },
};

export type StatusKind = keyof typeof LOOKS & string;

/** A status as an icon and a word, never a colour alone. An unknown one is shown as the server wrote it. */
export function Status({ kind, value }: { kind: string; value: string }) {
  const [tone, icon, word] = LOOKS[kind]?.[value] ?? (['neutral', CircleHelp, value.replaceAll('_', ' ')] as Look);
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

/** The statuses of a kind, for filters. */
export function statusChoices(kind: string): { value: string; label: string }[] {
  return Object.entries(LOOKS[kind] ?? {}).map(([value, [, , label]]) => ({ value, label }));
}
