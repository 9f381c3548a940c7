import type { HttpBindings } from '@hono/node-server';
import { isJsonContentType, type McpHttpHandler } from '@modelcontextprotocol/server';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Issuer } from '../issuer/issuer.ts';
import { sha256 } from '../kernel/digest.ts';
import { identityKey } from '../kernel/identity.ts';
import { boundedText } from '../kernel/safe-text.ts';
import { admitted, metadataOf, type Resource, resourceAt, type Turned } from './admit.ts';
import { guardOf } from './guard.ts';
import type { Busy, Limits } from './limits.ts';
import { readMessage, rpcError } from './message.ts';
import type { KnownTokens, Verified } from './token.ts';
import { type Caller, callerOf, type HubAgent, isMatched, type Match, type Person, personOf } from './who.ts';

/** What a stream listens to is kept as long as it is open: 2,000 tickets or so. */
const MOST_LISTENED = 64 * 1024;

const LISTEN = 'subscriptions/listen';

const AGENTS = '/mcp';
const COMPANIONS = '/companion/mcp';

type Serving = Pick<McpHttpHandler, 'fetch'>;

/** Who may ask, as the configuration has it. */
export interface HubRules {
  readonly agents: readonly HubAgent[];
  /** What agents' tokens must have in scope. */
  readonly scope: string | undefined;
  /** Undefined: no person is asked in a chat client. */
  readonly companions: { readonly scope: string; readonly match: Match | undefined } | undefined;
}

export interface HubContext {
  /** The hub's own address, without a path. */
  readonly url: string;
  readonly issuer: string;
  readonly keysOf: Issuer;
  /** Who may ask, by the configuration as it is now. @throws config_invalid */
  readonly rules: () => Promise<HubRules>;
  readonly limits: Limits;
  /** Of people, at the page and in their chat clients: agents keep nobody from deciding. */
  readonly peoples: Limits;
  readonly now: () => Date;
  /** The agent's server for one session. */
  readonly serving: (caller: Caller) => Promise<Serving>;
  /** A person's companion, for one request. */
  readonly companion: (person: Person) => Promise<Serving>;
  /** Can the store be read? */
  readonly storeReady: () => Promise<boolean>;
  /** People's page, which has everything that isn't named here; it keeps to limits of its own. */
  readonly page: (request: Request) => Response | Promise<Response>;
  /** Is this hub about to end? */
  readonly ending: () => boolean;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** It is served by Node. */
type Env = { Bindings: HttpBindings };
export type HubApp = Hono<Env>;

/** The hub as one function from requests to answers. */
export function hubApp(hub: HubContext): HubApp {
  const app: HubApp = new Hono();
  const known: KnownTokens = new Map();
  // For balancers, which ask by address. They say nothing else.
  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', async (c) => {
    const ready = !hub.ending() && (await hub.storeReady()) && (await hub.keysOf.ready());
    return ready ? c.text('ready\n') : c.text('not ready\n', 503, { 'retry-after': '1' });
  });
  app.use(guardOf(hub.url));
  open(app, hub, AGENTS, agentsDoor(hub), known);
  open(app, hub, COMPANIONS, companionsDoor(hub), known);
  app.all('/.well-known/*', notFound);
  app.all('*', (c) => (hub.ending() ? turnedToAnother(c) : hub.page(c.req.raw)));
  app.onError((error, c) => {
    // A client that went away in the middle of its message is no fault of the hub's.
    if (c.req.raw.signal.aborted) hub.log.info({ path: c.req.path }, 'a client went away');
    else hub.log.error({ err: error }, 'the hub could not answer');
    return c.json({ error: 'server_error' }, 503, { 'retry-after': '1', 'cache-control': 'no-store' });
  });
  return app;
}

/** One of the resources: its tokens are taken at no other, and who asks there is judged by rules of its own. */
interface Door<C extends Person & { readonly agent?: string }> {
  /** Undefined where the configuration has none. */
  readonly resource: (rules: HubRules) => Resource | undefined;
  /** Undefined: nobody whom the rules know. */
  readonly caller: (rules: HubRules, token: Verified, now: number) => C | undefined;
  readonly limits: Limits;
  readonly serving: (caller: C) => Promise<Serving>;
}

function agentsDoor({ url, limits, serving }: HubContext): Door<Caller> {
  const resource = ({ scope }: HubRules) => resourceAt(url, AGENTS, scope);
  return { resource, caller: ({ agents }, token, now) => callerOf(agents, token, now), limits, serving };
}

function companionsDoor({ url, peoples, companion }: HubContext): Door<Person> {
  const resource = ({ companions }: HubRules) => companions && resourceAt(url, COMPANIONS, companions.scope);
  // A client that an agent works in may have got a token for this resource, too.
  const caller = ({ companions }: HubRules, token: Verified) =>
    companions && isMatched(token, companions.match ?? {}) ? personOf(token) : undefined;
  return { resource, caller, limits: peoples, serving: companion };
}

function open<C extends Person>(app: HubApp, hub: HubContext, path: string, door: Door<C>, known: KnownTokens): void {
  app.get(`/.well-known/oauth-protected-resource${path}`, async (c) => {
    const resource = door.resource(await hub.rules());
    return resource ? c.json(metadataOf(resource, hub.issuer)) : notFound(c);
  });
  app.all(path, (c) => answerAt(hub, door, known, c));
}

