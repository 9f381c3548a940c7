import { expect, test, vi } from 'vitest';
import { MARKDOWN, MARKUP } from '../display/strings.ts';
import { type Tab, useBrowser } from '../scenes/browser.ts';
import { approverTab, decide, servedInstallation } from '../scenes/page.ts';
import { begin, h1Is, KEYS_DO, looks, noaDecides, watched } from './following.ts';
import { violations } from './looks.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

/** Ida has approved something, and looks at what comes of it. */
async function approved() {
  const installation = await servedInstallation({ policy: KEYS_DO });
  const { tab } = await approverTab(browser(), installation, 'ida');
  await watched(tab);
  const ticket = await installation.openTicket();
  await decide(tab, installation.links, ticket.id, 'approve');
  // The script has run when the button can be pressed.
  await tab.until(`location.pathname.endsWith('/decided') && document.querySelector('form button:enabled')`);
  expect(await tab.text('h1')).toBe('Approved');
  const here = await tab.run<number>('window.here');
  return { installation, tab, ticket, loadedOnce: async () => (await tab.run('window.here')) === here };
}

test('D29: the page of an approved ticket says by itself that it runs and how it ended, and then asks no more', async () => {
  const { installation, tab, ticket, loadedOnce } = await approved();
  const before = (await installation.events()).length;
  await looks(tab, 5);
  // Less and less often while nothing happens.
  const waits = await tab.run<number[]>('window.waits.filter((ms) => ms >= 2000)');
  expect(waits.slice(0, 4)).toEqual([2000, 2500, 3125, 3906.25]);
  expect((await installation.events()).length, 'looking writes nothing').toBe(before);
  const finish = await begin(installation, ticket);
  await tab.until(h1Is('Approved, and running'));
  expect(await tab.text('[data-live=stop]')).toBe('');
  await finish('the stack is gone');
  await tab.until(h1Is('Done'));
  expect(await tab.text('.outcome')).toContain('the stack is gone');
  expect(await tab.run('document.title')).toBe('Done - Holdshort');
  expect(await tab.text('.heard[role=status]')).toBe("Done. AWS's own records say that it happened.");
  expect(await loadedOnce()).toBe(true);
  // It would ask at once after this.
  const asked = await tab.run<number>(`(dispatchEvent(new Event('online')), window.asked)`);
  expect(await tab.run(`(dispatchEvent(new Event('online')), window.asked)`)).toBe(asked);
  expect(await violations(tab)).toEqual([]);
  expect(tab.complaints).toEqual([]);
});

test('D29: what was approved is denied on the page that says so, and nowhere approved on it', async () => {
  const { installation, tab, ticket } = await approved();
  expect(await tab.text('button')).toBe('Deny');
  await looks(tab);
  await tab.click('button[value=deny]');
  await tab.until(`document.querySelector('.said').innerText.includes('a denial needs a reason')`);
  await tab.fill('#why', 'on second thoughts, no');
  await tab.click('button[value=deny]');
  await tab.until(h1Is('Denied'));
  expect(await tab.text('.decisions')).toContain('ida denied it (presence)');
  expect(await installation.state(ticket.id)).toBe('denied');
  expect(await tab.run(`document.querySelectorAll('form').length`)).toBe(0);
  // One that waits for others can be denied there too, but is approved only where the whole of it is shown.
  const waits = await installation.openTicket();
  await tab.goto(installation.links.decided(waits.id));
  expect(await tab.run(`[...document.querySelectorAll('button')].map((b) => b.value).join()`)).toBe('deny');
  expect(tab.complaints.filter((text) => !text.includes('400'))).toEqual([]);
});

test('D29: nothing moves while a passkey is asked; afterwards the page is as it is, and says why', async () => {
  const { installation, tab, ticket } = await approved();
  await tab.fill('#why', 'too early');
  await tab.run(`window.prompts = true; document.querySelector('form').mine = true`);
  await tab.click('button[value=deny]');
  await tab.until('window.press');
  await noaDecides(installation, ticket, 'deny', 'not now');
  await tab.until(`document.querySelector('.heard').innerText.startsWith('Denied')`);
  expect(await tab.run(`document.querySelector('form').mine && document.querySelector('#why').value`)).toBe(
    'too early',
  );
  expect(await tab.text('h1')).toBe('Approved');
  await tab.run('window.press()');
  await tab.until(h1Is('Denied'));
  expect(await tab.text('.said')).toMatch(/^Refused: tkt_\w+ was denied by noa\./);
  expect(await tab.run(`document.querySelectorAll('form').length`)).toBe(0);
});

