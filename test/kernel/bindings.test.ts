import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayManage } from '../../src/kernel/approvers.ts';
import { lastBindings, operatorsAt, operatorsOf, standingOf } from '../../src/kernel/bindings.ts';
import {
  bindHint,
  Identity,
  identityKey,
  identityText,
  nobodysName,
  operatorText,
  shellWord,
} from '../../src/kernel/identity.ts';
import { readStatement, type Signed, type StatementOf } from '../../src/kernel/statement.ts';
import { bounded } from '../scenes/bounded.ts';
import { bind, enroll, enrolled, person, revoke, unbind } from '../scenes/people.ts';

const [alice, bob, carol, dave] = [person('alice'), person('bob'), person('carol'), person('dave')] as const;
const login = { issuer: 'https://login.example.com', subject: '4711' };
const people = [
  enroll(alice, alice),
  enroll(bob, alice),
  enroll(carol, alice, { role: 'admin' }),
  enroll(dave, alice),
] as const;
const known = (...said: readonly Signed[]) => enrolled([...people, ...said], alice);
const standing = (...said: readonly Signed[]) => standingOf(known(...said), login);
const place = people.length + 1.5;

describe('who a login is', () => {
  test('an admin says, of somebody who is enrolled', () => {
    expect(standing()).toEqual({ kind: 'unbound' });
    expect(standing(bind('bob', login, alice))).toEqual({ kind: 'bound', name: 'bob' });
    expect(standing(bind('zed', login, alice))).toEqual({ kind: 'unbound' });
    expect(standing(bind('bob', login, bob))).toEqual({ kind: 'unbound' });
    expect(standing(bind('bob', login, person('mallory')))).toEqual({ kind: 'unbound' });
    expect(standing(bind('bob', login, { ...bob, name: 'alice' }))).toEqual({ kind: 'unbound' });
  });

  test('is one person, until it is taken back', () => {
    const bound = bind('bob', login, alice);
    expect(standing(bound, bind('dave', login, carol))).toEqual({ kind: 'bound', name: 'bob' });
    const back = unbind('bob', login, carol);
    expect(standing(bound, back)).toEqual({ kind: 'taken_back', name: 'bob' });
    expect(standing(bound, back, bind('dave', login, carol))).toEqual({ kind: 'bound', name: 'dave' });
    // Said once, wherever a copy is put.
    expect(standing(bound, back, bound)).toEqual({ kind: 'taken_back', name: 'bob' });
    expect(standing(bound, back, bind('bob', login, alice), back)).toEqual({ kind: 'bound', name: 'bob' });
  });

  test('is taken back by whom it is, and from nobody else', () => {
    const bound = bind('bob', login, alice);
    expect(standing(bound, unbind('bob', login, bob))).toEqual({ kind: 'taken_back', name: 'bob' });
    expect(standing(bound, unbind('bob', login, dave))).toEqual({ kind: 'bound', name: 'bob' });
    expect(standing(bound, unbind('dave', login, alice))).toEqual({ kind: 'bound', name: 'bob' });
    expect(standing(unbind('bob', login, alice))).toEqual({ kind: 'unbound' });
  });

  test('no admin gives one away that was theirs: another one does', () => {
    const own = [bind('carol', login, carol), unbind('carol', login, carol)];
    expect(standing(...own, bind('bob', login, carol))).toEqual({ kind: 'taken_back', name: 'carol' });
    expect(standing(...own, bind('bob', login, alice))).toEqual({ kind: 'bound', name: 'bob' });
    expect(standing(...own, bind('carol', login, carol))).toEqual({ kind: 'bound', name: 'carol' });
  });

  test("outlives every key: who left is still nobody else's operator", () => {
    const bound = bind('bob', login, carol);
    expect(standing(bound, revoke(bob, alice))).toEqual({ kind: 'bound', name: 'bob' });
    expect(standing(bound, revoke(carol, alice))).toEqual({ kind: 'bound', name: 'bob' });
    expect(lastBindings(known(bound, revoke(carol, alice)))).toMatchObject([{ name: 'bob', key: carol.id, seq: 5 }]);
  });

  test('a weaker key of an admin says nothing once there is a stronger one, but takes back', () => {
    const registry = known(bind('bob', login, alice));
    const other = { ...login, subject: '4712' };
    const of = (signed: Signed) => readStatement(signed) as StatementOf<'bind' | 'unbind'>;
    const raised = { ...registry, keys: new Map(registry.keys) };
    const key = registry.keys.get(carol.id)!;
    raised.keys.set(carol.id, { ...key, weighs: 'presence', maxAssurance: 'presence', enrolledFor: 'presence' });
    expect(mayManage(raised, of(bind('dave', other, carol)), 'presence')).toBe(true);
    expect(mayManage(raised, of(bind('dave', other, carol)), 'key')).toBe(false);
    expect(mayManage(raised, of(bind('dave', other, alice)), 'presence')).toBe(false);
    expect(mayManage(raised, of(unbind('bob', login, alice)), 'key')).toBe(true);
  });
});

