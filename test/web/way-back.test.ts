import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { shopTemplate } from '../../src/commands/example-cloud.ts';
import { addAuthenticator, type Tab, useBrowser } from '../scenes/browser.ts';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { refusalOn } from '../scenes/page.ts';
import { freePort, startPage } from '../scenes/page-process.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 300_000 });

const browser = useBrowser();

/** A passkey of noa's on a device of its own. */
async function registered(enrolling: string) {
  const tab = await browser().tab();
  await addAuthenticator(tab);
  await tab.goto(enrolling);
  await tab.fill('#name', 'noa');
  await tab.click('form[data-registers] button');
  await tab.until(`document.querySelector('.fingerprint')`);
  return { tab, id: (await tab.text('.fingerprint')).trim() };
}

const filesIn = ({ home }: Place) => readdirSync(join(home, 'keys')).filter((name) => name.startsWith('recovery-'));
const offered = (tab: Tab) =>
  tab.run<string[]>(`[...document.querySelectorAll('#key option')].map((one) => one.value)`);

test('32: whoever lost their only passkey comes back with what is left and the keys folder, up to a production change that runs; taken away, it counts no more', async () => {
  const names = ['shop', 'search', 'mail'].map((name) => `${name}-production`);
  const stacks = names.map((name) => ({
    name,
    template: shopTemplate({ identifier: name }),
    tags: { env: 'production' },
  }));
  await using cloud = await startCloud({ stacks });
  await using place = makePlace({ endpoint: cloud.endpoint, config: `web: { port: ${await freePort()} }\n` });
  await enroll(place, 'noa');
  const agent = await place.agent(['--operator', 'otto']);
  const page = await startPage(place);
  const ask = async (name: string | undefined) =>
    (await agent.call('cloudformation_delete_stack', { stack_name: name, reason: REASON })).ticket;
  const state = async (id: string) => (await agent.call('ticket_get', { ticket_id: id })).ticket.state;
  const noa = (...args: string[]) => place.cli(['approvers', ...args]);
  const lost = await registered(page.enrolling);
  const first = await noa('enroll', 'noa', '--key', lost.id, '--yes');
  expect(first.code, first.stderr).toBe(0);

  // Locked out: on a new device, the key file enrolls nothing, and says where the way back is; so does the page.
  const { tab, id } = await registered(page.enrolling);
  const refused = await noa('enroll', 'noa', '--key', id, '--yes');
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('approvers recover NAME --key NEW --lost OLD');
  const back = ['recover', 'noa', '--key', id, '--yes', '--reason', 'the laptop fell into the lake'];
  const unnamed = await noa(...back);
  expect(unnamed.code).not.toBe(0);
  expect(unnamed.stderr).toContain(lost.id);
  expect(filesIn(place)).toEqual([]);

  const recovered = await noa(...back, '--lost', lost.id);
  expect(recovered.code, recovered.stderr).toBe(0);
  const [file = ''] = filesIn(place);
  expect(recovered.stdout).toContain(file);
  expect(statSync(join(place.home, 'keys', file)).mode & 0o777).toBe(0o600);
  const said = `RECOVERY by noa`;
  for (const args of [
    ['approvers', 'list'],
    ['audit', 'verify'],
  ]) {
    const shown = await place.cli(args);
    expect(shown.code, shown.stdout).toBe(0);
    for (const part of [said, id, lost.id, 'the laptop fell into the lake']) expect(shown.stdout).toContain(part);
    expect(shown.stdout).not.toContain('NAMES IT');
  }
  await tab.goto(page.list);
  expect(await tab.text('.banner')).toContain(said);

  const shop = await ask(names[0]);
  await tab.goto(shop.review_url);
  expect(await offered(tab)).toEqual([id]);
  await tab.click('button[value=approve]');
  await tab.until(`location.pathname.endsWith('/decided')`);
  await until(
    () => state(shop.id),
    (now) => now === 'succeeded',
  );
  expect(await cloud.requests('DeleteStack')).toHaveLength(1);

  // Approved and not run yet when the file goes.
  await place.cli(['halt', '--reason', 'look first']);
  const search = await ask(names[1]);
  await tab.goto(search.review_url);
  await tab.click('button[value=approve]');
  await tab.until(`location.pathname.endsWith('/decided')`);
  rmSync(join(place.home, 'keys', file));
  await place.cli(['resume', '--as', 'noa']);
  await until(
    () => state(search.id),
    (now) => now === 'denied',
  );
  const mail = await ask(names[2]);
  await tab.goto(mail.review_url);
  expect(await offered(tab)).toEqual([id]);
  await tab.click('button[value=approve]');
  expect(await refusalOn(tab)).toContain('with a passkey');
  const after = await place.cli(['audit', 'verify']);
  expect(after.stdout).toContain('NO keys/recovery-....json HERE NAMES IT');
  expect(after.code).toBe(0);
  expect(await cloud.requests('DeleteStack')).toHaveLength(1);
});
