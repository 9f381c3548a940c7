import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { NOTHING_HELD, setScene } from '../scenes/whole.ts';

const ROLE = 'aws: { execution_role_arn: "arn:aws:iam::123456789012:role/execute" }\n';
const SEED = { instances: Array.from({ length: 40 }, () => ({})) };

test('a call that needs more than a session can say is refused while it is planned, and its half is not', async () => {
  await using scene = await setScene(SEED, { config: NOTHING_HELD + ROLE, serve: [] });
  const { Reservations = [] } = await scene.ec2.send(new DescribeInstancesCommand({}));
  const ids = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId));
  const agent = await scene.place.agent();
  const stopping = async (instance_ids: unknown) =>
    await agent.call('ec2_stop_instances', { instance_ids, reason: 'the room of one session is tried out' });
  const refused = await stopping(ids);
  expect(refused).toMatchObject({
    refusal: { code: 'invalid_input', recovery: 'ask for fewer resources in one call' },
  });
  expect(await scene.cloud.requests('StopInstances')).toEqual([]);
  expect(await stopping(ids.slice(0, 20))).toMatchObject({ outcome: 'completed' });
  await agent.close();
});
