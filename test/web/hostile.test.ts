import { expect, test } from 'vitest';
import { setHalt } from '../../approvals/halt.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { endedTickets, everyStringAtOnce, inEveryField } from '../display/fields.ts';
import { HOSTILE, HUGE, MARKDOWN, MARKUP } from '../display/strings.ts';
import { type Tab, useBrowser } from '../scenes/browser.ts';
import { PRESENCE, servedInstallation } from '../scenes/page.ts';

const browser = useBrowser();

/** What decides, and whether it is on the first screen, whole. */
async function firstScreen(tab: Tab): Promise<Record<string, boolean>> {
  return tab.run(`Object.fromEntries(['.place', 'h1', '.verdict', '.figures', '.targets'].map((what) => {
    const box = document.querySelector('.facts ' + what).getBoundingClientRect();
    return [what, box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth && box.height > 0];
  }))`);
}

const ALL_THERE = { '.place': true, h1: true, '.verdict': true, '.figures': true, '.targets': true };

test(`${HOSTILE.length} strings in every field that others fill: nothing becomes active, and nothing moves what decides`, async () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
  const installation = await servedInstallation();
  const agent = installation.store.forAgent({ agent: 'claude', operator: 'ann', session: 'ses_1' });
  // What the session had read before is on the page too.
  for (const text of MARKUP)
    await agent.append({
      type: 'call.completed',
      actor: 'agent:claude',
      session: 'ses_1',
      tool: `ec2_describe_${text}`,
      outcome: 'completed',
      detail: { arguments: { [text]: text } },
    });
  const tab = await browser().tab();
  const all = everyStringAtOnce();
  const each = MARKUP.map((text) => ({ ...inEveryField(text), impact: (all.impact ?? []).slice(-12) }));
  for (const parts of [{ ...all, agent: 'claude' }, ...each]) {
    const ticket = await installation.openTicket(parts);
    const text = ticket.draft.reason;
    const { body, status } = await fetch(installation.links.ticket(ticket.id)).then(async (answer) => ({
      status: answer.status,
      body: await answer.text(),
    }));
    expect(status).toBe(200);
    expect(body).toMatch(/^[\x20-\x7e\n]*$/);
    await tab.look({ width: 390, height: 844 });
    await tab.goto(installation.links.ticket(ticket.id));
    expect(await firstScreen(tab), text.slice(0, 60)).toEqual(ALL_THERE);
    expect(await tab.run('window.harm')).toBeUndefined();
    const made = await tab.run<string[]>(
      `[...document.querySelectorAll('main script, main style, main link, main img, main iframe, main form, main button, main meta, main base, main a, [onload], [onerror], [onclick], h1')].map((e) => e.tagName + ' ' + (e.getAttribute('href') ?? ''))`,
    );
    // Nobody is enrolled: no form. What is there is ours.
    expect(made).toEqual(['H1 ', 'A #decide']);
  }
  await tab.goto(installation.links.list());
  expect(await tab.run('window.harm')).toBeUndefined();
  expect(await tab.run(`document.querySelectorAll('main img, main script, main iframe, h1').length`)).toBe(1);
  expect(tab.complaints).toEqual([]);
}, 240_000);

/** So that a ticket can be run in a test that decides nothing. */
const SANDBOX_RUNS = `${PRESENCE}permit (principal, action, resource == Environment::"sandbox");`;

const LONG = HUGE[0] ?? '';

test('nothing becomes active in what is said of an end, a halt or a denial, on whichever page', async () => {
  const installation = await servedInstallation({ policy: SANDBOX_RUNS });
  const file = readKey(installation.keysDir, 'noa', 'key');
  await setHalt(installation.desk, MARKUP.join(' ').slice(0, 2000), await unlockKey(file!, async () => ''));
  const tab = await browser().tab();
  const addresses = [installation.links.list(), installation.links.enroll()];
  for (const text of [MARKUP.join(' '), MARKDOWN.join(' '), HOSTILE.slice(0, 200).join('')])
    for (const { id, plan } of await endedTickets(installation, text))
      if (plan) addresses.push(installation.links.ticket(id), installation.links.decided(id));
  for (const address of addresses) {
    const body = await fetch(address).then((answer) => answer.text());
    expect(body).toMatch(/^[\x20-\x7e\n]*$/);
    await tab.goto(address);
    expect(await tab.run('window.harm')).toBeUndefined();
    const foreign = `main :is(script, style, link, img, iframe, meta, base, math, template, [onload], [onerror], [onclick]), main a[href*="evil"]`;
    expect(await tab.run(`document.querySelectorAll('${foreign.replaceAll("'", "\\'")}').length`)).toBe(0);
    expect(await tab.run(`document.querySelectorAll('h1').length`)).toBe(1);
  }
  expect(tab.complaints).toEqual([]);
}, 120_000);

test('names of 100 kB, 5,000 changes and 300 targets leave what decides where it is, and say what is left out', async () => {
  const installation = await servedInstallation();
  const effects = [
    'delete',
    'replace',
    'unknown',
    'weaken',
    'expose',
    'disrupt',
    'unjudged',
    'modify',
    'create',
  ] as const;
  const { id } = await installation.openTicket({
    impact: Array.from({ length: 5000 }, (_, at) => ({
      resource: at < 3 ? LONG : `resource-${at}`,
      type: at < 3 ? LONG : 'AWS::SQS::Queue',
      effect: effects[at % effects.length] ?? 'delete',
      detail: at < 3 ? LONG : '',
      recoverable: false,
    })),
    targets: Array.from({ length: 300 }, (_, at) => ({
      id: `arn:${at}${LONG}`,
      type: 't',
      name: `${at}${LONG}`,
      tags: {},
    })),
    agent: LONG,
    summary: LONG,
    reason: LONG,
    arguments: { template: LONG },
  });
  const tab = await browser().tab();
  for (const look of [
    { width: 390, height: 844 },
    { width: 1000, height: 780 },
  ]) {
    await tab.look(look);
    await tab.goto(installation.links.ticket(id));
    expect(await firstScreen(tab)).toEqual(ALL_THERE);
  }
  const text = await tab.text();
  expect(await tab.text('.figures')).toMatch(/556\s+deleted|deleted\s+556/);
  expect(text).toContain('and 298 more, listed below');
  expect(text).toMatch(/\d+ more characters; sha256 [0-9a-f]{16}/);
  expect(text).toContain('4,800 more: ');
  expect(text).toContain('545 more');
  const { length } = await fetch(installation.links.ticket(id)).then((answer) => answer.text());
  expect(length).toBeLessThan(500_000);
}, 240_000);
