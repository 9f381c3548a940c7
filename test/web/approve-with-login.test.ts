import { expect, onTestFinished, test, vi } from 'vitest';
import { approversBind } from '../../approvals/cli/approvers-bind.ts';
import { LOGIN_MS } from '../../approvals/web/at-issuer.ts';
import { loginsOf } from '../../src/commands/logins.ts';
import { loginNonce } from '../../src/kernel/login.ts';
import { useBrowser } from '../scenes/browser.ts';
import { startOidc } from '../scenes/oidc.ts';
import { approverTab, decide, servedInstallation } from '../scenes/page.ts';

/* On the page an approval counts only with a login of the same person, here at a certified issuer. */

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();
const CLIENT = 'holdshort';

async function scene() {
  const oidc = await startOidc({ resources: [] });
  onTestFinished(() => oidc.close());
  const login = { issuer: oidc.issuer, client_id: CLIENT, max_age_ms: 12 * 3_600_000, secretFile: undefined };
  const installation = await servedInstallation({ logins: loginsOf(async () => ({ login })) });
  await oidc.add({
    client_id: CLIENT,
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [`${installation.links.origin}/login`],
  });
  oidc.people.set('ida', { sub: 'i-1' });
  oidc.people.set('eve', { sub: 'e-1' });
  const { tab } = await approverTab(browser(), installation, 'ida');
  const bound = { issuer: oidc.issuer, subject: 'i-1' };
  await approversBind(installation.context('noa'), 'bind', 'ida', bound);
  const decisions = async (id: string) => (await installation.desk.store.ticket(id)).decisions;
  return { oidc, installation, tab, decisions };
}

type Tab = Awaited<ReturnType<typeof scene>>['tab'];

/** Approves, and logs in where the issuer asks for it. */
async function approveAs(
  tab: Tab,
  name: string | undefined,
  { links }: { links: Parameters<typeof decide>[1] },
  id: string,
) {
  await decide(tab, links, id, 'approve');
  await tab.until(`location.pathname.startsWith('/login/')`);
  if (name === undefined) return;
  if (await tab.run(`document.querySelector('input[name=login]') !== null`)) {
    await tab.fill('input[name=login]', name);
    await tab.click('button[type=submit]');
  }
  await tab.until(`/Allow|There is nobody/.test(document.body.textContent)`);
  if ((await tab.text()).includes('Allow')) await tab.click('button[type=submit]');
}

const said = async (tab: Tab) => {
  await tab.until(`/^Nothing/.test(document.querySelector('.said')?.textContent ?? '')`);
  return tab.text('.said');
};

test('a passkey approves, its owner logs in, and the decision is recorded with the token; denying takes none', async () => {
  const { installation, tab, decisions } = await scene();
  const ticket = await installation.openTicket();
  await tab.goto(installation.links.ticket(ticket.id));
  expect(await tab.text('.decide form')).toMatch(/To approve, you then log in at http:\/\/localhost:\d+ as yourself\./);
  await approveAs(tab, 'ida', installation, ticket.id);
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await tab.text('h1')).toBe('Approved');
  const [{ statement = '', login = '' } = {}] = await decisions(ticket.id);
  const claims = JSON.parse(Buffer.from(login.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ sub: 'i-1', aud: CLIENT, nonce: loginNonce(statement) });

  // Each approval takes a login; the issuer knows her still.
  const other = await installation.openTicket();
  await approveAs(tab, 'ida', installation, other.id);
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await installation.state(other.id)).toBe('approved');

  const unwanted = await installation.openTicket();
  await decide(tab, installation.links, unwanted.id, 'deny', 'not now');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await installation.state(unwanted.id)).toBe('denied');
  expect(installation.failures).toEqual([]);
  expect(tab.complaints).toEqual([]);
});

test("somebody else's login is refused and records nothing; who left gets none, and can deny", async () => {
  const { installation, tab, decisions, oidc } = await scene();
  const ticket = await installation.openTicket();
  await approveAs(tab, 'eve', installation, ticket.id);
  expect(await said(tab)).toMatch(
    /^Nothing was decided\. Refused: this decision would not count: login of nobody bound/,
  );
  expect(await decisions(ticket.id)).toEqual([]);
  const [refused] = await installation.rejections();
  expect(refused).toMatchObject({ actor: 'approver:ida', detail: { code: 'approval_invalid', decision: 'approve' } });
  await tab.click('[data-back] a');
  await tab.until(
    `location.pathname === '/tickets/${ticket.id}' && document.querySelector('button[value=deny]:enabled')`,
  );

  oidc.people.delete('ida');
  await tab.send('Network.clearBrowserCookies');
  await approveAs(tab, 'ida', installation, ticket.id);
  await tab.until(`document.querySelector('[role=alert]')`);
  expect(await decisions(ticket.id)).toEqual([]);
  await decide(tab, installation.links, ticket.id, 'deny', 'I have left');
  await tab.until(`location.pathname.endsWith('/decided')`);
  expect(await installation.state(ticket.id)).toBe('denied');
});

