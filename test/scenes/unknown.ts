import type { Intent } from '../../src/store/port.ts';
import type { Installation } from './installation.ts';

export const LOST = { detail: 'AWS did not answer', resources: [] };

/** Carries an approved ticket out, so that nobody knows whether it happened. */
export async function lost({ store }: Pick<Installation, 'store'>, id: string, session?: Intent['session']) {
  const approver = store.forApprover();
  const ticket = await approver.ticket(id);
  const executor = store.forExecutor('x1');
  const claim = (await executor.claim(ticket.id, 'x1', 60_000))!;
  const intent = { token: 't', intended_at: await executor.now(), ...(session && { session }) };
  const statements = (await executor.statements()).length;
  await executor.begin(claim, intent, { decisions: ticket.decisions.length, statements }, {}, 10_000);
  const refusal = { code: 'outcome_unknown', message: 'no answer', recovery: 'look' } as const;
  await executor.finish(claim, 'unknown', LOST, refusal);
  return { executor, claim, ticket: await approver.ticket(id) };
}
