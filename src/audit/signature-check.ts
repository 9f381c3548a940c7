import type { Accepted } from '../kernel/accepted.ts';
import type { ApproverKey } from '../kernel/approver-key.ts';
import { isAboutPeople, isActiveAt, type Registry, registryOf } from '../kernel/approvers.ts';
import { mayArriveUntil } from '../kernel/arrival.ts';
import type { Makers } from '../kernel/attestation.ts';
import { isGlassInOrder } from '../kernel/break-glass.ts';
import type { Json } from '../kernel/digest.ts';
import { mayReview } from '../kernel/glass-review.ts';
import { loginFaultInLog } from '../kernel/login.ts';
import type { Pinned, Recovery } from '../kernel/pinned.ts';
import { ASSURANCES, type Assurance } from '../kernel/requirement.ts';
import { checkResolution, evidenceOf } from '../kernel/resolution.ts';
import {
  claimedBy,
  type Recorded,
  type RecordedDecision,
  readStatement,
  type Statement,
  type StatementOf,
} from '../kernel/statement.ts';
import { planOfRow } from './believe.ts';
import type { TicketRow } from './log.ts';
import type { ParsedEntry } from './parsed-entry.ts';
import type { Problems } from './problems.ts';
import { isStatementEvent } from './statement-events.ts';
import { LoggedIntent } from './ticket-log.ts';

/** Who signed needs no maker: that is the same whichever are believed. */
const NO_MAKERS: Makers = [];

/** How many wait to be checked, at least, until the registry is worked out for them. */
const BATCH = 1000;

export interface SignatureCheck {
  read(seq: number, entry: ParsedEntry): void;
  end(): void;
  /** After the end: who asked for a ticket, and what that took, its plan says. @param opened where in the log it was */
  compare(row: TicketRow, opened: number | undefined): void;
  /** Whether there was anything signed. */
  some(): boolean;
  /** How many approvals came with a login. */
  logins(): number;
  /** Those that someone signed who could. */
  recoveries(): readonly Recovery[];
  accepted(): readonly Accepted[];
}

/**
 * Every statement and decision must be signed by the key that it names, that key must go back to the pinned first one,
 * and must have been good for it at that place. The attacker writes entries without holding a key, or holds one that
 * may not say this, or copies what was said.
 * @param pinned without a first key nothing can be said, and nothing is
 */
