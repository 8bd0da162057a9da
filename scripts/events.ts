import { load } from './lib/root.ts';

/** `npm run events`: every event that a room announces, and who listens. */
await load('server/src/doors/api/print-events.ts');
