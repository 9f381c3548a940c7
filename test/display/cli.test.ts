import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { deny } from '../../approvals/cli/decide.ts';
import { halt } from '../../approvals/cli/halt.ts';
import { ticketsList, ticketsShow } from '../../approvals/cli/tickets.ts';
import { auditList, auditShow } from '../../src/commands/audit-views.ts';
import { asciiJson } from '../../src/kernel/plan.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { bounded, sample } from '../scenes/bounded.ts';
import { CLI } from '../scenes/front-door.ts';
import { type Installation, openInstallation } from '../scenes/installation.ts';
import { CUT, expectFacts, PRINTABLE } from './expectations.ts';
import { endedTickets, everyStringAtOnce, hostileTicket, inEveryField, manyChanges } from './fields.ts';
import { HOSTILE, HUGE } from './strings.ts';

const shortly = (text: string) => JSON.stringify(text.slice(0, 60));

/**
 * Printable, and no line so long that a terminal would wrap it: what is in its second half would begin where our own
 * lines do.
 */
function expectLines(text: string, note: string, width = 80): void {
  expect(text, note).toMatch(PRINTABLE);
  for (const line of text.split('\n')) expect(line.length, `${note}: ${line}`).toBeLessThanOrEqual(width);
}

/** The built command on a folder that the test made. */
function command(installation: Installation, args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? '', HOME: installation.home, HOLDSHORT_HOME: installation.home, TZ: 'UTC' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { env, encoding: 'latin1' });
  return { status, stdout, stderr };
}

const SHOWN = sample('hostile strings in tickets show', HOSTILE, 60);

test(`each of ${SHOWN.length} strings in every field leaves what decides on the first screen, and no byte of it gets through`, async () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
  const installation = await openInstallation();
  const context = installation.context('noa');
  for (const text of SHOWN) {
    const ticket = await hostileTicket(installation, text);
    const shown = await ticketsShow(context, ticket.id);
    expectFacts(shown.text, ticket, { note: shortly(text) });
    expectLines(shown.text, shortly(text));
    expect(asciiJson(shown.data)).toMatch(PRINTABLE);
  }
  const list = await ticketsList(context, {});
  expectLines(list.text, 'the list');
  expect(asciiJson(list.data)).toMatch(PRINTABLE);
  const audit = installation.store.forAudit();
  expectLines((await auditList(audit, { limit: 1000, width: 80 })).text, 'the log');
}, 240_000);

test('however a ticket ended, what AWS or the agent said of it stays within its lines', async () => {
  const installation = await openInstallation();
  const context = installation.context('noa');
  const states = new Set<string>();
  const each = [
    ...sample(
      'hostile strings in what ended',
      HOSTILE.filter((_, at) => at % 10 === 0),
      8,
    ).map((text) => ({ text, parts: inEveryField(text) })),
    ...sample('huge names in what ended', HUGE, 2).map((text) => ({ text, parts: {} })),
  ];
  for (const { text, parts } of each) {
    for (const ticket of await endedTickets(installation, text, parts)) {
      states.add(ticket.state);
      const { text: shown } = await ticketsShow(context, ticket.id);
      expectLines(shown, `${ticket.state} ${shortly(text)}`);
      if (ticket.plan) expectFacts(shown, ticket, { note: shortly(text) });
      expect(shown.length).toBeLessThan(21_000);
      // An outcome's first line is ours, wherever its text ends.
      const outcomes = shown.split('\n').filter((line) => /^(Done|It (failed|did not run|can not be told))/.test(line));
      expect(outcomes.length).toBeLessThanOrEqual(1);
    }
  }
  expect([...states].sort()).toEqual([
    'denied',
    'failed',
    'planning',
    'refused',
    'stale',
    'succeeded',
    'unknown',
    'withdrawn',
  ]);
}, 240_000);

test('names of 100 kB, 5,000 changes and all strings at once say what is left out, and leave what decides where it is', async () => {
  const installation = await openInstallation();
  const context = installation.context('noa');
  for (const text of sample('huge names in tickets show', HUGE, 2)) {
    const ticket = await hostileTicket(installation, text);
    const { text: shown } = await ticketsShow(context, ticket.id);
    expectLines(shown, shortly(text));
    expectFacts(shown, ticket, { note: shortly(text) });
    expect(shown).toMatch(CUT);
    expect(shown.length).toBeLessThan(60_000);
  }
  const many = await installation.openTicket({ ...inEveryField(HUGE[0] ?? ''), ...manyChanges(HUGE.slice(0, 1)) });
  const { text: counted } = await ticketsShow(context, many.id);
  expectLines(counted, 'many');
  expectFacts(counted, many);
  expect(counted).toContain('4,980 more: ');
  expect(counted).toContain('200 more: see them with --json');
  const all = await installation.openTicket(everyStringAtOnce());
  const { text: shown } = await ticketsShow(context, all.id);
  expectLines(shown, 'all');
  expectFacts(shown, all);
  expect(shown).toMatch(/more arguments: see them with --json/);
  expectLines((await ticketsList(context, {})).text, 'the list');
}, 240_000);

