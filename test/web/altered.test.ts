import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useBrowser } from '../scenes/browser.ts';
import { approverTab, servedInstallation } from '../scenes/page.ts';
import { withDatabase } from '../scenes/tables.ts';
import { violations } from './looks.ts';

const browser = useBrowser();

test('a ticket that was altered in the database comes first on the page, by its id and nothing else of it', async () => {
  const installation = await servedInstallation();
  const forged = 'payments-of-yesterday';
  const altered = await installation.openTicket();
  await installation.openTicket({ agent: 'kiro', operator: 'ole' });
  withDatabase({ database: join(installation.home, 'holdshort.db') }, (db) =>
    db.prepare("UPDATE ticket SET draft = json_set(draft, '$.agent', ?) WHERE id = ?").run(forged, altered.id),
  );
  const { tab } = await approverTab(browser(), installation, 'uri');
  await tab.goto(installation.links.list());
  expect(await tab.text('h1')).toBe('1 ticket altered. 1 ticket waits for a decision');
  const text = await tab.run<string>('document.body.innerText');
  expect(text).toContain('Altered in the database: 1 ticket');
  expect(text.indexOf(altered.id)).toBeGreaterThan(0);
  expect(text.indexOf(altered.id)).toBeLessThan(text.indexOf('kiro'));
  expect(text).not.toContain(forged);
  expect(await tab.run<number>(`document.querySelectorAll('a[href*="${altered.id}"]').length`)).toBe(0);
  expect(await violations(tab)).toEqual([]);
});

test('where nothing else waits, the title and what a screen reader hears tell of the altered ticket too', async () => {
  const installation = await servedInstallation();
  const altered = await installation.openTicket();
  withDatabase({ database: join(installation.home, 'holdshort.db') }, (db) =>
    db.prepare("UPDATE ticket SET draft = json_set(draft, '$.agent', 'other') WHERE id = ?").run(altered.id),
  );
  const { tab } = await approverTab(browser(), installation, 'uri');
  await tab.goto(installation.links.list());
  const said = '1 ticket altered. Nothing else waits';
  expect(await tab.run<string>('document.title')).toContain(said);
  expect(await tab.run<string>('document.querySelector("[data-now]").dataset.now')).toBe(`${said} for a decision.`);
});
