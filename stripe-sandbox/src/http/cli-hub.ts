/** The websockets of running `stripe listen` and `stripe logs tail` commands: who is connected, what goes down which socket. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Services } from '../kernel/services.ts';
import type { Transaction } from '../kernel/transaction.ts';
import type { Doc } from '../kernel/types.ts';
import type { Deliver, OutgoingAnswer, OutgoingRequest } from '../ports.ts';
import { emptyBatch } from '../store/port.ts';
import { LISTENER, LISTENER_SCHEME, setListening, TAIL } from '../webhooks/listeners.ts';
import { type Answer, createForwarder, type Forwarder } from './cli-forward.ts';
import { logMessage, shows, type TailFilters } from './cli-log.ts';
import { pageTransaction } from './pages.ts';
import type { LoggedRequest } from './request-log.ts';
import { acceptWebSocket, refuseUpgrade, type WebSocketConnection, wantsWebSocket } from './websocket.ts';

export const SOCKET_PATH = '/stripecli/subscribe';
const PROTOCOL = 'stripecli-devproxy-v1';
/** The CLI goes by these words: it then asks for a new session. */
const UNKNOWN_ID = 'Unknown WebSocket ID.';
/** A listener that resets its connection is back within this time. */
const GRACE_MS = 10_000;
const CONVERSATION_LENGTH = 24;

type Session = {
  id: string;
  account: string;
  object: string;
  filters: TailFilters;
  forwarder: Forwarder;
  socket: WebSocketConnection | null;
};

export type CliHub = {
  /** Answers an upgrade request on the Sandbox's port. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Takes deliveries to listeners; everything else goes on to `next`. */
  delivering(next: Deliver): Deliver;
  /** A request was answered: tails show it. */
  logged(request: LoggedRequest): void;
  /** The account was reset: its sessions are forgotten and their commands ask for new ones. */
  reset(account?: string): void;
  close(): Promise<void>;
};

type Hub = { services: Services; sessions: Map<string, Session>; closed: boolean; inBackground(work: Promise<void>): void };

export function createCliHub(services: Services): CliHub {
  const sessions = new Map<string, Session>();
  const writing = new Set<Promise<void>>();
  const hub: Hub = {
    services,
    sessions,
    closed: false,
    inBackground(work) {
      const settled = work
        .catch((error: unknown) => void (hub.closed || process.stderr.write(`Stripe Sandbox: ${String(error)}\n`)))
        .finally(() => writing.delete(settled));
      writing.add(settled);
    },
  };
  const forget = (session: Session): void => {
    sessions.delete(session.id);
    session.forwarder.stop();
    session.socket?.close();
  };
  return {
    upgrade(request, socket, head) {
      // Until the handshake is done nobody else listens to it.
      socket.on('error', () => socket.destroy());
      hub.inBackground(connect(hub, { request, socket, head }));
    },
    delivering: (next) => (request) => (request.url.startsWith(LISTENER_SCHEME) ? deliver(hub, request) : next(request)),
    logged(request) {
      for (const session of sessions.values()) {
        if (session.object === TAIL && session.account === request.account && shows(session.filters, request)) {
          session.socket?.send(logMessage(request));
        }
      }
    },
    reset: (account) => [...sessions.values()].filter((one) => account === undefined || one.account === account).forEach(forget),
    async close() {
      hub.closed = true;
      [...sessions.values()].forEach(forget);
      await Promise.all(writing);
    },
  };
}

