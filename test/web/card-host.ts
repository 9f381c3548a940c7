import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rolldown } from 'rolldown';
import { onTestFinished } from 'vitest';
import { CARD_URI } from '../../approvals/app/shape.ts';
import type { Chat } from '../scenes/hosts.ts';

/** What hosts allow a card that declares nothing: what is in the document. */
const CARD_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

export interface CardHost {
  readonly url: string;
  /** Addresses that the card asked to be opened. */
  readonly opened: readonly string[];
  /** What the card told the model. */
  readonly told: readonly string[];
  /** Tools whose answers get lost between companion and card, from now on. */
  readonly lost: Set<string>;
}

let script: Promise<string> | undefined;

async function bundled(): Promise<string> {
  const bundle = await rolldown({ input: 'test/web/card-host-page.ts', platform: 'browser', logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return output[0].code;
}

/**
 * A chat client's part: a page that calls a tool through a real MCP connection, and renders the tool's card in a frame
 * with the MCP project's own host library. The frame is of the same origin, which no host does, so that a test sees
 * into it.
 */
export async function cardHost(
  chat: Pick<Chat, 'call' | 'read'>,
  { tool, args, theme }: { tool: string; args: Record<string, unknown>; theme?: 'light' | 'dark' },
): Promise<CardHost> {
  script ??= bundled();
  const opened: string[] = [];
  const told: string[] = [];
  const lost = new Set<string>();
  const code = await script;
  const card = await chat.read(CARD_URI);
  const first = { tool, args, theme: theme ?? 'light' };
  const page = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Chat</title><style>body{margin:0}h1{position:absolute;opacity:0}iframe{border:0;width:100%;height:100vh}</style><main><h1>Chat</h1><iframe title="card"></iframe></main><script>window.first = ${JSON.stringify(first)}</script><script type="module" src="/host.js"></script></html>`;
  const server = createServer(async (request, response) => {
    const send = (type: string, body: string, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    switch (request.url) {
      case '/':
        return send('text/html', page);
      case '/host.js':
        return send('text/javascript', code);
      case '/card':
        return send('text/html; charset=utf-8', card, { 'content-security-policy': CARD_POLICY });
      default: {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = JSON.parse(Buffer.concat(chunks).toString());
        if (request.url === '/open') opened.push(body.url);
        if (request.url === '/tell') told.push(body.text);
        const answer = request.url === '/call' ? await called(chat, body) : {};
        return lost.has(body.name) ? response.destroy() : send('application/json', JSON.stringify(answer));
      }
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, opened, told, lost };
}

async function called(
  chat: Pick<Chat, 'call'>,
  { name, arguments: args }: { name: string; arguments: Record<string, unknown> },
) {
  const { text, data, isError, meta } = await chat.call(name, args);
  return { content: [{ type: 'text', text }], structuredContent: data, isError, _meta: meta };
}
