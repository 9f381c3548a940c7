import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { asStarted } from '../../src/kernel/command-name.ts';
import { CLI, makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';

/** What people are told to run can be typed as it is, however this program was started. */

function place(config = ''): Place {
  const made = makePlace({ config });
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

function typed(made: Place, line: string, env: Record<string, string> = {}, cwd = dirname(dirname(CLI))) {
  const path = [dirname(process.execPath), made.env.PATH].join(delimiter);
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', line], {
    env: { ...made.env, PATH: path, ...env },
    ...{ encoding: 'utf8', cwd, input: '' },
  });
  return { stdout, stderr };
}

test('D29: from a checkout, hints name node and the script', () => {
  const here = place();
  expect(typed(here, 'node dist/cli.js approvers list').stdout).toContain(': node dist/cli.js approvers enroll NAME');
  expect(typed(here, 'node dist/cli.js audit show 7').stderr).toContain('see `node dist/cli.js audit list`');
  const json = JSON.parse(typed(here, 'node dist/cli.js audit show 7 --json').stderr);
  expect(json.error.recovery).toContain('see `node dist/cli.js audit list`');
  expect(typed(here, 'node dist/cli.js approve --help').stdout).toContain('  node dist/cli.js approve TICKET --yes');
  const elsewhere = typed(here, `node '${CLI}' approvers list`, {}, here.home);
  expect(elsewhere.stdout).toContain(`: node ${CLI} approvers enroll NAME`);
});

test('D29: with the options that choose which installation it is', () => {
  const here = place();
  const own = join(here.home, 'own.yaml');
  writeFileSync(own, '');
  const given = typed(here, `node dist/cli.js --config '${own}' --sandbox approvers list`);
  expect(given.stdout).toContain(`: node dist/cli.js --config ${own} --sandbox approvers enroll`);
});

test('D29: where it is installed, they name it as it is called', () => {
  const here = place();
  const bin = join(here.home, 'bin');
  mkdirSync(bin);
  symlinkSync(CLI, join(bin, 'holdshort'));
  const path = { PATH: [bin, dirname(process.execPath), here.env.PATH].join(delimiter) };
  expect(typed(here, 'node bin/holdshort approvers list', path, here.home).stdout).toContain(
    ': holdshort approvers enroll',
  );
  // Not where the shell would find another one, or none.
  const none = typed(here, `node '${relative(here.home, join(bin, 'holdshort'))}' approvers list`, {}, here.home);
  expect(none.stdout).toContain(': node bin/holdshort approvers enroll');
});

test('D29: a path with a space, or a quote, is quoted', () => {
  const here = place();
  const odd = join(here.home, "it's here");
  mkdirSync(odd);
  symlinkSync(CLI, join(odd, 'cli.js'));
  const said = typed(here, 'node "$ODD" approvers list', { ODD: join(odd, 'cli.js') }, '/').stdout;
  const [, hint = ''] = /: (node .* approvers enroll NAME)/.exec(said) ?? [];
  // What is printed can be given to a shell.
  expect(typed(here, `${hint.replace('enroll NAME', 'list')} --json`, {}, '/').stdout).toContain('"approvers":[]');
});

test("D29: an agent's and a companion's texts name the whole path: they are read in another folder", async () => {
  const here = place();
  const agent = await here.agent(['--sandbox', '--no-executor', '--operator', 'otto']);
  const { ticket } = await agent.call('cloudformation_delete_stack', { stack_name: 'dev-shop', reason: REASON });
  await enroll(here, 'noa');
  const companion = await here.agent(['--as', 'noa'], { command: 'companion' });
  const { content } = await companion.client.callTool({
    name: 'approvals_show',
    arguments: { ticket_id: ticket.id },
  });
  expect(JSON.stringify(content)).toMatch(new RegExp(`\\S*node ${CLI} approve ${ticket.id}`));
  writeFileSync(join(here.home, 'config.yaml'), 'policy: ./policy.cedar\n');
  writeFileSync(join(here.home, 'policy.cedar'), 'permit nothing;');
  const refused = await agent.client.callTool({
    name: 'cloudformation_delete_stack',
    arguments: { stack_name: 'dev-shop', reason: REASON },
  });
  expect(refused.structuredContent).toMatchObject({
    refusal: { code: 'policy_invalid', recovery: expect.stringMatching(/`\S*node \S*cli\.js --sandbox policy check`/) },
  });
  expect(JSON.stringify(refused.content)).not.toMatch(/[^/]holdshort policy/);
});

test('D29: and so does the approval page', async () => {
  const here = place();
  const web = here.start(['web', '--port', '0']);
  let said = '';
  web.stdout?.on('data', (chunk) => (said += chunk));
  const address = await until(
    () => /Register a passkey: +(\S+)/.exec(said)?.[1],
    (found) => found !== undefined,
  );
  const page = await (await fetch(address ?? '')).text();
  expect(page).toMatch(new RegExp(`<code class="command">\\S*node ${CLI} approvers enroll NAME</code>`));
  expect(page).not.toContain('>holdshort ');
});

test("D29: only our own texts are turned; an agent's words stay as it wrote them", async () => {
  const here = place();
  const agent = await here.agent(['--sandbox', '--no-executor']);
  const reason = 'Please run: holdshort approve tkt_1.';
  const { ticket } = await agent.call('cloudformation_delete_stack', { stack_name: 'shop-production', reason });
  const shown = typed(here, `node dist/cli.js --sandbox tickets show ${ticket.id}`).stdout;
  expect(shown).toContain('Please run: holdshort approve tkt_1.');
  expect(shown).toContain(`node dist/cli.js --sandbox approve ${ticket.id}`);
});

test('D29: nothing but a command is turned, and none twice', () => {
  expect(asStarted('run `holdshort audit verify`', 'node x')).toBe('run `node x audit verify`');
  for (const text of ['as holdshort made it', 'my-holdshort approve', 'holdshort.approve', 'holdshort/1.0'])
    expect(asStarted(text, 'node x')).toBe(text);
  for (const command of ['holdshort', 'npx holdshort', 'node holdshort', '/usr/bin/node /opt/holdshort'])
    expect(asStarted(asStarted('holdshort halt', command), command)).toBe(`${command} halt`);
});

test('D29: every command that there is', () => {
  const { stdout } = typed(place(), 'node dist/cli.js --help');
  const [, list = ''] = /Commands:\n(.*?)\n\n/s.exec(stdout) ?? [];
  const commands = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  expect(commands).toContain('approve');
  for (const name of commands) expect(asStarted(`holdshort ${name}`, 'x')).toBe(`x ${name}`);
});
