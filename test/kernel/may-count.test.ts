import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayCount } from '../../src/kernel/may-count.ts';
import { type Recorded, readStatement, type Signed, signStatement } from '../../src/kernel/statement.ts';
import { bounded } from '../scenes/bounded.ts';
import { enroll, logged, NOW, type Person, person } from '../scenes/people.ts';
import { judged, SOON, somePinned, told } from './histories.ts';

const rootOf = (entries: readonly Signed[]) => readStatement(entries[0] as Signed)?.key ?? '';
const ticketOf = (signed: Signed) => {
  const statement = readStatement(signed);
  return statement?.kind === 'decision' ? statement.ticket : undefined;
};

/** As they are found in a log, so many at a time. */
function found(entries: readonly Signed[], rootKeyId: string, atOnce: number): readonly boolean[] {
  const [live, known, counts]: [Recorded[], Set<string>, boolean[]] = [[], new Set(), []];
  const all = logged(entries);
  for (let at = 0; at < all.length; at += atOnce) {
    const fresh = all.slice(at, at + atOnce).map((signed) => ({ signed, ticket: ticketOf(signed) }));
    for (const [index, nonce] of mayCount(live, fresh, rootKeyId, (one) => known.has(one)).entries()) {
      counts.push(nonce !== undefined);
      if (nonce === undefined) continue;
      known.add(nonce);
      const one = fresh[index];
      if (one && one.ticket === undefined) live.push(one.signed);
    }
  }
  return counts;
}

/** Everything but which of them were refused. */
function outcome(...of: Parameters<typeof judged>) {
  const { registry, counted, ...rest } = judged(...of);
  const { rejected, ...counting } = counted;
  const { keys, memberships, bindings, recoveries, counted: places } = registry;
  const clearance = { ...rest.clearance, counted: undefined };
  return { ...rest, clearance, counting, keys, memberships, bindings, recoveries, places };
}

test('what never counts makes no difference, to anything, when it is left out', () => {
  let left = 0;
  const property = fc.property(
    told,
    somePinned,
    fc.integer({ min: 1, max: 5 }),
    ([entries, ticket], pinned, atOnce) => {
      const counts = found(entries, rootOf(entries), atOnce);
      const blank = { statement: '', signature: '' };
      const rest = entries.map((signed, at) => (counts[at] ? signed : blank));
      left += counts.filter((one) => !one).length;
      for (const now of [NOW, SOON])
        expect(outcome(rest, ticket, { now, pinned })).toEqual(outcome(entries, ticket, { now, pinned }));
    },
  );
  fc.assert(property, { numRuns: bounded('generated histories with what never counts left out', 600, 100) });
  // Nor is it all kept, in which case this would say nothing.
  expect(left).toBeGreaterThan(100);
});

test('what no enrolled key signed, what is said again, and requests beyond those that may wait never count', () => {
  const [ana, eve] = [person('ana'), person('eve')];
  const root = enroll(ana, ana);
  const halt = (by: typeof ana, nonce: string) =>
    signStatement({ kind: 'halt', reason: 'stop', nonce, signed_at: NOW, key: by.id, by: by.name }, by.privateKey);
  const said = halt(ana, 'a'.repeat(32));
  const of = (entries: readonly Signed[]) => found(entries, ana.id, 7);
  expect(of([root, said, said, { ...said, signature: 'AAAA' }, halt(eve, 'b'.repeat(32)), enroll(eve, eve)])).toEqual([
    ...[true, true, false, false, false, false],
  ]);
  // Nothing counts before the first key is there.
  expect(of([said, root])).toEqual([false, true]);
  const request = (one: Person, more: object = {}, nonce = randomBytes(16).toString('hex')) => {
    const { id: key, publicKey: public_key, name } = one;
    const plain = { name, public_key, public_key_id: key, key, by: name, nonce, signed_at: NOW };
    return signStatement({ kind: 'request', ...plain, ...more }, one.privateKey);
  };
  const requests = Array.from({ length: 60 }, (_, n) => request(person(`p${n}`)));
  expect(of([root, ...requests]).filter(Boolean)).toHaveLength(51);
  // What no list of those that wait would show takes no place among them.
  const unlisted = [
    ...[request(eve, { by: 'adam' }), request(eve, { key: ana.id }), request(eve, { public_key_id: ana.id })],
    request(ana),
  ];
  expect(of([root, ...unlisted]).filter(Boolean)).toHaveLength(1);
  expect(of([root, request(eve), request(eve), enroll(eve, ana), request(eve)])).toEqual([
    ...[true, true, false, true, false],
  ]);
  // Nobody uses up what another is going to say.
  expect(of([root, request(eve, {}, 'a'.repeat(32)), said])).toEqual([true, true, true]);
});
