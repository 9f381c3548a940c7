import { z } from 'zod';
import type { Made } from '../../../src/kernel/plan.ts';
import type { Making } from '../../define.ts';
import { LiveState } from './live-state.ts';

const Residue = z.strictObject({ stack_name: z.string(), change_set_name: z.string() });

/** A change set, and whether planning also made its (empty) stack. */
const ChangeSetRef = z.strictObject({
  what: z.literal('change set'),
  id: z.string(),
  stack_id: z.string(),
  created_stack: z.boolean(),
  /** Of a stack that was there before, where it was looked at. */
  live: LiveState.exactOptional(),
});
export type ChangeSetRef = z.output<typeof ChangeSetRef>;

export const CHANGE_SET: Making = {
  what: 'change set',
  request: 'CreateChangeSet',
  residue: Residue,
  ofTicket: ({ change_set_name }, ticket) => change_set_name === changeSetName(ticket),
};

export function changeSetName(ticket: string): string {
  return `holdshort-${ticket.replace(/^tkt_/, '')}`;
}

export function changeSetIn(made: Made | undefined): ChangeSetRef | undefined {
  return made && ChangeSetRef.parse(made);
}
