import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { registryOf } from '../../src/kernel/approvers.ts';
import { operatorsOf } from '../../src/kernel/bindings.ts';
import { BREAK_GLASS_MS } from '../../src/kernel/break-glass.ts';
import { clear, countDecisions } from '../../src/kernel/decisions.ts';
import { haltOf } from '../../src/kernel/halt.ts';
import { recoveryDigest } from '../../src/kernel/pinned.ts';
import { ASSURANCES, type Assurance, isMet, type Requirement } from '../../src/kernel/requirement.ts';
import {
  keyIdOf,
  readStatement,
  type Signed,
  type Statement,
  signedBytes,
  signText,
  statementText,
} from '../../src/kernel/statement.ts';
import { LATER, logged, NOW, person } from '../scenes/people.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

/*
 * Random histories of one log: real statements, signed with real keys, of several people with several keys, in any
 * order, copies among them, and for one ticket that was opened anywhere between them.
 */

interface Key {
  readonly name: string;
  readonly id: string;
  readonly publicKey: string;
  readonly proves: Assurance;
  readonly sign: (text: string) => string;
}

function fileOf(name: string): Key {
  const { id, publicKey, privateKey } = person(name);
  return { name, id, publicKey, proves: 'key', sign: (text) => signText(text, privateKey) };
}

function securityKeyOf(name: string): Key {
  const { publicKey, sign } = sshPerson('ed25519', true);
  return { name, id: keyIdOf(publicKey), publicKey, proves: 'presence', sign: (text) => sign(signedBytes(text)) };
}

const root = fileOf('alice');
const [bob, carol, dave] = [fileOf('bob'), fileOf('carol'), fileOf('dave')];
/** For a chat client. */
const chat: Key = { ...fileOf('dave'), proves: 'client' };
const keys = [root, securityKeyOf('alice'), bob, fileOf('bob'), carol, securityKeyOf('carol'), dave, chat] as const;
/** Keys that nobody enrolls but by a recovery. */
const fresh = [securityKeyOf('alice'), securityKeyOf('carol')] as const;
const admins = keys.filter(({ name }) => name !== 'dave');
export const SOON = new Date(Date.parse(NOW) + BREAK_GLASS_MS).toISOString();
const about = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };

let made = 0;
type Unsigned<K = Statement> = K extends Statement ? Omit<K, 'nonce' | 'signed_at' | 'key' | 'by'> : never;

function signed(by: Key, statement: Unsigned): Signed {
  const nonce = createHash('md5').update(`${made++}`).digest('hex');
  const text = statementText({ ...statement, nonce, signed_at: NOW, key: by.id, by: by.name } as Statement);
  return { statement: text, signature: by.sign(text) };
}

function enrolment(key: Key, by: Key, more: { role?: 'admin'; groups?: string[]; less?: Assurance } = {}) {
  const { less = key.proves, ...rights } = more;
  const { name, publicKey: public_key, id: public_key_id } = key;
  return signed(by, { kind: 'enroll', name, public_key, public_key_id, max_assurance: less, ...rights });
}

const decided = (by: Key, decision: 'approve' | 'deny' | 'withdraw', more = {}) =>
  signed(by, { kind: 'decision', decision, assurance: by.proves, expires_at: LATER, ...about, ...more });

const first = enrolment(root, root);
const login = { issuer: 'https://login.example.com', subject: '4711' };
/** Mostly what makes the rest count. */
const people = [
  enrolment(bob, root),
  signed(root, { kind: 'bind', name: 'bob', identity: login }),
  enrolment(carol, root, { role: 'admin' }),
  enrolment(dave, root, { groups: ['payments'] }),
  enrolment(keys[3], root, { groups: ['payments'] }),
  enrolment(keys[5], root, { role: 'admin' }),
  enrolment(keys[1], root),
  enrolment(chat, dave),
];
const enrolments = [
  ...people,
  ...keys.flatMap((key) => admins.map((by) => enrolment(key, by))),
  ...keys.map((key) => enrolment(key, carol, { role: 'admin', groups: ['search'] })),
  ...keys.map((key) => enrolment(key, key, { less: 'client' })),
  ...fresh.flatMap((by) => keys.map((key) => enrolment(key, by))),
];
const approvals = [...keys, ...fresh].flatMap((key) => [
  decided(key, 'approve'),
  decided(key, 'approve', { assurance: 'key' }),
  decided(key, 'approve', { expires_at: SOON }),
  decided(key, 'approve', { break_glass: true, reason: 'down', expires_at: SOON }),
]);
const halts = [bob, carol, dave, keys[1], fresh[0]].map((by) => signed(by, { kind: 'halt', reason: 'stop' }));
const nonces = halts.map((halt) => readStatement(halt)?.nonce ?? '');
const resumes = [...admins, fresh[1]].flatMap((by) => [
  ...nonces.map((nonce) => signed(by, { kind: 'resume', halts: [nonce] })),
  signed(by, { kind: 'resume', halts: nonces }),
]);
const stops = [...halts, ...[...keys, ...fresh].flatMap((key) => [decided(key, 'withdraw'), decided(key, 'deny')])];
const revocations = [...keys, ...fresh].flatMap((key) =>
  [...keys, ...fresh].map((by) => signed(by, { kind: 'revoke', public_key_id: key.id, reason: 'gone' })),
);
const memberships = ['alice', 'bob', 'carol', 'dave'].flatMap((name) =>
  [root, carol, keys[1], bob, fresh[0]].flatMap((by) =>
    [[], ['payments'], ['search']].map((groups) => signed(by, { kind: 'membership', name, groups })),
  ),
);

