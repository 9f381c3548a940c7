import { faultOf } from '../audit/signature-check.ts';
import { STATEMENT_EVENTS } from '../audit/statement-events.ts';
import type { ApproverKey } from '../kernel/approver-key.ts';
import type { Registry } from '../kernel/approvers.ts';
import { asStarted, INSTALLED_NAME } from '../kernel/command-name.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import { identityText, unbindHint } from '../kernel/identity.ts';
import { toldOf } from '../kernel/notice.ts';
import { boundedText, quotedText } from '../kernel/safe-text.ts';
import { MOST_LIFTED, type Recorded, readStatement, type Statement } from '../kernel/statement.ts';
import type { StoredNotice } from '../store/port.ts';
import type { Message } from './message.ts';

type AboutPeople = Exclude<Statement, { kind: 'decision' | 'request' | 'review' | 'resolve' }>;

interface Words {
  readonly title: string;
  readonly facts: readonly string[];
  readonly data: { readonly [key: string]: Json };
  /** What someone who didn't expect it does. */
  readonly objection: string;
}

const STOP = 'holdshort halt --reason TEXT';

/** So many of a list are named; the others are counted. */
const MOST = 5;

/**
 * What people are told of a signed statement, so that anyone who didn't expect it can object. The attacker may have
 * written to the database: of one that doesn't verify, only that is told.
 * @param registry who may decide now; undefined where that can't be told
 * @param command how this program was started
 */
export function statementMessageOf(
  notice: StoredNotice,
  signed: Recorded | undefined,
  registry: Registry | undefined,
  command: string = INSTALLED_NAME,
): Message {
  const statement = signed && readStatement(signed);
  const isSound = signed && registry && faultOf({ registry, glass: new Map() }, signed) === undefined;
  const typed = (hint: string) => asStarted(hint, command);
  const entry = `Entry: ${notice.seq}`;
  if (!statement || !isAboutPeople(statement) || !registry || !isSound) {
    const problem = 'what the log says that somebody signed does not verify';
    const facts = [entry, typed('Find out: holdshort audit verify')];
    const data = { entry: notice.seq, problem };
    return { type: 'log.problem', timestamp: notice.created_at, title: `ATTENTION: ${problem}`, facts, data };
  }
  const { title, facts, data, objection } = wordsOf(statement, registry, notice.seq);
  return {
    type: STATEMENT_EVENTS[statement.kind],
    timestamp: notice.created_at,
    data: { entry: notice.seq, by: `approver:${statement.by}`, signed_with: statement.key, ...data },
    title,
    facts: [
      ...facts,
      ...('reason' in statement ? [`Reason: ${quotedText(statement.reason, 300, sha256)}`] : []),
      `Signed by: ${statement.by}, with ${statement.key}`,
      entry,
      typed(`If not expected: ${objection}`),
    ],
  };
}

function isAboutPeople(statement: Statement): statement is AboutPeople {
  return toldOf(statement.kind) !== undefined;
}

/** The registry says how much a key counts for: an enrolment only claims it. */
function wordsOf(statement: AboutPeople, registry: Registry, seq: number): Words {
  switch (statement.kind) {
    case 'enroll': {
      const { name, public_key_id: key } = statement;
      const { role = 'approver', maxAssurance: max_assurance } = registry.keys.get(key) ?? {};
      const groups = (statement.groups ?? []).slice(0, MOST);
      return {
        title: `${name} was enrolled${role === 'admin' ? ' as an admin' : ''} with a key`,
        facts: [
          `Key: ${key}, good for ${max_assurance ?? 'nothing'}`,
          ...(groups.length > 0 ? [`Teams: ${some(statement.groups ?? [])}`] : []),
        ],
        data: { name, key, max_assurance: max_assurance ?? null, role, groups },
        objection: `holdshort approvers revoke ${key}`,
      };
    }
    case 'recover': {
      const { by: name, public_key_id: key, lost } = statement;
      const max_assurance = registry.keys.get(key)?.maxAssurance;
      const pinned = registry.recoveries.some((one) => one.seq === seq && one.pinned);
      return {
        title: `RECOVERY: ${name}, an admin, has a new key in place of what was lost`,
        facts: [
          `Key: ${key}, good for ${max_assurance ?? 'nothing'}`,
          ...revokedFact(revokedBy(registry, seq)),
          pinned
            ? 'Counts: as much as it proves, where keys/recovery-....json is'
            : "Counts: NO MORE THAN WHAT SIGNED IT, as no keys/recovery-....json here names it; unless the file is on another machine, an admin's key is in wrong hands",
        ],
        data: { name, key, max_assurance: max_assurance ?? null, lost: lost.slice(0, MOST), pinned },
        objection: `${STOP}; then holdshort approvers revoke ${key}`,
      };
    }
    case 'revoke': {
      const { public_key_id: key } = statement;
      const name = registry.keys.get(key)?.name ?? 'somebody';
      const gone = revokedBy(registry, seq).filter(({ id }) => id !== key);
      return {
        title: `A key of ${name} was revoked`,
        facts: [`Key: ${key}`, ...revokedFact(gone)],
        data: { name, key, with_it: gone.slice(0, MOST).map(({ id }) => id) },
        objection: `${STOP}; then holdshort approvers list`,
      };
    }
    case 'membership': {
      const { name, groups } = statement;
      return {
        title: `The teams of ${name} were set`,
        facts: [`Teams: ${groups.length > 0 ? some(groups) : 'none'}`],
        data: { name, groups: groups.slice(0, MOST) },
        objection: `holdshort approvers groups ${name}`,
      };
    }
    case 'bind':
    case 'unbind': {
      const { kind, name, identity } = statement;
      return {
        title: kind === 'bind' ? `A login was bound to ${name}` : `A login was taken from ${name}`,
        facts: [`Login: ${identityText(identity)}`],
        data: { name, ...identity },
        objection: kind === 'bind' ? unbindHint(identity, name) : 'holdshort approvers list',
      };
    }
    case 'halt':
      return { title: 'HALT: every change was stopped', facts: [], data: {}, objection: 'holdshort resume' };
    case 'resume':
      return resumed(statement.halts.length);
    case 'accept': {
      const { size, seen } = statement;
      const known = seen === undefined ? 'nothing had been seen of it' : `${seen} entries had been seen`;
      return {
        title: 'LOG ACCEPTED although it does not continue what was seen of it',
        facts: [`Log: ${size} entries; ${known}`],
        data: { size, ...(seen === undefined ? {} : { seen }) },
        objection: `${STOP}; then holdshort audit verify`,
      };
    }
    default:
      return statement satisfies never;
  }
}

/** A resume that is full is one of several, which lift more halts than it can name. */
function resumed(halts: number): Words {
  const data = { halts };
  if (halts < MOST_LIFTED) return { title: 'The halt was lifted', facts: [], data, objection: STOP };
  const facts = ['Others may still stand: nothing runs until the last one is lifted'];
  return { title: `${halts} halts were lifted at once`, facts, data, objection: STOP };
}

function revokedBy({ keys }: Registry, seq: number): readonly ApproverKey[] {
  return [...keys.values()].filter(({ revokedSeq }) => revokedSeq === seq);
}

function revokedFact(gone: readonly ApproverKey[]): readonly string[] {
  const named = ({ name, id }: ApproverKey) => `${name}'s ${id}`;
  return gone.length > 0 ? [`Revoked with it: ${some(gone.map(named))}`] : [];
}

function some(all: readonly string[]): string {
  const more = all.length > MOST ? ` and ${all.length - MOST} more` : '';
  return boundedText(all.slice(0, MOST).join(', '), 500, sha256) + more;
}
