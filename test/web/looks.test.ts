import { expect, test } from 'vitest';
import { setHalt } from '../../approvals/halt.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type Look, useBrowser } from '../scenes/browser.ts';
import { impactOf } from '../scenes/installation.ts';
import {
  approverTab,
  choosePerson,
  registeredTab,
  type ServedInstallation,
  servedInstallation,
} from '../scenes/page.ts';
import { picture, violations } from './looks.ts';
import { READS, SHOP } from './shop.ts';

const DESK = { width: 1000, height: 780 };
const PHONE = { width: 390, height: 844 };

const browser = useBrowser();

async function busyInstallation() {
  const installation = await servedInstallation();
  const agent = installation.store.forAgent({ agent: 'claude', operator: 'ann', session: 'ses_1' });
  for (const [tool, args] of READS)
    await agent.append({
      type: 'call.completed',
      actor: 'agent:claude',
      session: 'ses_1',
      tool,
      outcome: 'completed',
      detail: { arguments: args },
    });
  const shop = await installation.openTicket(SHOP);
  const others = [
    await installation.openTicket({
      agent: 'kiro',
      operator: 'ole',
      environment: 'staging',
      targets: [{ id: 'search-staging', type: 'AWS::CloudFormation::Stack', name: 'search-staging', tags: {} }],
    }),
    await installation.openTicket({
      tool: 'ec2_terminate_instances',
      impact: [impactOf('delete', 'i-0123456789abcdef0')],
      targets: [{ id: 'i-0123456789abcdef0', type: 'AWS::EC2::Instance', name: 'i-0123456789abcdef0', tags: {} }],
    }),
  ];
  await installation.openTicket({
    tool: 'ec2_terminate_instances',
    impact: [impactOf('delete', 'i-0d1e2f3a4b5c6d7e8'), impactOf('delete', 'i-0a9b8c7d6e5f4a3b2')],
    targets: ['i-0d1e2f3a4b5c6d7e8', 'i-0a9b8c7d6e5f4a3b2'].map((id) => ({
      id,
      type: 'AWS::EC2::Instance',
      name: id,
      tags: {},
    })),
  });
  await installation.openTicket({
    agent: 'kiro',
    operator: 'ole',
    tool: 'cloudformation_deploy_stack',
    environment: 'development',
    impact: [impactOf('disrupt', 'i-0c0ffee0c0ffee0c0', { recoverable: true })],
    targets: [{ id: 'dev-shop', type: 'AWS::CloudFormation::Stack', name: 'dev-shop', tags: {} }],
  });
  return { installation, shop, others };
}

/** Each page that there is, as it looks with something on it. */
async function pagesOf(installation: ServedInstallation, shop: StoredTicket, approved: StoredTicket) {
  // Two, so that what needs two can be approved.
  const { tab: other } = await approverTab(browser(), installation, 'uri');
  await other.close();
  const { tab } = await approverTab(browser(), installation, 'ida', 'admin');
  const { tab: asking } = await registeredTab(browser(), installation.links, 'tom');
  await asking.close();
  await tab.goto(installation.links.ticket(approved.id));
  await choosePerson(tab, '#key', 'ida');
  await tab.click('button[value=approve]');
  await tab.until(`location.pathname.endsWith('/decided')`);
  const { links } = installation;
  return {
    tab,
    pages: {
      list: links.list(),
      ticket: links.ticket(shop.id),
      decided: links.decided(approved.id),
      enroll: links.enroll(),
      nothing: `${links.origin}/nothing`,
    },
  };
}

const LOOKS: readonly (readonly [string, Look])[] = [
  ['light', { ...DESK, scheme: 'light' }],
  ['dark', { ...DESK, scheme: 'dark' }],
  ['phone', { ...PHONE, scheme: 'light' }],
  ['phone-dark', { ...PHONE, scheme: 'dark' }],
];

test('every page can be read by everybody: axe finds nothing, light and dark, wide and on a phone', async () => {
  const { installation, shop, others } = await busyInstallation();
  const { tab, pages } = await pagesOf(installation, shop, others[1]!);
  for (const [look, how] of LOOKS) {
    await tab.look(how);
    for (const [page, url] of Object.entries(pages)) {
      await tab.goto(url);
      expect(await violations(tab), `${page}, ${look}`).toEqual([]);
      const sideways = await tab.run<number>('document.documentElement.scrollWidth - innerWidth');
      expect(sideways, `${page}, ${look} is wider than the window`).toBeLessThanOrEqual(0);
      if (look !== 'phone-dark' && page !== 'nothing') await picture(tab, `${page}-${look}`);
      if (page === 'ticket' && look !== 'phone-dark') await picture(tab, `blast-radius-${look}`, '.blast');
    }
  }
  await installation.openTicket({ environment: 'staging', operator: 'ida' });
  const file = readKey(installation.keysDir, 'noa', 'key')!;
  await setHalt(installation.desk, 'we are looking into something', await unlockKey(file, async () => ''));
  for (const page of ['list', 'ticket'] as const) {
    await tab.goto(pages[page]);
    expect(await tab.text('.banner')).toContain('Halted by noa');
    if (page === 'list') expect(await tab.text()).toContain('Nobody can approve it');
    expect(await violations(tab), `${page}, halted`).toEqual([]);
  }
}, 300_000);
