import { followed } from '../store/followed.ts';
import type { Store } from '../store/port.ts';
import type { Log } from './log.ts';

/**
 * The same store; the process's log says, for who runs hubs and executors, what became of each ticket here, as JSON
 * that names it. What proves anything is in the store's own log. Never a token, an argument, a reason or a resource's
 * name.
 */
export function stepsLogged(store: Store, log: Pick<Log, 'info'>): Store {
  return followed(store, ({ ticket, state, stored, code }) => {
    const { tool, agent, operator } = stored?.draft ?? {};
    log.info({ ticket, state, tool, agent, operator, code }, `a ticket is ${state}`);
  });
}
