import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shopTemplate } from '../../src/commands/example-cloud.ts';
import { addAuthenticator, type Browser, sharedBrowser } from '../scenes/browser.ts';
import { NO_CHROMIUM } from '../scenes/chromium.ts';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON, stop, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { refusalOn } from '../scenes/page.ts';
import { freePort, startPage } from '../scenes/page-process.ts';

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await sharedBrowser();
}, 120_000);
afterAll(async () => await browser?.close());

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe('the built command', () => {
  test('the whole way: an agent asks, somebody approves with a passkey on the page, it runs once; another is denied', async (context) => {
    if (!browser) return context.skip(NO_CHROMIUM);
    const stacks = ['shop-production', 'search-production'].map((name) => ({
      name,
      template: shopTemplate({ identifier: name }),
      tags: { env: 'production' },
    }));
    await using cloud = await startCloud({ stacks });
    const port = await freePort();
    await using place = makePlace({
      endpoint: cloud.endpoint,
      config: `web: { port: ${port} }\n`,
    });
    await enroll(place, 'noa');
    const agent = await place.agent(['--operator', 'otto']);
    const page = await startPage(place);
    await agent.call('cloudformation_describe_stack', { stack_name: 'shop-production' });
    const ask = async (stack_name: string) =>
      (await agent.call('cloudformation_delete_stack', { stack_name, reason: REASON })).ticket;
    const shop = await ask('shop-production');
    expect(shop.review_url).toMatch(new RegExp(`^http://localhost:${port}/tickets/${shop.id}\\?s=[\\w-]{43}$`));

    // By the default policy a key file is not enough, and the command says the whole way to what is; here it is gone,
    // word by word.
    const byKey = await place.cli(['approve', shop.id, '--yes', '--digest', shop.digest, '--as', 'noa']);
    expect(byKey.code).toBe(3);
    expect(byKey.stderr).toContain('this needs 1 approval with a passkey or security key');
    expect(byKey.stderr).toMatch(
      /run `\S+ dist\/cli\.js web`, open the second address that it prints and register one as noa/,
    );
    expect(byKey.stderr).toMatch(
      /let an admin \(noa\) enroll it: \S+ dist\/cli\.js approvers enroll noa --key FINGERPRINT/,
    );
    expect((await place.cli(['tickets', 'show', shop.id])).stdout).toContain(
      'A key file is not enough to approve this.',
    );
    expect((await place.cli(['tickets', 'show', shop.id])).stdout).toContain(shop.review_url);

    const tab = await browser.tab();
    await addAuthenticator(tab);
    await tab.goto(page.enrolling);
    await tab.fill('#name', 'ida');
    await tab.click('form[data-registers] button');
    await tab.until(`document.querySelector('.fingerprint')`);
    const fingerprint = (await tab.text('.fingerprint')).trim();
    const granted = await place.cli(['approvers', 'enroll', 'ida', '--key', fingerprint, '--yes', '--as', 'noa']);
    expect(granted.code, granted.stderr).toBe(0);

    await tab.goto(page.list);
    expect(await tab.text()).toContain('shop-production');
    await tab.goto(shop.review_url);
    expect(await tab.text('.reads')).toContain('cloudformation_describe_stack');
    await tab.click('button[value=approve]');
    await tab.until(`location.pathname.endsWith('/decided')`);
    await until(
      async () => (await agent.call('ticket_get', { ticket_id: shop.id })).ticket.state,
      (state) => state === 'succeeded',
      45_000,
    );
    await tab.until(`document.querySelector('h1')?.innerText === 'Done'`);
    expect(await cloud.requests('DeleteStack')).toHaveLength(1);

    const search = await ask('search-production');
    await tab.goto(search.review_url);
    await tab.click('button[value=deny]');
    expect(await refusalOn(tab)).toContain('a denial needs a reason');
    await tab.fill('#why', 'people search on Sundays too');
    await tab.click('button[value=deny]');
    await tab.until(`location.pathname.endsWith('/decided')`);
    expect((await agent.call('ticket_get', { ticket_id: search.id })).refusal).toMatchObject({
      code: 'denied',
      message: 'denied by ida: people search on Sundays too',
    });
    expect(tab.complaints.filter((text) => /policy/i.test(text))).toEqual([]);

    await stop(page.child, 'SIGINT');
    expect(page.said()).toContain('The page is closed');
    expect((await place.cli(['audit', 'verify'])).code).toBe(0);
  }, 300_000);

  test('ends cleanly, says when its port is taken, and is reached from this machine only', async () => {
    await using place = makePlace();
    const first = await startPage(place, ['--port', '0']);
    const { port } = new URL(first.list);
    expect((await fetch(first.list)).status).toBe(200);
    const second = await startPage(place, ['--port', port]);
    expect(await ended(second.child)).toBe(2);
    expect(second.said()).toContain(`port ${port} is in use`);
    await stop(first.child, 'SIGTERM');
    expect(first.child.exitCode).toBe(0);
  });
});
