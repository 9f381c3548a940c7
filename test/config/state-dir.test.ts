import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStateDir } from '../../src/config.ts';
import { failureOf, temporaryFolder } from './home.ts';

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe.skipIf(process.platform === 'win32')('the state folder', () => {
  it('is made for its owner alone, and opening it again changes nothing', async () => {
    await using home = await temporaryFolder();
    const config = { stateDir: join(home.path, 'a/state'), keysDir: join(home.path, 'a/state/keys') };
    openStateDir(config);
    openStateDir(config);
    expect(await modeOf(config.stateDir)).toBe(0o700);
    expect(await modeOf(config.keysDir)).toBe(0o700);
  });

  it.each([
    ['keys that others may read', 'keys', 0o750, '700'],
    ['keys that others may enter', 'keys', 0o701, '700'],
    ['a key that others may read', 'keys/ada.key', 0o640, '600'],
    ['a state folder that others may write', '.', 0o770, '700'],
  ])('refuses %s', async (_, name, mode, wanted) => {
    await using home = await temporaryFolder();
    const config = { stateDir: home.path, keysDir: join(home.path, 'keys') };
    await mkdir(config.keysDir, { mode: 0o700 });
    const key = await home.write('keys/ada.key', 'k');
    await chmod(key, 0o600);
    openStateDir(config);
    await chmod(join(home.path, name), mode);
    const error = await failureOf(() => openStateDir(config));
    expect(error.code).toBe('key_invalid');
    expect(error.recovery).toContain(`chmod ${wanted} '${join(home.path, name)}'`);
  });

  it('says so where it can not be made', async () => {
    await using home = await temporaryFolder();
    const stateDir = join(await home.write('file', ''), 'state');
    const error = await failureOf(() => openStateDir({ stateDir, keysDir: join(stateDir, 'keys') }));
    expect(error.code).toBe('store_unavailable');
  });
});