describe('for whom the agent works', () => {
  const bound = bind('bob', login, alice);
  const plan = { operator: 'bob', identity: login };
  const now = (...more: readonly Signed[]) => operatorsOf(known(bound, ...more), plan, place);

  test('is the one to whom the login was bound when the ticket was opened, and whom the plan names', () => {
    expect(now()).toEqual({ names: new Set(['bob']), anyone: false });
    const forged = operatorsOf(known(bound), { operator: 'dave', identity: login }, place);
    expect(forged).toEqual({ names: new Set(['dave', 'bob']), anyone: false });
    expect(operatorsOf(known(), { operator: 'dave' }, place)).toEqual({ names: new Set(['dave']), anyone: false });
  });

  test('is anyone, where it was bound to nobody then, whatever is said later', () => {
    const unbound = { operator: nobodysName(login), identity: login };
    expect(operatorsOf(known(), unbound, place).anyone).toBe(true);
    expect(operatorsOf(known(bound), unbound, people.length + 0.5).anyone).toBe(true);
    const other = { operator: 'bob', identity: { ...login, subject: '4712' } };
    expect(operatorsOf(known(bound), other, place).anyone).toBe(true);
  });

  test('is anyone, once that was taken back, also where it is bound again', () => {
    const back = unbind('bob', login, carol);
    expect(now(back).anyone).toBe(true);
    expect(now(back, bind('dave', login, carol)).anyone).toBe(true);
    expect(now(back, bind('bob', login, carol)).anyone).toBe(true);
  });

  test('for what was said of its outcome, counts by what was known until then', () => {
    const registry = known(bound, unbind('bob', login, carol), bind('dave', login, alice));
    expect(operatorsAt(registry, plan, place, 5.7)).toEqual({ names: new Set(['bob']), anyone: false });
    expect(operatorsAt(registry, plan, place, 100)).toEqual({ names: new Set(['bob', 'dave']), anyone: false });
    expect(operatorsAt(known(bound), plan, 4.5, 100).anyone).toBe(true);
  });
});

describe('issuer and subject', () => {
  const ascii = fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((n) => String.fromCharCode(n)),
    minLength: 1,
  });
  const runs = { numRuns: bounded('generated logins', 500, 100) };

  test('are printable ASCII, bounded, and changed in nothing', () => {
    for (const subject of [
      '',
      'a'.repeat(256),
      'm\u00e4ra',
      'a\nb',
      'a\u0000',
      '\u202emara',
      'mara\u200b',
      '\u{1f600}',
    ])
      expect(Identity.safeParse({ ...login, subject }).success, subject).toBe(false);
    for (const subject of ['a'.repeat(255), ' a ', 'A', 'a', "'; rm -rf ~ #", '--issuer=x', '<script>', '\\u{41}'])
      expect(Identity.parse({ ...login, subject }).subject).toBe(subject);
    expect(Identity.safeParse({ issuer: 'i'.repeat(513), subject: 's' }).success).toBe(false);
    expect(Identity.safeParse({ ...login, name: 'bob' }).success).toBe(false);
  });

  test('two different ones are never one, and never look the same', () => {
    const two = fc.tuple(fc.record({ issuer: ascii, subject: ascii }), fc.record({ issuer: ascii, subject: ascii }));
    fc.assert(
      fc.property(two, ([a, b]) => {
        const same = a.issuer === b.issuer && a.subject === b.subject;
        expect(identityKey(a) === identityKey(b)).toBe(same);
        expect(nobodysName(a) === nobodysName(b)).toBe(same);
        expect(identityText(a) === identityText(b)).toBe(same);
        expect(bindHint(a) === bindHint(b)).toBe(same);
      }),
      runs,
    );
    const moved = { issuer: 'a', subject: 'b","c' };
    expect(identityKey(moved)).not.toBe(identityKey({ issuer: 'a","b', subject: 'c' }));
    expect(identityText({ issuer: 'x', subject: 'y" at "x' })).toBe('"y\\u{22} at \\u{22}x" at "x"');
  });

  test('what an admin copies is one word to a shell, whatever is in it', () => {
    const words = [
      "a'b",
      '$(touch pwned)',
      '`id`',
      'a b',
      '-x',
      '"',
      "'; echo no #",
      '\\',
      '!!',
      '*',
      '~',
      'holdshort approve x',
    ];
    const args = words.map((word) => shellWord(word)).join(' ');
    const said = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${args}`], { encoding: 'utf8' });
    expect(said.split('\0').slice(0, -1)).toEqual(words);
  });

  test('for whom: a person, or nobody who is known', () => {
    expect(operatorText({ operator: 'bob' }, 16)).toBe('bob');
    const bound = { operator: 'bob', identity: login };
    expect(operatorText(bound, 16)).toBe('bob, known by login at https://login.example.com');
    const unknown = { operator: nobodysName(login), identity: login };
    expect(operatorText(unknown, 16)).toBe('nobody who is known, by login at https://login.example.com');
  });
});
