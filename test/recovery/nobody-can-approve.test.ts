import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { NOTHING_HELD, setScene } from '../scenes/whole.ts';

test('a restore that nobody who is enrolled could approve says so at once, and what it takes', async () => {
  const template = { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
  await using scene = await setScene({ stacks: [{ name: 'gone', template }] }, { config: NOTHING_HELD, latencyMs: 0 });
  const { place } = scene;
  await scene.executing();
  const deleted = await scene.agent.call('cloudformation_delete_stack', { stack_name: 'gone', reason: REASON });
  expect(deleted.outcome).toBe('completed');
  const { stdout: shown } = await place.cli(['tickets', 'show', deleted.ticket.id]);
  expect(shown.replaceAll(/\s+/g, ' ')).toMatch(/a person: node \S*cli\.js restore tkt_/);
  // What no rule matches is production, and there nobody is enrolled.
  writeFileSync(join(place.home, 'config.yaml'), '');
  const args = ['restore', deleted.ticket.id, '--reason', REASON];
  const told = await place.cli(args);
  expect(told.stdout).toContain('Held, nothing has run');
  expect(told.stdout).toMatch(/As things are, nobody can approve it: .+\. .+approvers enroll/);
  expect(told.stdout).toMatch(/^To let it run: node \S*cli\.js approve tkt_/m);
  const { ticket } = JSON.parse((await place.cli([...args, '--json'])).stdout);
  expect(ticket.cannot_be_approved).toMatchObject({ recovery: expect.stringContaining('enroll') });
}, 120_000);
