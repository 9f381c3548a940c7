import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Chromium, NO_CHROMIUM, sharedChromium, startChromium } from './chromium.ts';

/*
 * As much of the DevTools protocol as these tests need, over Node's own WebSocket.
 * https://chromedevtools.github.io/devtools-protocol/
 */

export interface Browser {
  /** A tab in a profile of its own. */
  tab(): Promise<Tab>;
  close(): Promise<void>;
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme?: 'light' | 'dark';
}

export interface Tab {
  /** Loads a page and returns the answer's status and headers. */
  goto(url: string): Promise<{ readonly status: number; readonly headers: Record<string, string> }>;
  /** Runs an expression in the page, waits for it if it is a promise, and returns its value. */
  run<T = unknown>(expression: string): Promise<T>;
  /** Waits until an expression is true in whatever page is loaded by then, and all of that page is there. */
  until(expression: string): Promise<void>;
  text(selector?: string): Promise<string>;
  click(selector: string): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  look(look: Look): Promise<void>;
  /** PNG, base64; of the whole page or of one element. */
  picture(of?: string): Promise<string>;
  send(method: string, params?: Record<string, unknown>): Promise<any>;
  /** What the page said on its console, and what its policy blocked. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function startBrowser(...flags: readonly string[]): Promise<Browser | undefined> {
  const chromium = await startChromium(flags);
  return chromium && connect(chromium);
}

/** The one browser of a run; closing it closes the tabs that were opened by this. */
export async function sharedBrowser(): Promise<Browser | undefined> {
  const chromium = await sharedChromium();
  return chromium && connect(chromium);
}

/** One browser for all files of a run; where there is none, they are skipped, with the reason. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await sharedBrowser();
  });
  afterAll(async () => await browser?.close());
  beforeEach((context) => {
    if (!browser) context.skip(NO_CHROMIUM);
  });
  return () => {
    if (!browser) throw new Error(NO_CHROMIUM);
    return browser;
  };
}

type Listener = (method: string, params: any) => void;

async function connect(chromium: Chromium): Promise<Browser> {
  const socket = new WebSocket(chromium.endpoint);
  await new Promise((open, failed) => {
    socket.addEventListener('open', open);
    socket.addEventListener('error', failed);
  });
  const waiting = new Map<number, { done: (value: any) => void; failed: (error: Error) => void }>();
  const listeners = new Map<string, Listener>();
  let id = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    if (message.id === undefined) return listeners.get(message.sessionId)?.(message.method, message.params);
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) asked?.failed(new Error(`${message.error.message} ${message.error.data ?? ''}`));
    else asked?.done(message.result);
  });
  const send = (method: string, params: object = {}, sessionId?: string): Promise<any> =>
    new Promise((done, failed) => {
      id += 1;
      waiting.set(id, { done, failed });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }));
    });
  return {
    async tab() {
      const { browserContextId } = await send('Target.createBrowserContext', { disposeOnDetach: true });
      const { targetId } = await send('Target.createTarget', { url: 'about:blank', browserContextId });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const tab = tabOf(
        (method, params) => send(method, params, sessionId),
        (listener) => listeners.set(sessionId, listener),
        () => send('Target.disposeBrowserContext', { browserContextId }),
      );
      await tab.send('Page.enable');
      await tab.send('Page.setLifecycleEventsEnabled', { enabled: true });
      await tab.send('Runtime.enable');
      await tab.send('Network.enable');
      await tab.send('Log.enable');
      await tab.look({ width: 1000, height: 800 });
      return tab;
    },
    async close() {
      socket.close();
      await chromium.close();
    },
  };
}

function tabOf(send: Tab['send'], listen: (listener: Listener) => void, dispose: () => Promise<unknown>): Tab {
  const complaints: string[] = [];
  const answers = new Map<string, { status: number; headers: Record<string, string> }>();
  const loaded = new Set<string>();
  let heard = () => {};
  listen((method, params) => {
    if (method === 'Network.responseReceived' && params.type === 'Document')
      answers.set(params.loaderId, params.response);
    if (method === 'Page.lifecycleEvent' && params.name === 'load') {
      loaded.add(params.loaderId);
      heard();
    }
    if (method === 'Log.entryAdded') complaints.push(params.entry.text);
    if (method === 'Runtime.exceptionThrown') complaints.push(JSON.stringify(params.exceptionDetails));
  });
  const run = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const element = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`;
  const tab: Tab = {
    send,
    run,
    complaints,
    async goto(url) {
      const { errorText, loaderId } = await send('Page.navigate', { url });
      if (errorText) throw new Error(`${url}: ${errorText}`);
      // Another navigation, which the page itself began, may end in between.
      while (!loaded.has(loaderId)) await new Promise<void>((resolve) => (heard = resolve));
      return answers.get(loaderId) ?? { status: 0, headers: {} };
    },
    async until(expression) {
      const deadline = Date.now() + 40_000;
      for (;;) {
        // Between two pages there is nothing to ask, and a page that is still coming has its address but not its words.
        const is = await run<boolean>(`document.readyState === 'complete' && Boolean(${expression})`).catch(
          () => false,
        );
        if (is) return;
        if (Date.now() > deadline) throw new Error(`never: ${expression}\n${await tab.text().catch(() => '')}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    text: (selector = 'body') => run<string>(`${element(selector)}?.innerText ?? ''`),
    async click(selector) {
      await run(`${element(selector)}.scrollIntoView({ block: 'center' })`);
      const at = await run<{ x: number; y: number }>(
        `(() => { const b = ${element(selector)}.getBoundingClientRect(); return { x: b.x + b.width / 2, y: b.y + b.height / 2 }; })()`,
      );
      const mouse = { ...at, button: 'left', clickCount: 1 };
      await send('Input.dispatchMouseEvent', { type: 'mousePressed', ...mouse });
      await send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse });
    },
    async fill(selector, text) {
      await run(`${element(selector)}.focus()`);
      await send('Input.insertText', { text });
    },
    async look({ width, height, scheme = 'light' }) {
      await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
      await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    },
    async picture(of) {
      const clip = of
        ? await run<object>(
            `(() => { const b = ${element(of)}.getBoundingClientRect(); return { x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height, scale: 1 }; })()`,
          )
        : undefined;
      const { data } = await send('Page.captureScreenshot', {
        format: 'png',
        captureBeyondViewport: clip !== undefined,
        ...(clip ? { clip } : {}),
      });
      return data;
    },
    close: async () => void (await dispose()),
  };
  return tab;
}

/** An authenticator that the browser has, with a person in front of it who does what is asked. */
export async function addAuthenticator(tab: Tab, options: Record<string, unknown> = {}) {
  await tab.send('WebAuthn.enable');
  const { authenticatorId } = await tab.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasResidentKey: false,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  });
  return {
    id: authenticatorId as string,
    /** From now on the person doesn't prove to be its holder. */
    unverified: () => tab.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
    credentials: async (): Promise<any[]> =>
      (await tab.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  };
}
