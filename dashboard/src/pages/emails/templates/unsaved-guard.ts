import { useBlocker } from '@tanstack/react-router';

type Place = { pathname: string; search: { variant?: string; locale?: string } };

/** Asks before an unsaved text is left: for another page, another variant or language, or by closing the window. */
export function useUnsavedGuard(dirty: boolean): void {
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty && textAt(current as Place) !== textAt(next as Place) && !window.confirm('Leave without saving the draft?'),
    enableBeforeUnload: dirty,
  });
}

function textAt({ pathname, search }: Place): string {
  return [pathname, search.variant, search.locale].join(' ');
}
