import { expect, test } from 'vitest';
import { NO_CHROMIUM } from '../scenes/chromium.ts';
import { run } from '../scenes/front-door.ts';
import { MISSING } from '../store/postgres/server.ts';

test('a team: held over HTTP, decided with a passkey and a login, executed once elsewhere', async (context) => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined),
  );
  const { code, stdout, stderr } = await run(['test/demo/run.ts'], { ...env, NO_COLOR: '1' });
  for (const missing of [NO_CHROMIUM, MISSING]) if (stderr.includes(missing)) context.skip(missing);
  expect(stderr).toBe('');
  expect(stdout).not.toContain('NOT AS EXPECTED');
  expect(stdout).toContain('All of it came out as told.');
  expect(code).toBe(0);
}, 300_000);
