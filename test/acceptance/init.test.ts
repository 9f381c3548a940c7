import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { enrolledHere, warnOfOperator } from '../../src/commands/operator.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { CLI, makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { hasTerminal, NO_TERMINAL, openScreen } from '../scenes/screen.ts';

/** `init`: what it writes holds here, and leads to nobody's dead end. */

const EXIT = { done: 0, failed: 1, usage: 2, refused: 3 };

function fresh(env: Record<string, string> = {}): Place {
  const place = makePlace({ env: { AWS_REGION: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', ...env } });
  onTestFinished(() => place[Symbol.asyncDispose]());
  return place;
}

const configOf = (place: Place) => readFileSync(join(place.home, 'config.yaml'), 'utf8');

test('D24: it writes a page and nothing else that changes anything, and never over what is there', async () => {
  const place = fresh();
  const made = await place.json(['init']);
  expect(made.files).toEqual([join(place.home, 'config.yaml'), join(place.home, 'policy.cedar')]);
  expect(await place.cli(['policy', 'check', join(place.home, 'policy.cedar')])).toMatchObject({ code: EXIT.done });
  expect(await place.json(['policy', 'check'])).toMatchObject({ source: 'default' });
  const active = configOf(place)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(active).toEqual(['web:', '  port: 4141']);
  const before = configOf(place);
  const again = await place.cli(['init', '--solo']);
  expect(again).toMatchObject({ code: EXIT.failed, stderr: expect.stringContaining('there already') });
  expect(configOf(place)).toBe(before);
});

test('D24: where one of the two files is there, neither is written', async () => {
  const place = fresh();
  writeFileSync(join(place.home, 'policy.cedar'), '// mine');
  expect(await place.cli(['init'])).toMatchObject({ code: EXIT.failed });
  expect(existsSync(join(place.home, 'config.yaml'))).toBe(false);
});

test('D24: the entries name this node, this program and these places, and no profile that is not there', async () => {
  const place = fresh({ AWS_SECRET_ACCESS_KEY: 'a-secret' });
  const made = await place.json(['init', '--operator', 'otto', '--approver', 'noa']);
  expect(made.agent).toEqual({
    command: process.execPath,
    args: [CLI, 'serve', '--agent', 'deploy-bot', '--operator', 'otto'],
    env: { HOLDSHORT_HOME: place.home },
  });
  expect(made.approver).toEqual({
    command: process.execPath,
    args: [CLI, 'companion'],
    env: { HOLDSHORT_APPROVER: 'noa', HOLDSHORT_HOME: place.home },
  });
  const there = fresh({ AWS_PROFILE: 'shop', AWS_REGION: 'eu-west-1' });
  const known = await there.json(['init']);
  expect(known.agent.env).toMatchObject({ AWS_PROFILE: 'shop', AWS_REGION: 'eu-west-1' });
  expect(JSON.stringify([made, known])).not.toContain('secret');
  // What is lacking is said.
  const said = await fresh().cli(['init']);
  expect(said.stdout).toMatch(/still needs, in "env", credentials .* and a region/);
});

test('D24: the entry for the agent works as it is', async () => {
  const cloud: Cloud = await startCloud({ instances: [{ count: 1 }] });
  onTestFinished(() => cloud[Symbol.asyncDispose]());
  const place = fresh({ AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: 'eu-west-1' });
  const { agent: entry } = await place.json(['init', '--operator', 'otto']);
  const client = new Client({ name: 'newcomer', version: '1.0.0' });
  const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
  const env = { ...entry.env, ...credentials, PATH: '', HOME: place.home };
  await client.connect(new StdioClientTransport({ ...entry, env, stderr: 'ignore' }));
  onTestFinished(() => client.close());
  const call = async (name: string, given: Record<string, unknown> = {}) =>
    (await client.callTool({ name, arguments: given })).structuredContent as any;
  const { instances } = await call('ec2_describe_instances');
  const instance_ids = [instances[0].instance_id];
  const { ticket } = await call('ec2_stop_instances', { instance_ids, reason: REASON });
  expect(ticket.review_url).toMatch(/^http:\/\/localhost:4141\/tickets\//);
});

test('D24: an approver who is the operator is refused, unless solo is said', async () => {
  const place = fresh();
  const refused = await place.cli(['init', '--operator', 'noa', '--approver', 'noa']);
  expect(refused).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining('--solo') });
  expect(await place.cli(['init', '--solo', '--operator', 'otto', '--approver', 'noa'])).toMatchObject({
    code: EXIT.usage,
  });
  expect(existsSync(join(place.home, 'config.yaml'))).toBe(false);
});

test('D24: --solo says so in policy and configuration, and asks for a passkey all the same', async () => {
  const place = fresh();
  const made = await place.json(['init', '--solo', '--approver', 'noa']);
  expect(made.agent.args).toContain('noa');
  expect(readFileSync(join(place.home, 'policy.cedar'), 'utf8')).toContain('@id("destructive-in-production-solo")');
  const { asks } = await place.json(['policy', 'check']);
  const destructive = asks.find((row: any) => row.environment === 'production' && row.effects.includes('delete'));
  expect(destructive.requirement).toEqual({ approvals: 1, assurance: 'presence', operator_may_approve: true });
});

test('D24: --account says what an account holds', async () => {
  const place = fresh();
  expect(await place.cli(['init', '--account', '123456789012=prod'])).toMatchObject({ code: EXIT.usage });
  const accounts = ['--account', '123456789012=production', '--account', '210987654321=development'];
  expect(await place.cli(['init', ...accounts])).toMatchObject({ code: EXIT.done });
  expect(configOf(place)).toContain('  - name: production\n    match: { accounts: ["123456789012"] }');
  expect(configOf(place)).toContain('  - name: development\n    match: { accounts: ["210987654321"] }');
  expect(await place.cli(['policy', 'check'])).toMatchObject({ code: EXIT.done });
});

describe('at a terminal', () => {
  beforeEach((context) => {
    if (!hasTerminal) context.skip(NO_TERMINAL);
  });

  function asking(place: Place, args: readonly string[] = []) {
    const screen = openScreen(place, ['init', ...args]);
    onTestFinished(() => screen.close());
    return screen;
  }

  test('D24: it asks who works with whom, and whether the account holds production', async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud[Symbol.asyncDispose]());
    const credentials = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
    const place = fresh({ AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: 'eu-west-1', ...credentials });
    const screen = asking(place);
    await screen.shows(/Who does the agent work for/);
    screen.type('otto');
    await screen.shows(/Who approves\?/);
    screen.type('noa');
    await screen.shows(/Does account 123456789012 hold production\?/);
    screen.type('n');
    await screen.shows(/What then/);
    screen.type('staging');
    expect(await screen.ended()).toBe(0);
    expect(await screen.shows(/approvers enroll noa/)).toContain('"HOLDSHORT_APPROVER": "noa"');
    expect(configOf(place)).toContain('  - name: staging\n    match: { accounts: ["123456789012"] }');
  });

  test('D24: who is alone is told what that means, and must say yes to it', async () => {
    const place = fresh({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'eu-west-1' });
    for (const [answer, exit] of [
      ['', EXIT.refused],
      ['y', EXIT.done],
    ] as const) {
      const screen = asking(place, ['--operator', 'noa']);
      await screen.shows(/Who approves\?/);
      screen.type('');
      await screen.shows(/nobody else sees what the agent destroys[\s\S]*Write it so\?/);
      expect(existsSync(join(place.home, 'config.yaml'))).toBe(false);
      screen.type(answer);
      if (answer === 'y') {
        await screen.shows(/Which AWS account/);
        screen.type('1234');
        await screen.shows(/It has 12 digits/);
        screen.type('');
      }
      expect(await screen.ended()).toBe(exit);
    }
    expect(configOf(place)).toContain('\npolicy: ./policy.cedar\n');
  });
});

