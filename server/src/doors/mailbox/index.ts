import type { Room } from '../../kit/room.ts';
import { routes } from './routes.ts';

export { type MailboxListener, startMailbox } from './listener.ts';

export const room: Room = { name: 'doors/mailbox', routes };
