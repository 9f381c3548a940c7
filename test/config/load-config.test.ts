import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema, loadConfig, policySource } from '../../src/config.ts';
import { environmentOf } from '../../src/kernel/environment.ts';
import { failureOf, temporaryFolder } from './home.ts';

const HOUR = 3_600_000;

describe('without a file', () => {
  it('everything has its default', async () => {
    const config = await loadConfig({ env: { HOME: '/home/ada' } });
    expect(config).toMatchObject({
      configDir: '/home/ada/.config/holdshort',
      configFile: undefined,
      stateDir: '/home/ada/.local/state/holdshort',
      database: '/home/ada/.local/state/holdshort/holdshort.db',
      keysDir: '/home/ada/.local/state/holdshort/keys',
      environments: [],
      policyFile: undefined,
      aws: {},
    });
    expect(config.expireAfterMs('production')).toBe(4 * HOUR);
    expect(await policySource(config)).toEqual({ source: 'default' });
  });

  it('follows XDG, but no relative or empty path', async () => {
    const xdg = { HOME: '/home/ada', XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' };
    expect(await loadConfig({ env: xdg })).toMatchObject({ configDir: '/c/holdshort', stateDir: '/s/holdshort' });
    expect(await loadConfig({ env: { ...xdg, XDG_CONFIG_HOME: '', XDG_STATE_HOME: 'state' } })).toMatchObject({
      configDir: '/home/ada/.config/holdshort',
      stateDir: '/home/ada/.local/state/holdshort',
    });
  });

  it('HOLDSHORT_HOME overrides both', async () => {
    const env = { HOME: '/home/ada', XDG_CONFIG_HOME: '/c', HOLDSHORT_HOME: '/one' };
    expect(await loadConfig({ env })).toMatchObject({ configDir: '/one', stateDir: '/one', keysDir: '/one/keys' });
  });

  it('one that is named must exist', async () => {
    const error = await failureOf(() => loadConfig({ file: '/nowhere/config.yaml', env: {} }));
    expect(error.code).toBe('config_invalid');
    expect(error.message).toContain('/nowhere/config.yaml');
  });
});

describe('with a file', () => {
  const TEXT = `
environments:
  - name: development
    match: { stack_names: ["dev-*"], accounts: ["012345678901"] }
    expire_after: 2d
  - name: development
    match: { tags: { env: dev } }
    expire_after: 45s
  - name: staging
    match: { regions: [eu-west-1] }
approvals:
  expire_after: 30m
policy: rules/team.cedar
aws:
  read_role_arn: arn:aws:iam::123456789012:role/read
`;

  it.each(['config.yaml', 'config.json'])('%s is found in the home folder', async (name) => {
    await using home = await temporaryFolder();
    const json = JSON.stringify({
      policy: 'p.cedar',
      environments: [{ name: 'staging', match: { tags: { env: 'x' } } }],
    });
    const file = await home.write(name, name.endsWith('json') ? json : TEXT);
    const config = await loadConfig({ env: { HOLDSHORT_HOME: home.path } });
    expect(config.configFile).toBe(file);
    expect(config.environments.length).toBeGreaterThan(0);
  });

  it('says all that it says', async () => {
    await using home = await temporaryFolder();
    const config = await loadConfig({ file: await home.write('any.yaml', TEXT), env: { HOME: '/home/ada' } });
    expect(config.policyFile).toBe(join(home.path, 'rules/team.cedar'));
    expect(config.aws).toEqual({ read_role_arn: 'arn:aws:iam::123456789012:role/read' });
    expect(config.stateDir).toBe('/home/ada/.local/state/holdshort');
    const subject = { account: '012345678901', region: 'us-east-1', names: { stack_name: 'dev-a' }, tags: {} };
    expect(environmentOf(config, [subject])).toBe('development');
    expect(environmentOf(config, [{ ...subject, account: '123456789012' }])).toBe('production');
  });

  it('a rule may say how long its environment waits; the shortest holds', async () => {
    await using home = await temporaryFolder();
    const { expireAfterMs } = await loadConfig({ file: await home.write('any.yaml', TEXT), env: {} });
    expect(expireAfterMs('development')).toBe(45_000);
    expect(expireAfterMs('staging')).toBe(HOUR / 2);
    expect(expireAfterMs('production')).toBe(HOUR / 2);
  });

  it('of comments only is none', async () => {
    await using home = await temporaryFolder();
    const config = await loadConfig({ file: await home.write('any.yaml', '# policy: x\n'), env: {} });
    expect(config.policyFile).toBeUndefined();
  });

  it('two of them are refused, and so is one that would be passed over', async () => {
    await using home = await temporaryFolder();
    const env = { HOLDSHORT_HOME: home.path };
    await home.write('config.yml', '');
    expect((await failureOf(() => loadConfig({ env }))).message).toContain('config.yml');
    await home.write('config.yaml', '');
    expect((await failureOf(() => loadConfig({ env }))).code).toBe('config_invalid');
  });

  it('a policy that can not be read never becomes the default policy', async () => {
    await using home = await temporaryFolder();
    const config = await loadConfig({ file: await home.write('any.yaml', TEXT), env: {} });
    expect((await failureOf(() => policySource(config))).code).toBe('policy_invalid');
    const policyFile = await home.write('p.cedar', 'permit');
    expect(await policySource({ policyFile })).toEqual({ source: policyFile, text: 'permit' });
  });
});

describe('docs/configuration.md', async () => {
  const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```(?:yaml|json)\n(.*?)```/gs)].map(([, text = '']) => text);

  it('has an example with every key', () => {
    for (const key of keysIn(configSchema())) expect(examples.join('')).toMatch(new RegExp(`\\b${key}"?:`));
  });

  it.each(examples)('has an example that loads: %s', async (text) => {
    await using home = await temporaryFolder();
    const config = await loadConfig({ file: await home.write('any.yaml', text), env: {} });
    expect(config.configFile).toBeDefined();
  });
});

function keysIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysIn)];
}

describe('the approval page', () => {
  it('is there when it is configured, at its port or behind its origin', async () => {
    expect((await loadConfig({ env: { HOME: '/home/ada' } })).web).toBeUndefined();
    await using folder = await temporaryFolder();
    const least = await folder.write('least.yaml', 'web: {}');
    expect((await loadConfig({ file: least, env: {} })).web).toEqual({ port: 4141 });
    const text = 'web: { port: 8443, origin: "https://approvals.example.com", attestation_roots: makers.pem }';
    const file = await folder.write('config.yaml', text);
    expect((await loadConfig({ file, env: {} })).web).toEqual({
      port: 8443,
      origin: 'https://approvals.example.com',
      attestationRoots: join(folder.path, 'makers.pem'),
    });
  });

  it.each([
    'http://approvals.example.com',
    'https://approvals.example.com/',
    'https://APPROVALS.example.com',
    'approvals',
    '*',
  ])('has no passkeys at %s, which is refused', async (origin) => {
    await using folder = await temporaryFolder();
    const file = await folder.write('config.yaml', `web: { origin: "${origin}" }`);
    const error = await failureOf(() => loadConfig({ file, env: {} }));
    expect(error.code).toBe('config_invalid');
    expect(error.message).toContain('https origin');
  });
});
