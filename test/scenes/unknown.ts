import type { Intent } from '../../src/store/port.ts';
import type { Installation } from './installation.ts';

export const LOST = { detail: 'AWS did not answer', resources: [] };

const HALF_AN_HOUR = 30 * 60_000;

/**
 * Carries an approved ticket out, so that nobody knows whether it happened.
 * @param sent when and how; absent: so long ago that AWS takes it no more
 */
export async function lost({ store }: Pick<Installation, 'store'>, id: string, sent?: Partial<Intent>) {
  const approver = store.forApprover();
  const ticket = await approver.ticket(id);
  const executor = store.forExecutor('x1');
  const claim = (await executor.claim(ticket.id, 'x1', 60_000))!;
  const intended_at = new Date(Date.parse(await executor.now()) - HALF_AN_HOUR).toISOString();
  const intent = { token: 't', intended_at, ...sent };
  const statements = (await executor.statements()).length;
  await executor.begin(claim, intent, { decisions: ticket.decisions.length, statements }, {}, 10_000);
  const refusal = { code: 'outcome_unknown', message: 'no answer', recovery: 'look' } as const;
  await executor.finish(claim, 'unknown', LOST, refusal);
  return { executor, claim, ticket: await approver.ticket(id) };
}
