import type { Room } from '../../kit/room.ts';
import { routes } from './routes.ts';

/** The pages behind the links of mails. */
export const room: Room = { name: 'doors/pay', routes };
