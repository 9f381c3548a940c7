import { expect, test, vi } from 'vitest';
import { useBrowser } from '../scenes/browser.ts';
import { approverTab, choosePerson, decide, refusalOn, registeredTab, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

test('a passkey is registered, enrolled by an approver, and approves and denies', async () => {
  const installation = await servedInstallation();
  const { tab } = await approverTab(browser(), installation, 'ida');
  const wanted = await installation.openTicket();
  await decide(tab, installation.links, wanted.id, 'approve');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text('h1')).toBe('Approved');
  expect(await installation.state(wanted.id)).toBe('approved');
  const unwanted = await installation.openTicket();
  await decide(tab, installation.links, unwanted.id, 'deny', 'not before the migration');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text()).toContain('ida denied it (presence)');
  expect(await installation.state(unwanted.id)).toBe('denied');
  expect(installation.failures).toEqual([]);
  expect(tab.complaints).toEqual([]);
});

test("an admin's passkey, and nobody else's, signs for somebody else's, on the page", async () => {
  const installation = await servedInstallation();
  await approverTab(browser(), installation, 'uri');
  const { tab } = await approverTab(browser(), installation, 'ida', 'admin');
  const { tab: tomsTab } = await registeredTab(browser(), installation.links, 'tom');
  const fingerprint = await tomsTab.text('.fingerprint');
  const ticket = await installation.openTicket();
  // Not enrolled yet: his passkey isn't offered.
  await tomsTab.goto(installation.links.ticket(ticket.id));
  expect(await tomsTab.text('#key')).not.toContain('tom');
  await tab.goto(installation.links.enroll());
  expect(await tab.text('.requests')).toContain(fingerprint);
  expect(await tab.text('.requests select')).toMatch(/^\s*ida - [^\n]*\s*$/);
  await tab.click('form[data-request] button');
  await tab.until(`document.querySelector('.done')`);
  expect(await tab.text('.done')).toContain('enrolled by ida');
  await tomsTab.goto(installation.links.ticket(ticket.id));
  await choosePerson(tomsTab, '#key', 'tom');
  await tomsTab.click('button[value=approve]');
  await tomsTab.until(`location.pathname.endsWith('/decided')`);
  expect(await tomsTab.text()).toContain('tom approved it (presence)');
});

test('two people are needed: the first is told that others must join, and can not join twice', async () => {
  const installation = await servedInstallation();
  const { tab } = await approverTab(browser(), installation, 'ida');
  const ticket = await installation.openTicket({ environment: 'staging' });
  await decide(tab, installation.links, ticket.id, 'approve');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text('.lead')).toContain("doesn't run yet. Still needed: 1 approval");
  await decide(tab, installation.links, ticket.id, 'approve');
  expect(await refusalOn(tab)).toContain('ida has approved this already');
  expect(await installation.state(ticket.id)).toBe('pending');
});