test('what people write in a denial or a halt is shown as others wrote it', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  const context = installation.context('noa');
  const reasons = HOSTILE.filter((text, at) => at % 5 === 1 && text.trim() !== '');
  for (const reason of sample('hostile reasons of denials', reasons, 20)) {
    const ticket = await installation.openTicket();
    const yes = { yes: true, digest: ticket.plan!.digest };
    expectLines((await deny(context, ticket.id, { ...yes, reason })).text, shortly(reason));
    expectLines((await ticketsShow(context, ticket.id)).text, shortly(reason));
  }
  expect((await halt(context, { reason: HOSTILE.join(' ').slice(0, 1900) })).text).toMatch(PRINTABLE);
  const waiting = await installation.openTicket();
  const { text } = await ticketsShow(context, waiting.id);
  expectLines(text, 'halted');
  expectFacts(text, waiting);
}, 120_000);

/** What a call named that no tool is, and what it was asked with. */
async function logged(installation: Installation, text: string): Promise<void> {
  await installation.store.forAgent({ agent: 'claude', operator: 'ann', session: 'ses_1' }).append({
    type: 'call.refused',
    actor: `agent:${text}`,
    session: text,
    tool: text,
    outcome: text,
    detail: { arguments: { [text]: text } },
  });
}

test('an entry of the log can not go on as another one, nor say of itself whether it was altered', async () => {
  const installation = await openInstallation();
  const row =
    '  12 2026-11-24 10:00:00 decision.recorded  00000000 approver:noa    cloudformation_delete_stack approved';
  const texts = [...HOSTILE, `x${' '.repeat(9)}${row}`, `${row}${row}`, ...HUGE];
  for (const text of texts) await logged(installation, text);
  const audit = installation.store.forAudit();
  const { text, data } = await auditList(audit, { limit: 1000, width: 80 });
  expectLines(text, 'the log');
  expect(text.split('\n').filter((line) => /^ {0,4}\d+ \d{4}-/.test(line))).toHaveLength(texts.length);
  expect(asciiJson(data)).toMatch(PRINTABLE);
  for (let seq = 1; seq <= texts.length; seq++) {
    const { text: shown } = await auditShow(audit, seq, 80);
    expectLines(shown, `entry ${seq}`);
    expect(shown.split('\n').slice(0, 2).join(' ')).toMatch(/^leaf hash [0-9a-f]{64} the same as stored$/);
  }
}, 120_000);

test('the built command writes printable ASCII, as text and as JSON', async () => {
  const installation = await openInstallation();
  const all = await installation.openTicket(everyStringAtOnce());
  const tickets: StoredTicket[] = [all];
  for (const text of HOSTILE.slice(0, bounded('hostile tickets in a list', 40, 10)))
    tickets.push(await hostileTicket(installation, text));
  for (const text of HOSTILE) await logged(installation, text);
  const { id } = all;
  for (const args of [
    ['tickets', 'list'],
    ['tickets', 'show', id],
    ['audit', 'list'],
    ['audit', 'show', '60'],
  ])
    for (const more of [[], ['--json']]) {
      const { status, stdout, stderr } = command(installation, [...args, ...more]);
      expect(status, stderr).toBe(0);
      expect(stdout).toMatch(PRINTABLE);
      if (more.length > 0) expect(() => JSON.parse(stdout)).not.toThrow();
    }
  expectFacts(command(installation, ['tickets', 'show', id]).stdout, all);
}, 120_000);

test('an error that names what was typed names it as it is, in printable ASCII', async () => {
  const installation = await openInstallation();
  // What the operating system lets through as an argument.
  const typed = HOSTILE.filter((text) => !text.includes('\0') && text !== '' && text.isWellFormed());
  const few = typed.filter((_, at) => at % 80 === 0);
  const some = sample('hostile arguments of commands', few, 1).concat([
    '\u001b[2J',
    '--\u001b[2J',
    'x'.repeat(100_000),
  ]);
  for (const text of some)
    for (const args of [
      ['tickets', 'show', text],
      ['tickets', 'list', '--state', text],
      [text],
      ['audit', 'list', '--type', text],
      ['tickets', 'show', text, '--json'],
      ['approve', text, '--as', text],
    ]) {
      const { status, stdout, stderr } = command(installation, args);
      expect(status, args.join(' ').slice(0, 80)).not.toBe(0);
      expect(stderr + stdout, shortly(text)).toMatch(PRINTABLE);
      expect(stderr.length).toBeLessThan(20_000);
    }
}, 240_000);
