import { room as accounts } from './accounts/index.ts';
import { room as customers } from './customers/index.ts';
import { room as mailbox } from './doors/mailbox/index.ts';
import { room as pay } from './doors/pay/index.ts';
import { room as emails } from './emails/index.ts';
import { room as invoices } from './invoices/index.ts';
import type { Room } from './kit/room.ts';
import { room as payments } from './payments/index.ts';
import { room as mail } from './providers/mail/index.ts';
import { room as stripe } from './providers/stripe/index.ts';
import { room as subscriptions } from './subscriptions/index.ts';

/** Every room, in import order: subscribers run in this order too. */
export const rooms: readonly Room[] = [accounts, customers, subscriptions, invoices, payments, emails, stripe, mail, mailbox, pay];
