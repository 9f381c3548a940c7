import {
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  type ProtocolEra,
  type Server,
  type ServerEventBus,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Registry } from '../kernel/approvers.ts';
import { briefly } from './brief.ts';
import type { ServerContext } from './context.ts';
import { demandLogin } from './login.ts';
import { createServer, openingOf } from './mcp.ts';
import { changesOf } from './news.ts';

/** Streams of `subscriptions/listen` that one session may hold open here. */
const MOST_SUBSCRIPTIONS = 8;

/** The agent's server over HTTP. */
export interface AgentOverHttp {
  /** @param registry who may decide, as it was read for this request */
  answering(registry: Registry): Pick<McpHttpHandler, 'fetch'>;
  close(): Promise<void>;
}

/**
 * The same server over HTTP, for one agent, operator and session: a server for each request, on both protocol eras, so
 * that any hub answers any request. What it keeps is whether it noted the session, and the streams that listen here.
 */
export function serveAgentOverHttp(context: ServerContext): AgentOverHttp {
  const opening = openingOf(context);
  const registries = new WeakMap<Request, Registry>();
  const serverFor = (era: ProtocolEra, request: Request | undefined) => {
    const enrolled = first(request && registries.get(request), context.enrolled);
    return createServer({ ...context, enrolled }, { era, opening, lives: 'request' });
  };
  const handler = createMcpHandler(({ era, requestInfo }) => serverFor(era, requestInfo), {
    bus: busOf(context),
    maxSubscriptions: MOST_SUBSCRIPTIONS,
    // A sender's own text may be in it, as long as a message.
    onerror: ({ message }) => context.log.warn({ why: briefly(message, 200) }, 'protocol error'),
  });
  return {
    answering: (registry) => ({
      async fetch(request, options) {
        registries.set(request, registry);
        const message = options?.parsedBody;
        if (message === undefined || mayTellMore(context, message) || !(await isLegacyRequest(request, message)))
          return await handler.fetch(request, options);
        return await answeredWhole(serverFor('legacy', request), request, message);
      },
    }),
    close: handler.close,
  };
}

/** Who may decide: the first time as it was just read, and from then on asked for again. */
function first(registry: Registry | undefined, again: ServerContext['enrolled']): ServerContext['enrolled'] {
  let left = registry;
  return async () => {
    const known = left;
    left = undefined;
    return known ?? (await again());
  };
}

/** Whether something may have to be told before the answer: of a call that waits. */
function mayTellMore({ tools }: ServerContext, message: unknown): boolean {
  const { method, params } = (message ?? {}) as {
    readonly method?: unknown;
    readonly params?: { readonly name?: unknown };
  };
  return method === 'tools/call' && tools.find(({ name }) => name === params?.name)?.kind !== 'read';
}

/** The older era's answer as one text: the SDK makes a stream of events for each, even where there is only this one. */
async function answeredWhole(server: Server, request: Request, parsedBody: unknown): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const left = Promise.withResolvers<Response>();
  const leave = () => left.resolve(new Response(null, { status: 499 }));
  request.signal.addEventListener('abort', leave, { once: true });
  if (request.signal.aborted) leave();
  try {
    await server.connect(transport);
    return await Promise.race([transport.handleRequest(request, { parsedBody }), left.promise]);
  } finally {
    // Ends, where nobody waits any more, what is still done for it.
    await server.close();
  }
}

/**
 * News of these tickets, from the store: a change that another hub or an executor made is told like one of our own. The
 * store is watched as long as a stream listens. Nothing else is ever published: a stream that names another's ticket
 * hears nothing of it.
 */
function busOf(context: ServerContext): ServerEventBus {
  const listeners = new Set<Parameters<ServerEventBus['subscribe']>[0]>();
  const changes = changesOf(context);
  let unwatch: (() => void) | undefined;
  const announce = async () => {
    // Whose login was taken back meanwhile is told no more.
    await demandLogin(context);
    for (const uri of await changes.since())
      for (const listener of listeners) listener({ kind: 'resource_updated', uri });
  };
  const announced = () =>
    void announce().catch((error) => context.log.warn({ err: error }, "a ticket's change could not be announced"));
  return {
    publish: () => undefined,
    subscribe(listener) {
      listeners.add(listener);
      if (!unwatch) {
        changes.forget();
        unwatch = context.store.watch(announced);
        announced();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        unwatch?.();
        unwatch = undefined;
      };
    },
  };
}
