import { z } from 'zod';
import { type Effect, isDestructive } from './effects.ts';
import { ENVIRONMENTS } from './environment.ts';
import { TicketId } from './ticket.ts';

/** Something that doesn't come back, or not as it was. */
export const Lost = z.strictObject({
  resource: z.string().min(1),
  type: z.string().min(1),
  why: z.string().min(1),
});
export type Lost = z.infer<typeof Lost>;

/** How a change could be taken back from what is kept of it before it runs. A plan without one: nothing is kept. */
export const Undo = z.strictObject({
  /** The tools that bring back what it changes, in the order in which they are asked for; a ticket for each. */
  by: z.array(z.string().min(1)).min(1).max(50),
  lost: z.array(Lost),
  /** What nobody can read and who restores has to give, by name. */
  needs: z.array(z.string().min(1)),
});
export type Undo = z.infer<typeof Undo>;

/** What was kept of a change right before it ran, by the digest of its file (SHA-256, hex). */
export const Kept = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** As it is on disk. */
  bytes: z.int().positive(),
});
export type Kept = z.infer<typeof Kept>;

/** What a plan brings back: which part of the way back from which ticket, and what stays lost. */
export const Restores = z.strictObject({
  ticket: TicketId,
  kit: Kept.shape.sha256,
  /** From 1. */
  part: z.int().positive(),
  of: z.int().positive(),
  lost: Undo.shape.lost,
  /** What that ticket counts as: what brings it back is never asked about more mildly. */
  environment: z.enum(ENVIRONMENTS),
  /** What earlier parts made, by the tickets that made it, of which this part is about. */
  made: z.array(z.strictObject({ part: z.int().positive(), ticket: TicketId, id: z.string().min(1) })).exactOptional(),
  /** The tickets that brought back this same part before, or may have, newest first. */
  before: z.array(TicketId).max(20).exactOptional(),
});
export type Restores = z.infer<typeof Restores>;

/** `yes`: it can be taken back as a whole; `in_part`: not all of it, or only with what people give. */
export const UNDO_EXISTS = ['yes', 'in_part', 'no'] as const;
export type UndoExists = (typeof UNDO_EXISTS)[number];

/** The command that a person types for it, whole. */
export function restoreHint(ticket: TicketId, { needs }: Pick<Undo, 'needs'>, part = 1): string {
  const given = part === 1 && needs.length > 0 ? ' --parameters FILE' : '';
  return `holdshort restore ${ticket}${part === 1 ? '' : ` --part ${part}`}${given} --reason TEXT`;
}

/** Of what destroys nothing no kit is made: what it changes is seen in its plan. */
export function isDestroying(impact: readonly { readonly effect: Effect }[]): boolean {
  return impact.some(({ effect }) => isDestructive(effect));
}

/** What of a plan says how it could be taken back. */
interface MayUndo {
  readonly undo?: Undo | undefined;
}

export function undoExists({ undo }: MayUndo): UndoExists {
  if (!undo) return 'no';
  return undo.lost.length + undo.needs.length > 0 ? 'in_part' : 'yes';
}

/** Is it said of this plan how it could be taken back? Of what destroys nothing, only where there is a way. */
export function tellsUndo({ undo, effects }: MayUndo & { readonly effects: readonly Effect[] }): boolean {
  return undo !== undefined || effects.some(isDestructive);
}
