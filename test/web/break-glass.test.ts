import { expect, test, vi } from 'vitest';
import { useBrowser } from '../scenes/browser.ts';
import { approverTab, refusalOn, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

const policy = (name: string) => `
permit (principal, action, resource) when { context.approvals.without_operator.presence >= 2 };
permit (principal, action in Action::"change", resource == Environment::"production")
when { context.break_glass.presence.contains("${name}") };
`;

test('whom policy names breaks the glass with a passkey, with a reason; the list says so first', async () => {
  const installation = await servedInstallation({ policy: policy('ida') });
  const { tab } = await approverTab(browser(), installation, 'ida');
  const ticket = await installation.openTicket();
  await tab.goto(installation.links.ticket(ticket.id));
  await tab.click('button[value=break_glass]');
  expect(await refusalOn(tab)).toContain('needs a reason');
  expect(await installation.state(ticket.id)).toBe('pending');
  await tab.fill('#why', 'checkout is down <b>');
  await tab.click('button[value=break_glass]');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text('h1')).toBe('Approved');
  await tab.goto(installation.links.list());
  expect(await tab.text('main > .banner')).toMatch(/^GLASS BROKEN on tkt_.* by ida, .*: "checkout is down <b>"/);
  await tab.goto(installation.links.ticket(ticket.id));
  expect(await tab.text('.circumstances')).toMatch(/GLASS BROKEN\s+by ida/);
  // Nobody who broke it is offered to review it; someone else does.
  expect(await tab.text()).toContain(`holdshort tickets review ${ticket.id}`);
  const { tab: other } = await approverTab(browser(), installation, 'uri');
  await other.goto(installation.links.ticket(ticket.id));
  expect(await other.text('#review-key')).not.toContain('ida');
  await other.click('button[value=review]');
  await other.until(`document.querySelector('.circumstances')?.innerText.includes('reviewed by uri')`);
  await other.goto(installation.links.list());
  expect(await other.text()).not.toContain('GLASS');
  expect([...tab.complaints, ...other.complaints].filter((text) => /policy/i.test(text))).toEqual([]);
});

test('nobody else is offered it', async () => {
  const installation = await servedInstallation({ policy: policy('uri') });
  const { tab } = await approverTab(browser(), installation, 'ida');
  const ticket = await installation.openTicket();
  await tab.goto(installation.links.ticket(ticket.id));
  expect(await tab.text('form')).not.toMatch(/glass/i);
});
