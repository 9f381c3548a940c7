import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePlace } from '../scenes/front-door.ts';
import { done, enroll, here } from '../scenes/here.ts';

/** The first key, pinned on a host that shares the store and not the keys. */

test('what one host prints, another pins: once, and nothing else', async () => {
  await using place = makePlace({ production: 'key' });
  const none = await here(place, ['approvers', 'root']);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no first key is pinned') });
  await enroll(place, 'noa');
  const line = (await done(place, 'approvers', 'root')).stdout.trim();
  expect(line).toMatch(/^holdshort\/root\/v1 noa SHA256:[A-Za-z0-9+/]{43}$/);
  expect(JSON.parse((await done(place, 'approvers', 'root', '--json')).stdout)).toMatchObject({ name: 'noa', line });

  // The other host: the same store, and no root yet.
  const path = join(place.home, 'keys', 'root.json');
  const first = readFileSync(path, 'utf8');
  rmSync(path);
  const pin = (given: string) => here(place, ['approvers', 'root', '--pin', given]);
  const wrong = line.replace(/SHA256:.{4}/, 'SHA256:AAAA');
  for (const [given, code] of [
    ['holdshort/root/v1 noa', 2],
    [`${line} ${line}`, 2],
    [line.replace('v1', 'v2'), 2],
    [line.replace('noa', '../noa'), 2],
    [join(place.home, 'nothing-here'), 2],
    [wrong, 1],
    [line.replace('noa', 'ida'), 1],
  ] as const) {
    expect(await pin(given), given).toMatchObject({ code, stdout: '' });
    expect(existsSync(path)).toBe(false);
  }
  const file = join(place.home, 'root.txt');
  writeFileSync(file, `${line}\n`);
  expect(await pin(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('all approvals rest on') });
  const { name, key } = JSON.parse(readFileSync(path, 'utf8'));
  expect(JSON.parse(first)).toMatchObject({ name, key });
  expect((await done(place, 'approvers', 'list')).stdout).toContain('noa');
  expect(await pin(line)).toMatchObject({ code: 0, stdout: expect.stringContaining('already') });

  // A second one, also where it would fit the log of another store.
  expect(await pin(wrong)).toMatchObject({ code: 1, stderr: expect.stringContaining('another first key') });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ name, key });
});
