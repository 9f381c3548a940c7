import { createMcpHandler, type McpHttpHandler, type ServerEventBus } from '@modelcontextprotocol/server';
import { briefly } from './brief.ts';
import type { ServerContext } from './context.ts';
import { demandLogin } from './login.ts';
import { createServer, openingOf } from './mcp.ts';
import { changesOf } from './news.ts';

/** Streams of `subscriptions/listen` that one session may hold open here. */
const MOST_SUBSCRIPTIONS = 8;

/**
 * The same server over HTTP, for one agent, operator and session: a server for each request, on both protocol eras, so
 * that any hub answers any request. What it keeps is whether it noted the session, and the streams that listen here.
 */
export function serveAgentOverHttp(context: ServerContext): McpHttpHandler {
  const opening = openingOf(context);
  return createMcpHandler(({ era }) => createServer(context, { era, opening, lives: 'request' }), {
    bus: busOf(context),
    maxSubscriptions: MOST_SUBSCRIPTIONS,
    // A sender's own text may be in it, as long as a message.
    onerror: ({ message }) => context.log.warn({ why: briefly(message, 200) }, 'protocol error'),
  });
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
