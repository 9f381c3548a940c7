import { expect, test } from 'vitest';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { enrollOwned } from '../../approvals/people/enroll.ts';
import { keyIdOf } from '../../src/kernel/statement.ts';
import { type Look, type Tab, useBrowser } from '../scenes/browser.ts';
import { CLIENTS, type Host } from '../scenes/hosts.ts';
import { type Installation, openInstallation } from '../scenes/installation.ts';
import { PRESENCE } from '../scenes/page.ts';
import { authenticator } from '../scenes/passkey.ts';
import { type CardHost, cardHost } from './card-host.ts';
import { picture, violations } from './looks.ts';
import { SHOP } from './shop.ts';

const browser = useBrowser();

const RENDERS = { extensions: { 'io.modelcontextprotocol/ui': {} } };
const CARD = `document.querySelector('iframe').contentDocument`;

/** A ticket in this environment, in a chat client that renders the card for it. */
async function shownCard(
  environment: 'development' | 'production',
  theme: 'light' | 'dark' = 'light',
  capabilities: Host['capabilities'] = RENDERS,
  prepare: (installation: Installation) => Promise<unknown> = async () => {},
) {
  const installation = await openInstallation({ policy: PRESENCE });
  await installation.enroll('noa', 'ida');
  await prepare(installation);
  const { id } = await installation.openTicket({ ...SHOP, environment });
  const chat = await CLIENTS['v2, 2026-07-28'](installation, { capabilities });
  const host = await cardHost(chat, { tool: 'approvals_show', args: { ticket_id: id }, theme });
  const tab = await browser().tab();
  const look = (size: Look) => tab.look({ ...size, scheme: theme });
  await look({ width: 760, height: 900 });
  await tab.goto(host.url);
  await tab.until(`${CARD}.querySelector('h1')`);
  return { installation, id, host, tab, look };
}

/** So that someone can approve in production. */
async function givePasskey(installation: Installation): Promise<void> {
  const { publicKey } = authenticator();
  const key = readKey(installation.keysDir, 'noa', 'key');
  if (!key) throw new Error('noa has no key');
  await enrollOwned(
    installation.context('noa'),
    { name: 'ida', id: keyIdOf(publicKey), publicKey },
    'presence',
    {},
    {
      by: () => unlockKey(key, async () => ''),
      own: () => unlockKey(key, async () => ''),
      confirmFirst: async () => {},
    },
  );
}

const cardText = (tab: Tab) => tab.run<string>(`${CARD}.body.innerText`);

async function decide(tab: Tab, name: string, button: string): Promise<void> {
  await tab.run(`(() => {
    const typed = ${CARD}.querySelector('#name');
    if (typed) typed.value = ${JSON.stringify(name)};
    ${CARD}.querySelector('#reason').value = 'Checked on the card.';
    ${CARD}.querySelector(${JSON.stringify(`button.${button}`)}).click();
  })()`);
  await tab.until(`${CARD}.querySelector('.outcome')`);
}

async function decisions({
  installation,
  id,
}: {
  installation: Awaited<ReturnType<typeof openInstallation>>;
  id: string;
}) {
  const { state, decisions: signed } = await installation.store.forApprover().ticket(id as `tkt_${string}`);
  return { state, signed: signed.map(({ statement }) => JSON.parse(statement)) };
}

const toldBy = ({ told }: CardHost) => told.join('\n');

test('where a chat answer is enough the person types the name on the card, and that is a decision worth client', async () => {
  const shown = await shownCard('development');
  const { tab, host } = shown;
  await decide(tab, 'shop', 'approve');
  expect(await tab.run(`${CARD}.querySelector('.outcome').innerText`)).toMatch(
    /^the card did not hold the target's name, so nothing was decided\nask the person again/,
  );
  expect(await decisions(shown)).toEqual({ state: 'pending', signed: [] });
  // It can be tried again: the card was given a new question.
  await decide(tab, 'shop-production', 'approve');
  await tab.until(`${CARD}.querySelector('.outcome:not(.danger)')`);
  expect(await cardText(tab)).toContain('Approved by noa');
  expect(await decisions(shown)).toMatchObject({
    state: 'approved',
    signed: [{ decision: 'approve', assurance: 'client', by: 'noa', reason: 'Checked on the card.' }],
  });
  await tab.until(`!${CARD}.querySelector('button')`);
  expect(toldBy(host)).toContain('Approved by noa');
  expect(tab.complaints).toEqual([]);
});

test('where more is needed the card opens the page, and its own buttons only deny', async () => {
  const shown = await shownCard('production');
  const { tab, host, id } = shown;
  expect(await tab.run(`[...${CARD}.querySelectorAll('button')].map((b) => b.textContent)`)).toEqual([
    'Open the approval page',
    'Deny',
  ]);
  await tab.run(`${CARD}.querySelector('button.primary').click()`);
  await tab.until(`/Nothing is decided/.test(${CARD}.querySelector('.said').textContent)`);
  expect(host.opened).toEqual([expect.stringContaining(`/tickets/${id}?s=`)]);
  expect(await decisions(shown)).toEqual({ state: 'pending', signed: [] });
  expect(await cardText(tab)).toMatch(/nobody can approve it[\s\S]*register a passkey as noa.*holdshort web/);
  // D24: a denial takes no name.
  expect(await tab.run(`${CARD}.querySelector('#name')`)).toBe(null);
  await decide(tab, '', 'deny');
  expect(await decisions(shown)).toMatchObject({ state: 'denied', signed: [{ decision: 'deny', by: 'noa' }] });
  expect(tab.complaints).toEqual([]);
});

test('a client that does not say that it renders cards, and does, shows it all the same', async () => {
  const shown = await shownCard('development', 'light', {});
  await decide(shown.tab, 'shop-production', 'approve');
  expect(await decisions(shown)).toMatchObject({ state: 'approved', signed: [{ assurance: 'client', by: 'noa' }] });
});

test('never says that nothing was decided where only the answer got lost', async () => {
  const shown = await shownCard('development');
  const { tab, host } = shown;
  for (const tool of ['approvals_decide', 'approvals_show']) host.lost.add(tool);
  await decide(tab, 'shop-production', 'approve');
  expect(await decisions(shown)).toMatchObject({ state: 'approved' });
  const text = await cardText(tab);
  expect(text).toContain('It is not known whether this was decided');
  expect(text).toContain(`holdshort tickets show ${shown.id}`);
  expect(text).not.toContain('Nothing was decided');
  expect(text).not.toContain('pending');
});

test.each(['light', 'dark'] as const)('the %s card is readable, on a phone too', async (theme) => {
  const { tab, look } = await shownCard('production', theme, RENDERS, givePasskey);
  expect(await tab.run(`${CARD}.documentElement.dataset.theme`)).toBe(theme);
  for (const width of [640, 390]) {
    await look({ width, height: 1470 });
    expect(await tab.run(`${CARD}.documentElement.scrollWidth`)).toBeLessThanOrEqual(width);
    if ((width === 640) === (theme === 'light')) await picture(tab, width === 640 ? 'card' : 'card-phone');
  }
  expect(await violations(tab)).toEqual([]);
});
