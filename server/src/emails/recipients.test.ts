import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, type Company, type House, openHouse } from '../../test/support/company.ts';
import { fine, smtpSink } from '../../test/support/smtp-sink.ts';
import { isSendableAddress } from './messages/address.ts';
import { createRoute } from './routing/save-route.ts';
import { addSuppression } from './suppressions/change.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('[U2] after a suppression commits nothing to the address is claimed, also when the text was ready', async () => {
  const company = await house.company();
  await company.subscription(await company.customer({ email: 'Ada@Example.org' }));
  await company.makeReady();
  await addSuppression(await company.ctx(), { address: 'ada@example.org', scope: 'all', reason: 'manual' });
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created suppressed manual']);
  expect(await company.mails()).toEqual([]);
});

test('[U1] a marketing suppression never blocks transactional mail', async () => {
  const company = await house.company();
  await addSuppression(await company.ctx(), { address: 'ada@example.org', scope: 'marketing', reason: 'complaint' });
  await company.subscription(await company.customer());
  await company.settle();
  expect(await company.told()).toEqual(['subscription.created sent']);
});

test('[V6] [M10] a sandbox knows one way out, whatever transport is stored', async () => {
  const sink = await smtpSink(fine);
  const company = await house.company();
  await house.kit.app.db
    .updateTable('email_transports')
    .set({
      kind: 'smtp',
      settings: {},
      rev: 2n,
      config_sealed: seal(company, { host: '127.0.0.1', port: sink.port, tls: 'none' }, await transportId(company)),
    })
    .where('environment_id', '=', company.environmentId)
    .execute();
  for (let i = 0; i < 20; i++) await company.subscription(await company.customer({ email: `real${i}@example.com` }));
  await company.settle();
  expect(sink.connections).toBe(0);
  expect(await company.mails()).toHaveLength(20);
  await sink.close();
});

test('[V6] [M10] a test environment writes to its allow-list only; other mail is held and kept in the Mailbox', async () => {
  const sink = await smtpSink(fine);
  const company = await house.company({ mode: 'test' });
  const ctx = await company.ctx();
  const template = await ctx.db
    .selectFrom('email_templates')
    .select('id')
    .where('environment_id', '=', ctx.environmentId)
    .where('key', '=', 'subscription.created')
    .executeTakeFirstOrThrow();
  await expect(createRoute(ctx, { trigger: 'subscription.created', template_id: template.id })).rejects.toMatchObject({
    code: 'person_required',
  });
  await createRoute({ ...ctx, actor: 'user:ada' }, { trigger: 'subscription.created', template_id: template.id });
  await house.kit.app.db
    .updateTable('email_transports')
    .set({ kind: 'smtp', config_sealed: seal(company, { host: '127.0.0.1', port: sink.port, tls: 'none' }, await transportId(company)) })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await house.kit.app.db
    .updateTable('environments')
    .set({ settings: { mail_allow_list: ['allowed.example', 'one@other.example'] } as never })
    .where('id', '=', company.environmentId)
    .execute();
  for (const email of [
    'ada@allowed.example',
    'one@other.example',
    'two@other.example',
    'x@notallowed.example',
    'y@allowed.example.evil.test',
  ])
    await company.subscription(await company.customer({ email }));
  await house.kit.app.queues.drainAll(company.environmentId);
  await house.kit.app.db
    .updateTable('email_messages')
    .set({ send_after: at('2020-01-01T00:00:00Z') })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await house.kit.app.queues.drainAll(company.environmentId);
  expect((await company.told()).sort()).toEqual([
    ...Array(3).fill('subscription.created held not_allow_listed'),
    ...Array(2).fill('subscription.created sent'),
  ]);
  expect(sink.recipients.sort()).toEqual(['ada@allowed.example', 'one@other.example']);
  expect((await company.mails()).map((m) => m.to[0]).sort()).toEqual([
    'two@other.example',
    'x@notallowed.example',
    'y@allowed.example.evil.test',
  ]);
  await sink.close();
});

test('[M6] [D8] an address is one plain address or none', () => {
  for (const good of ['ada@example.org', "o'hara+tag@sub.example.co", 'grüße@exämple.de', 'a.b@localhost'])
    expect(isSendableAddress(good), good).toBe(true);
  for (const bad of [
    '',
    'ada',
    '@x.y',
    'a@',
    'a@b@c',
    'a b@c.d',
    'a@b.c,evil@x.y',
    'a@b.c;evil@x.y',
    '<a@b.c>',
    'Ada <a@b.c>',
    'a@b.c\r\nBcc: evil@x.y',
    'a@b.c\n',
    'a\u0000@b.c',
    '"a b"@c.d',
    'a@b.c (x)',
    'group:a@b.c;',
    'a@[127.0.0.1]',
    'a..b@c.d',
    'a@-b.c',
    'a@b..c',
    'a\u2028@b.c',
  ]) {
    expect(isSendableAddress(bad), JSON.stringify(bad)).toBe(false);
  }
});

test('[M6] line breaks and commas in names and subjects add no recipient and no header', async () => {
  const company = await house.company();
  company.stripe.productName = 'Pro\r\nBcc: evil@example.com\r\n\r\nBody, "x" <evil@example.com>';
  await house.kit.app.db
    .updateTable('email_senders')
    .set({ from_name: 'Evil", <evil@example.com>\r\nBcc: evil@example.com' })
    .where('environment_id', '=', company.environmentId)
    .execute();
  await company.subscription(await company.customer({ name: 'A\r\nCc: evil@example.com' }));
  await company.subscription(await company.customer({ email: 'ada@example.org\r\nRCPT TO:<evil@example.com>' }));
  await company.settle();
  const [mail, ...others] = await company.mails();
  expect(others).toEqual([]);
  expect(mail!.to).toEqual(['ada@example.org']);
  const head = mail!.raw.split('\r\n\r\n')[0]!;
  expect(head).not.toMatch(/^(bcc|cc):/im);
  expect(head.match(/^to:.*$/im)?.[0]).toBe('To: ada@example.org');
  expect(await company.told()).toContain('subscription.created suppressed invalid_address');
});

const transportId = async (company: Company) =>
  (
    await house.kit.app.db
      .selectFrom('email_transports')
      .select('id')
      .where('environment_id', '=', company.environmentId)
      .executeTakeFirstOrThrow()
  ).id;
const seal = (company: Company, config: object, rowId: string) =>
  Buffer.from(
    house.kit.app.secrets.seal(
      { table: 'email_transports', column: 'config_sealed', rowId, environmentId: company.environmentId },
      JSON.stringify(config),
    ),
  );

test('[M6] fuzz: no text passes as an address unless it is one recipient for SMTP too', () => {
  const part = fc.string({ unit: fc.constantFrom(...'abcA9._+-@,;:<>()[]"\\ \r\n\t\u0000\u0085\u2028üß'), maxLength: 24 });
  fc.assert(
    fc.property(part, part, (local, domain) => {
      const address = `${local}@${domain}`;
      if (!isSendableAddress(address)) return;
      expect(address).not.toMatch(/[\s,;:<>()[\]"\\\p{C}]/u);
      expect(address.split('@')).toHaveLength(2);
    }),
    { numRuns: 5_000 },
  );
});
