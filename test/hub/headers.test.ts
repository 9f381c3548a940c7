import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { type Hub, startHub, withIssuer } from '../scenes/hub.ts';
import type { TestIssuer } from '../scenes/issuer.ts';
import { send } from '../web/requests.ts';
import { claimsAt, DOORS } from './doors.ts';
import { META } from './meta.ts';

/** What a request says of where it goes, where from, and what is in it: at the door of agents as at that of people. */

let place: Place;
let hub: Hub;
let issuer: TestIssuer;

beforeAll(async () => {
  place = makePlace({});
  const its = await withIssuer(place, '', ['scope: holdshort.ask', 'companions: {}']);
  issuer = its.issuer;
  hub = await startHub(place, its.url);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
});

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: META } };
const LISTING = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };
/** A tool that is there and asks for nothing. */
const TOOLS: Readonly<Record<string, string>> = { '/mcp': 'ticket_list', '/companion/mcp': 'approvals_list' };

describe.each(DOORS)('at $path', (door) => {
  const asked = async (headers: Record<string, string>, body: object = LIST) => {
    const token = await issuer.token(claimsAt(hub.url, door));
    const {
      status,
      headers: said,
      body: text,
    } = await send(hub.url + door.path, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        ...{ authorization: `Bearer ${token}`, ...LISTING, ...headers },
      },
      body: JSON.stringify(body),
    });
    return { status, said, text };
  };
  const called = TOOLS[door.path] ?? '';
  const call = { ...LIST, method: 'tools/call', params: { _meta: META, name: called, arguments: {} } };
  const calling = { 'mcp-method': 'tools/call', 'mcp-name': called };

  it('a message with headers that fit is answered', async () => {
    expect(await asked({})).toMatchObject({ status: 200, text: expect.stringContaining('"resultType":"complete"') });
    expect(await asked(calling, call)).toMatchObject({ status: 200, text: expect.stringContaining('"result"') });
  });

  it.each([
    ['another version in the header', { 'mcp-protocol-version': '2025-11-25' }, LIST],
    ['another method in the header', { 'mcp-method': 'tools/call' }, LIST],
    ['a stream that it says is none', { 'mcp-method': 'subscriptions/listen' }, LIST],
    ["another tool's name in the header", { ...calling, 'mcp-name': 'ticket_withdraw' }, call],
    ['the name of a tool in a message that calls none', { 'mcp-method': 'tools/call', 'mcp-name': called }, LIST],
  ])('a message with %s is refused', async (_, headers, body) => {
    const { status, text } = await asked(headers, body);
    expect(status, text).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32_020 } });
  });

  it.each(['evil.example', 'localhost', '127.0.0.1', 'localhost:1'])('the host %s is refused', async (host) => {
    expect((await asked({ host })).status).toBe(403);
    const metadata = `${hub.url}/.well-known/oauth-protected-resource${door.path}`;
    expect((await send(metadata, { headers: { host } })).status).toBe(403);
  });

  it.each(['https://evil.example', 'null', 'http://localhost', 'http://localhost:1'])(
    'the origin %s is refused, and told nothing of its own',
    async (origin) => {
      const { status, said, text } = await asked({ origin });
      expect([status, said['access-control-allow-origin']]).toEqual([403, undefined]);
      expect(text).not.toContain('result');
    },
  );

  it('its own origin is taken', async () => {
    expect((await asked({ origin: hub.url })).status).toBe(200);
  });
});
