import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { addAuthenticator, useBrowser } from '../scenes/browser.ts';
import { makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { freePort } from '../scenes/page-process.ts';

/** From `init` to an approval, as the README goes, with nothing but what each step printed; on the embedded cloud. */

const browser = useBrowser();

/** The first step, and what the README says to write into the file. */
async function setUp(args: readonly string[]) {
  const place = makePlace();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const made = await place.json(['init', ...args]);
  const config = join(place.home, 'config.yaml');
  const development = 'environments:\n  - name: development\n    match: { stack_names: ["dev-*"] }\n';
  const text = readFileSync(config, 'utf8').replace('port: 4141', `port: ${await freePort()}`);
  writeFileSync(config, `${text}\n${development}`);
  return { place, entry: made.agent as { command: string; args: string[]; env: Record<string, string> } };
}

async function passkey(place: Place, name: string) {
  const page = place.start(['web', '--sandbox']);
  let said = '';
  page.stdout?.on('data', (chunk) => (said += chunk));
  const [, enrolling = ''] = await until(
    () => said.match(/http:\S+/g) ?? [],
    (addresses) => addresses.length > 1,
  );
  const tab = await browser().tab();
  await addAuthenticator(tab);
  await tab.goto(enrolling);
  await tab.fill('#name', name);
  await tab.click('form[data-registers] button');
  await tab.until(`document.querySelector('.fingerprint')`);
  const fingerprint = (await tab.text('.fingerprint')).trim();
  const enrolled = await place.cli([
    'approvers',
    'enroll',
    name,
    '--key',
    fingerprint,
    '--yes',
    '--as',
    name,
    '--sandbox',
  ]);
  expect(enrolled, enrolled.stderr).toMatchObject({ code: 0 });
  return tab;
}

async function agent({ command, args, env }: Awaited<ReturnType<typeof setUp>>['entry']) {
  const client = new Client({ name: 'newcomer', version: '1.0.0' });
  const transport = new StdioClientTransport({ command, args: [...args, '--sandbox'], env, stderr: 'ignore' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return async (name: string, given: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: given })).structuredContent as any;
}

test.each([
  ['two people', ['--operator', 'mara', '--approver', 'alice']],
  ['one person alone', ['--solo', '--operator', 'alice']],
])(
  'D24: from init to approvals in production and development: %s',
  async (_who, args) => {
    const { place, entry } = await setUp(args);
    const first = await place.cli(['approvers', 'enroll', 'alice', '--no-passphrase', '--sandbox']);
    expect(first, first.stderr).toMatchObject({ code: 0 });
    const tab = await passkey(place, 'alice');
    const call = await agent(entry);
    const held = async (stack_name: string) => {
      const { ticket } = await call('cloudformation_delete_stack', { stack_name, reason: REASON });
      expect(ticket).not.toHaveProperty('cannot_be_approved');
      return ticket;
    };
    const done = async ({ id }: { id: string }) =>
      await until(
        async () => (await call('ticket_wait', { ticket_id: id, timeout_seconds: 30 })).ticket.state,
        (state) => !['pending', 'approved', 'executing'].includes(state),
        90_000,
      );

    const production = await held('shop-production');
    expect(await call('ticket_get', { ticket_id: production.id })).toMatchObject({
      plan: { environment: 'production' },
    });
    await tab.goto(production.review_url);
    expect(await tab.text()).not.toContain('Nobody can approve');
    await tab.click('button[value=approve]');
    await tab.until(`location.pathname.endsWith('/decided')`);
    expect(await done(production)).toBe('succeeded');

    const development = await held('dev-shop');
    const shown = await place.cli(['tickets', 'list', '--sandbox']);
    expect(shown.stdout).toMatch(/pending .* development .* dev-shop/);
    const approve = ['approve', development.id, '--yes', '--digest', development.digest, '--as', 'alice', '--sandbox'];
    expect(await place.cli(approve)).toMatchObject({ code: 0 });
    expect(await done(development)).toBe('succeeded');
    expect(await place.cli(['audit', 'verify', '--sandbox'])).toMatchObject({ code: 0 });
  },
  300_000,
);