async function answerAt<C extends Person & { readonly agent?: string }>(
  hub: HubContext,
  door: Door<C>,
  known: KnownTokens,
  c: Context<Env>,
): Promise<Response> {
  if (hub.ending()) return turnedToAnother(c);
  const now = hub.now();
  const rules = await hub.rules();
  const resource = door.resource(rules);
  if (!resource) return notFound(c);
  const from = { issuer: hub.issuer, at: hub.keysOf, now, known };
  const token = await admitted(c.req.header('authorization'), resource, from);
  if ('why' in token) return turned(hub, c, token);
  const caller = door.caller(rules, token, now.getTime());
  if (!caller)
    return turned(hub, c, { status: 403, error: 'access_denied', headers: {}, why: 'no_rule', ...whoIn(token) });
  // Before anything is counted: hono answers HEAD as GET and drops the body, so that nothing would end its share.
  if (c.req.raw.method !== 'POST') return c.json({ error: 'method_not_allowed' }, 405, { allow: 'POST' });
  const listens = c.req.header('mcp-method') === LISTEN;
  const entered = door.limits.enter(identityKey(caller.identity), listens);
  if (typeof entered !== 'function') {
    hub.log.warn({ agent: caller.agent, ...whoIn(token), status: entered.status }, 'too much at once');
    return slowDown(c, entered);
  }
  const answer = await answered(c, door, caller, listens).catch(rethrowing(entered));
  if (!isStream(answer)) return await whole(c, answer, entered);
  if (!listens) return ending(answer, entered);
  // A stream that only listens is heard no longer than its token is good for, by the rules as they are then.
  const stays = async () => {
    const then = await hub.rules();
    const at = door.resource(then);
    if (!at || (at.scope !== undefined && !token.scopes.has(at.scope))) return false;
    return JSON.stringify(door.caller(then, token, now.getTime())) === JSON.stringify(caller);
  };
  return ending(answer, entered, { lastsMs: token.expires * 1_000 - now.getTime(), stays });
}

function notFound(c: Context): Response {
  return c.json({ error: 'not_found' }, 404);
}

function turnedToAnother(c: Context): Response {
  return c.json({ error: 'temporarily_unavailable' }, 503, { 'retry-after': '1', connection: 'close' });
}

/** One message, which is read only now that it is known whose it is. */
async function answered<C extends Person>(
  c: Context,
  { limits, serving }: Door<C>,
  caller: C,
  listens: boolean,
): Promise<Response> {
  const request = c.req.raw;
  if (!isJsonContentType(request.headers.get('content-type'))) return (await serving(caller)).fetch(request);
  const read = await readMessage(request, (work) => limits.spend(identityKey(caller.identity), work));
  if ('refused' in read) return read.refused instanceof Response ? read.refused : slowDown(c, read.refused);
  const { message: parsedBody, length } = read;
  const method = typeof parsedBody === 'object' && parsedBody && 'method' in parsedBody ? parsedBody.method : undefined;
  // What is counted as listening isn't waited for when the hub ends.
  if ((method === LISTEN) !== listens) return rpcError(400, -32_020, 'mcp-method is not the method of the message');
  if (listens && length > MOST_LISTENED) return rpcError(413, -32_600, 'that is too much to listen to');
  return (await serving(caller)).fetch(request, { parsedBody });
}

function slowDown(c: Context, { status, retryAfter }: Busy): Response {
  return c.json({ error: 'slow_down' }, status, { 'retry-after': String(retryAfter) });
}

function turned({ log }: HubContext, c: Context, { status, error, headers, why, ...who }: Turned): Response {
  log.warn({ path: c.req.path, status, why, ...who }, 'a request was turned away');
  return c.json({ error }, status, headers);
}

/** Whose token it was, once that is known: the issuer signed it. */
function whoIn({ subject }: Verified): object {
  return { subject: boundedText(subject, 100, sha256) };
}

function rethrowing(ended: () => void) {
  return (error: unknown): never => {
    ended();
    throw error;
  };
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

/** What it took is free again once all of it is sent, or its connection is gone. */
async function whole(c: Context<Env>, answer: Response, ended: () => void): Promise<Response> {
  const { outgoing } = c.env;
  if (outgoing.destroyed) ended();
  else outgoing.once('close', ended);
  return new Response(await answer.text(), { status: answer.status, headers: answer.headers });
}

/** Timers take no more. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * The same answer; what it took is free again once all of it is sent, or nobody reads it any more.
 * @param listening after which time it is ended, and whether more of it may still be told
 */
function ending(
  response: Response,
  ended: () => void,
  listening?: { readonly lastsMs: number; readonly stays: () => Promise<boolean> },
): Response {
  if (!response.body) {
    ended();
    return response;
  }
  const reader = response.body.getReader();
  let timer: NodeJS.Timeout | undefined;
  const over = () => {
    clearTimeout(timer);
    ended();
  };
  const body = new ReadableStream({
    start(controller) {
      if (!listening) return;
      const end = () => {
        over();
        controller.close();
        reader.cancel().catch(() => undefined);
      };
      timer = setTimeout(end, Math.min(Math.max(listening.lastsMs, 0), LONGEST_MS));
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done && (!listening || (await listening.stays()))) return controller.enqueue(value);
        over();
        controller.close();
        if (!done) await reader.cancel();
      } catch (error) {
        over();
        controller.error(error);
      }
    },
    cancel(reason) {
      over();
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
