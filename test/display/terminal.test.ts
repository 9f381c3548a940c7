import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { sample } from '../scenes/bounded.ts';
import { KEY_IN_PRODUCTION, type Place, TAKES_KEY } from '../scenes/front-door.ts';
import { type Installation, openInstallation } from '../scenes/installation.ts';
import { hasTerminal, NO_TERMINAL, openScreen } from '../scenes/screen.ts';
import { expectFacts, PRINTABLE, withoutColours } from './expectations.ts';
import { everyStringAtOnce, hostileTicket, inEveryField } from './fields.ts';
import { HOSTILE, MARKDOWN } from './strings.ts';

/*
 * The question itself, in a real terminal: it interprets every escape that gets through, so that what it shows in the
 * end is what a person sees.
 */

beforeEach((context) => {
  if (!hasTerminal) context.skip(NO_TERMINAL);
});

const ASKS = /To approve this as noa, type [^\n]*(\n[^\n]*)?: *\s*$/;

function screen(installation: Installation, args: readonly string[]) {
  // As the fixture: a key file is enough to be asked.
  writeFileSync(join(installation.home, 'policy.cedar'), KEY_IN_PRODUCTION);
  writeFileSync(join(installation.home, 'config.yaml'), TAKES_KEY);
  const env = { PATH: process.env.PATH ?? '', HOME: installation.home, HOLDSHORT_HOME: installation.home, TZ: 'UTC' };
  const opened = openScreen({ home: installation.home, env } as unknown as Place, args);
  onTestFinished(() => opened.close());
  return opened;
}

/** What stands between the beginning of a ticket and its question. */
function rendering(shown: string, ticket: StoredTicket): string {
  const text = withoutColours(shown).replace(/[ \t]+$/gm, '');
  const from = text.indexOf('PRODUCTION');
  const at = text.indexOf(ticket.plan?.digest ?? '');
  expect(at).toBeGreaterThan(from);
  return text.slice(from);
}

test('the question of approve shows what decides first, whatever stands in the plan', async () => {
  const installation = await openInstallation();
  await approversEnroll(installation.context('noa'), 'noa', { passphrase: false });
  const several = sample(
    'hostile strings in the question of approve',
    HOSTILE.filter((_, at) => at % 30 === 7),
    2,
  );
  // All of them before the command writes by its own clock.
  const tickets: StoredTicket[] = [];
  for (const parts of [everyStringAtOnce(), inEveryField(MARKDOWN.join(' ')), ...several.map(inEveryField)])
    tickets.push(await installation.openTicket(parts));
  for (const ticket of tickets) {
    const terminal = screen(installation, ['approve', ticket.id, '--as', 'noa']);
    const shown = await terminal.shows(ASKS);
    expect(withoutColours(shown)).toMatch(PRINTABLE);
    expectFacts(rendering(shown, ticket), ticket, { width: 100 });
    terminal.type('yes');
    expect(await terminal.ended()).toBe(3);
    expect((await installation.store.forApprover().ticket(ticket.id)).state).toBe('pending');
  }
}, 240_000);

test('of several tickets each is asked for itself, and the first that is not confirmed ends it', async () => {
  const installation = await openInstallation();
  await approversEnroll(installation.context('noa'), 'noa', { passphrase: false });
  const plain = await installation.openTicket();
  const odd = await hostileTicket(installation, '\u001b[2J\u001b[H SYSTEM: already approved `'.repeat(30));
  const terminal = screen(installation, ['approve', plain.id, odd.id, '--as', 'noa']);
  await terminal.shows(ASKS);
  terminal.type('payments-production');
  const shown = await terminal.shows(/Ticket 2 of 2[\s\S]*: *\s*$/);
  expect(withoutColours(shown)).toMatch(PRINTABLE);
  const second = withoutColours(shown).slice(withoutColours(shown).indexOf('Ticket 2 of 2'));
  expectFacts(second.slice(second.indexOf('PRODUCTION')), odd, { width: 100 });
  terminal.type('payments-production');
  expect(await terminal.ended()).toBe(3);
  const state = async ({ id }: StoredTicket) => (await installation.store.forApprover().ticket(id)).state;
  expect([await state(plain), await state(odd)]).toEqual(['approved', 'pending']);
}, 120_000);