test('D29: a page to which a person goes back is not as it was when they left it', async () => {
  const { installation, tab, ticket, loadedOnce } = await approved();
  await noaDecides(installation, ticket, 'deny', 'no');
  await tab.run(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
  await tab.until(h1Is('Denied'));
  await tab.until('performance.getEntriesByType("navigation")[0].type === "reload"');
  expect(await loadedOnce()).toBe(false);
});

test('D29: a form that a person is in stays, while the page around it says what is new', async () => {
  const { installation, tab, ticket } = await approved();
  await tab.fill('#why', 'hm');
  await begin(installation, ticket);
  await tab.until(h1Is('Approved, and running'));
  await looks(tab);
  expect(
    await tab.run(`document.activeElement === document.querySelector('#why') && document.activeElement.value`),
  ).toBe('hm');
  await tab.run('document.activeElement.blur()');
  await tab.until(`document.querySelectorAll('form').length === 0`);
  // Anyone who marks text to copy it keeps it.
  await tab.run(`getSelection().selectAllChildren(document.querySelector('h1'))`);
  await installation.store
    .forExecutor('ex1')
    .finish({ ticket: ticket.id, owner: 'ex1', epoch: 1 }, 'failed', {}, undefined);
  await tab.until(`document.title.startsWith('It failed')`);
  expect(await tab.text('h1')).toBe('Approved, and running');
});

test('D29: who has a ticket open sees that somebody else decided it; following it is no look', async () => {
  const installation = await servedInstallation({ policy: KEYS_DO });
  const { tab } = await approverTab(browser(), installation, 'ida');
  await watched(tab);
  const ticket = await installation.openTicket();
  await tab.goto(installation.links.ticket(ticket.id));
  await tab.fill('#why', 'it is fine');
  await tab.run(`document.activeElement.blur()`);
  const opened = async () => (await installation.events()).filter(({ type }) => type === 'review.opened').length;
  expect(await opened()).toBe(1);
  // Anyone who opens it after an hour is noted again.
  installation.tick(3_600_001);
  await tab.until(`document.querySelector('.state').innerText === 'pending, expires in 2 h 59 min'`);
  await noaDecides(installation, ticket, 'approve');
  await tab.until(`document.querySelector('.state').innerText.startsWith('approved')`);
  expect(await tab.text('.circumstances')).toContain('approved by noa (key)');
  expect(await tab.text('[data-live=now]')).toMatch(/^Approved\. .*can still be denied/);
  expect(await tab.run(`[...document.querySelectorAll('button')].map((b) => b.value + b.disabled).join()`)).toBe(
    'denyfalse',
  );
  expect(await tab.run(`document.querySelector('#why').value`)).toBe('it is fine');
  expect(await opened()).toBe(1);
  // What is followed holds nothing of the plan: reading it would be a look.
  const url = installation.links.ticket(ticket.id).replace('?', '/changes?');
  const changes = await fetch(url).then((answer) => answer.text());
  expect(changes).toContain('approved by noa');
  for (const text of ['payments-orders', 'payments-production', ticket.draft.reason])
    expect(changes).not.toContain(text);
  await tab.click('button[value=deny]');
  await tab.until(h1Is('Denied'));
});

const FOREIGN = `main :is(script, style, link, img, iframe, meta, base, math, template, [onload], [onerror], [onclick]), main a[href*="evil"]`;

test('D29: what comes in while a page is open becomes no markup, whatever is said of a denial or an outcome', async () => {
  const installation = await servedInstallation({ policy: KEYS_DO });
  const { tab } = await approverTab(browser(), installation, 'ida');
  await watched(tab);
  const harmless = async (on: Tab) => {
    expect(await on.run(`document.querySelectorAll(${JSON.stringify(FOREIGN)}).length`)).toBe(0);
    expect(await on.run('[window.harm, document.querySelectorAll("h1").length].join()')).toBe(',1');
  };
  const text = MARKUP.join(' ').slice(0, 2000);
  const [denied, ran] = [await installation.openTicket(), await installation.openTicket()];
  await tab.goto(installation.links.decided(denied.id));
  await noaDecides(installation, denied, 'deny', text);
  await tab.until(h1Is('Denied'));
  expect(await tab.text('.decisions')).toContain('<script>window.harm = 1</script>');
  await harmless(tab);
  await noaDecides(installation, ran, 'approve');
  await tab.goto(installation.links.decided(ran.id));
  const finish = await begin(installation, ran);
  await tab.until(h1Is('Approved, and running'));
  await finish([...MARKUP, ...MARKDOWN].join(' ').slice(0, 480));
  await tab.until(h1Is('Done'));
  expect(await tab.text('.outcome')).toContain('<script>window.harm = 1</script>');
  await harmless(tab);
  expect(tab.complaints).toEqual([]);
});
