import { expect, test, vi } from 'vitest';
import { useBrowser } from '../scenes/browser.ts';
import { approverTab, decide, refusalOn, registeredTab, servedHouse } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

test('a passkey is registered, enrolled by an approver, and approves and denies', async () => {
  const house = await servedHouse();
  const { tab } = await approverTab(browser(), house, 'ida');
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

test("an admin's passkey, and nobody else's, signs for somebody else's, on the page", async () => {
  const house = await servedHouse();
  await approverTab(browser(), house, 'uri');
  const { tab } = await approverTab(browser(), house, 'ida', 'admin');
  const { tab: tomsTab } = await registeredTab(browser(), house.links, 'tom');
  const fingerprint = await tomsTab.text('.fingerprint');
  const ticket = await house.openTicket();
  // Not enrolled yet: his passkey isn't offered.
  await tomsTab.goto(house.links.ticket(ticket.id));
  expect(await tomsTab.text('#key')).not.toContain('tom');
  await tab.goto(house.links.enroll());
  expect(await tab.text('.requests')).toContain(fingerprint);
  expect(await tab.text('.requests select')).toMatch(/^\s*ida - [^\n]*\s*$/);
  await tab.click('form[data-request] button');
  await tab.until(`document.querySelector('.done')`);
  expect(await tab.text('.done')).toContain('enrolled by ida');
  await tomsTab.goto(house.links.ticket(ticket.id));
  await tomsTab.run(
    `document.querySelector('#key').value = [...document.querySelectorAll('#key option')].find((o) => o.textContent.startsWith('tom')).value`,
  );
  await tomsTab.click('button[value=approve]');
  await tomsTab.until(`location.pathname.endsWith('/decided')`);
  expect(await tomsTab.text()).toContain('tom approved it (presence)');
});

test('two people are needed: the first is told that others must join, and can not join twice', async () => {
  const house = await servedHouse();
  const { tab } = await approverTab(browser(), house, 'ida');
  const ticket = await house.openTicket({ environment: 'staging' });
  await decide(tab, house.links, ticket.id, 'approve');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text('.lead')).toContain("doesn't run yet. Still needed: 1 approval");
  await decide(tab, house.links, ticket.id, 'approve');
  expect(await refusalOn(tab)).toContain('ida has approved this already');
  expect(await house.state(ticket.id)).toBe('pending');
});