/** What the tab keeps for the login that it is at. */
const kept = async (tab: Tab, origin: string) => {
  await tab.goto(`${origin}/login?state=none`);
  const stored = await tab.run<string>(`JSON.stringify(Object.entries(sessionStorage))`);
  const [[name, text]] = JSON.parse(stored);
  return { state: name.replace('holdshort login ', ''), ...JSON.parse(text) };
};

test('a login that was cancelled, or that another tab began, decides nothing', async () => {
  const { installation, tab, decisions } = await scene();
  const { origin } = installation.links;
  const ticket = await installation.openTicket();
  await approveAs(tab, undefined, installation, ticket.id);
  const { state } = await kept(tab, origin);
  expect(await said(tab)).toMatch(/^Nothing was decided: this login was not begun in this tab\./);
  const another = await browser().tab();
  await another.goto(`${origin}/login?state=${state}&code=theirs`);
  expect(await said(another)).toMatch(/^Nothing was decided: this login was not begun in this tab\./);
  await tab.goto(`${origin}/login?state=${state}&error=access_denied`);
  expect(await said(tab)).toBe(
    'Nothing was decided: the login did not come about (access_denied). You may decide again.',
  );
  expect(await tab.run('location.search')).toBe('');
  await tab.click('[data-back] a');
  await tab.until(`location.pathname === '/tickets/${ticket.id}'`);
  expect(await decisions(ticket.id)).toEqual([]);
  expect((await installation.rejections()).length).toBe(0);
  await approveAs(tab, undefined, installation, ticket.id);
  const again = await kept(tab, origin);
  await tab.goto(`${origin}/login?state=${again.state}&error=%3Cb%3Ex`);
  expect(await said(tab)).toBe('Nothing was decided: the login did not come about. You may decide again.');
});

test('only what was sealed here, for this ticket and this login, in its time, by this issuer, is gone on with', async () => {
  const { installation, tab, decisions, oidc } = await scene();
  const { origin } = installation.links;
  const [ticket, other] = [await installation.openTicket(), await installation.openTicket()];
  await approveAs(tab, undefined, installation, ticket.id);
  const { state, held, answers, s } = await kept(tab, origin);
  const secretOf = (id: string) => new URL(installation.links.ticket(id)).searchParams.get('s');
  const bring = async (more: object, path: string = answers) => {
    const response = await fetch(origin + path, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ s, held, state, code: 'guessed', iss: oidc.issuer, ...more }),
    });
    return { status: response.status, said: await response.text() };
  };
  const refused = (why: string) => ({ status: 403, said: expect.stringContaining(why) });
  expect(await bring({})).toEqual(refused('the issuer gave no ID token for this login (it answered 400)'));
  expect(await bring({ iss: 'https://other.example.com' })).toEqual(refused('another issuer answered'));
  expect(await bring({ iss: null })).toEqual(refused('another issuer answered'));
  expect(await bring({ state: 'x' })).toEqual(refused('it belongs to another login'));
  expect(await bring({ held: `x${held}` })).toEqual(refused('it was not begun here'));
  expect(await bring({ held: held.replace(state, 'y'.repeat(state.length)) })).toEqual(
    refused('it was not begun here'),
  );
  const [statement] = /"statement":"(?:[^"\\]|\\.)*"/.exec(held) ?? [];
  expect(await bring({ held: held.replace(statement, '"statement":"{}"') })).toEqual(refused('it was not begun here'));
  expect(await bring({ s: secretOf(other.id) }, `/tickets/${other.id}/login`)).toEqual(refused('another login'));
  expect(await bring({ s: 'x' })).toMatchObject({ status: 404 });
  expect(await bring({ more: 1 })).toMatchObject({ status: 400 });
  installation.wait(LOGIN_MS);
  expect(await bring({})).toEqual(refused('it was begun more than 15 minutes ago'));
  expect(await decisions(ticket.id)).toEqual([]);
});