/** The session must have been asked for before, by its id: browsers cannot send that header, so no web page listens in. */
async function connect(hub: Hub, at: { request: IncomingMessage; socket: Duplex; head: Buffer }): Promise<void> {
  const { services, sessions } = hub;
  const { request, socket } = at;
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname !== SOCKET_PATH || !wantsWebSocket(request)) {
    return refuseUpgrade(socket, 404, `Unrecognized request URL (${request.method}: ${pathname}).`);
  }
  const id = String(request.headers['websocket-id'] ?? '');
  const row = id === '' ? undefined : await services.store.read((reads) => reads.objectAnywhere(id));
  const known = row !== undefined && !row.deleted && [LISTENER, TAIL].includes(row.doc.object);
  if (!known || hub.closed) return refuseUpgrade(socket, 401, UNKNOWN_ID);
  const session = sessions.get(id) ?? newSession(services, { account: row.account, doc: row.doc });
  sessions.set(id, session);
  session.socket?.close();
  const connection: WebSocketConnection = acceptWebSocket(at, {
    protocol: PROTOCOL,
    handlers: { text: (text) => receive(session, text), closed: () => lost(hub, session, connection) },
  });
  session.socket = connection;
  session.forwarder.resume();
  await record(services, session, true);
}

/** Given up after a while, unless the command is back or was replaced by then. */
function lost(hub: Hub, session: Session, socket: WebSocketConnection): void {
  if (session.socket !== socket) return;
  session.socket = null;
  hub.services.clock.after(GRACE_MS, () => {
    if (session.socket !== null || hub.sessions.get(session.id) !== session) return;
    hub.sessions.delete(session.id);
    session.forwarder.stop();
    hub.inBackground(record(hub.services, session, false));
  });
}

function newSession(services: Services, of: { account: string; doc: Doc }): Session {
  const { account, doc } = of;
  const session: Session = {
    id: doc.id,
    account,
    object: doc.object,
    filters: doc.filters ?? {},
    socket: null,
    forwarder: createForwarder({
      clock: services.clock,
      write: (text) => session.socket?.send(text),
      newId: () => `whc_${services.random.alphanumeric(CONVERSATION_LENGTH)}`,
      session: { id: doc.id, forwards: doc.forward_to !== null, version: services.contract.apiVersion },
      late: (event, answer) => void recordLate(services, session, { event, answer }).catch(() => undefined),
    }),
  };
  return session;
}

function receive(session: Session, text: string): void {
  try {
    session.forwarder.receive(JSON.parse(text) as Record<string, unknown>);
  } catch {
    // What is not JSON is nothing the CLI says.
  }
}

/** Never throws: a command has no retries, so what went wrong is final. */
async function deliver({ services, sessions }: Hub, request: OutgoingRequest): Promise<OutgoingAnswer> {
  const id = request.url.slice(LISTENER_SCHEME.length);
  const session = sessions.get(id);
  if (session !== undefined) {
    const result = await session.forwarder.send(request);
    return 'failed' in result ? { status: null, body: result.failed, final: true } : { ...result, final: true };
  }
  const row = await services.store.read((reads) => reads.objectAnywhere(id));
  if (row !== undefined) await record(services, { id, account: row.account }, false);
  return { status: null, body: 'The Stripe CLI is not connected.', final: true };
}

function record(services: Services, session: { id: string; account: string }, live: boolean): Promise<void> {
  return pageTransaction(services, session.account, (tx) => setListening(tx as Transaction, session.id, live));
}

/** An answer that nobody waited for any more still belongs on the delivery. */
async function recordLate(services: Services, session: Session, late: { event: string; answer: Answer }): Promise<void> {
  const { status, body } = late.answer;
  const [known] = await services.store.read((reads) => reads.deliveries({ event: late.event, endpoint: session.id, limit: 1 }));
  // The event of a connected account belongs to that account.
  if (known === undefined) return;
  await services.store.write(known.account, async (writes) => {
    const [row = known] = await writes.deliveries({ account: known.account, event: late.event, endpoint: session.id, limit: 1 });
    const ended = status >= 200 && status < 300 ? ('succeeded' as const) : ('failed' as const);
    await writes.commit({ ...emptyBatch(), deliveries: [{ ...row, status: ended, responseStatus: status, responseBody: body }] });
  });
}
