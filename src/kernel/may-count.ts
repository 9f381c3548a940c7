import { isActiveAt, type Registry, registryOf } from './approvers.ts';
import { isRootEnrolment } from './enrolment.ts';
import { claimedBy, type Recorded, readStatement, type Statement } from './statement.ts';

/** What is signed, where it is in the log. */
export interface Found {
  readonly signed: Recorded;
  /** The ticket that its entry is about, where that is a decision's. */
  readonly ticket: string | undefined;
}

/** As many as wait at once where our own commands write them. */
const MOST_REQUESTS = 50;

/**
 * Which signed entries can ever count for something. The attacker has an approver's login to the database, but no
 * enrolled key: they write as many entries as they like that look signed, and every gate would read and weigh all of
 * them each time. One that no key signed which was enrolled and good at its place, or that says again what was said
 * before, counts for nothing whatever is configured, revoked or enrolled later; so it need not be read again. What is
 * good enough to be weighed stays: whether it counts is for gates to say.
 *
 * Requests are signed by their own keys, which anyone makes; no gate weighs them, and no more than a few wait.
 * @param live those before that may count, in log order; statements that stand by themselves
 * @param fresh the next ones, in log order
 * @param isKnown was something with this nonce found before that may count?
 * @returns for each its nonce, or undefined where it never counts
 */
export function mayCount(
  live: readonly Recorded[],
  fresh: readonly Found[],
  rootKeyId: string,
  isKnown: (nonce: string) => boolean,
): readonly (string | undefined)[] {
  const statements = [...live];
  const now = new Set<string>();
  let registry: Registry | undefined;
  return fresh.map(({ signed, ticket }) => {
    const statement = readStatement(signed);
    if (!statement || now.has(statement.nonce) || isKnown(statement.nonce)) return undefined;
    registry ??= registryOf(statements, { rootKeyId, recoveries: new Set() }, []);
    const belongs = statement.kind === 'decision' ? statement.ticket === ticket : ticket === undefined;
    if (!belongs || !isSigned(signed, statement, registry, rootKeyId)) return undefined;
    if (statement.kind === 'request' && waiting(statements, registry) >= MOST_REQUESTS) return undefined;
    now.add(statement.nonce);
    if (ticket === undefined) {
      statements.push(signed);
      registry = undefined;
    }
    return statement.nonce;
  });
}

function isSigned(signed: Recorded, statement: Statement, registry: Registry, rootKeyId: string): boolean {
  if (statement.kind === 'request' || (registry.keys.size === 0 && isRootEnrolment(statement, rootKeyId)))
    return claimedBy(signed, statement.public_key) !== undefined;
  const key = registry.keys.get(statement.key);
  if (!key || key.name !== statement.by || !isActiveAt(key, signed.seq)) return false;
  return claimedBy(signed, key.publicKey) !== undefined;
}

function waiting(statements: readonly Recorded[], { keys }: Registry): number {
  return statements.filter((signed) => {
    const statement = readStatement(signed);
    return statement?.kind === 'request' && !keys.has(statement.public_key_id);
  }).length;
}
