import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/*
 * A rehearsal executes. That it can only do so in the cloud that it started itself, and never in AWS, is so by how the
 * code is put together: its clients are made in one place, from that cloud's address.
 */

const ROOM = 'src/rehearsal';
const read = (file: string) => readFileSync(join(ROOM, file), 'utf8');
const files = readdirSync(ROOM);
const naming = (word: RegExp) => files.filter((file) => word.test(read(file)));

test('its clients are made in one place, for the cloud that was just started and with made-up credentials', () => {
  expect(naming(/createAws|startSandbox/)).toEqual(['model-cloud.ts']);
  const text = read('model-cloud.ts');
  expect(text.match(/createAws\(/g)).toHaveLength(1);
  const [, made = ''] = /createAws\(\{([\s\S]*?)\}\);/.exec(text) ?? [];
  expect(made).toMatch(/^\s*endpoint: sandbox\.endpoint,$/m);
  expect(made).toMatch(/^\s*credentials: \{ accessKeyId: key, secretAccessKey: key \},$/m);
  expect(text).toMatch(/const sandbox = await startSandbox\(\{ accountId: account, region, onlyFor: key \}\);/);
  expect(text).toMatch(/const key = `AKID\$\{randomBytes\(20\)/);
  // Whoever asks says which account and region are copied, and nothing else.
  expect(text).toMatch(/startModelCloud\(\{ account, region \}: \{[^}]*\}\)/);
});

test('writers and planners are asked for in one place, of those clients', () => {
  expect(naming(/\.(writers|planners|sender)\(/)).toEqual(['carry-out.ts']);
  expect(naming(/carriedOut\(/).sort()).toEqual(['carry-out.ts', 'play.ts']);
  expect(naming(/startModelCloud\(/).sort()).toEqual(['model-cloud.ts', 'play.ts']);
});

test('what is outside of its thread imports nothing that executes, and the thread has nothing of the environment', () => {
  const importsOf = (file: string): readonly string[] =>
    [...read(file).matchAll(/^import (?!type )[^;]*?from '([^']+)'/gms)].map(([, from]) => from!);
  const outside = new Set(['rehearse.ts']);
  for (const file of outside)
    for (const from of importsOf(file)) if (from.startsWith('./')) outside.add(from.slice('./'.length));
  expect([...outside].sort()).toEqual(['bounded.ts', 'copied.ts', 'rehearse.ts']);
  for (const file of outside)
    expect(
      importsOf(file).filter((from) => /^\.\.\/(aws|sandbox)\//.test(from)),
      file,
    ).toEqual([]);
  // Nothing but `keepers`, which read.
  expect(/export interface Source \{([\s\S]*?)\n\}/.exec(read('rehearse.ts'))?.[1]).toBe(
    '\n  keepers(region: string, over: AbortSignal): Promise<Keepers>;\n  now(): Promise<string>;',
  );
  expect(/env: \{([\s\S]*?)\}/.exec(read('rehearse.ts'))?.[1]).not.toMatch(/process|\.\.\./);
  expect(naming(/process\.env/)).toEqual([]);
});