/** The ticket's own, and another one. */
const logins = [login, { ...login, subject: '4712' }];
const bindings = (['bind', 'unbind'] as const).flatMap((kind) =>
  logins.flatMap((identity) =>
    ['bob', 'carol', 'dave'].flatMap((name) =>
      [root, carol, keys[1], bob, fresh[0]].map((by) => signed(by, { kind, name, identity })),
    ),
  ),
);
/** What is said of logins: the first is bound to somebody as a rule. */
export const saying = fc.constantFrom(...bindings);

const recoveries = fresh.flatMap((key) =>
  [root, carol, keys[1], bob, dave, key].flatMap((by) =>
    [[], [keys[1].id], [keys[5].id], [keys[1].id, keys[5].id, fresh[0].id]].map((lost) => {
      const { publicKey: public_key, id: public_key_id, proves: max_assurance } = key;
      return signed(by, { kind: 'recover', public_key, public_key_id, max_assurance, lost, reason: 'stolen' });
    }),
  ),
);
const digests = recoveries.map(({ statement }) => recoveryDigest(statement));
/** With files for all of them, and for some. */
const ALL_PINNED: ReadonlySet<string> = new Set(digests);
export const somePinned = fc.subarray(digests).map((some): ReadonlySet<string> => new Set(some));
export const recovering = fc.constantFrom(...recoveries);

/** What gives nothing by its nature. */
export const taking = fc.constantFrom(...stops, ...revocations, ...memberships);
export const revoking = fc.constantFrom(...revocations);
/** Of keys that mostly enrolled a chat client's. */
export const revokingOwner = fc.constantFrom(
  ...[dave, root].flatMap(({ id }) =>
    keys.map((by) => signed(by, { kind: 'revoke', public_key_id: id, reason: 'stolen' })),
  ),
);
export const managing = fc.constantFrom(...enrolments, ...revocations);
export const enrolling = fc.constantFrom(...enrolments);
const anything = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...approvals) },
  { weight: 3, arbitrary: fc.constantFrom(...enrolments) },
  { weight: 2, arbitrary: fc.constantFrom(...resumes) },
  { weight: 2, arbitrary: recovering },
  { weight: 2, arbitrary: saying },
  { weight: 4, arbitrary: taking },
);

const history: fc.Arbitrary<readonly Signed[]> = fc
  .record({
    known: fc.subarray(people, { minLength: 3 }),
    shuffled: fc.boolean(),
    rest: fc.array(anything, { maxLength: 8 }),
  })
  .map(({ known, shuffled, rest }) => [first, ...(shuffled ? [...known].reverse() : known), ...rest]);

const requirement: fc.Arbitrary<Requirement> = fc.record({
  approvals: fc.constantFrom(1, 1, 2),
  assurance: fc.constantFrom('client', 'key', 'key', 'presence'),
  operator_may_approve: fc.boolean(),
});
const asked = fc.record({
  /** After how many entries the ticket was opened. */
  opened: fc.nat(12),
  operator: fc.constantFrom('bob', 'payments', 'search', 'nobody'),
  identity: fc.constantFrom(undefined, undefined, login),
  promised: requirement,
  today: requirement,
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** A history, and a ticket that was opened somewhere in it: what is said after that is said of an open ticket. */
export const told = fc
  .tuple(history, asked)
  .map(([entries, ticket]) => [entries, { ...ticket, opened: Math.min(ticket.opened, entries.length) }] as const);

/** Everything that stands between that ticket and its effect, as far as people are concerned. */
export function judged(
  entries: readonly Signed[],
  { opened, operator, identity, promised, today }: Asked,
  { now = NOW, pinned = ALL_PINNED } = {},
) {
  const log = logged(entries);
  const registry = registryOf(log, { rootKeyId: root.id, recoveries: pinned }, []);
  const decisions = log.filter((one) => readStatement(one)?.kind === 'decision');
  const counted = countDecisions(decisions, { ...about, opened: opened + 0.5, registry, now, logins: undefined });
  const clearance = clear(
    counted,
    { operators: operatorsOf(registry, { operator, identity }, opened + 0.5), requirement: promised },
    (tally, glass) => isMet(today, tally) || glass.key.includes('carol'),
  );
  const halt = haltOf(log, registry);
  return { registry, counted, clearance, halt, runs: clearance.cleared && halt === undefined };
}

export const level = (assurance: Assurance) => ASSURANCES.indexOf(assurance);
