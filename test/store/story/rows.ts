import { expect } from 'vitest';
import { type AuditEvent, entryText } from '../../../src/audit/entry.ts';
import type { StoredEntry } from '../../../src/audit/log.ts';
import { leafHash } from '../../../src/audit/merkle.ts';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { TicketState } from '../../../src/kernel/ticket.ts';
import { draftText, type Row, type TicketRows } from '../../../src/store/story/row.ts';
import type { Entry, Told } from '../../../src/store/story/step.ts';
import { openingOf } from '../../scenes/openings.ts';

/** The moment of these tests, in milliseconds since 1970. */
export const NOW = Date.parse('2026-01-02T03:04:05.678Z');
export const iso = (ms: number) => new Date(ms).toISOString();
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A row as a store would have read it. */
export function rowOf(
  changes: Partial<Row> & { readonly planned?: Partial<PlanRecord>; readonly made?: number } = {},
): Row {
  const { planned = {}, made = NOW, ...rest } = changes;
  const { id, draft, plan } = openingOf(made, { plan: planned });
  return {
    id,
    state: 'pending',
    draft: draftText(draft),
    plan: plan.bytes,
    digest: plan.digest,
    entries: 1,
    claim_owner: null,
    claim_epoch: 0,
    claim_until: null,
    ...rest,
  };
}

type Happened = Pick<AuditEvent, 'type' | 'detail'> & { readonly at: number };

/** The same with its log: an entry for each, numbered. */
export function rowsOf(row: Row, happened: readonly Happened[]): TicketRows {
  const entries = happened.map(({ at, type, detail }, index): StoredEntry => {
    const event = { type, actor: 'approver:ann', detail: { ...detail, ticket_seq: index + 1 } };
    const text = entryText(index + 1, iso(at), event);
    return { seq: index + 1, text, leaf: leafHash(text) };
  });
  return { row: { ...row, entries: entries.length }, entries };
}

/** A ticket's log that goes through these states, a minute apart, until `end`. */
export function passed(
  row: Row,
  states: readonly TicketState[],
  end: number,
  last: Happened['detail'] = {},
): TicketRows {
  return rowsOf(
    { ...row, state: states.at(-1) ?? row.state },
    states.map((state, index) => ({
      at: end - (states.length - 1 - index) * MINUTE,
      type: `ticket.${state}`,
      detail: { digest: row.digest ?? undefined, ...(index === states.length - 1 && last) },
    })),
  );
}

export const CLAIM = { ticket: rowOf().id, owner: 'ex1', epoch: 3 };

/** The same row, with this claim on it. */
export const claimed = (row: Row): Row => ({ ...row, claim_owner: 'ex1', claim_epoch: 3, claim_until: NOW + MINUTE });

export const code = (expected: string) => expect.objectContaining({ code: expected });

/** The only entry of what was told. */
export function entryOf({ entries }: Told): Entry {
  expect(entries).toHaveLength(1);
  return entries[0]!;
}

/** One of the requests of a change that takes several. */
export const STEP = { tool: 'ec2_stop_instances', detail: 'it stops', leaves: 'it is stopped' };
