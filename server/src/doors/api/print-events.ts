/** `npm run events`: which announced event reaches whom, and why, so that nothing is hidden. */
import { rooms } from '../../rooms.ts';

const subscribers = rooms.flatMap((room) => room.subscribers ?? []);
const byEvent = Map.groupBy(subscribers, (subscriber) => subscriber.event);
for (const [event, listening] of [...byEvent].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  process.stdout.write(`${event}\n`);
  for (const { by, why, job } of listening)
    process.stdout.write(`  → ${by}${job ? ` (job ${job.name})` : ' (in the transaction)'}: ${why}\n`);
}
process.stdout.write(`${subscribers.length} subscribers of ${byEvent.size} events\n`);
