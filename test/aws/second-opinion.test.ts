import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secondOpinion } from '../../src/aws/cloudformation/second-opinion.ts';
import { type Aws, createAws } from '../../src/aws/index.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

const text = (Resources: object) => JSON.stringify({ Resources });
const table = (TableName: unknown) => ({ Type: 'AWS::DynamoDB::Table', Properties: { TableName, KeySchema: [] } });
const group = (CidrIp: string) => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'd', SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 2, CidrIp }] },
});
const role = (AWS: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }] },
  },
});

describe('a second reading of two templates', () => {
  test('tells what is replaced, and who is let in', async () => {
    const before = text({ T: table('a'), G: group('10.0.0.0/8'), R: role('arn:one'), Q: table('q') });
    const after = text({ T: table('b'), G: group('0.0.0.0/0'), R: role('*'), Q: table('q') });
    expect(await secondOpinion(before, after, ['T', 'G', 'R', 'Q'])).toMatchObject([
      { logical_id: 'T', effect: 'replace' },
      { logical_id: 'G', effect: 'expose', about: 'network' },
      { logical_id: 'R', effect: 'expose' },
    ]);
  });

  test('says nothing of what a new group lets out: without a word that would be everything', async () => {
    const out = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };
    const lets = (SecurityGroupEgress: readonly object[]) => ({
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'd', SecurityGroupEgress },
    });
    const rule = { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { ...out, GroupId: 'sg-1' } };
    const after = text({ G: lets([out]), R: rule });
    expect(await secondOpinion(undefined, after, ['G', 'R'])).toMatchObject([{ logical_id: 'R', effect: 'expose' }]);
    expect(await secondOpinion(text({ G: lets([]) }), after, ['G'])).toMatchObject([
      { logical_id: 'G', effect: 'expose' },
    ]);
  });

  test('says nothing of what was not asked, or can not be read', async () => {
    const [before, after] = [text({ T: table('a'), U: table('a') }), text({ T: table('b'), U: table('b') })];
    expect(await secondOpinion(before, after, ['U'])).toMatchObject([{ logical_id: 'U' }]);
    expect(await secondOpinion('Resources: [', after, ['T'])).toEqual([]);
    expect(await secondOpinion(undefined, text({ G: group('0.0.0.0/0') }), ['G'])).toMatchObject([
      { effect: 'expose' },
    ]);
    // The one that breaks the reader doesn't silence it.
    const broken = {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: [null, 7] }, PolicyName: [] },
    };
    expect(
      await secondOpinion(text({ P: {}, T: table('a') }), text({ P: broken, T: table('b') }), ['P', 'T']),
    ).toContainEqual(expect.objectContaining({ logical_id: 'T', effect: 'replace' }));
  });

  test('tells a property that always replaces where AWS has it change in place, though both have the same text', async () => {
    const same = text({ T: table({ Ref: 'Name' }), N: { Properties: {} } });
    expect(await secondOpinion(same, same, ['T'], { T: ['TableName'] })).toMatchObject([
      { logical_id: 'T', effect: 'replace' },
    ]);
    expect(await secondOpinion(same, same, ['T'], { T: ['BillingMode'] })).toEqual([]);
    // One that replaces in some cases alone, and a type of which nobody published anything.
    const instance = text({ I: { Type: 'AWS::EC2::Instance', Properties: {} } });
    expect(await secondOpinion(instance, instance, ['I'], { I: ['InstanceType'] })).toEqual([]);
    expect(await secondOpinion(same, same, ['N'], { N: ['Anything'] })).toEqual([]);
  });

  test('is not held up by resources that refer to each other in a row', async () => {
    const chain = (name: string) =>
      Object.fromEntries(
        Array.from({ length: 500 }, (_, at) => [`T${at}`, table(at === 0 ? name : { Ref: `T${at - 1}` })]),
      );
    const ids = Object.keys(chain('a'));
    expect(await secondOpinion(text(chain('a')), text(chain('b')), ids)).toMatchObject([{ logical_id: 'T0' }]);
  });
});

describe('behind the reader', () => {
  let cloud: Cloud;
  let aws: Aws;
  beforeAll(async () => {
    cloud = await startCloud(
      { stacks: [{ name: 'app', template: { Resources: { T: table('a') } } }] },
      { latencyMs: 5 },
    );
    aws = testAws(cloud.endpoint);
  });
  afterAll(async () => await cloud[Symbol.asyncDispose]());

  test('the two templates are those of the stack and of the change set', async () => {
    const proposal = await propose(aws, 'cloudformation_deploy_stack', {
      stack_name: 'app',
      template_body: text({ T: table('b') }),
    });
    const { cloudformation } = await createAws({ endpoint: cloud.endpoint, region: 'eu-west-1' }).readers();
    const { id: arn = '', stack_id } = (proposal.plan.made ?? {}) as { id?: string; stack_id: string };
    const question = { stack_id, change_set_id: arn, creating: false, logical_ids: ['T'], in_place: {} };
    expect(await cloudformation.secondOpinion(question)).toMatchObject([{ logical_id: 'T', effect: 'replace' }]);
    expect(await cloudformation.secondOpinion({ ...question, logical_ids: [] })).toEqual([]);
    await proposal.discard();
  });
});
