import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the API is while pages are developed (`npm run dev`); built pages are served by the server itself. */
const server = `http://127.0.0.1:${process.env.BILLOW_PORT ?? '4242'}`;
const passedOn = ['/v1', '/api', '/openapi.json', '/docs', '/oauth', '/l', '/healthz', '/readyz'];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: { target: 'baseline-widely-available', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: Object.fromEntries(passedOn.map((path) => [path, { target: server, changeOrigin: false }])) },
});
