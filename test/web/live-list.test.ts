import { expect, test, vi } from 'vitest';
import { useBrowser } from '../scenes/browser.ts';
import { servedInstallation } from '../scenes/page.ts';
import { begin, h1Is, KEYS_DO, looks, noaDecides, watched } from './following.ts';
import { violations } from './looks.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

test('D29: the list follows what waits, shows what no longer does, and leads to where it can still be stopped', async () => {
  const installation = await servedInstallation({ policy: KEYS_DO });
  const ticket = await installation.openTicket();
  const tab = await browser().tab();
  await watched(tab);
  await tab.goto(installation.links.list());
  expect(await tab.text('h1')).toBe('1 ticket waits for a decision');
  expect(await tab.text()).not.toContain('No longer waiting');
  const here = await tab.run('window.here');
  await installation.openTicket({
    targets: [{ id: 'search-staging', type: 'AWS::CloudFormation::Stack', name: 'search-staging', tags: {} }],
  });
  await tab.until(h1Is('2 tickets wait for a decision'));
  expect(await tab.text('.heard')).toBe('2 tickets wait for a decision.');
  // Who goes through the list with the keyboard keeps their place in it.
  const link = `document.querySelector('a[href*="${ticket.id}"]')`;
  await tab.run(`${link}.focus()`);
  await installation.openTicket();
  await tab.until(h1Is('3 tickets wait for a decision'));
  expect(await tab.run(`document.activeElement === ${link}`)).toBe(true);
  await noaDecides(installation, ticket, 'approve');
  await tab.until(`document.querySelector('[aria-labelledby=settled]')`);
  const settled = async () => (await tab.text('[aria-labelledby=settled] tbody')).replace(/\s+/g, ' ');
  expect(await settled()).toMatch(/^payments-production approved .* not yet$/);
  expect(await tab.run(`document.querySelector('[aria-labelledby=settled] a').pathname`)).toBe(
    `/tickets/${ticket.id}/decided`,
  );
  await (await begin(installation, ticket))('gone');
  await tab.until(`document.querySelector('[aria-labelledby=settled] tbody')?.innerText.includes('succeeded')`);
  expect(await settled()).toMatch(/succeeded .* \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  expect(await tab.run('window.here')).toBe(here);
  expect(await violations(tab)).toEqual([]);
  expect(tab.complaints).toEqual([]);
});

/** A tab on what became of a ticket, which follows it. */
async function followed() {
  const installation = await servedInstallation({ policy: KEYS_DO });
  const ticket = await installation.openTicket();
  const tab = await browser().tab();
  await watched(tab);
  await tab.goto(installation.links.decided(ticket.id));
  await looks(tab);
  return { installation, ticket, tab };
}

test('D29: a page says when holdshort cannot be reached, and when it can again', async () => {
  const { installation, ticket, tab } = await followed();
  expect(await tab.text('.unreached[role=status]')).toBe('');
  const network = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await tab.send('Network.emulateNetworkConditions', { offline: true, ...network });
  await tab.until(`document.querySelector('.unreached').innerText`);
  expect(await tab.text('.unreached')).toMatch(
    /^Holdshort can't be reached\. What is shown is of \d\d:\d\d:\d\d UTC\. It is tried again\.$/,
  );
  expect(await violations(tab)).toEqual([]);
  await tab.until('window.waits.filter((ms) => ms === 60000).length > 1');
  await noaDecides(installation, ticket, 'deny', 'no');
  await tab.send('Network.emulateNetworkConditions', { offline: false, ...network });
  await tab.until(h1Is('Denied'));
  expect(await tab.text('.unreached')).toBe('');
});

test('D29: what answers in the place of holdshort is not taken for it', async () => {
  const { tab } = await followed();
  await tab.run(`window.fetch = async () => {
    window.asked++;
    return new Response('<title>Sign in</title><main data-live="now"><h1>Sign in</h1></main><p data-live="now">Done</p>');
  }`);
  await tab.until(`document.querySelector('.unreached').innerText`);
  expect(await tab.text('.unreached')).toMatch(/^This page isn't kept up to date: .* Load it again\.$/);
  expect(await tab.text('h1')).toBe('It waits for a decision');
  expect(await tab.run('document.title')).toBe('It waits for a decision - Holdshort');
});

test('D29: without its script a page says that it has to be loaded again', async () => {
  const installation = await servedInstallation({ policy: KEYS_DO });
  const ticket = await installation.openTicket();
  const tab = await browser().tab();
  await tab.send('Emulation.setScriptExecutionDisabled', { value: true });
  await tab.goto(installation.links.decided(ticket.id));
  expect(await tab.text()).toContain("doesn't change by itself without JavaScript");
  await noaDecides(installation, ticket, 'deny', 'no');
  await tab.goto(installation.links.decided(ticket.id));
  expect(await tab.text('h1')).toBe('Denied');
  expect(await tab.text()).not.toContain('JavaScript');
});
