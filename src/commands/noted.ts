import { followed } from '../store/followed.ts';
import type { Store } from '../store/port.ts';
import type { Installation } from './installation.ts';

/**
 * The same installation, whose log says what became of each ticket in this process, as JSON that names it: for who
 * runs hubs and executors. What proves anything is in the store's log. Never a token, an argument, a reason or a
 * resource's name.
 */
export function noted(installation: Installation): Installation {
  const { log } = installation;
  let store: Store | undefined;
  const property = {
    get: () => {
      store ??= followed(installation.store, ({ ticket, state, stored, code }) => {
        const { tool, agent, operator } = stored?.draft ?? {};
        log.info({ ticket, state, tool, agent, operator, code }, `a ticket is ${state}`);
      });
      return store;
    },
  };
  // The store is opened when it is first asked for.
  return Object.create(installation, { store: property });
}
