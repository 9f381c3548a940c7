import type { StoredEntry } from '../../audit/log.ts';
import { STATEMENT_EVENTS } from '../../audit/statement-events.ts';
import { isUnaltered } from '../../audit/ticket-log.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { type Recorded, readStatement, type Statement } from '../../kernel/statement.ts';
import type { ApproverStore } from '../port.ts';
import { tellsOf } from './outbox.ts';
import type { Entry } from './step.ts';

type Stated = Parameters<ApproverStore['recordStatement']>[0];

/**
 * The kind of a signed statement, which its event is the one of.
 * @throws internal
 */
export function kindOf({ signed, event }: Stated): Statement['kind'] {
  const kind = readStatement(signed)?.kind;
  if (kind === undefined || kind === 'decision' || kind === 'resolve' || STATEMENT_EVENTS[kind] !== event.type)
    throw new HoldshortError('internal', `this is no statement for ${event.type}`, 'report this as a defect');
  return kind;
}

export function onlyStops(kind: Statement['kind']): boolean {
  return kind === 'halt' || kind === 'revoke';
}

/**
 * The numbered entry that holds the statement.
 * @param statements how many the log holds now
 * @throws conflict where others were recorded since this one was weighed
 */
export function stated({ signed, expected, event }: Stated, kind: Statement['kind'], statements: number): Entry {
  if (statements !== expected)
    throw new HoldshortError(
      'conflict',
      `there are ${statements} statements, not ${expected}: somebody enrolled, revoked, halted or resumed meanwhile`,
      'read them again, then decide anew',
    );
  const detail = { ...event.detail, ...signed, statement_seq: expected + 1 };
  return { event: { ...event, detail }, tells: tellsOf(kind) };
}

/**
 * All signed statements, in log order. Dropping the one that revokes a key or halts everything would bring both back,
 * so a gap is refused, never skipped.
 * @param entries those that are numbered as statements, by that number; without `voids`
 * @param count how many were recorded
 * @param voids the numbers of entries that were seen to count for nothing, ascending: each stands there without text
 * @throws tampered
 */
export function statementsIn(
  entries: readonly StoredEntry[],
  count: number | undefined,
  voids: readonly number[] = [],
): readonly Recorded[] {
  const all: Recorded[] = [];
  let left = 0;
  const passOver = (before: number) => {
    for (; (voids[left] ?? before) < before; left += 1)
      all.push({ seq: voids[left] ?? before, statement: '', signature: '' });
  };
  for (const entry of entries) {
    passOver(entry.seq);
    const numbered = isUnaltered(entry) ? parse(entry.text) : undefined;
    if (numbered?.signed.seq !== entry.seq || numbered.number !== all.length + 1)
      throw tampered(`entry ${entry.seq} was altered`);
    if (entry.seq <= (all.at(-1)?.seq ?? 0)) throw tampered(`entry ${entry.seq} is out of order`);
    all.push(numbered.signed);
  }
  passOver(Number.POSITIVE_INFINITY);
  if (all.length !== count) throw tampered(`there are ${all.length}, and ${count} were recorded`);
  return all;
}

function parse(text: string): { number: number; signed: Recorded } | undefined {
  try {
    const { seq, detail } = JSON.parse(text);
    const { statement, signature, statement_seq: number } = detail;
    return { number, signed: { statement: String(statement), signature: String(signature), seq } };
  } catch {
    return undefined;
  }
}

function tampered(what: string): HoldshortError {
  return new HoldshortError(
    'tampered',
    `the signed statements in the log are not whole: ${what}`,
    'nothing runs until this is cleared up: run `holdshort audit verify`, then go on from a backup',
  );
}
