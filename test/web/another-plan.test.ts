import { expect, test, vi } from 'vitest';
import { type Tab, useBrowser } from '../scenes/browser.ts';
import { approverTab, refusalOn, type ServedInstallation, servedInstallation } from '../scenes/page.ts';
import { withDatabase } from '../scenes/tables.ts';
import { replacePlan } from '../scenes/tampering.ts';
import { h1Is, KEYS_DO, noaDecides, watched } from './following.ts';
import { violations } from './looks.ts';

/*
 * Someone who can write the database puts another plan under a ticket, with a log to match, while a person has its page
 * open.
 */

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

async function reading() {
  const installation = await servedInstallation({ policy: KEYS_DO });
  const { tab } = await approverTab(browser(), installation, 'ida');
  await watched(tab);
  const ticket = await installation.openTicket();
  return { installation, tab, ticket };
}

function replaced(installation: ServedInstallation, { id }: { id: string }): string {
  return withDatabase({ database: installation.file }, (db) =>
    replacePlan(db, id, (plan) => ({ ...plan, summary: 'Something else entirely' }), true),
  );
}

const DIGEST = `document.querySelector('main').innerText.match(/[0-9a-f]{64}/)[0]`;
const buttons = (tab: Tab) => tab.run<number>(`document.querySelectorAll('button').length`);
const signed = async (installation: ServedInstallation, id: string) =>
  (await installation.desk.store.ticket(id)).decisions.length;

test('D29: a ticket whose plan is replaced while its page is open is not decided there; the page says so and offers to load it again', async () => {
  const { installation, tab, ticket } = await reading();
  await tab.goto(installation.links.ticket(ticket.id));
  await tab.fill('#why', 'as I read it');
  await tab.run('document.activeElement.blur()');
  const [title, shown] = [await tab.run('document.title'), await tab.run(DIGEST)];
  const other = replaced(installation, ticket);
  await tab.until(`document.querySelector('.unreached').innerText`);
  expect(await tab.text('.unreached[role=status]')).toBe(
    'This ticket was changed: its plan is not the one on this page any more, and nothing can be decided here. Load it again, and read what it is now.',
  );
  expect(await tab.text('form .caution')).toContain('nothing can be decided here. Load it again');
  expect(await buttons(tab)).toBe(0);
  expect(await violations(tab)).toEqual([]);
  // Nothing of the other plan came in, nor does anything later.
  const asked = await tab.run<number>(`(dispatchEvent(new Event('online')), window.asked)`);
  expect(await tab.run(`(dispatchEvent(new Event('online')), window.asked)`)).toBe(asked);
  await tab.run(`(document.querySelector('#why').focus(), document.activeElement.blur())`);
  expect([await tab.run('document.title'), await tab.run(DIGEST)]).toEqual([title, shown]);
  expect(await tab.text('main')).not.toContain('Something else entirely');
  expect(await tab.run(`document.querySelector('#why').value`)).toBe('as I read it');
  expect(await signed(installation, ticket.id)).toBe(0);
  await tab.click('.unreached a');
  await tab.until(`${DIGEST} === '${other}' && document.querySelector('button[value=deny]:enabled')`);
  expect(await tab.text('main')).toContain('Something else entirely');
  expect(await tab.text('.unreached')).toBe('');
  await tab.fill('#why', 'not what was asked for');
  await tab.click('button[value=deny]');
  await tab.until(h1Is('Denied'));
});

test('D29: what became of a ticket is another question than what was shown: no passkey stops another plan in its place', async () => {
  const { installation, tab, ticket } = await reading();
  await noaDecides(installation, ticket, 'approve');
  await tab.goto(installation.links.decided(ticket.id));
  await tab.until(`document.querySelector('button[value=deny]:enabled')`);
  replaced(installation, ticket);
  await tab.until(`document.querySelector('.unreached').innerText.startsWith('This ticket was changed')`);
  expect(await tab.text('h1')).toBe('Approved');
  expect(await buttons(tab)).toBe(0);
});

test('D29: a passkey that is being asked while the plan is replaced signs the one that was shown, which is refused', async () => {
  const { installation, tab, ticket } = await reading();
  await tab.goto(installation.links.ticket(ticket.id));
  await tab.until(`document.querySelector('button[value=deny]:enabled')`);
  await tab.fill('#why', 'no');
  await tab.run(`document.activeElement.blur(); window.prompts = true;`);
  await tab.click('button[value=deny]');
  await tab.until('window.press');
  replaced(installation, ticket);
  await tab.until(`document.querySelector('.unreached').innerText.startsWith('This ticket was changed')`);
  await tab.run('window.press()');
  expect(await refusalOn(tab)).toContain(`the digest ${ticket.plan?.digest} is not that of ${ticket.id}`);
  expect(await buttons(tab)).toBe(0);
  expect(await signed(installation, ticket.id)).toBe(0);
  expect((await installation.rejections()).map(({ detail }) => detail.code)).toEqual(['wrong_digest']);
});
