import { expect, test } from 'vitest';
import { REASON, until } from '../scenes/front-door.ts';
import { instanceIds, setScene } from '../scenes/whole.ts';

const BOTH = 'environments: [{ name: sandbox, match: { regions: [eu-west-1, us-east-1] } }]\n';

test('an executor of one region takes its tickets and leaves the others, which say so, to one that takes them', async () => {
  await using scene = await setScene({ instances: [{}] }, { config: BOTH, serve: ['--no-executor'], speed: 5 });
  const { agent, place } = scene;
  const [id = ''] = await instanceIds(scene);
  const ask = (tool: string, args: object) => void agent.call(tool, { ...args, reason: REASON }).catch(() => undefined);
  const ticketIn = (region: string) =>
    scene.rows("SELECT id FROM ticket WHERE state <> 'planning' AND draft ->> '$.region' = ?", region)[0]?.id;
  ask('ec2_create_tags', { resources: [id], tags: { team: 'orders' } });
  const here = await until(
    () => ticketIn('eu-west-1') ?? '',
    (found) => found !== '',
  );
  const template_body = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
  ask('cloudformation_deploy_stack', { stack_name: 'there', template_body, region: 'us-east-1' });
  const there = await until(
    () => ticketIn('us-east-1') ?? '',
    (found) => found !== '',
  );

  expect(await place.cli(['executor', '--region', 'everywhere'])).toMatchObject({ code: 2 });
  place.start(['executor', '--region', 'ap-south-1', '--region', 'us-east-1']);
  expect(await scene.settled(there)).toBe('succeeded');
  expect(scene.rows('SELECT state, claim_epoch FROM ticket WHERE id = ?', here)).toEqual([
    { state: 'approved', claim_epoch: 0 },
  ]);
  const left = await until(
    async () => (await agent.call('ticket_get', { ticket_id: here })).ticket,
    ({ waiting }) => waiting !== undefined,
  );
  expect(left.waiting.text).toMatch(/^no executor has taken it, and none is at work in its account and region/);

  place.start(['executor']);
  expect(await scene.settled(here)).toBe('succeeded');
}, 120_000);
