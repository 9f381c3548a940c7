import { ENVIRONMENTS } from '../kernel/environment.ts';
import type { TicketState } from '../kernel/ticket.ts';
import { followed } from '../store/followed.ts';
import type { ApproverStore, Store, StoredTicket } from '../store/port.ts';
import type { Facts, Telemetry } from './telemetry.ts';

/**
 * The same store, which counts what it wrote down.
 * @param tools those that there are: who writes rows calls a ticket's as it likes, each time another way
 */
export function measured(store: Store, telemetry: Telemetry, tools: ReadonlySet<string>): Store {
  const factsOf = (ticket: StoredTicket) => of(ticket, tools);
  const reached = reaching(telemetry, factsOf);
  const counted = followed(store, ({ state, stored, code }, read) => {
    if (stored) return reached(stored, state);
    if (code) telemetry.count('refusals', { code });
    // Beside what goes on: no request waits for it, and where it can't be read it isn't counted.
    void read().then(
      (ticket) => reached(ticket, state),
      () => undefined,
    );
  });
  return { ...counted, forApprover: () => deciding(counted.forApprover(), telemetry, factsOf) };
}

function reaching(telemetry: Telemetry, factsOf: (ticket: StoredTicket) => Facts) {
  const time = (what: Parameters<Telemetry['time']>[0], from: TicketState, ticket: StoredTicket, facts: Facts) => {
    const [began, ended] = [at(ticket, from), facts.state && at(ticket, facts.state)];
    if (began !== undefined && ended !== undefined) telemetry.time(what, ended - began, facts);
  };
  return (ticket: StoredTicket, state: TicketState): void => {
    const facts = { ...factsOf(ticket), state };
    telemetry.count('tickets', facts);
    if (state === 'approved' || state === 'denied') time('time_to_decision', 'pending', ticket, facts);
    // Of what policy allows nobody decided anything.
    if (state === 'executing' && at(ticket, 'pending') !== undefined)
      time('decision_to_wire', 'approved', ticket, facts);
  };
}

function deciding(store: ApproverStore, telemetry: Telemetry, factsOf: (ticket: StoredTicket) => Facts): ApproverStore {
  return {
    ...store,
    recordDecision: (recorded) =>
      telemetry.span('decision', { ticket: recorded.ticket }, async () => {
        const ticket = await store.recordDecision(recorded);
        telemetry.tell({ ...factsOf(ticket), ...decisionIn(recorded.detail), state: ticket.state });
        return ticket;
      }),
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
