import { isActiveAt, knownKey, type Registry, registryOf } from './approvers.ts';
import { isRootEnrolment } from './enrolment.ts';
import {
  bareKeyOf,
  claimedBy,
  keyIdOf,
  type Recorded,
  readStatement,
  type Statement,
  type StatementOf,
} from './statement.ts';

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
 * Requests are signed by their own keys, which anyone makes; no gate weighs them, and no more than a few wait. Of those
 * none counts that no list of them would show, or that is there already: it would take a place that no admin can free.
 * @param live those before that may count, in log order; statements that stand by themselves
 * @param fresh the next ones, in log order
 * @param isKnown was something with this name found before that may count?
 * @returns for each the name of what it says, which is its signer's own: nobody uses up another's nonce; or undefined
 * where it never counts
 */
export function mayCount(
  live: readonly Recorded[],
  fresh: readonly Found[],
  rootKeyId: string,
  isKnown: (name: string) => boolean,
): readonly (string | undefined)[] {
  const statements = [...live];
  const now = new Set<string>();
  let registry: Registry | undefined;
  return fresh.map(({ signed, ticket }) => {
    const statement = readStatement(signed);
    const name = statement && `${statement.key} ${statement.nonce}`;
    if (!statement || name === undefined || now.has(name) || isKnown(name)) return undefined;
    registry ??= registryOf(statements, { rootKeyId, recoveries: new Set() }, []);
    const belongs = statement.kind === 'decision' ? statement.ticket === ticket : ticket === undefined;
    if (!belongs || !isSigned(signed, statement, registry, rootKeyId)) return undefined;
    if (statement.kind === 'request' && !mayJoin(statement, statements, registry)) return undefined;
    now.add(name);
    if (ticket === undefined) {
      statements.push(signed);
      registry = undefined;
    }
    return name;
  });
}

function isSigned(signed: Recorded, statement: Statement, registry: Registry, rootKeyId: string): boolean {
  if (statement.kind === 'request' || (registry.keys.size === 0 && isRootEnrolment(statement, rootKeyId)))
    return claimedBy(signed, statement.public_key) !== undefined;
  const key = registry.keys.get(statement.key);
  if (!key || key.name !== statement.by || !isActiveAt(key, signed.seq)) return false;
  return claimedBy(signed, key.publicKey) !== undefined;
}

/** As `pendingRequests` has them: in its own name, under its own fingerprint, the first of a key that is new. */
function mayJoin(
  { by, name, key, public_key, public_key_id: id }: StatementOf<'request'>,
  statements: readonly Recorded[],
  registry: Registry,
): boolean {
  if (by !== name || key !== id || keyIdOf(public_key) !== id || knownKey(registry, bareKeyOf(public_key)))
    return false;
  const waiting = statements.flatMap((signed) => {
    const other = readStatement(signed);
    const waits = other?.kind === 'request' && !knownKey(registry, bareKeyOf(other.public_key));
    return waits ? [other.public_key_id] : [];
  });
  return !waiting.includes(id) && waiting.length < MOST_REQUESTS;
}
