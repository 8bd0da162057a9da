import { Check, Copy } from 'lucide-react';
import { Button } from './button.tsx';
import { useCopy } from './id.tsx';

/** A secret that is shown once, with a button to copy it. */
export function Secret({ label, value }: { label: string; value: string }) {
  const [copied, copy] = useCopy(value);
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium text-ink">{label}</span>
      <div className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-sunken p-1.5 pl-3">
        <code className="min-w-0 flex-1 font-mono text-sm break-all text-ink">{value}</code>
        <Button size="sm" icon={copied ? Check : Copy} onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
    </div>
  );
}
