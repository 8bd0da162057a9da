/** From, to and subject of a mail, as a reader's window shows them. */
export function MailHead({
  from,
  to,
  subject,
  preheader,
}: {
  from?: string | null;
  to?: string | null;
  subject: string | null;
  preheader?: string | null;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <p className="text-lg font-semibold text-pretty text-ink [overflow-wrap:anywhere]">{subject ?? 'No subject'}</p>
      {preheader && <p className="truncate text-base text-ink-2">{preheader}</p>}
      {(from || to) && (
        <p className="text-sm text-ink-2 [overflow-wrap:anywhere]">
          {from && <span>{from}</span>}
          {from && to && <span className="text-ink-3"> → </span>}
          {to && <span>{to}</span>}
        </p>
      )}
    </div>
  );
}
