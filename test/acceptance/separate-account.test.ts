import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from 'vitest';
import { shopTemplate } from '../../src/commands/example-cloud.ts';
import { startCloud } from '../scenes/cloud.ts';
import { KEY_IN_PRODUCTION, REASON, stop, until } from '../scenes/front-door.ts';
import { isFrozen, listening } from '../scenes/processes.ts';

const DOC = readFileSync('docs/separate-account.md', 'utf8');
const NODE = '/opt/holdshort/bin/node';
const PROGRAM = '/opt/holdshort/lib/node_modules/holdshort/dist/cli.js';
const GATE = [NODE, '--disable-sigusr1', PROGRAM];
const SERVE = [...GATE, 'serve', '--agent', 'kiro', '--operator', 'alice'];

/** Why this machine can't play it; undefined where it can. */
function lacking(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux, to make two accounts';
  const missing = ['sudo', 'visudo', 'unshare', 'nsenter', 'setpriv'].find(
    (name) => spawnSync('which', [name]).status !== 0,
  );
  if (missing) return `needs ${missing}`;
  return spawnSync('unshare', ['-m', 'true']).status === 0 ? undefined : 'needs mount namespaces';
}

/** The accounts of the recipe, in a mount namespace that ends with the test. */
async function twoAccounts(endpoint: string) {
  const files = mkdtempSync(join(tmpdir(), 'holdshort-accounts-'));
  const rule = /```sudoers\n([\s\S]+?)```/.exec(DOC)?.[1] ?? '';
  // As Debian's sudoers begins, so that the rule stands against real defaults.
  const defaults = 'Defaults env_reset\nDefaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin"\nDefaults use_pty\n';
  writeFileSync(join(files, 'sudoers'), defaults + rule.replace(/^ +/gm, ''));
  writeFileSync(
    join(files, 'aws'),
    `[default]\nregion = eu-west-1\nendpoint_url = ${endpoint}\naws_access_key_id = testing\naws_secret_access_key = testing\n`,
  );
  const script = resolve('test/acceptance/separate-account.sh');
  const namespace = spawn('unshare', ['-m', 'bash', script, files, resolve('.'), process.execPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(namespace.stdout, 'data'),
    once(namespace, 'exit').then(([code]) => Promise.reject(new Error(`the accounts could not be made: ${code}`))),
  ]);
  const as = (uid: number, command: readonly string[], env: Record<string, string> = {}) => [
    '-t',
    String(namespace.pid),
    '-m',
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${uid}`,
    '--clear-groups',
    'env',
    '-i',
    'PATH=/usr/bin:/bin',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...command,
  ];
  return {
    /** A command on the agent's account. */
    dev: (command: readonly string[]) =>
      spawnSync('nsenter', as(61235, command, { HOME: '/home/dev' }), { encoding: 'utf8', cwd: '/' }),
    /** What someone with a password may do, and a service manager does. */
    holdshort: (command: readonly string[]) =>
      spawnSync('nsenter', as(61234, command, { HOME: '/var/lib/holdshort' }), { encoding: 'utf8', cwd: '/' }),
    agentTransport: (env: Record<string, string>) =>
      new StdioClientTransport({
        command: 'nsenter',
        args: as(61235, ['sudo', '-n', '-u', 'holdshort', ...SERVE], { HOME: '/home/dev', ...env }),
        cwd: '/',
        stderr: 'ignore',
      }),
    async [Symbol.asyncDispose]() {
      await stop(namespace, 'SIGKILL');
      rmSync(files, { recursive: true, force: true });
    },
  };
}

test('D23: an agent that reaches the gate through sudo has its tools, and nothing else of the account behind it', async (context) => {
  const reason = lacking();
  if (reason) return context.skip(reason);
  const stacks = [{ name: 'shop-production', template: shopTemplate({ identifier: 'shop' }) }];
  await using cloud = await startCloud({ stacks });
  await using accounts = await twoAccounts(cloud.endpoint);
  const { dev, holdshort } = accounts;
  const own = (args: readonly string[]) => holdshort([NODE, PROGRAM, ...args]);
  const state = '/var/lib/holdshort/.local/state/holdshort';
  const write = (file: string, text: string) =>
    holdshort(['sh', '-c', `mkdir -p "$(dirname ${file})" && cat > ${file} <<'EOT'\n${text}\nEOT`]);
  write('/var/lib/holdshort/.config/holdshort/policy.cedar', KEY_IN_PRODUCTION);
  write('/var/lib/holdshort/.config/holdshort/config.yaml', 'policy: ./policy.cedar');
  expect(own(['approvers', 'enroll', 'noa', '--no-passphrase'])).toMatchObject({ status: 0 });

  // What the agent's environment says reaches nothing: a program of its own would say so in a file.
  const evil = 'require("node:fs").writeFileSync("/tmp/holdshort-evil", String(process.getuid()))';
  dev(['sh', '-c', `echo '${evil}' > /home/dev/evil.js; chmod -R a+rX /home/dev`]);
  const client = new Client({ name: 'kiro', version: '1.0.0' });
  await client.connect(
    accounts.agentTransport({
      NODE_OPTIONS: '--require=/home/dev/evil.js',
      HOLDSHORT_HOME: '/home/dev/home',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    }),
  );
  const call = async (name: string, args: Record<string, unknown>): Promise<any> =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  await call('cloudformation_describe_stack', { stack_name: 'shop-production' });
  const held = await call('cloudformation_delete_stack', { stack_name: 'shop-production', reason: REASON });
  expect(held).toMatchObject({ outcome: 'pending_approval' });
  expect(spawnSync('ls', ['/tmp/holdshort-evil']).status).not.toBe(0);
  const { id, digest } = held.ticket;

  // The gate's process, by its account.
  const pid = execFileSync('pgrep', ['-u', '61234', '-f', 'serve --agent kiro'], { encoding: 'utf8' })
    .trim()
    .split('\n')[0];
  const door = ['sudo', '-n', '-u', 'holdshort'];
  const refused: readonly (readonly string[])[] = [
    ['cat', `${state}/holdshort.db`],
    ['ls', `${state}/keys`],
    ['cat', '/var/lib/holdshort/.aws/config'],
    ['cat', `/proc/${pid}/environ`],
    ['kill', '-STOP', String(pid)],
    ['sh', '-c', `echo x >> ${PROGRAM}`],
    ['sh', '-c', `echo x >> ${NODE}`],
    ['sh', '-c', 'echo x > /opt/holdshort/lib/node_modules/holdshort/node_modules/evil.js'],
    [...door, ...GATE, 'approve', id, '--yes', '--digest', digest, '--as', 'noa'],
    [...door, ...GATE, 'companion', '--as', 'noa'],
    [...door, ...GATE, 'serve', '--agent', 'other', '--operator', 'alice'],
    [...door, ...GATE, 'serve', '--agent', 'kiro', '--operator', 'somebody'],
    [...door, ...SERVE.slice(2), '--config', '/home/dev/config.yaml'],
    [...door, ...SERVE, '--sandbox'],
    // sudo compares arguments joined by spaces, and lets these through; none of them means what it says to us.
    [...door, ...GATE, 'serve', '--agent', 'kiro --operator alice'],
    [...door, ...GATE, 'serve', '--agent kiro', '--operator alice'],
    [...door, ...GATE, 'serve --agent', 'kiro --operator', 'alice'],
    // Without it, the signal below would open the debugger.
    [...door, NODE, ...SERVE.slice(2)],
    [...door, 'HOLDSHORT_HOME=/home/dev/home', ...SERVE],
    [...door, NODE, '/home/dev/evil.js'],
    [...door, 'sh'],
    ['sudo', '-n', '-u', 'root', ...SERVE],
  ];
  for (const command of refused) expect(dev(command).status, command.join(' ')).not.toBe(0);
  expect(await call('ticket_get', { ticket_id: id })).toMatchObject({ ticket: { state: 'pending' } });

  // What the agent's account sends to its own sudo, that passes on: no debugger opens, and nothing freezes.
  const own_sudo = dev(['pgrep', '-u', '0', '-f', 'sudo -n -u holdshort']).stdout.trim().split('\n');
  for (const signal of ['USR1', 'TSTP', 'TTIN', 'TTOU'])
    for (const one of own_sudo)
      expect(dev(['sh', '-c', `kill -${signal} ${one}`]), signal).toMatchObject({ status: 0 });
  expect(await call('ticket_get', { ticket_id: id })).toMatchObject({ ticket: { state: 'pending' } });
  expect({ frozen: isFrozen(Number(pid)), listening: listening(Number(pid)) }).toEqual({
    frozen: false,
    listening: [],
  });

  // Someone who has the account decides; then it runs, by the same process.
  expect(own(['approve', id, '--yes', '--digest', digest, '--as', 'noa'])).toMatchObject({ status: 0 });
  await until(
    () => call('ticket_get', { ticket_id: id }),
    ({ ticket }) => ticket.state === 'succeeded',
  );
  expect(await cloud.requests('DeleteStack')).toHaveLength(1);
  await client.close();
});
