import type { ErrorComponentProps } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Page } from '../ui/page.tsx';

export function NotFoundPage() {
  return (
    <Page title="Not found" width="text">
      <EmptyState icon={Compass} title="There is no page at this address" action={<ButtonLink to="/">Go home</ButtonLink>}>
        The link may be old, or it may belong to another environment.
      </EmptyState>
    </Page>
  );
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="Something went wrong" width="text">
      <ErrorState what="This page has a fault" error={error} onRetry={reset} />
    </Page>
  );
}
