import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStateDir } from '../../src/config.ts';
import { makePlace } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { failureOf, temporaryFolder } from './home.ts';

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe.skipIf(process.platform === 'win32')('the state folder', () => {
  it('is made for its owner alone, and opening it again changes nothing', async () => {
    await using home = await temporaryFolder();
    const config = {
      stateDir: join(home.path, 'a/state'),
      keysDir: join(home.path, 'a/state/keys'),
      database: join(home.path, 'a/state/holdshort.db'),
    };
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
    const config = { stateDir: home.path, keysDir: join(home.path, 'keys'), database: join(home.path, 'holdshort.db') };
    await mkdir(config.keysDir, { mode: 0o700 });
    const key = await home.write('keys/ada.key', 'k');
    await chmod(key, 0o600);
    openStateDir(config);
    await chmod(join(home.path, name), mode);
    const error = await failureOf(() => openStateDir(config));
    expect(error.code).toBe('key_invalid');
    expect(error.recovery).toContain(`chmod ${wanted} '${join(home.path, name)}'`);
  });

  it.each(['holdshort.db', 'holdshort.db-wal', 'holdshort.db-shm'])(
    'A7: refuses a database whose %s others may read or write',
    async (name) => {
      await using place = makePlace();
      await enroll(place, 'ada');
      const file = join(place.home, name);
      const store = new Database(place.database);
      // While someone has it open, -wal and -shm are there.
      store.prepare('SELECT size FROM tree').get();
      await chmod(place.home, 0o755);
      await chmod(file, 0o666);
      const ran = await place.cli(['tickets', 'list']);
      await chmod(file, 0o600);
      const again = await place.cli(['tickets', 'list']);
      store.close();
      expect({ code: ran.code, stderr: ran.stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(`${file} is open to other users (mode 0666)`),
      });
      expect(ran.stderr).toContain(`chmod 600 '${file}'`);
      expect(again.code).toBe(0);
    },
  );

  it.skipIf(process.getuid?.() !== 0)(
    'A7: refuses a database that belongs to another user (tried as root)',
    async () => {
      await using place = makePlace();
      await enroll(place, 'ada');
      await chown(place.database, 65_534, 65_534);
      const ran = await place.cli(['tickets', 'list']);
      expect(ran.stderr).toContain(`${place.database} belongs to another user (uid 65534)`);
      expect(ran.code).toBe(1);
    },
  );

  it('says so where it can not be made', async () => {
    await using home = await temporaryFolder();
    const stateDir = join(await home.write('file', ''), 'state');
    const error = await failureOf(() =>
      openStateDir({ stateDir, keysDir: join(stateDir, 'keys'), database: join(stateDir, 'db') }),
    );
    expect(error.code).toBe('store_unavailable');
  });
});
