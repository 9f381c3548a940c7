import { expect, test, vi } from 'vitest';
import { readEnrolled } from '../../approvals/desk.ts';
import { recordRequest } from '../../approvals/people/requests.ts';
import { useBrowser } from '../scenes/browser.ts';
import { approverTab, servedInstallation } from '../scenes/page.ts';
import { withDatabase } from '../scenes/tables.ts';
import { foreignKey, rewriteLog } from '../scenes/tampering.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

test('D29: an admin enrolls whom the page showed, not who stands under the same key when they sign', async () => {
  const installation = await servedInstallation();
  const { tab } = await approverTab(browser(), installation, 'noa');
  const key = foreignKey();
  const about = { kind: 'request', public_key: key.publicKey, public_key_id: key.id, key: key.id } as const;
  const signed = (name: string, nonce: string) =>
    key.sign({ ...about, name, by: name, nonce: nonce.repeat(32), signed_at: installation.desk.now().toISOString() });
  await recordRequest(installation.desk, signed('tom', '1'), 'cli');
  await tab.goto(installation.links.enroll());
  expect(await tab.text('.requests button')).toBe('Enroll tom');
  // Tom, who writes the database, becomes a key of the admin while she compares the fingerprint.
  withDatabase({ database: installation.file }, (db) =>
    rewriteLog(db, (entries) =>
      entries.map((entry) =>
        entry.detail.key === key.id ? { ...entry, detail: { ...entry.detail, ...signed('noa', '2') } } : entry,
      ),
    ),
  );
  await tab.click('form[data-request] button');
  // It says first that the passkey is asked.
  await tab.until(
    `document.querySelector('.done') || /not the one/.test(document.querySelector('.requests .said').innerText)`,
  );
  expect((await readEnrolled(installation.desk)).registry.keys.has(key.id)).toBe(false);
  expect(await tab.text('.requests .said')).toContain('not the one on the page any more: now it is by noa, as admin');
});
