import type { Json } from '../kernel/digest.ts';

/** What planning may have left in AWS for a ticket. */
export interface StoredResidue {
  readonly ticket: string;
  readonly tool: string;
  readonly residue: { readonly [key: string]: Json };
  readonly announced_at: string;
}
