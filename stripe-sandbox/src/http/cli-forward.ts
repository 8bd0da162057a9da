/** Events down one listener's websocket: sent, acknowledged, answered. One conversation per event. */
import type { TransportClock } from '../ports.ts';

/** How long an acknowledged event may hold up the next one until the forwarded address has answered; later answers are still recorded. */
const ANSWER_MS = 500;
const MAX_UNANSWERED = 200;
const TEXT_LIMIT = 1000;

export type Answer = { status: number; body: string };
/** `failed`: nobody acknowledged. */
export type Forwarded = Answer | { failed: string };
type Outgoing = { body: string; headers: Record<string, string>; timeoutMs: number };
export type Forwarder = {
  send(event: Outgoing): Promise<Forwarded>;
  /** A message of the CLI. */
  receive(message: Record<string, unknown>): void;
  /** The connection is back: what was not acknowledged is sent again. */
  resume(): void;
  /** The listener is gone: whoever waits is told. */
  stop(): void;
};

type Waiting = { event: string; type: string; messages: string[]; acknowledged(): void; end(result: Forwarded): void };

/**
 * The CLI acknowledges everything and answers only what it forwards; which types that are (`--events`) it does not tell. So a type that was not
 * answered once is not waited for again, until an answer to it comes after all: `late` gets those.
 */
export function createForwarder(parts: {
  clock: TransportClock;
  write(text: string): void;
  newId(): string;
  session: { id: string; forwards: boolean; version: string };
  late(event: string, answer: Answer): void;
}): Forwarder {
  const { clock, session } = parts;
  const waiting = new Map<string, Waiting>();
  const silent = createSilentTypes(parts.late);
  const begin = (event: Outgoing, resolve: (result: Forwarded) => void): Waiting => {
    const { id, type } = JSON.parse(event.body) as { id: string; type: string };
    const conversation = parts.newId();
    let cancel = clock.after(event.timeoutMs, () => entry.end({ failed: 'The Stripe CLI did not acknowledge the event.' }));
    const entry: Waiting = {
      event: id,
      type,
      // With `--latest` the CLI takes only what names a version, without it only what names none.
      messages: [null, session.version].map((version) => webhookMessage({ ...event, session: session.id, conversation, version })),
      acknowledged() {
        entry.messages = [];
        if (!session.forwards) return entry.end({ status: 200, body: 'Acknowledged by the Stripe CLI.' });
        const giveUp = () => {
          silent.add(conversation, entry);
          entry.end({ status: 200, body: 'Acknowledged by the Stripe CLI; the forwarded address gave no answer.' });
        };
        if (silent.has(type)) return giveUp();
        cancel();
        cancel = clock.after(ANSWER_MS, giveUp);
      },
      end(result) {
        cancel();
        waiting.delete(conversation);
        resolve(result);
      },
    };
    waiting.set(conversation, entry);
    return entry;
  };
  const sendAgain = (entry: Waiting) => entry.messages.forEach(parts.write);
  return {
    send: (event) => new Promise((resolve) => sendAgain(begin(event, resolve))),
    receive(message) {
      const conversation = String(message.webhook_conversation_id ?? '');
      const entry = waiting.get(conversation);
      if (message.type === 'event_ack') entry?.acknowledged();
      if (message.type !== 'webhook_response') return;
      const answer = { status: Number(message.status), body: String(message.body ?? '').slice(0, TEXT_LIMIT) };
      if (entry === undefined) silent.answered(conversation, answer);
      else entry.end(answer);
    },
    resume: () => waiting.forEach(sendAgain),
    stop() {
      for (const entry of [...waiting.values()]) entry.end({ failed: 'The Stripe CLI went away.' });
    },
  };
}

/** The types that were acknowledged and not answered, and the conversations that may still be. */
function createSilentTypes(late: (event: string, answer: Answer) => void) {
  const types = new Set<string>();
  const unanswered = new Map<string, { event: string; type: string }>();
  return {
    has: (type: string) => types.has(type),
    add(conversation: string, { event, type }: { event: string; type: string }): void {
      types.add(type);
      unanswered.set(conversation, { event, type });
      const [oldest] = unanswered.keys();
      if (unanswered.size > MAX_UNANSWERED && oldest !== undefined) unanswered.delete(oldest);
    },
    answered(conversation: string, answer: Answer): void {
      const known = unanswered.get(conversation);
      if (known === undefined) return;
      unanswered.delete(conversation);
      types.delete(known.type);
      late(known.event, answer);
    },
  };
}

function webhookMessage(parts: {
  session: string;
  conversation: string;
  version: string | null;
  body: string;
  headers: Record<string, string>;
}): string {
  return JSON.stringify({
    type: 'webhook_event',
    endpoint: { api_version: parts.version },
    event_payload: parts.body,
    http_headers: parts.headers,
    webhook_conversation_id: parts.conversation,
    webhook_id: parts.session,
  });
}
