import { addAuthenticator, type Browser, type Tab } from '../scenes/browser.ts';
import { choosePerson } from '../scenes/page.ts';

/* What people do in browsers of their own. */

/** A browser with a passkey, and the fingerprint that the hub's page shows for it. */
export async function register(
  chromium: Browser,
  address: string,
  name: string,
): Promise<{ readonly tab: Tab; readonly key: string }> {
  const tab = await chromium.tab();
  await addAuthenticator(tab);
  await tab.goto(address);
  await tab.fill('#name', name);
  await tab.click('form[data-registers] button');
  await tab.until(`document.querySelector('.fingerprint')`);
  return { tab, key: (await tab.text('.fingerprint')).trim() };
}

/** Logs in where the issuer asks for it, and lets the client have what it asks for. */
export async function logIn(tab: Tab, name: string): Promise<'let in' | 'turned away'> {
  await tab.until(`document.querySelector('input[name=login]')`);
  await tab.fill('input[name=login]', name);
  await tab.click('button');
  await tab.until(`/May this client|There is nobody/.test(document.body.innerText)`);
  if ((await tab.text()).includes('There is nobody')) return 'turned away';
  await tab.click('button');
  return 'let in';
}

/** Approves on the ticket's page, where a passkey is followed by a login. */
export async function approve(tab: Tab, ticket: string, name: string): Promise<'let in' | 'turned away'> {
  await tab.goto(ticket);
  await choosePerson(tab, '#key', name);
  await tab.click('button[value=approve]');
  return logIn(tab, name);
}