export function signatureCheck(problems: Problems, pinned: Pinned): SignatureCheck {
  const statements: Recorded[] = [];
  const nonces = new Map<string, number>();
  let waiting: RecordedDecision[] = [];
  let logins = 0;
  let any = false;
  let said: Said | undefined;
  const glass: BrokenGlass = new Map();
  const words = new Map<string, Word>();
  /** Of tickets whose outcome isn't there yet. */
  const arriving = new Map<string, string | undefined>();
  let known: { readonly count: number; readonly registry: Registry } | undefined;
  const registry = () => {
    if (known?.count !== statements.length)
      known = { count: statements.length, registry: registryOf(statements, pinned, NO_MAKERS) };
    return known.registry;
  };
  const check = () => {
    if (pinned.rootKeyId !== undefined)
      for (const signed of waiting) checkOne(problems, { registry: registry(), glass }, signed);
    waiting = [];
  };
  return {
    read(seq, { at, type, ticket, actor, detail }) {
      // Only executors write these: an agent's entry may say anything of a request.
      if (type === 'ticket.executing' || type === 'execution.step')
        arriving.set(String(ticket), mayArriveUntil(LoggedIntent.safeParse(detail.intent).data));
      if (type === 'ticket.succeeded' || type === 'ticket.failed') arriving.delete(String(ticket));
      const ofTicket = type === 'decision.recorded' || type === 'ticket.resolved';
      if (!ofTicket && !isStatementEvent(type)) {
        checkWord(problems, { seq, type, ticket, actor }, said);
        said = undefined;
        return;
      }
      any = true;
      const signed = {
        statement: String(detail.statement),
        signature: String(detail.signature),
        seq,
        at,
        ...(type === 'decision.recorded' && 'login' in detail && { login: String(detail.login) }),
      };
      if ('login' in signed) logins += 1;
      if (!ofTicket) statements.push(signed);
      const statement = readStatement(signed);
      if (statement) checkPlace(problems, nonces, { seq, type, ticket, actor }, statement);
      if (type === 'ticket.resolved') {
        const arrives_until = arriving.get(String(ticket));
        words.set(String(ticket), { signed, seen: evidenceOf(detail.result as Json), arrives_until });
        arriving.delete(String(ticket));
      }
      said = statement?.kind === 'decision' ? { ticket, actor, decision: statement.decision } : undefined;
      waiting.push(signed);
      // The registry knows who was who at each place: what comes later changes nothing for what waits. Working it out
      // takes as long as there are statements, so it is done once for as many: time and memory grow as the log does,
      // and no faster.
      if (waiting.length >= Math.max(BATCH, statements.length)) check();
    },
    end: check,
    compare(row, opened) {
      const { id, state, digest } = row;
      const word = words.get(id);
      if (state !== 'resolved' || !word || pinned.rootKeyId === undefined || opened === undefined) return;
      const plan = planOfRow(row);
      // Of another plan, the ticket's own check tells.
      if (!plan || digest === undefined) return;
      const about = {
        ticket: id,
        digest,
        opened,
        registry: registry(),
        plan,
        seen: word.seen,
        arrives_until: word.arrives_until,
      };
      const heard = checkResolution(word.signed, about);
      if (!('why' in heard)) return;
      const why = heard.why.replaceAll('_', ' ');
      const message = `ticket ${id} is resolved by a word that counts for nothing (${why})`;
      problems.add({ seq: word.signed.seq, ticket: id, code: 'signature', message });
    },
    some: () => any,
    logins: () => logins,
    recoveries: () => registry().recoveries,
    accepted: () => registry().accepted,
  };
}

/** Who broke the glass so far, and may therefore not be the one who looks; by ticket and digest. */
type BrokenGlass = Map<string, StatementOf<'decision'>[]>;

interface About {
  readonly registry: Registry;
  readonly glass: BrokenGlass;
}

/** A person's word on a ticket's outcome, and the digest of what its entry says was known of it then. */
interface Word {
  readonly signed: Recorded;
  readonly seen: string;
  /** `mayArriveUntil` of the request before it. */
  readonly arrives_until: string | undefined;
}

/** The decision that the entry right before holds. */
interface Said {
  readonly ticket: unknown;
  readonly actor: unknown;
  readonly decision: 'approve' | 'deny' | 'withdraw';
}

/**
 * What an approver is said to have done needs their word, which is right before it; what was refused to them was never
 * done.
 */
function checkWord(
  problems: Problems,
  entry: { readonly seq: number; readonly type: string; readonly ticket: unknown; readonly actor: unknown },
  said: Said | undefined,
): void {
  const { seq, type, ticket, actor } = entry;
  if (typeof actor !== 'string' || !actor.startsWith('approver:') || type.endsWith('.rejected')) return;
  const decision = type === 'ticket.approved' ? 'approve' : type === 'ticket.denied' ? 'deny' : undefined;
  if (said && said.ticket === ticket && said.actor === actor && said.decision === decision) return;
  const message = `entry ${seq} is said to be by ${actor}, who signed nothing of that kind right before it`;
  problems.add({ seq, code: 'signature', message });
}

