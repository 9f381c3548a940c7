import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  activeAdmins,
  adminProof,
  groupsOf,
  isActiveAt,
  mayManage,
  type Registry,
} from '../../src/kernel/approvers.ts';
import { recoveryDigest } from '../../src/kernel/pinned.ts';
import { readStatement, type Signed } from '../../src/kernel/statement.ts';
import { bounded } from '../scenes/bounded.ts';
import { judged, level, managing, recovering, somePinned, told } from './histories.ts';

/** Fails with the seed where one of these isn't so. */
const runs = (whole: number, some = 60) => ({
  numRuns: bounded('generated histories with recoveries', whole, some),
  verbose: fc.VerbosityLevel.Verbose,
});

const active = ({ keys }: Registry) => [...keys.values()].filter((key) => isActiveAt(key, Number.POSITIVE_INFINITY));
const without = (pinned: ReadonlySet<string>, one: Signed) =>
  new Set([...pinned].filter((digest) => digest !== recoveryDigest(one.statement)));

function recoveryIn(signed: Signed) {
  const statement = readStatement(signed);
  if (statement?.kind !== 'recover') throw new Error('this recovers nothing');
  return statement;
}

test('32: a file that is taken away lets nothing run, and brings no key back', () => {
  let mattered = 0;
  fc.assert(
    fc.property(told, somePinned, somePinned, ([entries, ticket], some, others) => {
      const more = judged(entries, ticket, { pinned: new Set([...some, ...others]) });
      const less = judged(entries, ticket, { pinned: some });
      if (less.runs) expect(more.runs).toBe(true);
      const revoked = (registry: Registry) => [...registry.keys.values()].map(({ id, revokedSeq }) => [id, revokedSeq]);
      expect(revoked(less.registry)).toEqual(revoked(more.registry));
      expect(less.halt).toEqual(more.halt);
      expect(less.counted.denials).toEqual(more.counted.denials);
      for (const key of more.registry.keys.values()) {
        const now = level(less.registry.keys.get(key.id)?.maxAssurance ?? 'client');
        expect(now).toBeLessThanOrEqual(level(key.maxAssurance));
        if (now < level(key.maxAssurance)) mattered += 1;
      }
      for (const name of more.registry.memberships.keys())
        expect(groupsOf(less.registry, name)).toEqual(expect.arrayContaining([...groupsOf(more.registry, name)]));
    }),
    runs(600, 300),
  );
  // The property says nothing where no file is missed.
  expect(mattered).toBeGreaterThan(0);
});

test('32: a recovery that no file names gives nobody anything', () => {
  fc.assert(
    fc.property(told, recovering, managing, somePinned, ([entries, ticket], more, wanted, some) => {
      const pinned = without(some, more);
      const before = judged(entries, ticket, { pinned });
      const after = judged([...entries, more], ticket, { pinned });
      if (!before.runs) expect(after.runs).toBe(false);
      const signer = before.registry.keys.get(recoveryIn(more).key);
      for (const key of active(after.registry)) {
        const known = before.registry.keys.get(key.id);
        expect(level(key.maxAssurance)).toBeLessThanOrEqual(level((known ?? signer)?.maxAssurance ?? 'client'));
      }
      expect(level(adminProof(after.registry))).toBeGreaterThanOrEqual(level(adminProof(before.registry)));
      const statement = readStatement(wanted);
      if (statement?.kind !== 'enroll' && statement?.kind !== 'revoke' && statement?.kind !== 'bind')
        throw new Error('this manages nobody');
      // Its own key may be revoked from now on: there was nothing to revoke before.
      const isItsKey = statement.kind === 'revoke' && statement.public_key_id === recoveryIn(more).public_key_id;
      if (before.registry.keys.has(statement.key) && !isItsKey)
        for (const proven of ['client', 'key', 'presence', 'hardware'] as const)
          if (!mayManage(before.registry, statement, proven))
            expect(mayManage(after.registry, statement, proven)).toBe(false);
    }),
    runs(300),
  );
});

test('32: one that a file names gives its signer, an admin, that one key, takes only what it names and what goes with that, and lowers no bar', () => {
  let gave = 0;
  const each = fc.property(told, recovering, somePinned, ([entries, ticket], more, some) => {
    const recovery = recoveryIn(more);
    const pinned = new Set([...some, recoveryDigest(more.statement)]);
    const before = judged(entries, ticket, { pinned });
    const after = judged([...entries, more], ticket, { pinned });
    const ids = new Set(active(before.registry).map(({ id }) => id));
    const came = active(after.registry).filter(({ id }) => !ids.has(id));
    const went = [...ids].filter((id) => !active(after.registry).some((key) => key.id === id));
    expect(came.every(({ id, name }) => id === recovery.public_key_id && name === recovery.by)).toBe(true);
    // With a key go the chat clients' keys that it enrolled.
    const withIt = [...before.registry.keys.values()].filter(
      ({ enrolledFor, enrolledWith }) => enrolledFor === 'client' && recovery.lost.includes(enrolledWith),
    );
    expect([...recovery.lost, ...withIt.map(({ id }) => id)]).toEqual(expect.arrayContaining(went));
    if (came.length + went.length > 0)
      expect(activeAdmins(before.registry).map(({ id }) => id)).toContain(recovery.key);
    expect(level(adminProof(after.registry))).toBeGreaterThanOrEqual(level(adminProof(before.registry)));
    if (!before.runs) expect(after.runs).toBe(false);
    gave += came.length;
  });
  fc.assert(each, runs(300));
  // It says nothing about recoveries that give nothing; the same ones every time, since that is no matter of chance.
  gave = 0;
  fc.assert(each, { seed: 1, numRuns: 200 });
  expect(gave).toBeGreaterThan(10);
});
