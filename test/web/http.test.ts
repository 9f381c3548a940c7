import { describe, expect, test } from 'vitest';
import { servedInstallation } from '../scenes/page.ts';
import { answered, choiceOf, handMade } from './hand-made.ts';
import { post, send } from './requests.ts';

describe('reading', () => {
  test('needs the secret of exactly that ticket', async () => {
    const installation = await servedInstallation();
    const [one, two] = [await installation.openTicket(), await installation.openTicket()];
    const { links } = installation;
    expect((await send(links.ticket(one.id))).status).toBe(200);
    const secret = (url: string) => new URL(url).searchParams.get('s') ?? '';
    const wrong = [
      `/tickets/${one.id}`,
      `/tickets/${one.id}?s=`,
      `/tickets/${one.id}?s=${secret(links.ticket(two.id))}`,
      `/tickets/${one.id}?s=${secret(links.list())}`,
      `/tickets/${one.id}?s=${secret(links.ticket(one.id)).slice(1)}`,
      `/tickets/${one.id.slice(0, 14)}?s=${secret(links.ticket(one.id))}`,
      `/tickets/${one.id}/decided?s=${secret(links.ticket(two.id))}`,
      '/',
      '/enroll',
      `/?s=${secret(links.ticket(one.id))}`,
      `/enroll?s=${secret(links.ticket(one.id))}`,
      '/assets/../holdshort.db',
    ];
    const answers = await Promise.all(wrong.map((path) => send(links.origin + path)));
    expect(answers.map(({ status }) => status)).toEqual(wrong.map(() => 404));
    // None can be told from an address that never was.
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    const asked = await post(installation, `/tickets/${one.id}/question`, {
      s: secret(links.ticket(two.id)),
      digest: one.plan!.digest,
      decision: 'approve',
      key: 'k',
      reason: '',
    });
    expect(asked.status).toBe(404);
  });

  test('leads from a ticket to no other', async () => {
    const installation = await servedInstallation();
    const [one, two] = [await installation.openTicket(), await installation.openTicket()];
    for (const url of [installation.links.ticket(one.id), installation.links.decided(one.id)]) {
      const { body } = await send(url);
      expect(body).not.toContain(two.id);
      expect(body).not.toContain(installation.links.list());
    }
  });

  test('comes with every header that keeps other pages out, also where it is refused', async () => {
    const installation = await servedInstallation();
    const { id } = await installation.openTicket();
    const urls = [
      installation.links.list(),
      installation.links.ticket(id),
      installation.links.enroll(),
      `${installation.links.origin}/nothing`,
      `${installation.links.origin}/assets/page.js`,
    ];
    for (const url of urls) {
      const { headers } = await send(url);
      expect(headers, url).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none';(?!.*unsafe).*frame-ancestors 'none'; base-uri 'none'$/,
        ),
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control') || name === 'set-cookie')).toEqual(
        [],
      );
    }
  });

  test('goes on where a plan was tampered with: the ticket is called what it is', async () => {
    const installation = await servedInstallation();
    const { id } = await installation.openTicket();
    const { default: Sqlite } = await import('better-sqlite3');
    const database = new Sqlite(installation.file);
    database.exec('DROP TRIGGER ticket_fixed');
    database.exec(`UPDATE ticket SET plan = replace(plan, 'payments-production', 'payments-playground')`);
    database.close();
    expect((await send(installation.links.list())).body).toContain('Tampered with');
    const shown = await send(installation.links.ticket(id));
    expect(shown.status).toBe(403);
    expect(shown.body).toContain('tampered');
    expect(shown.body).not.toContain('payments-playground');
  });
});

