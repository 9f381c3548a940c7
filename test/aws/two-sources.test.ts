import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { CLI, makePlace, until } from '../scenes/front-door.ts';

/** What the built command says on stderr while it reads from AWS, with these settings beside its keys. */
async function saidBySdk(settings: Readonly<Record<string, string>>) {
  const cloud = await startCloud({ instances: [{}] });
  const place = makePlace({ endpoint: cloud.endpoint });
  const credentials = join(place.home, 'credentials');
  writeFileSync(credentials, '[work]\naws_access_key_id = AKIAOFTHEPROFILE\naws_secret_access_key = secret\n');
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'serve', '--no-executor'],
    env: { ...place.env, AWS_SHARED_CREDENTIALS_FILE: credentials, ...settings },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk) => (said += chunk));
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  onTestFinished(async () => {
    await client.close();
    await place[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });
  const answer = await client.callTool({ name: 'ec2_describe_instances', arguments: {} });
  expect(answer.structuredContent, JSON.stringify(answer)).toHaveProperty('instances');
  return () => said;
}

test('of two sources of credentials the SDK says which it takes, and that is passed on, once', async () => {
  const said = await saidBySdk({ AWS_PROFILE: 'work' });
  await until(said, (text) => text.includes('will proceed with the AWS_PROFILE value'));
  expect(said().match(/Multiple credential sources/g)).toHaveLength(1);
});

test('nothing else that the SDK would write about a request is written', async () => {
  const said = await saidBySdk({});
  expect(said()).not.toMatch(/aws-sdk|DescribeInstances|AKIA/);
});
