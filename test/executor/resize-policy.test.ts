import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/policy/default.ts';
import { type Place, REASON } from '../scenes/front-door.ts';
import { startGateway } from '../scenes/gateway.ts';
import { instanceIds, setScene } from '../scenes/whole.ts';

/* One rule for one thing: what may not be stopped may not be resized either, through whatever tool. */

const TOOL = 'ec2_modify_instance_attribute';
const SANDBOX = 'environments: [{ name: sandbox, match: { regions: [eu-west-1] } }]\n';
const forbidding = (action: string) =>
  `${DEFAULT_POLICY}\n@id("never")\nforbid (principal, action == Action::"${action}", resource);\n`;

/** Edits hold at once. */
function write({ home }: Place, policy: string): void {
  writeFileSync(join(home, 'policy.cedar'), policy);
  writeFileSync(join(home, 'config.yaml'), `${SANDBOX}policy: ./policy.cedar\n`);
}

test.each(['ec2:StopInstances', 'ec2:ModifyInstanceAttribute', 'ec2:StartInstances'])(
  'D28: a policy that forbids %s forbids resizing what runs, and says which rule',
  async (action) => {
    await using scene = await setScene({ instances: [{}] }, { config: SANDBOX });
    const [instance_id = ''] = await instanceIds(scene);
    const ask = () => scene.agent.call(TOOL, { instance_id, instance_type: 'm5.large', reason: REASON });
    write(scene.place, forbidding(action));
    const answer = await ask();
    expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'refused', refusal: { code: 'policy_forbids' } });
    expect(answer.refusal.message).toContain('rule "never"');
    expect(answer.refusal.message).toContain(action);
  },
);

test('D28: an allow-list without ec2_stop_instances has no resizing of what runs, and has the change of what is stopped', async () => {
  await using scene = await setScene(
    { instances: [{ tags: { Name: 'on' } }, { tags: { Name: 'off' }, state: 'stopped' }] },
    { config: `${SANDBOX}agents: [{ name: "*", tools: [${TOOL}] }]\n`, latencyMs: 0 },
  );
  await scene.executing();
  const { instances } = await scene.agent.call('ec2_describe_instances');
  const resize = (name: string) => {
    const { instance_id } = instances.find((one: { tags: { Name: string } }) => one.tags.Name === name);
    return scene.agent.call(TOOL, { instance_id, instance_type: 'm5.large', reason: REASON });
  };
  const refused = await resize('on');
  expect(refused).toMatchObject({ outcome: 'refused', refusal: { code: 'policy_forbids' } });
  expect(refused.refusal.message).toContain('ec2_stop_instances');
  expect(await resize('off')).toMatchObject({ outcome: 'completed' });
});

test('D28: a policy that comes to forbid starting between two steps is the end', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: SANDBOX, latencyMs: 100 });
  write(scene.place, DEFAULT_POLICY);
  const [instance_id = ''] = await instanceIds(scene);
  await using gateway = await startGateway(scene.cloud.endpoint, {
    StopInstances: async (forward) => {
      write(scene.place, forbidding('ec2:StartInstances'));
      return await forward();
    },
  });
  await scene.executing({ AWS_ENDPOINT_URL: gateway.endpoint });
  const answer = await scene.agent.call(TOOL, { instance_id, instance_type: 'm5.large', reason: REASON });
  expect(answer, JSON.stringify(answer)).toMatchObject({ outcome: 'failed', refusal: { code: 'policy_forbids' } });
  expect(answer.result.detail).toContain('is left stopped, still a t3.micro');
  expect(await scene.cloud.requests('ModifyInstanceAttribute')).toEqual([]);
});
