import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

const STACK = 'AWS::CloudFormation::Stack';
const url = (name: string) => `https://t.example/${name}.json`;
const nested = (name: string, Parameters: object = {}) => ({
  Type: STACK,
  Properties: { TemplateURL: url(name), Parameters },
});
const QUEUE = { Type: 'AWS::SQS::Queue' };
/** Ten stacks, each in the one before. */
const DEEP = Object.fromEntries(
  Array.from({ length: 10 }, (_, at) => [
    url(`deep${at}`),
    {
      Parameters: { Delay: { Type: 'String', Default: '0' } },
      Resources:
        at === 9
          ? { Queue: { ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: { Ref: 'Delay' } } } }
          : { In: nested(`deep${at + 1}`, { Delay: { Ref: 'Delay' } }) },
    },
  ]),
);

let cloud: Cloud;
let aws: Aws;

beforeAll(async () => {
  cloud = await startCloud(
    {
      templates: {
        ...DEEP,
        [url('data')]: {
          Parameters: { Delay: { Type: 'String', Default: '0' } },
          Resources: {
            Queue: { ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: { Ref: 'Delay' } } },
            Kept: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' },
          },
        },
      },
      stacks: [
        { name: 'app', template: { Resources: { Data: nested('data'), Queue: QUEUE } } },
        { name: 'moving', template: { Resources: { Data: nested('data') } } },
        { name: 'deep', template: { Resources: { In: nested('deep0') } } },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

const deploy = (stack_name: string, Resources: object) =>
  propose(aws, 'cloudformation_deploy_stack', { stack_name, template_body: JSON.stringify({ Resources }) });
const stackCount = async () => (await read(aws, 'cloudformation_list_stacks')).stacks.length;

describe('a deployment of nested stacks', () => {
  test('lists what changes at the leaves by its path, twice the same', async () => {
    const proposal = await deploy('app', { Data: nested('data', { Delay: '5' }), Queue: QUEUE });
    expect(effects(proposal)).toEqual([`modify ${STACK}`, 'modify AWS::SQS::Queue']);
    expect(proposal.impact[1]?.detail).toMatch(/^Data\/Queue: changed in place/);
    const { summary, targets, impact, lifecycle, guard } = proposal;
    expect(await proposal.again()).toEqual({ summary, targets, impact, lifecycle, guard });
    const same = await deploy('app', { Data: nested('data', { Delay: '5' }), Queue: QUEUE });
    expect(same.guard).toEqual(guard);
    await same.discard();
    await proposal.discard();
  });

  test('leaves nothing behind where it is given up', async () => {
    const before = await stackCount();
    const given = { Data: nested('data'), Queue: QUEUE, More: nested('data') };
    const proposal = await deploy('app', given);
    expect(effects(proposal)).toEqual([`create ${STACK}`, 'create AWS::S3::Bucket', 'create AWS::SQS::Queue']);
    const same = await deploy('app', given);
    expect(same.guard).toEqual(proposal.guard);
    await proposal.discard();
    await same.discard();
    await same.discard();
    expect(await stackCount()).toBe(before);
  });

  test('executes all of them at once', async () => {
    const proposal = await deploy('moving', { Data: nested('data', { Delay: '7' }), New: nested('data') });
    await proposal.execute();
    expect(await proposal.outcome()).toMatchObject({ state: 'succeeded' });
    expect(await cloud.requests('ExecuteChangeSet')).toHaveLength(1);
    const { resources } = await read(aws, 'cloudformation_list_stack_resources', { stack_name: 'moving' });
    expect(resources).toHaveLength(2);
    // What is in a stack that goes is told one by one, as far as it goes.
    const less = await deploy('moving', { Data: nested('data', { Delay: '7' }), Queue: QUEUE });
    expect(effects(less)).toEqual([
      `delete ${STACK}`,
      'delete AWS::SQS::Queue',
      'weaken AWS::S3::Bucket',
      'create AWS::SQS::Queue',
    ]);
    await less.discard();
  });

  test('is stale once a nested stack has changed by itself', async () => {
    const proposal = await deploy('app', { Data: nested('data', { Delay: '9' }), Queue: QUEUE });
    const { resources } = await read(aws, 'cloudformation_list_stack_resources', { stack_name: 'app' });
    const inner = resources.find((one: { type: string }) => one.type === STACK).physical_id;
    const direct = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name: inner,
      use_previous_template: true,
      parameters: { Delay: '3' },
    });
    await direct.execute();
    await direct.outcome();
    expect((await proposal.again()).guard).not.toEqual(proposal.guard);
    await proposal.discard();
  });

  test('too deep to follow is unknown', async () => {
    const proposal = await deploy('deep', { In: nested('deep0', { Delay: '5' }) });
    expect(effects(proposal)[0]).toBe(`unknown ${STACK}`);
    expect(proposal.impact[0]?.detail).toContain('In/In/In/In/In/In/In/In/In: ');
    await proposal.discard();
  });
});
