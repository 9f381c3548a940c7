import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Browser, startBrowser } from './browser.ts';
import { NO_CHROMIUM } from './chromium.ts';
import { approverTab, decide, servedHouse } from './scene.ts';

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await startBrowser();
}, 120_000);
afterAll(async () => await browser?.close());
beforeEach((context) => {
  if (!browser) context.skip(NO_CHROMIUM);
});

test('a passkey is registered, enrolled by an approver, and approves and denies', async () => {
  const house = await servedHouse();
  const { tab } = await approverTab(browser!, house, 'ida');
  const wanted = await house.openTicket();
  await decide(tab, house.links, wanted.id, 'approve');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text('h1')).toBe('Approved');
  expect(await house.state(wanted.id)).toBe('approved');
  const unwanted = await house.openTicket();
  await decide(tab, house.links, unwanted.id, 'deny', 'not before the migration');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text()).toContain('ida denied it (presence)');
  expect(await house.state(unwanted.id)).toBe('denied');
  expect(house.failures).toEqual([]);
  expect(tab.complaints).toEqual([]);
});
