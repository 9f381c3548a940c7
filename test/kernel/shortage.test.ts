import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Registry } from '../../src/kernel/approvers.ts';
import { clear, countDecisions } from '../../src/kernel/decisions.ts';
import { ASSURANCES, isMet, REQUIREMENTS, type Requirement, type Tally } from '../../src/kernel/requirement.ts';
import { shortageOf } from '../../src/kernel/shortage.ts';
import type { Signed } from '../../src/kernel/statement.ts';
import { keyIdOf } from '../../src/kernel/statement.ts';
import { shortageText } from '../../src/policy/shortage-text.ts';
import { authenticator } from '../scenes/passkey.ts';
import {
  bind,
  decision,
  enroll,
  enrolled,
  logged,
  membership,
  NOW,
  person,
  revoke,
  workingFor,
} from '../scenes/people.ts';

const noa = person('noa');
const mara = person('mara');
const ida = person('ida');
const passkeyOf = (name: string) => {
  const { publicKey } = authenticator();
  return { name, publicKey, id: keyIdOf(publicKey) };
};

/** What the gate would ask policy, for a policy that asks for exactly this. */
const policyOf = (asked: Requirement) => ({
  permits: (tally: Tally) => isMet(asked, tally),
  requirement: (): Requirement | undefined => asked,
});

function shortage(people: readonly Signed[], asked: Requirement, operator = 'otto', place = Number.POSITIVE_INFINITY) {
  const registry: Registry =
    people.length === 0
      ? {
          keys: new Map(),
          memberships: new Map(),
          bindings: new Map(),
          counted: new Set<number>(),
          recoveries: [],
          accepted: [],
        }
      : enrolled(people, noa);
  return shortageOf(registry, { operator, requirement: asked }, place, policyOf(asked));
}

const need = (approvals: number, assurance: Requirement['assurance'], operator_may_approve = false): Requirement => ({
  approvals,
  assurance,
  operator_may_approve,
});

const NOA = [enroll(noa, noa)];
const ABOUT = { ticket: 'tkt_1', operator: 'otto', tool: 'ec2_stop_instances', environment: 'staging' } as const;

