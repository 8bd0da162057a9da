/** The order of architecture.md: a room imports only to its left. */
export const ROOMS = [
  // One file that imports nothing: everybody may know the type of the configuration.
  'config',
  'kit',
  'accounts',
  'catalog',
  'customers',
  'usage',
  'subscriptions',
  'invoices',
  'payments',
  'emails',
  'webhooks',
  'providers',
  'doors',
  'main',
  'demo',
] as const;
export type Room = (typeof ROOMS)[number];

/** Rooms made of independent parts, each with a front door of its own. */
const DIVIDED = new Set<Room>(['providers', 'doors']);
/** The kit is a box of tools, not a room: its files are entered one by one. The others are single files. */
const WITHOUT_FRONT_DOOR = new Set<Room>(['kit', 'config', 'main', 'demo']);

/** Programs that lie in a room because of their subject, and run by hand over the finished whole; nothing imports them. */
export const TOOLS = [
  'server/src/kit/generate-schema.ts',
  'server/src/doors/api/generate-openapi.ts',
  'server/src/doors/api/print-events.ts',
];

/** The room of a path below server/src, null elsewhere. A loose file beside main.ts belongs to the composition root. */
export function roomOf(path: string): Room | null {
  const [, first, rest] = /^server\/src\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (!first) return null;
  if (!rest) return first === 'config.ts' ? 'config' : 'main';
  return isRoom(first) ? first : null;
}

/** The part of a divided room (`providers/stripe`), else the room. */
export function partOf(path: string): string | null {
  const room = roomOf(path);
  if (room === null || !DIVIDED.has(room)) return room;
  const [, part, rest] = /^server\/src\/[^/]+\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  return rest ? `${room}/${part}` : room;
}

/** True for the file through which other rooms enter. */
export function isFrontDoor(path: string): boolean {
  const room = roomOf(path);
  if (room === null) return false;
  if (WITHOUT_FRONT_DOOR.has(room)) return true;
  return path === `server/src/${partOf(path)}/index.ts` || path === `server/src/${room}/index.ts`;
}

export function isRoom(name: string): name is Room {
  return (ROOMS as readonly string[]).includes(name);
}

export function rank(room: Room): number {
  return ROOMS.indexOf(room);
}
