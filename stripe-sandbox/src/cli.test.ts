import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Stripe from 'stripe';
import { expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/stripe-sandbox.mjs', import.meta.url));

it('starts alone, prints its address and a key that works, and stops on SIGTERM', async () => {
  const child = spawn(process.execPath, [BIN, '--port', '0', '--clock', '2026-01-01T00:00:00Z'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('secret key')) resolve(text);
    });
    child.once('exit', () => reject(new Error(`ended early: ${text}`)));
  });
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]);
  const key = /sk_test_\w+/.exec(printed)?.[0];
  const stripe = new Stripe(key!, { host: '127.0.0.1', port, protocol: 'http', telemetry: false });
  const customer = await stripe.customers.create({ name: 'Max' });
  expect(customer.created).toBe(Date.UTC(2026, 0, 1) / 1000);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