describe('D24: a requirement that nobody who is enrolled can meet', () => {
  test.each<[string, readonly Signed[], Requirement, string, string, readonly string[]]>([
    ['nobody is there', [], need(1, 'client', true), 'otto', 'nobody', []],
    ['the only approver is the operator', NOA, need(1, 'key'), 'noa', 'operator', []],
    [
      "the only approver is of the operator's team",
      [...NOA, membership('noa', noa, ['web'])],
      need(1, 'key'),
      'web',
      'operator',
      [],
    ],
    [
      "all who are enrolled are of the operator's team",
      [...NOA, enroll(mara, noa), membership('noa', noa, ['web']), membership('mara', noa, ['web'])],
      need(1, 'key'),
      'web',
      'operator',
      [],
    ],
    ['every key was revoked', [...NOA, revoke(noa, noa)], need(1, 'key'), 'otto', 'revoked', []],
    ['production, and nobody has a passkey', NOA, need(1, 'presence'), 'otto', 'proof', ['noa']],
    [
      'a key, and whoever is not the operator has only one for chats',
      [enroll(noa, noa), enroll(mara, noa, 'client')],
      need(1, 'key'),
      'noa',
      'proof',
      ['mara'],
    ],
    ['two, and there is one', NOA, need(2, 'key'), 'otto', 'people', ['noa']],
    [
      'two others, and one of two is the operator',
      [...NOA, enroll(mara, noa)],
      need(2, 'key'),
      'mara',
      'people',
      ['noa'],
    ],
    [
      'one, and their key was revoked',
      [...NOA, enroll(mara, noa), revoke(mara, noa)],
      need(1, 'key'),
      'noa',
      'operator',
      [],
    ],
    [
      'only the operator has a passkey',
      [...NOA, enroll(passkeyOf('mara'), noa, 'presence')],
      need(1, 'presence'),
      'mara',
      'proof',
      ['noa'],
    ],
  ])('%s', (_what, people, asked, operator, why, may) => {
    expect(shortage(people, asked, operator)).toMatchObject({ why, may, asked });
  });

  test.each<[string, readonly Signed[], Requirement, string]>([
    ['one for one', NOA, need(1, 'key'), 'otto'],
    ['the operator alone, where they may', NOA, need(1, 'key', true), 'noa'],
    ['two people for two', [...NOA, enroll(mara, noa)], need(2, 'key'), 'otto'],
    ['a passkey', [...NOA, enroll(passkeyOf('ida'), noa, 'presence')], need(1, 'presence'), 'otto'],
  ])('is none with %s', (_what, people, asked, operator) => {
    expect(shortage(people, asked, operator)).toBeUndefined();
  });

  test('counts the teams that somebody left since the ticket was opened', () => {
    const people = [...NOA, enroll(mara, noa, { groups: ['web'] }), membership('mara', noa, [])];
    expect(shortage(people, need(2, 'key'), 'web', 3)).toMatchObject({ why: 'people', may: ['noa'] });
    expect(shortage(people, need(2, 'key'), 'web', 4)).toBeUndefined();
  });

  test('counts nobody who has no login bound to them, where approvals come with one', () => {
    const login = { issuer: 'https://login.example.com', client_id: 'holdshort', max_age_ms: 1 };
    const asked = need(1, 'key');
    const short = (people: readonly Signed[], operator = 'otto') =>
      shortageOf(enrolled(people, noa), { operator, requirement: asked }, 9, { ...policyOf(asked), login });
    const found = short([...NOA, enroll(mara, noa)], 'mara');
    expect(found).toMatchObject({ why: 'login', may: ['noa'], able: [], without_login: ['noa'] });
    expect(found && shortageText(found, ABOUT)).toMatchObject({
      cause: 'approvals come with a login at https://login.example.com, and none there is bound to noa',
      recovery: expect.stringContaining('holdshort approvers bind noa --issuer=https://login.example.com'),
    });
    const identity = { issuer: login.issuer, subject: '4711' };
    expect(short([...NOA, bind('noa', identity, noa)])).toBeUndefined();
    expect(short([...NOA, bind('noa', { ...identity, issuer: 'https://other.example.com' }, noa)])?.why).toBe('login');
  });

  test('is said of what policy asks today, where that is more than was promised', () => {
    const [promised, today] = [need(1, 'key'), need(1, 'hardware')];
    const plan = { operator: 'otto', requirement: promised };
    expect(shortageOf(enrolled(NOA, noa), plan, 1, policyOf(today))).toMatchObject({ why: 'proof', asked: today });
    const forbidding = { permits: () => false, requirement: () => undefined };
    expect(shortageOf(enrolled(NOA, noa), plan, 1, forbidding)).toBeUndefined();
  });

  test('says how each one that is lacking is got: better keys first, then people', () => {
    const recovery = (people: readonly Signed[], asked: Requirement, operator = 'otto') => {
      const found = shortage(people, asked, operator);
      return found && shortageText(found, { ...ABOUT, operator }).recovery;
    };
    const two = recovery([...NOA, enroll(mara, noa)], need(3, 'presence'));
    expect(two).toMatch(
      /passkey as noa.*enroll noa --key.*passkey as mara.*enroll somebody other than otto.*passkey as NAME/,
    );
    expect(recovery([], need(2, 'key'))).toContain('enroll 2 people other than otto: holdshort approvers enroll NAME');
    expect(
      recovery(
        [...NOA, enroll(passkeyOf('noa'), noa, { max_assurance: 'presence', role: 'admin' })],
        need(2, 'presence'),
      ),
    ).toContain('let an admin enroll it there, with a passkey of their own');
    expect(recovery(NOA, need(1, 'hardware'))).toContain('of a maker that web.attestation_roots names');
    expect(recovery(NOA, need(1, 'key'), 'noa')).toContain('One person alone');
  });

  test('where what admins had is revoked it says the way back, or that there is none', () => {
    const lost = passkeyOf('noa');
    const people = [...NOA, enroll(lost, noa, { max_assurance: 'presence', role: 'admin' })];
    const recovery = (statements: readonly Signed[], asked: Requirement) => {
      const found = shortage(statements, asked);
      return found && shortageText(found, ABOUT).recovery;
    };
    const registry = enrolled(people, noa);
    const keys = new Map(registry.keys).set(lost.id, { ...registry.keys.get(lost.id)!, revokedAt: NOW, revokedSeq: 9 });
    const asked = need(1, 'presence');
    const found = shortageOf({ ...registry, keys }, { operator: 'otto', requirement: asked }, 10, policyOf(asked));
    expect(found && shortageText(found, ABOUT).recovery).toContain('holdshort approvers recover NAME');
    expect(recovery([...NOA, revoke(noa, noa)], need(1, 'key'))).toContain('no admin is left who could enroll anybody');
  });

  test('in production it says where that is configured, as it may be another environment that nobody named', () => {
    const found = shortage(NOA, need(1, 'presence'));
    expect(found && shortageText(found, { ...ABOUT, environment: 'production' }).recovery).toContain('"environments:"');
    expect(found && shortageText(found, ABOUT).recovery).not.toContain('"environments:"');
  });

  test('names who could break the glass, and how', () => {
    const people = [...NOA, enroll(mara, noa)];
    const asked = need(1, 'presence');
    const permits: Parameters<typeof clear>[2] = (tally, glass) => isMet(asked, tally) || glass.key.includes('mara');
    const policy = { permits, requirement: () => asked };
    const short = shortageOf(enrolled(people, noa), { operator: 'otto', requirement: asked }, 9, policy);
    expect(short).toMatchObject({ why: 'proof', glass: ['mara'] });
    expect(short && shortageText(short, ABOUT).recovery).toContain('mara alone: holdshort approve tkt_1 --break-glass');
  });

  test('where policy asks for what no number of people gives, it says that', () => {
    const asked = need(1, 'key');
    const short = shortageOf(enrolled(NOA, noa), { operator: 'otto', requirement: asked }, 1, {
      permits: () => false,
      requirement: () => asked,
    });
    expect(short?.why).toBe('policy');
  });
});

