import type { Refusal } from '../kernel/errors.ts';
import type { TicketState } from '../kernel/ticket.ts';
import type { AgentStore, ApproverStore, ExecutorStore, Store, StoredTicket } from './port.ts';

/** What became of a ticket, as this process wrote it down. */
export interface Reached {
  readonly ticket: string;
  readonly state: TicketState;
  /** The ticket by then, where the write told it. */
  readonly stored?: StoredTicket;
  /** Why an executor ended it. */
  readonly code?: Refusal['code'];
}

/** @param read the ticket as it is now */
export type Follower = (reached: Reached, read: () => Promise<StoredTicket>) => void;

/**
 * The same store, which tells of each step of a ticket that goes through it, once, when it is written. Whatever isn't
 * named here is the store's own.
 */
export function followed(store: Store, tell: Follower): Store {
  return {
    ...store,
    forAgent: (caller) => agents(store.forAgent(caller), tell),
    forApprover: () => approvers(store.forApprover(), tell),
    forExecutor: (executor) => executors(store.forExecutor(executor), tell),
  };
}

function agents(store: AgentStore, tell: Follower): AgentStore {
  const reached = reaching(store, tell);
  return {
    ...store,
    async openTicket(opening) {
      const opened = await store.openTicket(opening);
      if (!opened.existing) reached(opened.ticket);
      return opened;
    },
    async startPlanning(id, draft) {
      return reached(await store.startPlanning(id, draft));
    },
    async refusePlanning(id, refusal) {
      await store.refusePlanning(id, refusal);
      tell({ ticket: id, state: 'refused' }, () => store.ticket(id));
    },
    async withdraw(id, reason) {
      return reached(await store.withdraw(id, reason));
    },
  };
}

function approvers(store: ApproverStore, tell: Follower): ApproverStore {
  const reached = reaching(store, tell);
  return {
    ...store,
    async recordDecision(recorded) {
      const ticket = await store.recordDecision(recorded);
      return recorded.to ? reached(ticket, recorded.to) : ticket;
    },
    async recordResolution(resolution) {
      return reached(await store.recordResolution(resolution), 'resolved');
    },
  };
}

function executors(store: ExecutorStore, tell: Follower): ExecutorStore {
  const moved = (ticket: string, state: TicketState, code?: Refusal['code']) =>
    tell({ ticket, state, ...(code && { code }) }, () => store.ticket(ticket));
  return {
    ...store,
    async begin(claim, ...intent) {
      await store.begin(claim, ...intent);
      moved(claim.ticket, 'executing');
    },
    async finish(claim, to, ...outcome) {
      await store.finish(claim, to, ...outcome);
      moved(claim.ticket, to);
    },
    async stop(claim, to, refusal) {
      await store.stop(claim, to, refusal);
      moved(claim.ticket, to, refusal.code);
    },
    async expire(id) {
      await store.expire(id);
      moved(id, 'expired');
    },
  };
}

function reaching(store: Pick<AgentStore, 'ticket'>, tell: Follower) {
  return (stored: StoredTicket, state = stored.state): StoredTicket => {
    tell({ ticket: stored.id, state, stored }, () => store.ticket(stored.id));
    return stored;
  };
}
