import { resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversList } from '../../approvals/cli/approvers-list.ts';
import { approversRecover } from '../../approvals/cli/approvers-recover.ts';
import { linksOf } from '../../approvals/web/links.ts';
import { servePage } from '../../approvals/web/server.ts';
import { useBrowser } from '../scenes/browser.ts';
import { decide, registeredTab, type ServedInstallation, servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

/** The same installation after `web.origin` was changed. */
async function moved({ desk, key, seals, loginSeals, failures }: ServedInstallation) {
  const page = await servePage(
    { port: 0, links: (port) => linksOf(`http://localhost:${port}`, () => key) },
    {
      ...desk,
      seals,
      loginSeals,
      monotonic: () => performance.now(),
      assets: resolve('dist/web'),
      failed: (error) => failures.push(error),
    },
  );
  onTestFinished(() => page.close());
  return page.links;
}

test('32: where the page has moved, it says where its passkeys were registered and what to do; the old place, or a recovery, helps', async () => {
  const installation = await servedInstallation();
  const old = await registeredTab(browser(), installation.links, 'noa');
  const lost = (await old.tab.text('.fingerprint')).trim();
  await approversEnroll(installation.context('noa'), 'noa', { key: lost, yes: true });
  const links = await moved(installation);
  const { tab } = await registeredTab(browser(), links, 'noa');
  const id = (await tab.text('.fingerprint')).trim();
  await tab.goto(links.enroll());
  const requests = await tab.text('section[aria-labelledby=requests]');
  for (const part of [installation.links.origin, links.origin, 'web.origin', 'approvers recover', 'docs/approving.md'])
    expect(requests).toContain(part);
  expect(requests).not.toContain('a key file can');
  const first = await installation.openTicket();
  await tab.goto(links.ticket(first.id));
  expect(await tab.text('.decide')).toContain(`registered at ${installation.links.origin}`);

  const recover = (lostKeys: readonly string[]) =>
    approversRecover(installation.context('noa'), 'noa', {
      key: id,
      lost: lostKeys,
      reason: 'the page moved',
      yes: true,
    });
  await expect(recover([])).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`registered at ${installation.links.origin}`),
    recovery: expect.stringContaining('set web.origin back'),
  });
  expect((await approversList(installation.context('noa'))).text).toContain(`at ${installation.links.origin}`);
  // At the old place it still signs for the new one; here it is given up instead.
  await old.tab.goto(installation.links.enroll());
  expect(await old.tab.text('form[data-request]')).toContain('Enroll noa as an admin');
  await recover([lost]);
  await decide(tab, links, first.id, 'approve');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await installation.state(first.id)).toBe('approved');
  await old.tab.goto(installation.links.ticket((await installation.openTicket()).id));
  expect(await old.tab.run(`document.querySelector('.decide select')`)).toBeNull();
  expect(installation.failures).toEqual([]);
});