test('D24: it is said exactly where an approval by everybody would not clear the gate', () => {
  const people = [noa, mara, ida];
  const setting = fc.record({
    enrolled: fc.subarray([mara, ida]),
    teams: fc.subarray(['mara', 'ida']),
    revoked: fc.subarray([mara, ida]),
    operator: fc.constantFrom('otto', 'noa', 'mara', 'web'),
    asked: fc.constantFrom(...REQUIREMENTS.filter(({ approvals }) => approvals > 0)),
  });
  fc.assert(
    fc.property(setting, ({ enrolled: others, teams, revoked, operator, asked }) => {
      const statements = [
        ...NOA,
        ...others.map((one) => enroll(one, noa)),
        ...teams
          .filter((name) => others.some((one) => one.name === name))
          .map((name) => membership(name, noa, ['web'])),
        ...revoked.filter((one) => others.includes(one)).map((one) => revoke(one, noa)),
      ];
      const registry = enrolled(statements, noa);
      const place = statements.length + 1;
      const ticket = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };
      // Really signed, by each with what their key is good for.
      const signed = people.map((one) => decision(one, ticket, { assurance: 'key' }));
      const counted = countDecisions(logged(signed, place + 1), {
        ...ticket,
        opened: place,
        registry,
        now: NOW,
        logins: undefined,
      });
      const { cleared } = clear(
        counted,
        { operators: workingFor(operator), requirement: asked },
        policyOf(asked).permits,
      );
      const short = shortageOf(registry, { operator, requirement: asked }, place, policyOf(asked));
      expect(short === undefined).toBe(cleared);
      if (short) {
        expect(ASSURANCES).toContain(short.asked.assurance);
        expect(shortageText(short, { ...ABOUT, operator }).steps.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 60 },
  );
});