test('D24: serve warns of an operator whom nobody here is, and of nobody being enrolled', async () => {
  const warned = async (place: Place, operator: string, wanted: RegExp) => {
    const child = place.start(['serve', '--operator', operator, '--no-executor']);
    let said = '';
    child.stderr?.on('data', (chunk) => (said += chunk));
    await until(
      () => said,
      (text) => wanted.test(text),
    );
    child.stdin?.end();
  };
  const place = fresh();
  await warned(place, 'otto', /nobody is enrolled yet/);
  expect(await place.cli(['approvers', 'enroll', 'noa', '--no-passphrase', '--group', 'web'])).toMatchObject({
    code: 0,
  });
  await warned(place, 'otto', /works for otto, and nobody is enrolled under that name/);
  // Nobody is warned of an operator who is known; it is the same function, with what it would log.
  const registry = await enrolledIn(place);
  const warnings: unknown[] = [];
  const log = { info: () => {}, error: () => {}, warn: (...line: unknown[]) => void warnings.push(line) };
  for (const operator of ['noa', 'web'])
    await warnOfOperator({ log, command: 'holdshort' }, { operator, enrolled: async () => registry });
  expect(warnings).toEqual([]);
});

async function enrolledIn(place: Place) {
  const store = openSqliteStore({ file: place.database, recipients: () => [] });
  try {
    const config = { keysDir: join(place.home, 'keys') };
    return await enrolledHere(
      { config, makers: async () => [] },
      store.forAgent({ agent: 'a', operator: 'ann', session: 'ses_1' }),
    )();
  } finally {
    await store.close();
  }
}
