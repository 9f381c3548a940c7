import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { readEnrolled } from '../../approvals/desk.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { enrollRequested, pendingRequests } from '../../approvals/people/requests.ts';
import { sealsOf } from '../../approvals/seals.ts';
import { LOGIN_MS } from '../../approvals/web/at-issuer.ts';
import { OPEN_MS } from '../../approvals/web/challenges.ts';
import type { PageContext } from '../../approvals/web/context.ts';
import { linksOf, type PageLinks } from '../../approvals/web/links.ts';
import { servePage } from '../../approvals/web/server.ts';
import type { LoginsHere } from '../../src/commands/logins.ts';
import type { Makers } from '../../src/kernel/attestation.ts';
import type { Role } from '../../src/kernel/statement.ts';
import { addAuthenticator, type Browser, type Tab } from './browser.ts';
import { openInstallation } from './installation.ts';

/** As production ought to be: what destroys needs someone who is there, and not the operator. */
export const PRESENCE = `
permit (principal, action in Action::"read", resource);
permit (principal, action in Action::"change", resource == Environment::"production")
when { context.approvals.without_operator.presence >= 1 };
permit (principal, action in Action::"change", resource == Environment::"staging")
when { context.approvals.without_operator.presence >= 2 };
permit (principal, action in Action::"change", resource == Environment::"development")
when { context.approvals.all.client >= 1 };
`;

/**
 * A installation with a page that is really served, whose clocks a test sets. Noa is its first approver, with a key
 * file.
 */
export async function servedInstallation(
  options: { readonly policy?: string; readonly makers?: Makers; readonly logins?: LoginsHere } = {},
) {
  const installation = await openInstallation({ ...options, policy: options.policy ?? PRESENCE });
  await installation.enroll('noa');
  const key = Buffer.alloc(32, 7);
  let late = 0;
  const failures: unknown[] = [];
  const desk = { ...installation.context('noa'), ...options.logins };
  const monotonic = () => performance.now() + late;
  const now = async () => new Date(Date.parse(await desk.store.now()) + late).toISOString();
  const sealing = { key: () => key, now, monotonic };
  const seals = sealsOf({ ...sealing, purpose: 'page', lastsMs: OPEN_MS });
  const loginSeals = sealsOf({ ...sealing, purpose: 'login', lastsMs: LOGIN_MS });
  const context: Omit<PageContext, 'links'> = {
    ...desk,
    seals,
    loginSeals,
    monotonic,
    assets: resolve('dist/web'),
    failed: (error) => failures.push(error),
  };
  const page = await servePage({ port: 0, links: (port) => linksOf(`http://localhost:${port}`, () => key) }, context);
  onTestFinished(() => page.close());
  return {
    ...installation,
    desk,
    links: page.links,
    key,
    seals,
    loginSeals,
    failures,
    /** Time passes for open questions. */
    wait: (ms: number) => {
      late += ms;
    },
    /** Noa signs, with her key file, for the one who waits. */
    async enrollWaiting(role?: Role) {
      const file = readKey(installation.keysDir, 'noa', 'key');
      if (!file) throw new Error('noa has no key');
      const signer = await unlockKey(file, async () => '');
      for (const { id } of pendingRequests(await readEnrolled(desk))) await enrollRequested(desk, id, signer, { role });
    },
    rejections: async () => (await installation.events()).filter(({ type }) => type === 'decision.rejected'),
    state: async (id: string) => (await desk.store.ticket(id)).state,
  };
}

export type ServedInstallation = Awaited<ReturnType<typeof servedInstallation>>;

/** A tab with an authenticator, in which this person has registered a passkey; not enrolled yet. */
export async function registeredTab(
  browser: Browser,
  links: PageLinks,
  name: string,
  options: Record<string, unknown> = {},
) {
  const tab = await browser.tab();
  const authenticator = await addAuthenticator(tab, options);
  await register(tab, links, name);
  return { tab, authenticator };
}

async function register(tab: Tab, links: PageLinks, name: string): Promise<void> {
  await tab.goto(links.enroll());
  await tab.fill('#name', name);
  await tab.click('form[data-registers] button');
  await tab.until(`document.querySelector('.fingerprint')`);
}

/** The same, enrolled. */
export async function approverTab(browser: Browser, installation: ServedInstallation, name: string, role?: Role) {
  const made = await registeredTab(browser, installation.links, name);
  await installation.enrollWaiting(role);
  return made;
}

export async function decide(
  tab: Tab,
  links: PageLinks,
  id: string,
  decision: 'approve' | 'deny',
  reason = '',
): Promise<void> {
  await tab.goto(links.ticket(id));
  if (reason) await tab.fill('#why', reason);
  await tab.click(`button[value=${decision}]`);
}

/** Chooses someone, or a passkey of theirs, as a person does. */
export async function choosePerson(tab: Tab, select: string, name: string): Promise<void> {
  await tab.run(`(() => {
    const select = document.querySelector(${JSON.stringify(select)});
    select.value = [...select.options].find(({ text }) => \`\${text} \`.startsWith(${JSON.stringify(`${name} `)})).value;
  })()`);
}

/** What the page says after a refusal. */
export async function refusalOn(tab: Tab): Promise<string> {
  await tab.until(`/^(Refused|Nothing)/.test(document.querySelector('.said')?.textContent ?? '')`);
  return tab.text('.said');
}
