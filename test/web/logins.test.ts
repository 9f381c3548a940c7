import { expect, test, vi } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversBind } from '../../approvals/cli/approvers-bind.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { standingOf } from '../../src/kernel/bindings.ts';
import { useBrowser } from '../scenes/browser.ts';
import { codeOf } from '../scenes/installation.ts';
import { registeredTab, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

test("an admin's passkey says whose login it is, on the page, once a key file can't any more", async () => {
  const installation = await servedInstallation();
  const { tab } = await registeredTab(browser(), installation.links, 'noa');
  const own = (await tab.text('.fingerprint')).trim();
  await approversEnroll(installation.context('noa'), 'noa', { key: own, yes: true });
  const login = { issuer: 'https://login.example.com', subject: `<b>"4711"</b>` };
  const standing = async () => standingOf((await readEnrolled(installation.desk)).registry, login);
  const bind = (kind: 'bind' | 'unbind') => approversBind(installation.context('noa'), kind, 'noa', login);
  expect(await codeOf(bind('bind'))).toBe('assurance_too_low');

  await tab.goto(installation.links.enroll());
  await tab.fill('#login-issuer', login.issuer);
  await tab.fill('#login-subject', login.subject);
  await tab.click('form[data-login=bind] button');
  await tab.until(`document.querySelector('form[data-login=unbind]')`);
  expect(await standing()).toEqual({ kind: 'bound', name: 'noa' });
  expect(await tab.text('form[data-login=unbind]')).toContain(
    '"<b>\\u{22}4711\\u{22}</b>" at "https://login.example.com" is noa',
  );

  await tab.click('form[data-login=unbind] button');
  await tab.until(`!document.querySelector('form[data-login=unbind]')`);
  expect(await standing()).toEqual({ kind: 'taken_back', name: 'noa' });
  expect(installation.failures).toEqual([]);
});
