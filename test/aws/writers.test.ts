import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { type Endpoint, errorXml, http, identity, session, startEndpoint } from '../scenes/endpoints.ts';

const HERE = '123456789012';
const ELSEWHERE = '210987654321';
const role = (name: string) => `arn:aws:iam::${HERE}:role/${name}`;

describe('writers have signed in before there is anything to write', () => {
  let folder: string;
  let server: Endpoint | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdshort-aws-'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  const signedInAs = (key: string) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', key);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
  };
  /** Keys that begin with ELSE are of another account; a role's session has the role's name for a key. */
  const cloud = async (refused?: string) => {
    server = await startEndpoint((action, key) => {
      if (action === refused) return http(403, errorXml('AccessDenied', 'not you'));
      if (action === 'AssumeRole') return session('ROLE');
      return identity(key.startsWith('ELSE') ? ELSEWHERE : HERE);
    });
    return { region: 'eu-west-1', endpoint: server.endpoint };
  };

  test('without credentials there are none', async () => {
    const aws = createAws(await cloud());
    await expect(aws.writers()).rejects.toMatchObject({ code: 'aws_unreachable', certainty: 'refused' });
    expect(server?.actions).toEqual([]);
  });

  test('whose execution role may not be assumed there are none', async () => {
    signedInAs('OWN');
    const aws = createAws({ ...(await cloud('AssumeRole')), executionRoleArn: role('run') });
    await expect(aws.writers()).rejects.toMatchObject({ code: 'aws_denied' });
  });

  test('without roles AWS is not asked anything for it', async () => {
    signedInAs('OWN');
    await createAws(await cloud()).writers();
    expect(server?.actions).toEqual([]);
  });

  test('for another account than the read role reads there are none', async () => {
    signedInAs('ELSE');
    const aws = createAws({ ...(await cloud()), readRoleArn: role('read') });
    await aws.readers();
    await expect(aws.writers()).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('for the same account there are, and that is asked once', async () => {
    signedInAs('OWN');
    const aws = createAws({ ...(await cloud()), readRoleArn: role('read') });
    await aws.writers();
    await aws.writers();
    expect(server?.actions).toEqual(['AssumeRole', 'GetCallerIdentity', 'GetCallerIdentity']);
  });

  test('where somebody signed in to another account since, there are none', async () => {
    const file = join(folder, 'session.json');
    writeFileSync(join(folder, 'config'), `[default]\ncredential_process = cat ${file}\n`);
    const signIn = (AccessKeyId: string) =>
      writeFileSync(file, JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey: 'testing' }));
    signIn('OWN');
    const aws = createAws(await cloud());
    expect((await aws.readers()).caller.account).toBe(HERE);
    signIn('ELSE');
    await expect(aws.writers()).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