describe('other pages', () => {
  test('whose name points here are refused: the host is exactly ours', async () => {
    const installation = await servedInstallation();
    const { id } = await installation.openTicket();
    const url = installation.links.ticket(id);
    const { port } = new URL(url);
    for (const host of [
      `evil.example:${port}`,
      `localhost`,
      `127.0.0.1:${port}`,
      `localhost:${port}.evil.example`,
      `[::1]:${port}`,
      `LOCALHOST:${port}`,
    ]) {
      const answer = await send(url, { headers: { host } });
      // What is no host at all doesn't even come that far.
      expect([400, 421], host).toContain(answer.status);
      expect(answer.body).not.toContain('payments');
    }
  });

  test('may not ask for anything, whatever they say that they are', async () => {
    const installation = await servedInstallation();
    const { id, plan } = await installation.openTicket();
    const { key } = await handMade(installation, 'ida');
    const s = new URL(installation.links.ticket(id)).searchParams.get('s');
    const choice = { s, digest: plan!.digest, decision: 'approve', key, reason: '' };
    const path = `/tickets/${id}/question`;
    const { port } = new URL(installation.links.origin);
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost',
      `http://localhost:${Number(port) + 1}`,
      `https://localhost:${port}`,
      `http://127.0.0.1:${port}`,
    ])
      expect((await post(installation, path, choice, { origin })).status, origin).toBe(403);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await post(installation, path, choice, { 'sec-fetch-site': site })).status, site).toBe(403);
    const withoutOrigin = await send(installation.links.origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(choice),
    });
    expect(withoutOrigin.status).toBe(403);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await post(installation, path, choice, { 'content-type': type })).status, type).toBe(415);
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect((await send(installation.links.origin + path, { method })).status, method).toBe(405);
    for (const dest of ['iframe', 'frame', 'object', 'embed'])
      expect((await send(installation.links.ticket(id), { headers: { 'sec-fetch-dest': dest } })).status, dest).toBe(
        403,
      );
    expect((await post(installation, path, choice)).status).toBe(200);
  });

  test('find no way in by size or nonsense', async () => {
    const installation = await servedInstallation();
    const { id } = await installation.openTicket();
    const path = `/tickets/${id}/answer`;
    expect((await post(installation, path, 'x'.repeat(140_000))).status).toBe(413);
    for (const body of ['', '{', 'null', '[]', '{"s":1}', '"text"', '{"__proto__":{"s":"x"}}'])
      expect((await post(installation, path, body)).status, body).toBe(400);
    expect(installation.failures).toEqual([]);
  });
});

describe('an assertion that was made by hand', () => {
  const cases = {
    'as it must be': { how: {}, code: undefined },
    'in a frame of another page': { how: { more: { crossOrigin: true } }, code: 'approval_invalid' },
    'below another page': { how: { more: { topOrigin: 'https://evil.example' } }, code: 'approval_invalid' },
    'on another origin': { how: { origin: 'https://evil.example' }, code: 'approval_invalid' },
    'on another port': { how: { origin: 'http://localhost:1' }, code: 'approval_invalid' },
    'for another relying party': { how: { rpId: 'evil.example' }, code: 'approval_invalid' },
    'without its holder': { how: { flags: 0x04 }, code: 'approval_invalid' },
    'without verification': { how: { flags: 0x01 }, code: 'approval_invalid' },
    'as a registration': { how: { type: 'webauthn.create' }, code: 'approval_invalid' },
  } as const;

  test.each(Object.entries(cases))('counts or not: %s', async (_, { how, code }) => {
    const installation = await servedInstallation();
    const ticket = await installation.openTicket();
    const { id } = ticket;
    const { key, passkey } = await handMade(installation, 'ida');
    const asked = await post(installation, `/tickets/${id}/question`, choiceOf(installation, ticket, key));
    const answer = await answered(installation, ticket, passkey, JSON.parse(asked.body), how);
    if (code === undefined) {
      expect(answer, answer.body).toMatchObject({ status: 200 });
      expect(await installation.state(id)).toBe('approved');
    } else {
      expect(JSON.parse(answer.body)).toMatchObject({ refusal: { code } });
      expect(await installation.state(id)).toBe('pending');
      expect((await installation.rejections()).map(({ detail }) => detail.code)).toEqual([code]);
    }
    expect(installation.failures).toEqual([]);
  });
});
