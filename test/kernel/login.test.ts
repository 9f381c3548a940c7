import { describe, expect, test } from 'vitest';
import { clear, countDecisions } from '../../src/kernel/decisions.ts';
import { type LoginProof, loginFaultInLog, loginNonce } from '../../src/kernel/login.ts';
import { readStatement, type Signed, type SignedDecision } from '../../src/kernel/statement.ts';
import { bind, decision, enroll, enrolled, logged, NOW, person, unbind, workingFor } from '../scenes/people.ts';

const ISSUER = 'https://login.example.com';
const alice = person('alice');
const bob = person('bob');
const carol = person('carol');
const ticket = { ticket: 'tkt_00000000000000000000', digest: 'a'.repeat(64) };
const rule = { issuer: ISSUER, client_id: 'holdshort', max_age_ms: 12 * 3_600_000 };
const identity = (subject: string) => ({ issuer: ISSUER, subject });
const people = [
  enroll(alice, alice),
  enroll(bob, alice),
  enroll(carol, alice),
  bind('bob', identity('b-1'), alice),
  bind('carol', identity('c-1'), alice),
];
const plan = {
  operators: workingFor('otto'),
  requirement: { approvals: 1, assurance: 'key' as const, operator_may_approve: false },
};
const at = Math.floor(Date.parse(NOW) / 1_000);

/** What a good login says about this statement. */
const good = ({ statement }: Signed, sub = 'b-1') => ({
  ...{ iss: ISSUER, sub, aud: 'holdshort', nonce: loginNonce(statement) },
  ...{ iat: at - 5, exp: at + 300, auth_time: at - 3_600 },
});

const approved = decision(bob, ticket);
const signed = (claims: unknown): LoginProof => ({ kind: 'signed', claims });

/** What comes of a history with these decisions at its end; a token's text is its place here. */
function story(
  decisions: readonly (readonly [signed: Signed, proof?: LoginProof])[],
  { history = people, after = [] as readonly Signed[], logins = true } = {},
) {
  const proofs = new Map<string, LoginProof>();
  const made = decisions.map(([one, proof], place): SignedDecision => {
    if (proof) proofs.set(`token ${place}`, proof);
    return { ...one, ...(proof && { login: `token ${place}` }) };
  });
  const log = logged([...history, ...made, ...after]);
  const about = {
    ...{ ...ticket, opened: 0.5, registry: enrolled([...history, ...made, ...after], alice), now: NOW },
    logins: logins ? { rule, proofs } : undefined,
  };
  const counted = countDecisions(
    log.filter((one) => readStatement(one)?.kind === 'decision'),
    about,
  );
  return { counted, clearance: clear(counted, plan, () => true), registry: about.registry };
}

const whyNot = (...asked: Parameters<typeof story>) => {
  const { counted, clearance } = story(...asked);
  expect(clearance.cleared).toBe(false);
  return counted.rejected.map(({ why }) => why);
};

test('an approval with a login of its signer lets it run; without a rule none is asked for', () => {
  expect(story([[approved, signed(good(approved))]]).clearance.cleared).toBe(true);
  expect(story([[approved]], { logins: false }).clearance.cleared).toBe(true);
  expect(whyNot([[approved]])).toEqual(['login_missing']);
});

const other = decision(bob, { ...ticket, digest: 'b'.repeat(64) });
const claims = good(approved);

test.each<[string, LoginProof, string]>([
  ['that the issuer did not sign', { kind: 'refused' }, 'login_not_by_issuer'],
  ['that could not be looked at', { kind: 'unknown', because: 'away' }, 'login_unverified'],
  ['of another issuer', signed({ ...claims, iss: 'https://other.example.com' }), 'login_not_by_issuer'],
  ['of the issuer with a slash', signed({ ...claims, iss: `${ISSUER}/` }), 'login_not_by_issuer'],
  ['without claims', signed({}), 'login_not_by_issuer'],
  ['that is no object', signed('text'), 'login_not_by_issuer'],
  ['without a time of login', signed({ ...claims, auth_time: undefined }), 'login_not_by_issuer'],
  ['with a time that is none', signed({ ...claims, auth_time: 1e308 }), 'login_not_by_issuer'],
  ['with a negative time', signed({ ...claims, iat: -1 }), 'login_not_by_issuer'],
  ['for another client', signed({ ...claims, aud: 'other' }), 'login_for_another_client'],
  ['for another client as well', signed({ ...claims, aud: ['holdshort', 'other'] }), 'login_for_another_client'],
  ['that another client asked for', signed({ ...claims, azp: 'other' }), 'login_for_another_client'],
  ['for another statement', signed({ ...claims, nonce: loginNonce(other.statement) }), 'login_for_something_else'],
  ['without a nonce', signed({ ...claims, nonce: undefined }), 'login_not_by_issuer'],
  ['that was over', signed({ ...claims, exp: at - 61 }), 'login_over'],
  ['that is not valid yet', signed({ ...claims, nbf: at + 61 }), 'login_over'],
  ['that is from later', signed({ ...claims, iat: at + 61 }), 'login_over'],
  ['who logs in later', signed({ ...claims, auth_time: at + 61 }), 'login_over'],
  ['of more than twelve hours before', signed({ ...claims, auth_time: at - 12 * 3_600 - 1 }), 'login_too_old'],
  ['of somebody else', signed({ ...claims, sub: 'c-1' }), 'login_of_nobody_bound'],
  ['of nobody known', signed({ ...claims, sub: 'x' }), 'login_of_nobody_bound'],
  ['whose subject nobody can be bound to', signed({ ...claims, sub: 'b-1\u{200b}' }), 'login_of_nobody_bound'],
])('a login %s does not count', (_, proof, why) => {
  expect(whyNot([[approved, proof]])).toEqual([why]);
});

