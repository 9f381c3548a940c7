import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnrolled } from '../../approvals/desk.ts';
import type { Registry } from '../../src/kernel/approvers.ts';
import type { Recorded } from '../../src/kernel/statement.ts';
import { slackBody, standardBody } from '../../src/notify/bodies.ts';
import { statementMessageOf } from '../../src/notify/statement-message.ts';
import { makePlace, type Place, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { asksFor, forged, lockedOut } from '../scenes/locked-out.ts';
import { type Endpoint, startEndpoint } from '../scenes/webhook.ts';

async function ran(place: Place, ...args: string[]) {
  const done = await place.cli(args);
  expect(done.code, `${args.join(' ')}: ${done.stderr}`).toBe(0);
  return JSON.parse(done.stdout);
}

const arrived = (endpoint: Endpoint, count: number) =>
  until(
    () => endpoint.received.length,
    (length) => length >= count,
    60_000,
  );

test('32: people are told who may decide, and what was stopped or accepted', { timeout: 240_000 }, async () => {
  const [all, tickets] = [await startEndpoint(), await startEndpoint()];
  const config = `notify: [{ url: '${all.url}', secret_file: secret }, { url: '${tickets.url}', format: slack, on: [pending] }]\n`;
  await using place = makePlace({ config });
  writeFileSync(join(place.home, 'secret'), `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  place.start(['executor']);
  await enroll(place, 'noa');
  await enroll(place, 'ida', 'noa');
  const { approvers } = await ran(place, 'approvers', 'list', '--json');
  const [idas, chat] = approvers.filter(({ name }: { name: string }) => name === 'ida');
  await ran(place, 'approvers', 'groups', 'ida', '--group', 'search', '--as', 'noa', '--json');
  await ran(place, 'halt', '--reason', 'a drill', '--as', 'ida', '--json');
  await ran(place, 'approvers', 'revoke', idas.key, '--reason', 'her laptop is gone', '--as', 'noa', '--json');
  await ran(place, 'resume', '--as', 'noa', '--json');
  await arrived(all, 8);
  const told = () => all.received.map(({ body }) => JSON.parse(body));
  const enrolled = 'approver.enrolled';
  expect(told().map(({ type }) => type)).toEqual([
    ...[enrolled, enrolled, enrolled, enrolled],
    ...['approver.groups_set', 'halt.set', 'approver.revoked', 'halt.lifted'],
  ]);
  expect(told()[2].data).toMatchObject({ name: 'ida', key: idas.key, by: 'approver:noa', role: 'approver' });
  expect(told()[6].data).toMatchObject({ name: 'ida', key: idas.key, with_it: [chat.key] });
  // Who wants to hear of tickets alone is told of what an installation would be taken over by.
  expect(tickets.received).toEqual([]);
  rmSync(join(place.home, 'keys', 'head.db'));
  const { now } = JSON.parse((await place.cli(['audit', 'accept', '--json'])).stdout);
  const head = `${now.size}:${now.root}`;
  await ran(place, 'audit', 'accept', '--head', head, '--reason', 'a new disk', '--as', 'noa', '--json');
  await arrived(tickets, 1);
  const { text } = JSON.parse(tickets.received[0]!.body);
  expect(text).toContain('LOG ACCEPTED although it does not continue what was seen of it');
  expect(text).toContain('Reason: "a new disk"');
});

test('32: a recovery is told to everybody, one that no file names as that; what does not verify is told as nothing else', async () => {
  const { installation, lost, fresh, recover } = await lockedOut();
  await recover();
  await forged(installation, await asksFor(installation, 'noa'), []);
  const { statements, registry } = await readEnrolled(installation.context('noa'));
  const [recovery, thiefs] = statements.filter(({ statement }) => JSON.parse(statement).kind === 'recover');
  const told = (signed: Recorded | undefined, known: Registry | undefined) => {
    const seq = signed?.seq ?? 99;
    const notice = {
      id: 'n',
      recipient: 'r',
      ticket: undefined,
      seq,
      tries: 1,
      created_at: '2026-11-28T12:00:00.000Z',
    };
    const message = statementMessageOf(notice, signed, known, 'node dist/cli.js');
    return { ...message, all: slackBody(message) + standardBody(message) };
  };
  const good = told(recovery, registry);
  expect(good).toMatchObject({
    type: 'approver.recovered',
    data: { name: 'noa', key: fresh.id, max_assurance: 'presence', pinned: true },
  });
  expect(good.title).toContain('RECOVERY');
  expect(good.facts).toContainEqual(`Revoked with it: noa's ${lost.id}`);
  expect(good.facts).toContainEqual(expect.stringContaining(`node dist/cli.js approvers revoke ${fresh.id}`));
  const bad = told(thiefs, registry);
  // Its passkey claims presence; for how much it counts, the registry says.
  expect(bad.data).toMatchObject({ pinned: false, max_assurance: 'key' });
  expect(bad.facts).toContainEqual(expect.stringMatching(/^Key: .*, good for key$/));
  expect(bad.all).toContain('NO MORE THAN WHAT SIGNED IT');
  for (const [signed, known] of [
    [{ ...recovery!, signature: thiefs!.signature }, registry],
    [{ ...recovery!, statement: '{}' }, registry],
    [undefined, registry],
    [recovery, undefined],
  ] as const) {
    const problem = told(signed, known);
    expect(problem).toMatchObject({ type: 'log.problem', title: expect.stringContaining('does not verify') });
    expect(problem.all).not.toContain(fresh.id);
  }
});
