import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addAuthenticator, startBrowser, type Tab } from '../scenes/browser.ts';
import { NO_CHROMIUM } from '../scenes/chromium.ts';
import { makePlace, type Place, REASON, stop, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { PRESENCE } from '../scenes/page.ts';
import { freePort } from '../scenes/page-process.ts';
import { certificateFor } from './certificate.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000 });

/** As a machine is called in a tailnet. */
const NAME = 'desk.tail0000.ts.net';
const ORIGIN = `https://${NAME}`;

/**
 * What `tailscale serve` does with a request: TLS ends here, the host stays as it was, and headers say who it came
 * from.
 */
async function tailscaleServe(to: () => number): Promise<number> {
  const server = createServer(certificateFor(NAME), (asked, answer) => {
    const headers = {
      ...asked.headers,
      'x-forwarded-for': '100.64.0.7',
      'x-forwarded-host': asked.headers.host,
      'x-forwarded-proto': 'https',
      'tailscale-user-login': 'ida@example.com',
      'tailscale-user-name': 'Ida',
    };
    const { url: path = '/', method = 'GET' } = asked;
    const passedOn = request({ host: '127.0.0.1', port: to(), path, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    // A tab goes on asking for a moment after the page has ended.
    passedOn.on('error', () => answer.writeHead(502).end());
    asked.pipe(passedOn);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A folder with noa as its first approver. */
async function openPlace(): Promise<Place> {
  const place = makePlace();
  onTestFinished(() => place[Symbol.asyncDispose]());
  writeFileSync(join(place.home, 'policy.cedar'), PRESENCE);
  await enroll(place, 'noa');
  return place;
}

/**
 * The page, as browsers reach it at this origin; without one, at its own. Its port must be in the configuration before
 * it starts: where another process took it meanwhile, the page gets another one.
 */
async function openPage(place: Place, origin?: string): Promise<OpenPage> {
  const port = await freePort();
  const web = JSON.stringify({ port, ...(origin ? { origin } : {}) });
  writeFileSync(join(place.home, 'config.yaml'), `policy: ./policy.cedar\nweb: ${web}\n`);
  const child = place.start(['web']);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  await until(
    () => said,
    (text) => text.includes('Ctrl-C') || child.exitCode !== null,
  );
  if (said.includes(`port ${port} is in use`)) return openPage(place, origin);
  expect(said).toContain('Ctrl-C');
  return { child, port, enrolling: /https?:\S+\/enroll\S+/.exec(said)?.[0] ?? '' };
}

interface OpenPage {
  readonly child: ChildProcess;
  readonly port: number;
  readonly enrolling: string;
}

/** Registers a passkey where the page is, and noa enrolls it. */
async function enrolledHere(tab: Tab, place: Place, enrolling: string): Promise<void> {
  await tab.goto(enrolling);
  await tab.fill('#name', 'ida');
  await tab.click('form[data-registers] button');
  await tab.until(`document.querySelector('.fingerprint')`);
  const key = await tab.text('.fingerprint');
  const ran = await place.cli(['approvers', 'enroll', 'ida', '--key', key, '--yes', '--as', 'noa']);
  expect(ran.code, ran.stderr).toBe(0);
}

async function askedFor(place: Place): Promise<{ id: string; review_url: string }> {
  const agent = await place.agent(['--sandbox', '--no-executor', '--operator', 'otto']);
  const { ticket } = await agent.call('cloudformation_delete_stack', { stack_name: 'shop-production', reason: REASON });
  return ticket;
}

/** Asks the page as a proxy would, with every header under control. */
function ask(port: number, path: string, headers: Record<string, string>, body?: unknown) {
  return new Promise<{ status: number; text: string }>((done, failed) => {
    const method = body === undefined ? 'GET' : 'POST';
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
    });
    asked.once('error', failed);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test('behind a proxy the page answers to the configured name alone, whatever the proxy adds', async () => {
  const { port, enrolling } = await openPage(await openPlace(), ORIGIN);
  expect(enrolling).toMatch(new RegExp(`^${ORIGIN}/enroll\\?s=[\\w-]{43}$`));
  const { pathname, search, searchParams } = new URL(enrolling);
  const here = { host: NAME };
  expect((await ask(port, pathname + search, here)).status).toBe(200);
  for (const host of [
    `localhost:${port}`,
    `127.0.0.1:${port}`,
    `${NAME}:${port}`,
    `${NAME}.`,
    'other.tail0000.ts.net',
  ]) {
    const answer = await ask(port, pathname + search, { host, 'x-forwarded-host': NAME });
    expect(answer, host).toEqual({ status: 421, text: `This page is at ${ORIGIN}\n` });
  }
  const post = (origin: string) =>
    ask(
      port,
      '/enroll/registration',
      { ...here, origin, 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
      { s: searchParams.get('s'), name: 'ida', hardware: false },
    );
  for (const origin of [`http://${NAME}`, `http://localhost:${port}`, `${ORIGIN}:8443`])
    expect((await post(origin)).status, origin).toBe(403);
  const asked = await post(ORIGIN);
  expect(asked.status).toBe(200);
  expect(JSON.parse(asked.text).options.rp).toEqual({ name: 'Holdshort', id: NAME });
});

test('a passkey is registered and approves at the address of the proxy, where one of localhost is not even offered', async (context) => {
  let port = 0;
  const proxy = await tailscaleServe(() => port);
  const browser = await startBrowser(
    `--host-resolver-rules=MAP ${NAME}:443 127.0.0.1:${proxy}`,
    '--ignore-certificate-errors',
  );
  if (!browser) return context.skip(NO_CHROMIUM);
  onTestFinished(() => browser.close());
  const place = await openPlace();
  const tab = await browser.tab();
  await addAuthenticator(tab);

  const local = await openPage(place);
  await enrolledHere(tab, place, local.enrolling);
  await stop(local.child);

  const behind = await openPage(place, ORIGIN);
  port = behind.port;
  const ticket = await askedFor(place);
  expect(ticket.review_url).toMatch(new RegExp(`^${ORIGIN}/tickets/${ticket.id}\\?s=`));
  await tab.goto(ticket.review_url);
  expect(await tab.text('.decide')).toContain('No passkey is enrolled for this page yet');

  await enrolledHere(tab, place, behind.enrolling);
  await tab.goto(ticket.review_url);
  await tab.click('button[value=approve]');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text()).toContain('ida approved it (presence)');
  const { decisions } = (await place.json(['tickets', 'show', ticket.id])).ticket;
  expect(decisions).toEqual([{ decision: 'approve', by: 'ida', assurance: 'presence' }]);
});
