import { expect, test, vi } from 'vitest';
import { type Tab, useBrowser } from '../scenes/browser.ts';
import { approverTab, choosePerson, registeredTab, servedInstallation } from '../scenes/page.ts';

/*
 * Where several people have passkeys, the page chooses nobody: one who clicks without looking would decide, enroll or
 * be bound in the name of the first of them.
 */

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

/** The choices between several people on the page: what is chosen, and whether something has to be. */
const choices = (tab: Tab) =>
  tab.run<readonly { id: string; value: string; required: boolean }[]>(
    `[...document.querySelectorAll('select')]
      .filter(({ options }) => new Set([...options].filter((o) => o.value).map((o) => o.text.split(' ')[0])).size > 1)
      .map(({ id, value, required }) => ({ id, value, required }))`,
  );

test('nobody is chosen beforehand, and without a choice nothing is asked, sent or decided', async () => {
  const installation = await servedInstallation();
  const { tab: uris } = await approverTab(browser(), installation, 'uri');
  const { tab } = await approverTab(browser(), installation, 'ida', 'admin');
  await registeredTab(browser(), installation.links, 'tom');
  const ticket = await installation.openTicket();

  await tab.goto(installation.links.enroll());
  const ids = (await choices(tab)).map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['login-person', 'revoked', 'revoke-signer']));
  for (const one of await choices(tab)) expect(one, one.id).toMatchObject({ value: '', required: true });

  await tab.goto(installation.links.ticket(ticket.id));
  expect(await choices(tab)).toEqual([{ id: 'key', value: '', required: true }]);
  await tab.fill('#why', 'not before the migration');
  for (const button of ['approve', 'deny']) {
    await tab.click(`button[value=${button}]`);
    expect(await tab.run(`document.querySelector('#key').validity.valueMissing`)).toBe(true);
    // It is disabled while a passkey is asked.
    expect(await tab.run(`document.querySelector('button[value=${button}]').disabled`)).toBe(false);
  }
  expect(await installation.state(ticket.id)).toBe('pending');
  expect(await installation.rejections()).toEqual([]);

  await choosePerson(tab, '#key', 'ida');
  await tab.click('button[value=deny]');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text()).toContain('ida denied it (presence)');
  expect(uris.complaints).toEqual([]);
});

test('who is alone has nothing to choose', async () => {
  const installation = await servedInstallation();
  const { tab } = await approverTab(browser(), installation, 'ida', 'admin');
  const ticket = await installation.openTicket();
  await tab.goto(installation.links.ticket(ticket.id));
  expect(await tab.text('#key')).not.toContain('choose');
  await tab.click('button[value=approve]');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await installation.state(ticket.id)).toBe('approved');
});
