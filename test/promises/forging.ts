import { expect } from 'vitest';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import type { StatementOf } from '../../src/kernel/statement.ts';
import type { Tables } from '../scenes/tables.ts';
import { rewriteLog } from '../scenes/tampering.ts';

import type { Held } from './installations.ts';

/** The approver's own key, as enrolled; the attacker can read it and not sign with it. */
export function anaIn(db: Tables): { readonly key: string; readonly by: string } {
  const detail = db
    .prepare<[], string>("SELECT detail FROM audit_events WHERE type = 'approver.enrolled' ORDER BY seq")
    .pluck()
    .get();
  return { key: JSON.parse(detail!).key, by: 'ana' };
}

export function approvalBy(signer: { key: string; by: string }, ticket: Held): StatementOf<'decision'> {
  return {
    kind: 'decision',
    ticket: ticket.id,
    digest: ticket.digest,
    decision: 'approve',
    assurance: 'key',
    expires_at: '2099-01-01T00:00:00.000Z',
    nonce: 'f'.repeat(32),
    signed_at: new Date().toISOString(),
    ...signer,
  };
}

/** Makes log and row say that the ticket was approved; with a decision, if there is one. */
export function forgeApproval(db: Tables, ticket: Held, decision?: { statement: string; signature: string }): void {
  rewriteLog(db, (entries) => {
    const { at } = entries.at(-1)!;
    const about = { at, actor: 'approver:ana', ticket: ticket.id, tool: 'ec2_terminate_instances' };
    const step = { ...about, type: 'ticket.approved', detail: { digest: ticket.digest, ticket_seq: 0 } };
    const signed = { ...about, type: 'decision.recorded', detail: { ...decision, ticket_seq: 0 } };
    return [...entries, ...(decision ? [signed] : []), step];
  });
  db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(ticket.id);
}

/** Edits the text of one entry and leaves its hash as it was. */
export function editEntry(db: Tables, type: string, ticket: string, from: string, to: string): void {
  const { changes } = db
    .prepare(
      'UPDATE entry SET text = replace(text, ?, ?) WHERE seq IN (SELECT seq FROM audit_events WHERE type = ? AND ticket = ?)',
    )
    .run(from, to, type, ticket);
  expect(changes).toBe(1);
}

export const lenient = (plan: PlanRecord): PlanRecord => ({
  ...plan,
  requirement: { approvals: 0, assurance: 'client', operator_may_approve: true },
});
