/** Every new environment gets its e-mail defaults in the transaction that makes it. */
import type { Subscriber } from '../../kit/events.ts';
import { defaultEmails } from './install.ts';

export const environmentSubscriber: Subscriber = {
  event: 'environment.created',
  by: 'emails',
  why: 'a new environment has templates, flows and captured mail from the start',
  run: (tx) => defaultEmails(tx),
};
