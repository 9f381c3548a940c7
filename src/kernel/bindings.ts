import { type Identity, identityKey, nobodysName } from './identity.ts';
import type { StatementOf } from './statement.ts';

/** What was said of one identity at one place in the log. */
export interface Binding {
  readonly seq: number;
  readonly identity: Identity;
  /** The person that it was bound to, or that it was taken from. */
  readonly name: string;
  /** Who signed it, and with which key. */
  readonly by: string;
  readonly key: string;
  /** ISO 8601, as the signer says. */
  readonly at: string;
  readonly kind: 'bind' | 'unbind';
  /** Not what was taken back, nor what was signed with a key whose maker isn't believed. */
  readonly counts: boolean;
}

/** Everything that was ever said of an identity, by `identityKey`, in log order. */
export type Bindings = ReadonlyMap<string, readonly Binding[]>;

interface Known {
  readonly bindings: Bindings;
}

export function bindingsOf({ bindings }: Known, identity: Identity): readonly Binding[] {
  return bindings.get(identityKey(identity)) ?? [];
}

/** What was last said of each identity, in the order in which it was said. */
export function lastBindings({ bindings }: Known): readonly Binding[] {
  return [...bindings.values()].flatMap((said) => said.at(-1) ?? []).sort((a, b) => a.seq - b.seq);
}

/** @param counts whether it was signed with a key that proves enough, by the makers who are believed now */
export function bindingIn(statement: StatementOf<'bind' | 'unbind'>, seq: number, counts: boolean): Binding {
  const { kind, name, identity, by, key, signed_at: at } = statement;
  return { seq, identity, name, by, key, at, kind, counts: kind === 'bind' && counts };
}

/**
 * May these two be bound to, or taken from, that person, as far as what was said of them before goes? One identity has
 * one person: to another it is bound only after it was taken back, which everyone is told. The attacker is an admin who
 * wants to approve what their own agent asks for: an identity that was ever theirs only another admin binds to someone
 * else.
 */
export function mayFollowBindings(known: Known, statement: StatementOf<'bind' | 'unbind'>, signer: string): boolean {
  const before = bindingsOf(known, statement.identity);
  const last = before.at(-1);
  if (statement.kind === 'unbind') return last?.kind === 'bind' && last.name === statement.name;
  if (last?.kind === 'bind') return false;
  return statement.name === signer || !before.some(({ name }) => name === signer);
}

/**
 * Who an identity is now. `taken_back` is less than never bound: nothing may come of taking back that wasn't possible
 * before, and the rules that named the person would no longer find them.
 */
export type Standing = { readonly kind: 'bound' | 'taken_back'; readonly name: string } | { readonly kind: 'unbound' };

export function standingOf(known: Known, identity: Identity): Standing {
  const last = bindingsOf(known, identity).at(-1);
  if (!last) return { kind: 'unbound' };
  return { kind: last.counts ? 'bound' : 'taken_back', name: last.name };
}

/**
 * As whom it asks. Of what a token or the configuration calls its person, nothing: it could be an approver's name.
 */
export function operatorFor(known: Known, identity: Identity): string {
  const standing = standingOf(known, identity);
  return standing.kind === 'bound' ? standing.name : nobodysName(identity);
}

/** Those whom the agent works for, so that what they approve isn't someone else's approval. */
export interface Operators {
  /** People or teams. */
  readonly names: ReadonlySet<string>;
  /** It can't be told who it is: it could be anyone who approves. */
  readonly anyone: boolean;
}

/** What a plan says of whom the agent works for. */
export interface Operated {
  readonly operator: string;
  readonly identity?: Identity | undefined;
}

/**
 * For whom a ticket's agent works, by what was known when it was opened and by what is known now, the stricter of both:
 * whom the plan names, and to whom the identity was bound then. Where it was bound to nobody, or that was taken back at
 * any time since, nobody counts as someone else, no matter who it is said to be now. So nothing that is said of an
 * identity makes a ticket run that is open.
 * @param opened where in the log the ticket was opened
 */
export function operatorsOf(known: Known, plan: Operated, opened: number): Operators {
  const { before, since, names } = said(known, plan, opened, Number.POSITIVE_INFINITY);
  return { names, anyone: plan.identity !== undefined && !(before?.counts && since.length === 0) };
}

/**
 * The same by what was known at a later place in the log, for what was said there once and for all. That something is
 * taken back, or a key's maker is no longer believed, doesn't change it. Where it can't be told who it is, they are all
 * to whom it was ever bound.
 */
export function operatorsAt(known: Known, plan: Operated, opened: number, place: number): Operators {
  const { before, names, ever } = said(known, plan, opened, place);
  const anyone = plan.identity !== undefined && before?.kind !== 'bind';
  return { names: anyone ? new Set([...names, ...ever]) : names, anyone };
}

/** @returns `names`: everyone to whom it was bound then or until that place; `ever`: until that place */
function said(known: Known, { operator, identity }: Operated, opened: number, until: number) {
  const all = identity ? bindingsOf(known, identity).filter(({ seq }) => seq < until) : [];
  const before = all.findLast(({ seq }) => seq < opened);
  const since = all.filter(({ seq }) => seq >= opened);
  const names = new Set([operator, ...[before, ...since].flatMap((one) => one?.name ?? [])]);
  return { before, since, names, ever: all.map(({ name }) => name) };
}

/** Is this the person, or one of the team, that the agent works for? */
export function isOperator(
  who: { readonly person: string; readonly groups: readonly string[] },
  { names, anyone }: Operators,
): boolean {
  return anyone || names.has(who.person) || who.groups.some((group) => names.has(group));
}
