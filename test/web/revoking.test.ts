import { expect, test, vi } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { type Tab, useBrowser } from '../scenes/browser.ts';
import { approverTab, registeredTab, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

/** Ida and olga have passkeys, then noa has one, an admin's: from then on no key file revokes theirs. */
async function setUp() {
  const installation = await servedInstallation();
  const [ida, olga] = [
    await approverTab(browser(), installation, 'ida'),
    await approverTab(browser(), installation, 'olga'),
  ];
  const noa = await registeredTab(browser(), installation.links, 'noa');
  const key = (await noa.tab.text('.fingerprint')).trim();
  await approversEnroll(installation.context('noa'), 'noa', { key, yes: true });
  const keyOf = async (name: string) =>
    [...(await readEnrolled(installation.desk)).registry.keys.values()].findLast((one) => one.name === name)!;
  const revokes = async (tab: Tab, revoked: string, by: string) => {
    await tab.goto(installation.links.enroll());
    await tab.run(`document.querySelector('#revoked').value = ${JSON.stringify(revoked)}`);
    await tab.run(`document.querySelector('#revoke-signer').value = ${JSON.stringify(by)}`);
    await tab.fill('#revoke-reason', 'the phone is gone');
    await tab.click('form[data-revokes] button');
  };
  return { installation, ida: ida.tab, olga: olga.tab, noa: noa.tab, keyOf, revokes };
}

async function refused(tab: Tab): Promise<string> {
  const said = 'form[data-revokes] .said';
  await tab.until(`/^(Refused|Nothing)/.test(document.querySelector('${said}')?.textContent ?? '')`);
  return tab.text(said);
}

test("A2: on the page an admin's passkey revokes a lost one, and everybody their own", async () => {
  const { installation, ida, olga, noa, keyOf, revokes } = await setUp();
  const [idas, olgas, noas] = [await keyOf('ida'), await keyOf('olga'), await keyOf('noa')];
  await revokes(olga, idas.id, olgas.id);
  expect(await refused(olga)).toContain("this takes an admin's");
  await revokes(noa, idas.id, noas.id);
  await noa.until(`/is revoked/.test(document.querySelector('.done')?.textContent ?? '')`);
  expect(await keyOf('ida')).toMatchObject({ revokedAt: expect.any(String) });
  const event = (await installation.events()).find(({ type }) => type === 'approver.revoked');
  expect(event).toMatchObject({
    actor: 'approver:noa',
    detail: { name: 'ida', key: idas.id, reason: 'the phone is gone' },
  });
  // It signs nothing any more: it isn't even offered.
  await ida.goto(installation.links.enroll());
  expect(await ida.text('#revoke-signer')).not.toContain('ida');
  await revokes(olga, olgas.id, olgas.id);
  await olga.until(`/is revoked/.test(document.querySelector('.done')?.textContent ?? '')`);
  // The last admin's that proves as much stays.
  await revokes(noa, noas.id, noas.id);
  expect(await refused(noa)).toContain("this is the last admin's key that proves presence");
  expect(await keyOf('noa')).not.toHaveProperty('revokedAt');
  expect(installation.failures).toEqual([]);
});
