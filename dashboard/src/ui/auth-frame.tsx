import type { ReactNode } from 'react';

/** Pages before the sign-in: a mark, a title, one form. */
export function AuthFrame({ title, description, children }: { title: string; description?: ReactNode; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 py-12 sm:py-[14vh]">
      <div className="flex w-full max-w-95 flex-col gap-6">
        <Mark />
        <div>
          <h1 className="text-2xl font-semibold tracking-[-0.018em] text-ink">{title}</h1>
          {description !== undefined && <p className="mt-1 text-base text-pretty text-ink-2">{description}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}

/** Billow's mark. */
export function Mark({ small = false }: { small?: boolean }) {
  return <img src="/favicon.svg" alt="Billow" className={small ? 'size-6' : 'size-9'} />;
}

/** Fields below one another, sent together by Enter or the button. */
export function Form({ onSubmit, children, label }: { onSubmit(): void; children: ReactNode; label: string }) {
  return (
    <form
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      className="flex flex-col gap-4"
    >
      {children}
    </form>
  );
}
