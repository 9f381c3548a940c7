import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { agentHere, done, enroll } from '../scenes/here.ts';
import { hasTerminal, NO_TERMINAL, openScreen } from '../scenes/screen.ts';
import { events } from '../scenes/state.ts';

/** Real `ssh-keygen` and `ssh-agent`, through the built command. */

const NO_SSH = 'ssh-keygen and ssh-agent are not installed on this machine';
const hasSsh = ['ssh-keygen', 'ssh-agent'].every((name) => spawnSync(name, ['-?']).error === undefined);

beforeEach((context) => {
  if (!hasSsh) context.skip(NO_SSH);
});

/** A cloud with one instance in production, an agent that doesn't execute, and a folder for SSH keys. */
async function setUp() {
  const cloud = await startCloud({ instances: [{ tags: { Name: 'payments' } }] });
  const place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  onTestFinished(async () => {
    await place[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });
  const keys = join(place.home, 'ssh');
  mkdirSync(keys, { mode: 0o700 });
  const make = (name: string, { type = 'ed25519', passphrase = '' } = {}) => {
    const file = join(keys, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', `${name} *@* somebody-else`, '-f', file]);
    const [, id = ''] = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' }).split(' ');
    return { file, pub: `${file}.pub`, id };
  };
  const ask = async () => {
    const agent = await agentHere(place, { operator: 'otto' });
    const [instance] = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
    const answer = await agent.call('ec2_terminate_instances', {
      instance_ids: [instance!.instance_id],
      reason: REASON,
    });
    await agent.close();
    return answer.ticket as { id: string; digest: string };
  };
  return { place, keys, make, ask };
}

/** An agent with these keys; ended with the test. */
async function startAgent(place: Place, ...files: string[]): Promise<Record<string, string>> {
  const socket = join(place.home, 'agent.sock');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  const env = { SSH_AUTH_SOCK: socket };
  await until(
    () => spawnSync('ssh-add', ['-q', ...files], { env: { ...process.env, ...env } }).status,
    (status) => status === 0,
  );
  return env;
}

const decided = async (place: Place, ticket: { id: string }) =>
  JSON.parse((await done(place, 'tickets', 'show', ticket.id, '--json')).stdout).ticket;
const yes = ({ id, digest }: { id: string; digest: string }) => ['approve', id, '--yes', '--digest', digest];

test('the first approver may be an SSH key, which then decides, halts and resumes', { timeout: 240_000 }, async () => {
  const { place, make, ask } = await setUp();
  const noa = make('id_noa');
  const first = await place.cli(['approvers', 'enroll', 'noa', '--ssh', noa.pub, '--json']);
  expect(first.code, first.stderr).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    first: true,
    by: 'noa',
    keys: [{ name: 'noa', role: 'admin', kind: 'ssh key', max_assurance: 'key', key: noa.id }],
  });
  const ticket = await ask();
  const ran = await place.cli([...yes(ticket), '--ssh', noa.file]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(await decided(place, ticket)).toMatchObject({
    state: 'approved',
    decisions: [{ by: 'noa', assurance: 'key', decision: 'approve' }],
  });
  expect((await place.cli(['halt', '--reason', 'incident', '--ssh', noa.file])).code).toBe(0);
  const resumed = await place.cli(['resume', '--ssh', noa.file]);
  expect(resumed.code, resumed.stderr).toBe(0);
  // Their only key, and in ~/.ssh: it needs no naming.
  mkdirSync(join(place.home, '.ssh'), { mode: 0o700 });
  copyFileSync(noa.file, join(place.home, '.ssh', 'id_ed25519'));
  copyFileSync(noa.pub, join(place.home, '.ssh', 'id_ed25519.pub'));
  chmodSync(join(place.home, '.ssh', 'id_ed25519'), 0o600);
  const denied = await place.cli(['deny', ...yes(ticket).slice(1), '--reason', 'not after all', '--as', 'noa']);
  expect(denied.code, denied.stderr).toBe(0);
  expect(await decided(place, ticket)).toMatchObject({ state: 'denied' });
});

test('an agent with two keys signs with the one that is named, and identity is the key, not its comment', {
  timeout: 240_000,
}, async () => {
  const { place, keys, make, ask } = await setUp();
  await enroll(place, 'noa');
  const [one, two] = [make('one'), make('two', { type: 'ecdsa' })];
  for (const [name, { pub }] of [
    ['mara', one],
    ['ida', two],
  ] as const) {
    const ran = await place.cli(['approvers', 'enroll', name, '--ssh', pub, '--as', 'noa']);
    expect(ran.code, ran.stderr).toBe(0);
  }
  const env = await startAgent(place, one.file, two.file);
  const alone = join(keys, 'alone.pub');
  copyFileSync(two.pub, alone);
  const ticket = await ask();
  const claimed = await place.cli([...yes(ticket), '--ssh', alone, '--as', 'mara'], { env });
  expect(claimed.code).toBe(3);
  expect(claimed.stderr).toContain("is ida's, not mara's");
  const ran = await place.cli([...yes(ticket), '--ssh', alone], { env });
  expect(ran.code, ran.stderr).toBe(0);
  expect((await decided(place, ticket)).decisions).toEqual([{ decision: 'approve', by: 'ida', assurance: 'key' }]);
  // Nothing of it on disk, and nothing named: the agent has it.
  const denied = await place.cli(['deny', ...yes(ticket).slice(1), '--reason', 'no', '--as', 'mara'], { env });
  expect(denied.code, denied.stderr).toBe(0);
  expect(events(place, 'decision.recorded').map(({ actor }) => actor)).toEqual(['approver:ida', 'approver:mara']);
  // Once it is revoked, the agent that still holds it signs for nobody.
  await done(place, 'approvers', 'revoke', 'mara', '--reason', 'left', '--as', 'noa');
  const late = await place.cli([...yes(ticket), '--ssh', one.pub], { env });
  expect([late.code, late.stderr]).toEqual([3, expect.stringContaining('is revoked')]);
});

describe('says what is wrong', () => {
  test('with a key that cannot sign here', { timeout: 240_000 }, async () => {
    const { place, keys, make, ask } = await setUp();
    await enroll(place, 'noa');
    const locked = make('locked', { passphrase: 'correct horse' });
    await done(place, 'approvers', 'enroll', 'mara', '--ssh', locked.pub, '--as', 'noa');
    const ticket = await ask();
    const attempt = async (file: string, env: Record<string, string> = {}) => {
      const ran = await place.cli([...yes(ticket), '--ssh', file], { env });
      expect(ran.code).not.toBe(0);
      return ran.stderr;
    };
    expect(await attempt(locked.file)).toContain('does not open with this passphrase');
    const alone = join(keys, 'alone.pub');
    copyFileSync(locked.pub, alone);
    expect(await attempt(alone)).toContain('no agent runs');
    const env = await startAgent(place, make('other').file);
    expect(await attempt(alone, env)).toContain('the agent at SSH_AUTH_SOCK does not hold it');
    expect(await attempt(make('stranger').file)).toContain('is not enrolled');
    expect(await attempt(locked.pub, { PATH: keys })).toContain("ssh-keygen can't be run");
    expect(await attempt('-oProxyCommand=x')).toContain("can't be read");
    expect((await decided(place, ticket)).decisions).toEqual([]);
    const rejected = events(place, 'decision.rejected');
    expect(rejected.filter(({ actor, detail }) => actor === 'cli' && detail.claimed === 'mara')).toHaveLength(4);
  });

  test('with a key of a kind that cannot be enrolled', { timeout: 240_000 }, async () => {
    const { place, keys, make } = await setUp();
    const attempt = async (file: string) => {
      const ran = await place.cli(['approvers', 'enroll', 'noa', '--ssh', file]);
      expect(ran.code).toBe(1);
      return ran.stderr;
    };
    expect(await attempt(make('rsa', { type: 'rsa' }).pub)).toMatch(
      /ssh-rsa.*can not be enrolled[\s\S]*ssh-keygen -t ed25519/,
    );
    const file = join(keys, 'text');
    writeFileSync(file, 'hello\n');
    expect(await attempt(file)).toContain('is not an SSH key');
    const good = make('good');
    writeFileSync(file, readFileSync(good.pub, 'utf8') + readFileSync(make('more').pub, 'utf8'));
    expect(await attempt(file)).toContain('more than one key');
    // A line of an allowed_signers file, where the principal is anyone one likes: nothing of it says whose key this is.
    writeFileSync(file, `*@* namespaces="holdshort" ${readFileSync(good.pub, 'utf8')}`);
    expect(await attempt(file)).toContain('is not an SSH key');
  });
});

test('a passphrase is asked for at the terminal by ssh-keygen itself', { timeout: 240_000 }, async (context) => {
  if (!hasTerminal) context.skip(NO_TERMINAL);
  const { place, make, ask } = await setUp();
  await enroll(place, 'noa');
  const locked = make('locked', { passphrase: 'correct horse' });
  await done(place, 'approvers', 'enroll', 'mara', '--ssh', locked.pub, '--as', 'noa');
  const ticket = await ask();
  const screen = openScreen(place, [...yes(ticket), '--ssh', locked.file]);
  onTestFinished(() => screen.close());
  await screen.shows(/Enter passphrase/);
  screen.type('correct horse');
  expect(await screen.ended()).toBe(0);
  expect(await screen.shows(/Approved by mara/)).not.toContain('horse');
});
