import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { connectionTo } from '../../src/store/postgres/address.ts';
import { ROLES, roleName } from '../../src/store/postgres/roles.ts';
import { makePlace } from '../scenes/front-door.ts';

/** No container is started here: that what deploy/ says to the program is what the program knows. */

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly volumes?: readonly string[];
}

const compose = parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, null>>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === 'holdshort');
/** What `hub` names at its start where it is missing (`test/hub/starting.test.ts`). */
const SHARED = ['links.key', 'secrets.key', 'companion.key'];
const sourceOf = (secret: string | { readonly source: string }) =>
  typeof secret === 'string' ? secret : secret.source;

const wordsOf = (command: readonly string[]) =>
  command.slice(0, ['store', 'approvers'].includes(command[0] ?? '') ? 2 : 1);

describe('compose.yaml', () => {
  it('has two hubs, two executors, a database, who migrates it, and where people type', () => {
    const commands = ours.map(([, { command = [] }]) => wordsOf(command).join(' '));
    expect(commands.toSorted()).toEqual(['approvers list', 'executor', 'executor', 'hub', 'hub', 'store migrate']);
  });

  it.each(ours)('starts %s by a command and options that there are', async (_, { command = [] }) => {
    await using place = makePlace();
    const words = wordsOf(command);
    const { code, stdout } = await place.cli([...words, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`cli.js ${words.join(' ')} [`);
    for (const option of command.filter((word) => word.startsWith('--'))) expect(stdout).toContain(option);
  });

  it.each(ours)(
    'gives %s no root, nothing to write to but what is mounted, and no password but by a file',
    (_, one) => {
      expect(one.user).toMatch(/^(6400[123]):\1$/);
      expect(one.read_only).toBe(true);
      expect(
        Object.keys(one.environment ?? {}).filter((name) => /PASSWORD|SECRET_ACCESS_KEY|TOKEN/.test(name)),
      ).toEqual([]);
      expect(one.environment?.PGPASSFILE).toBe(
        `/run/secrets/${(one.secrets ?? []).map(sourceOf).find((name) => name.endsWith('pgpass'))}`,
      );
    },
  );

  it('names each secret and volume that a service has, and no other', () => {
    const used = services.flatMap(([, { secrets = [] }]) => secrets.map(sourceOf));
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
    const volumes = services.flatMap(([, service]) =>
      (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''),
    );
    const named = volumes.filter((volume) => !volume.startsWith('.'));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    for (const file of volumes.filter((volume) => volume.startsWith('.')))
      expect(readFileSync(join('deploy', file), 'utf8')).not.toBe('');
  });

  it('gives each hub every key that hubs share, and each part its configuration where it looks for it', () => {
    for (const [name, { secrets = [], volumes = [], environment = {}, command = [] }] of ours) {
      if (command[0] === 'store') continue;
      const home = environment.HOLDSHORT_HOME;
      expect(volumes, name).toContainEqual(expect.stringMatching(`^\\./\\w+\\.yaml:${home}/config\\.yaml:ro$`));
      const targets = secrets.map((secret) => (typeof secret === 'string' ? '' : secret.target)).filter(Boolean);
      expect(targets, name).toEqual(command[0] === 'hub' ? SHARED.map((key) => `${home}/keys/${key}`) : []);
    }
  });

  it('gives no execution credential to hubs, and no secret of one part to another', () => {
    const secretsOf = (prefix: string) =>
      services.filter(([name]) => name.startsWith(prefix)).flatMap(([, { secrets = [] }]) => secrets.map(sourceOf));
    const [hubs, executors] = [secretsOf('hub-'), secretsOf('executor-')];
    expect(hubs.filter((secret) => executors.includes(secret))).toEqual([]);
    expect(readFileSync('deploy/hub.yaml', 'utf8')).not.toContain('execution_role_arn');
  });
});

describe.each(['hub.yaml', 'executor.yaml', 'people.yaml'])('%s', (name) => {
  it('is a configuration that the program takes', async () => {
    await using place = makePlace();
    const file = join(place.home, 'config.yaml');
    copyFileSync(join('deploy', name), file);
    const { code, stderr } = await place.cli(['policy', 'check']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('names a login that logins.sql makes', () => {
    const { store } = parse(readFileSync(join('deploy', name), 'utf8')) as { store: string };
    const { user } = connectionTo(store);
    expect(readFileSync('deploy/logins.sql', 'utf8')).toContain(`CREATE ROLE ${user} LOGIN`);
  });
});

it('logins.sql grants roles that there are', () => {
  const granted = readFileSync('deploy/logins.sql', 'utf8').match(/holdshort_\w+/g) ?? [];
  expect([...new Set(granted)].toSorted()).toEqual(ROLES.map(roleName).toSorted());
});
