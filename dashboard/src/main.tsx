import './styles.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isSignedOut } from './api/client.ts';
import { createPages } from './router.tsx';
import { Toasts } from './ui/toast.tsx';

/** A session that has ended leads to the sign-in page, and from there back to where the person was. */
function onError(error: unknown): void {
  const { pathname, search } = window.location;
  if (!isSignedOut(error) || pathname === '/sign-in' || pathname === '/welcome') return;
  void pages.navigate({ to: '/sign-in', search: { next: pathname + search } });
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { staleTime: 1000, retry: (failures, error) => failures < 2 && (error as { status?: number }).status === 0 },
    mutations: { retry: false },
  },
});
const pages = createPages();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Toasts>
          <RouterProvider router={pages} />
        </Toasts>
      </QueryClientProvider>
    </StrictMode>,
  );
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
