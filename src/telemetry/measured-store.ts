import { ENVIRONMENTS } from '../kernel/environment.ts';
import type { TicketState } from '../kernel/ticket.ts';
import type { AgentStore, ApproverStore, ExecutorStore, Store, StoredTicket } from '../store/port.ts';
import type { Facts, Telemetry } from './telemetry.ts';

/**
 * The same store, which counts what it wrote down: each step of a ticket goes through here once, in whichever process.
 * Whatever isn't named here is the store's own.
 * @param tools those that there are: who writes rows calls a ticket's as it likes, each time another way
 */
export function measured(store: Store, telemetry: Telemetry, tools: ReadonlySet<string>): Store {
  const tell = tellerOf(telemetry, (ticket) => of(ticket, tools));
  return {
    ...store,
    forAgent: (caller) => agents(store.forAgent(caller), tell),
    forApprover: () => approvers(store.forApprover(), tell, telemetry),
    forExecutor: (executor) => executors(store.forExecutor(executor), tell, telemetry),
  };
}

type Teller = ReturnType<typeof tellerOf>;

function tellerOf(telemetry: Telemetry, factsOf: (ticket: StoredTicket) => Facts) {
  const reached = (ticket: StoredTicket, state: TicketState) => {
    const facts = { ...factsOf(ticket), state };
    telemetry.count('tickets', facts);
    if (state === 'approved' || state === 'denied') time('time_to_decision', 'pending', ticket, facts);
    // Of what policy allows nobody decided anything.
    if (state === 'executing' && at(ticket, 'pending') !== undefined)
      time('decision_to_wire', 'approved', ticket, facts);
  };
  const time = (what: Parameters<Telemetry['time']>[0], from: TicketState, ticket: StoredTicket, facts: Facts) => {
    const [began, ended] = [at(ticket, from), facts.state && at(ticket, facts.state)];
    if (began !== undefined && ended !== undefined) telemetry.time(what, ended - began, facts);
  };
  return {
    reached,
    factsOf,
    /** Beside what goes on: no request waits for it, and where it can't be read it isn't counted. */
    moved: (reader: Pick<AgentStore, 'ticket'>, id: string, state: TicketState) =>
      void reader.ticket(id).then(
        (ticket) => reached(ticket, state),
        () => undefined,
      ),
  };
}

function agents(store: AgentStore, { reached, moved }: Teller): AgentStore {
  return {
    ...store,
    async openTicket(opening) {
      const opened = await store.openTicket(opening);
      if (!opened.existing) reached(opened.ticket, opened.ticket.state);
      return opened;
    },
    async startPlanning(id, draft) {
      const ticket = await store.startPlanning(id, draft);
      reached(ticket, 'planning');
      return ticket;
    },
    async refusePlanning(id, refusal) {
      await store.refusePlanning(id, refusal);
      moved(store, id, 'refused');
    },
    async withdraw(id, reason) {
      const ticket = await store.withdraw(id, reason);
      reached(ticket, 'withdrawn');
      return ticket;
    },
  };
}

function approvers(store: ApproverStore, { reached, factsOf }: Teller, telemetry: Telemetry): ApproverStore {
  return {
    ...store,
    recordDecision: (recorded) =>
      telemetry.span('decision', { ticket: recorded.ticket }, async () => {
        const ticket = await store.recordDecision(recorded);
        telemetry.tell({ ...factsOf(ticket), ...decisionIn(recorded.detail), state: ticket.state });
        if (recorded.to) reached(ticket, recorded.to);
        return ticket;
      }),
    async recordResolution(resolution) {
      const ticket = await store.recordResolution(resolution);
      reached(ticket, 'resolved');
      return ticket;
    },
  };
}

function executors(store: ExecutorStore, { moved }: Teller, telemetry: Telemetry): ExecutorStore {
  return {
    ...store,
    async begin(claim, ...intent) {
      await store.begin(claim, ...intent);
      moved(store, claim.ticket, 'executing');
    },
    async finish(claim, to, ...outcome) {
      await store.finish(claim, to, ...outcome);
      moved(store, claim.ticket, to);
    },
    async stop(claim, to, refusal) {
      await store.stop(claim, to, refusal);
      moved(store, claim.ticket, to);
      telemetry.count('refusals', { code: refusal.code });
    },
    async expire(id) {
      await store.expire(id);
      moved(store, id, 'expired');
    },
  };
}

/** When it came to be in this state last, in milliseconds since 1970, by the store's clock. */
function at({ trail }: StoredTicket, wanted: TicketState): number | undefined {
  const step = trail.findLast(({ state }) => state === wanted);
  return step && Date.parse(step.at);
}

function of({ draft, plan }: StoredTicket, tools: ReadonlySet<string>): Facts {
  return { tool: tools.has(draft.tool) ? draft.tool : 'unknown_tool', ...(plan && environmentIn(plan.bytes)) };
}

/** Unchecked, as nothing rests on it; what is none of ours isn't told. */
function environmentIn(bytes: string): Pick<Facts, 'environment'> {
  try {
    const { environment: written } = JSON.parse(bytes) as { readonly environment?: unknown };
    return { environment: ENVIRONMENTS.find((known) => known === written) };
  } catch {
    return {};
  }
}

function decisionIn({ decision }: { readonly [key: string]: unknown }): Pick<Facts, 'decision'> {
  return { decision: DECISIONS.find((known) => known === decision) };
}

const DECISIONS = ['approve', 'deny', 'withdraw'] as const;
