import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { linksOf } from '../../approvals/web/links.ts';
import { servePage } from '../../approvals/web/server.ts';
import { sharedBrowser } from '../scenes/browser.ts';
import { NO_CHROMIUM } from '../scenes/chromium.ts';
import { approverTab, type ServedInstallation, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

/** A server on `localhost`, ended with the test. @returns its port */
async function listening(answer: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(answer).listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/**
 * The page behind a proxy that takes away everything with which the page keeps itself out of frames, coming and going.
 */
async function unguardedPage(installation: ServedInstallation) {
  let to = 0;
  const port = await listening((asked, answer) => {
    const { 'sec-fetch-dest': _, ...headers } = asked.headers;
    const { url: path = '/', method = 'GET' } = asked;
    const passedOn = request({ host: '127.0.0.1', port: to, path, method, headers }, (response) => {
      const kept = Object.entries(response.headers).filter(([name]) => !/policy|frame/.test(name));
      answer.writeHead(response.statusCode ?? 502, Object.fromEntries(kept));
      response.pipe(answer);
    });
    asked.pipe(passedOn);
  });
  const context = {
    ...installation.desk,
    seals: installation.seals,
    loginSeals: installation.loginSeals,
    makers: async () => [],
    monotonic: () => performance.now(),
    assets: resolve('dist/web'),
  };
  const page = await servePage(
    {
      port: 0,
      links: (own) => {
        to = own;
        return linksOf(`http://localhost:${port}`, () => installation.key);
      },
    },
    { ...context, failed: (error) => void installation.failures.push(error) },
  );
  onTestFinished(() => page.close());
  return page.links;
}

test("an assertion that the browser made in another page's frame is refused, even where nothing kept the page out of it", async (context) => {
  const browser = await sharedBrowser();
  if (!browser) return context.skip(NO_CHROMIUM);
  onTestFinished(() => browser.close());
  const installation = await servedInstallation();
  const links = await unguardedPage(installation);
  const { tab } = await approverTab(browser, { ...installation, links }, 'ida');
  const ticket = await installation.openTicket();
  const evil = await listening((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(`<iframe src="${links.ticket(ticket.id)}" allow="publickey-credentials-get *"></iframe>`);
  });
  await tab.goto(`http://localhost:${evil}/`);
  const { frameTree } = await tab.send('Page.getFrameTree');
  const [{ frame }] = frameTree.childFrames;
  const { executionContextId } = await tab.send('Page.createIsolatedWorld', { frameId: frame.id });
  const inFrame = async (expression: string) => {
    const options = { contextId: executionContextId, expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await tab.send('Runtime.evaluate', { ...options, userGesture: true });
    expect(exceptionDetails).toBeUndefined();
    return result.value;
  };
  const { said, answer } = await inFrame(`(async () => {
    const s = new URLSearchParams(location.search).get('s');
    const form = document.querySelector('form');
    const post = async (path, body) => (await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json();
    const { options, question } = await post(form.dataset.asks, { s, digest: document.querySelector('main').dataset.digest, decision: 'approve', key: document.querySelector('#key').value, reason: '' });
    const made = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    const response = made.toJSON();
    return { said: new TextDecoder().decode(made.response.clientDataJSON), answer: await post(form.dataset.answers, { s, question, response }) };
  })()`);
  expect(JSON.parse(said)).toMatchObject({ type: 'webauthn.get', origin: links.origin, crossOrigin: true });
  expect(answer).toMatchObject({ refusal: { code: 'approval_invalid' } });
  expect(await installation.state(ticket.id)).toBe('pending');
  expect((await installation.rejections()).map(({ detail }) => detail.code)).toEqual(['approval_invalid']);
  expect(installation.failures).toEqual([]);
});