test.each([
  ['of just twelve hours before', { auth_time: at - 12 * 3_600 }],
  ['within what clocks may differ', { iat: at + 60, auth_time: at + 60, nbf: at + 60 }],
  ['that ends within what clocks may differ', { exp: at - 59 }],
  ['with its one audience in a list', { aud: ['holdshort'], azp: 'holdshort' }],
])('a login %s counts', (_, more) => {
  expect(story([[approved, signed({ ...claims, ...more })]]).clearance.cleared).toBe(true);
});

describe('a binding', () => {
  const login = [[approved, signed(claims)]] as const;
  const unbound = people.slice(0, 3);

  test('counts only from before the decision', () => {
    expect(whyNot(login, { history: unbound, after: [bind('bob', identity('b-1'), alice)] })).toEqual([
      'login_of_nobody_bound',
    ]);
    expect(story(login).clearance.cleared).toBe(true);
  });

  test('that is taken back takes the approval with it, and binding again brings none back', () => {
    const gone = unbind('bob', identity('b-1'), alice);
    expect(whyNot(login, { after: [gone] })).toEqual(['login_of_nobody_bound']);
    expect(whyNot(login, { after: [gone, bind('bob', identity('b-1'), alice)] })).toEqual(['login_of_nobody_bound']);
  });
});

test('each of several approvers needs a login of their own', () => {
  const by = decision(carol, ticket);
  const two = { ...plan, requirement: { ...plan.requirement, approvals: 2 } };
  const cleared = (...decisions: Parameters<typeof story>[0]) =>
    clear(story(decisions).counted, two, () => true).cleared;
  const [mine, hers] = [signed(good(approved)), signed(good(by, 'c-1'))];
  expect(cleared([approved, mine], [by, hers])).toBe(true);
  expect(cleared([approved, mine], [by])).toBe(false);
  expect(cleared([approved, mine], [by, mine])).toBe(false);
});

test('what stops needs no login, also while the issuer is away', () => {
  const away: LoginProof = { kind: 'unknown', because: 'away' };
  const denied = decision(carol, ticket, { decision: 'deny' });
  expect(story([[approved, signed(claims)], [denied]]).clearance).toMatchObject({ why: 'denied' });
  const back = decision(bob, ticket, { decision: 'withdraw' });
  expect(story([[approved, signed(claims)], [back]]).counted).toMatchObject({ approvals: [], withdrawn: ['bob'] });
  expect(story([[approved, away]]).counted.unverified).toEqual(['bob']);
  expect(story([[approved, away], [back]]).counted).toMatchObject({ unverified: [], withdrawn: ['bob'] });
});

test('breaking the glass needs no login, and is then no plain approval', () => {
  const glass = decision(bob, ticket, {
    ...{ break_glass: true, reason: 'down', expires_at: new Date(Date.parse(NOW) + 60_000).toISOString() },
  });
  const { counted } = story([[glass]]);
  expect(counted).toMatchObject({ rejected: [], glass: [{ person: 'bob' }], approvals: [{ only_glass: true }] });
  expect(clear(counted, plan, () => true)).toMatchObject({
    cleared: true,
    broken_by: ['bob'],
    tally: { all: { key: 0 } },
  });
  // Policy names nobody who may.
  expect(clear(counted, plan, (_, { key }) => key.length === 0)).toMatchObject({ cleared: false, why: 'requirement' });
  const back = decision(bob, ticket, { decision: 'withdraw' });
  expect(story([[glass], [back]]).counted).toMatchObject({ glass: [], approvals: [], withdrawn: ['bob'] });
  // A plain approval of theirs keeps its own weight.
  const both = story([[approved, signed(claims)], [glass]]).counted;
  expect(both.approvals).toEqual([{ person: 'bob', assurance: 'key', groups: [] }]);
});

describe('in a log, without the issuer', () => {
  const token = (said: unknown) => `e30.${Buffer.from(JSON.stringify(said)).toString('base64url')}.`;
  const faultOf = (login: string | undefined, seq = 6) => {
    const statement = readStatement(approved);
    if (statement?.kind !== 'decision') throw new Error('no decision');
    return loginFaultInLog({ ...approved, login, seq, at: NOW }, statement, story([]).registry);
  };

  test.each([
    ['none', undefined, undefined],
    ['a good one', token(claims), undefined],
    ['of whatever client and age', token({ ...claims, aud: 'other', auth_time: 1 }), undefined],
    ['no token', 'nonsense', /no ID token/],
    ['one for something else', token({ ...claims, nonce: 'x' }), /for something else/],
    ['one that was over', token({ ...claims, exp: at - 61 }), /was over/],
    ["another person's", token({ ...claims, sub: 'c-1' }), /not bound to bob then/],
  ])('%s', (_, login, fault) => {
    if (fault) expect(faultOf(login)).toMatch(fault);
    else expect(faultOf(login)).toBeUndefined();
  });

  test('what was bound only afterwards was not bound then', () => {
    expect(faultOf(token(claims), 4)).toMatch(/not bound to bob then/);
  });
});
