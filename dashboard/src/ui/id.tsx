import { Check, Copy, ExternalLink } from 'lucide-react';
import { createContext, useContext, useState } from 'react';
import { cn } from './cn.ts';

/** Where an object lies in Stripe's own dashboard, by the prefix of its id. */
const STRIPE_PAGES: Record<string, string> = {
  cus: 'customers',
  sub: 'subscriptions',
  in: 'invoices',
  pi: 'payments',
  ch: 'payments',
  prod: 'products',
  price: 'prices',
  evt: 'events',
};

/** Start of the connected account's pages at Stripe; null where there are none (the Stripe Sandbox). */
export const StripePagesContext = createContext<string | null>(null);

/** An id: monospaced, shortened in the middle, copied by click. Stripe's carry its mark and open Stripe where it has a page. */
export function Id({ value, stripe = false }: { value: string | null | undefined; stripe?: boolean }) {
  const base = useContext(StripePagesContext);
  if (!value) return <span className="text-ink-3">–</span>;
  const page = stripe && base !== null ? STRIPE_PAGES[value.split('_')[0] ?? ''] : undefined;
  return (
    <span className="relative z-1 inline-flex max-w-full items-center gap-1 align-middle">
      {stripe && <StripeMark />}
      <CopyText value={value} />
      {page !== undefined && (
        <a
          href={`${base?.replace(/\/$/, '')}/${page}/${value}`}
          target="_blank"
          rel="noreferrer"
          title="Open in Stripe"
          aria-label={`Open ${value} in Stripe`}
          className="-my-1 inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:text-ink"
        >
          <ExternalLink aria-hidden className="size-3.5" />
        </a>
      )}
    </span>
  );
}

function CopyText({ value }: { value: string }) {
  const [copied, copy] = useCopy(value);
  return (
    <button
      type="button"
      onClick={copy}
      title={`${value} · click to copy`}
      className="group inline-flex min-w-0 items-center gap-1 rounded-sm font-mono text-xs text-ink-2 hover:text-ink"
    >
      <span className="truncate">{shorten(value)}</span>
      {copied ? (
        <Check aria-hidden className="size-3 shrink-0 text-ok" />
      ) : (
        <Copy aria-hidden className="size-3 shrink-0 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100" />
      )}
      <span className="sr-only">{copied ? 'copied' : 'copy'}</span>
    </button>
  );
}

/** Stripe's S, so that their ids are told from ours. */
export function StripeMark() {
  return (
    <span
      role="img"
      aria-label="Stripe"
      title="Id in Stripe"
      className={cn(
        'inline-flex size-4 shrink-0 items-center justify-center rounded-sm bg-[#5851ea] text-[0.625rem] leading-none font-bold text-white',
      )}
    >
      S
    </span>
  );
}

const COPIED_MS = 1600;

/** Copies a text and says so for a moment. */
export function useCopy(value: string): [copied: boolean, copy: () => void] {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(value).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), COPIED_MS);
    });
  };
  return [copied, copy];
}

const LONGEST = 22;

/** `message_01jabcdefghijkl…` → `message_01jab…ijkl`: the kind, the start and the end are what people compare. */
export function shorten(id: string): string {
  if (id.length <= LONGEST) return id;
  const cut = id.indexOf('_') + 6;
  return `${id.slice(0, Math.max(cut, 8))}…${id.slice(-5)}`;
}
