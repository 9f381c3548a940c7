import { expect, test, vi } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversGroups } from '../../approvals/cli/approvers-groups.ts';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { groupsOf } from '../../src/kernel/approvers.ts';
import { useBrowser } from '../scenes/browser.ts';
import { codeOf } from '../scenes/installation.ts';
import { registeredTab, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

/** The README's set-up: noa's key file, then noa's passkey, granted with the key file. */
async function setUp() {
  const installation = await servedInstallation();
  const { tab } = await registeredTab(browser(), installation.links, 'noa');
  const grant = (name: string, key: string, more = {}) =>
    approversEnroll(installation.context('noa'), name, { key, yes: true, ...more });
  const own = (await tab.text('.fingerprint')).trim();
  const keys = async () => (await readEnrolled(installation.desk)).registry.keys;
  return { installation, tab, own, grant, keys };
}

test("A2: an admin's first passkey is an admin's, and then the key file enrolls no passkey of anybody", async () => {
  const { installation, tab, own, grant, keys } = await setUp();
  expect(await codeOf(grant('noa', own, { role: 'approver' }))).toBe('usage');
  await grant('noa', own);
  expect((await keys()).get(own)).toMatchObject({ role: 'admin', maxAssurance: 'presence' });
  for (const name of ['noa', 'ida']) {
    const { tab: other } = await registeredTab(browser(), installation.links, name);
    const software = (await other.text('.fingerprint')).trim();
    for (const role of [undefined, 'approver', 'admin'])
      expect(await codeOf(grant(name, software, { role })), `${name} ${role}`).toBe('assurance_too_low');
    expect((await keys()).has(software)).toBe(false);
  }
  // Nor does it take the passkey away, to be the strongest again; and the passkey isn't left by itself.
  const revoked = approversRevoke(installation.context('noa'), own, { reason: 'lost', as: 'noa' });
  expect(await codeOf(revoked)).toBe('conflict');
  // What the file may not, the passkey may, on the page.
  await tab.goto(installation.links.enroll());
  await tab.click('form[data-request] button');
  await tab.until(`document.querySelector('.done')`);
  expect(await tab.text('.done')).toContain('enrolled by noa');
  expect(installation.failures).toEqual([]);
});

test('A3: the page says which teams a person belongs to when it enrolls them', async () => {
  const { installation, tab, own, grant } = await setUp();
  await grant('noa', own);
  await registeredTab(browser(), installation.links, 'ida');
  await tab.goto(installation.links.enroll());
  await tab.fill('#groups-0', 'Payments');
  await tab.click('form[data-request] button');
  await tab.until(`/^Refused/.test(document.querySelector('.requests .said')?.textContent ?? '')`);
  expect(await tab.text('.requests .said')).toContain("'Payments' is not the name of a team");
  await tab.goto(installation.links.enroll());
  await tab.fill('#groups-0', 'payments-team, search');
  await tab.click('form[data-request] button');
  await tab.until(`document.querySelector('.done')`);
  const { registry } = await readEnrolled(installation.desk);
  expect(groupsOf(registry, 'ida')).toEqual(['payments-team', 'search']);
  // A key file lets nobody out of a team any more; more teams take nothing away from anyone.
  const context = installation.context('noa');
  expect(await codeOf(approversGroups(context, 'ida', { none: true }))).toBe('assurance_too_low');
  await approversGroups(context, 'ida', { group: ['payments-team', 'search', 'shop'] });
  const teams = async () => groupsOf((await readEnrolled(installation.desk)).registry, 'ida');
  expect(await teams()).toEqual(['payments-team', 'search', 'shop']);
  // The passkey does, on the page.
  await tab.goto(installation.links.enroll());
  const form = 'form[data-person=ida]';
  await tab.run(`document.querySelector('${form} input').value = 'shop'`);
  await tab.click(`${form} button`);
  await tab.until(`document.querySelector('${form} input')?.defaultValue === 'shop'`);
  expect(await teams()).toEqual(['shop']);
  await tab.goto(installation.links.enroll());
  await tab.click(`${form} button`);
  await tab.until(`/^Refused/.test(document.querySelector('${form} .said')?.textContent ?? '')`);
  expect(await tab.text(`${form} .said`)).toContain('ida is in these teams already');
});
