import type { AgentStore, ApproverStore, ExecutorStore, Store, StoredTicket } from '../store/port.ts';
import type { Installation } from './installation.ts';

/**
 * The same installation, whose log says what became of each ticket in this process, as JSON that names it: for who
 * runs hubs and executors. What proves anything is in the store's log. Never a token, an argument, a reason or a
 * resource's name.
 */
export function noted(installation: Installation): Installation {
  const { log } = installation;
  const reached = (ticket: string, state: string, more: object = {}) =>
    log.info({ ticket, state, ...more }, `a ticket is ${state}`);
  let store: Store | undefined;
  const property = {
    get: () => {
      store ??= notedStore(installation.store, reached);
      return store;
    },
  };
  // The store is opened when it is first asked for.
  return Object.create(installation, { store: property });
}

type Reached = (ticket: string, state: string, more?: object) => void;

function notedStore(store: Store, reached: Reached): Store {
  return {
    ...store,
    forAgent: (caller) => agents(store.forAgent(caller), reached),
    forApprover: () => approvers(store.forApprover(), reached),
    forExecutor: (executor) => executors(store.forExecutor(executor), reached),
  };
}

function agents(store: AgentStore, reached: Reached): AgentStore {
  const opened = ({ id, state, draft: { tool, agent, operator } }: StoredTicket) =>
    reached(id, state, { tool, agent, operator });
  return {
    ...store,
    async openTicket(opening) {
      const answer = await store.openTicket(opening);
      if (!answer.existing) opened(answer.ticket);
      return answer;
    },
    async withdraw(id, reason) {
      const ticket = await store.withdraw(id, reason);
      opened(ticket);
      return ticket;
    },
  };
}

function approvers(store: ApproverStore, reached: Reached): ApproverStore {
  return {
    ...store,
    async recordDecision(recorded) {
      const ticket = await store.recordDecision(recorded);
      if (recorded.to) reached(ticket.id, recorded.to);
      return ticket;
    },
  };
}

function executors(store: ExecutorStore, reached: Reached): ExecutorStore {
  return {
    ...store,
    async begin(claim, ...intent) {
      await store.begin(claim, ...intent);
      reached(claim.ticket, 'executing');
    },
    async finish(claim, to, ...outcome) {
      await store.finish(claim, to, ...outcome);
      reached(claim.ticket, to);
    },
    async stop(claim, to, refusal) {
      await store.stop(claim, to, refusal);
      reached(claim.ticket, to, { code: refusal.code });
    },
    async expire(id) {
      await store.expire(id);
      reached(id, 'expired');
    },
  };
}
