import type { AuditEvent } from '../../../audit/entry.ts';
import { ordinary } from '../../story/ordinary.ts';
import type { AtOnce } from '../at-once.ts';
import type { Writing } from '../writing.ts';

interface Appended {
  readonly seq: number;
}

/** An entry of no ticket's. @throws internal */
export function appendingOf(event: AuditEvent) {
  const told = { event: ordinary(event), tells: [] };
  const atOnce: AtOnce<Appended> = { told, answer: ({ seq }) => ({ seq }) };
  return [async (writing: Writing) => atOnce.answer(await writing.log(told)), { atOnce }] as const;
}
