import type { StoredEntry } from '../audit/log.ts';

/** A ticket's row, whole but for its claim: who had it has lost it with the place where it was. */
export interface MovedTicket {
  readonly n: number;
  readonly id: string;
  readonly state: string;
  readonly draft: string;
  readonly plan: string | null;
  readonly digest: string | null;
  readonly call: string | null;
  readonly entries: number;
  readonly claim_epoch: number;
}

export interface MovedResidue {
  readonly ticket: string;
  readonly residue: string;
  readonly tool: string;
  readonly agent: string;
  readonly announced_at: number;
  readonly abandoned: number;
}

export interface MovedNotice {
  readonly id: string;
  readonly recipient: string;
  readonly ticket: string | null;
  readonly seq: number;
  readonly created_at: number;
  readonly due_at: number;
  readonly tries: number;
}

/** Where the log ends. */
export interface MovedTree {
  readonly log_id: string;
  readonly size: number;
  /** The tree's peaks, 32 bytes each. */
  readonly frontier: Uint8Array;
  readonly statements: number;
  readonly news: number;
  /** When the newest entry was written, in milliseconds since 1970; 0 where there is none. */
  readonly newest: number;
}

/** All that a store keeps, of one moment, in pages that memory has room for. */
export interface Moved {
  readonly tree: MovedTree;
  entries(): Iterable<readonly StoredEntry[]>;
  tickets(): Iterable<readonly MovedTicket[]>;
  residues(): Iterable<readonly MovedResidue[]>;
  notices(): Iterable<readonly MovedNotice[]>;
}
