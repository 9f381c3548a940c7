import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { slackBody, standardBody } from '../../src/notify/bodies.ts';
import { showOnDesktop } from '../../src/notify/desktop.ts';
import { messageOf } from '../../src/notify/message.ts';
import { startNotifier } from '../../src/notify/notifier.ts';
import type { Recipient } from '../../src/notify/recipient.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { sample } from '../scenes/bounded.ts';
import { until } from '../scenes/front-door.ts';
import { openInstallation } from '../scenes/installation.ts';
import { startEndpoint } from '../scenes/webhook.ts';
import { PRINTABLE } from './expectations.ts';
import { endedTickets, hostileTicket, inEveryField, manyChanges } from './fields.ts';
import { HOSTILE, HUGE } from './strings.ts';

const FACTS = ['PRODUCTION', 'cloudformation:DeleteStack', 'Effects: ', 'Target: ', 'Where: account '];

const told = (ticket: StoredTicket) => {
  const seq = ticket.trail.at(-1)?.seq ?? 0;
  const notice = { id: 'n', recipient: 'r', ticket: ticket.id, seq, tries: 1, created_at: ticket.draft.created_at };
  return messageOf(notice, ticket, { reviewUrl: 'https://holdshort.example/tickets/x' });
};

/**
 * Slack makes links, mentions and emphasis of text, but of nothing in a code block; only & < > mean something there.
 */
function expectSlack(body: string, note: string): void {
  expect(body, note).toMatch(PRINTABLE);
  const { text } = JSON.parse(body) as { text: string };
  const [open, ...lines] = text.split('\n');
  expect([open, lines.pop()], note).toEqual(['```', '```']);
  for (const line of lines) {
    expect(line, note).toMatch(/^[\x20-\x7e]+$/);
    expect(line.replace(/&(amp|lt|gt);/g, ''), note).not.toMatch(/[<>&`]/);
    expect(line.length, note).toBeLessThan(2000);
  }
  expect(lines.length, note).toBeLessThanOrEqual(11);
  // Each line begins with a word of ours, and each word comes once.
  const labels = lines.slice(1).map((line) => /^[A-Z][a-z ]+: /.exec(line)?.[0]);
  expect(labels, note).not.toContain(undefined);
  expect(new Set(labels).size, note).toBe(labels.length);
}

const IN_MESSAGES = sample('hostile strings in messages', HOSTILE, 60);

test(`each of ${IN_MESSAGES.length} strings, and 100 kB of them, in a message: one line stays one line, and nothing in it is active`, async () => {
  const installation = await openInstallation();
  const tickets = [];
  for (const text of [...IN_MESSAGES, ...sample('huge names in messages', HUGE, 2)])
    tickets.push(await hostileTicket(installation, text));
  tickets.push(await installation.openTicket(manyChanges(HUGE.slice(0, 1))));
  for (const text of sample(
    'hostile strings in messages of ends',
    HOSTILE.filter((_, at) => at % 10 === 3),
    8,
  ))
    tickets.push(...(await endedTickets(installation, text)));
  for (const ticket of tickets) {
    const message = told(ticket);
    const note = JSON.stringify(ticket.draft.reason.slice(0, 60));
    const slack = slackBody(message);
    expectSlack(slack, note);
    if (ticket.state === 'pending') for (const fact of FACTS) expect(slack, note).toContain(fact);
    const standard = standardBody(message);
    expect(standard, note).toMatch(PRINTABLE);
    expect(standard.length, note).toBeLessThan(10_000);
    for (const line of [message.title, ...message.facts]) expect(line, note).toMatch(/^[\x20-\x7e]+$/);
  }
}, 120_000);

test('what arrives at an endpoint is that', async () => {
  const slack = await startEndpoint();
  const hook = await startEndpoint();
  const installation = await openInstallation({ recipients: ['slack', 'hook'] });
  const secretFile = join(installation.home, 'secret');
  writeFileSync(secretFile, `whsec_${Buffer.alloc(32, 1).toString('base64')}`, { mode: 0o600 });
  const on = ['pending'] as const;
  const recipients: readonly Recipient[] = [
    { id: 'slack', on, kind: 'webhook', url: slack.url, format: 'slack' },
    { id: 'hook', on, kind: 'webhook', url: hook.url, format: 'standard', secretFile },
  ];
  const some = HOSTILE.filter((_, at) => at % 10 === 0);
  for (const text of some) await hostileTicket(installation, text);
  const log = { warn: () => undefined, error: () => undefined };
  const notifier = startNotifier({ store: installation.store.forNotifier(), recipients, log: log as never });
  try {
    await until(
      () => Math.min(slack.received.length, hook.received.length),
      (least) => least >= some.length,
    );
  } finally {
    await notifier.stop();
  }
  for (const { body } of slack.received) expectSlack(body, body);
  for (const { body } of hook.received) expect(body).toMatch(PRINTABLE);
}, 60_000);

test.skipIf(process.platform === 'win32')(
  'a desktop is given no option, no markup and no second notification',
  async () => {
    const installation = await openInstallation();
    const given = join(installation.home, 'given');
    writeFileSync(
      join(installation.home, 'notify-send'),
      `#!/bin/sh\nfor one in "$@"; do printf '%s\\0' "$one"; done > '${given}'\n`,
    );
    chmodSync(join(installation.home, 'notify-send'), 0o755);
    vi.stubEnv('PATH', `${installation.home}${delimiter}${process.env.PATH}`);
    try {
      for (const text of sample(
        'hostile strings on a desktop',
        HOSTILE.filter((_, at) => at % 6 === 0),
        12,
      )) {
        expect(await showOnDesktop(told(await installation.openTicket(inEveryField(text))), 'linux')).toBe(true);
        const [name, end, title, body = '', ...more] = readFileSync(given, 'latin1').split('\0').slice(0, -1);
        expect([name, end, more]).toEqual(['--app-name=Holdshort', '--', []]);
        expect(title).toMatch(/^PRODUCTION cloudformation:DeleteStack waits for a decision$/);
        expect(body).toMatch(PRINTABLE);
        expect(body.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
        expect(body.split('\n').map((line) => line.split(':')[0])).toEqual(['Effects', 'Target']);
      }
    } finally {
      vi.unstubAllEnvs();
    }
  },
  60_000,
);

test('why a ticket waits is told with the step that it is in, bounded and on one line', async () => {
  const installation = await openInstallation();
  const ticket = await installation.openTicket();
  const message = `no answer\nfrom ${'x'.repeat(1000)}`;
  const refusal = { code: 'aws_unreachable', message, recovery: 'wait' } as const;
  const { facts, data } = told({ ...ticket, waiting: { since: '2026-01-02T03:04:05.678Z', refusal } });
  expect(facts.find((line) => line.startsWith('It waits: '))).toMatch(
    /^It waits: AWS can't be reached: no answer[^\n]{1,400}$/,
  );
  expect(data.waiting).toMatchObject({ code: 'aws_unreachable', since: '2026-01-02T03:04:05.678Z' });
  expect(told(ticket).facts.join()).not.toContain('It waits');
});
