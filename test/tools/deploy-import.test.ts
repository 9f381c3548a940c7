import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { effects, propose, read, testAws } from '../scenes/tools.ts';

const bucket = (BucketName: string, DeletionPolicy = 'Retain') => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy,
  Properties: { BucketName },
});
const QUEUE = { Type: 'AWS::SQS::Queue' };
const wanted = (name: string) => ({
  resource_type: 'AWS::S3::Bucket',
  logical_resource_id: 'Kept',
  resource_identifier: { BucketName: name },
});

let cloud: Cloud;
let aws: Aws;

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [
        { name: 'old', template: { Resources: { One: bucket('one'), Two: bucket('two'), Queue: QUEUE } } },
        { name: 'app', template: { Resources: { Queue: QUEUE } }, tags: { env: 'dev' } },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  // What the stack gives up stays, and is nobody's.
  const body = JSON.stringify({ Resources: { Queue: QUEUE } });
  const given = await propose(aws, 'cloudformation_deploy_stack', { stack_name: 'old', template_body: body });
  await given.execute();
  await given.outcome();
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

const importing = (stack_name: string, Resources: object, name: string, more: object = {}) =>
  propose(aws, 'cloudformation_deploy_stack', {
    stack_name,
    template_body: JSON.stringify({ Resources }),
    resources_to_import: [wanted(name)],
    ...more,
  });

describe('an import', () => {
  test('takes a resource as it is, which is classified by itself', async () => {
    const proposal = await importing('app', { Queue: QUEUE, Kept: bucket('one') }, 'one');
    expect(effects(proposal)).toEqual(['modify AWS::S3::Bucket']);
    expect(proposal.impact[0]).toMatchObject({ resource: 'one', recoverable: true });
    expect(proposal.summary).toMatch(/^import into stack app/);
    expect(proposal.targets).toMatchObject([{ name: 'app' }, { id: 'one', type: 'AWS::S3::Bucket', tags: {} }]);
    expect(proposal.targets[1]).not.toHaveProperty('stack_name');
    expect((await proposal.again()).guard).toEqual(proposal.guard);
    await proposal.execute();
    expect(await proposal.outcome()).toMatchObject({ state: 'succeeded', detail: 'the stack is IMPORT_COMPLETE' });
  });

  test('of what would go with the stack weakens it, and may make the stack', async () => {
    const proposal = await importing('dev-new', { Kept: bucket('two', 'Delete') }, 'two');
    expect(effects(proposal)).toEqual(['weaken AWS::S3::Bucket']);
    await proposal.discard();
    await expect(read(aws, 'cloudformation_describe_stack', { stack_name: 'dev-new' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('of what is not there, or along with other changes, is not planned', async () => {
    const missing = importing('app', { Queue: QUEUE, Kept: bucket('three') }, 'three');
    await expect(missing).rejects.toMatchObject({ code: 'planning_failed' });
    const more = importing('dev-more', { Queue: QUEUE, Kept: bucket('two') }, 'two');
    await expect(more).rejects.toMatchObject({ code: 'planning_failed' });
  });

  test.each<[string, object, object, string]>([
    ['without a policy', { Kept: { ...bucket('two'), DeletionPolicy: undefined } }, {}, 'DeletionPolicy: Retain'],
    ['that is not in the template', { Queue: QUEUE }, {}, 'describe each resource'],
    ['twice', { Kept: bucket('two') }, { resources_to_import: [wanted('two'), wanted('two')] }, 'once'],
    ['without a template', {}, { template_body: undefined, use_previous_template: true }, 'template_body'],
  ])('of a resource %s is refused before AWS is asked', async (_, Resources, more, recovery) => {
    const asked = (await cloud.requests()).length;
    const refusal = await importing('app', Resources, 'two', more).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'invalid_input', recovery: expect.stringContaining(recovery) });
    // Who we are is asked once in a while.
    const since = (await cloud.requests()).slice(asked).map(({ action }) => action);
    expect(since.filter((action) => action !== 'GetCallerIdentity')).toEqual([]);
  });
});

test('which template runs is said, never guessed', async () => {
  const asked = { stack_name: 'app', parameters: { A: 'b' } };
  const none = propose(aws, 'cloudformation_deploy_stack', asked);
  await expect(none).rejects.toMatchObject({
    code: 'invalid_input',
    recovery: expect.stringContaining('use_previous'),
  });
  const both = propose(aws, 'cloudformation_deploy_stack', {
    ...asked,
    template_body: JSON.stringify({ Resources: { Queue: QUEUE } }),
    use_previous_template: true,
  });
  await expect(both).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a stack that is named by an ARN and is not there is not made', async () => {
  const stack_name = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/gone/00000000-0000-0000-0000-000000000000';
  const template_body = JSON.stringify({ Resources: { Queue: QUEUE } });
  const asked = propose(aws, 'cloudformation_deploy_stack', { stack_name, template_body });
  await expect(asked).rejects.toMatchObject({ code: 'not_found' });
});
