import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { environmentOf, subjectsOf } from '../../src/kernel/environment.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

/* A numbered state joins a family by its name: whose the family is, and what of it is the stack's own. */

const TASK = 'AWS::ECS::TaskDefinition';
const RULES = [{ name: 'development' as const, match: { stack_names: ['dev-*'] } }];
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/billing';

const task = (family: unknown, image = 'busybox:1') => ({
  Type: TASK,
  Properties: {
    ...(family === undefined ? {} : { Family: family }),
    ContainerDefinitions: [{ Name: 'a', Image: image }],
  },
});
const Queue = { Type: 'AWS::SQS::Queue' };

let cloud: Cloud;
let aws: Aws;
beforeAll(async () => {
  const stacks = [{ name: 'dev-has', template: { Resources: { Queue, Task: task('billing') } } }];
  cloud = await startCloud({ stacks }, { latencyMs: 1 });
  aws = testAws(cloud.endpoint);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

async function deploy(stack_name: string, resources: object, known: string[] = []) {
  const template_body = JSON.stringify({ Resources: { Queue, ...resources } });
  const given = await propose(aws, 'cloudformation_deploy_stack', { stack_name, template_body });
  await given.discard();
  const targets = subjectsOf({ account: '123456789012', region: 'eu-west-1', targets: given.targets });
  const settled = known.map((id) => ({ id, environment: 'development' as const }));
  return {
    environment: environmentOf({ environments: RULES, known: settled }, targets),
    details: given.impact.map(({ detail }) => detail).join('\n'),
  };
}

test('a name that may be anyone’s counts as production, until it is said whose it is', async () => {
  const { environment, details } = await deploy('dev-new', { Task: task('billing') });
  expect(environment).toBe('production');
  expect(details).toContain(`acts on ${ARN}, and nobody can tell whose it is`);
  expect((await deploy('dev-new', { Task: task('billing') }, [ARN])).environment).toBe('development');
});

test.each([
  ['anything of its account', 'development', { accounts: ['123456789012'] }, 'development, the strictest in which'],
  ['only some of it', 'development', { stack_names: ['dev-*'] }, 'production, unless your rules'],
  ['another account', 'development', { accounts: ['999999999999'] }, 'production, unless your rules'],
] as const)('it says what it counts as where a rule places %s', async (_, name, match, words) => {
  const template_body = JSON.stringify({ Resources: { Queue, Task: task('billing') } });
  const asked = { stack_name: 'dev-new', template_body };
  const rules = { ...NO_RULES, environments: [{ name, match: { ...match } }] } as unknown as typeof NO_RULES;
  const given = await propose(aws, 'cloudformation_deploy_stack', asked, rules);
  await given.discard();
  expect(given.impact.map(({ detail }) => detail).join('\n')).toContain(`it counts as ${words}`);
});

test('one line says whose all names of a kind are', async () => {
  const known = [ARN.replace('billing', 'dev-*')];
  const own = { Task: task({ 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, 'web']] }) };
  expect((await deploy('dev-new', own, known)).environment).toBe('development');
  expect((await deploy('dev-new', { Task: task('billing') }, known)).environment).toBe('production');
});

test.each<[string, string, object, string]>([
  ['a name that AWS makes up', 'dev-new', { Task: task(undefined) }, 'development'],
  ["the stack's own name, which its maker chose", 'dev-new', { Task: task({ Ref: 'AWS::StackName' }) }, 'production'],
  ['what looks as if CDK made it up', 'dev-new', { Task: task('devnewTaskDefAB12CD34') }, 'production'],
  ['another revision of its own', 'dev-has', { Task: task('billing', 'busybox:2') }, 'development'],
  [
    'another revision of its own, called otherwise in the template',
    'dev-has',
    { Other: task('billing') },
    'development',
  ],
  ["another's family in place of its own", 'dev-has', { Task: task('orders') }, 'production'],
  ["another's family beside its own", 'dev-has', { Task: task('billing'), Other: task('orders') }, 'production'],
])('%s (%s)', async (_, stack, resources, environment) => {
  expect((await deploy(stack, resources)).environment).toBe(environment);
});

test.each<[string, object, string]>([
  [
    'Batch::JobDefinition',
    { JobDefinitionName: 'x', Type: 'container' },
    'batch:eu-west-1:123456789012:job-definition/x',
  ],
  [
    'Lambda::LayerVersion',
    { LayerName: 'x', Content: { S3Bucket: 'b', S3Key: 'k' } },
    'lambda:eu-west-1:123456789012:layer:x',
  ],
  [
    'ImageBuilder::Component',
    { Name: 'x', Platform: 'Linux', Version: '1.0.0' },
    'imagebuilder:eu-west-1:123456789012:component/x',
  ],
])('%s', async (type, properties, arn) => {
  const { environment, details } = await deploy('dev-new', { R: { Type: `AWS::${type}`, Properties: properties } });
  expect(environment).toBe('production');
  expect(details).toContain(`acts on arn:aws:${arn},`);
});