/** Someone without a key can copy what was truly said: to another ticket, to another name, or once more. */
function checkPlace(
  problems: Problems,
  nonces: Map<string, number>,
  entry: { readonly seq: number; readonly type: string; readonly ticket: unknown; readonly actor: unknown },
  statement: Statement,
): void {
  const { seq, type, ticket, actor } = entry;
  const add = (what: string) => problems.add({ seq, code: 'signature', message: `entry ${seq} ${what}` });
  if (statement.kind === 'decision' && statement.ticket !== ticket)
    add(`holds a decision about another ticket (${statement.ticket})`);
  if ((statement.kind === 'resolve') !== (type === 'ticket.resolved'))
    add(`is a ${type}, but what is signed in it is a ${statement.kind}`);
  if (statement.kind === 'resolve' && statement.ticket !== ticket)
    add(`holds a word on another ticket (${statement.ticket})`);
  if (statement.kind !== 'request' && actor !== `approver:${statement.by}`)
    add(`does not name ${statement.by}, who signed it, as its actor`);
  const before = nonces.get(statement.nonce);
  if (before !== undefined) add(`repeats what entry ${before} said, which was signed once`);
  else nonces.set(statement.nonce, seq);
}

function checkOne(problems: Problems, about: About, signed: RecordedDecision): void {
  const { seq } = signed;
  const statement = readStatement(signed);
  const what =
    faultOf(about, signed) ??
    (statement?.kind === 'decision' ? loginFaultInLog(signed, statement, about.registry) : undefined);
  if (what !== undefined) problems.add({ seq, code: 'signature', message: `entry ${seq} ${what}` });
}

/** What is wrong with a statement that is in the log; undefined where it is what it says. */
export function faultOf({ registry, glass }: About, signed: Recorded): string | undefined {
  const statement = readStatement(signed);
  if (!statement) return 'holds no statement that can be read';
  if (statement.kind === 'request')
    return claimedBy(signed, statement.public_key) === undefined ? notSigned(statement) : undefined;
  const key = registry.keys.get(statement.key);
  if (!key) return `is signed with ${statement.key}, a key that nobody enrolled`;
  const claimed = claimedBy(signed, key.publicKey);
  if (claimed === undefined) return notSigned(statement);
  if (key.name !== statement.by) return `names ${statement.by}, but is signed with a key of ${key.name}`;
  // The first key enrolls itself.
  if (key.enrolledSeq !== signed.seq && !isActiveAt(key, signed.seq))
    return `is signed with ${statement.key}, which was not enrolled then, or revoked already`;
  const proven = ASSURANCES[Math.min(ASSURANCES.indexOf(claimed), ASSURANCES.indexOf(key.enrolledFor))] ?? 'client';
  if (statement.kind === 'decision' && ASSURANCES.indexOf(statement.assurance) > ASSURANCES.indexOf(proven))
    return `claims ${statement.assurance}, which ${statement.key} does not prove`;
  if (statement.kind === 'decision') noteGlass(glass, statement);
  const may = isAboutPeople(statement) ? registry.counted.has(signed.seq) : maySay(statement, key, proven, glass);
  return may ? undefined : `is signed with ${statement.key}, which may not say that; it counts for nothing`;
}

/** The registry says what is wrong with a statement about people. */
function maySay(
  statement: StatementOf<'decision' | 'halt' | 'resume' | 'accept' | 'review' | 'resolve'>,
  { role, enrolledFor }: ApproverKey,
  proven: Assurance,
  glass: BrokenGlass,
): boolean {
  switch (statement.kind) {
    case 'resolve':
      // Whether it is enough for this plan, the ticket's row says (`compare`).
      return proven !== 'client';
    // How much its key counts for was checked above.
    case 'decision':
    case 'halt':
      return true;
    case 'resume':
    case 'accept':
      return role === 'admin' && enrolledFor !== 'client';
    case 'review':
      return mayReview(glass.get(glassKey(statement)) ?? [], statement.by, proven);
    default:
      return statement satisfies never;
  }
}

function noteGlass(glass: BrokenGlass, statement: StatementOf<'decision'>): void {
  if (!statement.break_glass || !isGlassInOrder(statement, statement.signed_at)) return;
  const before = glass.get(glassKey(statement));
  if (before) before.push(statement);
  else glass.set(glassKey(statement), [statement]);
}

function glassKey({ ticket, digest }: StatementOf<'decision' | 'review'>): string {
  return `${ticket} ${digest}`;
}

function notSigned({ key }: Statement): string {
  return `is not signed by the key that it names (${key})`;
}
