import { type Registry, registryOf } from '../kernel/approvers.ts';
import type { Makers } from '../kernel/attestation.ts';
import { claimedBy, type Recorded, readStatement } from '../kernel/statement.ts';
import type { Problems } from './problems.ts';
import { isStatementEvent } from './statement-events.ts';
import type { ParsedEntry } from './verify.ts';

/** Who signed needs no maker: that is the same whichever are believed. */
const NO_MAKERS: Makers = [];

export interface SignatureCheck {
  read(seq: number, entry: ParsedEntry): void;
  end(): void;
  /** Whether there was anything signed. */
  some(): boolean;
}

/**
 * Every statement and decision must be signed by the key that it names, and that key must go back to the pinned first one. The attacker
 * writes entries without holding a key.
 * @param rootKeyId undefined where it can't be read: then nothing can be said, and nothing is
 */
export function signatureCheck(problems: Problems, rootKeyId: string | undefined): SignatureCheck {
  const statements: Recorded[] = [];
  let waiting: Recorded[] = [];
  let any = false;
  let known: { readonly count: number; readonly registry: Registry } | undefined;
  const registry = () => {
    if (known?.count !== statements.length)
      known = { count: statements.length, registry: registryOf(statements, rootKeyId, NO_MAKERS) };
    return known.registry;
  };
  const check = () => {
    if (rootKeyId !== undefined) for (const signed of waiting) checkOne(problems, registry(), signed);
    waiting = [];
  };
  return {
    read(seq, { type, ticket, detail }) {
      if (type !== 'decision.recorded' && !isStatementEvent(type)) return;
      any = true;
      const signed = { statement: String(detail.statement), signature: String(detail.signature), seq };
      if (type !== 'decision.recorded') statements.push(signed);
      else checkPlace(problems, signed, ticket);
      waiting.push(signed);
      // A decision needs the people of its time; statements alone can wait for each other.
      if (type === 'decision.recorded') check();
    },
    end: check,
    some: () => any,
  };
}

/** Somebody without a key can copy a true decision about another ticket. */
function checkPlace(problems: Problems, signed: Recorded, ticket: unknown): void {
  const statement = readStatement(signed);
  if (statement?.kind !== 'decision' || statement.ticket === ticket) return;
  const message = `entry ${signed.seq} holds a decision about another ticket (${statement.ticket})`;
  problems.add({ seq: signed.seq, code: 'signature', message });
}

function checkOne(problems: Problems, registry: Registry, signed: Recorded): void {
  const { seq } = signed;
  const statement = readStatement(signed);
  const key =
    statement?.kind === 'request' ? statement.public_key : statement && registry.keys.get(statement.key)?.publicKey;
  if (key !== undefined && claimedBy(signed, key) !== undefined) return;
  const what = !statement
    ? 'holds no statement that can be read'
    : key === undefined
      ? `is signed with ${statement.key}, a key that nobody enrolled`
      : `is not signed by the key that it names (${statement.key})`;
  problems.add({ seq, code: 'signature', message: `entry ${seq} ${what}` });
}
