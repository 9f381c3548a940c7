import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Recheck } from '../../src/executor/recheck.ts';
import { recheckStep } from '../../src/executor/steps.ts';
import { believed } from '../../src/gate/believed.ts';
import { policyText } from '../../src/policy/default.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { policyOf, type RecheckScene, recheckScene, stopped } from '../scenes/executor.ts';

/* What lets a change of several requests run may end between two of them. */

const GLASS = `${policyText('presence')}
  @id("glass") permit (principal, action, resource) when { context.break_glass.key.contains("nina") };`;

let scene: RecheckScene;
let ids: string[];
beforeAll(async () => {
  scene = await recheckScene({ instances: [{ count: 2 }] });
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  ids = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
});
afterAll(async () => await scene[Symbol.asyncDispose]());

async function recheckSecond(ticket: StoredTicket): Promise<Recheck> {
  const stored = believed(await scene.read(ticket));
  return await recheckStep(stored, stored.intent!, [], scene.context);
}

const resize = () => ['ec2_modify_instance_attribute', { instance_id: ids.pop()!, instance_type: 'm5.large' }] as const;

test('D28: an approval by broken glass that is over ends it before the next request, and the story says so', async () => {
  const engine = await policyOf(GLASS);
  const { context } = scene;
  scene.context = { ...context, policy: async () => engine };
  const ticket = await scene.asked(...resize());
  const until = new Date(scene.now + 60_000).toISOString();
  await scene.decided(scene.nina, ticket, 'approve', { break_glass: true, reason: 'on fire', expires_at: until });
  await scene.begun(await scene.read(ticket));
  expect(await scene.gate(await scene.read(ticket), 'next_step')).toMatchObject({
    kind: 'go',
    clearance: { broken_by: ['nina'] },
  });
  scene.now += 60_000;
  const before = (await scene.cloud.requests()).length;
  expect(await recheckSecond(ticket)).toEqual(
    stopped(
      'denied',
      'approval_invalid',
      `nina broke the glass until ${until}, which was over before its next request`,
    ),
  );
  // Nothing is even read in AWS for it.
  expect(await scene.cloud.requests()).toHaveLength(before);
  scene.context = context;
});

test('A1: of an approval that was taken back it says so, whatever else does not count', async () => {
  const ticket = await scene.approved(...resize());
  await scene.decided(scene.nina, ticket, 'approve', { assurance: 'hardware' });
  await scene.begun(ticket);
  await scene.decided(scene.mara, ticket, 'withdraw');
  expect(await recheckSecond(ticket)).toEqual(
    stopped(
      'denied',
      'approval_invalid',
      /^mara took the approval back before its next request; decisions that do not count \(assurance too high\) leave/,
    ),
  );
});
