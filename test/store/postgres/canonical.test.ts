import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remember } from '../../../src/audit/remembered.ts';
import { asciiJson } from '../../../src/kernel/plan.ts';
import { debians, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const programs = { fromNpm: fromNpm(), debians: debians() };
for (const [name, program] of Object.entries(programs))
  if (!program) console.warn(`skipped: what texts PostgreSQL (${name}) admits: ${MISSING}`);

/** JavaScript puts some first. None with a backslash, a quote or a line's end: those are refused as names. */
const names = fc.oneof(
  fc.constantFrom('a', 'b', '1', '0', '10', '2', '01', '-1', '4294967294', '4294967295', '__proto__', 's:'),
  fc.string({ unit: 'binary', maxLength: 3 }).filter((name) => !/[\\"\b\f\n\r\t]/.test(name)),
);
/** Refused: beyond 2^53 with more than 15 digits, and next to nothing. */
const isAdmitted = (number: number) =>
  (Math.abs(number) < 2 ** 53 || Number(number.toPrecision(15)) === number) &&
  (number === 0 || Math.abs(number) > 1e-299);
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isAdmitted),
  fc.double({ noNaN: true, min: -1e3, max: 1e3 }).filter(isAdmitted),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1e21, 1e-7, 1e-6, 2 ** -44, 1e23, 123456, -1.5, 1e300, 2 ** 53 - 1),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    numbers,
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 4 }),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
})).value;

const numberTexts = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constantFrom('0', '1', '9007199254740993', '0.1', '9'), fc.stringMatching(/^[0-9]{1,18}$/)),
    fc.oneof(fc.constantFrom('', '.0', '.5', '.000000', '.10'), fc.stringMatching(/^\.[0-9]{1,17}$/)),
    fc.oneof(fc.constantFrom('', '', 'e400', 'E5', 'e+21', 'e-7', 'e5'), fc.stringMatching(/^e[+-][0-9]{1,3}$/)),
  )
  .map((parts) => parts.join(''));
const pieces = fc.oneof(
  fc.constantFrom('{', '}', '[', ']', ',', ':', ' ', '"a"', '"a":', '"b":1', '"1":1', '"0":2', '"2":{}', '1', '\t'),
  fc.constantFrom('true', 'null', '"\\u0041"', '"\\u00e4"', '"\\u00E4"', '"\\n"', '"\\u000a"', '"\\/"', '"\\u007f"'),
  fc.constantFrom('"\\ud83d"', '"\\\\"', '"\\""', '"\\u0000":1', '"\\ud800":1', '1e400', '1e400', '-0', '1.0'),
  numberTexts,
);
/** Texts that are nearly ours. */
const nearly = fc.oneof(
  numberTexts,
  fc.array(pieces, { maxLength: 8 }).map((some) => `{${some.join('')}}`),
  fc.array(fc.oneof(pieces), { maxLength: 4 }).map((some) => `[${some.join(',')}]`),
  fc
    .array(fc.tuple(names.map(asciiJson), pieces), { maxLength: 5 })
    .map((some) => `{${some.map((pair) => pair.join(':')).join(',')}}`),
  fc.tuple(values.map(asciiJson), fc.nat(), pieces).map(([text, nat, piece]) => {
    const at = nat % (text.length + 1);
    return `${text.slice(0, at)}${piece}${text.slice(at)}`;
  }),
);

const entry = (detail: string) =>
  `{"seq":1,"at":"2026-01-01T00:00:00.000Z","type":"call.completed","actor":"agent:x","detail":{"a":${detail}}}`;
const isRead = (text: string) => remember(1, { seq: 1, text, leaf: Buffer.alloc(32) }) !== undefined;

for (const [name, program] of Object.entries(programs))
  describe.skipIf(!program)(`what PostgreSQL admits (${name})`, () => {
    let server: Server;
    let client: pg.Client;
    beforeAll(async () => {
      if (!program) return;
      server = await startServer(program);
      await makeTemplate(server, 'template');
      client = new pg.Client(server.superuser(await makeDatabase(server, 'template')));
      await client.connect();
    }, 120_000);
    afterAll(async () => {
      await client?.end();
      await server?.stop();
    });
    const admitted = async (texts: readonly string[]): Promise<readonly boolean[]> => {
      const sql = 'SELECT holdshort.canonical(t) AS yes FROM unnest($1::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n';
      return (await client.query<{ yes: boolean }>(sql, [texts])).rows.map(({ yes }) => yes);
    };

    it('is everything that we write', async () => {
      const written = fc.array(values, { minLength: 50, maxLength: 100 });
      await fc.assert(
        fc.asyncProperty(written, async (some) => {
          const texts = some.map((value) => entry(asciiJson(value)));
          const all = await admitted(texts);
          expect(texts.filter((text, at) => isRead(text) && !all[at])).toEqual([]);
        }),
        { numRuns: 40 },
      );
    }, 120_000);

    it('is nothing that a gate does not read', async () => {
      let yes = 0;
      let no = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(nearly, { minLength: 50, maxLength: 100 }), async (some) => {
          const texts = some.filter((text) => /^[ -~\t]*$/.test(text)).map(entry);
          const all = await admitted(texts);
          expect(texts.filter((text, at) => all[at] && !isRead(text))).toEqual([]);
          yes += all.filter(Boolean).length;
          no += all.filter((one) => !one).length;
        }),
        { numRuns: 60 },
      );
      expect([yes, no].every((count) => count > 100)).toBe(true);
    }, 120_000);

    it('is not what was built to stop every host', async () => {
      const nested = (deep: number) => entry(`${'['.repeat(deep)}${']'.repeat(deep)}`);
      const bad = [
        '1e400',
        '{"a":1,"a":2}',
        '{"a":{"b":1},"a":2}',
        '{"a":":","a":[]}',
        'nulls',
        '1-2',
        '01',
        '1e5',
        '1234567890123456789',
        '[{"b":{"x":1,"x":1}}]',
        '{"b":1,"1":2}',
        '{"2":1,"1":2}',
        '{"\\\\":1}',
        '{"\\"":1}',
        ' 1',
        '-0',
        '1.0',
      ]
        .map(entry)
        .concat([
          nested(199),
          nested(5000),
          entry(`"${'x'.repeat(5_000_000)}"`),
          entry('1').replace('","type"', '", "type"'),
        ]);
      expect(await admitted(bad)).toEqual(bad.map(() => false));
      const good = ['{"1":2,"2":1,"b":1}', '{"4294967295":1,"4294967294":1}'].map(entry).filter(isRead);
      const deepest = [nested(198), ...good];
      expect(deepest.map(isRead)).toEqual(deepest.map(() => true));
      expect(await admitted(deepest)).toEqual(deepest.map(() => true));
    }, 60_000);
  });
