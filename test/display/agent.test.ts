import { expect, test } from 'vitest';
import { believe } from '../../src/audit/believe.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { toToolResult } from '../../src/server/answers.ts';
import { ticketAnswer } from '../../src/server/views.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { sample } from '../scenes/bounded.ts';
import { openInstallation } from '../scenes/installation.ts';
import { PRINTABLE } from './expectations.ts';
import { endedTickets, everyStringAtOnce, hostileTicket, manyChanges } from './fields.ts';
import { HOSTILE, HUGE } from './strings.ts';

const SOME_HUGE = sample('huge names in answers to agents', HUGE, 2);

interface Answered {
  readonly outcome: string;
  readonly plan: { readonly impact: readonly Impact[]; readonly impact_left_out?: number };
}

const answerTo = (stored: StoredTicket) => {
  const result = toToolResult(ticketAnswer(believe(stored), undefined));
  return { wire: JSON.stringify(result), data: result.structuredContent as unknown as Answered };
};

test('an agent is told in printable ASCII and at most 64 KiB, whatever stands in the plan and in what came of it', async () => {
  const installation = await openInstallation();
  const tickets = [
    await installation.openTicket(everyStringAtOnce()),
    await installation.openTicket(manyChanges(HUGE.slice(0, 1))),
  ];
  for (const text of [...sample('hostile strings in answers to agents', HOSTILE, 40), ...SOME_HUGE])
    tickets.push(await hostileTicket(installation, text));
  for (const text of SOME_HUGE) tickets.push(...(await endedTickets(installation, text, {})));
  for (const ticket of tickets) {
    const { wire, data } = answerTo(ticket);
    expect(wire).toMatch(PRINTABLE);
    expect(wire.length).toBeLessThanOrEqual(64 * 1024);
    if (ticket.plan) expect(data.plan.impact.length).toBeGreaterThan(0);
  }
}, 120_000);

test('properties, however many and long, leave room for the lines, and what is left out is counted', async () => {
  const installation = await openInstallation();
  const properties = Array.from({ length: 20 }, (_, at) => ({
    name: `P${at}`,
    before: '\u202e'.repeat(120),
    after: '"'.repeat(120),
  }));
  const impact: Impact[] = Array.from({ length: 3 }, (_, at) => ({
    resource: `r${at}`,
    type: 'AWS::SQS::Queue',
    effect: 'modify',
    detail: 'changed in place',
    recoverable: true,
    properties,
    properties_left_out: 5,
  }));
  const { data, wire } = answerTo(await installation.openTicket({ impact }));
  expect(wire.length).toBeLessThanOrEqual(64 * 1024);
  expect(data.plan.impact).toHaveLength(3);
  for (const line of data.plan.impact) {
    const shown = line.properties?.length ?? 0;
    expect(shown).toBeGreaterThan(0);
    expect(line.properties_left_out).toBe(25 - shown);
  }
});

test('however much properties say, they leave out no line that would stand there without them', async () => {
  const installation = await openInstallation();
  const bare: Impact[] = Array.from({ length: 30 }, (_, at) => ({
    resource: `r${at}`,
    type: 'AWS::SQS::Queue',
    effect: 'modify',
    detail: 'changed in place',
    recoverable: true,
  }));
  const properties = Array.from({ length: 25 }, (_, at) => ({ name: `P${at}`, before: 'x'.repeat(120), after: 'y' }));
  const { data: without } = answerTo(await installation.openTicket({ impact: bare }));
  const { data, wire } = answerTo(
    await installation.openTicket({ impact: bare.map((line) => ({ ...line, properties })) }),
  );
  expect(without.plan.impact).toHaveLength(30);
  expect(data.plan.impact.map(({ resource }) => resource)).toEqual(bare.map(({ resource }) => resource));
  for (const line of data.plan.impact)
    expect((line.properties?.length ?? 0) + (line.properties_left_out ?? 0)).toBe(25);
  expect(wire.length).toBeLessThanOrEqual(64 * 1024);
});
