import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cn } from './cn.ts';

/** A piece of the mail that people may point at. */
export type Marked = { text: string; card: ReactNode };

type Props = {
  html: string;
  title: string /** Width of the reader's window in pixels; the frame narrows where there is less room. */;
  width?: number;
  marks?: Marked[];
};

/** Nothing in a mail may reach the network or run; the frame has no scripts, and its own policy besides. */
const POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; style-src \'unsafe-inline\'">';
const MARK_STYLE =
  '<style>[data-fact]{background:rgba(20,130,150,.13);box-shadow:0 1px 0 rgba(20,130,150,.75);border-radius:2px;cursor:help}[data-fact]:focus-visible{outline:2px solid #14788a;outline-offset:1px}</style>';
const LEAST_HEIGHT = 160;

/**
 * A mail as it was sent, on paper of its own. Same origin so that we can reach in to point at facts and to measure it, but
 * without scripts, forms, pop-ups or a way to leave; links do not lead anywhere from here.
 */
export function MailFrame({ html, title, width = 640, marks }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(LEAST_HEIGHT);
  const [shown, setShown] = useState<{ index: number; x: number; y: number } | null>(null);
  const [loads, setLoads] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new load is a new document
  useEffect(() => {
    const body = frame.current?.contentDocument?.body;
    if (!body) return;
    const fit = () => setHeight(Math.max(LEAST_HEIGHT, body.scrollHeight + 1));
    const watch = new ResizeObserver(fit);
    watch.observe(body);
    fit();
    const stay = (event: Event) => event.preventDefault();
    body.addEventListener('click', stay, true);
    return () => {
      watch.disconnect();
      body.removeEventListener('click', stay, true);
    };
  }, [loads]);
  useEffect(() => {
    const document = frame.current?.contentDocument;
    if (!document?.body || !marks || loads === 0) return;
    return markFacts(document, marks, setShown);
  }, [marks, loads]);
  const card = shown === null ? null : (marks?.[shown.index]?.card ?? null);
  return (
    <div className="relative mx-auto w-full" style={{ maxWidth: width }}>
      <iframe
        ref={frame}
        title={title}
        sandbox="allow-same-origin"
        srcDoc={POLICY + MARK_STYLE + html}
        onLoad={() => setLoads((count) => count + 1)}
        style={{ height }}
        className="block w-full rounded-md border border-line bg-white [color-scheme:light]"
      />
      {card !== null && shown !== null && (
        <div
          role="tooltip"
          style={{ top: shown.y, left: shown.x }}
          className={cn(
            'pointer-events-none absolute z-10 w-72 max-w-[calc(100%-1rem)] rounded-lg bg-raised p-3 text-sm text-ink shadow-raised',
          )}
        >
          {card}
        </div>
      )}
    </div>
  );
}

type Show = (shown: { index: number; x: number; y: number } | null) => void;

/** Wraps each marked text where it stands in the mail, in order; answers how to take everything back. */
function markFacts(document: Document, marks: Marked[], show: Show): () => void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const made: HTMLElement[] = [];
  let node = walker.nextNode() as Text | null;
  let from = 0;
  marks.forEach(({ text }, index) => {
    const found = findFrom(walker, node, from, text);
    if (!found) return;
    const rest = found.node.splitText(found.at);
    const after = rest.splitText(text.length);
    const mark = document.createElement('span');
    mark.dataset.fact = String(index);
    mark.tabIndex = 0;
    rest.replaceWith(mark);
    mark.append(rest);
    made.push(mark);
    walker.currentNode = after;
    node = after;
    from = 0;
  });
  const point = (event: Event) => {
    const mark = (event.target as Element | null)?.closest?.('[data-fact]') as HTMLElement | null;
    show(mark ? placeOf(mark, document) : null);
  };
  const kinds = ['mouseover', 'focusin'];
  for (const kind of kinds) document.addEventListener(kind, point);
  const leave = () => show(null);
  document.addEventListener('mouseleave', leave);
  return () => {
    for (const kind of kinds) document.removeEventListener(kind, point);
    document.removeEventListener('mouseleave', leave);
    for (const mark of made) mark.replaceWith(...mark.childNodes);
    document.body.normalize();
    show(null);
  };
}

/** The next place of a text at or after (node, from), within one text node. Without one the walker stays where it was. */
function findFrom(walker: TreeWalker, start: Text | null, from: number, text: string): { node: Text; at: number } | null {
  let node = start;
  let offset = from;
  while (node) {
    const at = text === '' ? -1 : node.data.indexOf(text, offset);
    if (at >= 0) return { node, at };
    node = walker.nextNode() as Text | null;
    offset = 0;
  }
  if (start) walker.currentNode = start;
  return null;
}

const CARD_WIDTH = 288;
const GAP = 6;

function placeOf(mark: HTMLElement, document: Document): { index: number; x: number; y: number } {
  const box = mark.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  return { index: Number(mark.dataset.fact), x: Math.max(4, Math.min(box.left, room - CARD_WIDTH - 4)), y: box.bottom + GAP };
}
