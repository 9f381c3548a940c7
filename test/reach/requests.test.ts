import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

/* What a plan of as many changes as a template can have asks of AWS, counted where the requests arrive. */

const MANY = 500;
const LOOK_UPS = ['DescribeStackResources', 'DescribeTags', 'GetResources', 'ListRoleTags'];

/** Alarms that tell an own topic, and one of someone else's. */
function template(prefix: string) {
  const others = Array.from({ length: MANY - 1 }, (_, at) => `${at}`);
  const alarm = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      AlarmActions: [{ 'Fn::Sub': `arn:aws:sns:eu-west-1:123456789012:${prefix}-\${N}` }],
      OKActions: [{ Ref: 'Topic' }],
    },
  };
  const Resources = {
    Topic: { Type: 'AWS::SNS::Topic' },
    'Fn::ForEach::Alarms': ['N', others, { 'Alarm${N}': alarm }],
  };
  return { Transform: 'AWS::LanguageExtensions', Resources };
}

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ stacks: [{ name: 'dev-many', template: template('old') }] }, { latencyMs: 1 });
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

test('500 changes that name 500 own things and 1,000 others: at most 50 look-ups beside what any plan reads', async () => {
  const aws = testAws(cloud.endpoint);
  const change = JSON.stringify(template('new'));
  const proposal = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'dev-many',
    template_body: change,
    capabilities: ['CAPABILITY_AUTO_EXPAND'],
  });
  const before = (await cloud.requests()).length;
  const begun = performance.now();
  const { impact, targets } = await proposal.again();
  const ms = Math.round(performance.now() - begun);
  const sent = (await cloud.requests()).slice(before);
  await proposal.discard();
  const count = Map.groupBy(sent, ({ action }) => action);
  const of = (action: string) => count.get(action)?.length ?? 0;
  const told = [...count].map(([action, all]) => `${action} ${all.length}`).join(', ');
  process.stderr.write(`a plan of ${impact.length} changes: ${sent.length} requests in ${ms} ms (${told})\n`);

  expect(impact).toHaveLength(MANY - 1);
  expect(LOOK_UPS.reduce((sum, action) => sum + of(action), 0)).toBeLessThanOrEqual(50);
  // Beside them, the stack and its templates; change set and resources come in pages of a hundred.
  expect(of('DescribeChangeSet') + of('ListStackResources')).toBeLessThanOrEqual(2 * (MANY / 100 + 1));
  expect(sent.length - of('DescribeChangeSet') - of('ListStackResources')).toBeLessThanOrEqual(50 + 8);
  // What is over that counts as anyone's.
  expect(targets.filter(({ owner }) => owner === 'unknown').length).toBeGreaterThan(0);
});
