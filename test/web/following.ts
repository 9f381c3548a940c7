import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { decide } from '../../approvals/tickets/decide.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import type { Tab } from '../scenes/browser.ts';
import { intentOf } from '../scenes/openings.ts';
import type { ServedInstallation } from '../scenes/page.ts';

/** Where noa's key file is enough. */
export const KEYS_DO = `permit (principal, action, resource) when { context.approvals.all.client >= 1 };`;

/**
 * In a page that isn't loaded yet: counts what it asks for, lets its clock run faster (what it wanted to wait is kept),
 * and gives its passkeys a prompt that is open until someone presses. `window.here` tells whether it was loaded again.
 */
export async function watched(tab: Tab): Promise<void> {
  await tab.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `
      window.asked = 0; window.waits = []; window.here = Math.random();
      const [ask, wait, get] = [window.fetch, window.setTimeout, navigator.credentials?.get.bind(navigator.credentials)];
      window.fetch = (...about) => { window.asked++; return ask(...about).finally(() => window.answered = window.asked); };
      window.setTimeout = (work, ms, ...more) => { window.waits.push(ms); return wait(work, Math.min(ms, 100), ...more); };
      if (get) navigator.credentials.get = async (options) => {
        if (window.prompts) await new Promise((press) => (window.press = press));
        return get(options);
      };`,
  });
}

/** Until the page has asked for the newest, and shown it, so many times more. */
export async function looks(tab: Tab, more = 2): Promise<void> {
  const before = await tab.run<number>('window.asked');
  // Whatever the last of them brought is on the page when the next one goes out.
  await tab.until(`window.asked > ${before + more}`);
}

/** Noa decides with her key file, somewhere else. */
export async function noaDecides(
  installation: ServedInstallation,
  { id, plan }: StoredTicket,
  decision: 'approve' | 'deny',
  reason?: string,
): Promise<void> {
  const file = readKey(installation.keysDir, 'noa', 'key');
  if (!file || !plan) throw new Error('no key, or no plan');
  const signer = await unlockKey(file, async () => '');
  await decide(installation.desk, { ticket: id, digest: plan.digest, decision, assurance: 'key', signer, reason });
}

/** An executor takes the ticket, and says what came of it when it is told to. */
export async function begin(installation: ServedInstallation, { id }: StoredTicket) {
  const executor = installation.store.forExecutor('ex1');
  const claim = await executor.claim(id, 'ex1', 60_000);
  if (!claim) throw new Error('somebody else has it');
  const weighed = {
    decisions: (await installation.desk.store.ticket(id)).decisions.length,
    statements: (await installation.desk.store.statements()).length,
  };
  await executor.begin(claim, intentOf(claim, installation.desk.now().toISOString()), weighed, {}, 10_000);
  return (detail: string) => executor.finish(claim, 'succeeded', { detail, resources: [] }, undefined);
}

export const h1Is = (text: string) => `document.querySelector('h1')?.innerText === ${JSON.stringify(text)}`;
