import { Check, Copy } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useCopy } from './id.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** Text for machines: monospaced, scrolls inside, copied by a button. */
export function Code({ text, label, wrap = false }: { text: string; label: string; wrap?: boolean }) {
  const [copied, copy] = useCopy(text);
  return (
    <div className="relative rounded-md border border-line bg-sunken">
      <div className="absolute top-1.5 right-1.5 rounded-md bg-sunken">
        <IconButton icon={copied ? Check : Copy} label={copied ? 'Copied' : `Copy ${label}`} size="sm" onClick={copy} />
      </div>
      <ScrollBox label={label} look="max-h-130 overflow-auto rounded-md">
        <pre className={`px-3.5 py-3 pr-12 font-mono text-xs leading-5 text-ink ${wrap ? 'break-words whitespace-pre-wrap' : ''}`}>
          {text}
        </pre>
      </ScrollBox>
    </div>
  );
}

/** A word of a program inside a sentence. */
export function Mono({ children }: { children: string }) {
  return <code className="rounded-sm bg-sunken px-1 py-px font-mono text-[0.9em] [overflow-wrap:anywhere] text-ink">{children}</code>;
}
